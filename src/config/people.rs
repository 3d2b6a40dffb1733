//! Reads who the people are and whose turn it is when: `[people.NAME]`, `[rota.CHECKLIST]`.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveTime};
use chrono_tz::Tz;

use super::PersonConfig;
use super::parse::id;
use crate::document::{Located, Table, did_you_mean};
use crate::domain::message::Message;
use crate::domain::rota::{Rota, Turn};

/// When a turn is handed over where nothing is said.
const HANDOVER: NaiveTime = match NaiveTime::from_hms_opt(9, 0, 0) {
    Some(time) => time,
    None => NaiveTime::MIN,
};

/// From when turns are counted where nothing is said: a Monday that begins a month.
const STARTS: NaiveDate = match NaiveDate::from_ymd_opt(2024, 1, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

/// `[people]`.
pub(super) fn people(table: &Table<'_>) -> BTreeMap<String, PersonConfig> {
    let mut found: BTreeMap<String, PersonConfig> = BTreeMap::new();
    for name in table.names() {
        let Some(section) = table.table_of(&name.value) else { continue };
        let person = section.required_text("id").and_then(|text| id(&section, &text));
        let shown = section.text("name").map(|text| text.value);
        let Some(person) = person else { continue };
        if let Some(same) = found.values().find(|other| other.id == person) {
            let message = Message::new("config-person-twice").with("name", same.key.as_str());
            section.problem(name.span.clone(), message);
        }
        let shown = shown.unwrap_or_else(|| name.value.clone());
        found.insert(name.value.clone(), PersonConfig { key: name.value, id: person, name: shown });
    }
    found
}

/// The id of the person that `name` names.
pub(super) fn person(
    table: &Table<'_>,
    people: &BTreeMap<String, PersonConfig>,
    name: &Located<String>,
) -> Option<u64> {
    let found = people.get(&name.value).map(|person| person.id);
    if found.is_none() {
        table.problem_with_hint(
            name.span.clone(),
            Message::new("config-unknown-person").with("name", name.value.as_str()),
            did_you_mean(&name.value, people.keys().map(String::as_str)),
        );
    }
    found
}

/// `[rota]`.
pub(super) fn rotas(table: &Table<'_>, people: &BTreeMap<String, PersonConfig>, zone: Tz) -> BTreeMap<String, Rota> {
    let names = table.names();
    let one = |name: Located<String>| {
        let section = table.table_of(&name.value)?;
        Some((name.value, rota(&section, people, zone)?))
    };
    names.into_iter().filter_map(one).collect()
}

fn rota(table: &Table<'_>, people: &BTreeMap<String, PersonConfig>, zone: Tz) -> Option<Rota> {
    let order = table.texts("order");
    if order.is_empty() {
        table.problem_with_hint(
            table.span(),
            Message::new("config-rota-empty"),
            Some(Message::new("config-rota-order-hint")),
        );
    }
    let order: Vec<Vec<u64>> = order.iter().map(|turn| sharing(table, people, turn)).collect();
    let turn = table.text("turn").map_or(Some(Turn::Week), |text| one_of(table, &text, &Turn::ALL));
    let handover = table.text("handover").map_or(Some(HANDOVER), |text| time(table, &text));
    let starts = table.text("starts").map_or(Some(STARTS), |text| date(table, &text));
    Some(Rota { order, turn: turn?, handover: handover?, starts: starts?, zone })
}

/// Those who share a turn: `jimin + hyunwoo`.
fn sharing(table: &Table<'_>, people: &BTreeMap<String, PersonConfig>, turn: &Located<String>) -> Vec<u64> {
    let names = turn.value.split('+').map(|name| Located { value: name.trim().to_owned(), span: turn.span.clone() });
    names.filter_map(|name| person(table, people, &name)).collect()
}

/// The value of `all` that `text` names.
pub(super) fn one_of<T: Copy>(table: &Table<'_>, text: &Located<String>, all: &[(&'static str, T)]) -> Option<T> {
    let found = all.iter().find(|(name, _)| *name == text.value).map(|(_, value)| *value);
    if found.is_none() {
        let names: Vec<&str> = all.iter().map(|(name, _)| *name).collect();
        let message = Message::new("config-one-of").with("text", text.value.as_str()).with("names", names.join(", "));
        table.problem_with_hint(text.span.clone(), message, did_you_mean(&text.value, names));
    }
    found
}

fn time(table: &Table<'_>, text: &Located<String>) -> Option<NaiveTime> {
    let time = NaiveTime::parse_from_str(&text.value, "%H:%M").ok();
    if time.is_none() {
        table.problem(text.span.clone(), Message::new("config-not-a-time").with("text", text.value.as_str()));
    }
    time
}

/// A day: `2026-11-23`.
pub(super) fn date(table: &Table<'_>, text: &Located<String>) -> Option<NaiveDate> {
    let date = text.value.parse().ok();
    if date.is_none() {
        table.problem(text.span.clone(), Message::new("config-not-a-date").with("text", text.value.as_str()));
    }
    date
}
