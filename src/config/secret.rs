//! Secrets: named where they are to be found, read when they are needed, never shown.

use std::fmt;
use std::path::PathBuf;

use crate::domain::message::{Explain, Message};

/// Where a secret is to be found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretRef {
    /// In an environment variable.
    Env(String),
    /// In a file, which holds nothing else.
    File(PathBuf),
}

/// A secret. It shows itself to nobody: [`Secret::expose`] is the one way in.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes `text` as a secret.
    pub const fn new(text: String) -> Self {
        Self(text)
    }

    /// The secret itself, for the one who must send it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Why a secret could not be read.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The variable is not set, or empty.
    #[error("the environment variable {0} is not set")]
    NoVariable(String),
    /// The file cannot be read.
    #[error("{path}: {cause}", path = path.display())]
    NoFile {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
    /// The file is empty.
    #[error("{path} is empty", path = .0.display())]
    Empty(PathBuf),
}

impl SecretRef {
    /// Reads the secret; the blanks and line ends around it are no part of it.
    ///
    /// # Errors
    /// [`SecretError`] when there is none where it should be.
    pub fn read(&self) -> Result<Secret, SecretError> {
        match self {
            Self::Env(name) => match std::env::var(name) {
                Ok(text) if !text.trim().is_empty() => Ok(Secret(text.trim().to_owned())),
                _ => Err(SecretError::NoVariable(name.clone())),
            },
            Self::File(path) => {
                let text =
                    std::fs::read_to_string(path).map_err(|cause| SecretError::NoFile { path: path.clone(), cause })?;
                let text = text.trim();
                if text.is_empty() { Err(SecretError::Empty(path.clone())) } else { Ok(Secret(text.to_owned())) }
            }
        }
    }
}

impl Explain for SecretError {
    fn message(&self) -> Message {
        match self {
            Self::NoVariable(name) => Message::new("secret-no-variable").with("name", name.as_str()),
            Self::NoFile { path, cause } => {
                Message::new("secret-no-file").with("path", path.display().to_string()).with("cause", cause.to_string())
            }
            Self::Empty(path) => Message::new("secret-empty").with("path", path.display().to_string()),
        }
    }
}
