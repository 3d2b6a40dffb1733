//! What every command file says of itself, whatever its kind: how it is called, and who may use it.

use super::{LONGEST_DESCRIPTION, LONGEST_TITLE, has_length, is_command_name};
use crate::document::{Located, Table, did_you_mean};
use crate::domain::message::{Localised, Message};

/// A file's head, as far as it is well.
pub(super) struct Head {
    pub(super) title: Option<Localised>,
    pub(super) description: Option<Localised>,
}

/// Reads the head.
pub(super) fn head(table: &Table<'_>) -> Head {
    // `false` was seen before: then nothing of the file counts.
    let _ = table.flag("enabled");
    let text = |key, most| {
        let text = table.required_localised(key).filter(|text| has_length(table, text, most))?;
        Some(text.value)
    };
    Head { title: text("title", LONGEST_TITLE), description: text("description", LONGEST_DESCRIPTION) }
}

/// Its name as a slash command in Korean, where it has one of its own.
pub(super) fn name_ko(table: &Table<'_>) -> Option<String> {
    let name = table.text("name_ko")?;
    if !is_command_name(&name.value) {
        table.problem(name.span, Message::new("commands-bad-name").with("name", name.value.as_str()));
    }
    Some(name.value)
}

/// The names of roles. `bot.toml`, which knows their ids, is held against them when both are there.
pub(super) fn roles(table: &Table<'_>, key: &'static str) -> Vec<String> {
    let roles = table.texts(key);
    if roles.is_empty() {
        let hint = Some(Message::new("action-roles-hint"));
        table.problem_with_hint(table.span(), Message::new("action-no-roles").with("key", key), hint);
    }
    roles.into_iter().map(|role| role.value).collect()
}

/// The one of `all` that `name` names; where none does, that is told by the message `unknown` with what is nearest.
pub(super) fn one_of<T: Copy>(
    table: &Table<'_>,
    name: &Located<String>,
    all: &[(&'static str, T)],
    unknown: &'static str,
) -> Option<T> {
    let found = all.iter().find(|(known, _)| *known == name.value).map(|(_, one)| *one);
    if found.is_none() {
        let names = || all.iter().map(|(name, _)| *name);
        let known = || Message::new("action-known").with("names", names().collect::<Vec<_>>().join(", "));
        table.problem_with_hint(
            name.span.clone(),
            Message::new(unknown).with("name", name.value.as_str()),
            did_you_mean(&name.value, names()).or_else(|| Some(known())),
        );
    }
    found
}
