//! The record of a month as a card: how it went in short, and the forms in a file.

use chrono_tz::Tz;

use super::card::{Card, File};
use super::form::{self, heading_of, tally};
use super::markdown::plain;
use super::report_card::colour;
use crate::domain::finding::Finding;
use crate::domain::grade::Grade;
use crate::domain::message::{Language, Localised, Message};
use crate::domain::period::{Every, Period};
use crate::domain::template::{FormState, Forms};
use crate::text::{say, word};

/// The findings that are told one by one.
const FINDINGS: usize = 10;

/// The record of `period`, which says of which checklists it is none.
pub fn card(lists: &[Forms], left_out: &[Localised], period: Period, zone: Tz, language: Language) -> Card {
    let title = say(&Message::new("record-title").with("period", period.message()), language);
    let mut fields = Vec::new();
    for list in lists.iter().filter(|list| !list.forms.is_empty()) {
        let crossed = list.forms.iter().filter(|form| form.items.iter().all(|item| item.done)).count();
        let well =
            Message::new("record-well").with("count", crossed.to_string()).with("of", list.forms.len().to_string());
        fields
            .push((heading_of(list, language), format!("{}\n{}", tally(&list.forms, language), say(&well, language))));
    }
    let findings: Vec<_> = lists.iter().flat_map(|list| &list.findings).collect();
    if !findings.is_empty() {
        let mut lines: Vec<_> = findings.iter().take(FINDINGS).map(|finding| finding_line(finding, language)).collect();
        lines.extend((findings.len() > FINDINGS).then(|| "…".to_owned()));
        fields.push((word("record-findings", language), lines.join("\n")));
    }
    let mut description =
        if fields.is_empty() { word("record-nothing", language) } else { word("record-file", language) };
    let mut text = form::markdown(lists, &title, zone, language);
    if !left_out.is_empty() {
        let titles: Vec<_> = left_out.iter().map(|title| plain(title.get(language))).collect();
        let says = say(&Message::new("record-left-out").with("titles", titles.join(", ")), language);
        description = format!("{description}\n⚠️ {says}");
        text = format!("{text}\n{says}\n");
    }
    let file = (!fields.is_empty())
        .then(|| File { name: format!("report-{}.md", name_of(period)), content: text.into_bytes() });
    Card { title, description, colour: colour(worst(lists)), fields, file, ..Card::default() }
}

/// `2026-11`, as it stands in a file's name.
pub fn name_of(period: Period) -> String {
    let first = period.first();
    match period.every() {
        Every::Day => first.to_string(),
        Every::Week => first.format("%G-W%V").to_string(),
        Every::Month => first.format("%Y-%m").to_string(),
    }
}

fn worst(lists: &[Forms]) -> Grade {
    let states = lists.iter().flat_map(|list| &list.forms).map(|form| form.state);
    let of = |state| match state {
        FormState::Missed => Grade::Fail,
        FormState::Late | FormState::OpenAgain | FormState::Open => Grade::Warn,
        FormState::Signed | FormState::ToCome => Grade::Pass,
    };
    states.map(of).min().unwrap_or(Grade::Skipped)
}

/// `F3 · 높음 · 디스크 · 지민 · 열림`.
fn finding_line(finding: &Finding, language: Language) -> String {
    let line = [
        finding.id.to_string(),
        form::urgency_name(finding.stand.urgency, language),
        finding.filed.source.title.get(language).to_owned(),
        finding.stand.owner.name.clone(),
        form::finding_state(finding, language),
    ];
    format!("• {}", plain(&line.join(" · ")))
}
