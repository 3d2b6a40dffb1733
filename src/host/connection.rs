//! A connection of either kind: what both can do.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};

use super::{HostError, Output, local, ssh};
use crate::config::Transport;

/// A way to a host. Cheap to clone; clones are the same connection.
#[derive(Clone)]
pub(super) enum Connection {
    /// By SSH.
    Ssh(Arc<ssh::Connection>),
    /// The bot's own machine.
    Local,
}

/// A byte stream to a socket of the host.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// Why a socket of the host could not be reached.
pub(super) enum SocketError {
    /// The socket would not have it; SSH does not say why.
    Refused,
    /// The host itself could not be reached.
    Host(HostError),
}

impl Connection {
    /// Makes a connection to the host that is reached by `transport`. Host keys of the fingerprints `trusted` count beside the
    /// configured one.
    ///
    /// # Errors
    /// [`HostError`] when the host cannot be reached, is not the one meant, or lets nobody in.
    pub(super) async fn open(transport: &Transport, trusted: &[String]) -> Result<Self, HostError> {
        match transport {
            Transport::Ssh(ssh) => Ok(Self::Ssh(Arc::new(ssh::connect(ssh, trusted).await?))),
            Transport::Local => Ok(Self::Local),
        }
    }

    /// Whether the connection has ended.
    pub(super) fn is_gone(&self) -> bool {
        match self {
            Self::Ssh(connection) => connection.is_gone(),
            Self::Local => false,
        }
    }

    /// Runs `command`, once.
    ///
    /// # Errors
    /// [`HostError`] when it could not be run or did not end in time; [`HostError::Lost`] when the connection is dead.
    pub(super) async fn run(&self, command: &str, deadline: Duration) -> Result<Output, HostError> {
        match self {
            Self::Ssh(connection) => ssh::run(connection, command, deadline).await,
            Self::Local => local::run(command, deadline).await,
        }
    }

    /// Opens a stream to the UNIX socket `path` of the host.
    ///
    /// # Errors
    /// [`SocketError`].
    pub(super) async fn open_socket(&self, path: &str) -> Result<Box<dyn Stream>, SocketError> {
        match self {
            Self::Ssh(connection) => ssh::open_socket(connection, path).await,
            Self::Local => match tokio::net::UnixStream::connect(path).await {
                Ok(stream) => Ok(Box::new(stream)),
                Err(_) => Err(SocketError::Refused),
            },
        }
    }

    /// Ends it politely. Who still uses it finds it lost.
    pub(super) async fn close(&self) {
        if let Self::Ssh(connection) = self {
            connection.close().await;
        }
    }
}
