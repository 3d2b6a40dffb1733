//! What the words of a line say, where it states no level.

use super::Severity;

/// The severity by its words, in a line that states no level.
pub(super) fn worded(line: &str) -> Severity {
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
pub(super) fn is_nothing(value: &str) -> bool {
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

/// Korean words of an error, as their romanisation says: they are looked for here, not said.
const KOREAN: [(&str, Severity); 4] = [
    // chimyeongjeok: fatal
    ("\u{ce58}\u{ba85}\u{c801}", Severity::Critical),
    // oryu, ereo: error
    ("\u{c624}\u{b958}", Severity::Error),
    ("\u{c5d0}\u{b7ec}", Severity::Error),
    // yeoe: exception
    ("\u{c608}\u{c678}", Severity::Error),
];

/// ga, neun, eun, i, do: what may stand between the word and what is said of it.
const PARTICLES: [char; 6] = ['\u{ac00}', '\u{b294}', '\u{c740}', '\u{c774}', '\u{b3c4}', ' '];

/// eop-: there is none.
const NONE: char = '\u{c5c6}';

/// mu: without.
const WITHOUT: char = '\u{bb34}';

/// The severity by Korean words, unless what stands around them says that there is none.
fn korean(line: &str) -> Severity {
    let mut worst = Severity::Other;
    for (word, severity) in KOREAN {
        let meant = line.match_indices(word).any(|(at, word)| {
            let before = line[..at].trim_end();
            let after = line[at + word.len()..].trim_start_matches(PARTICLES);
            let nothing = after.starts_with(NONE) || counts_nothing(after) || value_of(after).is_some_and(is_nothing);
            !nothing && !before.ends_with(['/', '_', '-']) && !before.ends_with(WITHOUT)
        });
        if meant {
            worst = worst.max(severity);
        }
    }
    worst
}
