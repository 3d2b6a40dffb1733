//! What is somebody's: what they may sign, the findings that they see to, the requests that wait for their word.

use chrono::{DateTime, NaiveDate, Utc};

use super::approval::RequestId;
use super::finding::Finding;
use super::message::Localised;
use super::period::Period;
use super::run::{MessagePlace, RunId};

/// What is somebody's.
#[derive(Clone, Debug, Default)]
pub struct Mine {
    /// What they may sign, and is not signed.
    pub to_sign: Vec<ToSign>,
    /// The open findings that they see to, the most urgent first.
    pub findings: Vec<Finding>,
    /// The requests that wait for their word, the oldest first.
    pub to_decide: Vec<ToDecide>,
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

/// A request that waits for somebody's word.
#[derive(Clone, Debug)]
pub struct ToDecide {
    /// Its number.
    pub request: RequestId,
    /// What the action is called.
    pub title: Localised,
    /// What was chosen for it: which service, which backup.
    pub chosen: Vec<String>,
    /// What the host is called.
    pub host_title: Localised,
    /// What who asked is called.
    pub requester: String,
    /// From when on nothing comes of it any more.
    pub expires_at: DateTime<Utc>,
    /// Where it is shown, and can be decided on.
    pub place: Option<MessagePlace>,
}
