//! Acts behind the gate: asked for with a reason, agreed to by the right people, carried out once, kept on record.
//!
//! A request's way: [`ask`] -> [`make`] -> [`decide`] -> [`carry`] -> its end; [`time`] ends what nobody decided on, [`recover`] what a
//! crash left behind. What is shown of it is always the record's: the message is edited whenever it changes.

mod ask;
mod audit;
mod beside;
mod can;
mod carry;
mod chosen;
mod decide;
mod emergency;
mod hands;
mod id;
mod make;
mod proof;
mod recover;
mod release;
mod remedy;
mod review;
mod tell;
mod time;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::Notify;

use super::{Room, Service};
use crate::domain::action::{Given, Parameter, Proof};
use crate::domain::approval::{RequestId, State};
use crate::domain::message::{Localised, Message};
use crate::domain::run::MessagePlace;
use crate::render::gate_card::ShownRequest;

pub use ask::{LONGEST_REASON, Reason};
pub use audit::{broken as audit_broken, signed as audit_signed, whole as audit_whole};
pub use id::GateId;
pub use remedy::RemedyButton;

/// The most requests that are being written at a time; older ones give way.
const MOST_DRAFTS: usize = 200;

/// What is shown of the gate.
#[derive(Clone, Debug)]
pub enum GateView {
    /// A request, as it stands.
    Request(Box<ShownRequest>),
    /// The host is looked at before a request can be made.
    Looking {
        /// What the action is called.
        title: Localised,
        /// What the host is called.
        host: Localised,
    },
    /// A request was made, and stands here.
    Made {
        /// Its number.
        id: RequestId,
        /// Where.
        place: MessagePlace,
    },
    /// The same waits already.
    Waiting {
        /// Its number.
        id: RequestId,
        /// Where it is shown, as far as that is known.
        place: Option<MessagePlace>,
    },
    /// A heading with some sentences.
    Told {
        /// The heading.
        title: Message,
        /// The sentences.
        lines: Vec<Message>,
    },
}

/// What somebody is asked to fill in at the gate.
#[derive(Clone, Debug)]
pub enum GateForm {
    /// Why, and for a critical act the target.
    Reason {
        /// What was chosen so far.
        draft: u64,
        /// What the action is called.
        title: Localised,
        /// What is still to be chosen: a runbook or a remedy has chosen the rest.
        open: Vec<Parameter>,
        /// The target that must be typed in, where it must.
        target: Option<String>,
        /// Whether the requester goes ahead alone.
        alone: bool,
    },
    /// What somebody found who looked at what was done alone.
    Review {
        /// The request.
        request: RequestId,
    },
    /// What somebody found who looked at a host after an act was interrupted.
    Release {
        /// The request.
        request: RequestId,
    },
}

/// A request that is being written: the form brings back its number only, nothing of what was chosen.
#[derive(Clone, Debug)]
struct Draft {
    person: u64,
    /// Where the form was opened, and comes back from.
    opened_in: u64,
    /// Where the request is to stand.
    room: Room,
    /// The open runbook and the step of it that asks.
    step: Option<(i64, String)>,
    action: String,
    host: String,
    given: Given,
    alone: bool,
    /// The check whose remedy it is.
    remedy_of: Option<Proof>,
}

/// What the gate remembers of this life of the bot.
#[derive(Debug, Default)]
pub(super) struct Gate {
    drafts: Mutex<BTreeMap<u64, Draft>>,
    next: AtomicU64,
    /// Why approved requests have not begun, so that it stands below them for as long as that is so.
    waits: Mutex<BTreeMap<RequestId, Message>>,
    /// Comes when a request changed.
    changed: Notify,
    /// Held while a message is brought to what the record says: an edit that was made of an older state must not come after
    /// one of a newer.
    telling: [tokio::sync::Mutex<()>; 16],
}

impl Gate {
    /// A gate whose drafts have numbers from `now` on: a form of an earlier life must not find another's draft.
    pub(super) fn new(now: DateTime<Utc>) -> Self {
        let first = u64::try_from(now.timestamp_millis()).unwrap_or_default();
        Self { next: AtomicU64::new(first), ..Self::default() }
    }

    /// Whoever holds this is the only one who posts or edits the message of `id`.
    async fn telling(&self, id: RequestId) -> tokio::sync::MutexGuard<'_, ()> {
        self.teller(id).lock().await
    }

    /// The same for who does not want to wait; none: somebody is at it.
    fn telling_now(&self, id: RequestId) -> Option<tokio::sync::MutexGuard<'_, ()>> {
        self.teller(id).try_lock().ok()
    }

    fn teller(&self, id: RequestId) -> &tokio::sync::Mutex<()> {
        let count = i64::try_from(self.telling.len()).unwrap_or(1);
        let place = usize::try_from(id.0.rem_euclid(count)).unwrap_or_default();
        &self.telling[place]
    }

    /// Why a request that is in `state` has not begun: `new`, or what was said before.
    fn why_waits(&self, id: RequestId, new: Option<Message>, state: State) -> Option<Message> {
        let mut waits = self.waits.lock().unwrap_or_else(PoisonError::into_inner);
        if state != State::Approved {
            waits.remove(&id);
            return None;
        }
        if let Some(new) = new {
            waits.insert(id, new);
        }
        waits.get(&id).cloned()
    }

    fn drafts(&self) -> MutexGuard<'_, BTreeMap<u64, Draft>> {
        self.drafts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn put(&self, draft: Draft) -> u64 {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let mut drafts = self.drafts();
        if drafts.len() >= MOST_DRAFTS {
            drafts.pop_first();
        }
        drafts.insert(number, draft);
        number
    }

    /// The draft of that number, for good: a form that is sent twice makes one request.
    fn take(&self, number: u64, person: u64) -> Option<Draft> {
        let mut drafts = self.drafts();
        if drafts.get(&number)?.person != person {
            return None;
        }
        drafts.remove(&number)
    }
}

/// The acts that this process carries out. Not of one service: when the configuration is read anew, the acts of the old one
/// go on, and must not be taken for those of a bot that died.
static CARRYING: Mutex<BTreeSet<RequestId>> = Mutex::new(BTreeSet::new());

fn carrying() -> MutexGuard<'static, BTreeSet<RequestId>> {
    CARRYING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How often it is looked whether an act has ended.
const LOOK_AGAIN: Duration = Duration::from_millis(100);

impl Service {
    /// Comes when this process carries out nothing any more. Whoever does not wait so long loses nothing: what was begun goes
    /// on on its host, but nobody sees it end, and its host is held until somebody has looked.
    pub async fn acts_ended(&self) {
        while !carrying().is_empty() {
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }
}

/// Carries a request for as long as it lives: no two of one process carry the same.
struct Carrying(RequestId);

impl Carrying {
    fn of(id: RequestId) -> Option<Self> {
        let begun = carrying().insert(id);
        // Not `then_some`: what that makes and drops would let the other go, and wait for the lock that is held here.
        begun.then(|| Self(id))
    }
}

impl Drop for Carrying {
    fn drop(&mut self) {
        carrying().remove(&self.0);
    }
}
