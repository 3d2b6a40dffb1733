//! The practice world itself: all state, and every rule that changes it.
//!
//! REST handlers, the gateway and the test API all come through here, so that whatever one of them does the others see, and
//! the bot is told of it. Nothing here knows of HTTP or sockets; times come from the world's clock.

pub(crate) mod answers;
pub(crate) mod commands;
pub(crate) mod draft;
pub(crate) mod feed;
pub(crate) mod interaction;
pub(crate) mod interactions;
pub(crate) mod mentions;
pub(crate) mod messages;
pub(crate) mod people;
pub(crate) mod posting;
pub(crate) mod roster;
#[cfg(test)]
mod tests;
pub(crate) mod threads;

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::api_error::ApiError;
use crate::clock::Clock;
use crate::gateway::hub::{Hub, Intent};
use crate::id::{Id, IdMaker};
use commands::CommandBook;
use feed::Feed;
use interaction::Interaction;
use people::{Channel, Guild, Member, Role, User};
use posting::Posting;

/// Everything there is.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) clock: Clock,
    ids: IdMaker,
    pub(crate) guild: Guild,
    /// The bot's user; the application has the same id, as with every application made today.
    pub(crate) bot: Id,
    pub(crate) token: String,
    pub(crate) users: BTreeMap<Id, User>,
    pub(crate) members: BTreeMap<Id, Member>,
    pub(crate) roles: BTreeMap<Id, Role>,
    pub(crate) channels: BTreeMap<Id, Channel>,
    pub(crate) postings: BTreeMap<Id, Posting>,
    pub(crate) commands: CommandBook,
    pub(crate) interactions: BTreeMap<Id, Interaction>,
    by_token: HashMap<String, Id>,
    nonces: Vec<(DateTime<Utc>, Id, String, Id)>,
    pub(crate) hub: Hub,
    /// What those who watch live have still to be told.
    pub(crate) feed: Feed,
}

impl World {
    pub(crate) fn new(clock: Clock, guild: Guild, bot: User, token: String) -> Self {
        let bot_id = bot.id;
        Self {
            clock,
            ids: IdMaker::default(),
            guild,
            bot: bot_id,
            token,
            users: BTreeMap::from([(bot_id, bot)]),
            members: BTreeMap::new(),
            roles: BTreeMap::new(),
            channels: BTreeMap::new(),
            postings: BTreeMap::new(),
            commands: CommandBook::default(),
            interactions: BTreeMap::new(),
            by_token: HashMap::new(),
            nonces: vec![],
            hub: Hub::default(),
            feed: Feed::default(),
        }
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    pub(crate) fn next_id(&mut self) -> Id {
        let now = self.clock.now();
        self.ids.next(now)
    }

    /// Tells the bot of an event, if it asked for its kind.
    pub(crate) fn emit(&mut self, name: &str, intent: Intent, payload: &Value) {
        self.hub.dispatch(name, intent, payload);
    }

    /// The name people see: the nickname, else the user's own.
    pub(crate) fn name_of(&self, user: Id) -> String {
        let nick = self.members.get(&user).and_then(|member| member.nick.clone());
        nick.or_else(|| self.users.get(&user).map(|user| user.name.clone())).unwrap_or_else(|| user.to_string())
    }

    pub(crate) fn channel(&self, id: Id) -> Result<&Channel, ApiError> {
        self.channels.get(&id).ok_or_else(ApiError::unknown_channel)
    }

    pub(crate) fn channel_mut(&mut self, id: Id) -> Result<&mut Channel, ApiError> {
        self.channels.get_mut(&id).ok_or_else(ApiError::unknown_channel)
    }

    /// A message that still stands.
    pub(crate) fn posting(&self, id: Id) -> Result<&Posting, ApiError> {
        self.postings
            .get(&id)
            .filter(|posting| posting.deleted.is_none() && self.channels.contains_key(&posting.channel))
            .ok_or_else(ApiError::unknown_message)
    }

    /// The guild of a channel; a direct message has none.
    pub(crate) fn guild_of(&self, channel: &Channel) -> Option<Id> {
        (!channel.is_dm()).then_some(self.guild.id)
    }
}
