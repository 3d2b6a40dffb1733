//! The practice Discord in a test's hands.

mod deeds;
mod fate;
mod servers;

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

pub use deeds::{RegisteredCommand, Unclean};
pub(crate) use servers::Servers;

use crate::builder::{Builder, StartError};
use crate::chat::channel::ChannelView;
use crate::chat::error::ChatError;
use crate::chat::person::Person;
use crate::clock::Clock;
use crate::core::Core;
use crate::id::Id;

/// A Discord on loopback. It ends when it is dropped.
#[derive(Debug)]
pub struct PracticeDiscord {
    core: Arc<Core>,
    servers: Servers,
    ca_pem: String,
}

impl Drop for PracticeDiscord {
    fn drop(&mut self) {
        self.servers.stop();
    }
}

impl PracticeDiscord {
    pub(crate) fn new(core: Arc<Core>, servers: Servers, ca_pem: String) -> Self {
        Self { core, servers, ca_pem }
    }

    /// The default world; see [`Builder`].
    #[must_use]
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Starts the default world on free ports.
    ///
    /// # Errors
    /// See [`Builder::start`].
    pub async fn start() -> Result<Self, StartError> {
        Self::builder().start().await
    }

    pub(crate) fn core(&self) -> Arc<Core> {
        Arc::clone(&self.core)
    }

    // --- what the bot needs to find it ---

    /// Where REST listens, over TLS. A client must resolve `discord.com` to it.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.servers.rest
    }

    /// Where the gateway listens, as `GET /gateway` tells it.
    #[must_use]
    pub fn gateway_url(&self) -> &str {
        &self.core.gateway_url
    }

    /// The authority that the client must trust, in PEM.
    #[must_use]
    pub fn ca_pem(&self) -> &str {
        &self.ca_pem
    }

    /// Writes the authority into a file.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn write_ca(&self, path: impl AsRef<Path>) -> std::io::Result<()> {
        std::fs::write(path, &self.ca_pem)
    }

    /// The bot's token, without `Bot `.
    #[must_use]
    pub fn token(&self) -> String {
        self.core.look(|world| world.token.clone())
    }

    /// The guild.
    #[must_use]
    pub fn guild_id(&self) -> Id {
        self.core.look(|world| world.guild.id)
    }

    /// The application, which is also the bot's user.
    #[must_use]
    pub fn application_id(&self) -> Id {
        self.core.look(|world| world.bot)
    }

    /// The id of a channel or thread by name.
    #[must_use]
    pub fn channel_id(&self, name: &str) -> Option<Id> {
        self.core.look(|world| world.find_channel(name))
    }

    /// The id of a role by name.
    #[must_use]
    pub fn role_id(&self, name: &str) -> Option<Id> {
        self.core.look(|world| world.find_role(name))
    }

    /// The id of a person by name.
    #[must_use]
    pub fn user_id(&self, name: &str) -> Option<Id> {
        self.core.look(|world| world.find_user(name))
    }

    // --- the conversation ---

    /// A person, by shown name, user name or id.
    #[must_use]
    pub fn as_user(&self, name: impl Into<String>) -> Person {
        Person { core: Arc::clone(&self.core), name: name.into() }
    }

    /// A channel or thread, by name or id.
    #[must_use]
    pub fn channel(&self, name: impl Into<String>) -> ChannelView {
        ChannelView { core: Arc::clone(&self.core), name: name.into(), patience: self.core.patience }
    }

    /// The world's clock.
    #[must_use]
    pub fn clock(&self) -> Clock {
        self.core.clock.clone()
    }

    /// Whether the bot has a session that is connected.
    #[must_use]
    pub fn bot_is_online(&self) -> bool {
        self.core.look(|world| world.hub.connected()) > 0
    }

    /// Waits until the bot is logged in to the gateway.
    ///
    /// # Errors
    /// It did not come in time.
    pub async fn wait_for_bot(&self) -> Result<(), ChatError> {
        self.wait("the bot's login", || self.bot_is_online().then_some(())).await
    }

    /// Waits until the bot is logged in and a slash command is registered.
    ///
    /// # Errors
    /// It did not happen in time.
    pub async fn wait_for_command(&self, name: &str) -> Result<RegisteredCommand, ChatError> {
        self.wait_for_bot().await?;
        let look = || self.commands().into_iter().find(|command| command.name == name);
        self.wait(&format!("the command /{name}"), look).await
    }

    /// Waits until something holds; it is looked at whenever the world changes or a request was answered. `what` names it in
    /// the error.
    ///
    /// # Errors
    /// It did not come to hold in time.
    pub async fn wait_until(&self, what: &str, mut holds: impl FnMut() -> bool) -> Result<(), ChatError> {
        self.wait(what, || holds().then_some(())).await
    }

    async fn wait<T>(&self, what: &str, look: impl FnMut() -> Option<T>) -> Result<T, ChatError> {
        let found = self.core.wait(self.core.patience, look).await;
        found.ok_or_else(|| ChatError::TooLate {
            what: what.to_owned(),
            waited: self.core.patience,
            scene: self.last_requests(),
        })
    }

    fn last_requests(&self) -> String {
        let lines =
            self.requests().into_iter().map(|r| format!("    {} {} -> {} {}", r.method, r.path, r.status, r.code));
        format!("the bot asked:\n{}", lines.collect::<Vec<_>>().join("\n"))
    }

    /// How long waiting functions wait, in real time.
    #[must_use]
    pub fn patience(&self) -> Duration {
        self.core.patience
    }
}
