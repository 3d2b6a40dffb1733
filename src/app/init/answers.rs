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
    /// The file does not answer what must be known.
    #[error("no answer to {0}")]
    Missing(&'static str),
    /// Whoever was asked went away.
    #[error("nobody answers {key}")]
    Ended {
        /// The question.
        key: &'static str,
        /// Where the answers before it are.
        kept: PathBuf,
    },
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
            Self::Missing(key) | Self::Ended { key, .. } => Message::new("init-missing").with("key", *key),
            Self::Unasked(key) => Message::new("init-unasked").with("key", key.as_str()),
            Self::Wrong { key, why, .. } => Message::new("init-wrong").with("key", *key).with("why", why.clone()),
        }
    }

    fn hint(&self) -> Option<Message> {
        match self {
            Self::Exists(_) => Some(Message::new("init-exists-hint")),
            Self::Missing(_) => Some(Message::new("init-missing-hint")),
            Self::Ended { kept, .. } => Some(Message::new("init-ended-hint").with("path", kept.display().to_string())),
            Self::Wrong { hint, .. } => hint.clone(),
            _ => None,
        }
    }
}

/// Who answers.
pub(super) struct Answers {
    language: Language,
    from: From,
    asked: BTreeSet<&'static str>,
}

/// Where answers come from.
enum From {
    /// A file that holds all of them.
    File(toml::Table),
    /// A person. What they answered is kept as they go, so that whoever is called away goes on where they were; no answer is
    /// a secret.
    Person {
        /// The file in which it is kept.
        path: PathBuf,
        /// The answers so far, of this time and of one before.
        kept: toml::Table,
    },
}

/// Whoever goes on looks at the host's key again.
const NEVER_KEPT: &str = "host_key";

impl Answers {
    /// The answers of the file at `path`, or a person's, which are kept in `kept`.
    pub(super) fn of(path: Option<&Path>, kept: PathBuf, language: Language) -> Result<Self, InitError> {
        let read = |path: &Path| {
            let failed = |cause: String| InitError::Answers { path: path.to_owned(), cause };
            let text = std::fs::read_to_string(path).map_err(|error| failed(error.to_string()))?;
            toml::from_str(&text).map_err(|error: toml::de::Error| failed(error.message().to_owned()))
        };
        let from = match path {
            Some(path) => From::File(read(path)?),
            // What cannot be read of an earlier time is asked again.
            None => From::Person { kept: read(&kept).unwrap_or_default(), path: kept },
        };
        let answers = Self { language, from, asked: BTreeSet::new() };
        if let From::Person { path, kept } = &answers.from
            && !kept.is_empty()
        {
            answers.tell(&Message::new("init-going-on").with("path", path.display().to_string()));
        }
        Ok(answers)
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
        let before = match &self.from {
            From::File(file) => {
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
            From::Person { kept, .. } => kept.get(key).and_then(toml::Value::as_str).map(str::to_owned),
        };
        let usual = before.as_deref().or(usual);
        let shown = usual.filter(|usual| !usual.is_empty()).map(|usual| format!(" [{usual}]")).unwrap_or_default();
        let mut out = std::io::stdout().lock();
        let _ = write!(out, "{}{} ", visible(&say(question, self.language)), visible(&shown));
        let _ = out.flush();
        drop(out);
        let mut line = String::new();
        let read = std::io::stdin().lock().read_line(&mut line).unwrap_or(0);
        let answer = match (line.trim(), usual) {
            ("", Some(usual)) if read > 0 => usual.to_owned(),
            // The end of the input is no answer, not even the usual one: nobody is there.
            ("", _) => return Err(self.ended(key)),
            (text, _) => text.to_owned(),
        };
        self.keep(key, Some(&answer))?;
        Ok(answer)
    }

    /// What a file answers to `key` that no person is asked.
    pub(super) fn given(&mut self, key: &'static str) -> Option<String> {
        self.asked.insert(key);
        let From::File(file) = &self.from else { return None };
        file.get(key).and_then(toml::Value::as_str).map(str::to_owned)
    }

    fn ended(&self, key: &'static str) -> InitError {
        match &self.from {
            From::Person { path, kept } if !kept.is_empty() => InitError::Ended { key, kept: path.clone() },
            _ => InitError::Missing(key),
        }
    }

    /// Keeps the answer to `key`, or forgets it.
    ///
    /// # Errors
    /// [`InitError::Unwritable`]: better before all the questions than behind them.
    fn keep(&mut self, key: &'static str, answer: Option<&str>) -> Result<(), InitError> {
        let From::Person { path, kept } = &mut self.from else { return Ok(()) };
        match answer.filter(|_| key != NEVER_KEPT) {
            Some(answer) => kept.insert(key.to_owned(), answer.into()),
            None => kept.remove(key),
        };
        let unwritable = |cause: std::io::Error| InitError::Unwritable { path: path.clone(), cause: cause.to_string() };
        std::fs::write(&path, kept.to_string()).map_err(unwritable)
    }

    /// Forgets what was kept: the file that it was for is written.
    pub(super) fn done(&self) {
        if let From::Person { path, .. } = &self.from
            && let Err(error) = std::fs::remove_file(path)
        {
            tracing::debug!(%error, path = %path.display(), "the kept answers stay");
        }
    }

    /// What is done about an answer that does not do: a person is told and asked again, a file is wrong.
    ///
    /// # Errors
    /// [`InitError::Wrong`] where a file answers.
    pub(super) fn again(&mut self, key: &'static str, why: Message, hint: Option<Message>) -> Result<(), InitError> {
        if matches!(self.from, From::File(_)) {
            return Err(InitError::Wrong { key, why, hint });
        }
        // Nobody is offered again what did not do.
        self.keep(key, None)?;
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
        let From::File(file) = &self.from else { return Ok(()) };
        let unasked = file.keys().find(|key| !self.asked.contains(key.as_str()));
        unasked.map_or(Ok(()), |key| Err(InitError::Unasked(key.clone())))
    }
}
