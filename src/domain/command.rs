//! A command: one file of `commands/`, one slash command, one checklist.

use super::condition::Condition;
use super::message::Localised;
use super::probe::Probe;

/// A checklist, as its file describes it.
#[derive(Clone, Debug, PartialEq)]
pub struct Checklist {
    /// The file's stem and the slash command's name: `daily`.
    pub id: String,
    /// Its name as a slash command in Korean, where it has one of its own.
    pub name_ko: Option<String>,
    /// What stands above the report.
    pub title: Localised,
    /// What Discord and `--help` say of it.
    pub description: Localised,
    /// Its sections, in the order in which they are shown.
    pub sections: Vec<Section>,
}

impl Checklist {
    /// Every check, in the order in which it is shown.
    pub fn checks(&self) -> impl Iterator<Item = &Check> {
        self.sections.iter().flat_map(|section| &section.checks)
    }
}

/// A group of checks under one heading.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    /// Names it in JSON and in the database.
    pub id: String,
    /// Its heading.
    pub title: Localised,
    /// Its checks.
    pub checks: Vec<Check>,
}

/// One line of a checklist.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// Names it in JSON and in the database; unique in its checklist.
    pub id: String,
    /// The row of the team's own requirements, where it has one: `D1`.
    pub row: Option<String>,
    /// What it is called.
    pub title: Localised,
    /// What it looks at.
    pub probe: Probe,
    /// What is good.
    pub rules: Vec<Rule>,
    /// The measures whose values stand beside its title; the first is the value in JSON.
    pub show: Vec<String>,
    /// What to do when it is not pass.
    pub remedies: Vec<Localised>,
}

/// What is asked of one measure.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// The measure.
    pub measure: String,
    /// When it is a warning.
    pub warn: Option<Condition>,
    /// When it is a failure.
    pub fail: Option<Condition>,
    /// The measure is not to be had on every host: where it cannot be read, the rule is passed over.
    pub optional: bool,
}
