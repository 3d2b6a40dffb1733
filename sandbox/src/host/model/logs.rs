//! What the programs of the host have written: made anew from the seed and from what went wrong each time somebody reads it,
//! so that a week of lines costs no memory.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{Model, State};
use crate::host::noise::{bits, choose, noise};

/// Something that went wrong, and what it left in the logs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Trouble {
    /// Of which kind.
    pub(crate) kind: Kind,
    /// From when.
    pub(crate) from: DateTime<Utc>,
    /// Until when, where it is over.
    pub(crate) until: Option<DateTime<Utc>>,
}

/// Kinds of trouble.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    /// The database does not answer.
    Database,
    /// The API fails now and then.
    Errors,
    /// serverpod ends as soon as it has started.
    Crash,
    /// Somebody tries passwords.
    BruteForce,
}

/// A line of a log.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Line {
    /// When it was written.
    pub(crate) at: DateTime<Utc>,
    /// To the error output instead of the output.
    pub(crate) to_error: bool,
    /// What it says.
    pub(crate) text: String,
}

/// Who tries passwords in [`Kind::BruteForce`].
pub(crate) const ATTACKER: &str = "192.0.2.77";

/// Who asks without end in a flood.
pub(crate) const FLOODER: &str = "192.0.2.66";

impl Model {
    /// What a container wrote from `since` until `until`, in order.
    pub(crate) fn container_log(&self, service: &str, since: DateTime<Utc>, until: DateTime<Utc>) -> Vec<Line> {
        // The engine keeps three files of 100 MB: some eight days.
        let since = since.max(self.born - TimeDelta::days(8));
        let (every, kept) = match service {
            "serverpod" => (60, true),
            _ => (600, false),
        };
        let mut lines = Vec::new();
        let silent = self.containers.iter().find(|one| one.service == service).and_then(|one| match one.state {
            State::Exited { at, .. } => Some(at),
            _ => None,
        });
        let until = silent.map_or(until, |at| until.min(at));
        let mut slot = since.timestamp().div_euclid(every) * every;
        while slot <= until.timestamp() {
            let nth = u64::try_from(slot).unwrap_or_default();
            let at = time(slot, bits(self.seed, service, nth) % 1000);
            if at >= since && at <= until {
                lines.push(Line { at, to_error: false, text: self.usual(service, at, nth) });
            }
            slot += every;
        }
        if kept {
            for trouble in &self.troubles {
                lines.extend(self.told(trouble, since, until));
            }
            lines.sort_by_key(|line| line.at);
        }
        lines
    }

    fn usual(&self, service: &str, at: DateTime<Utc>, nth: u64) -> String {
        let stamp = at.format("%Y-%m-%d %H:%M:%S");
        match service {
            "serverpod" => {
                let path = choose(self.seed, "path", nth, &["/product", "/product/search", "/user/me", "/chat/rooms"]);
                let took = 8 + bits(self.seed, "took", nth) % 60;
                format!("{stamp} INFO api GET {} 200 {took}ms", path.unwrap_or("/"))
            }
            "postgres" => format!("{stamp} UTC [27] LOG:  checkpoint complete: wrote {} buffers", 3 + nth % 40),
            _ => format!("1:M {stamp} * 100 changes in 300 seconds. Saving..."),
        }
    }

    /// The lines that trouble left in serverpod's log.
    fn told(&self, trouble: &Trouble, since: DateTime<Utc>, until: DateTime<Utc>) -> Vec<Line> {
        let (every, text) = match trouble.kind {
            Kind::Database => (
                15,
                "ERROR Failed to connect to database: connection to server at \"postgres\" (172.18.0.2), port 5432 failed: Connection refused",
            ),
            Kind::Errors => (20, "ERROR Unhandled exception in product/search: StateError: Bad state: No element"),
            Kind::Crash => (10, "FATAL serverpod could not start: configuration passwords.yaml is missing"),
            Kind::BruteForce => return Vec::new(),
        };
        let ends = trouble.until.unwrap_or(until).min(until);
        let mut at = trouble.from;
        let mut lines = Vec::new();
        while at <= ends {
            if at >= since {
                let text = format!("{} {text}", at.format("%Y-%m-%d %H:%M:%S"));
                lines.push(Line { at, to_error: true, text });
            }
            at += TimeDelta::seconds(every);
        }
        lines
    }

    /// What sshd wrote into the journal from `since` until `until`, in order.
    pub(crate) fn logins(&self, since: DateTime<Utc>, until: DateTime<Utc>) -> Vec<Line> {
        let since = since.max(self.born - TimeDelta::days(30));
        let mut lines = Vec::new();
        let mut hour = since.timestamp().div_euclid(3600) * 3600;
        while hour <= until.timestamp() {
            let nth = u64::try_from(hour).unwrap_or_default();
            let at = time(hour + i64::try_from(bits(self.seed, "login", nth) % 3600).unwrap_or_default(), 0);
            let pid = 20_000 + bits(self.seed, "pid", nth) % 9000;
            if at >= since && at <= until {
                if noise(self.seed, "stranger", nth) < 0.3 {
                    let name = choose(self.seed, "name", nth, &["admin", "root", "test", "ubuntu", "oracle", "git"]);
                    let address = format!("198.51.100.{}", 1 + bits(self.seed, "address", nth) % 250);
                    let text =
                        format!("sshd[{pid}]: Invalid user {} from {address} port 40022", name.unwrap_or("admin"));
                    lines.push(Line { at, to_error: false, text });
                } else if hour % (6 * 3600) == 0 {
                    let text = format!("sshd[{pid}]: Accepted publickey for ec2-user from 203.0.113.9 port 51022 ssh2");
                    lines.push(Line { at, to_error: false, text });
                }
            }
            hour += 3600;
        }
        // The bot itself logged in.
        let text = "sshd[19999]: Accepted publickey for ec2-user from 203.0.113.10 port 50022 ssh2".to_owned();
        lines.push(Line { at: until - TimeDelta::seconds(1), to_error: false, text });
        for trouble in self.troubles.iter().filter(|trouble| trouble.kind == Kind::BruteForce) {
            // It began two hours before anybody noticed.
            let from = trouble.from - TimeDelta::hours(2);
            let ends = trouble.until.unwrap_or(until).min(until);
            let mut at = from;
            let mut nth = 0_u64;
            while at <= ends {
                if at >= since {
                    let text = format!(
                        "sshd[{}]: Failed password for invalid user admin from {ATTACKER} port {} ssh2",
                        30_000 + nth,
                        20_000 + nth % 40_000
                    );
                    lines.push(Line { at, to_error: false, text });
                }
                at += TimeDelta::seconds(17);
                nth += 1;
            }
        }
        lines.sort_by_key(|line| line.at);
        lines
    }

    /// Trouble begins.
    pub(crate) fn begin(&mut self, kind: Kind, from: DateTime<Utc>) {
        if !self.troubles.iter().any(|trouble| trouble.kind == kind && trouble.until.is_none()) {
            self.troubles.push(Trouble { kind, from, until: None });
        }
    }

    /// Trouble is over; what it left in the logs stays there.
    pub(crate) fn end(&mut self, kind: Kind, at: DateTime<Utc>) {
        for trouble in self.troubles.iter_mut().filter(|trouble| trouble.kind == kind && trouble.until.is_none()) {
            trouble.until = Some(at);
        }
    }

    /// Trouble never was.
    pub(crate) fn forget(&mut self, kind: Kind) {
        self.troubles.retain(|trouble| trouble.kind != kind);
    }
}

fn time(seconds: i64, millis: u64) -> DateTime<Utc> {
    let millis = i64::try_from(millis).unwrap_or_default();
    DateTime::from_timestamp_millis(seconds * 1000 + millis).unwrap_or_default()
}
