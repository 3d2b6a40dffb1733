//! Findings in Discord: what their buttons, selects and forms bring back, how their views look, `/findings`.

use std::collections::BTreeMap;
use std::fmt;

use serenity::all::{CommandOptionType, CreateCommand, CreateCommandOption};

use super::asked::Asked;
use crate::domain::finding::{Finding, FindingId, Urgency};
use crate::domain::message::{Language, Message};
use crate::domain::run::RunId;
use crate::render::card::{Button, Card, Choice, Choosable, Choosing, FormCard, Input, Style};
use crate::render::finding_card::{self, MOST, urgency_mark, urgency_name};
use crate::service::{FindingForm, FindingStep, FindingView, Spot, Writing};
use crate::text::{say, word};

/// The commands.
pub(super) const FINDINGS: &str = "findings";
pub(super) const ME: &str = "me";
/// The option of `/findings` that shows closed ones as well.
const ALL: &str = "all";
/// The input of the forms.
const TEXT: &str = "text";
/// In how many days a finding may be due.
const DUE: [u32; 7] = [0, 1, 2, 3, 7, 14, 30];
/// What is chosen for no day.
const NO_DAY: &str = "none";

/// What is done with one that is being written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Write {
    Begin,
    Urgency,
    Owner,
    Due,
    Words,
    File,
}

impl Write {
    const ALL: [(&'static str, Self); 6] = [
        ("new", Self::Begin),
        ("urg", Self::Urgency),
        ("own", Self::Owner),
        ("due", Self::Due),
        ("txt", Self::Words),
        ("file", Self::File),
    ];
}

/// What is done with one that is filed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Filed {
    /// Looks at it in a message of its own.
    Open,
    /// Looks at it in the message that was pressed.
    Show,
    Urgency,
    Owner,
    Due,
    Writes(Writing),
}

/// What was used, or sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum FindingIdent {
    /// One that is being written.
    Write(Write, Spot),
    /// One that is filed.
    Filed(Filed, FindingId),
    /// The choice of one.
    Pick,
    /// All of them, closed ones as well or not.
    List(bool),
}

impl fmt::Display for FindingIdent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Write(write, spot) => {
                let name = Write::ALL.iter().find(|(_, known)| known == write).map_or("new", |(name, _)| *name);
                let from = if spot.signing { 's' } else { 'd' };
                write!(f, "find:{name}:{from}:{}:{}", spot.run.0, spot.check)
            }
            Self::Filed(filed, finding) => {
                let name = match filed {
                    Filed::Open => "open",
                    Filed::Show => "show",
                    Filed::Urgency => "urgency",
                    Filed::Owner => "owner",
                    Filed::Due => "due",
                    Filed::Writes(writing) => writing.name(),
                };
                write!(f, "find:{name}:{}", finding.0)
            }
            Self::Pick => f.write_str("find:pick"),
            Self::List(closed) => write!(f, "find:list-{}", if *closed { "all" } else { "open" }),
        }
    }
}

impl FindingIdent {
    /// Reads what came back; none where it is not of findings, or was never made.
    fn read(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.split(':').collect();
        match parts.as_slice() {
            ["find", "pick"] => Some(Self::Pick),
            ["find", "list-open"] => Some(Self::List(false)),
            ["find", "list-all"] => Some(Self::List(true)),
            ["find", what, number] => {
                let filed = match *what {
                    "open" => Filed::Open,
                    "show" => Filed::Show,
                    "urgency" => Filed::Urgency,
                    "owner" => Filed::Owner,
                    "due" => Filed::Due,
                    writing => Filed::Writes(Writing::named(writing)?),
                };
                Some(Self::Filed(filed, FindingId(number.parse().ok()?)))
            }
            ["find", what, from @ ("s" | "d"), run, check] if !check.is_empty() => {
                let (_, write) = Write::ALL.into_iter().find(|(name, _)| name == what)?;
                let run = RunId(run.parse().ok()?);
                Some(Self::Write(write, Spot { run, check: (*check).to_owned(), signing: *from == "s" }))
            }
            _ => None,
        }
    }
}

/// What was meant by `/findings`.
pub(super) fn of_command(asked: &Asked) -> FindingStep {
    FindingStep::List { closed: asked.flag(ALL), fresh: true }
}

/// What was meant by a button or select.
pub(super) fn of_component(id: &str, chosen: Option<&str>) -> Option<FindingStep> {
    Some(match FindingIdent::read(id)? {
        FindingIdent::Pick => FindingStep::Show { finding: FindingId(chosen?.parse().ok()?), fresh: false },
        FindingIdent::List(closed) => FindingStep::List { closed, fresh: false },
        FindingIdent::Write(write, spot) => match write {
            Write::Begin => FindingStep::Write(spot),
            Write::Urgency => FindingStep::WriteUrgency(spot, Urgency::named(chosen?)?),
            Write::Owner => FindingStep::WriteOwner(spot, chosen?.parse().ok()?),
            Write::Due => FindingStep::WriteDue(spot, days(chosen?)?),
            Write::Words => FindingStep::WriteWords(spot),
            Write::File => FindingStep::File(spot),
        },
        FindingIdent::Filed(filed, finding) => match filed {
            Filed::Open => FindingStep::Show { finding, fresh: true },
            Filed::Show => FindingStep::Show { finding, fresh: false },
            Filed::Urgency => FindingStep::Urgency(finding, Urgency::named(chosen?)?),
            Filed::Owner => FindingStep::Owner(finding, chosen?.parse().ok()?),
            Filed::Due => FindingStep::Due(finding, days(chosen?)?),
            Filed::Writes(writing) => FindingStep::Ask(finding, writing),
        },
    })
}

/// What was written in a form.
pub(super) fn of_form(id: &str, texts: &BTreeMap<String, String>) -> Option<FindingStep> {
    let text = texts.get(TEXT).cloned().unwrap_or_default();
    match FindingIdent::read(id)? {
        FindingIdent::Write(Write::Words, spot) => Some(FindingStep::Worded(spot, text)),
        FindingIdent::Filed(Filed::Writes(writing), finding) => Some(FindingStep::Wrote(finding, writing, text)),
        _ => None,
    }
}

fn days(chosen: &str) -> Option<Option<u32>> {
    if chosen == NO_DAY {
        return Some(None);
    }
    chosen.parse().ok().filter(|days| DUE.contains(days)).map(Some)
}

/// The button that begins to write one.
pub(super) fn write_button(spot: &Spot, style: Style, language: Language) -> Button {
    button(FindingIdent::Write(Write::Begin, spot.clone()), word("button-finding", language), style)
}

/// A view of findings.
pub(super) fn card(view: &FindingView, language: Language) -> Card {
    match view {
        FindingView::Form { spot, title, grade, form, note } => {
            let mut card = finding_card::form(form, title, *grade, note.as_ref(), language);
            let id = |write| FindingIdent::Write(write, spot.clone());
            card.buttons = vec![
                button(id(Write::File), word("button-file", language), Style::Success),
                button(id(Write::Words), word("button-reword", language), Style::Secondary),
            ];
            card.choices = choices(&id(Write::Urgency), &id(Write::Owner), &id(Write::Due), language);
            card
        }
        FindingView::One { finding, today, note } => {
            let mut card = finding_card::one(finding, *today, note.as_ref(), language);
            let id = |filed| FindingIdent::Filed(filed, finding.id);
            let writes = |writing| id(Filed::Writes(writing));
            let list = button(FindingIdent::List(false), word("button-findings", language), Style::Secondary);
            let said = button(writes(Writing::Said), word("button-say", language), Style::Secondary);
            if finding.stand.closed.is_some() {
                let again = button(writes(Writing::Reopened), word("button-reopen", language), Style::Secondary);
                card.buttons = vec![again, said, list];
            } else {
                let close = button(writes(Writing::Closed), word("button-close", language), Style::Success);
                card.buttons = vec![close, said, list];
                card.choices = choices(&id(Filed::Urgency), &id(Filed::Owner), &id(Filed::Due), language);
            }
            card
        }
        FindingView::Posted { finding, today, gone } => {
            let mut card = finding_card::posted(finding, *today, *gone, language);
            let open = FindingIdent::Filed(Filed::Open, finding.id);
            card.buttons = vec![button(open, word("button-open-finding", language), Style::Primary)];
            card
        }
        FindingView::List { findings, closed, today } => {
            let mut card = finding_card::list(findings, *closed, *today, language);
            let label = if *closed { "button-only-open" } else { "button-all" };
            card.buttons = vec![button(FindingIdent::List(!closed), word(label, language), Style::Secondary)];
            card.choices = vec![pick(findings, language)];
            card
        }
    }
}

/// The choice of one of `findings`.
pub(super) fn pick(findings: &[Finding], language: Language) -> Choice {
    let option = |finding: &Finding| Choosable {
        value: finding.id.0.to_string(),
        label: format!("{} {}", finding.id, finding.filed.source.title.get(language)),
        description: finding.filed.message.as_str().lines().nth(1).unwrap_or_default().trim().to_owned(),
        emoji: if finding.stand.closed.is_some() { "✅" } else { urgency_mark(finding.stand.urgency) },
    };
    Choice {
        id: FindingIdent::Pick.to_string(),
        placeholder: word("findings-placeholder", language),
        of: Choosing::Options(findings.iter().take(MOST).map(option).collect()),
    }
}

fn choices(urgency: &FindingIdent, owner: &FindingIdent, due: &FindingIdent, language: Language) -> Vec<Choice> {
    let urgencies = Urgency::ALL.into_iter().map(|one| Choosable {
        value: one.name().to_owned(),
        label: urgency_name(one, language),
        description: String::new(),
        emoji: urgency_mark(one),
    });
    let day = |days: &u32| Choosable {
        value: days.to_string(),
        label: match days {
            0 => word("due-today", language),
            1 => word("due-tomorrow", language),
            days => say(&Message::new("due-in-days").with("days", days.to_string()), language),
        },
        description: String::new(),
        emoji: "",
    };
    let no_day = Choosable {
        value: NO_DAY.to_owned(),
        label: word("finding-no-due", language),
        description: String::new(),
        emoji: "",
    };
    vec![
        Choice {
            id: urgency.to_string(),
            placeholder: word("placeholder-urgency", language),
            of: Choosing::Options(urgencies.collect()),
        },
        Choice { id: owner.to_string(), placeholder: word("placeholder-owner", language), of: Choosing::Person },
        Choice {
            id: due.to_string(),
            placeholder: word("placeholder-due", language),
            of: Choosing::Options(DUE.iter().map(day).chain([no_day]).collect()),
        },
    ]
}

/// What somebody is asked to write on a finding.
pub(super) fn form(form: &FindingForm, language: Language) -> FormCard {
    let (id, title, label, text) = match form {
        FindingForm::Words { spot, text } => {
            (FindingIdent::Write(Write::Words, spot.clone()), "finding-new", "finding-message", text.clone())
        }
        FindingForm::On { finding, writing } => {
            let (title, label) = match writing {
                Writing::Said => ("button-say", "write-said"),
                Writing::Closed => ("button-close", "write-closed"),
                Writing::Reopened => ("button-reopen", "write-reopened"),
            };
            (FindingIdent::Filed(Filed::Writes(*writing), *finding), title, label, String::new())
        }
    };
    FormCard {
        id: id.to_string(),
        title: say(&Message::new(title), language),
        inputs: vec![Input {
            id: TEXT.to_owned(),
            label: say(&Message::new(label), language),
            value: text,
            long: true,
            required: true,
            ..Input::default()
        }],
    }
}

/// `/findings` and `/me`.
pub(super) fn commands() -> Vec<CreateCommand> {
    let both = |command: CreateCommand, key| {
        command.description(word(key, Language::En)).description_localized("ko", word(key, Language::Ko))
    };
    let all = CreateCommandOption::new(CommandOptionType::Boolean, ALL, word("option-all", Language::En))
        .description_localized("ko", word("option-all", Language::Ko));
    vec![
        both(CreateCommand::new(FINDINGS), "command-findings")
            .name_localized("ko", word("command-findings-name", Language::Ko))
            .add_option(all),
        both(CreateCommand::new(ME), "command-me").name_localized("ko", word("command-me-name", Language::Ko)),
    ]
}

#[expect(clippy::needless_pass_by_value, reason = "each id is made for its button")]
fn button(id: FindingIdent, label: String, style: Style) -> Button {
    Button { id: id.to_string(), label, style, ..Button::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back_and_fits() {
        let spot = |signing| Spot { run: RunId(999_999_999_999), check: "c".repeat(64), signing };
        let mut ids = vec![FindingIdent::Pick, FindingIdent::List(true), FindingIdent::List(false)];
        ids.extend(Write::ALL.map(|(_, write)| FindingIdent::Write(write, spot(true))));
        ids.extend(Write::ALL.map(|(_, write)| FindingIdent::Write(write, spot(false))));
        let writes = Writing::ALL.map(Filed::Writes);
        for filed in [Filed::Open, Filed::Show, Filed::Urgency, Filed::Owner, Filed::Due].into_iter().chain(writes) {
            ids.push(FindingIdent::Filed(filed, FindingId(i64::MAX)));
        }
        for id in ids {
            assert_eq!(FindingIdent::read(&id.to_string()), Some(id.clone()));
            assert!(id.to_string().len() <= 100, "{id}");
        }
    }

    #[test]
    fn what_was_forged_is_nothing() {
        for forged in
            ["", "find", "find:show", "find:show:x", "find:drop:1", "find:new:x:1:a", "find:new:s:1:", "find:pick:1"]
        {
            assert_eq!(FindingIdent::read(forged), None, "{forged}");
        }
        assert_eq!(of_component("find:due:1", Some("9999")), None, "only what was offered");
        assert_eq!(of_component("find:urgency:1", Some("dire")), None);
        assert_eq!(of_form("find:show:1", &BTreeMap::new()), None);
    }
}
