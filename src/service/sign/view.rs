//! What somebody who signs is shown, and what they are asked to write.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::domain::finding::FindingId;
use crate::domain::message::{Localised, Message};
use crate::domain::period::Every;
use crate::domain::report::Report;
use crate::domain::run::RunId;
use crate::domain::signoff::draft::{Draft, Memo};
use crate::domain::signoff::{Case, SignOff, SignOffId};
use crate::domain::waiver::{Waiver, WaiverId};
use crate::domain::words::Words;

/// What somebody who signs is shown.
#[derive(Clone, Debug)]
pub enum SignView {
    /// What is open, and what was said.
    Walk(Box<Walk>),
    /// What was signed.
    Signed {
        /// What it says.
        sign_off: Arc<SignOff>,
        /// What the checklist is called.
        title: Localised,
        /// What the host is called.
        host_title: Localised,
        /// What is to be said above it.
        note: Option<Message>,
    },
    /// A waiver ends within a day, or has ended.
    WaiverEnds {
        /// The waiver.
        waiver: Arc<Waiver>,
        /// What the checklist is called.
        title: Localised,
        /// What the host is called.
        host_title: Localised,
        /// Whether it is over: nobody could be told in time.
        over: bool,
    },
}

/// A sign-off in the making, as its maker sees it.
#[derive(Clone, Debug)]
pub struct Walk {
    /// The run.
    pub run: RunId,
    /// Its result.
    pub report: Arc<Report>,
    /// What is signed.
    pub case: Case,
    /// What was said so far.
    pub draft: Draft,
    /// The check that is spoken of now; none where nothing is open and none was chosen.
    pub item: Option<String>,
    /// The open findings, by check.
    pub findings: BTreeMap<String, FindingId>,
    /// What is to be said above it.
    pub note: Option<Message>,
}

/// What somebody who signs is asked to write.
#[derive(Clone, Debug)]
pub enum SignForm {
    /// A note on a check.
    Note {
        /// The run.
        run: RunId,
        /// The check.
        check: String,
        /// What it is called.
        title: Localised,
        /// What stands there already.
        text: String,
    },
    /// Why a check is taken on, and until when.
    Waiver {
        /// The run.
        run: RunId,
        /// The check.
        check: String,
        /// What it is called.
        title: Localised,
        /// The end that is suggested: `2026-12-03 09:00`.
        until: String,
        /// The zone in which it is read.
        zone: String,
    },
    /// Why a waiver ends before its time.
    WaiverEnd {
        /// The waiver.
        waiver: WaiverId,
        /// What its check is called.
        title: Localised,
    },
    /// The texts of the template.
    Memos {
        /// The run.
        run: RunId,
        /// Which template.
        every: Every,
        /// What stands there already.
        texts: BTreeMap<Memo, Words>,
    },
    /// Why a sign-off is taken back.
    Withdrawal {
        /// The sign-off.
        sign_off: SignOffId,
    },
}
