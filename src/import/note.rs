//! What is told of a line of the document.

use crate::domain::message::Message;

/// How sure it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// The document says it.
    Understood,
    /// The document does not say it in full: to be looked over.
    Guessed,
    /// Nothing was made of it, or only what a person must do.
    Left,
}

/// What became of a line.
#[derive(Clone, Debug, PartialEq)]
pub struct Note {
    /// The line of the document, from 1.
    pub line: usize,
    /// How sure it is.
    pub mark: Mark,
    /// What became of it.
    pub message: Message,
}

impl Note {
    pub(super) const fn new(line: usize, mark: Mark, message: Message) -> Self {
        Self { line, mark, message }
    }
}
