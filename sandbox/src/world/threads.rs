//! Threads: opening, archiving, joining.

use serde_json::{Value, json};

use super::World;
use super::draft::Draft;
use super::feed::Change;
use super::messages::Manner;
use super::people::{Channel, ThreadState, channel_kind};
use super::posting::{flag, posting_kind};
use crate::api_error::{ApiError, Place};
use crate::gateway::hub::Intent;
use crate::id::Id;
use crate::permissions::Permissions;

const DEFAULT_ARCHIVE_MINUTES: u64 = 4320;

impl World {
    /// Opens a thread, from a message or on its own.
    pub(crate) fn open_thread(&mut self, parent_id: Id, from: Option<Id>, body: &Value) -> Result<Id, ApiError> {
        let (name, minutes) = thread_form(body)?;
        let private = from.is_none() && body["type"].as_u64().unwrap_or(12) == u64::from(channel_kind::PRIVATE_THREAD);
        let parent = self.channel(parent_id)?;
        if parent.kind != channel_kind::TEXT {
            return Err(ApiError::wrong_channel_type());
        }
        let needed = if private { Permissions::CREATE_PRIVATE_THREADS } else { Permissions::CREATE_PUBLIC_THREADS };
        let granted = self.permissions_in(self.bot, parent);
        if !granted.has(Permissions::VIEW_CHANNEL) {
            return Err(ApiError::missing_access());
        }
        if !granted.has(needed) {
            return Err(ApiError::missing_permissions());
        }
        if let Some(message) = from {
            self.posting(message)?;
            if self.channels.contains_key(&message) {
                return Err(ApiError::thread_exists());
            }
        }
        let id = from.unwrap_or_else(|| self.next_id());
        let now = self.now();
        let mut thread = Channel::text(id, &name, 0);
        thread.kind = if private { channel_kind::PRIVATE_THREAD } else { channel_kind::PUBLIC_THREAD };
        thread.parent = Some(parent_id);
        thread.thread = Some(ThreadState {
            owner: self.bot,
            archived: false,
            locked: false,
            auto_archive_minutes: minutes,
            created: now,
            archive_changed: now,
            members: vec![self.bot],
        });
        self.channels.insert(id, thread);
        self.tell_of_channel("THREAD_CREATE", id);
        self.announce_thread(parent_id, id, from, &name, private)?;
        Ok(id)
    }

    /// A public thread shows in its parent: on the message it hangs on, or as a line of its own.
    fn announce_thread(
        &mut self,
        parent: Id,
        thread: Id,
        from: Option<Id>,
        name: &str,
        private: bool,
    ) -> Result<(), ApiError> {
        if let Some(message) = from {
            if let Some(posting) = self.postings.get_mut(&message) {
                posting.flags |= flag::HAS_THREAD;
            }
            self.feed.note(Change::Message(message));
            let mut manner = Manner::plain(self.bot, thread);
            (manner.kind, manner.reference) = (posting_kind::THREAD_STARTER, from);
            self.post(manner, Draft::default())?;
        } else if !private {
            let mut manner = Manner::plain(self.bot, parent);
            manner.kind = posting_kind::THREAD_CREATED;
            self.post(manner, Draft::text(name))?;
        }
        Ok(())
    }

    /// Renames a channel or thread, archives, locks, changes the topic.
    pub(crate) fn change_channel(&mut self, id: Id, body: &Value) -> Result<(), ApiError> {
        let now = self.now();
        let bot = self.bot;
        let channel = self.channel(id)?;
        let granted = self.permissions_in(bot, channel);
        if !granted.has(Permissions::VIEW_CHANNEL) {
            return Err(ApiError::missing_access());
        }
        let own = channel.thread.as_ref().is_some_and(|thread| thread.owner == bot);
        let needed = if channel.is_thread() { Permissions::MANAGE_THREADS } else { Permissions::MANAGE_CHANNELS };
        let locks = !body["locked"].is_null();
        if !granted.has(needed) && (!own || locks) {
            return Err(ApiError::missing_permissions());
        }
        let name = body.get("name").map(|_| channel_name(body)).transpose()?;
        let channel = self.channel_mut(id)?;
        channel.name = name.unwrap_or_else(|| channel.name.clone());
        if let Some(topic) = body.get("topic") {
            channel.topic = topic.as_str().map(str::to_owned);
        }
        let is_thread = channel.is_thread();
        if let Some(thread) = &mut channel.thread {
            if let Some(archived) = body["archived"].as_bool() {
                (thread.archived, thread.archive_changed) = (archived, now);
            }
            thread.locked = body["locked"].as_bool().unwrap_or(thread.locked);
            thread.auto_archive_minutes = body["auto_archive_duration"].as_u64().unwrap_or(thread.auto_archive_minutes);
        }
        self.tell_of_channel(if is_thread { "THREAD_UPDATE" } else { "CHANNEL_UPDATE" }, id);
        Ok(())
    }

    /// A message wakes an archived thread, unless it is locked.
    pub(crate) fn wake_thread(&mut self, id: Id) -> Result<(), ApiError> {
        let Some(thread) = self.channels.get_mut(&id).and_then(|channel| channel.thread.as_mut()) else {
            return Ok(());
        };
        if thread.archived && thread.locked {
            return Err(ApiError::archived_thread());
        }
        if thread.archived {
            thread.archived = false;
            self.tell_of_channel("THREAD_UPDATE", id);
        }
        Ok(())
    }

    /// Adds a user to a thread.
    pub(crate) fn join_thread(&mut self, id: Id, user: Id) -> Result<(), ApiError> {
        if !self.members.contains_key(&user) && user != self.bot {
            return Err(ApiError::unknown_member());
        }
        let state = self.channel_mut(id)?.thread.as_mut().ok_or_else(ApiError::wrong_channel_type)?;
        if !state.members.contains(&user) {
            state.members.push(user);
        }
        let count = state.members.len();
        self.feed.note(Change::Channel(id));
        let payload = json!({"id": id, "guild_id": self.guild.id, "member_count": count, "removed_member_ids": []});
        self.emit("THREAD_MEMBERS_UPDATE", Intent::Guilds, &payload);
        Ok(())
    }

    /// Takes a channel or thread away, with its threads.
    pub(crate) fn delete_channel(&mut self, id: Id) -> Result<Value, ApiError> {
        let channel = self.channel(id)?;
        let is_thread = channel.is_thread();
        let gone = self.channel_json(channel);
        let children = self.channels.values().filter(|c| c.parent == Some(id)).map(|c| c.id).collect::<Vec<_>>();
        self.channels.remove(&id);
        self.feed.note(Change::Channel(id));
        for child in children {
            self.channels.remove(&child);
            self.feed.note(Change::Channel(child));
        }
        self.emit(if is_thread { "THREAD_DELETE" } else { "CHANNEL_DELETE" }, Intent::Guilds, &gone);
        Ok(gone)
    }

    pub(crate) fn tell_of_channel(&mut self, event: &str, id: Id) {
        self.feed.note(Change::Channel(id));
        if let Some(payload) = self.channels.get(&id).map(|channel| self.channel_json(channel)) {
            self.emit(event, Intent::Guilds, &payload);
        }
    }
}

fn channel_name(body: &Value) -> Result<String, ApiError> {
    let name = body["name"].as_str().unwrap_or_default().trim();
    let mut problems = crate::api_error::Problems::default();
    crate::limits::required_text(&mut problems, body, &Place::default(), "name", (1, 100));
    problems.into_result().map(|()| name.to_owned())
}

fn thread_form(body: &Value) -> Result<(String, u64), ApiError> {
    let name = channel_name(body)?;
    let minutes = body["auto_archive_duration"].as_u64().unwrap_or(DEFAULT_ARCHIVE_MINUTES);
    if ![60, 1440, 4320, 10080].contains(&minutes) {
        let place = Place::default().key("auto_archive_duration");
        return Err(ApiError::bad_field(&place, "BASE_TYPE_CHOICES", "Value must be one of {60, 1440, 4320, 10080}."));
    }
    Ok((name, minutes))
}
