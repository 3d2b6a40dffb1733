//! A private key file, and the certificate beside it.

use std::ffi::OsString;
use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use russh::keys::{Certificate, Error, PrivateKey, decode_secret_key, load_openssh_certificate};
use tracing::warn;

use crate::config::SecretRef;
use crate::domain::message::Explain;
use crate::host::HostError;

/// Reads the private key in `file`, and opens it where it is encrypted, which takes a good part of a second of work: not
/// to be called where others wait.
///
/// # Errors
/// [`HostError`], of each thing that can be wrong with the file or the passphrase its own.
pub(super) fn read(file: &Path, passphrase: Option<&SecretRef>) -> Result<PrivateKey, HostError> {
    let text = std::fs::read(file).map_err(|error| match error.kind() {
        ErrorKind::NotFound => HostError::KeyMissing { file: file.to_owned() },
        _ => HostError::KeyUnreadable { file: file.to_owned(), cause: error.to_string() },
    })?;
    let invalid = |cause: String| HostError::KeyFormat { file: file.to_owned(), cause };
    let text = String::from_utf8(text).map_err(|_| invalid("it is not a text file".to_owned()))?;
    warn_of_readers(file);
    match decode_secret_key(&text, None) {
        Ok(key) => return Ok(key),
        Err(Error::KeyIsEncrypted) => {}
        Err(_) if is_encrypted(&text) => {}
        Err(Error::CouldNotReadKey) if text.contains("PUBLIC KEY") || text.starts_with("ssh-") => {
            return Err(invalid("it is a public key".to_owned()));
        }
        Err(error) => return Err(invalid(error.to_string())),
    }
    let passphrase = passphrase.ok_or_else(|| HostError::PassphraseMissing { file: file.to_owned() })?;
    let passphrase = passphrase.read().map_err(|error| HostError::PassphraseUnread {
        file: file.to_owned(),
        cause: error.to_string(),
        says: Box::new(error.message()),
    })?;
    let opened = decode_secret_key(&text, Some(passphrase.expose()));
    opened.map_err(|_| HostError::PassphraseWrong { file: file.to_owned() })
}

/// The certificate of `key`, where one lies beside its `file`, as `ssh` looks for it: `id_ed25519-cert.pub`.
pub(super) fn certificate(file: &Path, key: &PrivateKey) -> Option<Certificate> {
    let mut name = OsString::from(file);
    name.push("-cert.pub");
    let name = PathBuf::from(name);
    if !name.exists() {
        return None;
    }
    if key.algorithm().is_rsa() {
        // russh would sign with SHA-1, which no host accepts any more.
        warn!(file = %name.display(), "a certificate of an RSA key is not used; one of an Ed25519 key would be");
        return None;
    }
    load_openssh_certificate(&name)
        .inspect_err(|error| warn!(file = %name.display(), %error, "the certificate cannot be read and is not used"))
        .ok()
}

/// Whether a PEM file of the older formats says that it is encrypted.
fn is_encrypted(text: &str) -> bool {
    text.contains("BEGIN ENCRYPTED PRIVATE KEY") || text.contains("Proc-Type: 4,ENCRYPTED")
}

/// OpenSSH refuses a key that others may read. The bot may have it from a secret store that mounts files its own way, so
/// it only speaks of it.
fn warn_of_readers(file: &Path) {
    let mode = std::fs::metadata(file).map(|metadata| metadata.permissions().mode());
    if mode.is_ok_and(|mode| mode & 0o077 != 0) {
        warn!(file = %file.display(), "others may read the private key: chmod 600 is safer");
    }
}
