//! The choice of a host, as Discord has it: one of few as choices, one of many as what is offered to who types. With one host
//! there is nothing to choose.

use serenity::all::{AutocompleteChoice, CommandOptionType, CreateCommand, CreateCommandOption};

use super::asked::Typing;
use crate::config::Config;
use crate::domain::message::{Language, Localised, Message};
use crate::domain::target::Target;
use crate::render::card::cut;
use crate::text::{say, word};

/// The option's name.
pub(super) const HOST: &str = "host";
/// The most choices of an option, and the characters of one: Discord's API documentation, "Option Choice Structure".
const MOST_CHOICES: usize = 25;
const CHOICE: usize = 100;

/// Whether several hosts may be meant at once. Whatever changes a host is done on one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meant {
    /// One host.
    One,
    /// One, or all of them, or those of a tag.
    Several,
}

/// The option.
pub(super) fn option(config: &Config, meant: Meant) -> Option<CreateCommandOption> {
    if config.hosts.len() < 2 {
        return None;
    }
    let option = CreateCommandOption::new(CommandOptionType::String, HOST, word("option-host", Language::En))
        .description_localized("ko", word("option-host", Language::Ko));
    let choices = choices(config, meant);
    if choices.len() > MOST_CHOICES {
        return Some(option.set_autocomplete(true));
    }
    Some(choices.into_iter().fold(option, |option, (value, title)| {
        option.add_string_choice_localized(cut(&title.en, CHOICE), value, [("ko", cut(&title.ko, CHOICE))])
    }))
}

/// `command` with that option, where there is something to choose.
pub(super) fn with(command: CreateCommand, config: &Config, meant: Meant) -> CreateCommand {
    match option(config, meant) {
        Some(host) => command.add_option(host),
        None => command,
    }
}

/// What could be meant by what somebody types, in the language that they read.
pub(super) fn offer(config: &Config, meant: Meant, typing: &Typing, language: Language) -> Vec<AutocompleteChoice> {
    let wanted = typing.so_far.trim().to_lowercase();
    let fits = |(value, title): &(String, Localised)| {
        value.to_lowercase().contains(&wanted)
            || Language::ALL.iter().any(|one| title.get(*one).to_lowercase().contains(&wanted))
    };
    let found = choices(config, meant).into_iter().filter(fits).take(MOST_CHOICES);
    found.map(|(value, title)| AutocompleteChoice::new(cut(title.get(language), CHOICE), value)).collect()
}

/// What can be chosen, with what it is called: the many before the single ones.
fn choices(config: &Config, meant: Meant) -> Vec<(String, Localised)> {
    let both = |message: &Message| Localised { ko: say(message, Language::Ko), en: say(message, Language::En) };
    let mut all = Vec::new();
    if meant == Meant::Several {
        all.push((Target::All.to_string(), both(&Message::new("option-host-all"))));
        all.extend(config.tags().into_iter().map(|tag| {
            (Target::Tagged(tag.to_owned()).to_string(), both(&Message::new("option-host-tag").with("tag", tag)))
        }));
    }
    all.extend(config.hosts.values().map(|host| (host.name.clone(), host.title.clone())));
    // A value that is longer than that Discord does not take, and the whole command with it.
    all.retain(|(value, _)| value.chars().count() <= CHOICE);
    all
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;
    use crate::config;

    fn with(hosts: usize) -> Config {
        let mut text = String::new();
        for host in 0..hosts {
            let _ = writeln!(
                text,
                "[hosts.web-{host}]\ntitle = {{ ko = \"웹 {host}\", en = \"Web {host}\" }}\ntransport = \"local\"\ntags = [\"web\"]"
            );
        }
        config::parse("bot.toml".as_ref(), text).unwrap()
    }

    fn json(config: &Config, meant: Meant) -> serde_json::Value {
        serde_json::to_value(option(config, meant).unwrap()).unwrap()
    }

    #[test]
    fn few_are_choices_in_both_languages_and_many_are_typed() {
        assert!(option(&with(1), Meant::Several).is_none());
        let few = json(&with(23), Meant::Several);
        let choices = few["choices"].as_array().unwrap();
        assert_eq!(choices.len(), 25);
        assert_eq!(choices[0]["value"], "all");
        assert_eq!(choices[1]["value"], "tag:web");
        assert_eq!(choices[2]["name"], "Web 0");
        assert_eq!(choices[2]["name_localizations"]["ko"], "웹 0");
        let many = json(&with(24), Meant::Several);
        assert_eq!(many["autocomplete"], true);
        assert!(many["choices"].as_array().is_none_or(Vec::is_empty));
    }

    #[test]
    fn what_changes_a_host_is_offered_one_at_a_time() {
        let one = json(&with(3), Meant::One);
        assert!(!one["choices"].as_array().unwrap().iter().any(|choice| choice["value"] == "all"));
        let typing = |so_far: &str| Typing { option: HOST.to_owned(), so_far: so_far.to_owned() };
        let names = |meant, so_far| {
            let offered = offer(&with(30), meant, &typing(so_far), Language::Ko);
            serde_json::to_value(offered).unwrap().as_array().unwrap().clone()
        };
        assert_eq!(names(Meant::One, "").len(), 25);
        let found = names(Meant::Several, "웹 29");
        assert_eq!(found.len(), 1);
        assert_eq!(found[0]["value"], "web-29");
        assert_eq!(names(Meant::Several, "모든").len(), 1);
        assert_eq!(names(Meant::One, "모든").len(), 0);
    }
}
