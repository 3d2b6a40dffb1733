//! Who may sign, and what becomes of findings; read from the file.

use std::collections::BTreeMap;
use std::path::Path;

use chrono_tz::Tz;

use super::SecretRef;
use super::parse::secret;
use super::schedule::cron;
use crate::document::{Located, Table, did_you_mean};
use crate::domain::message::Message;
use crate::domain::schedule::cron::Cron;
use crate::domain::schedule::{DayOff, Schedule};

/// Stands for whoever is on duty, where a role could be named.
const ASSIGNEE: &str = "assignee";

/// Somebody who may sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signer {
    /// Whoever is on duty for the checklist.
    Assignee,
    /// Whoever holds this role, by its name in the file.
    Role(String),
}

impl Signer {
    /// The role, where it is one.
    pub const fn role(&self) -> Option<&String> {
        match self {
            Self::Role(name) => Some(name),
            Self::Assignee => None,
        }
    }
}

/// What becomes of findings besides being kept.
#[derive(Clone, Debug)]
pub struct FindingsConfig {
    /// Where the URL of the team's issue tracker is to be found, where it is to hear of them.
    pub webhook: Option<SecretRef>,
    /// When the owners of what is urgent, open and past its day are pinged again; none: never.
    pub overdue: Option<Schedule>,
}

/// `[may_sign]`: by checklist the roles whose members may sign it, or `assignee`.
pub(super) fn may_sign(table: &Table<'_>, roles: &BTreeMap<String, u64>) -> BTreeMap<String, Vec<Signer>> {
    let names = table.names();
    let of = |command: &str| table.texts_of(command).iter().filter_map(|name| signer(table, name, roles)).collect();
    names.into_iter().map(|command| (command.value.clone(), of(&command.value))).collect()
}

fn signer(table: &Table<'_>, name: &Located<String>, roles: &BTreeMap<String, u64>) -> Option<Signer> {
    if name.value == ASSIGNEE {
        return Some(Signer::Assignee);
    }
    if roles.contains_key(&name.value) {
        return Some(Signer::Role(name.value.clone()));
    }
    table.problem_with_hint(
        name.span.clone(),
        Message::new("config-unknown-role").with("name", name.value.as_str()),
        did_you_mean(&name.value, roles.keys().map(String::as_str).chain([ASSIGNEE])),
    );
    None
}

/// When what is urgent and overdue is told again, where nothing is said: each morning on which people work.
const OVERDUE: &str = "0 9 * * MON-FRI";

/// Written for never.
const NEVER: &str = "never";

/// `[findings]`, where it is there.
pub(super) fn findings(table: Option<&Table<'_>>, folder: &Path, zone: Tz) -> FindingsConfig {
    let written = table.and_then(|table| Some((table, table.text("overdue")?)));
    let cron = match &written {
        Some((_, text)) if text.value == NEVER => None,
        Some((table, text)) => cron(table, text),
        None => Cron::parse(OVERDUE).ok(),
    };
    FindingsConfig {
        webhook: table.and_then(|table| table.table("webhook")).and_then(|section| secret(&section, folder)),
        overdue: cron.map(|cron| Schedule { cron, zone, day_off: DayOff::Skip }),
    }
}
