//! A command: one file of `commands/`, one slash command, one checklist.

use std::time::Duration;

use chrono::TimeDelta;

use super::action::Given;
use super::condition::Condition;
use super::condition::past::{Against, Usual};
use super::message::Localised;
use super::period::Every;
use super::probe::Probe;
use super::template::Template;

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
    /// For how long a sign-off holds, where it is signed: once a day, a week or a month.
    pub signed: Option<Every>,
    /// Its sections, in the order in which they are shown.
    pub sections: Vec<Section>,
    /// The team's own form for signing it off, where it has one.
    pub template: Option<Template>,
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
    pub remedies: Vec<Remedy>,
    /// How long its look may take.
    pub deadline: Duration,
}

impl Check {
    /// How long a look may take where the check does not say.
    pub const DEADLINE: Duration = Duration::from_secs(10);

    /// Whether any of its rules asks the past.
    pub fn asks_past(&self) -> bool {
        self.rules.iter().any(|rule| rule.against().next().is_some())
    }

    /// How far back its rules look, where one of them compares with what is usual.
    pub fn looks_back(&self) -> Option<TimeDelta> {
        let usual = self.rules.iter().filter(|rule| rule.against().any(Against::asks_usual));
        // Half a span more: what was looked at a little late still counts for its own.
        usual.map(|rule| rule.usual.over + rule.usual.every).max()
    }
}

/// What to do when a check is not pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remedy {
    /// In words; where an action does it, with the slash command as it is to be typed.
    pub says: Localised,
    /// The action that does it.
    pub act: Option<RemedyAct>,
}

/// The action that a remedy names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemedyAct {
    /// The action.
    pub action: String,
    /// What the remedy says is chosen for its parameters; those that it leaves open, somebody chooses.
    pub with: Given,
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
    /// What "usual" means, where a condition compares with that.
    pub usual: Usual,
    /// The measure is not to be had on every host, or its past is: where either cannot be read, the rule is passed over.
    pub optional: bool,
}

impl Rule {
    /// What its conditions ask of the past.
    pub fn against(&self) -> impl Iterator<Item = &Against> {
        [&self.warn, &self.fail].into_iter().flatten().filter_map(Condition::against)
    }
}
