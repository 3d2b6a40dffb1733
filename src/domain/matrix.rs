//! A checklist on many hosts at once: checks are rows, hosts are columns. Pure; what is shown is made of this.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::grade::Grade;
use super::message::{Localised, Message};
use super::report::{Report, ReportedCheck};
use super::run::RunId;
use super::target::Target;

/// A checklist on many hosts.
#[derive(Clone, Debug, PartialEq)]
pub struct Matrix {
    /// The command.
    pub command: String,
    /// What the checklist is called.
    pub title: Localised,
    /// Which hosts were asked for.
    pub target: Target,
    /// The hosts, each with what was found on it.
    pub columns: Vec<Column>,
}

/// One host of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// The run; none where it could not be numbered.
    pub run: Option<RunId>,
    /// What was found so far, or at all.
    pub report: Arc<Report>,
    /// How far its run is.
    pub stage: Stage,
}

/// How far the run of a host is.
#[derive(Clone, Debug, PartialEq)]
pub enum Stage {
    /// It goes on: these checks came in.
    Running(Arc<BTreeSet<String>>),
    /// It ended, and is kept.
    Kept,
    /// It ended, and could not be kept.
    NotKept(Message),
    /// It was cut off, or the bot itself failed.
    CutOff,
}

/// What a cell says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell {
    /// It was looked at.
    Graded(Grade),
    /// It is still to come.
    Waiting,
    /// There is no such check on this host.
    Nothing,
}

impl Column {
    /// Whether nothing more comes.
    pub const fn is_over(&self) -> bool {
        !matches!(self.stage, Stage::Running(_))
    }

    /// What it says of the check `id`. Of a run that was cut off nothing is known.
    pub fn cell(&self, id: &str) -> Cell {
        match (&self.stage, self.report.check(id)) {
            (Stage::CutOff, _) => Cell::Graded(Grade::Unknown),
            (_, None) => Cell::Nothing,
            (Stage::Running(came_in), Some(_)) if !came_in.contains(id) => Cell::Waiting,
            (_, Some(check)) => Cell::Graded(check.grade),
        }
    }

    /// The grade of all of it: `unknown` where it was cut off.
    pub fn grade(&self) -> Grade {
        if self.stage == Stage::CutOff { Grade::Unknown } else { self.report.grade() }
    }
}

impl Matrix {
    /// Whether every host's run came to its end.
    pub fn is_over(&self) -> bool {
        self.columns.iter().all(Column::is_over)
    }

    /// The worst grade of all hosts.
    pub fn grade(&self) -> Grade {
        Grade::worst(self.columns.iter().map(Column::grade))
    }

    /// The rows: every check that any host has, in the order of the hosts' reports, with the heading it stands below.
    pub fn rows(&self) -> Vec<(&Localised, Vec<&ReportedCheck>)> {
        let mut rows: Vec<(&str, &Localised, Vec<&ReportedCheck>)> = Vec::new();
        for section in self.columns.iter().flat_map(|column| &column.report.sections) {
            let place = match rows.iter().position(|(id, ..)| *id == section.id) {
                Some(place) => place,
                None => {
                    rows.push((&section.id, &section.title, Vec::new()));
                    rows.len() - 1
                }
            };
            let Some((_, _, checks)) = rows.get_mut(place) else { continue };
            for check in &section.checks {
                if !checks.iter().any(|known| known.id == check.id) {
                    checks.push(check);
                }
            }
        }
        rows.into_iter().map(|(_, title, checks)| (title, checks)).collect()
    }

    /// The places of the columns in the order in which a person must look at them: the worst first, then as they stand.
    pub fn worst_first(&self) -> Vec<usize> {
        let mut places: Vec<usize> = (0..self.columns.len()).collect();
        places.sort_by_key(|place| self.columns.get(*place).map(|column| (column.grade(), *place)));
        places
    }
}
