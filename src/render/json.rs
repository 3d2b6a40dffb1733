//! A report as JSON: `signoff check --format json`.

use chrono::SecondsFormat;
use serde_json::{Value as Json, json};

use super::line::reasons;
use crate::domain::difference::{Difference, Kind};
use crate::domain::evidence::{Status, Value};
use crate::domain::message::Language;
use crate::domain::report::{Report, ReportedCheck};
use crate::domain::waiver::Waived;
use crate::text::say;

/// The report, with texts in `language`. Numbers are in the base unit that `unit` names, times in UTC.
pub fn report(report: &Report, language: Language) -> Json {
    let time = |at: chrono::DateTime<chrono::Utc>| at.to_rfc3339_opts(SecondsFormat::Millis, true);
    let checks: Vec<_> = report
        .sections
        .iter()
        .flat_map(|section| section.checks.iter().map(|found| check(&section.id, found, language)))
        .collect();
    json!({
        "command": report.command,
        "host": report.host,
        "started_at": time(report.started_at),
        "finished_at": time(report.finished_at),
        "grade": report.grade(),
        "during": report.during,
        "difference": report.difference.as_ref().map(difference),
        "checks": checks,
    })
}

/// The ids of the checks whose problems are new, worse, better or gone since the run before.
fn difference(difference: &Difference) -> Json {
    let ids = |kind| difference.of(kind).map(|change| change.check.as_str()).collect::<Vec<_>>();
    json!({
        "since": difference.since.to_rfc3339_opts(SecondsFormat::Millis, true),
        "new": ids(Kind::New),
        "worse": ids(Kind::Worse),
        "better": ids(Kind::Better),
        "gone": ids(Kind::Gone),
    })
}

fn check(section: &str, check: &ReportedCheck, language: Language) -> Json {
    let shown = check.shown.first();
    let (value, unit) = match shown.map(|measurement| &measurement.value) {
        Some(Value::Quantity(quantity)) => (json!(quantity.value), json!(quantity.dimension.base_unit())),
        Some(Value::Text(text)) => (json!(text), Json::Null),
        None => (Json::Null, Json::Null),
    };
    let evidence = &check.evidence;
    json!({
        "id": check.id,
        "row": check.row,
        "section": section,
        "title": check.title.get(language),
        "grade": check.grade,
        "waived": check.waived.as_ref().map(waived),
        "value": value,
        "unit": unit,
        "threshold": check.threshold,
        "reason": reasons(check, language).join("; "),
        "evidence": {
            "what": evidence.what,
            "status": evidence.status.as_ref().map(status),
            "output": evidence.output,
            "elapsed_ms": evidence.elapsed.as_millis(),
            "notes": evidence.notes.iter().map(|note| say(note, language)).collect::<Vec<_>>(),
        },
    })
}

/// The waiver that a check runs under, with what it was graded.
fn waived(waived: &Waived) -> Json {
    json!({
        "measured": waived.measured,
        "until": waived.until.to_rfc3339_opts(SecondsFormat::Millis, true),
        "by": waived.by.name,
        "reason": waived.reason.as_str(),
    })
}

fn status(status: &Status) -> Json {
    match status {
        Status::Exit(code) => json!(code),
        Status::Http(code) => json!(code),
        Status::Signal(name) => json!(name),
        Status::Answered => json!("ok"),
    }
}
