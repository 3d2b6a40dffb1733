//! A month of a checklist at a glance: a grid of marks that a phone shows whole, and everything in it in words.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use chrono_tz::Tz;

use super::card::{Card, cut};
use super::form::{heading_of, state_name, tally};
use super::line::{grade_name, mark};
use super::markdown::plain;
use super::report_card::colour;
use crate::domain::grade::Grade;
use crate::domain::message::{Language, Message};
use crate::domain::period::{Every, Period};
use crate::domain::template::{Form, FormState, Forms};
use crate::text::{say, word};

/// What stands where nothing was due, and outside of the month. It has the width of the other marks.
const NOTHING: &str = "▪️";

/// What one list of days may take of a field.
const LIST: usize = 900;

/// Of so many hosts each has its whole month in a message; of more, each has its tally.
const WHOLE: usize = 8;

/// Of more hosts than these the others, on which least is wrong, share one field.
const MOST: usize = 20;

/// The month `month` of a checklist, on each host that `lists` are of.
pub fn card(lists: &[Forms], month: Period, zone: Tz, language: Language) -> Card {
    if let [forms] = lists {
        return of_one(forms, month, zone, language);
    }
    let title = lists.first().map_or_else(String::new, |first| first.title.get(language).to_owned());
    let title = Message::new("history-title").with("list", title).with("month", month.message());
    let all: Vec<&Form> = lists.iter().flat_map(|list| &list.forms).collect();
    let field = |list: &Forms| {
        let mut lines = vec![tally(&list.forms, language)];
        if list.forms.is_empty() {
            lines = vec![word("history-nothing", language)];
        } else if lists.len() <= WHOLE {
            lines.extend(if is_daily(list) {
                grid(&list.forms, month)
            } else {
                list.forms.iter().map(|form| whole(form, zone, language)).collect()
            });
        }
        (list.host_title.get(language).to_owned(), lines.join("\n"))
    };
    let with_marks = lists.len() <= WHOLE && lists.iter().any(is_daily);
    let mut ordered: Vec<&Forms> = lists.iter().collect();
    if ordered.len() > MOST {
        ordered.sort_by_key(|list| worst(&list.forms));
    }
    let (shown, rest) = ordered.split_at(ordered.len().min(MOST));
    let mut fields: Vec<_> = shown.iter().map(|list| field(list)).collect();
    if !rest.is_empty() {
        let forms: Vec<Form> = rest.iter().flat_map(|list| list.forms.clone()).collect();
        let name = Message::new("matrix-rest").with("count", rest.len().to_string());
        let names: Vec<_> = rest.iter().map(|list| list.host_title.get(language)).collect();
        fields.push((say(&name.with("tally", tally(&forms, language)), language), names.join(", ")));
    }
    Card {
        title: say(&title, language),
        description: if with_marks { legend(&all, language) } else { String::new() },
        colour: colour(worst(all.iter().copied())),
        fields,
        ..Card::default()
    }
}

fn is_daily(list: &Forms) -> bool {
    list.forms.first().is_some_and(|form| form.period.every() == Every::Day)
}

/// The same on one host, with all of it in words.
fn of_one(forms: &Forms, month: Period, zone: Tz, language: Language) -> Card {
    let title = Message::new("history-title").with("list", heading_of(forms, language)).with("month", month.message());
    let mut lines = vec![tally(&forms.forms, language), String::new()];
    if forms.forms.is_empty() {
        lines = vec![word("history-nothing", language)];
    }
    let daily = is_daily(forms);
    if daily {
        lines.extend(grid(&forms.forms, month));
        let all: Vec<&Form> = forms.forms.iter().collect();
        lines.extend([String::new(), legend(&all, language)]);
    } else {
        lines.extend(forms.forms.iter().map(|form| whole(form, zone, language)));
    }
    Card {
        title: say(&title, language),
        description: lines.join("\n").trim_end().to_owned(),
        colour: colour(worst(&forms.forms)),
        fields: if daily {
            fields(&forms.forms, zone, language)
        } else {
            people(&forms.forms, language).into_iter().collect()
        },
        ..Card::default()
    }
}

/// The colour's grade: what was missed is as bad as what failed.
fn worst<'a>(forms: impl IntoIterator<Item = &'a Form>) -> Grade {
    let of = |form: &Form| match form.state {
        FormState::Missed => Grade::Fail,
        FormState::Late | FormState::OpenAgain => Grade::Warn,
        FormState::Signed | FormState::Open | FormState::ToCome => Grade::Pass,
    };
    forms.into_iter().map(of).min().unwrap_or(Grade::Skipped)
}

/// A line for each week: its Monday, and a mark for each day.
fn grid(forms: &[Form], month: Period) -> Vec<String> {
    let by_day: BTreeMap<NaiveDate, &Form> = forms.iter().map(|form| (form.period.first(), form)).collect();
    let mut lines = Vec::new();
    let mut monday = Period::of(Every::Week, month.first()).first();
    while monday <= month.last() {
        let days = (0..7).filter_map(|day| monday.checked_add_days(Days::new(day)));
        let marks: String = days.map(|day| by_day.get(&day).map_or(NOTHING, |form| mark_of(form))).collect();
        lines.push(format!("`{}` {marks}", monday.format("%m/%d")));
        let Some(next) = monday.checked_add_days(Days::new(7)) else { break };
        monday = next;
    }
    lines
}

/// What a day is, at a glance. Each mark has a shape of its own.
const fn mark_of(form: &Form) -> &'static str {
    match (form.state, form.worst) {
        (FormState::Missed, _) => "🚫",
        (FormState::OpenAgain, _) => "🔁",
        (FormState::Open, _) => "📝",
        (FormState::ToCome, _) => "▫️",
        (FormState::Late, _) => "🕘",
        // What a person must look at was looked at, and what does not apply is no fault.
        (FormState::Signed, None | Some(Grade::Pass | Grade::Skipped | Grade::Manual)) => mark(Grade::Pass),
        (FormState::Signed, Some(grade)) => mark(grade),
    }
}

/// What each mark that occurs means.
fn legend(forms: &[&Form], language: Language) -> String {
    let mut seen: Vec<(&str, String)> = Vec::new();
    for form in forms {
        let mark = mark_of(form);
        if seen.iter().any(|(known, _)| *known == mark) {
            continue;
        }
        let means = match (form.state, bad(form)) {
            (FormState::Signed, Some(grade)) => {
                let signed = Message::new("history-signed-with").with("grade", grade_name(grade, language));
                say(&signed, language)
            }
            (state, _) => state_name(state, language),
        };
        seen.push((mark, means));
    }
    seen.iter().map(|(mark, means)| format!("{mark} {means}")).collect::<Vec<_>>().join(" · ")
}

/// The grade of a form that is not all well.
fn bad(form: &Form) -> Option<Grade> {
    form.worst.filter(|grade| !matches!(grade, Grade::Pass | Grade::Skipped | Grade::Manual))
}

/// The same in words, list by list.
fn fields(forms: &[Form], zone: Tz, language: Language) -> Vec<(String, String)> {
    let day = |form: &Form| form.period.first().format("%m/%d").to_string();
    let named = |form: &Form| {
        let people = plain(&form.people.join(", "));
        if people.is_empty() { day(form) } else { format!("{} {people}", day(form)) }
    };
    let of = |states: &[FormState], one: &dyn Fn(&Form) -> String| {
        let days = forms.iter().filter(|form| states.contains(&form.state)).map(one);
        days.collect::<Vec<_>>()
    };
    let late = |form: &Form| format!("{} {}", named(form), signed_at(form, zone));
    let mut fields: Vec<_> = people(forms, language).into_iter().collect();
    let mut add = |key, days: Vec<String>| {
        if !days.is_empty() {
            fields.push((word(key, language), listed(&days)));
        }
    };
    add("history-missed", of(&[FormState::Missed], &named));
    add("history-open", of(&[FormState::Open, FormState::OpenAgain], &named));
    add("history-late", of(&[FormState::Late], &late));
    let bad_days = forms.iter().filter_map(|form| Some(format!("{} {}", day(form), grade_name(bad(form)?, language))));
    add("history-bad", bad_days.collect());
    fields
}

/// As many whole entries as fit, side by side: a time that is cut in two would be no time.
fn listed(entries: &[String]) -> String {
    let fits = entries.iter().scan(0, |used, entry| {
        *used += entry.chars().count() + 3;
        (*used <= LIST).then_some(entry.as_str())
    });
    let shown: Vec<&str> = fits.collect();
    let more = if shown.len() < entries.len() { " · …" } else { "" };
    format!("{}{more}", shown.join(" · "))
}

/// Who signed how often, the most often first.
fn people(forms: &[Form], language: Language) -> Option<(String, String)> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for form in forms.iter().filter(|form| form.signed_at.is_some()) {
        for person in &form.people {
            *counts.entry(person).or_default() += 1;
        }
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let told = |(person, count): &(&str, usize)| {
        let message = Message::new("sheet-tally").with("name", plain(person)).with("count", count.to_string());
        say(&message, language)
    };
    let line = counts.iter().map(told).collect::<Vec<_>>().join(" · ");
    (!line.is_empty()).then(|| (word("history-people", language), cut(&line, LIST)))
}

/// A week or a month in one line.
fn whole(form: &Form, zone: Tz, language: Language) -> String {
    let mut parts = vec![format!("{} **{}**", mark_of(form), say(&form.period.message(), language))];
    parts.push(state_name(form.state, language));
    let people = plain(&form.people.join(", "));
    let who = format!("{people} {}", signed_at(form, zone));
    parts.extend(Some(who.trim().to_owned()).filter(|who| !who.is_empty()));
    parts.extend(bad(form).map(|grade| grade_name(grade, language)));
    parts.join(" · ")
}

/// When it was signed, on each reader's own clock; `zone` says whether that was on the day itself.
fn signed_at(form: &Form, zone: Tz) -> String {
    let Some(at) = form.signed_at else { return String::new() };
    let same_day = form.period.every() == Every::Day && at.with_timezone(&zone).date_naive() == form.period.first();
    format!("(<t:{}:{}>)", at.timestamp(), if same_day { "t" } else { "f" })
}
