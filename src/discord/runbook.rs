//! Emergencies, as Discord has them: `/emergency`, `/note`, and what stands below a runbook.

use std::collections::BTreeMap;

use serenity::all::{CommandOptionType, CreateCommand, CreateCommandOption};

use super::asked::Asked;
use super::hosts::{self, Meant};
use crate::commands::Commands;
use crate::config::Config;
use crate::domain::alert::AlertId;
use crate::domain::message::{Language, Message};
use crate::render::card::{Button, Card, Choice, Choosable, Choosing, File, FormCard, Input, Style, cut};
use crate::render::runbook_card;
use crate::service::{RunbookAsked, RunbookBoard, RunbookForm, RunbookView};
use crate::text::{say, word};

/// The most choices of an option, and the longest name of one, in characters.
const MOST_CHOICES: usize = 25;
const LONGEST_CHOICE: usize = 100;

/// The longest note.
const NOTE: u16 = 1000;
/// The input of the form that asks where a machine is, and the longest name of one with its port.
const ADDRESS: &str = "address";
const LONGEST_ADDRESS: u16 = 262;

/// The slash commands.
pub(super) fn commands(commands: &Commands, config: &Config) -> Vec<CreateCommand> {
    if commands.runbooks.is_empty() {
        return Vec::new();
    }
    let which = commands.runbooks.values().take(MOST_CHOICES).fold(
        option("runbook", "option-runbook").required(true),
        |option, runbook| {
            let title = |language| cut(runbook.title.get(language), LONGEST_CHOICE);
            option.add_string_choice_localized(title(Language::En), &runbook.id, [("ko", title(Language::Ko))])
        },
    );
    let note = option("note", "option-runbook-note").max_length(NOTE);
    let mut emergency = command("emergency", "command-emergency-name", "command-emergency").add_option(which);
    // What must be said stands before what may be.
    if let Some(host) = hosts::option(config, Meant::One) {
        emergency = emergency.add_option(host.required(true));
    }
    let emergency = emergency.add_option(note.clone());
    vec![emergency, command("note", "command-note-name", "command-note").add_option(note.required(true))]
}

fn command(name: &str, name_ko: &'static str, description: &'static str) -> CreateCommand {
    CreateCommand::new(name)
        .name_localized("ko", word(name_ko, Language::Ko))
        .description(word(description, Language::En))
        .description_localized("ko", word(description, Language::Ko))
}

fn option(name: &str, description: &'static str) -> CreateCommandOption {
    CreateCommandOption::new(CommandOptionType::String, name, word(description, Language::En))
        .description_localized("ko", word(description, Language::Ko))
}

/// What a slash command asks; none: it is none of these.
pub(super) fn of_command(asked: &Asked) -> Option<RunbookAsked> {
    let text = |name| asked.text(name).unwrap_or_default().to_owned();
    match asked.command.as_str() {
        "emergency" => Some(RunbookAsked::Open {
            runbook: text("runbook"),
            host: asked.text("host").map(str::to_owned),
            note: text("note"),
        }),
        "note" => Some(RunbookAsked::Note(text("note"))),
        _ => None,
    }
}

/// What a button or the choice of a step asks; none: it is none of these.
pub(super) fn of_component(id: &str, chosen: Option<&str>) -> Option<RunbookAsked> {
    let parts: Vec<_> = id.strip_prefix("book:")?.split(':').collect();
    let (what, id) = match parts.as_slice() {
        ["offer", alert] => return Some(RunbookAsked::Offered(AlertId(alert.parse().ok()?))),
        ["key", id, shown] => return Some(RunbookAsked::Trust { id: id.parse().ok()?, shown: shown.parse().ok()? }),
        [what, id] => (*what, id.parse().ok()?),
        _ => return None,
    };
    match what {
        "step" => Some(RunbookAsked::Step { id, step: chosen?.to_owned() }),
        "lead" => Some(RunbookAsked::Lead(id)),
        "solved" => Some(RunbookAsked::Close { id, solved: true }),
        "stop" => Some(RunbookAsked::Close { id, solved: false }),
        "summary" => Some(RunbookAsked::Summary(id)),
        _ => None,
    }
}

/// What a form brings back that was filled in with `texts`; none: it is none of these.
pub(super) fn of_form(id: &str, texts: &BTreeMap<String, String>) -> Option<RunbookAsked> {
    let (id, step) = id.strip_prefix("book:address:")?.split_once(':')?;
    let address = texts.get(ADDRESS).cloned().unwrap_or_default();
    Some(RunbookAsked::Address { id: id.parse().ok()?, step: step.to_owned(), address })
}

/// What somebody is asked to fill in.
pub(super) fn form(form: &RunbookForm, language: Language) -> FormCard {
    let RunbookForm::Address { id, step, title, usual } = form;
    FormCard {
        id: format!("book:address:{id}:{step}"),
        title: title.get(language).to_owned(),
        inputs: vec![Input {
            id: ADDRESS.to_owned(),
            label: word("runbook-address", language),
            placeholder: word("runbook-address-example", language),
            value: usual.clone(),
            required: true,
            most: LONGEST_ADDRESS,
            ..Input::default()
        }],
    }
}

/// The button that opens the runbook which fits an alert.
pub(super) fn offer(alert: AlertId, language: Language) -> Button {
    Button {
        id: format!("book:offer:{}", alert.0),
        label: word("button-runbook-open", language),
        style: Style::Danger,
        dead: false,
    }
}

/// A view as a card.
pub(super) fn card(view: &RunbookView, zone: chrono_tz::Tz, language: Language) -> Card {
    match view {
        RunbookView::Board(board) => of_board(board, language),
        RunbookView::Already(id, thread) => {
            let place = thread.map_or_else(String::new, |thread| format!("<#{thread}>"));
            let told = Message::new("runbook-already").with("number", id.to_string()).with("place", place);
            Card { description: say(&told, language), ..Card::default() }
        }
        RunbookView::Key { id, shown, address, fingerprint, how, approved_by } => {
            let mut card = runbook_card::key(address, fingerprint, how, approved_by.as_deref(), language);
            if approved_by.is_none() {
                card.buttons = vec![Button {
                    id: format!("book:key:{id}:{shown}"),
                    label: word("button-runbook-key", language),
                    style: Style::Success,
                    dead: false,
                }];
            }
            card
        }
        RunbookView::Summary { board, before } => {
            let RunbookBoard { runbook, kept, host, now } = &**board;
            let mut card = runbook_card::card(runbook, kept, host, *now, language);
            card.description = runbook_card::ending(runbook, kept, before.as_ref(), language);
            let content = runbook_card::markdown(runbook, kept, host, zone, language).into_bytes();
            card.file = Some(File { name: format!("{}-{}.md", runbook.id, kept.id), content });
            card
        }
    }
}

fn of_board(board: &RunbookBoard, language: Language) -> Card {
    let RunbookBoard { runbook, kept, host, now } = board;
    let mut card = runbook_card::card(runbook, kept, host, *now, language);
    let button = |what: &str, label, style| Button {
        id: format!("book:{what}:{}", kept.id),
        label: word(label, language),
        style,
        dead: false,
    };
    if kept.closed().is_some() {
        card.buttons = vec![button("summary", "button-runbook-summary", Style::Secondary)];
        return card;
    }
    card.buttons = vec![
        button("lead", "button-runbook-lead", Style::Secondary),
        button("solved", "button-runbook-solved", Style::Success),
        button("stop", "button-runbook-stop", Style::Danger),
    ];
    let options = runbook.steps.iter().map(|step| Choosable {
        value: step.id.clone(),
        label: cut(step.title.get(language), LONGEST_CHOICE),
        description: String::new(),
        emoji: runbook_card::step_mark(&step.does),
    });
    card.choices = vec![Choice {
        id: format!("book:step:{}", kept.id),
        placeholder: word("runbook-choose", language),
        of: Choosing::Options(options.collect()),
    }];
    card
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_forged_is_nothing() {
        for forged in [
            "",
            "book:",
            "book:step",
            "book:step:x",
            "book:drop:1",
            "past:lead:1",
            "book:lead:1:2",
            "book:key:1",
            "book:key:1:-1",
            "book:key:1:x",
            "book:offer:x",
            "book:open:drill",
            "book:address:1:key",
        ] {
            assert_eq!(of_component(forged, Some("status")), None, "{forged}");
        }
        assert_eq!(of_component("book:step:1", None), None);
        let step = RunbookAsked::Step { id: 1, step: "status".to_owned() };
        assert_eq!(of_component("book:step:1", Some("status")), Some(step));
        assert_eq!(of_component("book:stop:4", None), Some(RunbookAsked::Close { id: 4, solved: false }));
        assert_eq!(of_component("book:key:4:7", None), Some(RunbookAsked::Trust { id: 4, shown: 7 }));
        let texts = BTreeMap::from([("address".to_owned(), "10.0.0.9".to_owned())]);
        let address = "10.0.0.9".to_owned();
        let asked = RunbookAsked::Address { id: 4, step: "host-key".to_owned(), address };
        assert_eq!(of_form("book:address:4:host-key", &texts), Some(asked));
        for forged in ["", "book:address:", "book:address:x:key", "book:step:4", "gate:reason:1"] {
            assert_eq!(of_form(forged, &texts), None, "{forged}");
        }
    }
}
