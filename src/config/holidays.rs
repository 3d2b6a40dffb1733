//! Reads a file of holidays.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use chrono::{Datelike, NaiveDate};

use crate::document::{Document, Problems, Table};
use crate::domain::message::Message;
use crate::domain::schedule::holidays::Holidays;

/// Reads the holidays at `path`.
///
/// # Errors
/// Everything that is wrong with the file.
pub fn load(path: &Path) -> Result<Holidays, Problems> {
    Document::open(path)?.read(|table| Some(holidays(&table)))
}

fn holidays(table: &Table<'_>) -> Holidays {
    let years: BTreeSet<i32> = table
        .integers("years")
        .into_iter()
        .filter_map(|year| {
            let fits = i32::try_from(year.value).ok().filter(|year| (1900..3000).contains(year));
            if fits.is_none() {
                let message = Message::new("config-not-a-year").with("text", year.value.to_string());
                table.problem(year.span, message);
            }
            fits
        })
        .collect();
    if years.is_empty() && !table.has("years") {
        table.problem(table.span(), Message::new("file-missing-key").with("key", "years"));
    }
    let mut days = BTreeMap::new();
    let Some(section) = table.required_table("days") else { return Holidays { days, years } };
    for name in section.names() {
        let Ok(day) = name.value.parse::<NaiveDate>() else {
            section.problem(name.span, Message::new("config-not-a-date").with("text", name.value.as_str()));
            continue;
        };
        if !years.contains(&day.year()) {
            let message = Message::new("config-holiday-year").with("text", name.value.as_str());
            section.problem(name.span, message.with("year", day.year().to_string()));
        }
        let Some(called) = section.table_of(&name.value).and_then(|called| called.both_languages()) else { continue };
        days.insert(day, called.value);
    }
    Holidays { days, years }
}
