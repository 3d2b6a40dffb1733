//! Reads a runbook: how people notice, who opens it, and its steps, each a look, an act or something done by hand.

use std::collections::BTreeSet;

use super::known::Known;
use super::{LONGEST_CHECK_TITLE, LONGEST_DESCRIPTION, LONGEST_TITLE, has_length, is_command_name, probe};
use crate::document::{Table, did_you_mean};
use crate::domain::action::Given;
use crate::domain::message::Message;
use crate::domain::runbook::{Does, Runbook, RunbookStep, Severity};
use crate::domain::vital::Vital;

/// Each step is a choice of a select, which has at most 25.
const MOST_STEPS: usize = 25;

pub(super) fn read(table: &Table<'_>, id: String, known: Option<&Known>) -> Option<Runbook> {
    let _ = table.flag("enabled");
    let name_ko = table.text("name_ko");
    if let Some(name) = name_ko.as_ref().filter(|name| !is_command_name(&name.value)) {
        table.problem(name.span.clone(), Message::new("commands-bad-name").with("name", name.value.as_str()));
    }
    let title = table.required_localised("title").filter(|title| has_length(table, title, LONGEST_TITLE));
    let description =
        table.required_localised("description").filter(|text| has_length(table, text, LONGEST_DESCRIPTION));
    let symptom = table.required_localised("symptom");
    let severity = severity(table);
    let open: Vec<_> = table.texts("open").into_iter().map(|role| role.value).collect();
    if open.is_empty() {
        let hint = Some(Message::new("action-roles-hint"));
        table.problem_with_hint(table.span(), Message::new("action-no-roles").with("key", "open"), hint);
    }
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
        name_ko: name_ko.map(|name| name.value),
        title: title?.value,
        description: description?.value,
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
    let severity = Severity::from_name(&name.value);
    if severity.is_none() {
        let names = || Severity::ALL.into_iter().map(Severity::name);
        table.problem_with_hint(
            name.span,
            Message::new("runbook-unknown-severity").with("name", name.value.as_str()),
            did_you_mean(&name.value, names())
                .or_else(|| Some(Message::new("action-known").with("names", names().collect::<Vec<_>>().join(", ")))),
        );
    }
    severity
}

fn fits(table: &Table<'_>) -> Vec<Vital> {
    let written = table.texts("fits");
    written
        .into_iter()
        .filter_map(|name| {
            let vital = Vital::named(&name.value);
            if vital.is_none() {
                let names = || Vital::ALL.into_iter().map(Vital::name);
                table.problem_with_hint(
                    name.span,
                    Message::new("runbook-unknown-vital").with("name", name.value.as_str()),
                    did_you_mean(&name.value, names()).or_else(|| {
                        Some(Message::new("action-known").with("names", names().collect::<Vec<_>>().join(", ")))
                    }),
                );
            }
            vital
        })
        .collect()
}

fn step(table: &Table<'_>, known: Option<&Known>) -> Option<RunbookStep> {
    let id = table.required_text("id");
    let title = table.required_localised("title").filter(|title| has_length(table, title, LONGEST_CHECK_TITLE));
    let checklist = table.text("checklist");
    let checks = table.texts("checks");
    let action = table.text("action");
    let with: Given = table.table("with").map_or_else(Given::new, |section| {
        let names = section.names();
        names.into_iter().filter_map(|name| Some((name.value.clone(), section.text_of(&name.value)?.value))).collect()
    });
    let by_hand = table.localised("by_hand");
    let does = match (checklist, action, by_hand) {
        (Some(checklist), None, None) => {
            if let Some(known) = known {
                known.checks(table, &checklist, &checks);
            }
            Does::Look { checklist: checklist.value, checks: checks.into_iter().map(|check| check.value).collect() }
        }
        (None, Some(action), None) => {
            if let Some(known) = known {
                known.action(table, &action);
            }
            Does::Act { action: action.value, with }
        }
        (None, None, Some(how)) => Does::Hand { how: how.value },
        _ => {
            table.problem(table.span(), Message::new("runbook-step-form"));
            return None;
        }
    };
    Some(RunbookStep { id: id?.value, title: title?.value, does })
}
