//! A report as Markdown: for a wiki, an issue, an archive.

use chrono_tz::Tz;

use super::line::{difference, during, grade_name, mark, moment, reasons, status, tally, threshold, values};
use super::markdown::visible;
use super::report_card::heading;
use crate::domain::message::{Language, Message};
use crate::domain::quantity::Quantity;
use crate::domain::report::{Report, ReportedCheck};
use crate::text::{say, word};

/// The whole report, with the evidence of every check that is not pass.
pub fn markdown(report: &Report, zone: Tz, language: Language) -> String {
    let mut lines = vec![format!("# {}", heading(report, language)), String::new()];
    let took = Message::new("report-took").with("elapsed", Quantity::duration(report.elapsed()));
    lines.push(format!(
        "{} · {} · {}",
        tally(&report.tally(), language),
        moment(report.started_at, zone),
        say(&took, language)
    ));
    lines.push(String::new());
    let changes = [during(report, language), difference(report, language)].concat();
    if !changes.is_empty() {
        lines.extend(changes.iter().map(|line| format!("- {}", visible(line))));
        lines.push(String::new());
    }
    let head =
        ["report-section", "report-check", "report-grade", "report-value", "report-threshold-head", "report-reason"];
    lines.push(row(head.iter().map(|key| word(key, language))));
    lines.push("|---".repeat(head.len()) + "|");
    for section in &report.sections {
        for check in &section.checks {
            lines.push(row([
                section.title.get(language).to_owned(),
                check.title.get(language).to_owned(),
                format!("{} {}", mark(check.grade), grade_name(check.grade, language)),
                values(check, language),
                check.threshold.clone().unwrap_or_default(),
                reasons(check, language).join("; "),
            ]));
        }
    }
    for check in report.checks().filter(|check| check.grade.needs_attention()) {
        lines.extend(evidence(check, language));
    }
    lines.push(String::new());
    lines.join("\n")
}

/// One row of a table.
pub(super) fn row(cells: impl IntoIterator<Item = String>) -> String {
    let cells: Vec<_> = cells.into_iter().map(|cell| visible(&cell).replace('\n', " ").replace('|', "\\|")).collect();
    format!("| {} |", cells.join(" | "))
}

fn evidence(check: &ReportedCheck, language: Language) -> Vec<String> {
    let mut lines =
        vec![String::new(), format!("## {} {}", mark(check.grade), check.title.get(language)), String::new()];
    lines.extend(threshold(check, language).map(|threshold| format!("- {threshold}")));
    lines.extend(reasons(check, language).into_iter().map(|reason| format!("- {}", visible(&reason))));
    lines.extend(
        check
            .remedies
            .iter()
            .map(|remedy| format!("- {}: {}", word("report-remedies", language), remedy.get(language))),
    );
    let what = &check.evidence;
    if !what.what.is_empty() {
        let ended = what.status.as_ref().map(|ended| status(ended, language)).unwrap_or_default();
        lines.extend([String::new(), fence(&format!("$ {}\n{}", what.what, visible(&what.output))), ended]);
    }
    lines
}

/// A fence longer than any run of backticks inside.
pub(super) fn fence(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}\n{}\n{fence}", text.trim_end())
}
