//! The team's forms, filled in: as the text that the team wrote by hand, and as Markdown, CSV and JSON for an archive.

use chrono::{DateTime, SecondsFormat, Utc};
use chrono_tz::Tz;
use serde_json::{Value as Json, json};

use super::line::cut;
use super::markdown::{plain, visible};
use super::table::fence;
use crate::domain::finding::{Finding, Urgency};
use crate::domain::message::{Language, Message};
use crate::domain::period::{Every, Period};
use crate::domain::signoff::draft::Memo;
use crate::domain::template::{FilledItem, Form, FormState, Forms};
use crate::text::{say, word};

/// What of a finding's message stands in a line, in characters.
const FINDING: usize = 120;

/// One form as plain text, as the team's checklist has it.
pub fn text(form: &Form, zone: Tz, language: Language) -> String {
    let mut lines = vec![say(&head(form.period), language)];
    let person = Message::new("sheet-person").with("people", people(form, zone, language));
    lines.extend([say(&person, language).trim_end().to_owned(), String::new()]);
    lines.extend(form.items.iter().flat_map(|item| item_lines(item, language)));
    for (memo, written) in &form.memos {
        lines.extend([String::new(), say(&memo_title(*memo), language)]);
        lines.extend(visible(written.trim()).lines().map(|line| line.trim_end().to_owned()));
        if *memo == Memo::Findings {
            lines.extend(form.filed.iter().map(|finding| format!("- {}", finding_line(finding, language))));
        }
    }
    lines.join("\n")
}

/// Forms as a Markdown document, one below the other.
pub fn markdown(forms: &[Forms], heading: &str, zone: Tz, language: Language) -> String {
    let mut lines = vec![format!("# {heading}"), String::new()];
    for list in forms {
        lines.push(format!("## {}", heading_of(list, language)));
        lines.extend([String::new(), tally(&list.forms, language)]);
        for form in &list.forms {
            lines.extend([String::new(), format!("### {}", say(&form.period.message(), language)), String::new()]);
            lines.push(fence(&text(form, zone, language)));
        }
        if !list.findings.is_empty() {
            lines.extend([String::new(), format!("### {}", word("record-findings", language)), String::new()]);
            lines.extend(list.findings.iter().map(|finding| format!("- {}", plain(&finding_line(finding, language)))));
        }
        lines.push(String::new());
    }
    lines.join("\n")
}

/// Forms as CSV: a row for each item and each free text. It begins with the mark by which spreadsheets know UTF-8.
///
/// # Errors
/// The writer's, which writes into memory.
pub fn csv(forms: &[Forms], language: Language) -> Result<String, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record([
        "checklist",
        "host",
        "period",
        "first_day",
        "last_day",
        "state",
        "people",
        "signed_at",
        "kind",
        "name",
        "done",
        "words",
    ])?;
    for list in forms {
        for form in &list.forms {
            let row = |kind: &str, name: String, done: &str, words: String| {
                [
                    list.command.clone(),
                    list.host.clone(),
                    say(&form.period.message(), language),
                    form.period.first().to_string(),
                    form.period.last().to_string(),
                    form.state.name().to_owned(),
                    form.people.join(", "),
                    form.signed_at.map(rfc3339).unwrap_or_default(),
                    kind.to_owned(),
                    name,
                    done.to_owned(),
                    words,
                ]
                .map(|cell| harmless(&cell))
            };
            for item in &form.items {
                let done = if item.done { "yes" } else { "no" };
                let words: Vec<_> = item.words.iter().map(|words| say(words, language)).collect();
                writer.write_record(row("item", item.title.get(language).to_owned(), done, words.join("; ")))?;
            }
            for (memo, written) in &form.memos {
                writer.write_record(row("text", memo.name().to_owned(), "", written.clone()))?;
            }
        }
    }
    let bytes = writer.into_inner().map_err(csv::IntoInnerError::into_error)?;
    Ok(format!("\u{feff}{}", String::from_utf8_lossy(&bytes)))
}

/// Forms as JSON. Times are in UTC.
pub fn json(forms: &[Forms], language: Language) -> Json {
    let item = |item: &FilledItem| {
        json!({
            "title": item.title.get(language),
            "done": item.done,
            "words": item.words.iter().map(|words| say(words, language)).collect::<Vec<_>>(),
        })
    };
    let form = |form: &Form| {
        let memos: serde_json::Map<_, _> =
            form.memos.iter().map(|(memo, written)| (memo.name().to_owned(), json!(written))).collect();
        json!({
            "period": say(&form.period.message(), language),
            "every": form.period.every().name(),
            "first_day": form.period.first().to_string(),
            "last_day": form.period.last().to_string(),
            "state": form.state.name(),
            "people": form.people,
            "instead_of": form.instead_of,
            "signed_at": form.signed_at.map(rfc3339),
            "run": form.run.map(|run| run.0),
            "grade": form.worst,
            "items": form.items.iter().map(item).collect::<Vec<_>>(),
            "texts": memos,
        })
    };
    let finding = |finding: &Finding| {
        json!({
            "id": finding.id.to_string(),
            "check": finding.filed.source.check,
            "urgency": finding.stand.urgency.name(),
            "message": finding.filed.message.as_str(),
            "owner": finding.stand.owner.name,
            "filed_by": finding.filed.by.name,
            "filed_at": rfc3339(finding.filed.at),
            "closed": finding.stand.closed.as_ref().map(ToString::to_string),
        })
    };
    let list = |list: &Forms| {
        json!({
            "checklist": list.command,
            "title": list.title.get(language),
            "host": list.host,
            "host_title": list.host_title.get(language),
            "forms": list.forms.iter().map(form).collect::<Vec<_>>(),
            "findings": list.findings.iter().map(finding).collect::<Vec<_>>(),
        })
    };
    Json::Array(forms.iter().map(list).collect())
}

/// `F3 [높음] 디스크: No space left on device (지민, 열림)`.
fn finding_line(finding: &Finding, language: Language) -> String {
    let line = Message::new("sheet-filed")
        .with("finding", finding.id.to_string())
        .with("urgency", urgency_name(finding.stand.urgency, language))
        .with("check", finding.filed.source.title.clone())
        .with("message", cut(&finding.filed.message.as_str().replace('\n', " · "), FINDING))
        .with("owner", finding.stand.owner.name.as_str())
        .with("state", finding_state(finding, language));
    visible(&say(&line, language)).replace('\n', " ")
}

/// How urgent something is, in words.
pub fn urgency_name(urgency: Urgency, language: Language) -> String {
    say(&Message::new("sheet-urgency").with("name", urgency.name()), language)
}

/// Whether a finding is open, or what was done.
pub fn finding_state(finding: &Finding, language: Language) -> String {
    match &finding.stand.closed {
        None => word("sheet-finding-open", language),
        Some(done) => say(&Message::new("sheet-finding-closed").with("done", cut(done.as_str(), FINDING)), language),
    }
}

/// `일일 체크 · Gear Freak 운영 서버`.
pub fn heading_of(list: &Forms, language: Language) -> String {
    let heading = Message::new("report-heading")
        .with("title", list.title.get(language))
        .with("host", list.host_title.get(language));
    say(&heading, language)
}

/// `서명 28 · 늦게 서명 1 · 누락 1`.
pub fn tally(forms: &[Form], language: Language) -> String {
    let one = |state: FormState| {
        let count = forms.iter().filter(|form| form.state == state).count();
        let name = state_name(state, language);
        let told = Message::new("sheet-tally").with("name", name).with("count", count.to_string());
        (count > 0).then(|| say(&told, language))
    };
    FormState::ALL.into_iter().filter_map(one).collect::<Vec<_>>().join(" · ")
}

/// What a state is called.
pub fn state_name(state: FormState, language: Language) -> String {
    say(&Message::new("sheet-state").with("name", state.name()), language)
}

fn head(period: Period) -> Message {
    let message = Message::new(match period.every() {
        Every::Day => "sheet-day",
        Every::Week => "sheet-week",
        Every::Month => "sheet-month",
    });
    message.with("period", period.message())
}

/// Who signed, or whose turn it was; and what there is to be said of that.
fn people(form: &Form, zone: Tz, language: Language) -> String {
    let people = form.people.join(", ");
    let late = form.signed_at.filter(|_| form.state == FormState::Late);
    let late = late.map(|at| at.with_timezone(&zone).format("%m/%d %H:%M").to_string());
    let instead = Some(form.instead_of.join(", ")).filter(|instead| !instead.is_empty());
    let told = |key: &'static str| say(&Message::new(key).with("people", people.as_str()), language).trim().to_owned();
    match form.state {
        FormState::Signed | FormState::Late => {
            let message = match (&instead, &late) {
                (None, None) => return people,
                (Some(_), None) => Message::new("sheet-instead"),
                (None, Some(_)) => Message::new("sheet-late"),
                (Some(_), Some(_)) => Message::new("sheet-instead-late"),
            };
            let message = message.with("people", people).with("at", late.unwrap_or_default());
            say(&message.with("instead", instead.unwrap_or_default()), language)
        }
        FormState::Open => told("sheet-open"),
        FormState::OpenAgain => told("sheet-open-again"),
        FormState::Missed => told("sheet-missed"),
        FormState::ToCome => told("sheet-to-come"),
    }
}

/// `[x] API 응답 정상`, and below it what is to be said.
fn item_lines(item: &FilledItem, language: Language) -> Vec<String> {
    let cross = if item.done { "x" } else { " " };
    let mut lines = vec![format!("[{cross}] {}", item.title.get(language))];
    lines.extend(item.words.iter().map(|words| format!("    - {}", visible(&say(words, language)).replace('\n', " "))));
    lines
}

fn memo_title(memo: Memo) -> Message {
    Message::new("sheet-memo").with("name", memo.name())
}

fn rfc3339(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// A cell that no spreadsheet takes for a formula.
fn harmless(cell: &str) -> String {
    let cell = visible(cell);
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell }
}
