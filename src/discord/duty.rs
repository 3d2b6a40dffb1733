//! Duty in Discord: its cards with their buttons, and its commands. Pure.

use serenity::all::{CommandOptionType, CreateCommand, CreateCommandOption};

use super::asked::Asked;
use super::embed::{self, Place};
use super::hosts::{self, HOST, Meant};
use crate::config::Config;
use crate::domain::duty::{NoticeId, Occurrence};
use crate::domain::message::{Language, Localised, Message};
use crate::render::card::{Button, Card, Choice, Choosing, Style};
use crate::render::{duty_card, finding_card};
use crate::service::{Beside, Days, DutyView, Found, Press};
use crate::text::word;

/// The most choices that an option may have.
const MOST_CHOICES: usize = 25;

/// What somebody asked of duty by a slash command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum DutyCommand {
    /// `/rota`.
    Rota { checklist: Option<String>, host: Option<String> },
    /// `/assign`.
    Assign { checklist: String, person: u64, days: Days },
    /// `/swap`.
    Swap { checklist: String, with: u64, mine: Option<String>, theirs: Option<String> },
    /// `/away`.
    Away { person: Option<u64>, days: Days, back: bool },
}

impl DutyCommand {
    /// Reads a command of duty; none where it is another's.
    pub(super) fn of(asked: &Asked) -> Option<Self> {
        let text = |option| asked.text(option).map(str::to_owned);
        let days = || Days { from: text("from"), to: text("to") };
        match asked.command.as_str() {
            "rota" => Some(Self::Rota { checklist: text("checklist"), host: text(HOST) }),
            "assign" => Some(Self::Assign { checklist: text("checklist")?, person: asked.id("person")?, days: days() }),
            "swap" => Some(Self::Swap {
                checklist: text("checklist")?,
                with: asked.id("with")?,
                mine: text("day"),
                theirs: text("for"),
            }),
            "away" => Some(Self::Away { person: asked.id("person"), days: days(), back: asked.flag("back") }),
            _ => None,
        }
    }
}

/// The commands of duty. Without a rota there is nothing to arrange.
pub(super) fn commands(config: &Config, title: &dyn Fn(&str) -> Localised) -> Vec<CreateCommand> {
    if config.rotas.is_empty() {
        return Vec::new();
    }
    let checklist = |required: bool| {
        let option = option(CommandOptionType::String, "checklist", "option-checklist").required(required);
        config.rotas.keys().take(MOST_CHOICES).fold(option, |option, name| {
            let title = title(name);
            option.add_string_choice_localized(title.en, name, [("ko", title.ko)])
        })
    };
    let text = |name, key| option(CommandOptionType::String, name, key).max_length(20);
    let user = |name, key| option(CommandOptionType::User, name, key);
    vec![
        hosts::with(command("rota", "rota").add_option(checklist(false)), config, Meant::One),
        command("assign", "assign")
            .add_option(checklist(true))
            .add_option(user("person", "option-person").required(true))
            .add_option(text("from", "option-from"))
            .add_option(text("to", "option-to")),
        command("swap", "swap")
            .add_option(checklist(true))
            .add_option(user("with", "option-with").required(true))
            .add_option(text("day", "option-my-day"))
            .add_option(text("for", "option-their-day")),
        command("away", "away")
            .add_option(text("from", "option-from").required(true))
            .add_option(text("to", "option-to"))
            .add_option(user("person", "option-away-person"))
            .add_option(option(CommandOptionType::Boolean, "back", "option-back")),
    ]
}

fn command(name: &'static str, key: &str) -> CreateCommand {
    let (called, what) = match key {
        "rota" => ("command-rota", "command-rota-what"),
        "assign" => ("command-assign", "command-assign-what"),
        "swap" => ("command-swap", "command-swap-what"),
        _ => ("command-away", "command-away-what"),
    };
    CreateCommand::new(name)
        .name_localized("ko", word(called, Language::Ko))
        .description(word(what, Language::En))
        .description_localized("ko", word(what, Language::Ko))
}

fn option(kind: CommandOptionType, name: &'static str, key: &'static str) -> CreateCommandOption {
    CreateCommandOption::new(kind, name, word(key, Language::En)).description_localized("ko", word(key, Language::Ko))
}

/// A view of duty as a card.
pub(super) fn card(view: &DutyView, place: Place, language: Language) -> Card {
    match view {
        DutyView::Reminder { occurrence, title, result, late, simple, runnable } => {
            let mut card = reminder(occurrence, title, result.as_ref(), *late, language);
            let signed = result.as_ref().is_some_and(|found| is_signed(&found.beside));
            if occurrence.done_at.is_none() && !signed {
                card.buttons.extend(reminder_buttons(occurrence, *simple, *runnable && result.is_none(), language));
            }
            card
        }
        DutyView::Nudge { notice, occurrence, title, says, simple } => {
            let mut card = duty_card::nudge(occurrence, title, says, place.guild, language);
            card.buttons = vec![button(Press::Snooze(occurrence.id, Some(*notice)), "button-snooze", language)];
            if *simple {
                card.buttons.insert(0, done(occurrence, Some(*notice), language));
            }
            card
        }
        DutyView::HandTo(occurrence) => Card {
            choices: vec![Choice {
                id: Press::To(*occurrence).to_string(),
                placeholder: word("duty-hand-to", language),
                of: Choosing::Person,
            }],
            ..embed::told(&Message::new("duty-hand-ask"), None, language)
        },
        DutyView::Missed { notice, occurrence, says } => {
            let mut card = duty_card::missed(says, language);
            let run = |id| button(Press::Run(id, Some(*notice)), "button-run-now", language);
            card.buttons = occurrence.map(run).into_iter().collect();
            if card.buttons.is_empty() {
                card.footer = notice.mark();
            }
            card
        }
        DutyView::Note { notice, says } => Card { footer: notice.mark(), ..embed::told(says, None, language) },
        DutyView::Digest { notice, lines } => {
            let lines: Vec<_> = lines.iter().map(|line| (&line.occurrence, &line.title)).collect();
            let mut card = duty_card::digest(&lines, language);
            card.buttons = vec![button(Press::Digest(*notice), "button-look-again", language)];
            card
        }
        DutyView::Findings { notice, findings, today } => {
            let mut card = finding_card::overdue(findings, *today, language);
            card.buttons = vec![button(Press::Findings(*notice), "button-findings", language)];
            card
        }
        DutyView::Rota(rotas) => {
            let field = |rota: &crate::service::RotaOf| {
                duty_card::rota(&rota.title, &rota.now, rota.next, &rota.spans, language)
            };
            Card {
                title: word("duty-rota", language),
                fields: rotas.iter().map(field).collect(),
                ..embed::told(&Message::new("duty-rota-about"), None, language)
            }
        }
    }
}

/// A reminder is the report itself, where there is one, with all of its buttons.
fn reminder(
    occurrence: &Occurrence,
    title: &Localised,
    result: Option<&Found>,
    late: bool,
    language: Language,
) -> Card {
    let Some(Found { run, report, not_kept, beside }) = result else {
        return duty_card::bare_reminder(occurrence, title, late, language);
    };
    let card = embed::finished(*run, report, None, not_kept.as_ref(), language);
    let mut card = embed::with_record(card, *run, beside, language);
    card.description = format!("{}\n{}", duty_card::reminder(occurrence, late, language), card.description);
    card
}

fn is_signed(beside: &Beside) -> bool {
    beside.standing.as_ref().is_some_and(|standing| standing.signature().is_some())
}

/// What can be done about a reminder, besides what can be done about its result.
fn reminder_buttons(occurrence: &Occurrence, simple: bool, run: bool, language: Language) -> Vec<Button> {
    let mut buttons = Vec::new();
    if run {
        buttons.push(button(Press::Run(occurrence.id, None), "button-run-now", language));
    }
    if simple {
        buttons.push(done(occurrence, None, language));
    }
    buttons.push(button(Press::Hand(occurrence.id), "button-hand", language));
    buttons.push(button(Press::Snooze(occurrence.id, None), "button-snooze", language));
    buttons
}

fn done(occurrence: &Occurrence, notice: Option<NoticeId>, language: Language) -> Button {
    Button { style: Style::Success, ..button(Press::Done(occurrence.id, notice), "button-done", language) }
}

fn button(press: Press, label: &'static str, language: Language) -> Button {
    Button { id: press.to_string(), label: word(label, language), ..Button::default() }
}
