//! Reports for the tests of the rules.

use chrono::DateTime;

use super::grade::Grade;
use super::message::Localised;
use super::report::{Report, ReportedCheck, ReportedEvidence, ReportedSection};

/// A daily report of `here` with these checks.
pub(crate) fn report(grades: &[(&str, Grade)]) -> Report {
    let check = |(id, grade): &(&str, Grade)| ReportedCheck {
        id: (*id).to_owned(),
        row: None,
        title: Localised { ko: (*id).to_owned(), en: (*id).to_owned() },
        grade: *grade,
        waived: None,
        reasons: Vec::new(),
        shown: Vec::new(),
        threshold: None,
        remedies: Vec::new(),
        evidence: ReportedEvidence::default(),
        measurements: Vec::new(),
    };
    let checks = grades.iter().map(check).collect();
    Report {
        command: "daily".to_owned(),
        title: Localised::default(),
        host: "here".to_owned(),
        host_title: Localised::default(),
        started_at: DateTime::UNIX_EPOCH,
        finished_at: DateTime::UNIX_EPOCH,
        sections: vec![ReportedSection { id: "s".to_owned(), title: Localised::default(), checks }],
        during: Vec::new(),
        difference: None,
    }
}
