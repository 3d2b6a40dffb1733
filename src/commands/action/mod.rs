//! Reads an action: its head, who may ask and approve, what must be chosen, what shows that it worked. Its steps are read
//! in [`step`].

mod step;

use std::collections::BTreeSet;
use std::time::Duration;

use super::head::{Head, head, name_ko, one_of, roles};
use super::known::Known;
use super::{LONGEST_DESCRIPTION, has_length, probe};
use crate::document::{Located, Table};
use crate::domain::action::{Action, Inventory, Parameter, Proof, Risk, Source, is_name};
use crate::domain::message::Message;

/// How long a request lives where the file does not say: long enough to wake somebody.
const EXPIRES: Duration = Duration::from_secs(15 * 60);
/// A request that lives for longer than this is forgotten by those who should decide on it.
const LONGEST_LIFE: Duration = Duration::from_secs(24 * 3600);
/// A slash command may have 25 options, one of which is the host, and a choice of 25.
const MOST_PARAMETERS: usize = 24;
const MOST_CHOICES: usize = 25;

pub(super) fn read(table: &Table<'_>, id: String, known: Option<&Known>) -> Option<Action> {
    let Head { title, description } = head(table);
    let name_ko = name_ko(table);
    let interrupts = table.required_localised("interrupts");
    let risk = risk(table);
    let (ask, approve) = (roles(table, "ask"), roles(table, "approve"));
    let expires = expires(table);
    let parameters = parameters(table);
    let proves = table.table("proves").map(|proves| proof(&proves, known));
    let after_failure =
        table.tables("after_failure").iter().filter_map(|text| Some(text.both_languages()?.value)).collect();
    let written = table.tables("step");
    if written.is_empty() && !table.has("step") {
        table.problem(table.span(), Message::new("file-missing-key").with("key", "step"));
    }
    let steps = written.iter().filter_map(|written| step::read(written, &parameters)).collect();
    Some(Action {
        id,
        name_ko,
        title: title?,
        description: description?,
        risk: risk?,
        parameters,
        interrupts: interrupts?.value,
        ask,
        approve,
        expires,
        steps,
        proves: match proves {
            Some(proves) => Some(proves?),
            None => None,
        },
        after_failure,
    })
}

fn risk(table: &Table<'_>) -> Option<Risk> {
    let name = table.required_text("risk")?;
    one_of(table, &name, &Risk::ALL.map(|risk| (risk.name(), risk)), "action-unknown-risk")
}

fn expires(table: &Table<'_>) -> Duration {
    if !table.has("expires") {
        return EXPIRES;
    }
    let span = probe::duration(table, "expires").unwrap_or(EXPIRES);
    if span > LONGEST_LIFE || span < Duration::from_secs(60) {
        table.problem(table.span(), Message::new("action-expires"));
    }
    span
}

fn parameters(table: &Table<'_>) -> Vec<Parameter> {
    let written = table.tables("parameter");
    if written.len() > MOST_PARAMETERS {
        table.problem(table.span(), Message::new("action-parameters").with("most", MOST_PARAMETERS.to_string()));
    }
    let mut seen = BTreeSet::new();
    written
        .iter()
        .filter_map(|table| {
            let id = table.required_text("id").filter(|id| is_option_name(table, id));
            let title = table.required_localised("title").filter(|title| has_length(table, title, LONGEST_DESCRIPTION));
            let source = source(table);
            let id = id?;
            if !seen.insert(id.value.clone()) {
                table.problem(id.span, Message::new("action-parameter-twice").with("id", id.value.as_str()));
                return None;
            }
            Some(Parameter { id: id.value, title: title?.value, source: source? })
        })
        .collect()
}

/// An option's name is `^[a-z0-9_]{1,32}$`, and two names are taken: the host and the reason.
fn is_option_name(table: &Table<'_>, id: &Located<String>) -> bool {
    let fine = (1..=32).contains(&id.value.len())
        && id.value.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && !matches!(id.value.as_str(), "host" | "reason");
    if !fine {
        table.problem(id.span.clone(), Message::new("action-bad-parameter").with("id", id.value.as_str()));
    }
    fine
}

fn source(table: &Table<'_>) -> Option<Source> {
    let choices = table.texts("choices");
    let from = table.text("from");
    match from {
        None if choices.is_empty() => {
            table.problem(table.span(), Message::new("action-no-choices"));
            None
        }
        None => {
            for choice in choices.iter().filter(|choice| !is_name(&choice.value)) {
                table.problem_with_hint(
                    choice.span.clone(),
                    Message::new("action-bad-choice").with("choice", choice.value.as_str()),
                    Some(Message::new("argument-no-name-hint")),
                );
            }
            if choices.len() > MOST_CHOICES {
                table.problem(table.span(), Message::new("action-choices").with("most", MOST_CHOICES.to_string()));
            }
            Some(Source::Choices(choices.into_iter().map(|choice| choice.value).collect()))
        }
        Some(from) if !choices.is_empty() => {
            table.problem(from.span, Message::new("action-no-choices"));
            None
        }
        Some(from) => {
            let all = Inventory::ALL.map(|inventory| (inventory.name(), inventory));
            let inventory = one_of(table, &from, &all, "action-unknown-inventory");
            inventory.map(Source::From)
        }
    }
}

fn proof(table: &Table<'_>, known: Option<&Known>) -> Option<Proof> {
    let checklist = table.required_text("checklist");
    let (mut checks, eased) = (table.texts("checks"), table.texts("eases"));
    let eases = eased.iter().map(|check| check.value.clone()).collect();
    checks.extend(eased);
    if let Some((checklist, known)) = checklist.as_ref().zip(known) {
        known.checks(table, checklist, &checks);
    }
    let checks = checks.into_iter().map(|check| check.value).collect();
    Some(Proof { checklist: checklist?.value, checks, eases })
}
