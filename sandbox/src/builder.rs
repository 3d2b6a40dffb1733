//! Making a practice Discord: its people and places, and how it behaves.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::clock::Clock;
use crate::core::Core;
use crate::discord::{PracticeDiscord, Servers};
use crate::id::Id;
use crate::judge::Judge;
use crate::limiter::{Limiter, RateLimits};
use crate::permissions::Permissions;
use crate::server;
use crate::tls::Identity;
use crate::world::World;
use crate::world::people::{Channel, Guild, Member, Role, User};

const GUILD: Id = Id::new(1_000_000_000_000_000_001);
const BOT_ROLE: Id = Id::new(1_000_000_000_000_000_019);
const OWNER: Id = Id::new(1_000_000_000_000_000_200);
const BOT: Id = Id::new(1_000_000_000_000_000_900);
/// Ids of what a builder adds without naming one start here.
const FIRST_ADDED: u64 = 1_000_000_000_000_001_000;
/// Looks like a real token and is none.
const TOKEN: &str = "MTAwMDAwMDAwMDAwMDAwMDkwMA.practice.not-a-real-token-of-discord-0000000000";
/// Discord's own interval, in milliseconds.
const HEARTBEAT_MS: u64 = 41_250;

/// Why a practice Discord did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A port could not be had.
    #[error("a port of loopback could not be bound: {0}")]
    Port(#[from] std::io::Error),
    /// The certificate could not be made.
    #[error("the practice certificate could not be made: {0}")]
    Certificate(#[from] rcgen::Error),
    /// TLS refused the certificate.
    #[error("TLS could not be set up: {0}")]
    Tls(#[from] rustls::Error),
    /// The machine gave no randomness for the page's key.
    #[error("the machine gave no randomness for the page's key")]
    NoChance,
    /// A member was given a role that does not exist.
    #[error("member {member} has the role {role}, which does not exist; there are: {there}")]
    NoSuchRole {
        /// The member's name.
        member: String,
        /// The role that is missing.
        role: String,
        /// The roles there are.
        there: String,
    },
}

#[derive(Clone, Debug)]
struct NewMember {
    id: Id,
    name: String,
    username: String,
    roles: Vec<String>,
    locale: String,
}

/// Describes a practice Discord. It starts from the default world; every method adds or changes.
///
/// The default world: the guild `Gear Freak` (`1000000000000000001`), text channels `운영` (`...101`) and `signoff-log`
/// (`...102`), roles `operations` (`...011`), `devops` (`...012`) and `infrastructure` (`...013`), members `지민` (`...201`,
/// operations, Korean), `현우` (`...202`, devops, Korean), `Alex` (`...203`, infrastructure, English), `손님` (`...204`, no
/// role, Korean), the owner `방장` (`...200`), and the bot `signoff` (`...900`, which is also the application's id).
#[derive(Clone, Debug)]
pub struct Builder {
    guild: (Id, String, String),
    token: String,
    bot_name: String,
    roles: Vec<(Id, String, bool)>,
    channels: Vec<(Id, String)>,
    members: Vec<NewMember>,
    added: u64,
    rest_port: u16,
    gateway_port: u16,
    limits: RateLimits,
    heartbeat_ms: u64,
    openapi: Option<PathBuf>,
    strict: bool,
    starts_at: Option<DateTime<Utc>>,
    clock: Clock,
    patience: Duration,
}

impl Default for Builder {
    fn default() -> Self {
        let id = |last: u64| Id::new(1_000_000_000_000_000_000 + last);
        let mut builder = Self {
            guild: (GUILD, "Gear Freak".to_owned(), "ko".to_owned()),
            token: TOKEN.to_owned(),
            bot_name: "signoff".to_owned(),
            roles: vec![],
            channels: vec![],
            members: vec![],
            added: FIRST_ADDED,
            rest_port: 0,
            gateway_port: 0,
            limits: RateLimits::default(),
            heartbeat_ms: HEARTBEAT_MS,
            openapi: None,
            strict: false,
            starts_at: None,
            clock: Clock::default(),
            patience: Duration::from_secs(10),
        };
        for (last, name) in [(11, "operations"), (12, "devops"), (13, "infrastructure")] {
            builder.roles.push((id(last), name.to_owned(), true));
        }
        for (last, name) in [(101, "운영"), (102, "signoff-log")] {
            builder.channels.push((id(last), name.to_owned()));
        }
        for (last, name, username, role, locale) in [
            (200, "방장", "owner", None, "ko"),
            (201, "지민", "jimin", Some("operations"), "ko"),
            (202, "현우", "hyunwoo", Some("devops"), "ko"),
            (203, "Alex", "alex", Some("infrastructure"), "en-US"),
            (204, "손님", "guest", None, "ko"),
        ] {
            builder.members.push(NewMember {
                id: id(last),
                name: name.to_owned(),
                username: username.to_owned(),
                roles: role.map(str::to_owned).into_iter().collect(),
                locale: locale.to_owned(),
            });
        }
        builder
    }
}

impl Builder {
    fn new_id(&mut self) -> Id {
        self.added += 1;
        Id::new(self.added)
    }

    /// Names the guild, by id, name and locale (`ko`, `en-US`, ...).
    #[must_use]
    pub fn guild(mut self, id: u64, name: &str, locale: &str) -> Self {
        self.guild = (Id::new(id), name.to_owned(), locale.to_owned());
        self
    }

    /// The token the bot must come with.
    #[must_use]
    pub fn token(mut self, token: &str) -> Self {
        token.clone_into(&mut self.token);
        self
    }

    /// One more role, mentionable by everybody. Members may have it by name.
    #[must_use]
    pub fn role(mut self, name: &str) -> Self {
        let id = self.new_id();
        self.roles.push((id, name.to_owned(), true));
        self
    }

    /// One more role, with a given id.
    #[must_use]
    pub fn role_with_id(mut self, id: u64, name: &str) -> Self {
        self.roles.push((Id::new(id), name.to_owned(), true));
        self
    }

    /// One more text channel.
    #[must_use]
    pub fn channel(mut self, name: &str) -> Self {
        let id = self.new_id();
        self.channels.push((id, name.to_owned()));
        self
    }

    /// One more text channel, with a given id.
    #[must_use]
    pub fn channel_with_id(mut self, id: u64, name: &str) -> Self {
        self.channels.push((Id::new(id), name.to_owned()));
        self
    }

    /// One more member, with roles by name and a locale.
    #[must_use]
    pub fn member(mut self, name: &str, roles: &[&str], locale: &str) -> Self {
        let id = self.new_id();
        self.member_with_id(id.get(), name, roles, locale)
    }

    /// One more member, with a given id.
    #[must_use]
    pub fn member_with_id(mut self, id: u64, name: &str, roles: &[&str], locale: &str) -> Self {
        self.members.push(NewMember {
            id: Id::new(id),
            name: name.to_owned(),
            username: username(name, id),
            roles: roles.iter().map(|role| (*role).to_owned()).collect(),
            locale: locale.to_owned(),
        });
        self
    }

    /// The port of REST on loopback (0: any).
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.rest_port = port;
        self
    }

    /// The port of the gateway on loopback (0: any).
    #[must_use]
    pub fn gateway_port(mut self, port: u16) -> Self {
        self.gateway_port = port;
        self
    }

    /// Other rate limits than the usual ones.
    #[must_use]
    pub fn rate_limits(mut self, limits: RateLimits) -> Self {
        self.limits = limits;
        self
    }

    /// How often the client must send a heartbeat (Discord: 41.25 s).
    #[must_use]
    pub fn heartbeat_every(mut self, interval: Duration) -> Self {
        self.heartbeat_ms = u64::try_from(interval.as_millis()).unwrap_or(HEARTBEAT_MS).max(10);
        self
    }

    /// Where Discord's OpenAPI document lies. Otherwise `SIGNOFF_DISCORD_OPENAPI` names it, or it is looked for as
    /// `shared/discord/openapi.json` beside the working directory and its parents. Without it nothing is judged by it.
    #[must_use]
    pub fn openapi(mut self, path: impl Into<PathBuf>) -> Self {
        self.openapi = Some(path.into());
        self
    }

    /// Bodies that the OpenAPI document does not allow are answered with 400, instead of being noted only.
    #[must_use]
    pub fn strict_schema(mut self) -> Self {
        self.strict = true;
        self
    }

    /// The clock of the world, shared with whoever else lives in it.
    #[must_use]
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// The moment at which the world begins; from there its clock runs on.
    #[must_use]
    pub fn starts_at(mut self, moment: DateTime<Utc>) -> Self {
        self.starts_at = Some(moment);
        self
    }

    /// How long waiting functions wait, in real time (10 s).
    #[must_use]
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Starts it.
    ///
    /// # Errors
    /// A port that is taken, a role that no one made, or a failure of TLS.
    pub async fn start(self) -> Result<PracticeDiscord, StartError> {
        let world = self.world()?;
        let identity = Identity::new()?;
        let (rest, rest_addr) = server::bind(self.rest_port).await?;
        let (gateway, gateway_addr) = server::bind(self.gateway_port).await?;
        let limiter = Limiter::new(self.limits, world.now());
        let judge = Judge::new(self.openapi, self.strict);
        let url = format!("ws://{gateway_addr}");
        let core = Arc::new(Core::new(world, limiter, judge, self.heartbeat_ms, url, self.patience));
        let servers = Servers::new(&core, identity.acceptor, rest_addr, gateway_addr);
        servers.open(rest, gateway);
        Ok(PracticeDiscord::new(core, servers, identity.ca_pem))
    }

    pub(crate) fn world(&self) -> Result<World, StartError> {
        let clock = self.clock.clone();
        if let Some(moment) = self.starts_at {
            clock.set(moment);
        }
        let founded = clock.now() - chrono::TimeDelta::days(100);
        let (id, name, locale) = self.guild.clone();
        let guild = Guild { id, name: name.clone(), owner: OWNER, locale, founded };
        let bot = User {
            id: BOT,
            username: self.bot_name.clone(),
            name: self.bot_name.clone(),
            bot: true,
            locale: "en-US".to_owned(),
        };
        let mut world = World::new(clock, guild, bot, self.token.clone());
        let mut role = |id: Id, name: &str, permissions: Permissions, mentionable: bool, managed: bool| {
            let position = world.roles.len();
            world.roles.insert(id, Role { id, name: name.to_owned(), permissions, position, mentionable, managed });
        };
        role(id, "@everyone", Permissions::EVERYBODY, false, false);
        role(BOT_ROLE, &self.bot_name, Permissions::BOT, false, true);
        for (id, name, mentionable) in &self.roles {
            role(*id, name, Permissions::NONE, *mentionable, false);
        }
        for (position, (id, name)) in self.channels.iter().enumerate() {
            world.channels.insert(*id, Channel::text(*id, name, position));
        }
        world.members.insert(BOT, Member { user: BOT, nick: None, roles: vec![BOT_ROLE], joined: founded });
        for member in &self.members {
            let roles = self.roles_of(member)?;
            let NewMember { id, name, username, locale, .. } = member.clone();
            world.users.insert(id, User { id, username, name, bot: false, locale });
            world.members.insert(id, Member { user: id, nick: None, roles, joined: founded });
        }
        Ok(world)
    }

    fn roles_of(&self, member: &NewMember) -> Result<Vec<Id>, StartError> {
        let find = |wanted: &String| {
            self.roles.iter().find(|(_, name, _)| name == wanted).map(|(id, ..)| *id).ok_or_else(|| {
                let there: Vec<&str> = self.roles.iter().map(|(_, name, _)| name.as_str()).collect();
                StartError::NoSuchRole { member: member.name.clone(), role: wanted.clone(), there: there.join(", ") }
            })
        };
        member.roles.iter().map(find).collect()
    }
}

/// Discord's user names are plain lower-case letters; other names get one made of the id.
pub(crate) fn username(name: &str, id: u64) -> String {
    let plain = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "._".contains(c));
    if plain { name.to_lowercase() } else { format!("member{id}") }
}
