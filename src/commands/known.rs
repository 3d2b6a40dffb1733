//! What the files of `commands/` may say of each other: a check names the action that is its remedy, an action the checks
//! that prove it. Looked for in all files before any of them is read, so that a wrong name is told with its line.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::document::{Located, Table, did_you_mean};
use crate::domain::message::Message;

/// The actions, and the checks of each checklist.
#[derive(Debug, Default)]
pub(super) struct Known {
    actions: BTreeSet<String>,
    checklists: BTreeMap<String, BTreeSet<String>>,
    /// Files that cannot be read at all: what they would say is not held against others.
    unread: BTreeSet<String>,
}

impl Known {
    /// What the files at `paths` are, as far as that can be seen.
    pub(super) fn of(paths: &[PathBuf]) -> Self {
        let mut known = Self::default();
        for path in paths {
            let id = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default().to_owned();
            match table(path) {
                Some(table) if table.get("kind").and_then(toml::Value::as_str) == Some("action") => {
                    known.actions.insert(id);
                }
                Some(table) if table.get("kind").and_then(toml::Value::as_str) == Some("runbook") => {}
                Some(table) => {
                    known.checklists.insert(id, checks(&table));
                }
                None => {
                    known.unread.insert(id);
                }
            }
        }
        known
    }

    /// Tells of an action that there is not.
    pub(super) fn action(&self, table: &Table<'_>, name: &Located<String>) {
        if self.actions.contains(&name.value) || self.unread.contains(&name.value) {
            return;
        }
        let names = || self.actions.iter().map(String::as_str);
        table.problem_with_hint(
            name.span.clone(),
            Message::new("commands-unknown-action").with("name", name.value.as_str()),
            did_you_mean(&name.value, names()),
        );
    }

    /// Tells of a checklist, or of checks of it, that there are not.
    pub(super) fn checks(&self, table: &Table<'_>, checklist: &Located<String>, checks: &[Located<String>]) {
        if self.unread.contains(&checklist.value) {
            return;
        }
        let Some(there) = self.checklists.get(&checklist.value) else {
            table.problem_with_hint(
                checklist.span.clone(),
                Message::new("commands-unknown").with("name", checklist.value.as_str()),
                did_you_mean(&checklist.value, self.checklists.keys().map(String::as_str)),
            );
            return;
        };
        for check in checks.iter().filter(|check| !there.contains(&check.value)) {
            table.problem_with_hint(
                check.span.clone(),
                Message::new("action-unknown-check")
                    .with("checklist", checklist.value.as_str())
                    .with("name", check.value.as_str()),
                did_you_mean(&check.value, there.iter().map(String::as_str)),
            );
        }
    }
}

fn table(path: &Path) -> Option<toml::Table> {
    std::fs::read_to_string(path).ok()?.parse().ok()
}

/// The ids of a checklist's checks.
fn checks(table: &toml::Table) -> BTreeSet<String> {
    let list = |value: Option<&toml::Value>| value.and_then(toml::Value::as_array).cloned().unwrap_or_default();
    let sections = list(table.get("section"));
    let checks = sections.iter().flat_map(|section| list(section.get("check")));
    checks.filter_map(|check| check.get("id").and_then(toml::Value::as_str).map(str::to_owned)).collect()
}
