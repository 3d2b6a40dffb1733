//! Whether a host is the one meant.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use russh::keys::ssh_key::Fingerprint;
use russh::keys::{Algorithm, EcdsaCurve, HashAlg, PublicKey, known_hosts, parse_public_key_base64};

use crate::config::{HostKey, SshConfig};
use crate::host::HostError;

/// A kind of host key. A host has at most one key of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    Ed25519,
    Ecdsa,
    Rsa,
}

impl Family {
    /// All of them, the best first.
    pub(super) const ALL: [Self; 3] = [Self::Ed25519, Self::Ecdsa, Self::Rsa];

    /// The family of a key; none for one that the bot does not ask for.
    pub(super) fn of(algorithm: &Algorithm) -> Option<Self> {
        match algorithm {
            Algorithm::Ed25519 => Some(Self::Ed25519),
            Algorithm::Ecdsa { .. } => Some(Self::Ecdsa),
            Algorithm::Rsa { .. } => Some(Self::Rsa),
            _ => None,
        }
    }

    /// How it is asked for. RSA with SHA-1 is not asked for at all.
    pub(super) fn algorithms(self) -> Vec<Algorithm> {
        match self {
            Self::Ed25519 => vec![Algorithm::Ed25519],
            Self::Ecdsa => [EcdsaCurve::NistP256, EcdsaCurve::NistP384, EcdsaCurve::NistP521]
                .map(|curve| Algorithm::Ecdsa { curve })
                .into(),
            Self::Rsa => [HashAlg::Sha512, HashAlg::Sha256].map(|hash| Algorithm::Rsa { hash: Some(hash) }).into(),
        }
    }
}

/// Knows what a host must show.
pub(super) struct Judge {
    at: Arc<str>,
    expected: Expected,
    /// The fingerprints that people approved beside.
    trusted: Vec<String>,
}

enum Expected {
    Pinned(Fingerprint),
    Known { file: PathBuf, keys: Vec<PublicKey>, revoked: Vec<PublicKey> },
}

impl Judge {
    /// Reads what is expected of the host; the keys of the fingerprints `trusted` count beside.
    ///
    /// # Errors
    /// [`HostError::FingerprintInvalid`], [`HostError::KnownHosts`].
    pub(super) async fn new(config: &SshConfig, at: &Arc<str>, trusted: &[String]) -> Result<Self, HostError> {
        let expected = match &config.host_key {
            HostKey::Fingerprint(given) => {
                let parsed = given.trim().trim_end_matches('=').parse();
                let Ok(pinned @ Fingerprint::Sha256(_)) = parsed else {
                    return Err(HostError::FingerprintInvalid { given: given.clone() });
                };
                Expected::Pinned(pinned)
            }
            HostKey::KnownHosts(file) => {
                let unreadable = |cause: String| HostError::KnownHosts { file: file.clone(), cause };
                let text = tokio::fs::read_to_string(file).await.map_err(|error| unreadable(error.to_string()))?;
                let host = config.host.to_lowercase();
                let keys = known_hosts::known_host_keys_path(&host, config.port, file)
                    .map_err(|error| unreadable(error.to_string()))?;
                let keys = keys.into_iter().map(|(_, key)| key).collect();
                Expected::Known { file: file.clone(), keys, revoked: revoked(&text) }
            }
        };
        Ok(Self { at: Arc::clone(at), expected, trusted: trusted.to_vec() })
    }

    /// The families of keys to ask for, in this order. Of a host that is known by its RSA key only, that is asked for
    /// first.
    pub(super) fn families(&self) -> Vec<Family> {
        let mut families = Family::ALL.to_vec();
        if let Expected::Known { keys, .. } = &self.expected {
            let known: Vec<_> = keys.iter().filter_map(|key| Family::of(&key.algorithm())).collect();
            families.sort_by_key(|family| !known.contains(family));
        }
        families
    }

    /// Whether another key of the host may be the right one. Not where its keys are known by their kinds alone.
    pub(super) fn may_ask_for_another_key(&self) -> bool {
        matches!(self.expected, Expected::Pinned(_)) || !self.trusted.is_empty()
    }

    /// Whether `key` is the host's.
    ///
    /// # Errors
    /// [`HostError`] of its own for a key that changed, is unknown, or is revoked.
    pub(super) fn judge(&self, key: &PublicKey) -> Result<(), HostError> {
        let at = self.at.to_string();
        let came = fingerprint(key);
        match &self.expected {
            Expected::Pinned(pinned) if *pinned == key.fingerprint(HashAlg::Sha256) => Ok(()),
            Expected::Pinned(_) if self.trusted.contains(&came) => Ok(()),
            Expected::Pinned(pinned) => {
                Err(HostError::HostKeyChanged { at, expected: pinned.to_string(), came, from: "bot.toml".to_owned() })
            }
            Expected::Known { file, revoked, .. } if holds(revoked, key) => {
                Err(HostError::HostKeyRevoked { at, came, file: file.clone() })
            }
            Expected::Known { keys, .. } if holds(keys, key) || self.trusted.contains(&came) => Ok(()),
            Expected::Known { file, keys, .. } if keys.is_empty() => {
                Err(HostError::HostKeyUnknown { at, came, file: file.clone() })
            }
            Expected::Known { file, keys, .. } => {
                let expected = keys.iter().map(fingerprint).collect::<Vec<_>>().join(", ");
                Err(HostError::HostKeyChanged { at, expected, came, from: shown(file) })
            }
        }
    }
}

/// The keys that a `known_hosts` file revokes, of whatever host: russh passes over them.
fn revoked(text: &str) -> Vec<PublicKey> {
    let lines = text.lines().filter_map(|line| line.trim_start().strip_prefix("@revoked"));
    lines.filter_map(|line| parse_public_key_base64(line.split_whitespace().nth(2)?).ok()).collect()
}

fn holds(keys: &[PublicKey], key: &PublicKey) -> bool {
    keys.iter().any(|one| one.key_data() == key.key_data())
}

fn fingerprint(key: &PublicKey) -> String {
    key.fingerprint(HashAlg::Sha256).to_string()
}

fn shown(file: &Path) -> String {
    file.display().to_string()
}
