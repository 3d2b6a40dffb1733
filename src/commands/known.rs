//! What the files of `commands/` may say of each other: a check names the action that is its remedy, an action the checks
//! that prove it. Looked for in all files before any of them is read, so that a wrong name is told with its line.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::document::{Located, Table, did_you_mean};
use crate::domain::message::Message;

/// How much a runbook may leave to be chosen in a form, which has five inputs: the reason and the target are asked as well.
const MOST_OPEN: usize = 3;

/// The actions, and the checks of each checklist.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// With the parameters of each: their names, and what can be chosen where the file says it; empty where the host does.
    actions: BTreeMap<String, BTreeMap<String, Vec<String>>>,
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
                    known.actions.insert(id, parameters(&table));
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
        if self.actions.contains_key(&name.value) || self.unread.contains(&name.value) {
            return;
        }
        let names = || self.actions.keys().map(String::as_str);
        table.problem_with_hint(
            name.span.clone(),
            Message::new("commands-unknown-action").with("name", name.value.as_str()),
            did_you_mean(&name.value, names()),
        );
    }

    /// Tells of values that cannot be chosen for `action`, and where too many are left to be chosen in a form.
    pub(super) fn chosen(
        &self,
        table: &Table<'_>,
        action: &Located<String>,
        with: &[(Located<String>, Located<String>)],
    ) {
        let Some(parameters) = self.actions.get(&action.value) else { return };
        for (name, value) in with {
            match parameters.get(&name.value) {
                None => table.problem_with_hint(
                    name.span.clone(),
                    Message::new("action-unknown-parameter").with("id", name.value.as_str()),
                    did_you_mean(&name.value, parameters.keys().map(String::as_str)),
                ),
                Some(choices) if choices.is_empty() || choices.contains(&value.value) => {}
                Some(choices) => table.problem_with_hint(
                    value.span.clone(),
                    Message::new("action-bad-choice").with("choice", value.value.as_str()),
                    Some(Message::new("action-known").with("names", choices.join(", "))),
                ),
            }
        }
        let is_open = |name: &&String| !with.iter().any(|(chosen, _)| chosen.value == **name);
        let open: Vec<_> = parameters.keys().filter(is_open).map(String::as_str).collect();
        if open.len() > MOST_OPEN {
            let told = Message::new("runbook-step-open").with("most", MOST_OPEN.to_string());
            table.problem(action.span.clone(), told.with("names", open.join(", ")));
        }
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

/// The entries of what may be a list.
fn list(value: Option<&toml::Value>) -> Vec<toml::Value> {
    value.and_then(toml::Value::as_array).cloned().unwrap_or_default()
}

/// The parameters of an action, with their choices.
fn parameters(table: &toml::Table) -> BTreeMap<String, Vec<String>> {
    let text = |value: &toml::Value| value.as_str().map(str::to_owned);
    let parameter = |parameter: &toml::Value| {
        let choices = list(parameter.get("choices")).iter().filter_map(text).collect();
        Some((text(parameter.get("id")?)?, choices))
    };
    list(table.get("parameter")).iter().filter_map(parameter).collect()
}

/// The ids of a checklist's checks.
fn checks(table: &toml::Table) -> BTreeSet<String> {
    let sections = list(table.get("section"));
    let checks = sections.iter().flat_map(|section| list(section.get("check")));
    checks.filter_map(|check| check.get("id").and_then(toml::Value::as_str).map(str::to_owned)).collect()
}
