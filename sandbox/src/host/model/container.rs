//! The containers of the compose project.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// What the engine does with a container.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub(crate) enum State {
    /// It runs.
    Running {
        /// Since when.
        since: DateTime<Utc>,
    },
    /// It stands still.
    Paused {
        /// Since when it runs.
        since: DateTime<Utc>,
    },
    /// It ended.
    Exited {
        /// When.
        at: DateTime<Utc>,
        /// With which status.
        code: i64,
    },
    /// It ends again and again, and is started anew each time.
    Restarting {
        /// Since when.
        since: DateTime<Utc>,
    },
    /// `docker-compose down` removed it.
    Removed,
}

/// How long the engine waits at last between two starts of a container that ends again and again.
const BETWEEN_STARTS: i64 = 10;

/// A container.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Container {
    /// As the compose file names it: `serverpod`.
    pub(crate) service: String,
    /// `gear_freak_serverpod`.
    pub(crate) name: String,
    /// 64 hexadecimal digits.
    pub(crate) id: String,
    /// The image's name.
    pub(crate) image: String,
    /// The image that it was made from, whatever its name stands for by now.
    pub(crate) image_id: String,
    /// What it runs, as `ps` shows it.
    pub(crate) command: String,
    /// The number of its first process.
    pub(crate) pid: u32,
    /// When it was made.
    pub(crate) created: DateTime<Utc>,
    /// How long it takes to answer after it was started, in milliseconds.
    pub(crate) start_takes: i64,
    /// What it takes of the memory when it has just been started, in bytes.
    pub(crate) memory: u64,
    /// What it takes of all cores, from 0 to 1.
    pub(crate) load: f64,
    /// What it does.
    pub(crate) state: State,
    /// When it last ended.
    pub(crate) finished: Option<DateTime<Utc>>,
}

impl Container {
    /// Whether its processes are there.
    pub(crate) const fn is_up(&self) -> bool {
        matches!(self.state, State::Running { .. } | State::Paused { .. })
    }

    /// Whether it is there at all.
    pub(crate) fn exists(&self) -> bool {
        self.state != State::Removed
    }

    /// Whether it answers.
    pub(crate) fn answers(&self, now: DateTime<Utc>) -> bool {
        matches!(self.state, State::Running { since } if now - since >= TimeDelta::milliseconds(self.start_takes))
    }

    /// As the engine calls its state.
    pub(crate) const fn status(&self) -> &'static str {
        match self.state {
            State::Running { .. } => "running",
            State::Paused { .. } => "paused",
            State::Exited { .. } => "exited",
            State::Restarting { .. } => "restarting",
            State::Removed => "removed",
        }
    }

    /// As its health check says.
    pub(crate) fn health(&self, now: DateTime<Utc>) -> &'static str {
        match self.state {
            State::Running { .. } if self.answers(now) => "healthy",
            State::Running { .. } | State::Restarting { .. } => "starting",
            State::Paused { .. } => "healthy",
            State::Exited { .. } | State::Removed => "unhealthy",
        }
    }

    /// How often it was started anew without anybody having asked.
    pub(crate) fn restarts(&self, now: DateTime<Utc>) -> i64 {
        match self.state {
            State::Restarting { since } => 1 + (now - since).num_seconds().max(0) / BETWEEN_STARTS,
            _ => 0,
        }
    }

    /// When it was started.
    pub(crate) fn started(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        match self.state {
            State::Running { since } | State::Paused { since } => Some(since),
            State::Restarting { since } => {
                Some(since + TimeDelta::seconds((now - since).num_seconds() / BETWEEN_STARTS * BETWEEN_STARTS))
            }
            State::Exited { at, .. } => Some(at - TimeDelta::hours(3)),
            State::Removed => None,
        }
    }

    /// The status of its last end.
    pub(crate) const fn exit_code(&self) -> i64 {
        match self.state {
            State::Exited { code, .. } => code,
            State::Restarting { .. } => 1,
            _ => 0,
        }
    }

    /// As `docker ps` says it: `Up 3 days (healthy)`.
    pub(crate) fn says(&self, now: DateTime<Utc>) -> String {
        match self.state {
            State::Running { since } if self.answers(now) => format!("Up {} (healthy)", ago(now - since)),
            State::Running { since } => format!("Up {} (health: starting)", ago(now - since)),
            State::Paused { since } => format!("Up {} (Paused)", ago(now - since)),
            State::Exited { at, code } => format!("Exited ({code}) {} ago", ago(now - at)),
            State::Restarting { .. } => {
                format!("Restarting (1) {} seconds ago", (now.timestamp() % BETWEEN_STARTS) + 1)
            }
            State::Removed => String::new(),
        }
    }

    /// Starts it, where it does not run.
    pub(crate) fn start(&mut self, now: DateTime<Utc>) {
        match self.state {
            State::Running { .. } | State::Restarting { .. } => {}
            State::Paused { since } => self.state = State::Running { since },
            State::Exited { .. } => self.state = State::Running { since: now },
            State::Removed => {
                self.created = now;
                self.state = State::Running { since: now };
            }
        }
    }

    /// Makes it anew from another image, and starts it.
    pub(crate) fn remake(&mut self, image_id: &str, id: String, now: DateTime<Utc>) {
        image_id.clone_into(&mut self.image_id);
        self.id = id;
        self.created = now;
        self.state = State::Running { since: now };
    }

    /// Stops it, where it runs.
    pub(crate) fn stop(&mut self, now: DateTime<Utc>, code: i64) {
        if self.is_up() || matches!(self.state, State::Restarting { .. }) {
            self.state = State::Exited { at: now, code };
            self.finished = Some(now);
        }
    }

    /// Stops and starts it. What ends again and again does so afterwards as well.
    pub(crate) fn restart(&mut self, now: DateTime<Utc>) {
        if !matches!(self.state, State::Restarting { .. }) {
            self.finished = Some(now);
            self.state = State::Running { since: now };
        }
    }
}

/// A span as the engine's tools say it: `3 days`.
pub(crate) fn ago(span: TimeDelta) -> String {
    let (number, unit) = largest_unit(span);
    format!("{number} {unit}{}", if number == 1 { "" } else { "s" })
}

/// The unit in which the engine's tools say a span, and how many of it.
pub(crate) fn largest_unit(span: TimeDelta) -> (i64, &'static str) {
    match span.num_seconds().max(0) {
        seconds @ ..60 => (seconds, "second"),
        seconds @ 60..3600 => (seconds / 60, "minute"),
        seconds @ 3600..172_800 => (seconds / 3600, "hour"),
        seconds => (seconds / 86_400, "day"),
    }
}
