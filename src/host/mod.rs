//! Hosts: one kept connection each, by SSH or on the bot's own machine, with Docker's API riding on it.

use std::sync::Arc;
use std::time::Duration;

use crate::config::HostConfig;
use crate::domain::evidence::Status;

pub mod error;

pub use error::HostError;

/// A host. Cheap to clone; nothing is connected until somebody looks, and one connection serves all who do.
#[derive(Clone)]
pub struct Host {
    config: Arc<HostConfig>,
}

/// What a command on the host gave.
#[derive(Clone, Debug)]
pub struct Output {
    /// How it ended; none where the connection ended first.
    pub status: Option<Status>,
    /// Its standard output.
    pub stdout: Captured,
    /// Its standard error.
    pub stderr: Captured,
    /// How long it took.
    pub elapsed: Duration,
}

/// Output that is bounded: the first bytes of it, as text, with what is not UTF-8 replaced.
#[derive(Clone, Debug, Default)]
pub struct Captured {
    /// The text that was kept.
    pub text: String,
    /// How many bytes came after that and were dropped.
    pub dropped: u64,
}

impl Host {
    /// The host that `config` describes.
    pub fn new(config: HostConfig) -> Self {
        Self { config: Arc::new(config) }
    }

    /// How it is configured.
    pub fn config(&self) -> &HostConfig {
        &self.config
    }

    /// Runs a read-only command line by the host's `sh`, under a deadline that holds on the host as well.
    ///
    /// # Errors
    /// [`HostError`] when it could not be run or did not end in time. A command that ran and failed is no error: its
    /// status tells.
    pub async fn look(&self, _command: &str, _deadline: Duration) -> Result<Output, HostError> {
        unimplemented!()
    }

    /// Docker's API on the host, over the same connection.
    ///
    /// # Errors
    /// [`HostError`] when the host cannot be reached.
    pub async fn docker(&self) -> Result<bollard::Docker, HostError> {
        unimplemented!()
    }
}
