//! What each probe measures: the names that a rule may use.

use super::{Measure, Probe};
use crate::domain::quantity::Dimension;

const fn number(name: &'static str, dimension: Dimension) -> (&'static str, Option<Dimension>) {
    (name, Some(dimension))
}

const fn text(name: &'static str) -> (&'static str, Option<Dimension>) {
    (name, None)
}

/// Whether a measure only ever counts up, until what counts is started anew.
pub fn is_counter(measure: &str) -> bool {
    matches!(measure, "restarts" | "oom_kills")
}

/// The states in which Docker says that a container can be, and that there is none.
const STATES: &[&str] =
    &["created", "running", "paused", "restarting", "stopping", "removing", "exited", "dead", "missing"];

/// What Docker says of a container's health; `none` where nothing asks for it.
const HEALTHS: &[&str] = &["healthy", "unhealthy", "starting", "none"];

impl Probe {
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
            // `full_in` is only known where the bot has sampled for a week, and the disk fills up; `folder` is of each of those
            // that are named.
            Self::Disk(_) => &[
                number("used", Dimension::Percent),
                number("free", Dimension::Bytes),
                number("inodes", Dimension::Percent),
                number("full_in", Dimension::Time),
                number("folder", Dimension::Bytes),
            ],
            // `left` is how long a certificate is good for; `match` whether what is served is what lies on disk.
            Self::Certificate(_) => &[number("left", Dimension::Time), text("chain"), text("names"), text("match")],
            Self::Tls(_) => &[text("oldest"), number("weak_suites", Dimension::Count)],
            Self::RateLimit(_) => &[text("limit")],
            // `mode`, `owner`, `size` and `age` are of each file.
            Self::Files(_) => &[
                number("count", Dimension::Count),
                number("total", Dimension::Bytes),
                text("mode"),
                text("owner"),
                number("size", Dimension::Bytes),
                number("age", Dimension::Time),
            ],
            Self::Fail2ban(_) => &[text("state"), number("banned", Dimension::Count)],
            Self::Timer(_) => &[text("state"), number("next", Dimension::Time)],
            // `age` is how old the list is that the host has of its repositories.
            Self::Updates(_) => &[
                number("pending", Dimension::Count),
                number("security", Dimension::Count),
                text("reboot"),
                number("age", Dimension::Time),
            ],
            Self::Benchmark(_) => &[
                number("mean", Dimension::Time),
                number("median", Dimension::Time),
                number("max", Dimension::Time),
                number("failures", Dimension::Count),
            ],
            Self::Images(_) => &[
                number("unused", Dimension::Count),
                number("dangling", Dimension::Count),
                number("reclaimable", Dimension::Bytes),
                number("free_after", Dimension::Bytes),
            ],
            Self::Trivy(_) => &[
                number("critical", Dimension::Count),
                number("high", Dimension::Count),
                number("medium", Dimension::Count),
                number("low", Dimension::Count),
            ],
            // `pattern` is how often each of the most frequent kinds of errors came.
            Self::LogErrors(_) => &[
                number("errors", Dimension::Count),
                number("critical", Dimension::Count),
                number("pattern", Dimension::Count),
                number("lines", Dimension::Count),
            ],
            // `share` is of each of the most frequent addresses, `heavy` of those with a tenth of all requests or more;
            // `limited` are answers 429, `failed` those from 500 on; `peak` the most addresses within five minutes.
            Self::AccessLog(_) => &[
                number("requests", Dimension::Count),
                number("per_day", Dimension::Count),
                number("share", Dimension::Percent),
                number("heavy", Dimension::Percent),
                number("limited", Dimension::Percent),
                number("failed", Dimension::Percent),
                number("sent", Dimension::Bytes),
                number("visitors", Dimension::Count),
                number("peak", Dimension::Count),
            ],
            // `tries` are of each address.
            Self::Logins(_) => &[number("tries", Dimension::Count), number("failures", Dimension::Count)],
            Self::LogSecrets(_) => &[number("found", Dimension::Count), number("logs", Dimension::Count)],
            // `newest` is its age, by the time in its name; the others count days or files that are not as they should be.
            Self::Backups(_) => &[
                number("missing", Dimension::Count),
                number("newest", Dimension::Time),
                number("size", Dimension::Bytes),
                number("broken", Dimension::Count),
                number("odd", Dimension::Count),
                number("copied", Dimension::Count),
                number("misdated", Dimension::Count),
                number("stale", Dimension::Count),
                number("count", Dimension::Count),
            ],
            // `last` is how long ago its log was written; `keep` how long the script keeps what it makes.
            Self::Schedule(_) => &[
                text("line"),
                text("daemon"),
                text("script"),
                text("log"),
                number("last", Dimension::Time),
                number("keep", Dimension::Time),
            ],
            // `table` is of each of the largest.
            Self::DatabaseSize(_) => &[number("size", Dimension::Bytes), number("table", Dimension::Bytes)],
            // `mean` is over all calls, `slowest` the mean of the slowest query.
            Self::Statements(_) => &[
                number("mean", Dimension::Time),
                number("slowest", Dimension::Time),
                number("calls", Dimension::Count),
            ],
            Self::Explain(_) => &[number("time", Dimension::Time), number("planning", Dimension::Time)],
            // `age` is of the latest that passed.
            Self::Rehearsed(_) => &[number("age", Dimension::Time), number("took", Dimension::Time)],
            // `missing` and `differs` count days, `newest` is its age by the time at which it was put there.
            Self::S3Backups(_) => &[
                number("missing", Dimension::Count),
                number("differs", Dimension::Count),
                number("newest", Dimension::Time),
                number("stale", Dimension::Count),
                number("count", Dimension::Count),
            ],
            // `open` counts the rules that let in where nobody said so, `ssh_anywhere` those that let in everybody to port 22.
            Self::SecurityGroup(_) => &[
                number("ssh_anywhere", Dimension::Count),
                number("open", Dimension::Count),
                number("rules", Dimension::Count),
            ],
            Self::SecurityGroupDrift => &[number("changes", Dimension::Count)],
            // `month` is of the whole month that is judged, `service` of each service in it.
            Self::Cost(_) => &[
                number("month", Dimension::Dollars),
                number("service", Dimension::Dollars),
                number("rising", Dimension::Count),
            ],
            Self::Alarms(_) => &[
                number("absent", Dimension::Count),
                number("changed", Dimension::Count),
                number("silent", Dimension::Count),
                number("ringing", Dimension::Count),
            ],
            // `watched` is the share of the time in which the bot was there to look; `received` and `sent` are of all of it.
            Self::Samples(_) => &[
                number("uptime", Dimension::Percent),
                number("response", Dimension::Time),
                number("cpu_mean", Dimension::Percent),
                number("cpu_max", Dimension::Percent),
                number("memory_mean", Dimension::Percent),
                number("memory_max", Dimension::Percent),
                number("disk_max", Dimension::Percent),
                number("connections", Dimension::Count),
                number("received", Dimension::Bytes),
                number("sent", Dimension::Bytes),
                number("watched", Dimension::Percent),
            ],
            Self::Settings(_) | Self::Manual(_) => &[],
        };
        // Those that the file names itself.
        let (own, dimension): (Vec<String>, _) = match self {
            Self::ContainerLog(log) => (log.patterns.keys().cloned().collect(), Some(Dimension::Count)),
            Self::Settings(settings) => (settings.keys.clone(), None),
            _ => (Vec::new(), None),
        };
        let fixed = fixed.iter().map(|(name, dimension)| Measure {
            name: (*name).to_owned(),
            dimension: *dimension,
            words: self.words(name),
        });
        fixed.chain(own.into_iter().map(|name| Measure { name, dimension, words: &[] })).collect()
    }

    /// Every text that `measure` can be, where they are known.
    fn words(&self, measure: &str) -> &'static [&'static str] {
        match (self, measure) {
            (Self::Container(_), "state") => STATES,
            (Self::Container(_), "health") => HEALTHS,
            _ => &[],
        }
    }
}
