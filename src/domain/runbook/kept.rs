//! A runbook that was opened, as it stands: what happened in it, and what became of the acts that were asked for.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::{Does, Happening, RunbookStep};
use crate::domain::approval::{Decision, KeptRequest, RequestId, State};
use crate::domain::run::MessagePlace;

/// A happening, by whom and when.
#[derive(Clone, Debug, PartialEq)]
pub struct Happened {
    /// What.
    pub what: Happening,
    /// Who, by id, and what they were called then.
    pub by: (u64, String),
    /// When.
    pub at: DateTime<Utc>,
}

/// An open or closed runbook, as it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptRunbook {
    /// Its number.
    pub id: i64,
    /// The runbook.
    pub runbook: String,
    /// The host.
    pub host: String,
    /// The channel it was opened in.
    pub channel: u64,
    /// The message that shows it; none: it could not be posted.
    pub place: Option<MessagePlace>,
    /// The thread it is led in; none: it could not be opened.
    pub thread: Option<u64>,
    /// What happened, in order. The first is that it was opened.
    pub happened: Vec<Happened>,
    /// The requests that were made in it, as they stand now.
    pub acts: BTreeMap<RequestId, KeptRequest>,
}

/// How far a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nothing was done of it.
    Open,
    /// Somebody's word is waited for.
    Waits,
    /// Its act runs.
    Runs,
    /// It was done, and what came of it is not well.
    Bad,
    /// It was done, and is well.
    Done,
}

/// A line of the timeline.
#[derive(Clone, Debug, PartialEq)]
pub struct Moment<'a> {
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub event: Event<'a>,
}

/// What a line of the timeline tells.
#[derive(Clone, Debug, PartialEq)]
pub enum Event<'a> {
    /// What somebody did in the runbook.
    Happened(&'a Happened),
    /// What somebody said to a request of it.
    Said(RequestId, &'a Decision),
    /// The act of a request was begun.
    Begun(RequestId),
    /// A request came to its end.
    Ended(RequestId, State),
}

impl KeptRunbook {
    /// When it was opened.
    pub fn opened_at(&self) -> Option<DateTime<Utc>> {
        self.happened.first().map(|first| first.at)
    }

    /// How it was closed: whether what it was for is over, and when.
    pub fn closed(&self) -> Option<(bool, DateTime<Utc>)> {
        self.happened.iter().rev().find_map(|happened| match happened.what {
            Happening::Closed { solved, .. } => Some((solved, happened.at)),
            _ => None,
        })
    }

    /// Who leads: whoever said so last, and the one who opened it until then.
    pub fn lead(&self) -> Option<&(u64, String)> {
        let leads = |happened: &&Happened| matches!(happened.what, Happening::Opened { .. } | Happening::Led);
        self.happened.iter().rev().find(leads).map(|happened| &happened.by)
    }

    /// The last thing that happened to a step.
    pub fn last_of(&self, step: &str) -> Option<&Happened> {
        self.happened.iter().rev().find(|happened| happened.what.step() == Some(step))
    }

    /// How far `step` is. Only what was seen to be well is done: of an act, that it is verified.
    pub fn standing(&self, step: &RunbookStep) -> Standing {
        match (self.last_of(&step.id).map(|last| &last.what), &step.does) {
            (None, _) => Standing::Open,
            (Some(Happening::Looked { bad, .. }), _) if !bad.is_empty() => Standing::Bad,
            (Some(Happening::Shown { .. }), _) => Standing::Waits,
            (Some(Happening::Asked { request, .. }), Does::Act { .. }) => {
                match self.acts.get(&RequestId(*request)).map(|kept| kept.request.state()) {
                    Some(State::Requested | State::Approved) => Standing::Waits,
                    Some(State::Running) => Standing::Runs,
                    Some(State::Verified) => Standing::Done,
                    _ => Standing::Bad,
                }
            }
            (Some(_), _) => Standing::Done,
        }
    }

    /// The requests that were made in it, in order.
    pub fn requests(&self) -> impl Iterator<Item = RequestId> {
        self.happened.iter().filter_map(|happened| match happened.what {
            Happening::Asked { request, .. } => Some(RequestId(request)),
            _ => None,
        })
    }

    /// All of it by time: what people did in it, and what became of its requests.
    pub fn timeline(&self) -> Vec<Moment<'_>> {
        let mut moments: Vec<_> =
            self.happened.iter().map(|one| Moment { at: one.at, event: Event::Happened(one) }).collect();
        for (id, kept) in &self.acts {
            let said = kept.decisions.iter().map(|said| Moment { at: said.at, event: Event::Said(*id, said) });
            moments.extend(said);
            moments.extend(kept.begun_at.map(|at| Moment { at, event: Event::Begun(*id) }));
            let state = kept.request.state();
            // What somebody said no to, or took back, is told by their word.
            let told = matches!(state, State::Denied | State::Cancelled);
            let ended = kept.ended_at.filter(|_| state.is_over() && !told);
            moments.extend(ended.map(|at| Moment { at, event: Event::Ended(*id, state) }));
        }
        moments.sort_by_key(|moment| moment.at);
        moments
    }

    /// How long it took, or has taken by `now`.
    pub fn took(&self, now: DateTime<Utc>) -> Duration {
        let end = self.closed().map_or(now, |(_, at)| at);
        let opened = self.opened_at().unwrap_or(end);
        (end - opened).to_std().unwrap_or_default()
    }
}
