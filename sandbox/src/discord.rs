//! The practice Discord in a test's hands.

use std::fmt;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

use crate::builder::{Builder, StartError, username};
use crate::chat::channel::ChannelView;
use crate::chat::error::ChatError;
use crate::chat::message::Message;
use crate::chat::person::Person;
use crate::clock::Clock;
use crate::core::{Core, locked};
use crate::faults::Faults;
use crate::gateway::hub::{Intent, ToSocket};
use crate::id::Id;
use crate::journal::Request;
use crate::judge::Violation;
use crate::limiter::RateLimits;
use crate::permissions::{Overwrite, Permissions};
use crate::server;
use crate::world::World;
use crate::world::interaction::FIRST_ANSWER;
use crate::world::people::User;

/// The two listeners, which can go down and come up again on their ports.
#[derive(Debug)]
pub(crate) struct Servers {
    core: Arc<Core>,
    acceptor: Opaque<TlsAcceptor>,
    rest: SocketAddr,
    gateway: SocketAddr,
    running: Mutex<Option<Running>>,
}

#[derive(Debug)]
struct Running {
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
}

/// Something whose inside is nobody's business in a debug line.
struct Opaque<T>(T);

impl<T> fmt::Debug for Opaque<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("...")
    }
}

impl Servers {
    pub(crate) fn new(core: &Arc<Core>, acceptor: TlsAcceptor, rest: SocketAddr, gateway: SocketAddr) -> Self {
        Self { core: Arc::clone(core), acceptor: Opaque(acceptor), rest, gateway, running: Mutex::default() }
    }

    pub(crate) fn open(&self, rest: TcpListener, gateway: TcpListener) {
        let (stop, stopped) = watch::channel(false);
        let rest_router = crate::rest::router(Arc::clone(&self.core));
        let gateway_router = crate::gateway::router(Arc::clone(&self.core));
        let tasks = vec![
            tokio::spawn(server::serve(rest, Some(self.acceptor.0.clone()), rest_router, stopped.clone())),
            tokio::spawn(server::serve(gateway, None, gateway_router, stopped)),
        ];
        *locked(&self.running) = Some(Running { stop, tasks });
    }

    fn stop(&self) -> Vec<JoinHandle<()>> {
        self.core.change(|world| world.hub.to_all_sockets(&ToSocket::Close(None)));
        let running = locked(&self.running).take();
        running.map_or_else(Vec::new, |running| {
            running.stop.send_replace(true);
            running.tasks
        })
    }
}

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

/// A slash command as Discord keeps it.
#[derive(Clone, Debug)]
pub struct RegisteredCommand {
    /// Its id, which stays when it is registered again under its name.
    pub id: Id,
    /// Its name.
    pub name: String,
    /// Everything about it, as `GET .../commands?with_localizations=true` gives it.
    pub json: Value,
}

/// What is left that should not be.
#[derive(Clone, thiserror::Error)]
#[error("the practice Discord is not clean:\n{}", self.all().join("\n"))]
pub struct Unclean {
    /// Bodies that Discord would not have taken.
    pub violations: Vec<Violation>,
    /// Routes that do not exist here.
    pub unknown_routes: Vec<String>,
    /// Interactions that got no first answer: what was done, and by whom.
    pub unanswered: Vec<String>,
}

impl Unclean {
    fn all(&self) -> Vec<String> {
        let violations = self.violations.iter().map(|violation| format!("  violation: {violation}"));
        let routes = self.unknown_routes.iter().map(|route| format!("  unknown route: {route}"));
        let open = self.unanswered.iter().map(|words| format!("  never answered: {words}"));
        violations.chain(routes).chain(open).collect()
    }
}

impl fmt::Debug for Unclean {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
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
    pub fn as_user(&self, name: impl ToString) -> Person {
        Person { core: Arc::clone(&self.core), name: name.to_string() }
    }

    /// A channel or thread, by name or id.
    #[must_use]
    pub fn channel(&self, name: impl ToString) -> ChannelView {
        ChannelView { core: Arc::clone(&self.core), name: name.to_string() }
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

    // --- what the bot did ---

    /// The registered slash commands, the guild's first.
    #[must_use]
    pub fn commands(&self) -> Vec<RegisteredCommand> {
        self.core.look(|world| {
            let shown = world.commands.slash();
            shown
                .map(|command| RegisteredCommand {
                    id: command.id,
                    name: command.name().to_owned(),
                    json: world.command_json(command, true),
                })
                .collect()
        })
    }

    /// Every request so far, in the order of their answers.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        self.core.journal.all()
    }

    /// How many requests fit a pattern; see [`Request::is`].
    #[must_use]
    pub fn count(&self, pattern: &str) -> usize {
        self.core.journal.count(pattern)
    }

    /// How often a client identified anew.
    #[must_use]
    pub fn identifies(&self) -> usize {
        self.core.look(|world| world.hub.identified.len())
    }

    /// How often a client resumed.
    #[must_use]
    pub fn resumes(&self) -> usize {
        self.core.look(|world| world.hub.resumed.len())
    }

    /// Routes that were asked for and do not exist here, as `METHOD /path`.
    #[must_use]
    pub fn unknown_routes(&self) -> Vec<String> {
        self.core.journal.unknown()
    }

    /// Bodies that Discord would not have taken, by its documentation or its OpenAPI document.
    pub async fn violations(&self) -> Vec<Violation> {
        self.core.judge.violations().await
    }

    /// Whether bodies are judged by Discord's OpenAPI document (it was found).
    #[must_use]
    pub fn judges_by_schema(&self) -> bool {
        self.core.judge.sits()
    }

    /// Forgets requests, unknown routes and violations so far.
    pub async fn forget_past(&self) {
        self.violations().await;
        self.core.judge.forget();
        self.core.journal.forget();
    }

    /// Whether nothing is left that should not be: no violation, no unknown route, no interaction without an answer.
    ///
    /// # Errors
    /// What is left.
    pub async fn check_clean(&self) -> Result<(), Unclean> {
        self.await_first_answers().await;
        let violations = self.violations().await;
        let unknown_routes = self.unknown_routes();
        let unanswered = self.core.look(|world| {
            world.unanswered().iter().map(|i| format!("{} of {}", i.words, world.name_of(i.user))).collect::<Vec<_>>()
        });
        if violations.is_empty() && unknown_routes.is_empty() && unanswered.is_empty() {
            return Ok(());
        }
        Err(Unclean { violations, unknown_routes, unanswered })
    }

    /// An interaction of a moment ago may still be answered: it has its three seconds.
    async fn await_first_answers(&self) {
        let done = || {
            self.core.look(|world| {
                let now = world.now();
                world.unanswered().iter().all(|open| open.too_late_for_first_answer(now)).then_some(())
            })
        };
        self.core.wait(FIRST_ANSWER.to_std().unwrap_or_default(), done).await;
    }

    /// As [`check_clean`](Self::check_clean), for the end of a test.
    ///
    /// # Panics
    /// If something is left.
    pub async fn assert_clean(&self) {
        let outcome = self.check_clean().await;
        assert!(outcome.is_ok(), "{}", outcome.err().map(|left| left.to_string()).unwrap_or_default());
    }

    /// Ends the test: asserts that it is clean and stops.
    ///
    /// # Panics
    /// If something is left; see [`check_clean`](Self::check_clean).
    pub async fn finish(self) {
        self.assert_clean().await;
    }

    // --- faults and fate ---

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

    /// How long waiting functions wait, in real time.
    #[must_use]
    pub fn patience(&self) -> Duration {
        self.core.patience
    }
}
