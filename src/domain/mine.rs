//! What is somebody's: what they may sign, and the findings that they see to.

use chrono::NaiveDate;

use super::finding::Finding;
use super::message::Localised;
use super::period::Period;
use super::run::RunId;

/// What is somebody's.
#[derive(Clone, Debug, Default)]
pub struct Mine {
    /// What they may sign, and is not signed.
    pub to_sign: Vec<ToSign>,
    /// The open findings that they see to, the most urgent first.
    pub findings: Vec<Finding>,
    /// What day it is.
    pub today: NaiveDate,
}

/// A checklist that somebody may sign.
#[derive(Clone, Debug)]
pub struct ToSign {
    /// What the checklist is called.
    pub title: Localised,
    /// What the host is called.
    pub host_title: Localised,
    /// For which day, week or month.
    pub period: Period,
    /// The result that is to be signed; none where nobody has looked yet.
    pub run: Option<RunId>,
    /// It was signed, and is open again.
    pub again: bool,
    /// They have begun.
    pub begun: bool,
}
