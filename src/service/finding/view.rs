//! What somebody who writes, reads or changes a finding is shown, and what they are asked to write.

use std::sync::Arc;

use chrono::NaiveDate;

use super::Spot;
use crate::domain::finding::{Finding, FindingId};
use crate::domain::grade::Grade;
use crate::domain::message::{Localised, Message};
use crate::domain::signoff::draft;

/// What somebody who writes, reads or changes a finding is shown.
#[derive(Clone, Debug)]
pub enum FindingView {
    /// One that is being written.
    Form {
        /// Where it is written.
        spot: Spot,
        /// What the check is called.
        title: Localised,
        /// What it was graded.
        grade: Grade,
        /// What stands there so far.
        form: draft::FindingForm,
        /// What is to be said above it.
        note: Option<Message>,
    },
    /// One, as it stands, for a person to change.
    One {
        /// The finding.
        finding: Arc<Finding>,
        /// What day it is.
        today: NaiveDate,
        /// What is to be said above it.
        note: Option<Message>,
    },
    /// One, as everybody sees it where its owner was pinged.
    Posted {
        /// The finding.
        finding: Arc<Finding>,
        /// What day it is.
        today: NaiveDate,
        /// Who sees to it is not in the guild any more.
        gone: bool,
    },
    /// All of them.
    List {
        /// The findings.
        findings: Vec<Finding>,
        /// Closed ones are among them.
        closed: bool,
        /// What day it is.
        today: NaiveDate,
    },
}

/// What can be written on a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writing {
    /// More of it.
    Said,
    /// What was done: it is closed.
    Closed,
    /// Why it is open again.
    Reopened,
}

impl Writing {
    /// Each.
    pub const ALL: [Self; 3] = [Self::Said, Self::Closed, Self::Reopened];

    /// Its name in buttons and forms.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Said => "said",
            Self::Closed => "closed",
            Self::Reopened => "reopened",
        }
    }

    /// The one that is called `name`.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|writing| writing.name() == name)
    }
}

/// What somebody is asked to write on a finding.
#[derive(Clone, Debug)]
pub enum FindingForm {
    /// What was found, to be changed.
    Words {
        /// Where it is written.
        spot: Spot,
        /// What stands there.
        text: String,
    },
    /// Something on one that is filed.
    On {
        /// The finding.
        finding: FindingId,
        /// What.
        writing: Writing,
    },
}
