//! One line of a log: how bad it is, and what stays of it when all that changes from one time to the next is left out.
//!
//! A level counts where the line has one; words such as `error` count only where it has none, and never in `0 errors`,
//! `error=null` or `/var/log/error.log`.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::{Captures, Regex};

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

/// The most characters of a normalised line.
const PATTERN_LENGTH: usize = 200;

/// A constant pattern; `every_pattern_is_one` shows that none of them is empty.
fn pattern(text: &str) -> Option<Regex> {
    Regex::new(text).ok()
}

/// A line that has none of this is not bad, and need not be read any closer: most lines of most logs.
static SUSPECT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(
        r#"(?i)err|crit|fatal|panic|emerg|exception|traceback|severe|shout|alert|lvl|eror|level|severity|priority|^\s*<\d|^[ef]\d{4} |오류|에러|예외|치명"#,
    )
});

/// `level=error`, `"level":"error"`, `"severity": 3`: the key, then the value.
static KEYED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let keys = r"level|lvl|log[._-]?level|levelname|level_name|severity|severity_?text|priority";
    pattern(&format!(r#"(?i)(?:(?:^|[^\\])"({keys})"\s*:\s*"?|(?:^|[\s,{{(\[])({keys})="?)([a-z]+|\d{{1,2}})\b"#))
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

/// The level that the line states, where it states one.
fn stated(line: &str) -> Option<Severity> {
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

/// The severity by its words, in a line that states no level.
fn worded(line: &str) -> Severity {
    let mut worst = korean(line);
    let mut before = ["", ""];
    for (at, word) in identifiers(line) {
        let lower = word.to_ascii_lowercase();
        let severity = match lower.as_str() {
            "critical" | "fatal" | "panic" | "emergency" => Severity::Critical,
            "error" | "errors" | "exception" | "exceptions" | "traceback" | "err" | "last_error" => Severity::Error,
            _ if is_error_type(word) => Severity::Error,
            _ => Severity::Other,
        };
        if severity > worst && is_meant(line, at, word, &lower, before) {
            worst = severity;
        }
        before = [before[1], word];
    }
    worst
}

/// `SocketException`, `TypeError`, `_CastError`: a type's name, where `onError` is a handler's.
fn is_error_type(word: &str) -> bool {
    let name = word.trim_start_matches('_');
    name.starts_with(|c: char| c.is_ascii_uppercase())
        && (name.ends_with("Error") || name.ends_with("Exception"))
        && !matches!(name, "NoError" | "OnError" | "IsError" | "HasError")
}

/// Runs of letters, digits and underscores, with where each begins.
fn identifiers(line: &str) -> impl Iterator<Item = (usize, &str)> {
    let start = line.as_ptr() as usize;
    line.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .filter(|word| !word.is_empty())
        .map(move |word| (word.as_ptr() as usize - start, word))
}

/// Whether the word at `at` says that there was an error, and not that there was none or what something is called.
fn is_meant(line: &str, at: usize, word: &str, lower: &str, before: [&str; 2]) -> bool {
    let previous = line[..at].chars().next_back();
    let after = &line[at + word.len()..];
    if previous.is_some_and(|c| matches!(c, '/' | '.' | '-' | '@' | '$' | '\\' | '?' | '&') || c.is_alphanumeric()) {
        return false;
    }
    let mut following = after.chars();
    match (following.next(), following.next()) {
        (Some('/' | '-' | '_' | '\\'), _) => return false,
        (Some('.'), Some(next)) if !next.is_whitespace() && next != '.' => return false,
        _ => {}
    }
    let keyed = value_of(after);
    if lower == "err" && keyed.is_none() {
        return false;
    }
    if keyed.is_some_and(is_nothing) || counts_nothing(after) {
        return false;
    }
    // `errors: 0 in 3 files` counts; `error: 0 bytes read` does not.
    let first = keyed.and_then(|value| value.split_whitespace().next()).unwrap_or_default();
    if lower.ends_with('s') && is_zero(first) {
        return false;
    }
    if lower == "critical" && ["path", "section", "css"].iter().any(|thing| after.trim_start().starts_with(thing)) {
        return false;
    }
    let denies = |word: &str| {
        matches!(word.to_ascii_lowercase().as_str(), "no" | "not" | "non" | "0" | "zero" | "without" | "never")
    };
    !before.into_iter().any(denies)
}

/// What follows `=` or `:` after a key, quoted or not.
fn value_of(after: &str) -> Option<&str> {
    let after = after.strip_prefix(['"', '\'']).unwrap_or(after).trim_start();
    after.strip_prefix(['=', ':']).map(str::trim_start)
}

/// `errors 0`, `error count: 0`, `error rate = 0.0 %`.
fn counts_nothing(after: &str) -> bool {
    let after = after.trim_start();
    if after.split(|c: char| !c.is_ascii_digit()).next() == Some("0") && !after.starts_with("0x") {
        return true;
    }
    ["count", "rate", "total", "s"]
        .iter()
        .filter_map(|word| after.strip_prefix(word))
        .any(|rest| value_of(rest).is_some_and(is_nothing))
}

/// `0`, `null`, `""`, `none`, `[]`: a value that says that there is none, and not the beginning of a sentence
/// (`none of the nodes answered`).
fn is_nothing(value: &str) -> bool {
    let value = value.trim_start();
    if ["\"\"", "''", "[]", "{}", "\\\"\\\""].iter().any(|empty| value.starts_with(empty)) {
        return true;
    }
    let value = value.trim_start_matches(['"', '\'']);
    let end = value.find(|c: char| !(c.is_ascii_alphanumeric() || c == '.')).unwrap_or(value.len());
    let word = value[..end].trim_end_matches('.').to_ascii_lowercase();
    let rest = value[end..].trim_start_matches(['"', '\'', '%', ' ']);
    let next = rest.split_whitespace().next().unwrap_or_default();
    let ended = rest.is_empty() || rest.starts_with([',', ';', '|', ')', ']', '}']);
    // Or the next key follows.
    let ended = ended || next.starts_with(char::is_alphanumeric) && (next.contains('=') || next.ends_with(':'));
    ended && (matches!(word.as_str(), "null" | "none" | "nil" | "false" | "undefined") || is_zero(&word))
}

fn is_zero(word: &str) -> bool {
    word.parse::<f64>().is_ok_and(|number| number == 0.0)
}

/// Korean words of an error, unless what follows says that there is none.
fn korean(line: &str) -> Severity {
    let mut worst = Severity::Other;
    for (word, severity) in [
        ("치명적", Severity::Critical),
        ("오류", Severity::Error),
        ("에러", Severity::Error),
        ("예외", Severity::Error),
    ] {
        let meant = line.match_indices(word).any(|(at, word)| {
            let before = line[..at].trim_end();
            let after = line[at + word.len()..].trim_start_matches(['가', '는', '은', '이', '도', ' ']);
            let nothing = after.starts_with("없") || counts_nothing(after) || value_of(after).is_some_and(is_nothing);
            !nothing && !before.ends_with(['/', '_', '-']) && !before.ends_with("무")
        });
        if meant {
            worst = worst.max(severity);
        }
    }
    worst
}

/// `text` without the escape sequences of terminals, without control characters (but tabs and line ends) and without the
/// characters that turn the direction of writing.
pub fn plain(text: &str) -> Cow<'_, str> {
    let hidden = |c: char| {
        (c.is_control() && c != '\t' && c != '\n') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    if !text.contains(hidden) {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\u{1b}' => match rest.peek() {
                Some('[') => {
                    rest.next();
                    skip_control_sequence(&mut rest);
                }
                Some(']' | 'P' | 'X' | '^' | '_') => skip_string(&mut rest),
                // Two or three characters: `ESC c`, `ESC ( B`.
                Some(' '..='/') => {
                    rest.next();
                    rest.next();
                }
                Some('0'..='~') => {
                    rest.next();
                }
                _ => {}
            },
            '\u{9b}' => skip_control_sequence(&mut rest),
            c if hidden(c) => {}
            c => plain.push(c),
        }
    }
    Cow::Owned(plain)
}

/// After `ESC [`: parameters, then one final character.
fn skip_control_sequence(rest: &mut std::iter::Peekable<std::str::Chars<'_>>) {
    while rest.next_if(|c| matches!(c, ' '..='?')).is_some() {}
    rest.next_if(|c| matches!(c, '@'..='~'));
}

/// After `ESC ]` and the like: all up to BEL or `ESC \`, or up to the end of the line where it never ends.
fn skip_string(rest: &mut std::iter::Peekable<std::str::Chars<'_>>) {
    while let Some(c) = rest.next_if(|c| *c != '\n') {
        if c == '\u{7}' || (c == '\u{1b}' && rest.next_if_eq(&'\\').is_some()) {
            return;
        }
    }
}

/// Everything in a line that changes from one time to the next, in the order in which it is looked for.
static CHANGING: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let parts = [
        r"(?P<id>\b[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b|\b0[xX][0-9a-fA-F]+\b)",
        r"(?P<time>\b\d{4}[-/]\d{2}[-/]\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?(?:[.,]\d+)?)?(?:\s?(?:Z|UTC|KST|[+-]\d{2}:?\d{2})\b)?|\b\d{1,2}:\d{2}:\d{2}(?:[.,]\d+)?\b|\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) +\d{1,2}\b)",
        r"(?P<ip>\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b|\b(?:[0-9a-fA-F]{1,4}:){3,7}[0-9a-fA-F]{1,4}\b|(?:\b[0-9a-fA-F]{1,4}:+){1,6}:[0-9a-fA-F]{1,4}\b)",
        r"(?P<mail>\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b)",
        r#"(?P<quoted>"(?:[^"\\]|\\.)*"|`[^`]*`)"#,
        r"(?P<single>[\s(=:,\[{]'[^']*')",
        r"(?P<hex>\b[0-9a-fA-F]{8,}\b)",
        r"(?P<token>\b[A-Za-z0-9_-]{24,}\b)",
        r"(?P<number>\d+(?:[.,]\d+)*)",
    ];
    pattern(&parts.join("|"))
});

/// The message of a logfmt line: `msg="…"`, and `err="…"` besides.
static LOGFMT: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r#"(?:^|\s)(?:msg|message|err|error)="((?:[^"\\]|\\.)*)""#));

/// What stays of `line` when times, numbers, ids, addresses and quoted texts are left out: two lines of one fault give
/// the same. At most 200 characters, without any digit.
pub fn normalise(line: &str) -> String {
    let line = plain(line);
    let message = message(&line);
    let changed = CHANGING.as_ref().map_or(Cow::Borrowed(message.as_ref()), |changing| {
        changing.replace_all(&message, |found: &Captures<'_>| stand_in(found))
    });
    let mut normal = String::with_capacity(changed.len().min(4 * PATTERN_LENGTH));
    for word in changed.split_whitespace() {
        if normal.is_empty() && matches!(word.trim_matches(|c: char| "[](),:|-".contains(c)), "<time>" | "") {
            continue;
        }
        if !normal.is_empty() {
            normal.push(' ');
        }
        normal.push_str(word);
        if normal.chars().count() >= PATTERN_LENGTH {
            break;
        }
    }
    normal.chars().take(PATTERN_LENGTH).collect::<String>().trim_end().to_owned()
}

fn stand_in(found: &Captures<'_>) -> String {
    let text = &found[0];
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let is = |name: &str| found.name(name).is_some();
    let by_kind = [("id", "<id>"), ("time", "<time>"), ("ip", "<ip>"), ("mail", "<mail>"), ("number", "<n>")];
    if let Some((_, placeholder)) = by_kind.iter().find(|(name, _)| is(name)) {
        return (*placeholder).to_owned();
    }
    if is("quoted") {
        return "\"…\"".to_owned();
    }
    if is("single") {
        return text.chars().take(1).chain("'…'".chars()).collect();
    }
    // Long words are ids only where they have digits among their letters.
    if digits < text.len() && ((is("hex") && digits > 0) || (is("token") && digits > 2)) {
        return "<id>".to_owned();
    }
    without_digits(text)
}

fn without_digits(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    for c in text.chars() {
        if !c.is_ascii_digit() {
            kept.push(c);
        } else if !kept.ends_with("<n>") {
            kept.push_str("<n>");
        }
    }
    kept
}

/// What a structured line says; another line is its own message.
fn message(line: &str) -> Cow<'_, str> {
    if line.trim_start().starts_with('{')
        && let Ok(serde_json::Value::Object(fields)) = serde_json::from_str(line.trim())
    {
        let texts: Vec<&str> = ["msg", "message", "event", "error", "err", "exception"]
            .iter()
            .filter_map(|key| text_of(fields.get(*key)?))
            .collect();
        if !texts.is_empty() {
            return Cow::Owned(texts.join(": "));
        }
    }
    let texts: Vec<&str> = LOGFMT
        .iter()
        .flat_map(|logfmt| logfmt.captures_iter(line))
        .filter_map(|found| found.get(1))
        .map(|text| text.as_str())
        .collect();
    if texts.is_empty() { Cow::Borrowed(line) } else { Cow::Owned(texts.join(": ")) }
}

/// A text, or the message of an error that is an object.
fn text_of(value: &serde_json::Value) -> Option<&str> {
    value.as_str().or_else(|| value.get("message")?.as_str()).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests;
