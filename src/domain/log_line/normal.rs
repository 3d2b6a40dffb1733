//! What stays of a line when all that changes from one time to the next is left out.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::{pattern, plain};

/// The most characters of a normalised line.
pub(super) const PATTERN_LENGTH: usize = 200;

/// Everything in a line that changes from one time to the next, in the order in which it is looked for.
pub(super) static CHANGING: LazyLock<Option<Regex>> = LazyLock::new(|| {
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
pub(super) static LOGFMT: LazyLock<Option<Regex>> =
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
