//! Reads a runbook: how people notice, who opens it, and its steps, each a look, an act or something done by hand.

use std::collections::BTreeSet;

use super::check::is_id;
use super::head::{Head, head, one_of, roles};
use super::known::Known;
use super::{LONGEST_CHECK_TITLE, has_length, probe};
use crate::document::{Located, Table};
use crate::domain::message::Message;
use crate::domain::runbook::{Does, Runbook, RunbookStep, Severity};
use crate::domain::vital::Vital;

/// Each step is a choice of a select, which has at most 25.
pub(crate) const MOST_STEPS: usize = 25;

pub(super) fn read(table: &Table<'_>, id: String, known: Option<&Known>) -> Option<Runbook> {
    let Head { title, description } = head(table);
    let symptom = table.required_localised("symptom");
    let severity = severity(table);
    let open = roles(table, "open");
    let fits = fits(table);
    let within = table.has("within").then(|| probe::duration(table, "within"));
    let mut seen = BTreeSet::new();
    let written = table.tables("step");
    if written.is_empty() || written.len() > MOST_STEPS {
        table.problem(table.span(), Message::new("runbook-steps").with("most", MOST_STEPS.to_string()));
    }
    let steps: Vec<_> = written
        .iter()
        .filter_map(|written| {
            let step = step(written, known)?;
            if !seen.insert(step.id.clone()) {
                written.problem(written.span(), Message::new("commands-twice").with("id", step.id.as_str()));
            }
            Some(step)
        })
        .collect();
    Some(Runbook {
        id,
        title: title?,
        description: description?,
        severity: severity?,
        symptom: symptom?.value,
        open,
        fits,
        within: match within {
            Some(within) => Some(within?),
            None => None,
        },
        steps,
    })
}

fn severity(table: &Table<'_>) -> Option<Severity> {
    let name = table.required_text("severity")?;
    one_of(table, &name, &Severity::ALL.map(|severity| (severity.name(), severity)), "runbook-unknown-severity")
}

fn fits(table: &Table<'_>) -> Vec<Vital> {
    let all = Vital::ALL.map(|vital| (vital.name(), vital));
    let written = table.texts("fits");
    written.iter().filter_map(|name| one_of(table, name, &all, "runbook-unknown-vital")).collect()
}

fn step(table: &Table<'_>, known: Option<&Known>) -> Option<RunbookStep> {
    let id = table.required_text("id").filter(|id| is_id(table, id));
    let title = table.required_localised("title").filter(|title| has_length(table, title, LONGEST_CHECK_TITLE));
    let checklist = table.text("checklist");
    let checks = table.texts("checks");
    let action = table.text("action");
    let with: Vec<(Located<String>, Located<String>)> = table.table("with").map_or_else(Vec::new, |section| {
        section.names().into_iter().filter_map(|name| Some((name.clone(), section.text_of(&name.value)?))).collect()
    });
    let by_hand = table.localised("by_hand");
    let host_key = table.localised("host_key");
    let does = match (checklist, action, by_hand, host_key) {
        (Some(checklist), None, None, None) => {
            if let Some(known) = known {
                known.checks(table, &checklist, &checks);
            }
            Does::Look { checklist: checklist.value, checks: checks.into_iter().map(|check| check.value).collect() }
        }
        (None, Some(action), None, None) => {
            if let Some(known) = known {
                known.action(table, &action);
                known.chosen(table, &action, &with);
            }
            let with = with.into_iter().map(|(name, value)| (name.value, value.value)).collect();
            Does::Act { action: action.value, with }
        }
        (None, None, Some(how), None) => Does::Hand { how: how.value },
        (None, None, None, Some(how)) => Does::HostKey { how: how.value },
        _ => {
            table.problem(table.span(), Message::new("runbook-step-form"));
            return None;
        }
    };
    Some(RunbookStep { id: id?.value, title: title?.value, does })
}
