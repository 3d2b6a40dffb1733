//! Reads when checklists are due and who is reminded: `[schedule.CHECKLIST]`, `[digest]`.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use chrono_tz::Tz;

use super::parse::{id, secret, zone};
use super::people::{one_of, person};
use super::sampling::role;
use super::{DigestConfig, HostConfig, Looking, Overdue, PersonConfig, ScheduleConfig};
use crate::document::{Located, Table, did_you_mean};
use crate::domain::message::Message;
use crate::domain::quantity::{Dimension, Quantity};
use crate::domain::schedule::cron::{Cron, CronFault};
use crate::domain::schedule::{DayOff, Schedule};
use crate::domain::target::Target;

/// How long a reminder is still of use where nothing is said.
const WINDOW: Duration = Duration::from_secs(2 * 60 * 60);

/// What a schedule may name.
pub(super) struct Known<'a> {
    pub(super) people: &'a BTreeMap<String, PersonConfig>,
    pub(super) roles: &'a BTreeMap<String, u64>,
    /// The checklists that have a rota.
    pub(super) rotas: Vec<String>,
    /// The hosts; none where they could not be read, and for what one host has of its own.
    pub(super) hosts: Option<&'a BTreeMap<String, HostConfig>>,
    pub(super) zone: Tz,
    /// Whether it is what one host has of its own.
    pub(super) of_host: bool,
    /// The folder of the file, in which files of secrets are looked for.
    pub(super) folder: &'a Path,
}

/// `[schedule]`.
pub(super) fn schedules(table: &Table<'_>, known: &Known<'_>) -> BTreeMap<String, ScheduleConfig> {
    let names = table.names();
    let one = |name: Located<String>| {
        let section = table.table_of(&name.value)?;
        Some((name.value.clone(), schedule(&section, &name, known)?))
    };
    names.into_iter().filter_map(one).collect()
}

fn schedule(table: &Table<'_>, name: &Located<String>, known: &Known<'_>) -> Option<ScheduleConfig> {
    let cron = table.required_text("cron").and_then(|text| cron(table, &text));
    let zone = table.text("zone").map_or(Some(known.zone), |text| zone(table, &text));
    let day_off = table.text("day_off").map(|text| one_of(table, &text, &DayOff::ALL));
    let title = table.localised("title").map(|title| title.value);
    let looking = table.text("run").map_or(Some(Looking::Before), |text| one_of(table, &text, &Looking::ALL));
    let host = table.text("host");
    if let (Some(host), true) = (&host, known.of_host) {
        table.problem(host.span.clone(), Message::new("config-own-schedule-host"));
    }
    let hosts = host.map(|text| hosts(table, &text, known));
    let window = table.text("window").map_or(Some(WINDOW), |text| span(table, &text));
    let channel = table.required_text("channel").and_then(|text| id(table, &text));
    let deputy = table.text("deputy").map(|text| person(table, known.people, &text));
    let role = table.text("role").map(|text| role(table, known.roles, &text));
    let watchdog = table.table("watchdog").map(|section| secret(&section, known.folder));
    let overdue = table.table("overdue").map_or_else(Overdue::default, |section| overdue(&section));
    if role.is_none() && !known.rotas.contains(&name.value) {
        table.problem_with_hint(
            name.span.clone(),
            Message::new("config-schedule-nobody").with("name", name.value.as_str()),
            Some(Message::new("config-schedule-nobody-hint").with("name", name.value.as_str())),
        );
    }
    if overdue.role.is_some() && role.is_none() {
        let message = Message::new("config-overdue-role").with("name", name.value.as_str());
        table.problem(name.span.clone(), message);
    }
    let cron = cron?;
    // The checklist says "every day" of the daily one; what is rarer waits for somebody to be there.
    let usual = if cron.is_daily() { DayOff::Run } else { DayOff::Move };
    Some(ScheduleConfig {
        schedule: Schedule { day_off: day_off.unwrap_or(Some(usual))?, cron, zone: zone? },
        looking: if title.is_some() { Looking::OnDemand } else { looking? },
        title,
        hosts: given(hosts)?,
        window: window?,
        channel: channel?,
        deputy: given(deputy)?,
        role: given(role)?,
        overdue,
        watchdog: given(watchdog)?,
    })
}

/// What was not written is none; what was written wrong ends it.
fn given<T>(written: Option<Option<T>>) -> Option<Option<T>> {
    match written {
        Some(value) => value.map(Some),
        None => Some(None),
    }
}

/// One host, `all` of them, or those of a tag: each is due for itself.
fn hosts(table: &Table<'_>, text: &Located<String>, known: &Known<'_>) -> Option<Target> {
    // Where the hosts themselves are wrong, that is told, and is enough.
    let hosts = known.hosts?;
    let target = Target::of(&text.value);
    let tags = || hosts.values().flat_map(|host| &host.own.tags);
    match &target {
        Target::All => return Some(target),
        Target::One(name) if hosts.contains_key(name) => return Some(target),
        Target::Tagged(tag) if tags().any(|known| known == tag) => return Some(target),
        Target::One(name) => table.problem_with_hint(
            text.span.clone(),
            Message::new("host-unknown").with("name", name.as_str()),
            did_you_mean(name, hosts.keys().map(String::as_str)),
        ),
        Target::Tagged(tag) => table.problem_with_hint(
            text.span.clone(),
            Message::new("host-unknown-tag").with("name", tag.as_str()),
            did_you_mean(tag, tags().map(String::as_str)),
        ),
    }
    None
}

fn overdue(table: &Table<'_>) -> Overdue {
    let after = |key| table.text(key).and_then(|text| span(table, &text));
    Overdue { person: after("person"), deputy: after("deputy"), role: after("role") }
}

fn span(table: &Table<'_>, text: &Located<String>) -> Option<Duration> {
    let span = Quantity::parse(&text.value).ok().filter(|quantity| quantity.dimension == Dimension::Time);
    let span = span.and_then(|quantity| Duration::try_from_secs_f64(quantity.value).ok());
    if span.is_none() {
        table.problem(text.span.clone(), Message::new("config-not-a-span").with("text", text.value.as_str()));
    }
    span
}

pub(super) fn cron(table: &Table<'_>, text: &Located<String>) -> Option<Cron> {
    match Cron::parse(&text.value) {
        Ok(cron) => Some(cron),
        Err(fault) => {
            let message = match &fault {
                CronFault::NotCron(cause) => Message::new("config-not-cron").with("cause", cause.as_str()),
                CronFault::OftenADay => Message::new("config-cron-often"),
                CronFault::Never => Message::new("config-cron-never"),
            };
            table.problem_with_hint(
                text.span.clone(),
                message.with("text", text.value.as_str()),
                Some(Message::new("config-cron-hint")),
            );
            None
        }
    }
}

/// `[digest]`.
pub(super) fn digest(table: &Table<'_>, default_zone: Tz) -> Option<DigestConfig> {
    let cron = table.required_text("cron").and_then(|text| cron(table, &text));
    let zone = table.text("zone").map_or(Some(default_zone), |text| zone(table, &text));
    let channel = table.required_text("channel").and_then(|text| id(table, &text));
    Some(DigestConfig { schedule: Schedule { cron: cron?, zone: zone?, day_off: DayOff::Move }, channel: channel? })
}
