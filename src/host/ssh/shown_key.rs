//! The key that a machine shows to somebody who does not know it yet. Nobody logs in: a person holds it against the machine's
//! console first.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use russh::client::{self, Handler};
use russh::keys::{HashAlg, PublicKeyOrCertificate};

use super::connect::{settings, tcp};
use super::host_key::Family;
use crate::dial::Reach;
use crate::host::HostError;

/// Asks the machine at `name` and `port` for its host key, within `patience`. Gives the key's SHA-256 fingerprint, as
/// `ssh-keygen -lf` prints it. Of several keys it is the one that the bot asks for first: Ed25519, ECDSA, RSA.
///
/// # Errors
/// [`HostError`] when it cannot be reached, is out of `reach`, or shows no key.
pub(in crate::host) async fn shown_key(
    name: &str,
    port: u16,
    reach: Reach,
    patience: Duration,
) -> Result<String, HostError> {
    let at = format!("{name}:{port}");
    let asking = async {
        let stream = tcp((name, port), reach, &at).await?;
        let seen = Arc::new(Mutex::new(None));
        let onlooker = Onlooker(Arc::clone(&seen));
        let asked = client::connect_stream(Arc::new(settings(patience, &Family::ALL)), stream, onlooker).await;
        let key = seen.lock().unwrap_or_else(PoisonError::into_inner).take();
        let cause = asked.err().map_or_else(String::new, |error| error.to_string());
        key.ok_or(HostError::Handshake { at: at.clone(), cause })
    };
    let timed_out = |_| HostError::ConnectTimedOut { at: at.clone(), after: patience };
    tokio::time::timeout(patience, asking).await.map_err(timed_out)?
}

/// Sees the key, and leaves.
struct Onlooker(Arc<Mutex<Option<String>>>);

impl Handler for Onlooker {
    type Error = russh::Error;

    async fn check_server_key(&mut self, shown: &PublicKeyOrCertificate) -> Result<bool, russh::Error> {
        let fingerprint = shown.public_key().fingerprint(HashAlg::Sha256).to_string();
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(fingerprint);
        Ok(false)
    }
}
