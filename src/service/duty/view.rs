//! What is shown of duty.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

use crate::domain::duty::{NoticeId, Occurrence, OccurrenceId};
use crate::domain::finding::Finding;
use crate::domain::message::{Localised, Message};
use crate::domain::report::Report;
use crate::domain::rota::{OnDuty, Span};
use crate::domain::run::RunId;
use crate::service::Beside;

/// What is shown of duty.
#[derive(Clone, Debug)]
pub enum DutyView {
    /// A checklist is due.
    Reminder {
        /// Which.
        occurrence: Occurrence,
        /// What it is called.
        title: Localised,
        /// What was found, where it was looked at.
        result: Option<Found>,
        /// Whether it is late: then it says when it was due.
        late: bool,
        /// Whether nobody signs it, and a click ends it.
        simple: bool,
        /// Whether it is a checklist, which can be run.
        runnable: bool,
    },
    /// Nobody has signed yet, or somebody is to look at it now.
    Nudge {
        /// The notice itself.
        notice: NoticeId,
        /// Of what.
        occurrence: Occurrence,
        /// What it is called.
        title: Localised,
        /// What is said.
        says: Message,
        /// Whether nobody signs it, and a click ends it.
        simple: bool,
    },
    /// To whom something is to be handed.
    HandTo(OccurrenceId),
    /// What was not posted in time.
    Missed {
        /// The notice itself.
        notice: NoticeId,
        /// The latest of them, where it can still be looked at.
        occurrence: Option<OccurrenceId>,
        /// What is said.
        says: Message,
    },
    /// What is only told.
    Note {
        /// The notice itself.
        notice: NoticeId,
        /// What is said.
        says: Message,
    },
    /// What nobody has signed.
    Digest {
        /// The notice itself; none where somebody asked.
        notice: Option<NoticeId>,
        /// The lines, the oldest first.
        lines: Vec<DigestLine>,
    },
    /// What is urgent, open and past its day.
    Findings {
        /// The notice itself.
        notice: NoticeId,
        /// Them, the oldest day first.
        findings: Vec<Finding>,
        /// What day it is.
        today: NaiveDate,
    },
    /// Whose turn it is.
    Rota(Vec<RotaOf>),
}

/// What was found for a reminder.
#[derive(Clone, Debug)]
pub struct Found {
    /// The run's number; none where it could not be kept.
    pub run: Option<RunId>,
    /// Its report.
    pub report: Arc<Report>,
    /// Why it could not be kept.
    pub not_kept: Option<Message>,
    /// What the record says beside it.
    pub beside: Arc<Beside>,
}

/// One line of what nobody has signed.
#[derive(Clone, Debug)]
pub struct DigestLine {
    /// The occurrence.
    pub occurrence: Occurrence,
    /// What it is called.
    pub title: Localised,
}

/// The rota of one checklist.
#[derive(Clone, Debug)]
pub struct RotaOf {
    /// What the checklist is called.
    pub title: Localised,
    /// Who is on now.
    pub now: OnDuty,
    /// When it is due next.
    pub next: Option<DateTime<Utc>>,
    /// The weeks to come; empty where only today was asked for.
    pub spans: Vec<(Span, OnDuty)>,
}
