//! Reads what is asked of backups and of the database that they are of.

use std::time::Duration;

use chrono::NaiveTime;
use chrono::format::{Item, StrftimeItems};

use super::duration;
use crate::document::Table;
use crate::domain::message::Message;
use crate::domain::probe::{Backups, Database, Explain, Schedule};

/// `find -mtime +7` keeps a file for eight full days.
const KEEP: Duration = Duration::from_secs(8 * 86_400);

/// Which share of the median size is plausible, in per cent.
const SIZES: (u32, u32) = (50, 200);

pub(super) fn backups(table: &Table<'_>) -> Option<Backups> {
    let keep = if table.has("keep") { duration(table, "keep").unwrap_or(KEEP) } else { KEEP };
    names(table).map(|backups| Backups { keep, ..backups })
}

/// The backups as far as their names and days go: how long they stay is said of each place by itself.
pub(super) fn names(table: &Table<'_>) -> Option<Backups> {
    let folder = table.required_text("folder");
    let name = table.required_text("name");
    let at = table.required_text("at");
    let days = match table.integer("days") {
        None => 7,
        Some(days) => u32::try_from(days.value).ok().filter(|days| (1..=31).contains(days)).unwrap_or_else(|| {
            table.problem(days.span, Message::new("commands-backup-days"));
            7
        }),
    };
    let sizes = match table.text("sizes") {
        None => SIZES,
        Some(text) => shares(&text.value).unwrap_or_else(|| {
            table.problem(text.span, Message::new("commands-backup-sizes").with("text", text.value.as_str()));
            SIZES
        }),
    };
    let (folder, name, at) = (folder?, name?, at?);
    let stamped = StrftimeItems::new(&name.value).all(|item| !matches!(item, Item::Error));
    if !stamped || !name.value.contains("%d") {
        table.problem(name.span, Message::new("commands-backup-name").with("name", name.value.as_str()));
        return None;
    }
    let Ok(time) = NaiveTime::parse_from_str(&at.value, "%H:%M") else {
        table.problem(at.span, Message::new("commands-bad-time").with("text", at.value.as_str()));
        return None;
    };
    Some(Backups { folder: folder.value, name: name.value, at: time, days, keep: KEEP, sizes })
}

/// `50..200 %`.
fn shares(text: &str) -> Option<(u32, u32)> {
    let (low, high) = text.trim().strip_suffix('%')?.split_once("..")?;
    let (low, high) = (low.trim().parse().ok()?, high.trim().parse().ok()?);
    (low < high).then_some((low, high))
}

pub(super) fn schedule(table: &Table<'_>) -> Option<Schedule> {
    let (at, command, log) = (table.required_text("at"), table.required_text("command"), table.required_text("log"));
    let at = at?;
    let written = at.value.split_whitespace().collect::<Vec<_>>();
    if written.len() != 5 {
        table.problem(at.span, Message::new("commands-bad-cron").with("text", at.value.as_str()));
        return None;
    }
    Some(Schedule { at: written.join(" "), command: command?.value, log: log?.value })
}

pub(super) fn database(table: &Table<'_>) -> Option<Database> {
    let (service, name) = (table.required_text("service"), table.required_text("database"));
    let user = table.text("user").map_or_else(|| "postgres".to_owned(), |user| user.value);
    Some(Database { service: service?.value, name: name?.value, user })
}

pub(super) fn explain(table: &Table<'_>) -> Option<Explain> {
    let query = table.required_text("query");
    let database = database(table);
    let query = query?;
    let reads = query.value.trim_start().get(..6).is_some_and(|word| word.eq_ignore_ascii_case("select"));
    // One statement only: `EXPLAIN` speaks for the first, and the rest would be run.
    if !reads || query.value.trim().trim_end_matches(';').contains(';') {
        table.problem(query.span, Message::new("commands-explain-select"));
        return None;
    }
    Some(Explain { database: database?, query: query.value })
}
