//! Where the answers come from: a person at a terminal, or a file.

use std::collections::BTreeSet;
use std::io::{BufRead, Write};
use std::path::{Path, PathBuf};

use crate::domain::message::{Explain, Language, Message};
use crate::render::markdown::visible;
use crate::text::say;

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum InitError {
    /// The file that is to be written is there already.
    #[error("{path} is there already", path = .0.display())]
    Exists(PathBuf),
    /// The file cannot be written.
    #[error("{path}: {cause}", path = path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: String,
    },
    /// The file of answers cannot be read.
    #[error("{path}: {cause}", path = path.display())]
    Answers {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: String,
    },
    /// There is no answer to what must be known.
    #[error("no answer to {0}")]
    Missing(&'static str),
    /// The file answers what nobody asks.
    #[error("nobody asks for {0}")]
    Unasked(String),
    /// An answer of the file does not do.
    #[error("the answer to {key} does not do")]
    Wrong {
        /// The question.
        key: &'static str,
        /// Why.
        why: Message,
        /// What to do.
        hint: Option<Message>,
    },
}

impl Explain for InitError {
    fn message(&self) -> Message {
        let named = |key, path: &Path| Message::new(key).with("path", path.display().to_string());
        match self {
            Self::Exists(path) => named("init-exists", path),
            Self::Unwritable { path, cause } => named("init-cannot-write", path).with("cause", cause.as_str()),
            Self::Answers { path, cause } => named("init-answers", path).with("cause", cause.as_str()),
            Self::Missing(key) => Message::new("init-missing").with("key", *key),
            Self::Unasked(key) => Message::new("init-unasked").with("key", key.as_str()),
            Self::Wrong { key, why, .. } => Message::new("init-wrong").with("key", *key).with("why", why.clone()),
        }
    }

    fn hint(&self) -> Option<Message> {
        match self {
            Self::Exists(_) => Some(Message::new("init-exists-hint")),
            Self::Missing(_) => Some(Message::new("init-missing-hint")),
            Self::Wrong { hint, .. } => hint.clone(),
            _ => None,
        }
    }
}

/// Who answers.
pub(super) struct Answers {
    language: Language,
    /// The answers of a file; none: a person is asked.
    file: Option<toml::Table>,
    asked: BTreeSet<&'static str>,
}

impl Answers {
    /// The answers of the file at `path`, or a person's.
    pub(super) fn of(path: Option<&Path>, language: Language) -> Result<Self, InitError> {
        let read = |path: &Path| {
            let failed = |cause: String| InitError::Answers { path: path.to_owned(), cause };
            let text = std::fs::read_to_string(path).map_err(|error| failed(error.to_string()))?;
            toml::from_str(&text).map_err(|error: toml::de::Error| failed(error.message().to_owned()))
        };
        Ok(Self { language, file: path.map(read).transpose()?, asked: BTreeSet::new() })
    }

    /// The language in which people are asked.
    pub(super) const fn language(&self) -> Language {
        self.language
    }

    /// Tells a person something; who answers by a file reads it as well.
    pub(super) fn tell(&self, message: &Message) {
        let mut out = std::io::stdout().lock();
        // Who closed the terminal is told nothing any more, and is asked nothing: reading ends as well.
        let _ = writeln!(out, "{}", visible(&say(message, self.language)));
    }

    /// Shows a line as it is.
    pub(super) fn show(&self, line: &str) {
        let _ = writeln!(std::io::stdout().lock(), "    {}", visible(line));
    }

    /// The answer to `key`. Where `usual` says something, no answer means that.
    ///
    /// # Errors
    /// [`InitError::Missing`] where there is neither.
    pub(super) fn ask(
        &mut self,
        key: &'static str,
        question: &Message,
        usual: Option<&str>,
    ) -> Result<String, InitError> {
        self.asked.insert(key);
        if let Some(file) = &self.file {
            let written = match file.get(key) {
                Some(toml::Value::String(text)) => Some(text.clone()),
                Some(toml::Value::Array(list)) => {
                    Some(list.iter().filter_map(toml::Value::as_str).collect::<Vec<_>>().join(","))
                }
                Some(other) => Some(other.to_string()),
                None => None,
            };
            return written.or_else(|| usual.map(str::to_owned)).ok_or(InitError::Missing(key));
        }
        let shown = usual.filter(|usual| !usual.is_empty()).map(|usual| format!(" [{usual}]")).unwrap_or_default();
        let mut out = std::io::stdout().lock();
        let _ = write!(out, "{}{shown} ", visible(&say(question, self.language)));
        let _ = out.flush();
        drop(out);
        let mut line = String::new();
        let read = std::io::stdin().lock().read_line(&mut line).unwrap_or(0);
        match (line.trim(), usual) {
            ("", Some(usual)) if read > 0 => Ok(usual.to_owned()),
            // The end of the input is no answer, not even the usual one: nobody is there.
            ("", _) => Err(InitError::Missing(key)),
            (text, _) => Ok(text.to_owned()),
        }
    }

    /// What is done about an answer that does not do: a person is told and asked again, a file is wrong.
    ///
    /// # Errors
    /// [`InitError::Wrong`] where a file answers.
    pub(super) fn again(&self, key: &'static str, why: Message, hint: Option<Message>) -> Result<(), InitError> {
        if self.file.is_some() {
            return Err(InitError::Wrong { key, why, hint });
        }
        self.tell(&why);
        if let Some(hint) = hint {
            self.tell(&hint);
        }
        Ok(())
    }

    /// Refuses a file that answers more than was asked: a misspelt key would silently mean the usual.
    ///
    /// # Errors
    /// [`InitError::Unasked`].
    pub(super) fn all_used(&self) -> Result<(), InitError> {
        let unasked = self.file.iter().flat_map(toml::Table::keys).find(|key| !self.asked.contains(key.as_str()));
        unasked.map_or(Ok(()), |key| Err(InitError::Unasked(key.clone())))
    }
}
