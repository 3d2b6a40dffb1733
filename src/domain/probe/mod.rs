//! What a probe is asked to look at. One type for each kind of look: what it needs, and what it measures.

use std::collections::BTreeMap;
use std::time::Duration;

use regex::Regex;

use super::message::Localised;
use super::quantity::Dimension;

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
}

/// One thing a probe measures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measure {
    /// Its name in a rule.
    pub name: String,
    /// What it counts; none: it is a text.
    pub dimension: Option<Dimension>,
}

const fn number(name: &'static str, dimension: Dimension) -> (&'static str, Option<Dimension>) {
    (name, Some(dimension))
}

const fn text(name: &'static str) -> (&'static str, Option<Dimension>) {
    (name, None)
}

impl Probe {
    /// Every kind, as it is named in a command file.
    pub const KINDS: &'static [&'static str] =
        &["http", "shell", "container", "container_log", "cpu", "memory", "disk", "manual"];

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
            Self::Manual(_) => "manual",
        }
    }

    /// Whether a check of it goes without rules: nothing is measured.
    pub const fn asks_person(&self) -> bool {
        matches!(self, Self::Manual(_))
    }

    /// What it measures, the most telling measure first.
    pub fn measures(&self) -> Vec<Measure> {
        let fixed: &[(&str, Option<Dimension>)] = match self {
            // `first_byte` and `time` are counted from the look-up of the name to the first and the last byte of the answer,
            // as curl counts `time_starttransfer` and `time_total`.
            Self::Http(_) => &[
                number("status", Dimension::Count),
                text("body"),
                number("first_byte", Dimension::Time),
                number("time", Dimension::Time),
            ],
            Self::Shell(shell) => &[number("exit", Dimension::Count), text("output"), number("number", shell.number)],
            // `restarts` counts those that the engine made by itself.
            Self::Container(_) => &[
                text("state"),
                text("health"),
                number("restarts", Dimension::Count),
                number("exit_code", Dimension::Count),
                number("uptime", Dimension::Time),
            ],
            // `critical` and `errors` count lines by their level; `repeated` is how often the most frequent error came.
            Self::ContainerLog(_) => &[
                number("critical", Dimension::Count),
                number("errors", Dimension::Count),
                number("repeated", Dimension::Count),
                number("lines", Dimension::Count),
            ],
            // `host` is the busy share of all cores; `container` the share of all cores that each takes.
            Self::Cpu(_) => &[
                number("host", Dimension::Percent),
                number("container", Dimension::Percent),
                number("steal", Dimension::Percent),
                number("credits", Dimension::Count),
            ],
            Self::Memory => &[
                number("used", Dimension::Percent),
                number("available", Dimension::Bytes),
                number("swap", Dimension::Percent),
                number("oom_kills", Dimension::Count),
            ],
            Self::Disk(_) => &[
                number("used", Dimension::Percent),
                number("free", Dimension::Bytes),
                number("inodes", Dimension::Percent),
            ],
            Self::Manual(_) => &[],
        };
        let own = match self {
            Self::ContainerLog(log) => log.patterns.keys().cloned().collect(),
            _ => Vec::new(),
        };
        let fixed = fixed.iter().map(|(name, dimension)| Measure { name: (*name).to_owned(), dimension: *dimension });
        fixed.chain(own.into_iter().map(|name| Measure { name, dimension: Some(Dimension::Count) })).collect()
    }
}
