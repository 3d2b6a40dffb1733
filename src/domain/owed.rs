//! What somebody did alone and nobody else has reviewed, as it stands in the daily check: never well before it was.

use super::approval::KeptRequest;
use super::grade::Grade;
use super::message::{Localised, Message};
use super::report::{ReportedCheck, ReportedEvidence, ReportedSection};

/// The section's name.
pub const SECTION: &str = "reviews";

/// The section with a check for each of `acts`; none where nothing is owed. `title` is what it is called, `remedy` what is
/// to be done.
pub fn section(acts: &[KeptRequest], title: Localised, remedy: &Localised) -> Option<ReportedSection> {
    let checks: Vec<_> = acts.iter().map(|kept| check(kept, remedy)).collect();
    (!checks.is_empty()).then(|| ReportedSection { id: SECTION.to_owned(), title, checks })
}

/// The section where nobody could read what is owed: that is not known to be well.
pub fn unknown(reason: Message, title: Localised) -> ReportedSection {
    let check = ReportedCheck {
        id: SECTION.to_owned(),
        title: title.clone(),
        grade: Grade::Unknown,
        reasons: vec![reason],
        ..empty()
    };
    ReportedSection { id: SECTION.to_owned(), title, checks: vec![check] }
}

fn check(kept: &KeptRequest, remedy: &Localised) -> ReportedCheck {
    let asked = &kept.asked;
    let says = Message::new("review-owed")
        .with("id", kept.id.to_string())
        .with("name", asked.requester_name.as_str())
        .with("reason", asked.reason.as_str());
    let chosen: Vec<_> = asked.arguments.values().map(String::as_str).collect();
    let named = |title: &str| [&[title], chosen.as_slice()].concat().join(" ");
    ReportedCheck {
        id: format!("review-{}", kept.id.0),
        title: Localised { ko: named(&asked.title.ko), en: named(&asked.title.en) },
        grade: Grade::Fail,
        reasons: vec![says],
        remedies: vec![remedy.clone()],
        evidence: ReportedEvidence {
            what: asked.outlook.commands.join("\n"),
            output: kept.outcome.as_ref().map(|outcome| outcome.output.clone()).unwrap_or_default(),
            ..ReportedEvidence::default()
        },
        ..empty()
    }
}

fn empty() -> ReportedCheck {
    ReportedCheck {
        id: String::new(),
        row: None,
        title: Localised::default(),
        grade: Grade::Unknown,
        waived: None,
        reasons: Vec::new(),
        shown: Vec::new(),
        threshold: None,
        remedies: Vec::new(),
        evidence: ReportedEvidence::default(),
        measurements: Vec::new(),
    }
}
