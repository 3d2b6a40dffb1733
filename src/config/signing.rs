//! Reads who may sign, and what becomes of findings.

use std::collections::BTreeMap;
use std::path::Path;

use super::parse::secret;
use super::{FindingsConfig, Signer};
use crate::document::{Located, Table, did_you_mean};
use crate::domain::message::Message;

/// Stands for whoever is on duty, where a role could be named.
const ASSIGNEE: &str = "assignee";

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

/// `[findings]`.
pub(super) fn findings(table: &Table<'_>, folder: &Path) -> FindingsConfig {
    FindingsConfig { webhook: table.table("webhook").and_then(|section| secret(&section, folder)) }
}
