//! What is asked of logs over days.

use std::time::Duration;

/// The errors of a container's log, grouped on the host so that little of it travels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogErrors {
    /// The compose service.
    pub service: String,
    /// How far back.
    pub since: Duration,
}

/// The access logs of nginx, the rotated and compressed ones too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessLog {
    /// Paths, with `*` as the shell has it.
    pub paths: Vec<String>,
    /// How far back.
    pub since: Duration,
    /// The fewest requests from which shares are told: three at night are no attack.
    pub least: u32,
}

/// Failed logins by SSH, from the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logins {
    /// How far back.
    pub since: Duration,
}

/// What looks like a secret in logs: where and of which kind, never the secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogSecrets {
    /// Log files, with `*` as the shell has it.
    pub paths: Vec<String>,
    /// Compose services whose logs are read as well.
    pub services: Vec<String>,
    /// How far back in the services' logs.
    pub since: Duration,
}
