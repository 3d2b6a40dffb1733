//! Commands that no item asks for: each becomes a check of its own.

use toml::Value;

use super::code::Known;
use super::expect::{asked_rules, body_pattern, shell_rules};
use super::look::{Look, shell};
use super::note::{Mark, Note};
use super::plan::{Around, Planned, PlannedCheck, conditions, short};
use super::read_only::Effect;
use crate::domain::message::Message;

/// A command that no item asks for becomes a check of its own.
pub(super) fn alone(known: &Known, planned: &mut Planned, around: &Around<'_>, notes: &mut Vec<Note>) {
    let asked = known.looks.iter().find_map(|look| asked_alone(known, look, around));
    let found = asked.or_else(|| known.looks.is_empty().then(|| of_shell(known, around)).flatten());
    check_of(known, found, "import-command", planned, notes);
}

/// A command between others that change something, in an emergency, becomes a check that a runbook looks at.
pub(super) fn look_of_runbook(known: &Known, planned: &mut Planned, around: &Around<'_>, notes: &mut Vec<Note>) {
    let asked = known.looks.iter().find_map(|look| asked_alone(known, look, around));
    check_of(known, asked.or_else(|| of_shell(known, around)), "import-runbook-look", planned, notes);
}

fn check_of(
    known: &Known,
    found: Option<PlannedCheck>,
    says: &'static str,
    planned: &mut Planned,
    notes: &mut Vec<Note>,
) {
    let line = known.statement.line;
    let text = short(&known.statement.text);
    let Some(check) = found else {
        notes.push(Note::new(line, Mark::Left, Message::new("import-unused").with("text", text)));
        return;
    };
    let message = Message::new(says).with("text", text).with("rules", conditions(&check.rules));
    let probe = check.probe.get("kind").and_then(Value::as_str).unwrap_or_default().to_owned();
    notes.push(Note::new(line, Mark::Guessed, message.with("probe", probe)));
    planned.checks.push(check);
}

/// What a command is called that no item names.
fn own_title(known: &Known) -> String {
    let title = known.statement.comment.clone().unwrap_or_else(|| short(&known.statement.text));
    without_number(&title).to_owned()
}

/// The check of what a command is known to look at, where it is asked without an item as well.
fn asked_alone(known: &Known, look: &Look, around: &Around<'_>) -> Option<PlannedCheck> {
    let asked = around.words.check.iter().find(|asked| asked.alone && asked.look == look.kind)?;
    let title = own_title(known);
    let (rules, _) = asked_rules(&title, Some(&asked), look, around.words);
    Some(PlannedCheck {
        line: known.statement.line,
        id: asked.id.clone(),
        title,
        probe: look.probe.clone(),
        rules,
        show: asked.show.clone(),
        deadline: asked.deadline.clone(),
        item: false,
        remedies: Vec::new(),
    })
}

/// The command itself as a check, where it only reads.
fn of_shell(known: &Known, around: &Around<'_>) -> Option<PlannedCheck> {
    (known.effect == Effect::Reads).then(|| PlannedCheck {
        line: known.statement.line,
        id: "command".into(),
        title: own_title(known),
        rules: shell_rules(&known.statement, &body_pattern(&known.statement.expected)),
        probe: shell(&known.statement, around.facts).probe,
        show: vec!["output".into()],
        deadline: None,
        item: false,
        remedies: Vec::new(),
    })
}

/// `3. Nginx version` without its number.
pub(super) fn without_number(text: &str) -> &str {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    rest.strip_prefix(". ").filter(|_| rest.len() < text.len()).unwrap_or(text)
}
