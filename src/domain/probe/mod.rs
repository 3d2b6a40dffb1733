//! What a probe is asked to look at. One type for each kind of look: what it needs, and what it measures.

pub mod backup;
pub mod cloud;
pub mod logs;
mod measures;

pub mod setting;
pub mod tls;

use std::collections::BTreeMap;
use std::time::Duration;

use regex::Regex;

use super::message::Localised;
use super::quantity::Dimension;
pub use backup::{Backups, Database, Explain, Rehearsed, Schedule};
pub use cloud::{Alarm, Alarms, Cost, S3Backups, SecurityGroup};
pub use logs::{AccessLog, LogErrors, LogSecrets, Logins};
pub use measures::is_counter;
pub use setting::{Benchmark, Fail2ban, Files, Images, Manager, Settings, Timer, Trivy, Updates};
pub use tls::{Certificate, RateLimit, Tls};

/// What a check looks at.
#[derive(Clone, Debug, PartialEq)]
pub enum Probe {
    /// One HTTP request, made from the bot.
    Http(Http),
    /// One read-only command line on the host.
    Shell(Shell),
    /// One container of the host's compose project.
    Container(Container),
    /// The log of one container.
    ContainerLog(ContainerLog),
    /// The processors of the host and what its containers take of them.
    Cpu(Cpu),
    /// The memory of the host.
    Memory,
    /// The file systems of the host that matter.
    Disk(Disk),
    /// The certificates of sites, as they are served and as they lie on the host's disk.
    Certificate(Certificate),
    /// The protocols and cipher suites that sites accept.
    Tls(Tls),
    /// Whether a site limits how often one address may ask.
    RateLimit(RateLimit),
    /// The settings that a program says it runs with.
    Settings(Settings),
    /// Files of the host: what they are, not what is in them.
    Files(Files),
    /// A jail of fail2ban.
    Fail2ban(Fail2ban),
    /// A unit that starts another by the clock.
    Timer(Timer),
    /// Updates that the host's package manager knows of.
    Updates(Updates),
    /// The same request several times.
    Benchmark(Benchmark),
    /// What the images of the host's engine take.
    Images(Images),
    /// Known weaknesses of an image.
    Trivy(Trivy),
    /// The errors of a container's log over days.
    LogErrors(LogErrors),
    /// The access logs of nginx.
    AccessLog(AccessLog),
    /// Failed logins by SSH.
    Logins(Logins),
    /// What looks like a secret in logs.
    LogSecrets(LogSecrets),
    /// The backups in a folder of the host.
    Backups(Backups),
    /// A line of cron, and what it needs to work.
    Schedule(Schedule),
    /// How large a database and its largest tables are.
    DatabaseSize(Database),
    /// How long the queries of a database take.
    Statements(Database),
    /// How long one query takes.
    Explain(Explain),
    /// When something was last rehearsed.
    Rehearsed(Rehearsed),
    /// The copies of the backups in S3.
    S3Backups(S3Backups),
    /// Whom the host's security group lets in.
    SecurityGroup(SecurityGroup),
    /// How the security group differs from what a person approved.
    SecurityGroupDrift,
    /// What the account cost.
    Cost(Cost),
    /// The alarms of CloudWatch.
    Alarms(Alarms),
    /// What the bot itself sampled over the last weeks.
    Samples(Samples),
    /// Nothing: a person must look and say.
    Manual(Manual),
}

/// One GET request. Redirects are not followed: the first answer is what is judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Http {
    /// Where to; `http` or `https`.
    pub url: String,
}

/// One command line, run by the host's `sh`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shell {
    /// The command line. Read-only: acts have a door of their own.
    pub command: String,
    /// What the first number of its output counts.
    pub number: Dimension,
}

/// One service of the compose project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Container {
    /// The compose service, as `serverpod`.
    pub service: String,
}

/// The end of one container's log.
#[derive(Clone, Debug)]
pub struct ContainerLog {
    /// The compose service, as `serverpod`.
    pub service: String,
    /// How far back.
    pub since: Duration,
    /// Measures of one's own: the number of lines that match.
    pub patterns: BTreeMap<String, Regex>,
}

impl PartialEq for ContainerLog {
    fn eq(&self, other: &Self) -> bool {
        let written =
            |log: &Self| log.patterns.iter().map(|(name, regex)| (name.clone(), regex.to_string())).collect::<Vec<_>>();
        self.service == other.service && self.since == other.since && written(self) == written(other)
    }
}

/// Processor time, from two readings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cpu {
    /// How long between the two readings.
    pub over: Duration,
}

/// What the bot sampled itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Samples {
    /// How far back.
    pub over: Duration,
    /// For how long it must have watched.
    pub least: Duration,
}

/// What no machine can tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manual {
    /// What a person is asked.
    pub ask: Localised,
}

/// File systems, by any path on them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disk {
    /// Paths whose file systems are measured; none: those that `bot.toml` names for the host.
    pub paths: Vec<String>,
    /// Folders whose size is told beside it, with since when it grows.
    pub folders: Vec<String>,
}

/// One thing a probe measures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measure {
    /// Its name in a rule.
    pub name: String,
    /// What it counts; none: it is a text.
    pub dimension: Option<Dimension>,
    /// Every text that it can be, where they are known; empty: any.
    pub words: &'static [&'static str],
}

impl Probe {
    /// Every kind, as it is named in a command file.
    pub const KINDS: &'static [&'static str] = &[
        "http",
        "shell",
        "container",
        "container_log",
        "cpu",
        "memory",
        "disk",
        "certificate",
        "tls",
        "rate_limit",
        "settings",
        "files",
        "fail2ban",
        "timer",
        "updates",
        "benchmark",
        "images",
        "trivy",
        "log_errors",
        "access_log",
        "logins",
        "log_secrets",
        "backups",
        "schedule",
        "database_size",
        "statements",
        "explain",
        "rehearsed",
        "s3_backups",
        "security_group",
        "security_group_drift",
        "aws_cost",
        "aws_alarms",
        "samples",
        "manual",
    ];

    /// Its kind, as it is named in a command file.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Http(_) => "http",
            Self::Shell(_) => "shell",
            Self::Container(_) => "container",
            Self::ContainerLog(_) => "container_log",
            Self::Cpu(_) => "cpu",
            Self::Memory => "memory",
            Self::Disk(_) => "disk",
            Self::Certificate(_) => "certificate",
            Self::Tls(_) => "tls",
            Self::RateLimit(_) => "rate_limit",
            Self::Settings(_) => "settings",
            Self::Files(_) => "files",
            Self::Fail2ban(_) => "fail2ban",
            Self::Timer(_) => "timer",
            Self::Updates(_) => "updates",
            Self::Benchmark(_) => "benchmark",
            Self::Images(_) => "images",
            Self::Trivy(_) => "trivy",
            Self::LogErrors(_) => "log_errors",
            Self::AccessLog(_) => "access_log",
            Self::Logins(_) => "logins",
            Self::LogSecrets(_) => "log_secrets",
            Self::Backups(_) => "backups",
            Self::Schedule(_) => "schedule",
            Self::DatabaseSize(_) => "database_size",
            Self::Statements(_) => "statements",
            Self::Explain(_) => "explain",
            Self::Rehearsed(_) => "rehearsed",
            Self::S3Backups(_) => "s3_backups",
            Self::SecurityGroup(_) => "security_group",
            Self::SecurityGroupDrift => "security_group_drift",
            Self::Cost(_) => "aws_cost",
            Self::Alarms(_) => "aws_alarms",
            Self::Samples(_) => "samples",
            Self::Manual(_) => "manual",
        }
    }

    /// Whether a check of it goes without rules: nothing is measured.
    pub const fn asks_person(&self) -> bool {
        matches!(self, Self::Manual(_))
    }
}
