//! A report as a card: the whole run at a glance.

use super::card::Card;
use super::line::{difference, during, mark, reason_in_chat, shared_reason, shared_reasons, tally, threshold, values};
use super::markdown::plain;
use crate::domain::grade::Grade;
use crate::domain::message::{Language, Message};
use crate::domain::report::{Report, ReportedCheck, ReportedSection};
use crate::text::say;

/// The colour of a card's edge. The marks say the same: nobody needs to tell the colours apart.
pub const fn colour(grade: Grade) -> u32 {
    match grade {
        Grade::Fail => 0xD8_3B_3B,
        Grade::Unknown => 0x8A_63_D2,
        Grade::Warn => 0xE0_A0_30,
        Grade::Manual | Grade::Waived => 0x3B_82_C4,
        Grade::Skipped => 0x8B_93_9C,
        Grade::Pass => 0x3B_A5_5D,
    }
}

/// The colour of a run that has not come to its end.
const RUNNING: u32 = 0x5B_64_70;

/// What stands at a check that has not come in.
const WAITING: &str = "▫️";

/// A finished report.
pub fn finished(report: &Report, footer: String, language: Language) -> Card {
    let shared = shared_reasons(report);
    let told = |reason: &Message| shared.iter().any(|(known, _)| *known == reason);
    let room = room(report.sections.len());
    let fields = report.sections.iter().map(|section| field(section, room, language, &told, |_| true)).collect();
    let mut description =
        vec![format!("{}\n<t:{}:f>", tally(&report.tally(), language), report.started_at.timestamp())];
    description.extend(during(report, language).iter().map(|line| plain(line)));
    description.extend(difference(report, language).iter().map(|line| plain(line)));
    let above = shared.iter().map(|shared| format!("↳ {}", plain(&shared_reason(*shared, language))));
    description.extend(above.map(|line| super::card::cut(&line, 300)));
    Card {
        title: heading(report, language),
        description: description.join("\n"),
        colour: colour(report.grade()),
        fields,
        footer,
        ..Card::default()
    }
}

/// A run that goes on: `came_in` tells which checks are there.
pub fn running(report: &Report, came_in: &dyn Fn(&ReportedCheck) -> bool, language: Language) -> Card {
    let total = report.checks().count();
    let done = report.checks().filter(|check| came_in(check)).count();
    let progress = Message::new("run-progress").with("done", done.to_string()).with("total", total.to_string());
    let room = room(report.sections.len());
    let fields = report.sections.iter().map(|section| field(section, room, language, &|_| false, came_in)).collect();
    Card {
        title: heading(report, language),
        description: say(&progress, language),
        colour: RUNNING,
        fields,
        ..Card::default()
    }
}

/// `일일 체크 · Gear Freak 운영 서버`.
pub fn heading(report: &Report, language: Language) -> String {
    let heading = Message::new("report-heading")
        .with("title", report.title.get(language))
        .with("host", report.host_title.get(language));
    say(&heading, language)
}

/// How much a line says; where a section would not fit, every line says less before one is left out.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Detail {
    Title,
    Values,
    Reason,
}

/// What one field may hold: Discord's 1024, or less where many sections share the 6000 of a message.
fn room(sections: usize) -> usize {
    const FIELD: usize = 1024;
    const ALL_FIELDS: usize = 5000;
    FIELD.min(ALL_FIELDS / sections.max(1))
}

fn field(
    section: &ReportedSection,
    room: usize,
    language: Language,
    told: &dyn Fn(&Message) -> bool,
    came_in: impl Fn(&ReportedCheck) -> bool,
) -> (String, String) {
    let lines = |detail: Detail| {
        let line = |check| if came_in(check) { line(check, detail, told, language) } else { waiting(check, language) };
        section.checks.iter().map(line).collect::<Vec<_>>().join("\n")
    };
    let fits = |text: &String| text.chars().count() <= room;
    let texts = [Detail::Reason, Detail::Values].into_iter().map(&lines);
    let text = texts.into_iter().find(fits).unwrap_or_else(|| lines(Detail::Title));
    (section.title.get(language).to_owned(), text)
}

fn waiting(check: &ReportedCheck, language: Language) -> String {
    format!("{WAITING} {}", plain(check.title.get(language)))
}

/// `✅ 디스크 61.2 % · 기준 < 80 %`, and for what is not pass, why.
fn line(check: &ReportedCheck, detail: Detail, told: &dyn Fn(&Message) -> bool, language: Language) -> String {
    let title = plain(check.title.get(language));
    let title = if check.grade.needs_attention() { format!("**{title}**") } else { title };
    let mut line = format!("{} {title}", mark(check.grade));
    if detail == Detail::Title {
        return line;
    }
    let values = values(check, language);
    if !values.is_empty() {
        line.push_str("  ");
        line.push_str(&plain(&values));
    }
    if let Some(threshold) = threshold(check, language) {
        line.push_str(" · ");
        line.push_str(&plain(&threshold));
    }
    // The first reason is the worst; the others are a tap away.
    if let Some(reason) = check.reasons.first().filter(|reason| detail == Detail::Reason && !told(reason)) {
        line.push_str("\n\u{2003}↳ ");
        line.push_str(&reason_in_chat(check, reason, 200, language));
    }
    line
}
