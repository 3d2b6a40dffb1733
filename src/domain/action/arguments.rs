//! What was chosen for an action's parameters. A value is one of those that the file or the host offers, and looks like a
//! name: a file on the host may be called anything.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Action, Parameter};
use crate::domain::message::{Explain, Message};

/// What somebody chose, not checked yet: from a slash command, or from a row.
pub type Given = BTreeMap<String, String>;

/// What was chosen, checked. Only [`Arguments::check`] makes one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Arguments(Given);

/// Why a choice is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ArgumentError {
    /// Nothing was chosen.
    #[error("nothing is chosen for {parameter}")]
    Missing {
        /// The parameter.
        parameter: String,
    },
    /// The action has no such parameter.
    #[error("there is no parameter {parameter}")]
    Unknown {
        /// What was given.
        parameter: String,
    },
    /// It does not look like a name.
    #[error("{value:?} is no name for {parameter}")]
    NoName {
        /// The parameter.
        parameter: String,
        /// What was given.
        value: String,
    },
    /// The host does not have it, or the file does not offer it.
    #[error("{value:?} is not offered for {parameter}")]
    NotOffered {
        /// The parameter.
        parameter: String,
        /// What was given.
        value: String,
        /// What is offered.
        offered: Vec<String>,
    },
}

/// The longest value: file names are no longer.
const LONGEST: usize = 255;

impl Arguments {
    /// Checks `given` against what `offered` says can be chosen for each parameter now.
    ///
    /// # Errors
    /// The first [`ArgumentError`], in the order of the parameters.
    pub fn check<'a>(
        action: &Action,
        given: &Given,
        offered: impl Fn(&Parameter) -> &'a [String],
    ) -> Result<Self, ArgumentError> {
        if let Some(unknown) = given.keys().find(|id| action.parameter(id).is_none()) {
            return Err(ArgumentError::Unknown { parameter: unknown.clone() });
        }
        for parameter in &action.parameters {
            let id = || parameter.id.clone();
            let value = given.get(&parameter.id).ok_or_else(|| ArgumentError::Missing { parameter: id() })?;
            if !is_name(value) {
                return Err(ArgumentError::NoName { parameter: id(), value: value.clone() });
            }
            let offered = offered(parameter);
            if !offered.contains(value) {
                return Err(ArgumentError::NotOffered {
                    parameter: id(),
                    value: value.clone(),
                    offered: offered.to_vec(),
                });
            }
        }
        Ok(Self(given.clone()))
    }

    /// The value for the parameter `id`.
    pub fn get(&self, id: &str) -> Option<&str> {
        self.0.get(id).map(String::as_str)
    }

    /// All values, by parameter.
    pub fn all(&self) -> &Given {
        &self.0
    }
}

/// Whether `value` looks like a name: letters, digits and `._-:/@+`, no `-` at its beginning, no `..` as a part of a path.
pub fn is_name(value: &str) -> bool {
    (1..=LONGEST).contains(&value.len())
        && !value.starts_with('-')
        && value.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | ':' | '/' | '@' | '+'))
        && value.split('/').all(|part| part != "..")
}

impl Explain for ArgumentError {
    fn message(&self) -> Message {
        match self {
            Self::Missing { parameter } => Message::new("argument-missing").with("parameter", parameter.as_str()),
            Self::Unknown { parameter } => Message::new("argument-unknown").with("parameter", parameter.as_str()),
            Self::NoName { parameter, value } => {
                Message::new("argument-no-name").with("parameter", parameter.as_str()).with("value", shown(value))
            }
            Self::NotOffered { parameter, value, .. } => {
                Message::new("argument-not-offered").with("parameter", parameter.as_str()).with("value", shown(value))
            }
        }
    }

    fn hint(&self) -> Option<Message> {
        match self {
            Self::NotOffered { offered, .. } if offered.is_empty() => Some(Message::new("argument-none-offered")),
            Self::NotOffered { offered, .. } => Some(
                Message::new("argument-offered")
                    .with("names", offered.iter().take(10).cloned().collect::<Vec<_>>().join(", ")),
            ),
            Self::NoName { .. } => Some(Message::new("argument-no-name-hint")),
            Self::Missing { .. } | Self::Unknown { .. } => None,
        }
    }
}

/// What was given, short and without what could break a line.
fn shown(value: &str) -> String {
    value.chars().take(60).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_shell_or_a_path_could_take_otherwise_is_a_name() {
        for name in ["serverpod", "postgres_20260113_030000.sql.gz", "api.gear-freaks.com", "sha256:9f86d0", "a/b@c+d"]
        {
            assert!(is_name(name), "{name}");
        }
        let long = "a".repeat(256);
        for attack in [
            "",
            "-rf",
            "a;b",
            "a`b`",
            "$(b)",
            "a\nb",
            "a b",
            "../etc/passwd",
            "a/../b",
            "..",
            "a|b",
            "a&b",
            "a>b",
            "'",
            "\"",
            "\\",
            "a\0b",
            "한글",
            "a*",
            "~root",
            "{a,b}",
            "a\u{202e}b",
            &long,
        ] {
            assert!(!is_name(attack), "{attack:?}");
        }
    }
}
