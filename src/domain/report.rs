//! The report: every check of one run with its grade. Pure; what is shown anywhere is made of this.

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::command::{Check, Checklist, Rule, Section};
use super::difference::Difference;
use super::evidence::{Looked, Measurement, Status, Value};
use super::grade::{Grade, Verdict, grade};
use super::history::History;
use super::message::{Localised, Message};
use super::waiver::Waived;

/// What one run found.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// The command that ran: `daily`.
    pub command: String,
    /// What stands above it.
    pub title: Localised,
    /// The host it ran against, by its name in `bot.toml`.
    pub host: String,
    /// What the host is called.
    pub host_title: Localised,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When the last check came in.
    pub finished_at: DateTime<Utc>,
    /// Its sections, in the order of the file.
    pub sections: Vec<ReportedSection>,
    /// The acts that ran on the host meanwhile: what was seen may be passing.
    pub during: Vec<Meanwhile>,
    /// What is other than in the run before; none while the run goes on, and where there was none before.
    pub difference: Option<Difference>,
}

/// An act that ran on the host while a run looked at it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meanwhile {
    /// Its request.
    pub request: i64,
    /// What it is called.
    pub title: Localised,
}

/// A heading of the report with its checks.
#[derive(Clone, Debug, PartialEq)]
pub struct ReportedSection {
    /// Names it.
    pub id: String,
    /// Its heading.
    pub title: Localised,
    /// Its checks, in the order of the file.
    pub checks: Vec<ReportedCheck>,
}

/// One graded check. It carries its own titles and remedies, since a command may be changed later.
#[derive(Clone, Debug, PartialEq)]
pub struct ReportedCheck {
    /// Names it.
    pub id: String,
    /// The row of the team's requirements.
    pub row: Option<String>,
    /// What it is called.
    pub title: Localised,
    /// Its grade.
    pub grade: Grade,
    /// The waiver that it runs under, with what it was graded; only where the grade is `waived`.
    pub waived: Option<Waived>,
    /// Why it is not pass, worst first.
    pub reasons: Vec<Message>,
    /// The values beside its title.
    pub shown: Vec<Measurement>,
    /// What is wanted: `< 80 %`.
    pub threshold: Option<String>,
    /// What to do about it.
    pub remedies: Vec<Localised>,
    /// What shows it.
    pub evidence: ReportedEvidence,
    /// Every number that was measured, for the trends, and the texts that a rule compares with what they were.
    pub measurements: Vec<Measurement>,
}

/// What ran, and what it gave.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ReportedEvidence {
    /// What ran, as a person could run it.
    pub what: String,
    /// How it ended.
    pub status: Option<Status>,
    /// The output that matters, masked and bounded.
    pub output: String,
    /// How long it took.
    pub elapsed: Duration,
    /// What the reader should know besides.
    pub notes: Vec<Message>,
}

impl Report {
    /// Every check, in the order in which it is shown.
    pub fn checks(&self) -> impl Iterator<Item = &ReportedCheck> {
        self.sections.iter().flat_map(|section| &section.checks)
    }

    /// The check named `id`.
    pub fn check(&self, id: &str) -> Option<&ReportedCheck> {
        self.checks().find(|check| check.id == id)
    }

    /// The worst grade of all checks.
    pub fn grade(&self) -> Grade {
        Grade::worst(self.checks().map(|check| check.grade))
    }

    /// How many checks have each grade that occurs, the worst first.
    pub fn tally(&self) -> Vec<(Grade, usize)> {
        let count = |grade| self.checks().filter(|check| check.grade == grade).count();
        Grade::ALL.into_iter().map(|grade| (grade, count(grade))).filter(|(_, count)| *count > 0).collect()
    }

    /// How long the run took.
    pub fn elapsed(&self) -> Duration {
        (self.finished_at - self.started_at).to_std().unwrap_or_default()
    }
}

/// Collects the checks of a run as they come in, in any order.
#[derive(Clone, Debug)]
pub struct ReportBuilder {
    report: Report,
    came_in: BTreeSet<String>,
}

impl ReportBuilder {
    /// An empty report of `checklist` against a host, in which every check is still to come.
    pub fn new(checklist: &Checklist, host: &str, host_title: &Localised, started_at: DateTime<Utc>) -> Self {
        let sections = checklist.sections.iter().map(empty_section).collect();
        let report = Report {
            command: checklist.id.clone(),
            title: checklist.title.clone(),
            host: host.to_owned(),
            host_title: host_title.clone(),
            started_at,
            finished_at: started_at,
            sections,
            during: Vec::new(),
            difference: None,
        };
        Self { report, came_in: BTreeSet::new() }
    }

    /// Takes what came of looking for `check` at `now`, and gives back how it was graded.
    pub fn take(
        &mut self,
        check: &Check,
        looked: &Looked,
        history: &History,
        now: DateTime<Utc>,
    ) -> Option<&ReportedCheck> {
        let slot = self
            .report
            .sections
            .iter_mut()
            .flat_map(|section| &mut section.checks)
            .find(|reported| reported.id == check.id)?;
        *slot = reported(check, looked, grade(check, looked, history, now));
        self.came_in.insert(check.id.clone());
        self.report.finished_at = now;
        Some(slot)
    }

    /// The ids of the checks that came in.
    pub const fn came_in(&self) -> &BTreeSet<String> {
        &self.came_in
    }

    /// The report as it stands. A check that never came in is `unknown`.
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// The report.
    pub fn finish(self) -> Report {
        self.report
    }
}

fn empty_section(section: &Section) -> ReportedSection {
    let checks = section.checks.iter().map(|check| ReportedCheck {
        id: check.id.clone(),
        row: check.row.clone(),
        title: check.title.clone(),
        grade: Grade::Unknown,
        waived: None,
        reasons: vec![Message::new("reason-not-finished")],
        shown: Vec::new(),
        threshold: None,
        remedies: check.remedies.iter().map(|remedy| remedy.says.clone()).collect(),
        evidence: ReportedEvidence::default(),
        measurements: Vec::new(),
    });
    ReportedSection { id: section.id.clone(), title: section.title.clone(), checks: checks.collect() }
}

/// Every number is worth a trend; a text only where a rule will ask what it was.
fn is_kept(check: &Check, measurement: &Measurement) -> bool {
    let asked = |rule: &Rule| rule.measure == measurement.measure && rule.against().next().is_some();
    matches!(measurement.value, Value::Quantity(_)) || check.rules.iter().any(asked)
}

fn reported(check: &Check, looked: &Looked, verdict: Verdict) -> ReportedCheck {
    let (evidence, measurements) = match looked {
        Ok(seen) => {
            let output = if verdict.lines.is_empty() { seen.output.clone() } else { verdict.lines.join("\n") };
            let evidence = ReportedEvidence {
                what: seen.what.clone(),
                status: seen.status.clone(),
                output,
                elapsed: seen.elapsed,
                notes: seen.notes.clone(),
            };
            let kept = seen.measurements.iter().filter(|measurement| is_kept(check, measurement));
            (evidence, kept.map(Measurement::kept).collect())
        }
        Err(could_not) => {
            let evidence = ReportedEvidence {
                what: could_not.what.clone(),
                status: None,
                output: could_not.output.clone(),
                elapsed: could_not.elapsed,
                notes: could_not.hint.iter().cloned().collect(),
            };
            (evidence, Vec::new())
        }
    };
    ReportedCheck {
        id: check.id.clone(),
        row: check.row.clone(),
        title: check.title.clone(),
        grade: verdict.grade,
        waived: None,
        reasons: verdict.reasons,
        shown: verdict.shown.iter().map(Measurement::kept).collect(),
        threshold: verdict.threshold,
        remedies: check.remedies.iter().map(|remedy| remedy.says.clone()).collect(),
        evidence,
        measurements,
    }
}
