//! What lies behind a grade: what ran, how it ended, what it printed, and what to do.

use chrono_tz::Tz;

use super::card::{Card, File};
use super::line::{grade_name, mark, notes, reason_in_chat, status, threshold, values};
use super::markdown::{code_block, plain, visible};
use super::report_card::{colour, heading};
use crate::domain::message::{Language, Message};
use crate::domain::quantity::Quantity;
use crate::domain::report::{Report, ReportedCheck};
use crate::text::{say, word};

/// What one field of an embed holds, in characters.
const FIELD: usize = 1000;
/// The most output that is shown in the card itself; more goes to a file.
const SHOWN_OUTPUT: usize = 900;

/// Why the check is not pass, a line for each reason.
fn reasons(check: &ReportedCheck, language: Language) -> String {
    let reasons = check.reasons.iter().map(|reason| reason_in_chat(check, reason, FIELD, language));
    reasons.collect::<Vec<_>>().join("\n")
}

/// One check with its evidence.
pub fn of_check(check: &ReportedCheck, language: Language) -> Card {
    let evidence = &check.evidence;
    let mut fields = Vec::new();
    let why = reasons(check, language);
    fields.push((word("report-reason", language), why));
    fields.push((word("report-ran", language), ran(check, language)));
    let output = visible(evidence.output.trim());
    let long = output.chars().count() > SHOWN_OUTPUT;
    if !output.is_empty() {
        fields.push((word("report-output", language), code_block(&output, FIELD)));
    }
    let notes = notes(check, language).iter().map(|note| plain(note)).collect::<Vec<_>>().join("\n");
    fields.push((word("report-notes", language), notes));
    if check.grade.wants_remedy() {
        let remedies = check.remedies.iter().map(|remedy| format!("• {}", plain(remedy.get(language))));
        fields.push((word("report-remedies", language), remedies.collect::<Vec<_>>().join("\n")));
    }
    Card {
        title: format!("{} {} · {}", mark(check.grade), check.title.get(language), grade_name(check.grade, language)),
        description: plain(&[values(check, language), threshold(check, language).unwrap_or_default()].join("  ")),
        colour: colour(check.grade),
        fields,
        file: long.then(|| File { name: format!("{}.txt", check.id), content: output.into_bytes() }),
        ..Card::default()
    }
}

/// Every check of a report that a person must look at, in short; the whole in a file.
pub fn of_report(report: &Report, zone: Tz, language: Language) -> Card {
    let mut fields = Vec::new();
    for check in report.checks().filter(|check| check.grade.needs_attention()) {
        let why = reasons(check, language);
        let mut value = super::card::cut(&why, 500);
        let output = visible(check.evidence.output.trim());
        if !output.is_empty() {
            value.push('\n');
            value.push_str(&code_block(&output, 400));
        }
        fields.push((format!("{} {}", mark(check.grade), check.title.get(language)), value));
    }
    let description =
        if fields.is_empty() { word("details-all-well", language) } else { word("details-choose", language) };
    let file = File {
        name: format!("{}-{}.md", report.command, report.started_at.with_timezone(&zone).format("%Y-%m-%d-%H%M%S")),
        content: super::table::markdown(report, zone, language).into_bytes(),
    };
    Card {
        title: heading(report, language),
        description,
        colour: colour(report.grade()),
        fields,
        file: Some(file),
        ..Card::default()
    }
}

/// What ran, how it ended, how long it took.
fn ran(check: &ReportedCheck, language: Language) -> String {
    let evidence = &check.evidence;
    let took = Message::new("report-took").with("elapsed", Quantity::duration(evidence.elapsed));
    let mut ended = evidence.status.iter().map(|ended| status(ended, language)).collect::<Vec<_>>();
    ended.push(say(&took, language));
    let ended = plain(&ended.join(" · "));
    if evidence.what.is_empty() {
        ended
    } else {
        format!("{}{ended}", code_block(&super::card::cut(&evidence.what, 700), 800))
    }
}
