//! TOML files that people write, read so that every problem is told at once: each with its line, what is wrong, and the
//! nearest word that would have been right.

mod condition;
mod find;
mod problem;
mod table;

pub use condition::{condition, explain, last_line, tell};
pub use problem::{Place, Problem, Problems};
pub use table::{Located, Table};

use std::cell::RefCell;
use std::ops::Range;
use std::path::{Path, PathBuf};

use toml::de::DeTable;

use crate::domain::message::Message;

/// One file that is being read, and what is wrong with it so far.
#[derive(Debug)]
pub struct Document {
    path: PathBuf,
    text: String,
    problems: RefCell<Vec<Problem>>,
}

impl Document {
    /// Reads the file at `path`.
    ///
    /// # Errors
    /// One problem, when the file cannot be read or is not UTF-8.
    pub fn open(path: &Path) -> Result<Self, Problem> {
        let bytes = std::fs::read(path).map_err(|cause| {
            Problem::of_file(
                path,
                Message::new("file-unreadable")
                    .with("path", path.display().to_string())
                    .with("cause", cause.to_string()),
            )
        })?;
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Self::new(path, text)),
            Err(error) => {
                let end = error.utf8_error().valid_up_to();
                let before = String::from_utf8_lossy(error.as_bytes().get(..end).unwrap_or_default()).into_owned();
                Err(Self::new(path, before).place(end..end).problem(Message::new("file-not-utf8"), None))
            }
        }
    }

    /// `text` as the content of the file at `path`.
    pub fn new(path: &Path, text: String) -> Self {
        Self { path: path.to_owned(), text, problems: RefCell::new(Vec::new()) }
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Reads the whole file by `read`, which returns nothing where it cannot go on. Whatever it says, the result is the
    /// value only if there was no problem at all.
    ///
    /// # Errors
    /// Every problem of the file, in the order of its lines.
    pub fn read<T>(self, read: impl FnOnce(Table<'_>) -> Option<T>) -> Result<T, Problems> {
        let (root, errors) = DeTable::parse_recoverable(&self.text);
        for error in &errors {
            let span = error.span().unwrap_or(0..0);
            let message = match self.text.get(span.clone()) {
                Some(key) if error.message().trim() == "duplicate key" => Message::new("file-twice").with("key", key),
                _ => Message::new("file-not-toml").with("cause", error.message().trim().to_owned()),
            };
            self.problem(span, message);
        }
        // After a broken line the rest is still read, but what seems to be missing may stand in that line: only the
        // syntax is told then.
        let syntax_only = !errors.is_empty();
        let syntax = self.problems.borrow().len();
        let value = read(Table::root(&self, root.get_ref()));
        let mut problems = self.problems.into_inner();
        if syntax_only {
            problems.truncate(syntax);
        }
        problems.sort_by_key(|problem| (problem.line, problem.column));
        match value {
            Some(value) if problems.is_empty() => Ok(value),
            _ => Err(Problems(problems)),
        }
    }

    /// Whether the file says `enabled = false`: it waits for somebody to look it over, and its content counts for nothing.
    pub fn is_off(&self) -> bool {
        let (root, errors) = DeTable::parse_recoverable(&self.text);
        errors.is_empty() && root.get_ref().get("enabled").and_then(|value| value.get_ref().as_bool()) == Some(false)
    }

    /// Notes what is wrong at `span`.
    pub fn problem(&self, span: Range<usize>, message: Message) {
        self.problem_with_hint(span, message, None);
    }

    /// Notes what is wrong at `span`, and what would be right.
    pub fn problem_with_hint(&self, span: Range<usize>, message: Message, hint: Option<Message>) {
        let problem = self.place(span).problem(message, hint);
        self.problems.borrow_mut().push(problem);
    }

    /// Where `span` begins, for who can say only later whether what stands there is right.
    pub fn place(&self, span: Range<usize>) -> Place {
        let before = self.text.get(..span.start).unwrap_or(&self.text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        Place { path: self.path.clone(), line, column }
    }
}

/// The word of `known` that somebody who wrote `word` most likely meant, if any is near enough.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    known
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&word, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= candidate.chars().count().max(word.chars().count()) / 3 + 1)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// `did you mean …?`, where there is a near word.
pub fn did_you_mean<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<Message> {
    nearest(word, known).map(|word| Message::new("file-did-you-mean").with("word", word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_not_utf8_is_told_with_the_place() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), b"a = 1\nb = \"\xff\"\n").unwrap();
        let problem = Document::open(file.path()).unwrap_err();
        assert_eq!((problem.line, problem.column, &*problem.message.key), (2, 6, "file-not-utf8"));
    }

    #[test]
    fn a_key_that_stands_there_twice_is_named() {
        let document = Document::new(Path::new("bot.toml"), "[a]\nuser = 1\nuser = 2\n".to_owned());
        let problems =
            document.read(|table| table.table("a").map(|inner| inner.integer("user").is_some())).unwrap_err();
        let [problem] = problems.0.as_slice() else { panic!("{problems:?}") };
        assert_eq!((problem.line, &problem.message), (3, &Message::new("file-twice").with("key", "user")));
    }
}
