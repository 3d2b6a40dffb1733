//! What is wrong with a file, and where.

use std::path::{Path, PathBuf};

use crate::domain::message::Message;

/// One thing that is wrong with a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// The file.
    pub path: PathBuf,
    /// The line, from 1; 0 where the file could not be read at all.
    pub line: usize,
    /// The column, in characters from 1.
    pub column: usize,
    /// What is wrong.
    pub message: Message,
    /// What would be right.
    pub hint: Option<Message>,
}

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub path: PathBuf,
    /// The line, from 1.
    pub line: usize,
    /// The column, in characters from 1.
    pub column: usize,
}

impl Place {
    /// What is wrong there.
    pub fn problem(self, message: Message, hint: Option<Message>) -> Problem {
        Problem { path: self.path, line: self.line, column: self.column, message, hint }
    }
}

impl Problem {
    /// A problem of the file as a whole.
    pub fn of_file(path: &Path, message: Message) -> Self {
        Self { path: path.to_owned(), line: 0, column: 0, message, hint: None }
    }
}

/// Everything that is wrong, of all files at once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Problems(pub Vec<Problem>);

impl Problems {
    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        Self(vec![problem])
    }
}

impl std::fmt::Display for Problems {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for problem in &self.0 {
            writeln!(f, "{}:{}: {}", problem.path.display(), problem.line, problem.message.key)?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}
