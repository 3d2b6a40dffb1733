//! A message as a person sees it.

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::text::label;
use crate::core::Core;
use crate::id::Id;
use crate::payload::{Component, Embed, kind};
use crate::world::World;
use crate::world::posting::{Face, Mentions, Posting, flag};

/// A message at the moment at which it was looked at. [`reload`](Self::reload) looks again.
#[derive(Clone)]
pub struct Message {
    core: Arc<Core>,
    posting: Posting,
}

/// One version of a message.
#[derive(Clone, Debug, PartialEq)]
pub struct Version {
    /// Since when it stood, by the world's clock.
    pub at: DateTime<Utc>,
    /// As people read it.
    pub text: String,
}

/// A file of a message.
#[derive(Clone, Debug, PartialEq)]
pub struct File {
    /// Its name.
    pub name: String,
    /// Its media type, if the bot named one.
    pub content_type: Option<String>,
    /// What is in it.
    pub bytes: Vec<u8>,
    /// Where it can be downloaded (with discord.com resolved to the practice Discord).
    pub url: String,
}

impl File {
    /// The bytes as text; what is not UTF-8 is replaced.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }
}

/// Whom a message notified.
///
/// Mentions in embeds never notify, nor do ephemeral messages, nor do edits; `allowed_mentions`, and the rights of the author
/// to mention everyone and roles, are counted in. Without `allowed_mentions` everything in the content notifies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pings {
    /// Members, by shown name.
    pub users: Vec<String>,
    /// Roles, by name.
    pub roles: Vec<String>,
    /// `@everyone` or `@here`.
    pub everyone: bool,
}

impl Pings {
    /// Whether nobody was notified.
    #[must_use]
    pub fn is_nobody(&self) -> bool {
        self.users.is_empty() && self.roles.is_empty() && !self.everyone
    }
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.core.look(|world| world.transcript_entry(&self.posting)))
    }
}

impl Message {
    pub(crate) fn new(core: &Arc<Core>, posting: &Posting) -> Self {
        Self { core: Arc::clone(core), posting: posting.clone() }
    }

    pub(crate) fn find(core: &Arc<Core>, id: Id) -> Option<Self> {
        core.look(|world| world.postings.get(&id).map(|posting| Self::new(core, posting)))
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> Id {
        self.posting.id
    }

    /// The id of its channel or thread.
    #[must_use]
    pub fn channel_id(&self) -> Id {
        self.posting.channel
    }

    /// The shown name of its author.
    #[must_use]
    pub fn author(&self) -> String {
        self.core.look(|world| world.name_of(self.posting.author))
    }

    /// Everything in it as plain text: content, embeds, fields, buttons as `[label]`, files; a line each.
    #[must_use]
    pub fn text(&self) -> String {
        self.core.look(|world| world.face_text(&self.posting.face))
    }

    /// The bare content, with ids as they were sent.
    #[must_use]
    pub fn content(&self) -> &str {
        &self.posting.face.content
    }

    /// Its embeds.
    #[must_use]
    pub fn embeds(&self) -> &[Embed] {
        &self.posting.face.embeds
    }

    /// Its rows of components.
    #[must_use]
    pub fn components(&self) -> &[Component] {
        &self.posting.face.components
    }

    /// The labels of its buttons that can be pressed, in reading order.
    #[must_use]
    pub fn buttons(&self) -> Vec<String> {
        let all = self.posting.face.components.iter().flat_map(Component::walk);
        all.filter(|c| c.kind == kind::BUTTON && !c.is_disabled()).map(label).collect()
    }

    /// Its files, with their bytes.
    #[must_use]
    pub fn files(&self) -> Vec<File> {
        let files = self.posting.face.attachments.iter();
        files
            .map(|file| File {
                name: file.name.clone(),
                content_type: file.content_type.clone(),
                bytes: file.bytes.to_vec(),
                url: file.url.clone(),
            })
            .collect()
    }

    /// Every version it has had, the present one last.
    #[must_use]
    pub fn history(&self) -> Vec<Version> {
        let version =
            |world: &World, (at, face): &(DateTime<Utc>, Face)| Version { at: *at, text: world.face_text(face) };
        self.core.look(|world| self.posting.history.iter().map(|entry| version(world, entry)).collect())
    }

    /// Whom it notified.
    #[must_use]
    pub fn pings(&self) -> Pings {
        let Mentions { users, roles, everyone } = &self.posting.pinged;
        self.core.look(|world| Pings {
            users: users.iter().map(|id| world.name_of(*id)).collect(),
            roles: roles.iter().filter_map(|id| world.roles.get(id)).map(|role| role.name.clone()).collect(),
            everyone: *everyone,
        })
    }

    /// Whether only one person sees it.
    #[must_use]
    pub fn is_ephemeral(&self) -> bool {
        self.posting.is_ephemeral()
    }

    /// Whether it came without a sound: nobody's device said anything, whatever they want to hear of.
    #[must_use]
    pub fn is_silent(&self) -> bool {
        self.posting.flags & flag::SUPPRESS_NOTIFICATIONS != 0
    }

    /// Whether it still says that the bot is thinking.
    #[must_use]
    pub fn is_thinking(&self) -> bool {
        self.posting.is_loading()
    }

    /// When it was posted.
    #[must_use]
    pub fn created(&self) -> DateTime<Utc> {
        self.posting.created
    }

    /// When it was last edited; the filling of a deferred answer is no edit.
    #[must_use]
    pub fn edited(&self) -> Option<DateTime<Utc>> {
        self.posting.edited
    }

    /// Whether it has been deleted.
    #[must_use]
    pub fn is_deleted(&self) -> bool {
        self.posting.deleted.is_some()
    }

    /// The message that it replies to.
    #[must_use]
    pub fn replies_to(&self) -> Option<Id> {
        self.posting.reference
    }

    /// The message as it is now.
    #[must_use]
    pub fn reload(&self) -> Self {
        Self::find(&self.core, self.posting.id).unwrap_or_else(|| self.clone())
    }

    /// The message as Discord's API gives it.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        self.core.look(|world| world.message_json(&self.posting))
    }
}
