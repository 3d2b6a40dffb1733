//! The gate: nothing destructive runs but what somebody asked for with a reason, the right people agreed to, and was
//! claimed once. One pure function, [`next`], says what follows from what; it is used live and when the bot is back after
//! a crash. [`claim`] makes the witness [`Approved`] without which no host lets anybody act.

mod binding;
mod claim;
mod kept;
mod next;
mod policy;
#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};

pub use binding::Binding;
pub use claim::{Approved, Claim, Present, Refused, claim};
pub use kept::{Decision, KeptRequest, NewRequest, Review, Word};
pub use next::{Event, Illegal, next};
pub use policy::{Policy, Tier};

use super::digest::Digest;

/// The number of a request, as people say it: `#12`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId(pub i64);

impl std::fmt::Display for RequestId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "#{}", self.0)
    }
}

/// Whose word it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needed {
    /// The requester confirms: an act of low risk.
    Confirmation,
    /// So many different people approve, none of them the requester. Never 0.
    Approvals(u32),
    /// Nobody else is awake: the requester goes ahead alone once `from` has come and nobody has stopped it.
    BreakGlass {
        /// From when on.
        from: DateTime<Utc>,
    },
}

impl Needed {
    /// Whether the requester goes ahead alone with what would take others.
    pub const fn is_alone(self) -> bool {
        matches!(self, Self::BreakGlass { .. })
    }

    /// How many approvals of others it takes.
    pub const fn approvals(self) -> u32 {
        match self {
            Self::Approvals(count) => count,
            Self::Confirmation | Self::BreakGlass { .. } => 0,
        }
    }
}

/// What was asked for; it never changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Who asked, by id.
    pub requester: u64,
    /// Whose word it takes.
    pub needed: Needed,
    /// When it was asked for.
    pub asked_at: DateTime<Utc>,
    /// From when on nothing comes of it any more.
    pub expires_at: DateTime<Utc>,
    /// The hash of what it is bound to; see [`Binding`].
    pub binding: Digest,
}

/// How far a request is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// It waits for somebody's word.
    Requested,
    /// Everybody agreed, and nothing has begun.
    Approved,
    /// Somebody said no.
    Denied,
    /// Nobody said enough in time.
    Expired,
    /// The requester took it back.
    Cancelled,
    /// The same was asked for again, and that one counts.
    Superseded,
    /// What it was bound to is another by now.
    Void,
    /// It was begun.
    Running,
    /// It was done, and the checks show that it worked.
    Verified,
    /// It was tried and failed, or the checks show that it did not work.
    Failed,
    /// It was begun, and nobody knows how it ended: somebody must look by hand.
    Interrupted,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Requested,
        Self::Approved,
        Self::Denied,
        Self::Expired,
        Self::Cancelled,
        Self::Superseded,
        Self::Void,
        Self::Running,
        Self::Verified,
        Self::Failed,
        Self::Interrupted,
    ];

    /// Its name in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Approved => "approved",
            Self::Denied => "denied",
            Self::Expired => "expired",
            Self::Cancelled => "cancelled",
            Self::Superseded => "superseded",
            Self::Void => "void",
            Self::Running => "running",
            Self::Verified => "verified",
            Self::Failed => "failed",
            Self::Interrupted => "interrupted",
        }
    }

    /// The state of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// Whether somebody's word can still change it, with nothing begun.
    pub const fn is_waiting(self) -> bool {
        matches!(self, Self::Requested | Self::Approved)
    }

    /// Whether nothing follows any more.
    pub const fn is_over(self) -> bool {
        !matches!(self, Self::Requested | Self::Approved | Self::Running)
    }
}

/// A request as it stands: what was asked for, who agreed, how far it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    terms: Terms,
    state: State,
    approvals: Vec<u64>,
}

impl Request {
    /// A request that was just made.
    pub const fn new(terms: Terms) -> Self {
        Self { terms, state: State::Requested, approvals: Vec::new() }
    }

    /// A request as the record has it: `approvals` are those who agreed, in their order.
    pub const fn recorded(terms: Terms, state: State, approvals: Vec<u64>) -> Self {
        Self { terms, state, approvals }
    }

    /// What was asked for.
    pub const fn terms(&self) -> &Terms {
        &self.terms
    }

    /// How far it is.
    pub const fn state(&self) -> State {
        self.state
    }

    /// Who agreed, by id, in their order.
    pub fn approvals(&self) -> &[u64] {
        &self.approvals
    }
}
