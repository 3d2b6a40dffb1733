//! Members and roles, found by name or id and changed.

use serde_json::json;

use super::World;
use super::feed::Change;
use super::people::{Channel, Member, Role, User, channel_kind};
use crate::api_error::ApiError;
use crate::gateway::hub::Intent;
use crate::id::Id;

impl World {
    /// A user by shown name, user name or id.
    pub(crate) fn find_user(&self, who: &str) -> Option<Id> {
        let wanted = who.trim_start_matches('@');
        let fits = |user: &&User| user.name == wanted || user.username == wanted || user.id.to_string() == wanted;
        let by_nick = || self.members.values().find(|m| m.nick.as_deref() == Some(wanted)).map(|m| m.user);
        self.users.values().find(fits).map(|user| user.id).or_else(by_nick)
    }

    /// A channel or thread by name or id. Of several with one name the newest is meant.
    pub(crate) fn find_channel(&self, name: &str) -> Option<Id> {
        let wanted = name.trim_start_matches('#');
        let mut fitting = self.channels.values().filter(|c| c.name == wanted || c.id.to_string() == wanted);
        fitting.next_back().map(|channel| channel.id)
    }

    pub(crate) fn find_role(&self, name: &str) -> Option<Id> {
        let wanted = name.trim_start_matches('@');
        self.roles.values().find(|role| role.name == wanted || role.id.to_string() == wanted).map(|role| role.id)
    }

    /// A user becomes a member.
    pub(crate) fn join(&mut self, user: Id, roles: Vec<Id>) {
        let joined = self.now();
        self.members.insert(user, Member { user, nick: None, roles, joined });
        let payload = self.member_event_json(user);
        self.feed.note(Change::People);
        self.emit("GUILD_MEMBER_ADD", Intent::Members, &payload);
    }

    /// A member leaves or is removed; the user goes on existing.
    pub(crate) fn leave(&mut self, user: Id) -> Result<(), ApiError> {
        self.members.remove(&user).ok_or_else(ApiError::unknown_member)?;
        let payload = json!({"guild_id": self.guild.id, "user": self.user_json(user)});
        self.feed.note(Change::People);
        self.emit("GUILD_MEMBER_REMOVE", Intent::Members, &payload);
        Ok(())
    }

    pub(crate) fn change_member(&mut self, user: Id, change: impl FnOnce(&mut Member)) -> Result<(), ApiError> {
        change(self.members.get_mut(&user).ok_or_else(ApiError::unknown_member)?);
        let payload = self.member_event_json(user);
        self.feed.note(Change::People);
        self.emit("GUILD_MEMBER_UPDATE", Intent::Members, &payload);
        Ok(())
    }

    pub(crate) fn add_role(&mut self, role: Role) {
        let payload = json!({"guild_id": self.guild.id, "role": self.role_json(&role)});
        self.roles.insert(role.id, role);
        self.feed.note(Change::People);
        self.emit("GUILD_ROLE_CREATE", Intent::Guilds, &payload);
    }

    /// A role ends; everybody who had it has it no more.
    pub(crate) fn delete_role(&mut self, id: Id) -> Result<(), ApiError> {
        self.roles.remove(&id).ok_or_else(ApiError::unknown_role)?;
        for member in self.members.values_mut() {
            member.roles.retain(|role| *role != id);
        }
        let payload = json!({"guild_id": self.guild.id, "role_id": id});
        self.feed.note(Change::People);
        self.emit("GUILD_ROLE_DELETE", Intent::Guilds, &payload);
        Ok(())
    }

    /// The direct message channel of the bot with a person; made when first needed.
    pub(crate) fn direct_channel(&mut self, user: Id) -> Result<Id, ApiError> {
        if !self.users.contains_key(&user) {
            return Err(ApiError::unknown_user());
        }
        if let Some(known) = self.channels.values().find(|c| c.is_dm() && c.recipient == Some(user)) {
            return Ok(known.id);
        }
        let id = self.next_id();
        let mut channel = Channel::text(id, &format!("dm-{}", self.name_of(user)), 0);
        (channel.kind, channel.recipient) = (channel_kind::DM, Some(user));
        self.channels.insert(id, channel);
        self.feed.note(Change::Channel(id));
        Ok(id)
    }
}
