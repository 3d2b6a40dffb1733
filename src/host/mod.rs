//! Hosts: one kept connection each, by SSH or on the bot's own machine, with Docker's API riding on it.
//!
//! A look travels `Host::look` -> `kept` (is there a connection? one attempt for all who ask) -> `ssh` or `local` ->
//! `shell` (how the command is wrapped so that it ends on the host as well) -> `capture` (its output, bounded). Docker's
//! API takes the same connection, by a channel to the engine's socket.
//!
//! There are two doors. [`Host::look`] changes nothing and may be repeated. What changes something goes through
//! [`job`]: it takes the witness of an approval, runs at most once, and goes on when the connection is lost. Where
//! `bot.toml` says so, the second door is another user with other rights.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tracing::{Instrument, info_span, warn};

use crate::config::{HostConfig, Transport};
use crate::dial::Reach;
use crate::domain::evidence::Status;

mod capture;
mod connection;
mod docker;
pub mod error;
mod explain;
pub mod job;
mod kept;
mod local;
mod may;
mod shell;
mod socket_fault;
mod ssh;

pub use capture::OUTPUT_LIMIT;
pub use docker::docker_error;
pub use error::HostError;

use connection::Connection;
use kept::Kept;

/// A host. Cheap to clone; nothing is connected until somebody looks, and one connection serves all who do.
#[derive(Clone)]
pub struct Host {
    config: Arc<HostConfig>,
    reached: Kept<Arc<Reached>>,
    /// The connection of the second door, where another user comes through it.
    acting: Option<Kept<Arc<Reached>>>,
    /// The fingerprints of the host keys that people approved beside the configured one.
    trusted: Arc<Mutex<Vec<String>>>,
}

/// A connection, and the client of Docker's API that rides on it.
struct Reached {
    connection: Connection,
    docker: Kept<bollard::Docker>,
}

/// What a command on the host gave.
#[derive(Clone, Debug)]
pub struct Output {
    /// How it ended; none where the host did not say.
    pub status: Option<Status>,
    /// Its standard output.
    pub stdout: Captured,
    /// Its standard error.
    pub stderr: Captured,
    /// How long it took, without the time that the login shell took to start.
    pub elapsed: Duration,
}

/// Output that is bounded: the first [`OUTPUT_LIMIT`] bytes of it, as text, with what is not UTF-8 replaced.
#[derive(Clone, Debug, Default)]
pub struct Captured {
    /// The text that was kept.
    pub text: String,
    /// How many bytes came after that and were dropped.
    pub dropped: u64,
}

/// The SHA-256 fingerprint of the host key that the machine at `name` and `port` shows, as `ssh-keygen -lf` prints it. Nobody
/// logs in there.
///
/// # Errors
/// [`HostError`] when it is out of `reach`, cannot be reached within `patience`, or shows no key.
pub async fn shown_key(name: &str, port: u16, reach: Reach, patience: Duration) -> Result<String, HostError> {
    ssh::shown_key(name, port, reach, patience).await
}

impl Host {
    /// The host that `config` describes.
    pub fn new(config: HostConfig) -> Self {
        let acting = config.act.as_ref().map(|_| Kept::nothing());
        Self { config: Arc::new(config), reached: Kept::nothing(), acting, trusted: Arc::default() }
    }

    /// Lets the host prove itself by keys of these fingerprints (`SHA256:…`) as well, and by no others that it was let
    /// before. Where that is a change, the connection that is there ends.
    pub async fn trust(&self, fingerprints: Vec<String>) {
        let before = std::mem::replace(&mut *self.trusted(), fingerprints.clone());
        if before != fingerprints {
            self.forget().await;
        }
    }

    fn trusted(&self) -> MutexGuard<'_, Vec<String>> {
        self.trusted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How it is configured.
    pub fn config(&self) -> &HostConfig {
        &self.config
    }

    /// Runs a read-only command line by the host's `sh`, under a deadline that holds on the host as well. The deadline
    /// is the command's own: waiting for a connection (at most the configured time) and for a free channel comes on
    /// top. A command that leaves a process behind, with its output still open, counts as not ended.
    ///
    /// When a kept connection turns out to be dead, the look is repeated once on a new one; so it must not change
    /// anything. When the returned future is dropped, the command is ended on the host.
    ///
    /// # Errors
    /// [`HostError`] when it could not be run or did not end in time. A command that ran and failed is no error: its
    /// status tells.
    pub async fn look(&self, command: &str, deadline: Duration) -> Result<Output, HostError> {
        let look = async {
            let (reached, kept) = self.reached().await?;
            match self.run(&reached, command, deadline).await {
                Err(HostError::Lost { cause, .. }) if kept => {
                    warn!(%cause, "the kept connection was dead; looking again on a new one");
                    let (reached, _) = self.reached().await?;
                    self.run(&reached, command, deadline).await
                }
                result => result,
            }
        };
        look.instrument(self.span()).await
    }

    /// Runs a read-only script with `words`, which it finds as `$1`, `$2`, …: none of them is ever read as a script.
    ///
    /// # Errors
    /// As [`Host::look`].
    pub async fn look_with(
        &self,
        script: &'static str,
        words: &[&str],
        deadline: Duration,
    ) -> Result<Output, HostError> {
        self.look(&shell::with_words(script, words), deadline).await
    }

    /// Docker's API on the host, over the same connection. Errors of its calls are explained by [`docker_error`].
    ///
    /// # Errors
    /// [`HostError`] when the host or its Docker engine cannot be reached.
    pub async fn docker(&self) -> Result<bollard::Docker, HostError> {
        let docker = async {
            let (reached, kept) = self.reached().await?;
            match self.negotiate(&reached).await {
                Err(HostError::Lost { .. }) if kept => {
                    let (reached, _) = self.reached().await?;
                    self.negotiate(&reached).await
                }
                result => result,
            }
        };
        docker.instrument(self.span()).await
    }

    /// Ends the connection, where there is one. The next look makes a new one.
    pub async fn forget(&self) {
        for kept in std::iter::once(&self.reached).chain(&self.acting) {
            if let Some(reached) = kept.forget() {
                reached.docker.forget();
                reached.connection.close().await;
            }
        }
    }

    /// The connection for looking, and whether it was there already.
    async fn reached(&self) -> Result<(Arc<Reached>, bool), HostError> {
        self.connected(&self.reached, self.config.transport.clone()).await
    }

    /// The connection `kept`, made by `transport` where there is none.
    async fn connected(
        &self,
        kept: &Kept<Arc<Reached>>,
        transport: Transport,
    ) -> Result<(Arc<Reached>, bool), HostError> {
        let trusted = self.trusted().clone();
        let connect = || {
            async move {
                let connection = Connection::open(&transport, &trusted).await;
                let connection = connection.inspect_err(|error| warn!(%error, "not connected"))?;
                Ok(Arc::new(Reached { connection, docker: Kept::nothing() }))
            }
            .instrument(self.span())
        };
        kept.get(|reached| !reached.connection.is_gone(), connect).await
    }

    /// Runs a command once, whatever comes.
    async fn run(&self, reached: &Arc<Reached>, command: &str, deadline: Duration) -> Result<Output, HostError> {
        let result = reached.connection.run(command, deadline).await;
        if matches!(result, Err(HostError::Lost { .. })) {
            self.give_up(reached);
        }
        result
    }

    async fn negotiate(&self, reached: &Arc<Reached>) -> Result<bollard::Docker, HostError> {
        let connection = reached.connection.clone();
        let connect = || docker::connect(connection, self.config.docker_socket.clone()).in_current_span();
        let result = reached.docker.get(|_| true, connect).await;
        // Groups are given at login: who was just added to the group `docker` needs a new one.
        if matches!(result, Err(HostError::Lost { .. } | HostError::DockerForbidden { .. })) {
            self.give_up(reached);
        }
        result.map(|(docker, _)| docker)
    }

    /// Lets those who come next make a new connection; whoever still uses this one may finish.
    fn give_up(&self, reached: &Arc<Reached>) {
        for kept in std::iter::once(&self.reached).chain(&self.acting) {
            kept.forget_if(|current| Arc::ptr_eq(current, reached));
        }
    }

    fn span(&self) -> tracing::Span {
        info_span!("host", name = self.config.name)
    }
}
