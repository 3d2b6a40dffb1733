//! A report in a terminal.

use chrono_tz::Tz;

use super::line::{
    columns, difference, during, grade_name, mark, moment, shared_reason, shared_reasons, tally, threshold, values,
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
    let shared = shared_reasons(report);
    lines.extend(shared.iter().map(|shared| format!(" ↳ {}", visible(&shared_reason(*shared, language)))));
    let told = |reason: &Message| shared.iter().any(|(known, _)| *known == reason);
    for section in &report.sections {
        lines.extend([String::new(), format!(" {}", section.title.get(language))]);
        for check in &section.checks {
            lines.extend(check_lines(check, width, &told, language, colours));
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

fn check_lines(
    check: &ReportedCheck,
    width: usize,
    told: &dyn Fn(&Message) -> bool,
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
    for reason in check.reasons.iter().filter(|reason| !told(reason)) {
        below(&format!("↳ {}", visible(&say(reason, language)).replace('\n', " ")));
    }
    if check.grade.needs_attention() {
        for line in check.evidence.output.lines().rev().take(OUTPUT_LINES).collect::<Vec<_>>().into_iter().rev() {
            below(&faint(&format!("│ {}", super::card::cut(&visible(line), 160)), colours));
        }
        for note in &check.evidence.notes {
            below(&format!("💡 {}", visible(&say(note, language))));
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
