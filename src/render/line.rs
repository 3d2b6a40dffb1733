//! The pieces that every face shows alike: a grade's mark, a check's values, its threshold, its reasons.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use unicode_width::UnicodeWidthStr;

use super::markdown::plain;
use crate::domain::difference::Kind;
use crate::domain::evidence::{Measurement, Status, Value};
use crate::domain::grade::Grade;
use crate::domain::message::{Language, Message};
use crate::domain::report::{Meanwhile, Report, ReportedCheck};
use crate::text::{self, say, word};

/// The mark of a grade. Each has a shape of its own: nothing is said by colour alone.
pub const fn mark(grade: Grade) -> &'static str {
    match grade {
        Grade::Fail => "❌",
        Grade::Unknown => "❔",
        Grade::Warn => "⚠️",
        Grade::Manual => "✋",
        Grade::Waived => "⏳",
        Grade::Skipped => "➖",
        Grade::Pass => "✅",
    }
}

/// A grade's name in the reader's language.
pub fn grade_name(grade: Grade, language: Language) -> String {
    let key = match grade {
        Grade::Fail => "grade-fail",
        Grade::Unknown => "grade-unknown",
        Grade::Warn => "grade-warn",
        Grade::Manual => "grade-manual",
        Grade::Waived => "grade-waived",
        Grade::Skipped => "grade-skipped",
        Grade::Pass => "grade-pass",
    };
    word(key, language)
}

/// One measured value: in its own words where it has some, else as it is. A text is shown up to `most` characters.
fn value(measurement: &Measurement, language: Language, most: usize) -> String {
    match (&measurement.value, &measurement.says) {
        (Value::Quantity(_), Some(says)) => cut(&say(says, language), most),
        (Value::Quantity(quantity), None) => match &measurement.subject {
            Some(subject) => format!("{subject} {}", text::quantity(*quantity, language)),
            None => text::quantity(*quantity, language),
        },
        (Value::Text(text), _) if !text.trim().is_empty() => cut(text.trim(), most),
        (Value::Text(_), Some(says)) => say(says, language),
        (Value::Text(_), None) => "—".to_owned(),
    }
}

/// The values beside a check's title: `running · healthy · 3 d 4 h`.
pub fn values(check: &ReportedCheck, language: Language) -> String {
    // What a further value would say in words stands below already, where it is the reason.
    let told = |measurement: &Measurement| {
        matches!(measurement.value, Value::Quantity(_))
            && measurement.says.as_ref().is_some_and(|says| check.reasons.contains(says))
    };
    let shown = check.shown.iter().enumerate().filter(|(index, measurement)| *index == 0 || !told(measurement));
    shown.map(|(_, measurement)| value(measurement, language, 60)).collect::<Vec<_>>().join(" · ")
}

/// The threshold: `< 80 %`.
pub fn threshold(check: &ReportedCheck, language: Language) -> Option<String> {
    let threshold = check.threshold.as_deref()?;
    Some(say(&Message::new("report-threshold").with("threshold", threshold), language))
}

/// Why the check is not pass, worst first.
pub fn reasons(check: &ReportedCheck, language: Language) -> Vec<String> {
    check.reasons.iter().map(|reason| say(reason, language)).collect()
}

/// What the reader should know besides the reasons: nothing that a reason says already, and nothing twice.
pub fn notes(check: &ReportedCheck, language: Language) -> Vec<String> {
    let mut told = reasons(check, language);
    let known = told.len();
    for note in check.evidence.notes.iter().map(|note| say(note, language)) {
        if !told.contains(&note) {
            told.push(note);
        }
    }
    told.split_off(known)
}

/// A reason in a line of Discord, of at most about `most` characters: the end of a waiver stands on each reader's own clock.
pub fn reason_in_chat(check: &ReportedCheck, reason: &Message, most: usize, language: Language) -> String {
    // A sign of nobody's alphabet, that is neither masked nor cut in two.
    const END: &str = "\u{e000}";
    let ends = check.waived.as_ref().filter(|_| reason.args.contains_key("until"));
    let Some(waived) = ends else { return super::card::cut(&plain(&say(reason, language)), most) };
    let told = super::card::cut(&plain(&say(&reason.clone().with("until", END), language)), most);
    told.replace(END, &format!("<t:{}:f>", waived.until.timestamp()))
}

/// How what ran came to its end: `exit status 1`.
pub fn status(status: &Status, language: Language) -> String {
    let message = match status {
        Status::Exit(code) => Message::new("report-exit").with("code", code.to_string()),
        Status::Signal(name) => Message::new("report-signal").with("name", name.as_str()),
        Status::Http(status) => Message::new("report-http").with("status", status.to_string()),
        Status::Answered => Message::new("report-answered"),
    };
    say(&message, language)
}

/// `❌ 이상 1 · ✅ 정상 11`.
pub fn tally(tally: &[(Grade, usize)], language: Language) -> String {
    let one = |(grade, count): &(Grade, usize)| {
        let message =
            Message::new("report-tally").with("grade", grade_name(*grade, language)).with("count", count.to_string());
        format!("{} {}", mark(*grade), say(&message, language))
    };
    tally.iter().map(one).collect::<Vec<_>>().join(" · ")
}

/// The acts that ran on the host meanwhile, a line for each.
pub fn during(report: &Report, language: Language) -> Vec<String> {
    let one = |act: &Meanwhile| {
        let says = Message::new("report-during").with("id", act.request.to_string()).with("title", act.title.clone());
        say(&says, language)
    };
    report.during.iter().map(one).collect()
}

/// What became of the problems of the run before, a line for each kind that occurs: `🔺 새 문제 2: 디스크, 메모리`.
pub fn difference(report: &Report, language: Language) -> Vec<String> {
    let Some(difference) = &report.difference else { return Vec::new() };
    let line = |kind: Kind| {
        let titles: Vec<_> = difference.of(kind).map(|change| change.title.get(language)).collect();
        let key = match kind {
            Kind::New => "difference-new",
            Kind::Worse => "difference-worse",
            Kind::Better => "difference-better",
            Kind::Gone => "difference-gone",
        };
        let message =
            Message::new(key).with("count", titles.len().to_string()).with("titles", cut(&titles.join(", "), 160));
        (!titles.is_empty()).then(|| say(&message, language))
    };
    Kind::ALL.into_iter().filter_map(line).collect()
}

/// The fewest checks that share a reason for it to be told once for all of them.
const SHARED: usize = 3;

/// The reasons that several checks share, each with how many: told once, above them.
pub fn shared_reasons(report: &Report) -> Vec<(&Message, usize)> {
    let mut shared: Vec<(&Message, usize)> = Vec::new();
    for reason in report.checks().filter_map(|check| check.reasons.first()) {
        match shared.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, count)) => *count += 1,
            None => shared.push((reason, 1)),
        }
    }
    shared.retain(|(_, count)| *count >= SHARED);
    shared
}

/// What several of the checks that share `reason` say besides it: told once, below it.
pub fn shared_notes(report: &Report, reason: &Message, language: Language) -> Vec<String> {
    let sharing =
        report.checks().filter(|check| check.grade.needs_attention() && check.reasons.first() == Some(reason));
    let mut counted: Vec<(String, usize)> = Vec::new();
    for note in sharing.flat_map(|check| notes(check, language)) {
        match counted.iter_mut().find(|(known, _)| *known == note) {
            Some((_, count)) => *count += 1,
            None => counted.push((note, 1)),
        }
    }
    counted.into_iter().filter(|(_, count)| *count > 1).map(|(note, _)| note).collect()
}

/// A shared reason as it stands above the checks: `호스트에 연결할 수 없습니다 (9개 항목)`.
pub fn shared_reason((reason, count): (&Message, usize), language: Language) -> String {
    let message = Message::new("reason-shared").with("reason", reason.clone()).with("count", count.to_string());
    say(&message, language)
}

/// How many columns of a terminal `text` takes: Hangul, Chinese signs and pictures take two, a sign that joins none.
pub fn columns(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

/// When something was, in the zone of the deployment: `2026-11-23 09:00 KST`.
pub fn moment(at: DateTime<Utc>, zone: Tz) -> String {
    at.with_timezone(&zone).format("%Y-%m-%d %H:%M %Z").to_string()
}

/// The first `most` characters of the first line, with `…` where there is more.
pub fn cut(text: &str, most: usize) -> String {
    let line = text.lines().next().unwrap_or_default();
    if line.chars().count() <= most && line.len() == text.len() {
        return line.to_owned();
    }
    let mut kept: String = line.chars().take(most.saturating_sub(1)).collect();
    kept.push('…');
    kept
}
