//! What befalls the practice Discord and its people: faults, and whatever moderators do.

use std::sync::Arc;

use serde_json::Value;

use super::PracticeDiscord;
use crate::builder::username;
use crate::chat::error::ChatError;
use crate::chat::message::Message;
use crate::core::locked;
use crate::faults::Faults;
use crate::gateway::hub::Intent;
use crate::id::Id;
use crate::limiter::RateLimits;
use crate::permissions::{Overwrite, Permissions};
use crate::server;
use crate::world::World;
use crate::world::people::{Role, User};

impl PracticeDiscord {
    /// Faults to be set.
    #[must_use]
    pub fn faults(&self) -> Faults {
        Faults { core: Arc::clone(&self.core) }
    }

    /// Other rate limits from now on.
    pub fn set_rate_limits(&self, limits: RateLimits) {
        locked(&self.core.limiter).set(limits);
    }

    /// Discord is gone: connections end at once, new ones are refused.
    pub async fn go_down(&self) {
        for task in self.servers.stop() {
            let _ = task.await;
        }
    }

    /// Discord is back, on the same ports. Sessions can be resumed unless they are forgotten.
    ///
    /// # Errors
    /// Somebody took a port meanwhile.
    pub async fn come_up(&self) -> std::io::Result<()> {
        let (rest, _) = server::bind(self.servers.rest.port()).await?;
        let (gateway, _) = server::bind(self.servers.gateway.port()).await?;
        self.servers.open(rest, gateway);
        Ok(())
    }

    /// Sends an event to every session, whatever its shape: `name` is the event's (`t`), `payload` its `d`.
    pub fn send_raw_event(&self, name: &str, payload: &Value) {
        self.core.change(|world| world.emit(name, Intent::Always, payload));
    }

    fn fate<T>(&self, what: &str, change: impl FnOnce(&mut World) -> Option<T>) -> Result<T, ChatError> {
        self.core.change(change).ok_or_else(|| ChatError::Refused(format!("there is no {what}")))
    }

    /// Deletes a message, as a moderator would.
    ///
    /// # Errors
    /// It is gone already.
    pub fn delete_message(&self, message: &Message) -> Result<(), ChatError> {
        self.fate("such message", |world| world.delete(message.id()).ok())
    }

    /// Deletes a channel or thread with everything in it.
    ///
    /// # Errors
    /// There is none of that name.
    pub fn delete_channel(&self, name: &str) -> Result<(), ChatError> {
        self.fate(name, |world| {
            let id = world.find_channel(name)?;
            world.delete_channel(id).ok().map(|_| ())
        })
    }

    /// Somebody joins, with roles by name.
    ///
    /// # Errors
    /// There is no such role.
    pub fn add_member(&self, name: &str, roles: &[&str], locale: &str) -> Result<Id, ChatError> {
        self.fate("such role", |world| {
            let roles = roles.iter().map(|role| world.find_role(role)).collect::<Option<Vec<_>>>()?;
            let id = world.find_user(name).unwrap_or_else(|| world.next_id());
            let user = User {
                id,
                username: username(name, id.get()),
                name: name.to_owned(),
                bot: false,
                locale: locale.to_owned(),
            };
            world.users.entry(id).or_insert(user);
            world.join(id, roles);
            Some(id)
        })
    }

    /// Somebody leaves the guild.
    ///
    /// # Errors
    /// There is no such member.
    pub fn remove_member(&self, name: &str) -> Result<(), ChatError> {
        self.fate(name, |world| {
            let id = world.find_user(name)?;
            world.leave(id).ok()
        })
    }

    /// Gives a member a role.
    ///
    /// # Errors
    /// There is no such member or role.
    pub fn give_role(&self, name: &str, role: &str) -> Result<(), ChatError> {
        self.fate(&format!("{name} or {role}"), |world| {
            let (user, role) = (world.find_user(name)?, world.find_role(role)?);
            world
                .change_member(user, |member| {
                    if !member.roles.contains(&role) {
                        member.roles.push(role);
                    }
                })
                .ok()
        })
    }

    /// Takes a role from a member.
    ///
    /// # Errors
    /// There is no such member or role.
    pub fn take_role(&self, name: &str, role: &str) -> Result<(), ChatError> {
        self.fate(&format!("{name} or {role}"), |world| {
            let (user, role) = (world.find_user(name)?, world.find_role(role)?);
            world.change_member(user, |member| member.roles.retain(|had| *had != role)).ok()
        })
    }

    /// Gives a member another name in the guild.
    ///
    /// # Errors
    /// There is no such member.
    pub fn rename_member(&self, name: &str, nick: &str) -> Result<(), ChatError> {
        self.fate(name, |world| {
            let user = world.find_user(name)?;
            world.change_member(user, |member| member.nick = Some(nick.to_owned())).ok()
        })
    }

    /// A new role, mentionable by everybody and with no rights of its own.
    pub fn add_role(&self, name: &str) -> Id {
        self.core.change(|world| {
            let (id, position) = (world.next_id(), world.roles.len());
            let (name, permissions) = (name.to_owned(), Permissions::NONE);
            world.add_role(Role { id, name, permissions, position, mentionable: true, managed: false });
            id
        })
    }

    /// Deletes a role; nobody has it any more.
    ///
    /// # Errors
    /// There is no such role.
    pub fn delete_role(&self, role: &str) -> Result<(), ChatError> {
        self.fate(role, |world| {
            let id = world.find_role(role)?;
            world.delete_role(id).ok()
        })
    }

    /// Takes permissions from somebody in one channel (from the bot too: its name is `signoff`).
    ///
    /// # Errors
    /// There is no such person or channel.
    pub fn deny(&self, name: &str, channel: &str, permissions: Permissions) -> Result<(), ChatError> {
        self.fate(&format!("{name} or {channel}"), |world| {
            let (of, id) = (world.find_user(name)?, world.find_channel(channel)?);
            let rule = Overwrite { of, is_role: false, allow: Permissions::NONE, deny: permissions };
            world.channel_mut(id).ok()?.overwrites.push(rule);
            world.tell_of_channel("CHANNEL_UPDATE", id);
            Some(())
        })
    }

    /// Takes back what [`deny`](Self::deny) did to somebody in a channel.
    ///
    /// # Errors
    /// There is no such person or channel.
    pub fn allow_again(&self, name: &str, channel: &str) -> Result<(), ChatError> {
        self.fate(&format!("{name} or {channel}"), |world| {
            let (of, id) = (world.find_user(name)?, world.find_channel(channel)?);
            world.channel_mut(id).ok()?.overwrites.retain(|rule| rule.of != of);
            world.tell_of_channel("CHANNEL_UPDATE", id);
            Some(())
        })
    }
}
