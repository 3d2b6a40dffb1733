//! What is asked of the bot itself, as Discord has it: `/language`, `/reload`.

use serenity::all::{CommandOptionType, CreateCommand, CreateCommandOption};

use super::asked::Asked;
use crate::config::Config;
use crate::domain::help::RELOAD;
use crate::domain::message::{Language, Message};
use crate::render::card::Card;
use crate::render::reload_card;
use crate::service::{Chat, ChatError, FileChange, Reloaded, Service};
use crate::text::word;

/// The choice of whoever wants to be answered in the language of their Discord.
const FOLLOW: &str = "discord";

/// What is asked of the bot itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OwnIntent {
    /// To be answered in a language from now on.
    Language {
        /// Which; none: that of their Discord.
        chosen: Option<Language>,
        /// That of their Discord.
        own: Language,
    },
    /// To read the files anew.
    Reload,
}

/// The slash commands. Without a role that may read the files anew, nobody is offered to.
pub(super) fn commands(config: &Config) -> Vec<CreateCommand> {
    let choices = Language::ALL.into_iter().map(|language| (word("language-name", language), language.code()));
    let option = CreateCommandOption::new(CommandOptionType::String, "language", word("option-language", Language::En))
        .description_localized("ko", word("option-language", Language::Ko))
        .required(true);
    // A language is called in itself, so that whoever cannot read the others finds it.
    let option = choices.fold(option, |option, (name, code)| option.add_string_choice(name, code));
    let follow = |language| word("language-follow", language);
    let option = option.add_string_choice_localized(follow(Language::En), FOLLOW, [("ko", follow(Language::Ko))]);
    let mut all = vec![command("language", "command-language-name", "command-language").add_option(option)];
    if config.may_run.contains_key(RELOAD) {
        all.push(command(RELOAD, "command-reload-name", "command-reload"));
    }
    all
}

fn command(name: &str, name_ko: &'static str, description: &'static str) -> CreateCommand {
    CreateCommand::new(name)
        .name_localized("ko", word(name_ko, Language::Ko))
        .description(word(description, Language::En))
        .description_localized("ko", word(description, Language::Ko))
}

/// What a slash command asks of somebody whose Discord speaks `own`; none: it is none of these.
pub(super) fn of_command(asked: &Asked, own: Language) -> Option<OwnIntent> {
    match asked.command.as_str() {
        "language" => Some(OwnIntent::Language { chosen: asked.text("language").and_then(Language::from_code), own }),
        RELOAD => Some(OwnIntent::Reload),
        _ => None,
    }
}

/// What came of reading the files anew, as a card.
pub(super) fn card(reloaded: &Reloaded, language: Language) -> Card {
    match reloaded {
        Reloaded::Taken(changes) => {
            let changes = changes.iter().map(|(name, change)| (name.as_str(), FileChange::name(*change)));
            reload_card::taken(changes, language)
        }
        Reloaded::Same => super::embed::told(&Message::new("reload-same"), None, language),
        Reloaded::Wrong(problems) => reload_card::wrong(problems, language),
        Reloaded::Unfit(why, hint) => {
            super::embed::told(&Message::new("reload-unfit").with("why", why.clone()), hint.as_ref(), language)
        }
    }
}

pub(super) async fn answer(service: &Service, intent: OwnIntent, chat: &impl Chat) -> Result<(), ChatError> {
    match intent {
        OwnIntent::Language { chosen, own } => service.answer_language(chosen, own, chat).await,
        OwnIntent::Reload => service.answer_reload(chat).await,
    }
}
