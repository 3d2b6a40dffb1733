//! Loads `commands/`: every file is a slash command. All problems of all files are told at once.

mod action;
mod check;
mod head;
mod known;
mod probe;
pub(crate) mod runbook;
mod template;
mod usual;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use head::{Head, head, name_ko};
use known::Known;

use crate::document::{Document, Located, Problem, Problems, Table, did_you_mean};
use crate::domain::action::Action;
use crate::domain::command::{Checklist, Section};
use crate::domain::help::BUILT_IN;
use crate::domain::message::{Localised, Message};
use crate::domain::period::Every;
use crate::domain::runbook::Runbook;

/// The commands of a deployment.
#[derive(Clone, Debug, Default)]
pub struct Commands {
    /// What is looked at and graded, by id.
    pub checklists: BTreeMap<String, Checklist>,
    /// What changes something on a host, behind the gate, by id.
    pub actions: BTreeMap<String, Action>,
    /// What is done in an emergency, step by step, by id.
    pub runbooks: BTreeMap<String, Runbook>,
}

impl Commands {
    /// What the slash command `id` is called in each language: its id, and in Korean its own name where its file gives it one.
    pub fn called(&self, id: &str) -> Localised {
        let list = self.checklists.get(id).and_then(|list| list.name_ko.clone());
        let ko = list.or_else(|| self.actions.get(id)?.name_ko.clone());
        Localised { ko: ko.unwrap_or_else(|| id.to_owned()), en: id.to_owned() }
    }

    /// The names of all of them.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.checklists.keys().chain(self.actions.keys()).map(String::as_str)
    }
}

/// What one file of `commands/` describes.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// `kind = "checklist"`
    Checklist(Checklist),
    /// `kind = "action"`
    Action(Action),
    /// `kind = "runbook"`
    Runbook(Runbook),
}

/// The kinds of command files.
const KINDS: [&str; 3] = ["checklist", "action", "runbook"];

/// Discord's limits on a slash command's name and description, in characters.
const LONGEST_NAME: usize = 32;
const LONGEST_DESCRIPTION: usize = 100;
/// A heading is an embed field's name, which may have 256 characters; half of that is long enough to read.
const LONGEST_TITLE: usize = 120;
/// A choice in a select may have 100 characters.
const LONGEST_CHECK_TITLE: usize = 100;
/// An embed has at most 25 fields, and each section is one.
const MOST_SECTIONS: usize = 25;

/// Loads every `*.toml` of `folder`.
///
/// # Errors
/// Everything that is wrong, of all files.
pub fn load(folder: &Path) -> Result<Commands, Problems> {
    let unreadable = |cause: std::io::Error| {
        Problem::of_file(
            folder,
            Message::new("folder-unreadable")
                .with("path", folder.display().to_string())
                .with("cause", cause.to_string()),
        )
    };
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            paths.push(path);
        }
    }
    paths.sort();
    if paths.is_empty() {
        return Err(Problem::of_file(folder, Message::new("commands-none")).into());
    }
    let mut problems = Problems::default();
    let mut commands = Commands::default();
    let known = Known::of(&paths);
    for path in paths {
        let among =
            |document: Document| if document.is_off() { Ok(None) } else { read(document, Some(&known)).map(Some) };
        match Document::open(&path).map_err(Problems::from).and_then(among) {
            Ok(None) => {}
            Ok(Some(Command::Checklist(checklist))) => {
                commands.checklists.insert(checklist.id.clone(), checklist);
            }
            Ok(Some(Command::Action(action))) => {
                commands.actions.insert(action.id.clone(), action);
            }
            Ok(Some(Command::Runbook(runbook))) => {
                commands.runbooks.insert(runbook.id.clone(), runbook);
            }
            Err(mut found) => problems.0.append(&mut found.0),
        }
    }
    if problems.is_empty() { Ok(commands) } else { Err(problems) }
}

/// Reads one command file by itself: what it says of other files is taken at its word. Its id is the file's stem.
///
/// # Errors
/// Everything that is wrong with it.
pub fn parse(document: Document) -> Result<Command, Problems> {
    read(document, None)
}

fn read(document: Document, known: Option<&Known>) -> Result<Command, Problems> {
    let id = document.path().file_stem().and_then(|stem| stem.to_str()).unwrap_or_default().to_owned();
    if !is_command_name(&id) {
        let path = document.path().to_owned();
        return Err(Problem::of_file(&path, Message::new("commands-bad-name").with("name", id)).into());
    }
    if BUILT_IN.contains(&id.as_str()) {
        let path = document.path().to_owned();
        return Err(Problem::of_file(&path, Message::new("commands-built-in").with("name", id)).into());
    }
    document.read(|table| {
        let kind = table.required_text("kind");
        match kind.as_ref().map(|kind| kind.value.as_str()) {
            Some("action") => action::read(&table, id, known).map(Command::Action),
            Some("runbook") => runbook::read(&table, id, known).map(Command::Runbook),
            Some("checklist") | None => checklist(&table, id, known).map(Command::Checklist),
            Some(other) => {
                table.problem_with_hint(
                    kind.as_ref().map_or(0..0, |kind| kind.span.clone()),
                    Message::new("commands-unknown-kind").with("name", other),
                    did_you_mean(other, KINDS),
                );
                // The rest is read as what most files are, so that more than its first line is told.
                checklist(&table, id, known).map(Command::Checklist)
            }
        }
    })
}

/// Discord's rule for a slash command's name: `^[-_'\p{L}\p{N}]{1,32}$`, in lower case.
fn is_command_name(name: &str) -> bool {
    (1..=LONGEST_NAME).contains(&name.chars().count())
        && name.chars().all(|c| matches!(c, '-' | '_' | '\'') || (c.is_alphanumeric() && !c.is_uppercase()))
}

fn checklist(table: &Table<'_>, id: String, known: Option<&Known>) -> Option<Checklist> {
    let Head { title, description } = head(table);
    let name_ko = name_ko(table);
    let signed = table.text("signed").and_then(|text| signed(table, &text));
    let shared = table.table("probes").map(|probes| probe::shared(&probes)).unwrap_or_default();
    let mut seen = BTreeSet::new();
    let sections: Vec<_> =
        table.tables("section").iter().filter_map(|section| read_section(section, &shared, known, &mut seen)).collect();
    if sections.is_empty() || sections.len() > MOST_SECTIONS {
        table.problem(table.span(), Message::new("commands-sections").with("most", MOST_SECTIONS.to_string()));
    }
    let template = table.table("template").map(|table| template::template(&table, &sections, signed));
    Some(Checklist {
        id,
        name_ko,
        title: title?,
        description: description?,
        signed,
        sections,
        template: match template {
            Some(template) => Some(template?),
            None => None,
        },
    })
}

/// For how long a sign-off holds: `day`, `week` or `month`.
fn signed(table: &Table<'_>, text: &Located<String>) -> Option<Every> {
    let every = Every::named(&text.value);
    if every.is_none() {
        let names = Every::ALL.map(Every::name);
        let message = Message::new("commands-unknown-signed").with("name", text.value.as_str());
        let known = || Message::new("file-known-keys").with("names", names.join(", "));
        table.problem_with_hint(text.span.clone(), message, did_you_mean(&text.value, names).or_else(|| Some(known())));
    }
    every
}

fn read_section(
    table: &Table<'_>,
    shared: &probe::Shared,
    known: Option<&Known>,
    seen: &mut BTreeSet<String>,
) -> Option<Section> {
    let id = table.required_text("id");
    let title = table.required_localised("title");
    let title = title.filter(|title| has_length(table, title, LONGEST_TITLE));
    let checks: Vec<_> = table
        .tables("check")
        .iter()
        .filter_map(|table| {
            let check = check::read(table, shared, known)?;
            if !seen.insert(check.id.clone()) {
                table.problem(table.span(), Message::new("commands-twice").with("id", check.id.as_str()));
            }
            Some(check)
        })
        .collect();
    if !table.has("check") {
        table.problem(table.span(), Message::new("file-missing-key").with("key", "check"));
    }
    Some(Section { id: id?.value, title: title?.value, checks })
}

/// Whether both languages have something, and not more than `most` characters: Discord refuses either.
fn has_length(table: &Table<'_>, text: &Located<Localised>, most: usize) -> bool {
    let mut fine = true;
    for written in [&text.value.ko, &text.value.en] {
        let length = written.trim().chars().count();
        let message = match length {
            0 => Message::new("commands-empty-text"),
            length if length > most => {
                Message::new("commands-too-long").with("length", length.to_string()).with("most", most.to_string())
            }
            _ => continue,
        };
        table.problem(text.span.clone(), message);
        fine = false;
    }
    fine
}
