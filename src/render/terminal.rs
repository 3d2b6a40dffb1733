//! A report in a terminal.

use chrono_tz::Tz;

use super::line::{
    columns, difference, during, grade_name, mark, moment, notes, shared_notes, shared_reason, shared_reasons, tally,
    threshold, values,
};
use super::markdown::visible;
use super::report_card::heading;
use crate::domain::grade::Grade;
use crate::domain::message::{Language, Message};
use crate::domain::quantity::Quantity;
use crate::domain::report::{Report, ReportedCheck};
use crate::text::say;

/// The widest title that others are set to.
const WIDEST_TITLE: usize = 28;

/// How many lines of output stand below a check: of a log the last ones matter.
const OUTPUT_LINES: usize = 10;

/// The report as lines; with colours where `colours`.
pub fn report(report: &Report, zone: Tz, language: Language, colours: bool) -> String {
    let width = report.checks().map(|check| columns(check.title.get(language))).max().unwrap_or(0).min(WIDEST_TITLE);
    let mut lines = vec![String::new(), format!(" {}", bold(&heading(report, language), colours))];
    lines.extend(during(report, language).iter().map(|line| format!(" {}", visible(line))));
    lines.extend(difference(report, language).iter().map(|line| format!(" {}", visible(line))));
    let shared: Vec<Shared<'_>> = shared_reasons(report)
        .into_iter()
        .map(|(reason, count)| Shared { reason, count, notes: shared_notes(report, reason, language) })
        .collect();
    for one in &shared {
        lines.push(format!(" ↳ {}", visible(&shared_reason((one.reason, one.count), language))));
        lines.extend(one.notes.iter().map(|note| format!("   💡 {}", visible(note))));
    }
    for section in &report.sections {
        lines.extend([String::new(), format!(" {}", section.title.get(language))]);
        for check in &section.checks {
            lines.extend(check_lines(check, width, &shared, language, colours));
        }
    }
    let took = Message::new("report-took").with("elapsed", Quantity::duration(report.elapsed()));
    let summary = tally(&report.tally(), language);
    let when = format!("{} · {}", moment(report.started_at, zone), say(&took, language));
    lines.extend([
        String::new(),
        format!(" {}  {}", painted(&summary, report.grade(), colours), faint(&when, colours)),
        String::new(),
    ]);
    lines.join("\n")
}

/// A reason of several checks, with how many they are and what they say besides it: told once, above them.
struct Shared<'a> {
    reason: &'a Message,
    count: usize,
    notes: Vec<String>,
}

fn check_lines(
    check: &ReportedCheck,
    width: usize,
    shared: &[Shared<'_>],
    language: Language,
    colours: bool,
) -> Vec<String> {
    let title = check.title.get(language);
    let title = format!("{title}{}", " ".repeat(width.saturating_sub(columns(title))));
    let grade = painted(&grade_name(check.grade, language), check.grade, colours && check.grade.needs_attention());
    let mut line = format!("   {} {title}  {}", mark(check.grade), visible(&values(check, language)));
    if let Some(threshold) = threshold(check, language) {
        line.push_str(&faint(&format!("  {threshold}"), colours));
    }
    if check.grade == Grade::Pass {
        return vec![line];
    }
    let mut lines = vec![format!("{line}  {grade}")];
    let mut below = |text: &str| lines.push(format!("        {text}"));
    let told = |reason: &Message| shared.iter().any(|one| one.reason == reason);
    for reason in check.reasons.iter().filter(|reason| !told(reason)) {
        below(&format!("↳ {}", visible(&say(reason, language)).replace('\n', " ")));
    }
    if check.grade.needs_attention() {
        for line in check.evidence.output.lines().rev().take(OUTPUT_LINES).collect::<Vec<_>>().into_iter().rev() {
            below(&faint(&format!("│ {}", super::card::cut(&visible(line), 160)), colours));
        }
        let above = shared.iter().find(|one| check.reasons.first() == Some(one.reason));
        let told = |note: &String| above.is_some_and(|one| one.notes.contains(note));
        for note in notes(check, language).iter().filter(|note| !told(note)) {
            below(&format!("💡 {}", visible(note)));
        }
        for remedy in check.remedies.iter().filter(|_| check.grade.wants_remedy()) {
            below(&format!("• {}", remedy.get(language)));
        }
    }
    lines
}

fn painted(text: &str, grade: Grade, colours: bool) -> String {
    let code = match grade {
        Grade::Fail => "31",
        Grade::Unknown => "35",
        Grade::Warn => "33",
        Grade::Manual | Grade::Waived => "34",
        Grade::Skipped => "90",
        Grade::Pass => "32",
    };
    if colours { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
}

fn bold(text: &str, colours: bool) -> String {
    if colours { format!("\u{1b}[1m{text}\u{1b}[0m") } else { text.to_owned() }
}

fn faint(text: &str, colours: bool) -> String {
    if colours { format!("\u{1b}[2m{text}\u{1b}[0m") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::message::Localised;
    use crate::domain::report::{ReportedEvidence, ReportedSection};

    fn both(text: &str) -> Localised {
        Localised { ko: text.to_owned(), en: text.to_owned() }
    }

    fn check(id: &str, reasons: &[Message], notes: &[Message]) -> ReportedCheck {
        ReportedCheck {
            id: id.to_owned(),
            row: None,
            title: both(id),
            grade: Grade::Unknown,
            waived: None,
            reasons: reasons.to_vec(),
            shown: Vec::new(),
            threshold: None,
            remedies: Vec::new(),
            evidence: ReportedEvidence { notes: notes.to_vec(), ..ReportedEvidence::default() },
            measurements: Vec::new(),
        }
    }

    fn shown(checks: Vec<ReportedCheck>) -> String {
        let found = Report {
            command: "daily".to_owned(),
            title: both("Daily"),
            host: "here".to_owned(),
            host_title: both("Here"),
            started_at: chrono::DateTime::UNIX_EPOCH,
            finished_at: chrono::DateTime::UNIX_EPOCH,
            sections: vec![ReportedSection { id: "s".to_owned(), title: both("All"), checks }],
            during: Vec::new(),
            difference: None,
        };
        report(&found, Tz::UTC, Language::En, false)
    }

    #[test]
    fn a_hint_that_says_what_the_reason_says_is_left_out() {
        let (reason, other) = (Message::new("reason-crashed"), Message::new("reason-not-finished"));
        let text = shown(vec![check("a", std::slice::from_ref(&reason), &[reason.clone(), other.clone(), other])]);
        assert_eq!(text.matches("the bot itself failed").count(), 1, "{text}");
        assert_eq!(text.matches("💡 the check did not finish").count(), 1, "{text}");
    }

    #[test]
    fn a_hint_of_a_shared_reason_is_told_once_below_it() {
        let (reason, hint) = ([Message::new("reason-crashed")], Message::new("reason-not-finished"));
        let own = Message::new("reason-nothing-measured");
        let checks = vec![
            check("a", &reason, std::slice::from_ref(&hint)),
            check("b", &reason, &[hint.clone(), own]),
            check("c", &reason, std::slice::from_ref(&hint)),
            check("d", &[Message::new("reason-nothing-measured")], std::slice::from_ref(&hint)),
        ];
        let text = shown(checks);
        let (above, below) = text.split_once("All\n").unwrap();
        assert!(above.contains("(3 ") && above.contains("\n   💡 the check did not finish\n"), "{text}");
        assert_eq!(below.matches("💡 the check did not finish").count(), 1, "what does not share the reason: {text}");
        assert_eq!(below.matches("💡 nothing was measured").count(), 1, "what one check says alone: {text}");
    }
}
