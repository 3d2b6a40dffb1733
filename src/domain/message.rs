//! What is said to people, as a key of `locales/` and its arguments: the sentence itself is made in the reader's
//! language when it is shown, so that history reads in either.

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::quantity::Quantity;

/// A language that people are spoken to in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Korean.
    #[default]
    Ko,
    /// English.
    En,
}

impl Language {
    /// Both, in the order in which they are shown.
    pub const ALL: [Self; 2] = [Self::Ko, Self::En];

    /// The two-letter code, as in `locales/` and in the team's files.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ko => "ko",
            Self::En => "en",
        }
    }

    /// The language of a code such as `ko`, `en` or `en-US`; none for another language.
    pub fn from_code(code: &str) -> Option<Self> {
        let primary = code.split(['-', '_']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|language| language.code() == primary)
    }
}

/// A text that the team wrote in both languages, in its own files.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Localised {
    /// In Korean.
    pub ko: String,
    /// In English.
    pub en: String,
}

impl Localised {
    /// The text in `language`.
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::Ko => &self.ko,
            Language::En => &self.en,
        }
    }
}

/// A sentence that has not been put into words yet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// Names the sentence in `locales/`.
    pub key: Cow<'static, str>,
    /// What stands in its places.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub args: BTreeMap<Cow<'static, str>, Arg>,
}

/// What can stand in a sentence's place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Arg {
    /// A name, a path, a text of the host: shown as it is.
    Text(String),
    /// A number with its unit, shown as [`Quantity`] is.
    Quantity(Quantity),
    /// A text of the team's own files, shown in the reader's language.
    Localised(Localised),
    /// A moment, shown in the reader's zone.
    Time(DateTime<Utc>),
    /// Another sentence.
    Message(Message),
}

impl Message {
    /// The sentence `key`, with nothing in its places yet.
    pub const fn new(key: &'static str) -> Self {
        Self { key: Cow::Borrowed(key), args: BTreeMap::new() }
    }

    /// Puts `arg` in the place `name`.
    #[must_use]
    pub fn with(mut self, name: &'static str, arg: impl Into<Arg>) -> Self {
        self.args.insert(Cow::Borrowed(name), arg.into());
        self
    }
}

impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Arg {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Quantity> for Arg {
    fn from(quantity: Quantity) -> Self {
        Self::Quantity(quantity)
    }
}

impl From<DateTime<Utc>> for Arg {
    fn from(at: DateTime<Utc>) -> Self {
        Self::Time(at)
    }
}

impl From<Localised> for Arg {
    fn from(text: Localised) -> Self {
        Self::Localised(text)
    }
}

impl From<Message> for Arg {
    fn from(message: Message) -> Self {
        Self::Message(message)
    }
}

/// An error that a person can be told: what happened, and what to do about it.
pub trait Explain {
    /// What happened.
    fn message(&self) -> Message;

    /// What to do about it, where something can be said.
    fn hint(&self) -> Option<Message> {
        None
    }
}
