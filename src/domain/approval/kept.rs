//! A request as it is kept: what was asked for, by whom and why, what everybody said, what became of it.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::{Request, RequestId, Terms};
use crate::domain::action::{Before, Given, Outcome, Outlook, Proof, Risk};
use crate::domain::digest::Digest;
use crate::domain::message::{Localised, Message};
use crate::domain::run::MessagePlace;

/// A request that is about to be made.
#[derive(Clone, Debug, PartialEq)]
pub struct NewRequest {
    /// The action.
    pub action: String,
    /// What it is called.
    pub title: Localised,
    /// What it could do.
    pub risk: Risk,
    /// The host, by its name in `bot.toml`.
    pub host: String,
    /// What the host is called.
    pub host_title: Localised,
    /// What was chosen.
    pub arguments: Given,
    /// What it interrupts.
    pub interrupts: Localised,
    /// What would run and what it would act on, as it was seen then.
    pub outlook: Outlook,
    /// The checks that prove it, as they were then.
    pub before: BTreeMap<String, Before>,
    /// The check whose remedy it is, where it was asked for by that.
    pub remedy_of: Option<Proof>,
    /// The version of the action's definition.
    pub version: Digest,
    /// Whose word it takes, and in which time.
    pub terms: Terms,
    /// The open runbook it was asked for in.
    pub runbook: Option<i64>,
    /// What the requester is called.
    pub requester_name: String,
    /// Why, in the requester's own words, masked.
    pub reason: String,
    /// The channel or thread it is shown in.
    pub channel: u64,
    /// The channel that this is a thread of.
    pub parent: Option<u64>,
}

/// What somebody said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Word {
    /// Yes, as somebody else.
    Approve,
    /// Yes, to one's own.
    Confirm,
    /// No.
    Deny,
    /// Never mind.
    Cancel,
}

impl Word {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Approve, Self::Confirm, Self::Deny, Self::Cancel];

    /// Its name in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Confirm => "confirm",
            Self::Deny => "deny",
            Self::Cancel => "cancel",
        }
    }

    /// The word of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|word| word.name() == name)
    }
}

/// What somebody said to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// What.
    pub word: Word,
    /// Who, by id.
    pub by: u64,
    /// What they are called.
    pub name: String,
    /// Why, where they said.
    pub reason: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
}

/// What somebody found who looked: at what was done alone, or by hand at a host after an act was interrupted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    /// Who looked at it, by id, and what they are called.
    pub by: (u64, String),
    /// What they say.
    pub note: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// A request as the record has it.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptRequest {
    /// Its number.
    pub id: RequestId,
    /// As it was asked for.
    pub asked: NewRequest,
    /// As it stands.
    pub request: Request,
    /// What was said, in order.
    pub decisions: Vec<Decision>,
    /// When it was begun.
    pub begun_at: Option<DateTime<Utc>>,
    /// When it came to its end.
    pub ended_at: Option<DateTime<Utc>>,
    /// Why it is void, or by which request it was superseded.
    pub why: Option<Message>,
    /// How the act ended.
    pub outcome: Option<Outcome>,
    /// Where it is shown.
    pub place: Option<MessagePlace>,
    /// Whether somebody else must look at it: none where not, or else what became of that.
    pub review: Option<Option<Review>>,
    /// Whether it was interrupted and holds its host: none where not, or else what somebody found who looked by hand.
    pub held: Option<Option<Review>>,
}

impl NewRequest {
    /// Whether it is for `action` with `given` on `host`.
    pub fn is_for(&self, action: &str, host: &str, given: &Given) -> bool {
        self.action == action && self.host == host && self.arguments == *given
    }
}

impl KeptRequest {
    /// What somebody who decides types in to show that they know what it is about: the last thing chosen, or else the host.
    pub fn target(&self) -> &str {
        self.asked.arguments.values().next_back().map_or(&self.asked.host, String::as_str)
    }
}
