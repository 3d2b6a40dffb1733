//! Findings as cards: one that is written, one as it stands, all of them, and the lines below a report.

use chrono::NaiveDate;

use super::card::{Card, cut};
use super::line::mark;
use super::markdown::plain;
use super::report_card::colour;
use super::sign_card::plain_lines;
use crate::domain::finding::{Change, Finding, Stand, Step, Urgency};
use crate::domain::grade::Grade;
use crate::domain::message::{Language, Localised, Message};
use crate::domain::signoff::draft::FindingForm;
use crate::text::{say, word};

/// The most findings in a list: a select holds as many.
pub const MOST: usize = 25;
/// The most findings below a report.
const BESIDE: usize = 5;
/// The latest steps that are shown.
const STEPS: usize = 8;
/// The most characters of a finding in one line.
const IN_LINE: usize = 90;

/// One that is being written.
pub fn form(form: &FindingForm, title: &Localised, grade: Grade, note: Option<&Message>, language: Language) -> Card {
    let FindingForm { message, urgency, owner, due } = form;
    let stand = Stand { urgency: *urgency, owner: owner.clone(), due: *due, closed: None };
    let mut lines: Vec<String> = note.iter().map(|note| format!("**{}**", say(note, language))).collect();
    lines.push(stand_line(&stand, None, language));
    Card {
        title: format!("{} {} · {}", mark(grade), word("finding-new", language), title.get(language)),
        description: lines.join("\n"),
        colour: colour(grade),
        fields: vec![(word("finding-message", language), plain_lines(message.as_str()))],
        ..Card::default()
    }
}

/// One as it stands, with what happened to it.
pub fn one(finding: &Finding, today: NaiveDate, note: Option<&Message>, language: Language) -> Card {
    let mut lines: Vec<String> = note.iter().map(|note| format!("**{}**", say(note, language))).collect();
    lines.push(stand_line(&finding.stand, Some(today), language));
    let filed = Message::new("finding-filed-by")
        .with("person", plain(&finding.filed.by.name))
        .with("at", format!("<t:{}:f>", finding.filed.at.timestamp()))
        .with("run", finding.filed.source.run.to_string());
    lines.push(say(&filed, language));
    let mut fields = vec![(word("finding-message", language), plain_lines(finding.filed.message.as_str()))];
    if let Some(done) = &finding.stand.closed {
        fields.push((word("finding-done", language), plain_lines(done.as_str())));
    }
    let skipped = finding.steps.len().saturating_sub(STEPS);
    let steps: Vec<String> = finding.steps.iter().skip(skipped).map(|step| step_line(step, language)).collect();
    if !steps.is_empty() {
        fields.push((word("finding-steps", language), steps.join("\n")));
    }
    Card {
        title: format!("{} {} · {}", finding.id, finding.filed.source.title.get(language), state(finding, language)),
        description: lines.join("\n"),
        colour: edge(finding),
        fields,
        ..Card::default()
    }
}

/// One as everybody sees it where its owner was pinged.
pub fn posted(finding: &Finding, today: NaiveDate, gone: bool, language: Language) -> Card {
    let note = gone.then(|| Message::new("finding-owner-left").with("person", plain(&finding.stand.owner.name)));
    Card { footer: finding.id.to_string(), ..one(finding, today, note.as_ref(), language) }
}

/// All of them, one a line.
pub fn list(findings: &[Finding], closed: bool, today: NaiveDate, language: Language) -> Card {
    let title = word(if closed { "findings-all" } else { "findings-open" }, language);
    let mut lines: Vec<String> = findings.iter().take(MOST).map(|finding| line(finding, today, language)).collect();
    if findings.is_empty() {
        lines.push(word("findings-none", language));
    }
    if let Some(more) = findings.len().checked_sub(MOST).filter(|more| *more > 0) {
        lines.push(say(&Message::new("findings-more").with("count", more.to_string()), language));
    }
    let worst = findings.iter().map(edge).next();
    Card {
        title,
        description: lines.join("\n"),
        colour: worst.unwrap_or_else(|| colour(Grade::Pass)),
        ..Card::default()
    }
}

/// Those that are urgent, open and past their day, whose owners are pinged once more.
pub fn overdue(findings: &[Finding], today: NaiveDate, language: Language) -> Card {
    let title = Message::new("findings-overdue").with("count", findings.len().to_string());
    Card { title: say(&title, language), ..list(findings, false, today, language) }
}

/// The open findings below a report, as a field; nothing where there are none.
pub fn beside(findings: &[Finding], today: NaiveDate, language: Language) -> Option<(String, String)> {
    let mut lines: Vec<String> = findings.iter().take(BESIDE).map(|finding| line(finding, today, language)).collect();
    if let Some(more) = findings.len().checked_sub(BESIDE).filter(|more| *more > 0) {
        lines.push(say(&Message::new("findings-more").with("count", more.to_string()), language));
    }
    let title = Message::new("findings-beside").with("count", findings.len().to_string());
    (!findings.is_empty()).then(|| (say(&title, language), lines.join("\n")))
}

/// `🔴 **F3** Disk · owner Jimin · due 2026-12-01 · ⚠️ overdue`.
pub fn line(finding: &Finding, today: NaiveDate, language: Language) -> String {
    let title = plain(&cut(finding.filed.source.title.get(language), IN_LINE));
    let sign = if finding.stand.closed.is_some() { "✅" } else { urgency_mark(finding.stand.urgency) };
    format!("{sign} **{}** {title} · {}", finding.id, owner_and_due(&finding.stand, Some(today), language))
}

fn stand_line(stand: &Stand, today: Option<NaiveDate>, language: Language) -> String {
    let urgency = Message::new("finding-urgency").with("urgency", urgency_name(stand.urgency, language));
    let rest = owner_and_due(stand, today, language);
    format!("{} {} · {rest}", urgency_mark(stand.urgency), say(&urgency, language))
}

fn owner_and_due(stand: &Stand, today: Option<NaiveDate>, language: Language) -> String {
    let owner = Message::new("finding-owner").with("person", plain(&stand.owner.name));
    let due = match stand.due {
        Some(due) => Message::new("finding-due").with("due", due.to_string()),
        None => Message::new("finding-no-due"),
    };
    let mut text = format!("{} · {}", say(&owner, language), say(&due, language));
    if today.is_some_and(|today| stand.is_overdue(today)) {
        text.push_str(&format!(" · ⚠️ {}", word("finding-overdue", language)));
    }
    text
}

fn step_line(step: &Step, language: Language) -> String {
    let message = match &step.change {
        Change::Urgency(urgency) => {
            Message::new("finding-step-urgency").with("urgency", urgency_name(*urgency, language))
        }
        Change::Owner(owner) => Message::new("finding-step-owner").with("person", plain(&owner.name)),
        Change::Due(Some(due)) => Message::new("finding-step-due").with("due", due.to_string()),
        Change::Due(None) => Message::new("finding-no-due"),
        Change::Said(words) => Message::new("finding-step-said").with("text", plain(&cut(words.as_str(), IN_LINE))),
        Change::Closed(words) => Message::new("finding-step-closed").with("text", plain(&cut(words.as_str(), IN_LINE))),
        Change::Reopened(words) => {
            Message::new("finding-step-reopened").with("text", plain(&cut(words.as_str(), IN_LINE)))
        }
    };
    format!("<t:{}:d> {} · {}", step.at.timestamp(), plain(&step.by.name), say(&message, language))
}

fn state(finding: &Finding, language: Language) -> String {
    word(if finding.stand.closed.is_some() { "finding-closed" } else { "finding-open" }, language)
}

fn edge(finding: &Finding) -> u32 {
    match (&finding.stand.closed, finding.stand.urgency) {
        (Some(_), _) => colour(Grade::Pass),
        (None, Urgency::High) => colour(Grade::Fail),
        (None, Urgency::Medium) => colour(Grade::Warn),
        (None, Urgency::Low) => colour(Grade::Skipped),
    }
}

/// The mark of an urgency. Each stands beside its word: nothing is said by colour alone.
pub const fn urgency_mark(urgency: Urgency) -> &'static str {
    match urgency {
        Urgency::High => "🔴",
        Urgency::Medium => "🟠",
        Urgency::Low => "🔵",
    }
}

/// What an urgency is called.
pub fn urgency_name(urgency: Urgency, language: Language) -> String {
    let key = match urgency {
        Urgency::High => "urgency-high",
        Urgency::Medium => "urgency-medium",
        Urgency::Low => "urgency-low",
    };
    word(key, language)
}
