//! The gate in Discord: its cards with their buttons, its forms, its slash commands, and what comes back of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use serenity::all::{AutocompleteChoice, CommandOptionType, CreateCommand, CreateCommandOption};

use super::asked::{Asked, Typing};
use crate::commands::Commands;
use crate::domain::action::{Action, Given, Parameter, Source};
use crate::domain::approval::{Needed, RequestId, State, Word};
use crate::domain::message::{Language, Message};
use crate::render::card::{Button, Card, FormCard, Input, Style};
use crate::render::gate_card::{self, ShownRequest, state_name};
use crate::service::{
    Board, Chat, ChatError, GateForm, GateId, GateView, LONGEST_REASON, Person, Reason, RemedyButton, Service, View,
};
use crate::text::{say, word};

/// The colour of a message that only tells something.
const TOLD: u32 = 0x5B_64_70;
/// The most choices that Discord shows to somebody who types, and the characters of one: its API documentation,
/// "Autocomplete" and "Option Choice Structure".
const MOST_OFFERED: usize = 25;
const CHOICE: usize = 100;
/// The option that names the host.
const HOST: &str = "host";
/// The names of a form's inputs.
const REASON: &str = "reason";
const TARGET: &str = "target";
/// What stands before the name of a parameter that is chosen in a form.
const WITH: &str = "with.";

/// What somebody wants of the gate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum GateIntent {
    /// An action.
    Ask {
        /// Which.
        action: String,
        /// The host, where one was chosen.
        host: Option<String>,
        /// What was chosen.
        given: Given,
    },
    /// A button.
    Pressed(GateId),
    /// The form that asks why, filled in.
    Reason(u64, Reason),
    /// The form of a review, filled in.
    Reviewed(RequestId, String),
    /// The form of a release, filled in.
    Released(RequestId, String),
    /// `/why`
    Why(RequestId),
    /// `/can`
    Can {
        /// Who, by id.
        person: u64,
        /// Which action.
        action: String,
    },
    /// `/audit verify`
    Verify(Option<String>),
}

/// What a slash command asks; none: it is none of these.
pub(super) fn of_command(asked: &Asked, commands: &Commands) -> Option<GateIntent> {
    if commands.actions.contains_key(&asked.command) {
        let chosen = asked.texts().filter(|(name, _)| *name != HOST);
        return Some(GateIntent::Ask {
            action: asked.command.clone(),
            host: asked.text(HOST).map(str::to_owned),
            given: chosen.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        });
    }
    match asked.command.as_str() {
        "why" => Some(GateIntent::Why(RequestId(asked.number("request")?))),
        "can" => Some(GateIntent::Can {
            person: asked.id("user")?,
            action: asked.text("command").unwrap_or_default().to_owned(),
        }),
        "audit" => Some(GateIntent::Verify(asked.text("hash").map(str::to_owned))),
        _ => None,
    }
}

/// What a button asks; none: it is none of these.
pub(super) fn of_component(id: &str) -> Option<GateIntent> {
    match id.parse().ok()? {
        // What a form brings back is no button.
        GateId::Reason(_) | GateId::Reviewed(_) | GateId::Released(_) => None,
        pressed => Some(GateIntent::Pressed(pressed)),
    }
}

/// What a form asks that was filled in with `texts`; none: it is none of these.
pub(super) fn of_form(id: &str, texts: &BTreeMap<String, String>) -> Option<GateIntent> {
    let text = |name: &str| texts.get(name).cloned();
    match id.parse().ok()? {
        GateId::Reason(draft) => {
            let chosen = texts.iter().filter_map(|(id, text)| Some((id.strip_prefix(WITH)?.to_owned(), text.clone())));
            let (why, target) = (text(REASON).unwrap_or_default(), text(TARGET));
            Some(GateIntent::Reason(draft, Reason { why, target, chosen: chosen.collect() }))
        }
        GateId::Reviewed(id) => Some(GateIntent::Reviewed(id, text(REASON).unwrap_or_default())),
        GateId::Released(id) => Some(GateIntent::Released(id, text(REASON).unwrap_or_default())),
        _ => None,
    }
}

/// Answers what somebody wants of the gate.
pub(super) async fn answer<B: Board>(
    service: &Service,
    asked: GateIntent,
    chat: &impl Chat,
    board: &Arc<B>,
) -> Result<(), ChatError> {
    match asked {
        GateIntent::Ask { action, host, given } => service.answer_act(&action, host.as_deref(), given, chat).await,
        GateIntent::Pressed(GateId::Say(word, id)) => service.answer_decision(id, word, chat, board).await,
        GateIntent::Pressed(GateId::Begin(id)) => service.answer_begin(id, chat, board).await,
        GateIntent::Pressed(GateId::Alone(id)) => service.answer_alone(id, chat).await,
        GateIntent::Pressed(GateId::Review(id)) => service.answer_review(id, chat).await,
        GateIntent::Pressed(GateId::Release(id)) => service.answer_release(id, chat).await,
        GateIntent::Pressed(GateId::Remedy(run, check, remedy)) => {
            service.answer_remedy(run, (check, remedy), chat).await
        }
        GateIntent::Released(id, found) => service.answer_released(id, &found, chat, &**board).await,
        GateIntent::Pressed(_) => chat.whisper(&View::Told(Message::new("button-dead"), None)).await,
        GateIntent::Reason(draft, reason) => service.answer_reason(draft, &reason, chat, board).await,
        GateIntent::Reviewed(id, note) => service.answer_reviewed(id, &note, chat, board).await,
        GateIntent::Why(id) => service.answer_why(id, chat).await,
        GateIntent::Can { person, action } => service.answer_can(person, &action, chat, &**board).await,
        GateIntent::Verify(hash) => service.answer_verify(hash.as_deref(), chat).await,
    }
}

/// What could be meant by what somebody is typing: the services, backups, … that the host has.
pub(super) async fn offer(
    service: &Service,
    asked: &Asked,
    typing: &Typing,
    person: &Person,
) -> Vec<AutocompleteChoice> {
    let offered = if asked.command == "can" {
        service.offer_actions(person)
    } else {
        service.offer(&asked.command, asked.text(HOST), &typing.option, person).await
    };
    let typed = typing.so_far.to_lowercase();
    let fits = offered.into_iter().filter(|choice| choice.to_lowercase().contains(&typed));
    let short = fits.filter(|choice| choice.chars().count() <= CHOICE);
    short.take(MOST_OFFERED).map(|choice| AutocompleteChoice::new(choice.clone(), choice)).collect()
}

/// What the gate shows, as a card.
pub(super) fn card(view: &GateView, guild: u64, language: Language) -> Card {
    match view {
        GateView::Request(shown) => Card { buttons: buttons(shown, language), ..gate_card::card(shown, language) },
        GateView::Looking { title, host } => {
            let message = Message::new("gate-looking").with("title", title.clone()).with("host", host.clone());
            told(say(&message, language))
        }
        GateView::Made { id, place } => {
            let link = format!("https://discord.com/channels/{guild}/{}/{}", place.channel, place.message);
            told(say(&Message::new("gate-made").with("id", id.to_string()).with("link", link), language))
        }
        GateView::Waiting { id, place } => {
            let link = place.map(|at| format!("https://discord.com/channels/{guild}/{}/{}", at.channel, at.message));
            let message =
                Message::new("gate-waiting").with("id", id.to_string()).with("link", link.unwrap_or_default());
            told(say(&message, language))
        }
        GateView::Told { title, lines } => {
            let lines: Vec<_> = lines.iter().map(|line| format!("• {}", gate_card::line(line, language))).collect();
            let title = gate_card::line(title, language);
            Card { description: format!("**{title}**\n{}", lines.join("\n")), colour: TOLD, ..Card::default() }
        }
    }
}

fn told(description: String) -> Card {
    Card { description, colour: TOLD, ..Card::default() }
}

fn buttons(shown: &ShownRequest, language: Language) -> Vec<Button> {
    let kept = &shown.kept;
    let id = kept.id;
    let button =
        |id: GateId, label, style, dead| Button { id: id.to_string(), label: word(label, language), style, dead };
    let live = |id, label, style| button(id, label, style, false);
    let say = |word| GateId::Say(word, id);
    let deny = || live(say(Word::Deny), "button-deny", Style::Danger);
    let cancel = || live(say(Word::Cancel), "button-cancel", Style::Secondary);
    match (kept.request.state(), kept.asked.terms.needed) {
        (State::Requested, Needed::Confirmation) => {
            vec![live(say(Word::Confirm), "button-confirm", Style::Primary), cancel()]
        }
        (State::Requested, Needed::Approvals(_)) => {
            let mut buttons = vec![live(say(Word::Approve), "button-approve", Style::Success), deny(), cancel()];
            if shown.alone {
                buttons.push(live(GateId::Alone(id), "button-alone", Style::Secondary));
            }
            buttons
        }
        (State::Requested, Needed::BreakGlass { from }) => vec![
            button(say(Word::Confirm), "button-confirm-alone", Style::Primary, shown.now < from),
            live(say(Word::Deny), "button-stop", Style::Danger),
            cancel(),
        ],
        (State::Approved, _) => vec![live(GateId::Begin(id), "button-begin", Style::Primary), deny(), cancel()],
        (state, _) => {
            let label = state_name(state, language);
            let over = Button { id: GateId::Over(id).to_string(), label, style: Style::Secondary, dead: true };
            let review =
                matches!(kept.review, Some(None)).then(|| live(GateId::Review(id), "button-review", Style::Primary));
            let release =
                matches!(kept.held, Some(None)).then(|| live(GateId::Release(id), "button-release", Style::Danger));
            std::iter::once(over).chain(review).chain(release).collect()
        }
    }
}

/// The button that asks for a remedy: `▶ 서비스 재시작 redis`.
pub(super) fn remedy_button(remedy: &RemedyButton, language: Language) -> Button {
    let words = std::iter::once(remedy.title.get(language)).chain(remedy.chosen.iter().map(String::as_str));
    let label = format!("▶ {}", words.collect::<Vec<_>>().join(" "));
    Button { id: remedy.id.to_string(), label, style: Style::Success, ..Button::default() }
}

/// What the gate asks, as a form.
pub(super) fn form(form: &GateForm, language: Language) -> FormCard {
    let reason = |label, placeholder| Input {
        id: REASON.to_owned(),
        label: word(label, language),
        placeholder: word(placeholder, language),
        long: true,
        required: true,
        most: LONGEST_REASON,
        ..Input::default()
    };
    match form {
        GateForm::Reason { draft, title, open, target, alone } => {
            let heading = if *alone { "form-alone" } else { "form-reason" };
            let mut inputs: Vec<_> = open.iter().map(|parameter| choose(parameter, language)).collect();
            inputs.push(reason("form-why", "form-why-example"));
            inputs.extend(target.as_ref().map(|target| Input {
                id: TARGET.to_owned(),
                label: word("form-target", language),
                placeholder: target.clone(),
                required: true,
                most: 255,
                ..Input::default()
            }));
            FormCard {
                id: GateId::Reason(*draft).to_string(),
                title: say(&Message::new(heading).with("title", title.clone()), language),
                inputs,
            }
        }
        GateForm::Review { request } => FormCard {
            id: GateId::Reviewed(*request).to_string(),
            title: say(&Message::new("form-review").with("id", request.to_string()), language),
            inputs: vec![reason("form-found", "form-found-example")],
        },
        GateForm::Release { request } => FormCard {
            id: GateId::Released(*request).to_string(),
            title: say(&Message::new("form-release").with("id", request.to_string()), language),
            inputs: vec![reason("form-looked", "form-looked-example")],
        },
    }
}

/// What is chosen in a form: typed in, and held against what there is as everywhere.
fn choose(parameter: &Parameter, language: Language) -> Input {
    Input {
        id: format!("{WITH}{}", parameter.id),
        label: parameter.title.get(language).to_owned(),
        placeholder: match &parameter.source {
            Source::Choices(choices) => choices.join(", "),
            Source::From(_) => String::new(),
        },
        required: true,
        most: 255,
        ..Input::default()
    }
}

/// The slash command of an action, with an option for each of its parameters.
pub(super) fn command(action: &Action, host: Option<CreateCommandOption>) -> CreateCommand {
    let mut shown = CreateCommand::new(&action.id)
        .description(&action.description.en)
        .description_localized("ko", &action.description.ko);
    if let Some(name) = &action.name_ko {
        shown = shown.name_localized("ko", name);
    }
    for parameter in &action.parameters {
        let option = CreateCommandOption::new(CommandOptionType::String, &parameter.id, &parameter.title.en)
            .description_localized("ko", &parameter.title.ko)
            .required(true);
        shown = shown.add_option(match &parameter.source {
            Source::Choices(choices) => {
                choices.iter().fold(option, |option, choice| option.add_string_choice(choice, choice))
            }
            Source::From(_) => option.set_autocomplete(true),
        });
    }
    match host {
        Some(host) => shown.add_option(host.required(true)),
        None => shown,
    }
}

/// The built-in slash commands: `/why`, `/can`, `/audit verify`.
pub(super) fn built_in(any_action: bool) -> Vec<CreateCommand> {
    let described = |name: &str, key| {
        CreateCommand::new(name)
            .description(word(key, Language::En))
            .description_localized("ko", word(key, Language::Ko))
    };
    let option = |kind, name: &str, key| {
        CreateCommandOption::new(kind, name, word(key, Language::En))
            .description_localized("ko", word(key, Language::Ko))
    };
    let audit = described("audit", "audit-describe").add_option(
        option(CommandOptionType::SubCommand, "verify", "audit-verify-describe").add_sub_option(option(
            CommandOptionType::String,
            "hash",
            "audit-hash-describe",
        )),
    );
    if !any_action {
        return vec![audit];
    }
    let why = described("why", "why-describe").add_option(
        option(CommandOptionType::Integer, "request", "why-request-describe").required(true).min_int_value(1),
    );
    let can = described("can", "can-describe")
        .add_option(option(CommandOptionType::User, "user", "can-user-describe").required(true))
        .add_option(
            option(CommandOptionType::String, "command", "can-command-describe").required(true).set_autocomplete(true),
        );
    vec![why, can, audit]
}
