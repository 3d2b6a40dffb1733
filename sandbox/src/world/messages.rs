//! Posting, editing and deleting messages.

use std::sync::Arc;

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::World;
use super::draft::{Draft, Upload};
use super::feed::Change;
use super::posting::{Attachment, Face, Mentions, Origin, Posting, flag, posting_kind};
use crate::api_error::ApiError;
use crate::gateway::hub::Intent;
use crate::id::Id;
use crate::permissions::Permissions;

/// How long an enforced nonce is remembered; Discord says "a few minutes".
const NONCE_LIFE: TimeDelta = TimeDelta::minutes(5);

/// What a new message is besides its text.
#[derive(Clone, Debug)]
pub(crate) struct Manner {
    pub(crate) author: Id,
    pub(crate) channel: Id,
    pub(crate) kind: u8,
    pub(crate) flags: u64,
    pub(crate) only_for: Option<Id>,
    pub(crate) origin: Option<Origin>,
    pub(crate) reference: Option<Id>,
}

impl Manner {
    pub(crate) fn plain(author: Id, channel: Id) -> Self {
        Self { author, channel, kind: posting_kind::ORDINARY, flags: 0, only_for: None, origin: None, reference: None }
    }
}

impl World {
    /// A message of the bot in a channel, by its own rights.
    pub(crate) fn post_as_bot(&mut self, channel_id: Id, draft: Draft) -> Result<Id, ApiError> {
        self.may_post(channel_id, &draft)?;
        let nonce = draft.nonce.as_ref().filter(|_| draft.enforce_nonce).map(Value::to_string);
        if let Some(first) = nonce.as_ref().and_then(|nonce| self.posted_with(channel_id, nonce)) {
            return Ok(first);
        }
        let mut manner = Manner::plain(self.bot, channel_id);
        manner.flags = draft.flags.unwrap_or(0) & (flag::SUPPRESS_EMBEDS | flag::SUPPRESS_NOTIFICATIONS);
        if let Some(replied) = draft.reply_to {
            self.posting(replied)?;
            (manner.kind, manner.reference) = (posting_kind::REPLY, Some(replied));
        }
        let id = self.post(manner, draft)?;
        if let Some(nonce) = nonce {
            let now = self.now();
            self.nonces.push((now, channel_id, nonce, id));
        }
        Ok(id)
    }

    fn may_post(&mut self, channel_id: Id, draft: &Draft) -> Result<(), ApiError> {
        let bot = self.bot;
        let channel = self.channel(channel_id)?;
        let granted = self.permissions_in(bot, channel);
        if !granted.has(Permissions::VIEW_CHANNEL) {
            return Err(ApiError::missing_access());
        }
        let speak =
            if channel.is_thread() { Permissions::SEND_MESSAGES_IN_THREADS } else { Permissions::SEND_MESSAGES };
        let needs = [
            (true, speak),
            (draft.embeds.as_ref().is_some_and(|embeds| !embeds.is_empty()), Permissions::EMBED_LINKS),
            (!draft.files.is_empty(), Permissions::ATTACH_FILES),
            (draft.reply_to.is_some(), Permissions::READ_MESSAGE_HISTORY),
        ];
        if needs.iter().any(|(needed, permission)| *needed && !granted.has(*permission)) {
            return Err(ApiError::missing_permissions());
        }
        self.wake_thread(channel_id)
    }

    fn posted_with(&mut self, channel: Id, nonce: &str) -> Option<Id> {
        let oldest = self.now() - NONCE_LIFE;
        self.nonces.retain(|(when, ..)| *when >= oldest);
        let found = self.nonces.iter().find(|(_, place, known, _)| *place == channel && known == nonce);
        found.map(|(.., id)| *id).filter(|id| self.posting(*id).is_ok())
    }

    /// Puts a message into a channel and tells the bot. Rights were looked at before.
    pub(crate) fn post(&mut self, manner: Manner, draft: Draft) -> Result<Id, ApiError> {
        let id = self.next_id();
        let loading = manner.flags & flag::LOADING != 0;
        let attachments = self.attach(manner.channel, &draft);
        let mut face = Face {
            content: draft.content.unwrap_or_default(),
            embeds: draft.embeds.unwrap_or_default(),
            components: draft.components.unwrap_or_default(),
            attachments,
        };
        point_at_attachments(&mut face);
        let is_system = matches!(manner.kind, posting_kind::THREAD_CREATED | posting_kind::THREAD_STARTER);
        if face.is_empty() && !loading && !is_system {
            return Err(ApiError::empty_message());
        }
        let replied = manner.reference.filter(|_| manner.kind == posting_kind::REPLY);
        let replied_author = replied.and_then(|id| self.postings.get(&id)).map(|posting| posting.author);
        let mentions = self.mentions(&face.content, draft.allowed_mentions.as_ref(), replied_author);
        let channel = self.channel(manner.channel)?;
        let pinged = match manner.only_for {
            Some(_) => Mentions::default(),
            None => self.notified(manner.author, channel, &mentions),
        };
        let now = self.now();
        let posting = Posting {
            id,
            channel: manner.channel,
            author: manner.author,
            kind: manner.kind,
            flags: manner.flags,
            history: vec![(now, face.clone())],
            face,
            created: now,
            edited: None,
            deleted: None,
            only_for: manner.only_for,
            nonce: draft.nonce,
            origin: manner.origin,
            reference: manner.reference,
            mentions,
            pinged,
            reactions: vec![],
            tts: draft.tts,
        };
        self.postings.insert(id, posting);
        let channel = self.channel_mut(manner.channel)?;
        channel.messages.push(id);
        if channel.is_thread() {
            // Its badge shows how much is in it.
            self.feed.note(Change::Channel(manner.channel));
        }
        self.tell_of_message("MESSAGE_CREATE", id);
        Ok(id)
    }

    /// Changes a message. The first filling of a deferred answer is not an edit in people's eyes, and it may notify.
    pub(crate) fn edit(&mut self, id: Id, draft: Draft) -> Result<(), ApiError> {
        let posting = self.posting(id)?.clone();
        let fills = posting.is_loading();
        let mut face = posting.face.clone();
        if let Some(notes) = &draft.notes {
            face.attachments.retain(|kept| notes.iter().any(|note| note.id == kept.id));
        }
        face.attachments.extend(self.attach(posting.channel, &draft));
        face.embeds = draft.embeds.unwrap_or(face.embeds);
        face.components = draft.components.unwrap_or(face.components);
        let reworded = draft.content.is_some() || draft.allowed_mentions.is_some();
        face.content = draft.content.unwrap_or(face.content);
        point_at_attachments(&mut face);
        if face.is_empty() {
            return Err(ApiError::empty_message());
        }
        let mentions = if reworded {
            self.mentions(&face.content, draft.allowed_mentions.as_ref(), None)
        } else {
            posting.mentions
        };
        let mut pinged = posting.pinged;
        if fills && posting.only_for.is_none() {
            pinged.add(&self.notified(posting.author, self.channel(posting.channel)?, &mentions));
        }
        let now = self.now();
        if let Some(stored) = self.postings.get_mut(&id) {
            stored.flags &= !flag::LOADING;
            if let Some(flags) = draft.flags {
                stored.flags = stored.flags & !flag::SUPPRESS_EMBEDS | flags & flag::SUPPRESS_EMBEDS;
            }
            stored.edited = if fills { stored.edited } else { Some(now) };
            stored.history.push((now, face.clone()));
            (stored.face, stored.mentions, stored.pinged) = (face, mentions, pinged);
        }
        self.tell_of_message("MESSAGE_UPDATE", id);
        Ok(())
    }

    /// Takes a message away; its record stays for the tests.
    pub(crate) fn delete(&mut self, id: Id) -> Result<(), ApiError> {
        let (channel, ephemeral) = {
            let posting = self.posting(id)?;
            (posting.channel, posting.only_for.is_some())
        };
        let now = self.now();
        if let Some(stored) = self.postings.get_mut(&id) {
            stored.deleted = Some(now);
        }
        self.feed.note(Change::Message(id));
        if !ephemeral {
            let guild = self.channels.get(&channel).and_then(|channel| self.guild_of(channel));
            let payload = json!({"id": id, "channel_id": channel, "guild_id": guild});
            self.emit("MESSAGE_DELETE", Intent::Messages, &payload);
        }
        Ok(())
    }

    /// The messages of a channel that stand and that everybody sees, oldest first.
    pub(crate) fn public_postings(&self, channel: Id) -> Vec<&Posting> {
        let ids = self.channels.get(&channel).map(|channel| channel.messages.as_slice()).unwrap_or_default();
        ids.iter()
            .filter_map(|id| self.postings.get(id))
            .filter(|posting| posting.deleted.is_none() && posting.only_for.is_none())
            .collect()
    }

    /// Ephemeral messages are nobody else's, so no event tells the bot of them.
    fn tell_of_message(&mut self, event: &str, id: Id) {
        self.feed.note(Change::Message(id));
        let Some(posting) = self.postings.get(&id).filter(|posting| posting.only_for.is_none()) else { return };
        let payload = self.message_event_json(posting);
        self.emit(event, Intent::Messages, &payload);
    }

    fn attach(&mut self, channel: Id, draft: &Draft) -> Vec<Attachment> {
        draft.files.iter().map(|file| self.attachment(channel, file, draft)).collect()
    }

    fn attachment(&mut self, channel: Id, file: &Upload, draft: &Draft) -> Attachment {
        let id = self.next_id();
        let notes = draft.notes.as_deref().unwrap_or_default();
        let note = notes.iter().find(|note| note.id.to_string() == file.key);
        let name = note.and_then(|note| note.name.clone()).unwrap_or_else(|| file.name.clone());
        Attachment {
            id,
            url: format!("https://discord.com/attachments/{channel}/{id}/{}", address_part(&name)),
            name,
            content_type: file.content_type.clone(),
            description: note.and_then(|note| note.description.clone()),
            bytes: Arc::from(file.bytes.as_ref()),
        }
    }
}

/// Letters, digits, `.`, `-` and `_` stay; anything else becomes `_`, as in Discord's addresses of files.
fn address_part(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '_' }).collect()
}

/// `attachment://name` in an embed becomes the address of that file.
fn point_at_attachments(face: &mut Face) {
    let files: Vec<(String, String)> =
        face.attachments.iter().map(|file| (format!("attachment://{}", file.name), file.url.clone())).collect();
    for embed in &mut face.embeds {
        for picture in embed.image.iter_mut().chain(embed.thumbnail.iter_mut()) {
            if let Some((_, url)) = files.iter().find(|(name, _)| *name == picture.url) {
                picture.url.clone_from(url);
            }
        }
    }
}
