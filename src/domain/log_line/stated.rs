//! The level that a line states.

use std::sync::LazyLock;

use regex::Regex;

use super::worded::is_nothing;
use super::{Severity, pattern};

/// The words that name a level, in lower case.
const LEVELS: &[(&[&str], Severity)] = &[
    (&["critical", "crit", "fatal", "panic", "emerg", "emergency", "alert", "shout"], Severity::Critical),
    (&["error", "err", "eror", "severe"], Severity::Error),
    (&["warning", "warn", "notice", "info", "information", "debug", "dbug", "trace", "verbose"], Severity::Other),
    (&["fine", "finer", "finest"], Severity::Other),
];

/// What PostgreSQL and others write as a level, but which is an ordinary word elsewhere: a level only before a colon.
const LEVELS_BEFORE_COLON: &[&str] = &["log", "statement", "detail", "hint", "context", "query", "config", "note"];

/// How many words of a line may stand before its level: date, time, zone, host, thread, logger.
const WORDS_BEFORE_LEVEL: usize = 10;

/// `level=error`, `"level":"error"`, `"severity": 3`: the key, then the value.
pub(super) static KEYED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let keys = r"level|lvl|log[._-]?level|levelname|level_name|severity|severity_?text|priority";
    pattern(&format!(r#"(?i)(?:(?:^|[^\\])"({keys})"\s*:\s*"?|(?:^|[\s,{{(\[])({keys})="?)([a-z]+|\d{{1,2}})\b"#))
});

/// The level that the line states, where it states one.
pub(super) fn stated(line: &str) -> Option<Severity> {
    let keyed = keyed(line);
    if line.trim_start().starts_with('{') {
        return keyed.map(|(_, level)| level);
    }
    let leading = leading(line);
    // The one further to the left: what follows it is the message, which may quote another.
    match (keyed, leading) {
        (Some((at, keyed)), Some((before, leading))) => Some(if at < before { keyed } else { leading }),
        (keyed, leading) => keyed.or(leading).map(|(_, level)| level),
    }
}

fn keyed(line: &str) -> Option<(usize, Severity)> {
    KEYED.as_ref()?.captures_iter(line).find_map(|found| {
        let key = found.get(1).or(found.get(2))?.as_str().to_ascii_lowercase();
        let value = found.get(3)?;
        let level = match value.as_str().parse::<u8>() {
            Ok(number) => numbered(&key, number),
            Err(_) => named(&value.as_str().to_ascii_lowercase()),
        };
        Some((value.start(), level?))
    })
}

/// Levels by number: pino and bunyan count in tens (50 error, 60 fatal), serverpod's `logLevel` from 0 (3 error,
/// 4 fatal), syslog downwards (0-2 critical, 3 error).
fn numbered(key: &str, number: u8) -> Option<Severity> {
    Some(match (key, number) {
        (_, 60..) => Severity::Critical,
        (_, 50..) => Severity::Error,
        (_, 10..) => Severity::Other,
        ("loglevel", 4..) | ("priority" | "severity", 0..=2) => Severity::Critical,
        ("loglevel" | "priority" | "severity", 3) => Severity::Error,
        ("loglevel" | "priority" | "severity", _) => Severity::Other,
        _ => return None,
    })
}

fn named(word: &str) -> Option<Severity> {
    LEVELS.iter().find(|(words, _)| words.contains(&word)).map(|(_, level)| *level)
}

/// The level among the first words of the line, and where it stands: `[ERROR]`, ` ERROR `, `ERROR:`, `E1122 09:00:00`,
/// `<3>`.
fn leading(line: &str) -> Option<(usize, Severity)> {
    if let Some(level) = by_priority(line).or_else(|| by_letter(line)) {
        return Some((0, level));
    }
    let mut prose = false;
    let mut before = "";
    for (at, word) in words(line).take(WORDS_BEFORE_LEVEL) {
        if let Some(level) = level_word(word, prose) {
            let rest = line.get(at + word.len()..).unwrap_or_default().trim_start();
            let denied = matches!(before.to_ascii_lowercase().as_str(), "no" | "zero" | "without")
                || (prose && before == "0")
                || (word.ends_with(':') && is_nothing(rest));
            return Some((at, if denied { Severity::Other } else { level }));
        }
        prose = prose || word.bytes().filter(u8::is_ascii_lowercase).count() >= 2 && !word.starts_with(['[', '(']);
        before = word;
    }
    None
}

/// `<11>`: syslog's priority, eight times the facility plus the severity.
fn by_priority(line: &str) -> Option<Severity> {
    let (number, _) = line.trim_start().strip_prefix('<')?.split_once('>')?;
    let number: u16 = number.parse().ok().filter(|number| *number < 192)?;
    Some(match number % 8 {
        0..=2 => Severity::Critical,
        3 => Severity::Error,
        _ => Severity::Other,
    })
}

/// `E1122 09:00:00.123456`: Google's log header.
fn by_letter(line: &str) -> Option<Severity> {
    let level = match line.chars().next()? {
        'E' => Severity::Error,
        'F' => Severity::Critical,
        'I' | 'W' => Severity::Other,
        _ => return None,
    };
    let (date, rest) = line.get(1..)?.split_once(' ')?;
    let is_header = date.len() == 4
        && date.bytes().all(|byte| byte.is_ascii_digit())
        && rest.trim_start().as_bytes().get(2) == Some(&b':');
    is_header.then_some(level)
}

/// The level that one word names. In upper case or in brackets it may stand anywhere among the first words; in lower
/// case only before a colon, and not in the middle of a sentence.
fn level_word(word: &str, prose: bool) -> Option<Severity> {
    let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
    // `ERROR:root:the message`, `Server thread/ERROR]:`, `production.ERROR:`, `ERROR|the message`.
    let bare = bare.split([':', '|', '=']).next().unwrap_or_default();
    let bare = bare.rsplit(['/', '.']).next().unwrap_or_default();
    if bare.is_empty() || word.contains('=') {
        return None;
    }
    let lower = bare.to_ascii_lowercase();
    let upper = bare.bytes().all(|byte| byte.is_ascii_uppercase());
    let bracketed = word.starts_with(['[', '<', '(']) && word.ends_with([']', '>', ')', ':']);
    let before_colon = word.contains(&format!("{bare}:"));
    if upper && before_colon && LEVELS_BEFORE_COLON.contains(&lower.as_str()) {
        return Some(Severity::Other);
    }
    if bracketed && let Some(level) = by_initial(bare) {
        return Some(level);
    }
    (upper || bracketed || (before_colon && !prose && word.starts_with(bare))).then(|| named(&lower)).flatten()
}

fn by_initial(word: &str) -> Option<Severity> {
    match word {
        "E" => Some(Severity::Error),
        "F" | "C" => Some(Severity::Critical),
        "W" | "I" | "D" | "T" | "V" | "N" => Some(Severity::Other),
        _ => None,
    }
}

fn words(line: &str) -> impl Iterator<Item = (usize, &str)> {
    let start = line.as_ptr() as usize;
    line.split_whitespace().map(move |word| (word.as_ptr() as usize - start, word))
}
