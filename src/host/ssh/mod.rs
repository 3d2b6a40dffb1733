//! Hosts by SSH. The only folder that names russh.
//!
//! `connect` makes a connection and has the host prove itself (`host_key`) and the bot log in (`login`, `key_file`);
//! `shown_key` asks a machine that is not known yet; `exec` runs a command on a channel of its own; `socket` makes a channel a stream to a UNIX socket of the host.

use std::sync::Arc;

use tokio::sync::Semaphore;

mod connect;
mod exec;
mod host_key;
mod key_file;
mod login;
mod shown_key;
mod socket;

pub(super) use connect::connect;
pub(super) use exec::run;
pub(super) use shown_key::shown_key;
pub(super) use socket::open_socket;

use super::HostError;
use super::error::Why;

/// A logged-in connection. It ends when it is dropped, when it is closed, or when the host goes.
pub(super) struct Connection {
    /// The address, as `name:port`.
    at: Arc<str>,
    handle: russh::client::Handle<connect::Client>,
    /// Session channels that may still be opened.
    slots: Arc<Semaphore>,
}

impl Connection {
    /// Whether it has ended.
    pub(super) fn is_gone(&self) -> bool {
        self.handle.is_closed()
    }

    /// Ends it politely.
    pub(super) async fn close(&self) {
        // It may be gone already, which is as good.
        let _ = self.handle.disconnect(russh::Disconnect::ByApplication, "", "").await;
    }

    fn lost(&self, cause: Why) -> HostError {
        HostError::Lost { at: self.at.to_string(), cause }
    }

    /// The same in the words of the library.
    fn lost_by(&self, error: impl std::fmt::Display) -> HostError {
        self.lost(Why::Said(error.to_string()))
    }
}
