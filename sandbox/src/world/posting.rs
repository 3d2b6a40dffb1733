//! Messages as the world keeps them: with every version they ever had.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::id::Id;
use crate::payload::{Component, Embed};

/// Message flags, by Discord's bits.
pub(crate) mod flag {
    pub(crate) const SUPPRESS_EMBEDS: u64 = 1 << 2;
    pub(crate) const HAS_THREAD: u64 = 1 << 5;
    pub(crate) const EPHEMERAL: u64 = 1 << 6;
    pub(crate) const LOADING: u64 = 1 << 7;
    pub(crate) const SUPPRESS_NOTIFICATIONS: u64 = 1 << 12;
}

/// Message kinds, by Discord's numbers.
pub(crate) mod posting_kind {
    pub(crate) const ORDINARY: u8 = 0;
    pub(crate) const THREAD_CREATED: u8 = 18;
    pub(crate) const REPLY: u8 = 19;
    pub(crate) const COMMAND: u8 = 20;
    pub(crate) const THREAD_STARTER: u8 = 21;
}

/// A file of a message, with its bytes.
#[derive(Clone, Debug)]
pub(crate) struct Attachment {
    pub(crate) id: Id,
    pub(crate) name: String,
    pub(crate) content_type: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) bytes: Arc<[u8]>,
    pub(crate) url: String,
}

/// Whom a text names, or whom it notified.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Mentions {
    pub(crate) users: BTreeSet<Id>,
    pub(crate) roles: BTreeSet<Id>,
    pub(crate) everyone: bool,
}

impl Mentions {
    pub(crate) fn add(&mut self, other: &Self) {
        self.users.extend(&other.users);
        self.roles.extend(&other.roles);
        self.everyone |= other.everyone;
    }
}

/// What an edit replaces.
#[derive(Clone, Debug, Default)]
pub(crate) struct Face {
    pub(crate) content: String,
    pub(crate) embeds: Vec<Embed>,
    pub(crate) components: Vec<Component>,
    pub(crate) attachments: Vec<Attachment>,
}

impl Face {
    pub(crate) fn is_empty(&self) -> bool {
        self.content.trim().is_empty()
            && self.embeds.is_empty()
            && self.components.is_empty()
            && self.attachments.is_empty()
    }
}

/// Which interaction a message answers.
#[derive(Clone, Debug)]
pub(crate) struct Origin {
    pub(crate) interaction: Id,
    pub(crate) kind: u8,
    pub(crate) user: Id,
    pub(crate) command: Option<String>,
    pub(crate) source_message: Option<Id>,
    /// For a modal: the interaction that opened it.
    pub(crate) trigger: Option<Id>,
}

#[derive(Clone, Debug)]
pub(crate) struct Reaction {
    pub(crate) emoji: String,
    pub(crate) users: BTreeSet<Id>,
}

#[derive(Clone, Debug)]
pub(crate) struct Posting {
    pub(crate) id: Id,
    pub(crate) channel: Id,
    pub(crate) author: Id,
    pub(crate) kind: u8,
    pub(crate) flags: u64,
    pub(crate) face: Face,
    pub(crate) created: DateTime<Utc>,
    pub(crate) edited: Option<DateTime<Utc>>,
    pub(crate) deleted: Option<DateTime<Utc>>,
    /// Set for an ephemeral message: the one person who sees it.
    pub(crate) only_for: Option<Id>,
    pub(crate) nonce: Option<Value>,
    pub(crate) origin: Option<Origin>,
    /// The message it replies to, or the thread's starting message.
    pub(crate) reference: Option<Id>,
    /// Whom the present text names, after `allowed_mentions`.
    pub(crate) mentions: Mentions,
    /// Whom it notified, over its whole life.
    pub(crate) pinged: Mentions,
    pub(crate) reactions: Vec<Reaction>,
    pub(crate) tts: bool,
    /// Every version, oldest first; the last is the present one.
    pub(crate) history: Vec<(DateTime<Utc>, Face)>,
}

impl Posting {
    pub(crate) fn is_ephemeral(&self) -> bool {
        self.flags & flag::EPHEMERAL != 0
    }

    /// A deferred answer that still says that the bot is thinking.
    pub(crate) fn is_loading(&self) -> bool {
        self.flags & flag::LOADING != 0
    }
}
