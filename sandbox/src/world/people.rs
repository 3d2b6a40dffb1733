//! Who and where: users, members, roles, channels.

use chrono::{DateTime, Utc};

use crate::id::Id;
use crate::permissions::{Overwrite, Permissions};

#[derive(Clone, Debug)]
pub(crate) struct Guild {
    pub(crate) id: Id,
    pub(crate) name: String,
    pub(crate) owner: Id,
    pub(crate) locale: String,
    pub(crate) founded: DateTime<Utc>,
}

#[derive(Clone, Debug)]
pub(crate) struct User {
    pub(crate) id: Id,
    pub(crate) username: String,
    /// The name people see; Discord's `global_name`.
    pub(crate) name: String,
    pub(crate) bot: bool,
    pub(crate) locale: String,
}

#[derive(Clone, Debug)]
pub(crate) struct Member {
    pub(crate) user: Id,
    pub(crate) nick: Option<String>,
    pub(crate) roles: Vec<Id>,
    pub(crate) joined: DateTime<Utc>,
}

#[derive(Clone, Debug)]
pub(crate) struct Role {
    pub(crate) id: Id,
    pub(crate) name: String,
    pub(crate) permissions: Permissions,
    pub(crate) position: usize,
    pub(crate) mentionable: bool,
    /// Belongs to an integration (the bot's own role).
    pub(crate) managed: bool,
}

/// Discord's numbers of channel kinds.
pub(crate) mod channel_kind {
    pub(crate) const TEXT: u8 = 0;
    pub(crate) const DM: u8 = 1;
    pub(crate) const PUBLIC_THREAD: u8 = 11;
    pub(crate) const PRIVATE_THREAD: u8 = 12;
}

#[derive(Clone, Debug)]
pub(crate) struct Channel {
    pub(crate) id: Id,
    pub(crate) kind: u8,
    pub(crate) name: String,
    pub(crate) topic: Option<String>,
    pub(crate) position: usize,
    pub(crate) parent: Option<Id>,
    pub(crate) overwrites: Vec<Overwrite>,
    pub(crate) thread: Option<ThreadState>,
    /// The person of a direct message channel.
    pub(crate) recipient: Option<Id>,
    /// Every message ever posted here, oldest first, deleted ones too.
    pub(crate) messages: Vec<Id>,
}

#[derive(Clone, Debug)]
pub(crate) struct ThreadState {
    pub(crate) owner: Id,
    pub(crate) archived: bool,
    pub(crate) locked: bool,
    pub(crate) auto_archive_minutes: u64,
    pub(crate) created: DateTime<Utc>,
    pub(crate) archive_changed: DateTime<Utc>,
    pub(crate) members: Vec<Id>,
}

impl Channel {
    pub(crate) fn text(id: Id, name: &str, position: usize) -> Self {
        Self {
            id,
            kind: channel_kind::TEXT,
            name: name.to_owned(),
            topic: None,
            position,
            parent: None,
            overwrites: vec![],
            thread: None,
            recipient: None,
            messages: vec![],
        }
    }

    pub(crate) fn is_thread(&self) -> bool {
        matches!(self.kind, channel_kind::PUBLIC_THREAD | channel_kind::PRIVATE_THREAD)
    }

    pub(crate) fn is_dm(&self) -> bool {
        self.kind == channel_kind::DM
    }
}
