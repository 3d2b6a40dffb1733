//! Reads one check: its probe, its rules, its remedies.

use super::known::Known;
use super::probe;
use super::usual::Written;
use crate::document::{self, Located, Table, did_you_mean, tell};
use crate::domain::action::Given;
use crate::domain::command::{Check, Remedy, RemedyAct, Rule};
use crate::domain::condition::Condition;
use crate::domain::message::{Localised, Message};
use crate::domain::probe::{Measure, Probe};
use crate::domain::quantity::Quantity;

pub(super) fn read(table: &Table<'_>, shared: &probe::Shared, known: Option<&Known>) -> Option<Check> {
    let id = table.required_text("id").filter(|id| is_id(table, id));
    let row = table.text("row").map(|row| row.value);
    let title =
        table.required_localised("title").filter(|title| super::has_length(table, title, super::LONGEST_CHECK_TITLE));
    let remedies = table.tables("remedy").iter().filter_map(|written| remedy(written, known)).collect();
    let deadline = if table.has("deadline") { probe::duration(table, "deadline") } else { Some(Check::DEADLINE) };
    let deadline = deadline.unwrap_or(Check::DEADLINE);
    let written_rules = table.tables("rules");
    let written_show = table.texts("show");
    let probe = probe::of_check(table, shared);
    if written_rules.is_empty() && !probe.as_ref().is_some_and(Probe::asks_person) {
        table.problem(table.span(), Message::new("commands-no-rules"));
    }
    let Some(probe) = probe else {
        // Without its probe nobody knows what a rule may name; its conditions can be read all the same.
        for rule in &written_rules {
            let _ = (
                rule.required_text("measure"),
                condition(rule, "warn"),
                condition(rule, "fail"),
                rule.flag("optional"),
                Written::of(rule),
            );
        }
        return None;
    };
    if let Probe::Cpu(cpu) = &probe
        && cpu.over >= deadline
    {
        let message = Message::new("commands-cpu-too-long").with("deadline", Quantity::duration(deadline));
        table.problem(table.span(), message);
    }
    let measures = probe.measures();
    let rules: Vec<_> = written_rules.iter().filter_map(|written| rule(written, &measures)).collect();
    let mut show: Vec<String> = written_show
        .into_iter()
        .filter(|name| known_measure(table, name, &measures).is_some())
        .map(|name| name.value)
        .collect();
    if show.is_empty() {
        show.extend(rules.first().map(|rule| rule.measure.clone()));
    }
    Some(Check { id: id?.value, row, title: title?.value, probe, rules, show, remedies, deadline })
}

/// What to do, in words. Where an action does it, its slash command stands behind them, as it is to be typed.
fn remedy(table: &Table<'_>, known: Option<&Known>) -> Option<Remedy> {
    let action = table.text("action");
    let with: Vec<(Located<String>, Located<String>)> = table.table("with").map_or_else(Vec::new, |section| {
        let chosen = |name: Located<String>| section.text_of(&name.value).map(|value| (name, value));
        section.names().into_iter().filter_map(chosen).collect()
    });
    if let Some((action, known)) = action.as_ref().zip(known) {
        known.action(table, action);
        known.chosen(table, action, &with);
    }
    let text = table.both_languages()?.value;
    let Some(action) = action else { return Some(Remedy { says: text, act: None }) };
    let typed: String = with.iter().map(|(name, value)| format!(" {}:{}", name.value, value.value)).collect();
    let says = |text: &str| format!("{text} → /{}{typed}", action.value);
    let says = Localised { ko: says(&text.ko), en: says(&text.en) };
    let with: Given = with.into_iter().map(|(name, value)| (name.value, value.value)).collect();
    Some(Remedy { says, act: Some(RemedyAct { action: action.value, with }) })
}

/// An id comes back from Discord's selects and names files: `[a-z0-9_-]{1,64}`.
pub(super) fn is_id(table: &Table<'_>, id: &Located<String>) -> bool {
    let fine = (1..=64).contains(&id.value.len())
        && id.value.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_'));
    if !fine {
        table.problem(id.span.clone(), Message::new("commands-bad-id").with("id", id.value.as_str()));
    }
    fine
}

fn rule(table: &Table<'_>, measures: &[Measure]) -> Option<Rule> {
    let name = table.required_text("measure");
    let (warn, fail) = (condition(table, "warn"), condition(table, "fail"));
    let optional = table.flag("optional").is_some_and(|optional| optional.value);
    let usual = Written::of(table);
    let name = name?;
    let measure = known_measure(table, &name, measures)?;
    for condition in [&warn, &fail].into_iter().flatten() {
        let dimension = condition.value.check_dimension(measure.dimension);
        if let Err(error) = dimension.and_then(|()| condition.value.check_words(measure.words)) {
            tell(table, condition, &error, Some(measure));
        }
    }
    match (&warn, &fail) {
        (None, None) if !table.has("warn") && !table.has("fail") => {
            table.problem(table.span(), Message::new("commands-empty-rule"));
        }
        (Some(warn), Some(fail)) if warn.value.is_shadowed_by(&fail.value) => {
            let message = Message::new("commands-shadowed")
                .with("warn", warn.value.to_string())
                .with("fail", fail.value.to_string());
            table.problem(warn.span.clone(), message);
        }
        _ => {}
    }
    let conditions: Vec<_> = [&warn, &fail].into_iter().flatten().map(|condition| &condition.value).collect();
    let usual = usual.usual(table, measure, &conditions);
    Some(Rule {
        measure: name.value,
        usual,
        warn: warn.map(|condition| condition.value),
        fail: fail.map(|condition| condition.value),
        optional,
    })
}

fn known_measure<'m>(table: &Table<'_>, name: &Located<String>, measures: &'m [Measure]) -> Option<&'m Measure> {
    let found = measures.iter().find(|measure| measure.name == name.value);
    if found.is_none() {
        let names = || measures.iter().map(|measure| measure.name.as_str());
        let known = names().collect::<Vec<_>>().join(", ");
        table.problem_with_hint(
            name.span.clone(),
            Message::new("commands-unknown-measure").with("name", name.value.as_str()),
            did_you_mean(&name.value, names())
                .or_else(|| Some(Message::new("commands-known-measures").with("names", known))),
        );
    }
    found
}

fn condition(table: &Table<'_>, key: &'static str) -> Option<Located<Condition>> {
    let text = table.text(key)?;
    document::condition(table, &text).map(|value| Located { value, span: text.span })
}
