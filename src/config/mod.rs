//! `bot.toml`: the deployment. Hosts, people's roles, where Discord is; never a secret, only where one is to be found.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use chrono_tz::Tz;

use crate::dial::Reach;
use crate::document::Place;
use crate::domain::action::Risk;
use crate::domain::approval::Policy;
use crate::domain::message::{Language, Localised};
use crate::domain::refined::Refined;
use crate::domain::retention::Retention;
use crate::domain::rota::Rota;
use crate::domain::schedule::Schedule;
use crate::domain::schedule::holidays::Holidays;
use crate::domain::target::Target;
use crate::domain::vital::Thresholds;

mod aws;
mod gate;
mod health;
pub mod holidays;
mod host;
mod own;
mod parse;
mod people;
mod retention;
mod sampling;
mod schedule;
pub mod secret;
mod several;
mod signing;

pub use parse::{commands_folder, load, parse};
pub use secret::{Secret, SecretRef};
pub use several::{checklist_of, rota_name};
pub use signing::{FindingsConfig, Signer};

/// Everything `bot.toml` says. Paths are absolute or relative to the file's own folder; both are resolved here.
#[derive(Clone, Debug)]
pub struct Config {
    /// How far the bot may reach.
    pub reach: Reach,
    /// The zone in which times are shown.
    pub timezone: Tz,
    /// The language of what is posted to everybody.
    pub language: Language,
    /// The SQLite file.
    pub database: PathBuf,
    /// The folder of command files.
    pub commands: PathBuf,
    /// Where Discord is, where it is configured: the terminal needs none.
    pub discord: Option<DiscordConfig>,
    /// Role ids, by the names that the rest of the file uses.
    pub roles: BTreeMap<String, u64>,
    /// The names of the roles that may run each command; a command that is not named may be run by every named role.
    pub may_run: BTreeMap<String, Vec<String>>,
    /// Who may sign each checklist; one that is not named may be signed by whoever may run it.
    pub may_sign: BTreeMap<String, Vec<Signer>>,
    /// What becomes of findings besides being kept.
    pub findings: FindingsConfig,
    /// The people of the team, by the names that the rest of the file uses.
    pub people: BTreeMap<String, PersonConfig>,
    /// Whose turn it is, by checklist.
    pub rotas: BTreeMap<String, Rota>,
    /// When checklists are due, by checklist.
    pub schedules: BTreeMap<String, ScheduleConfig>,
    /// The days on which nobody works.
    pub holidays: Holidays,
    /// The file that says so, where there is one.
    pub holidays_file: Option<PathBuf>,
    /// The quiet list of what is overdue, where one is wanted.
    pub digest: Option<DigestConfig>,
    /// The channel that hears of what the bot itself could not do, where there is one.
    pub log: Option<u64>,
    /// Where the bot tells how it is, where it does.
    pub health: Option<HealthConfig>,
    /// How sites are reached.
    pub http: HttpConfig,
    /// How Amazon is asked, where it is.
    pub aws: Option<AwsConfig>,
    /// What is sampled between the runs, where anything is.
    pub sampling: Option<SamplingConfig>,
    /// The gate that destructive acts stand behind.
    pub gate: GateConfig,
    /// How long what is kept is kept.
    pub retention: Retention,
    /// The hosts, by name.
    pub hosts: BTreeMap<String, HostConfig>,
}

/// Where Discord is.
#[derive(Clone, Debug)]
pub struct DiscordConfig {
    /// How far the bot may reach.
    pub reach: Reach,
    /// The guild whose commands are registered.
    pub guild: u64,
    /// Where the bot's token is to be found.
    pub token: SecretRef,
    /// Another server that speaks Discord's API; none: Discord itself.
    pub connect_to: Option<SocketAddr>,
    /// The only certificate authority that is trusted there, as PEM.
    pub ca_file: Option<PathBuf>,
    /// Where it is written by how many milliseconds the clock of that server is ahead: a practice server's time moves.
    pub clock: Option<PathBuf>,
}

/// One of the team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonConfig {
    /// Their name in the file: `jimin`.
    pub key: String,
    /// Their id in Discord.
    pub id: u64,
    /// What they are called.
    pub name: String,
}

/// When a checklist is due, and who hears of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScheduleConfig {
    /// When.
    pub schedule: Schedule,
    /// What is to be done, where it is no checklist: a drill.
    pub title: Option<Localised>,
    /// Whether the checklist is run for it.
    pub looking: Looking,
    /// The hosts, each of which is due for itself; none: the first one.
    pub hosts: Option<Target>,
    /// For how long a reminder that could not be posted in time is still of use.
    pub window: Duration,
    /// The channel in which it is posted.
    pub channel: u64,
    /// Who is reminded when the assignee does nothing, by id; none: the next of the rota.
    pub deputy: Option<u64>,
    /// The role that is reminded when the deputy does nothing either, and where nobody is on.
    pub role: Option<u64>,
    /// When they are reminded.
    pub overdue: Overdue,
    /// Where the URL is to be found that hears when it is run by the clock, and whether it could be.
    pub watchdog: Option<SecretRef>,
}

/// Whether a checklist is run for its reminder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looking {
    /// It is, and the reminder brings the graded result.
    Before,
    /// Somebody runs it.
    OnDemand,
}

impl Looking {
    /// All, as files write them.
    pub const ALL: [(&'static str, Self); 2] = [("before", Self::Before), ("on-demand", Self::OnDemand)];
}

/// So long after it was due who is reminded, as long as nobody has signed; none: never.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Overdue {
    /// Whose turn it is.
    pub person: Option<Duration>,
    /// The deputy.
    pub deputy: Option<Duration>,
    /// The role.
    pub role: Option<Duration>,
}

/// A quiet list of what is overdue, from time to time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DigestConfig {
    /// When.
    pub schedule: Schedule,
    /// Where.
    pub channel: u64,
}

/// Where the bot tells how it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HealthConfig {
    /// Where it answers who asks, by HTTP.
    pub listen: SocketAddr,
}

/// How the sites of `http` probes are reached.
#[derive(Clone, Debug, Default)]
pub struct HttpConfig {
    /// How far the bot may reach.
    pub reach: Reach,
    /// A certificate authority that is trusted besides the public ones, as PEM.
    pub ca_file: Option<PathBuf>,
    /// Other addresses for `host:port`, as curl's `--connect-to`; name and certificate stay those of the URL.
    pub connect_to: BTreeMap<String, SocketAddr>,
}

/// How Amazon is asked.
#[derive(Clone, Debug)]
pub struct AwsConfig {
    /// How far the bot may reach.
    pub reach: Reach,
    /// The region of the deployment: `ap-northeast-2`.
    pub region: String,
    /// Another server that speaks Amazon's interfaces; none: Amazon itself.
    pub endpoint: Option<String>,
    /// Where the id of the access key is to be found.
    pub key_id: SecretRef,
    /// Where the secret access key is to be found.
    pub secret_key: SecretRef,
    /// Where the token of a session is to be found, for keys that end.
    pub session_token: Option<SecretRef>,
}

/// What is sampled between the runs, and who hears of it.
#[derive(Clone, Debug)]
pub struct SamplingConfig {
    /// How far the bot may reach.
    pub reach: Reach,
    /// How often.
    pub every: Duration,
    /// The channel in which alerts are posted; none: they are only kept.
    pub channel: Option<u64>,
    /// The roles that an alert pings, by id.
    pub ping: Vec<u64>,
    /// The checklist of whose rota an alert pings who is on.
    pub on_duty: Option<String>,
    /// Where the URL is to be found that hears of alerts as well.
    pub webhook: Option<SecretRef>,
    /// Where the URL is to be found that hears when every host was sampled.
    pub watchdog: Option<SecretRef>,
    /// From where on a sample is bad.
    pub thresholds: Thresholds,
}

/// The gate that destructive acts stand behind.
#[derive(Clone, Debug, Default)]
pub struct GateConfig {
    /// Whose word each risk takes.
    pub policy: Policy,
    /// The riskiest act that may be asked for and decided on in each channel, by id; where none is named, in every one.
    pub channels: BTreeMap<u64, Risk>,
    /// Who may go ahead alone when nobody else is awake; none: nobody.
    pub break_glass: Option<BreakGlassConfig>,
}

/// Who may go ahead alone, and how long the others have to stop it.
#[derive(Clone, Debug)]
pub struct BreakGlassConfig {
    /// The names of the roles.
    pub roles: Vec<String>,
    /// How long they wait.
    pub wait: Duration,
}

/// What a host is to Amazon.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Instance {
    /// Its instance: `i-0abc…`.
    pub id: Option<String>,
    /// The security group that lets in to it: `sg-0abc…`.
    pub security_group: Option<String>,
    /// The address range of those who may log in: `203.0.113.0/24`.
    pub admin_cidr: Option<String>,
}

/// One host.
#[derive(Clone, Debug)]
pub struct HostConfig {
    /// Its name in the file: `gear-freak`.
    pub name: String,
    /// What it is called.
    pub title: Localised,
    /// How it is reached.
    pub transport: Transport,
    /// Who acts on it, where that is another than who looks.
    pub act: Option<Door>,
    /// Paths whose file systems matter.
    pub disks: Vec<String>,
    /// The compose project whose containers are looked at.
    pub compose_project: String,
    /// The Docker engine's socket on the host.
    pub docker_socket: String,
    /// The site whose answers are sampled.
    pub site: Option<String>,
    /// What it is to Amazon.
    pub instance: Instance,
    /// What it has of its own, where that is other than what holds for all.
    pub own: Own,
}

/// What a host has of its own, where that is other than what holds for all.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Own {
    /// The words by which it is meant together with others.
    pub tags: Vec<String>,
    /// What it is held to instead of what the checklists say.
    pub rules: Vec<HostRule>,
    /// Whose turn it is, by checklist.
    pub rotas: BTreeMap<String, Rota>,
    /// When checklists are due, by checklist.
    pub schedules: BTreeMap<String, ScheduleConfig>,
    /// Whether it is left out where hosts are sampled.
    pub unsampled: bool,
}

impl Own {
    /// What it is held to instead of what the checklists say.
    pub fn refined(&self) -> Vec<Refined> {
        self.rules.iter().map(|rule| rule.refined.clone()).collect()
    }
}

/// What a host is held to instead of what a checklist says, and where it is written: whether there is such a check is known
/// only beside the commands.
#[derive(Clone, Debug, PartialEq)]
pub struct HostRule {
    /// What it says.
    pub refined: Refined,
    /// Where the checklist is named.
    pub checklist_at: Place,
    /// Where the check is named.
    pub check_at: Place,
    /// Where the measure is named.
    pub measure_at: Place,
    /// Where its warning and its failure stand; where one does not, that is the measure's place.
    pub conditions_at: [Place; 2],
}

/// How a host is reached.
#[derive(Clone, Debug)]
pub enum Transport {
    /// By SSH.
    Ssh(SshConfig),
    /// It is the bot's own machine.
    Local,
}

/// Who comes to a host by another door than the one for looking.
#[derive(Clone, Debug)]
pub struct Door {
    /// Who logs in.
    pub user: String,
    /// With what.
    pub login: Login,
}

/// How a host is reached by SSH.
#[derive(Clone, Debug)]
pub struct SshConfig {
    /// How far the bot may reach.
    pub reach: Reach,
    /// The name or address.
    pub host: String,
    /// The port.
    pub port: u16,
    /// Who logs in.
    pub user: String,
    /// With what.
    pub login: Login,
    /// How the host proves itself.
    pub host_key: HostKey,
    /// The most channels at a time. OpenSSH allows 10 sessions a connection and frees a slot late: 6 had no refusal.
    pub max_channels: usize,
    /// How long connecting and logging in may take.
    pub connect_timeout: Duration,
    /// How often a silent connection is asked whether it is still there; it is given up after three silences.
    pub keepalive: Duration,
}

/// With what the bot logs in.
#[derive(Clone, Debug)]
pub enum Login {
    /// A private key file, encrypted where there is a passphrase.
    Key {
        /// The file.
        file: PathBuf,
        /// Its passphrase.
        passphrase: Option<SecretRef>,
    },
    /// The keys of the SSH agent that `SSH_AUTH_SOCK` names.
    Agent,
}

/// How a host proves that it is the one meant.
#[derive(Clone, Debug)]
pub enum HostKey {
    /// `SHA256:…`, as `ssh-keygen -lf` prints it.
    Fingerprint(String),
    /// A `known_hosts` file. Revoked lines and wildcards are not honoured: a fingerprint is safer.
    KnownHosts(PathBuf),
}
