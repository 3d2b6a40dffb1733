//! Reads the steps of an action.

use std::time::Duration;

use crate::commands::probe;
use crate::document::{Located, Table, did_you_mean};
use crate::domain::action::step::Run;
use crate::domain::action::{Parameter, Step, Word};
use crate::domain::message::Message;

/// How long a step may take where the file does not say.
const TIMEOUT: Duration = Duration::from_secs(60);

pub(super) fn read(table: &Table<'_>, parameters: &[Parameter]) -> Option<Step> {
    let sudo = table.flag("sudo").is_some_and(|sudo| sudo.value);
    let timeout = if table.has("timeout") { probe::duration(table, "timeout") } else { Some(TIMEOUT) };
    let words = table.texts("run");
    if words.is_empty() {
        table.problem(table.span(), Message::new("file-missing-key").with("key", "run"));
        return None;
    }
    let argv: Vec<_> = words.iter().filter_map(|written| word(table, written, parameters)).collect();
    (argv.len() == words.len()).then_some(Step::Run(Run { argv, sudo, timeout: timeout? }))
}

/// A word is a literal, or as a whole `{parameter}`.
fn word(table: &Table<'_>, written: &Located<String>, parameters: &[Parameter]) -> Option<Word> {
    let Some(id) = written.value.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) else {
        return Some(Word::Literal(written.value.clone()));
    };
    if parameters.iter().any(|parameter| parameter.id == id) {
        return Some(Word::Argument(id.to_owned()));
    }
    table.problem_with_hint(
        written.span.clone(),
        Message::new("action-unknown-parameter").with("id", id),
        did_you_mean(id, parameters.iter().map(|parameter| parameter.id.as_str())),
    );
    None
}
