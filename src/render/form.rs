//! The team's forms, filled in: as the text that the team wrote by hand, and as Markdown, CSV and JSON for an archive.

use chrono::{DateTime, SecondsFormat, Utc};
use chrono_tz::Tz;
use serde_json::{Value as Json, json};

use super::markdown::visible;
use super::table::fence;
use crate::domain::message::{Language, Localised, Message};
use crate::domain::period::{Every, Period};
use crate::domain::signoff::draft::Memo;
use crate::domain::template::{FilledItem, Form, FormState};
use crate::text::say;

/// The forms of one checklist on one host.
#[derive(Clone, Debug, PartialEq)]
pub struct Forms {
    /// The command.
    pub command: String,
    /// What the checklist is called.
    pub title: Localised,
    /// The host, by its name in `bot.toml`.
    pub host: String,
    /// What it is called.
    pub host_title: Localised,
    /// The forms, the earliest first.
    pub forms: Vec<Form>,
}

/// One form as plain text, as the team's checklist has it.
pub fn text(form: &Form, zone: Tz, language: Language) -> String {
    let mut lines = vec![say(&head(form.period), language)];
    let person = Message::new("form-person").with("people", people(form, zone, language));
    lines.extend([say(&person, language).trim_end().to_owned(), String::new()]);
    lines.extend(form.items.iter().flat_map(|item| item_lines(item, language)));
    for (memo, written) in &form.memos {
        lines.extend([String::new(), say(&memo_title(*memo), language)]);
        lines.extend(visible(written.trim()).lines().map(|line| line.trim_end().to_owned()));
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
    let bytes = writer.into_inner().map_err(|error| error.into_error())?;
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
    let list = |list: &Forms| {
        json!({
            "checklist": list.command,
            "title": list.title.get(language),
            "host": list.host,
            "host_title": list.host_title.get(language),
            "forms": list.forms.iter().map(form).collect::<Vec<_>>(),
        })
    };
    Json::Array(forms.iter().map(list).collect())
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
        let told = Message::new("form-tally").with("name", name).with("count", count.to_string());
        (count > 0).then(|| say(&told, language))
    };
    FormState::ALL.into_iter().filter_map(one).collect::<Vec<_>>().join(" · ")
}

/// What a state is called.
pub fn state_name(state: FormState, language: Language) -> String {
    say(&Message::new("form-state").with("name", state.name()), language)
}

fn head(period: Period) -> Message {
    let message = Message::new(match period.every() {
        Every::Day => "form-day",
        Every::Week => "form-week",
        Every::Month => "form-month",
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
                (Some(_), None) => Message::new("form-instead"),
                (None, Some(_)) => Message::new("form-late"),
                (Some(_), Some(_)) => Message::new("form-instead-late"),
            };
            let message = message.with("people", people).with("at", late.unwrap_or_default());
            say(&message.with("instead", instead.unwrap_or_default()), language)
        }
        FormState::Open => told("form-open"),
        FormState::OpenAgain => told("form-open-again"),
        FormState::Missed => told("form-missed"),
        FormState::ToCome => told("form-to-come"),
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
    Message::new("form-memo").with("name", memo.name())
}

fn rfc3339(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// A cell that no spreadsheet takes for a formula.
fn harmless(cell: &str) -> String {
    let cell = visible(cell);
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell }
}
