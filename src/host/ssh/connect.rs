//! Making a connection.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::{Duration, Instant};

use russh::client::{self, DisconnectReason, Handle, Handler};
use russh::keys::PublicKeyOrCertificate;
use russh::{AlgorithmKind, Preferred};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tracing::{debug, info, warn};

use super::host_key::{Family, Judge};
use super::login::Credentials;
use super::{Connection, login};
use crate::config::SshConfig;
use crate::dial::Reach;
use crate::host::HostError;

/// How many keepalives may go unanswered before the connection is given up.
const SILENCES: usize = 3;

/// Connects and logs in, within the configured time. Beside the configured key of the host, those of the fingerprints `trusted`
/// count.
///
/// # Errors
/// [`HostError`], of each thing that can be wrong its own.
pub(in crate::host) async fn connect(config: &SshConfig, trusted: &[String]) -> Result<Connection, HostError> {
    let started = Instant::now();
    let at: Arc<str> = format!("{}:{}", config.host, config.port).into();
    // What is wrong on this side is told before the host is troubled.
    let judge = Judge::new(config, &at, trusted).await?;
    let credentials = Credentials::load(&config.login).await?;
    let connecting = async {
        let mut handle = handshake(config, &at, judge).await?;
        login::log_in(&mut handle, &config.user, &at, credentials).await?;
        Ok::<_, HostError>(handle)
    };
    let timed_out = |_| HostError::ConnectTimedOut { at: at.to_string(), after: config.connect_timeout };
    let handle = tokio::time::timeout(config.connect_timeout, connecting).await.map_err(timed_out)??;
    info!(at = &*at, user = config.user, elapsed = ?started.elapsed(), "connected");
    Ok(Connection { at, handle, slots: Arc::new(Semaphore::new(config.max_channels.max(1))) })
}

/// Connects, and has the host prove itself. A host has several keys and shows the one that is asked for first; where a
/// fingerprint is pinned, its other keys are asked for as well before it counts as changed.
async fn handshake(config: &SshConfig, at: &Arc<str>, judge: Judge) -> Result<Handle<Client>, HostError> {
    let mut families = judge.families();
    let judge = Arc::new(judge);
    let mut first_refusal = None;
    loop {
        let client = Client { at: Arc::clone(at), judge: Arc::clone(&judge) };
        let settings = Arc::new(settings(config.keepalive, &families));
        let stream = tcp((&config.host, config.port), config.reach, at).await?;
        match client::connect_stream(settings, stream, client).await {
            Ok(handle) => return Ok(handle),
            Err(Refusal::HostKey { error, family }) => {
                let error = first_refusal.get_or_insert(error).clone();
                families.retain(|one| Some(*one) != family);
                if families.is_empty() || family.is_none() || !judge.may_ask_for_another_key() {
                    return Err(error);
                }
            }
            Err(Refusal::Russh(error)) => {
                let has_no_other = matches!(error, russh::Error::NoCommonAlgo { kind: AlgorithmKind::Key, .. });
                let failed = HostError::Handshake { at: at.to_string(), cause: error.to_string() };
                return Err(first_refusal.filter(|_| has_no_other).unwrap_or(failed));
            }
        }
    }
}

pub(super) async fn tcp((name, port): (&str, u16), reach: Reach, at: &str) -> Result<TcpStream, HostError> {
    let unresolved = |cause: String| HostError::Unresolved { at: at.to_owned(), cause };
    let unreachable = |error: std::io::Error| HostError::Unreachable { at: at.to_owned(), cause: error.to_string() };
    let addresses = tokio::net::lookup_host((name, port)).await;
    let mut last = Err(unresolved("no address".to_owned()));
    for address in addresses.map_err(|error| unresolved(error.to_string()))? {
        if let Err(error) = reach.allows(address) {
            last = Err(error.into());
            continue;
        }
        match TcpStream::connect(address).await {
            Ok(stream) => {
                // Without it every command waits 40 ms for an acknowledgement.
                stream.set_nodelay(true).map_err(unreachable)?;
                return Ok(stream);
            }
            Err(error) => last = Err(unreachable(error)),
        }
    }
    last
}

pub(super) fn settings(keepalive: Duration, families: &[Family]) -> client::Config {
    let keepalive = keepalive.max(Duration::from_secs(1));
    client::Config {
        nodelay: true,
        keepalive_interval: Some(keepalive),
        keepalive_max: SILENCES,
        // A keepalive's answer counts as activity: this ends what the keepalives could not, such as a write that
        // nobody takes.
        inactivity_timeout: Some(keepalive * (2 + u32::try_from(SILENCES).unwrap_or(u32::MAX - 2))),
        preferred: Preferred {
            key: Cow::Owned(families.iter().flat_map(|family| family.algorithms()).collect()),
            ..Preferred::DEFAULT
        },
        ..client::Config::default()
    }
}

/// The bot's side of a connection: it judges the host's key, and logs how the connection ends.
pub(super) struct Client {
    at: Arc<str>,
    judge: Arc<Judge>,
}

/// Why a handshake failed.
#[derive(Debug)]
pub(super) enum Refusal {
    /// The bot refused the host's key.
    HostKey {
        /// Why.
        error: HostError,
        /// The family of the key that came.
        family: Option<Family>,
    },
    /// Anything else.
    Russh(russh::Error),
}

impl From<russh::Error> for Refusal {
    fn from(error: russh::Error) -> Self {
        Self::Russh(error)
    }
}

impl Handler for Client {
    type Error = Refusal;

    async fn check_server_key(&mut self, shown: &PublicKeyOrCertificate) -> Result<bool, Refusal> {
        let key = shown.public_key();
        let refused = |error| Refusal::HostKey { error, family: Family::of(&key.algorithm()) };
        self.judge.judge(&key).map(|()| true).map_err(refused)
    }

    async fn disconnected(&mut self, reason: DisconnectReason<Refusal>) -> Result<(), Refusal> {
        match reason {
            DisconnectReason::ReceivedDisconnect(said) => {
                warn!(at = &*self.at, reason = ?said.reason_code, message = said.message, "the host ended the connection");
                Ok(())
            }
            // This is also how the bot's own end of a connection shows.
            DisconnectReason::Error(Refusal::Russh(russh::Error::Disconnect)) => {
                debug!(at = &*self.at, "disconnected");
                Ok(())
            }
            DisconnectReason::Error(error) => {
                warn!(at = &*self.at, ?error, "the connection was lost");
                Err(error)
            }
        }
    }
}
