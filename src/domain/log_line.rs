//! One line of a log: how bad it is, and what stays of it when all that changes from one time to the next is left out.
//!
//! A level counts where the line has one; words such as `error` count only where it has none, and never in `0 errors`,
//! `error=null` or `/var/log/error.log`.

use std::sync::LazyLock;

use regex::Regex;

mod normal;
mod plain;
mod stated;
mod worded;

pub use normal::normalise;
pub use plain::plain;
use stated::stated;
use worded::worded;

/// How bad a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing to look at: a warning or below, or no word of an error.
    Other,
    /// `ERROR`, `SEVERE`, or a word of an error.
    Error,
    /// `CRITICAL`, `FATAL`, `PANIC`, `EMERG`, `ALERT`.
    Critical,
}

/// A constant pattern; `every_pattern_is_one` shows that none of them is empty.
fn pattern(text: &str) -> Option<Regex> {
    Regex::new(text).ok()
}

/// A line that has none of this is not bad, and need not be read any closer: most lines of most logs.
static SUSPECT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(
        r#"(?i)err|crit|fatal|panic|emerg|exception|traceback|severe|shout|alert|lvl|eror|level|severity|priority|^\s*<\d|^[ef]\d{4} |\x{c624}\x{b958}|\x{c5d0}\x{b7ec}|\x{c608}\x{c678}|\x{ce58}\x{ba85}"#,
    )
});

/// The time that a line begins with, and the container's name that `docker-compose logs` puts before it.
static HEAD: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(
        r"^(?:[\w.-]+\s+\|\s)?\s*\[?(?:\d{4}[-/]\d{2}[-/]\d{2}[T ]\d{2}:\d{2}:\d{2}(?:[.,]\d+)?\s?(?:Z|UTC|KST|[+-]\d{2}:?\d{2})?)?\]?\s*",
    )
});

/// How bad `line` is.
pub fn severity(line: &str) -> Severity {
    if !SUSPECT.as_ref().is_none_or(|suspect| suspect.is_match(line)) {
        return Severity::Other;
    }
    let line = plain(line);
    let line = line.trim_end();
    match stated(line) {
        Some(level) => level,
        None if is_continuation(line) => Severity::Other,
        None => worded(line),
    }
}

/// A line that goes on with what the line before began: a frame of a stack trace, an indented detail.
fn is_continuation(line: &str) -> bool {
    let body = HEAD.as_ref().and_then(|head| head.find(line)).map_or(line, |head| &line[head.end()..]);
    let frame = |text: &str| text.strip_prefix('#').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    line.starts_with([' ', '\t'])
        || frame(body)
        || body.starts_with("stackTrace=")
        || body.contains(" STACK TRACE ")
        || body.starts_with("at ")
        || body.starts_with("Caused by:")
}

#[cfg(test)]
mod tests;
