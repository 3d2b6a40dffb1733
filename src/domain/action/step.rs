//! What an action does, step by step.

use std::time::Duration;

use serde::Serialize;

/// One step.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// A program with its arguments.
    Run(Run),
}

/// A program with its arguments, each one word whatever is in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Run {
    /// The program and its arguments.
    pub argv: Vec<Word>,
    /// Whether it needs root.
    pub sudo: bool,
    /// How long it may take.
    pub timeout: Duration,
}

/// One word of a command line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Word {
    /// As it stands in the file.
    Literal(String),
    /// The value that was chosen for the parameter of this id.
    Argument(String),
}

impl Step {
    /// The parameters that it takes.
    pub fn takes(&self) -> impl Iterator<Item = &str> {
        let Self::Run(run) = self;
        run.argv.iter().filter_map(|word| match word {
            Word::Argument(id) => Some(id.as_str()),
            Word::Literal(_) => None,
        })
    }
}
