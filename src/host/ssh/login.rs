//! Logging in: with a key file, its certificate, or the keys of an agent.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use russh::MethodKind;
use russh::client::{AuthResult, Handle};
use russh::keys::agent::AgentIdentity;
use russh::keys::agent::client::AgentClient;
use russh::keys::{Certificate, HashAlg, PrivateKey, PrivateKeyWithHashAlg, PublicKey};
use tokio::net::UnixStream;
use tokio::time::timeout;
use tracing::{debug, warn};

use super::connect::Client;
use super::key_file;
use crate::config::Login;
use crate::host::HostError;

/// How long an agent may take to say which keys it holds.
const AGENT: Duration = Duration::from_secs(5);

/// What the bot logs in with.
pub(super) enum Credentials {
    Key { key: Arc<PrivateKey>, certificate: Option<Box<Certificate>> },
    Agent { agent: Box<AgentClient<UnixStream>>, identities: Vec<AgentIdentity> },
}

impl Credentials {
    /// Reads the key, or asks the agent which ones it holds.
    ///
    /// # Errors
    /// [`HostError`], of each thing that can be wrong with the key file or the agent its own.
    pub(super) async fn load(login: &Login) -> Result<Self, HostError> {
        match login {
            Login::Key { file, passphrase } => {
                let (file, passphrase) = (file.clone(), passphrase.clone());
                let read = move || {
                    let key = key_file::read(&file, passphrase.as_ref())?;
                    let certificate = key_file::certificate(&file, &key).map(Box::new);
                    Ok(Self::Key { key: Arc::new(key), certificate })
                };
                // Opening an encrypted key is made to take long.
                let stopped = |error: tokio::task::JoinError| HostError::Stopped { cause: error.to_string() };
                tokio::task::spawn_blocking(read).await.map_err(stopped)?
            }
            Login::Agent => {
                let socket = std::env::var_os("SSH_AUTH_SOCK").filter(|path| !path.is_empty());
                let socket = PathBuf::from(socket.ok_or(HostError::AgentMissing)?);
                let (agent, identities) = match timeout(AGENT, ask(&socket)).await {
                    Ok(Ok(answer)) => answer,
                    Ok(Err(error)) => return Err(HostError::AgentUnreachable { socket, cause: error.to_string() }),
                    Err(_) => return Err(HostError::AgentUnreachable { socket, cause: "no answer".to_owned() }),
                };
                if identities.is_empty() {
                    return Err(HostError::AgentEmpty);
                }
                Ok(Self::Agent { agent: Box::new(agent), identities })
            }
        }
    }
}

/// Which keys the agent at `socket` holds.
async fn ask(socket: &Path) -> Result<(AgentClient<UnixStream>, Vec<AgentIdentity>), russh::keys::Error> {
    let mut agent = AgentClient::connect_uds(socket).await?;
    let identities = agent.request_identities().await?;
    Ok((agent, identities))
}

/// Logs `user` in, and stops at the first success: to log in again would wait for ever.
///
/// # Errors
/// [`HostError::LoginRefused`], [`HostError::LoginIncomplete`], or [`HostError::Handshake`] when the host went.
pub(super) async fn log_in(
    handle: &mut Handle<Client>,
    user: &str,
    at: &str,
    credentials: Credentials,
) -> Result<(), HostError> {
    let mut attempts = Attempts { handle, user, at, tried: Vec::new() };
    let done = match credentials {
        Credentials::Key { key, certificate } => attempts.with_key(&key, certificate).await?,
        Credentials::Agent { agent, identities } => attempts.with_agent(*agent, &identities).await?,
    };
    if done { Ok(()) } else { Err(attempts.refused()) }
}

struct Attempts<'a> {
    handle: &'a mut Handle<Client>,
    user: &'a str,
    at: &'a str,
    /// The fingerprints of the keys that were tried.
    tried: Vec<String>,
}

impl Attempts<'_> {
    async fn with_key(
        &mut self,
        key: &Arc<PrivateKey>,
        certificate: Option<Box<Certificate>>,
    ) -> Result<bool, HostError> {
        if let Some(certificate) = certificate {
            self.tried.push(format!("{} (certificate)", fingerprint(key.public_key())));
            let result = self.handle.authenticate_openssh_cert(self.user, Arc::clone(key), *certificate).await;
            if self.accepted(result.map_err(|error| self.gone(&error))?)? {
                return Ok(true);
            }
            debug!(at = self.at, "the certificate was not accepted; trying the bare key");
        }
        self.tried.push(fingerprint(key.public_key()));
        let hash = self.rsa_hash(key.public_key()).await?;
        let key = PrivateKeyWithHashAlg::new(Arc::clone(key), hash);
        let result = self.handle.authenticate_publickey(self.user, key).await;
        self.accepted(result.map_err(|error| self.gone(&error))?)
    }

    async fn with_agent(
        &mut self,
        mut agent: AgentClient<UnixStream>,
        identities: &[AgentIdentity],
    ) -> Result<bool, HostError> {
        for identity in identities {
            let key = identity.public_key();
            self.tried.push(fingerprint(&key));
            let hash = self.rsa_hash(&key).await?;
            let result = match identity {
                AgentIdentity::PublicKey { key, .. } => {
                    self.handle.authenticate_publickey_with(self.user, key.clone(), hash, &mut agent).await
                }
                AgentIdentity::Certificate { certificate, .. } => {
                    self.handle.authenticate_certificate_with(self.user, certificate.clone(), hash, &mut agent).await
                }
            };
            match result {
                Ok(result) => {
                    if self.accepted(result)? {
                        return Ok(true);
                    }
                }
                // An agent may hold a key and decline to use it; the next may do.
                Err(error) if !self.handle.is_closed() => warn!(at = self.at, %error, "the agent did not sign"),
                Err(error) => return Err(self.gone(&error)),
            }
        }
        Ok(false)
    }

    /// Whether the host let the user in; an error when going on is of no use.
    fn accepted(&self, result: AuthResult) -> Result<bool, HostError> {
        match result {
            AuthResult::Success => Ok(true),
            AuthResult::Failure { remaining_methods, partial_success: true } => {
                let methods: Vec<&str> = remaining_methods.iter().map(<&str>::from).collect();
                Err(HostError::LoginIncomplete {
                    at: self.at.to_owned(),
                    user: self.user.to_owned(),
                    methods: methods.join(", "),
                })
            }
            // A host that has had enough of wrong keys hangs up.
            AuthResult::Failure { .. } if self.handle.is_closed() => Err(self.refused()),
            AuthResult::Failure { remaining_methods, .. } if !remaining_methods.contains(&MethodKind::PublicKey) => {
                Err(self.refused())
            }
            AuthResult::Failure { .. } => Ok(false),
        }
    }

    /// With which hash an RSA key signs: the best that the host says it knows. An old host says nothing and may know
    /// SHA-2 all the same.
    async fn rsa_hash(&self, key: &PublicKey) -> Result<Option<HashAlg>, HostError> {
        if !key.algorithm().is_rsa() {
            return Ok(None);
        }
        let best = self.handle.best_supported_rsa_hash().await.map_err(|error| self.gone(&error))?;
        Ok(best.unwrap_or(Some(HashAlg::Sha256)))
    }

    fn refused(&self) -> HostError {
        HostError::LoginRefused { at: self.at.to_owned(), user: self.user.to_owned(), keys: self.tried.join(", ") }
    }

    fn gone(&self, error: &impl ToString) -> HostError {
        HostError::Handshake { at: self.at.to_owned(), cause: error.to_string() }
    }
}

fn fingerprint(key: &PublicKey) -> String {
    key.fingerprint(HashAlg::Sha256).to_string()
}
