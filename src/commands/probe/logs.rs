//! Reads what is asked of logs over days.

use std::time::Duration;

use super::duration;
use super::setting::{list, paths};
use crate::document::Table;
use crate::domain::message::Message;
use crate::domain::probe::{AccessLog, LogErrors, LogSecrets, Logins, Samples};

/// How far back where nothing is said.
const WEEK: Duration = Duration::from_secs(7 * 86_400);

/// From how many requests on shares mean something.
const LEAST: u32 = 100;

fn since(table: &Table<'_>) -> Duration {
    if table.has("since") { duration(table, "since").unwrap_or(WEEK) } else { WEEK }
}

pub(super) fn errors(table: &Table<'_>) -> Option<LogErrors> {
    let since = since(table);
    Some(LogErrors { service: table.required_text("service")?.value, since })
}

pub(super) fn access(table: &Table<'_>) -> Option<AccessLog> {
    let since = since(table);
    let least = match table.integer("least") {
        None => LEAST,
        Some(least) => u32::try_from(least.value).unwrap_or_else(|_| {
            table.problem(least.span, Message::new("commands-not-negative").with("key", "least"));
            LEAST
        }),
    };
    Some(AccessLog { paths: paths(table)?, since, least })
}

pub(super) fn logins(table: &Table<'_>) -> Logins {
    Logins { since: since(table) }
}

pub(super) fn secrets(table: &Table<'_>) -> Option<LogSecrets> {
    let (since, services) = (since(table), list(table, "services"));
    Some(LogSecrets { paths: paths(table)?, services, since })
}

pub(super) fn samples(table: &Table<'_>) -> Option<Samples> {
    if !table.has("over") {
        table.problem(table.span(), Message::new("file-missing-key").with("key", "over"));
    }
    let (over, least) = (duration(table, "over"), duration(table, "least"));
    Some(Samples { over: over?, least: least.unwrap_or_default() })
}
