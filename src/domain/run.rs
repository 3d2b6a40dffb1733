//! A run: one command against one host, who asked for it, and where it is shown.

use chrono::{DateTime, Utc};

use super::message::Localised;
use super::report::Report;

/// The number of a run, as people say it: `#128`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RunId(pub i64);

impl std::fmt::Display for RunId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "#{}", self.0)
    }
}

/// Who asked for a run, and from where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A person in Discord, by id.
    Discord {
        /// The person.
        user: u64,
        /// The channel they asked in.
        channel: u64,
    },
    /// A person at a terminal, by login name.
    Terminal {
        /// The login name.
        user: String,
    },
    /// The clock: it was due.
    Schedule,
}

/// How far a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunState {
    /// It goes on.
    Running,
    /// It came to its end, and its report is kept.
    Finished,
    /// Whoever ran it went away before its end.
    Interrupted,
}

impl RunState {
    /// Its name in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Finished => "finished",
            Self::Interrupted => "interrupted",
        }
    }

    /// The state of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Running, Self::Finished, Self::Interrupted].into_iter().find(|state| state.name() == name)
    }
}

/// A run that is about to begin.
#[derive(Clone, Debug, PartialEq)]
pub struct NewRun {
    /// The command: `daily`.
    pub command: String,
    /// What it is called.
    pub title: Localised,
    /// The host, by its name in `bot.toml`.
    pub host: String,
    /// What the host is called.
    pub host_title: Localised,
    /// Who asked, and from where.
    pub origin: Origin,
    /// When it begins.
    pub started_at: DateTime<Utc>,
    /// When it must have ended: a run that still goes on after that was interrupted.
    pub deadline_at: DateTime<Utc>,
}

impl NewRun {
    /// What is known of a run that was cut off: that it was begun.
    pub fn nothing_found(&self) -> Report {
        Report {
            command: self.command.clone(),
            title: self.title.clone(),
            host: self.host.clone(),
            host_title: self.host_title.clone(),
            started_at: self.started_at,
            finished_at: self.started_at,
            sections: Vec::new(),
            during: Vec::new(),
            difference: None,
        }
    }
}

/// A message in which a run is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MessagePlace {
    /// The channel.
    pub channel: u64,
    /// The message.
    pub message: u64,
}

/// A run as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptRun {
    /// Its number.
    pub id: RunId,
    /// How far it is.
    pub state: RunState,
    /// As it was begun.
    pub begun: NewRun,
    /// What it found; of a run that was interrupted, nothing.
    pub report: Option<Report>,
}
