//! The past of a checklist, for the rules that ask it.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::sqlite::SqliteConnection;

use super::Store;
use super::convert::{Reader, millis};
use super::error::{Fault, StoreError};
use crate::domain::command::{Check, Checklist};
use crate::domain::evidence::Value;
use crate::domain::history::History;
use crate::domain::quantity::{Dimension, Quantity};

impl Store {
    /// What earlier runs of `checklist` on `host` found, for those of its checks that ask the past: each series as far
    /// back as its rules look, and its latest value however old that is.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read, or a row of it.
    pub async fn past(
        &self,
        checklist: &Checklist,
        host: &str,
        now: DateTime<Utc>,
    ) -> Result<BTreeMap<String, History>, StoreError> {
        self.named(async {
            let mut db = self.view().await?;
            let mut past = BTreeMap::new();
            for check in checklist.checks().filter(|check| check.asks_past()) {
                let mut history = History::default();
                let of = Of { command: &checklist.id, host, check };
                numbers(&mut db, &of, now, &mut history).await?;
                words(&mut db, &of, &mut history).await?;
                past.insert(check.id.clone(), history);
            }
            Ok(past)
        })
        .await
    }
}

/// Whose past is asked.
struct Of<'a> {
    command: &'a str,
    host: &'a str,
    check: &'a Check,
}

/// A number with the words of its series.
#[derive(sqlx::FromRow)]
struct NumberRow {
    series: i64,
    measure: String,
    subject: Option<String>,
    unit: String,
    at: i64,
    value: f64,
}

/// The numbers of a check, as far back as is asked, and the latest of each series however old.
// CROSS JOIN holds SQLite to this order: from the few series into the tree of a million numbers, never through it.
pub(super) const NUMBERS: &str = "SELECT series.id AS series, measure, subject, unit, at, value
     FROM series CROSS JOIN measurement ON measurement.series = series.id AND at >= ?4
     WHERE command = ?1 AND host = ?2 AND check_id = ?3
     UNION ALL
     SELECT series.id, measure, subject, unit, at, value
     FROM series CROSS JOIN measurement ON measurement.series = series.id
          AND at = (SELECT max(at) FROM measurement WHERE series = series.id) AND at < ?4
     WHERE command = ?1 AND host = ?2 AND check_id = ?3";

async fn numbers(
    db: &mut SqliteConnection,
    of: &Of<'_>,
    now: DateTime<Utc>,
    history: &mut History,
) -> Result<(), Fault> {
    let since = of.check.looks_back().and_then(|span| now.checked_sub_signed(span)).unwrap_or(now);
    let rows: Vec<NumberRow> = sqlx::query_as(NUMBERS)
        .bind(of.command)
        .bind(of.host)
        .bind(&of.check.id)
        .bind(millis(since))
        .fetch_all(db)
        .await
        .map_err(|error| Fault::reading("series of check", &of.check.id, error))?;
    for row in rows {
        let reader = Reader::new("series", row.series);
        let dimension = reader.named("unit", &row.unit, Dimension::from_base_unit)?;
        let value = Value::Quantity(Quantity { value: row.value, dimension });
        history.add(&row.measure, row.subject.as_deref(), reader.time("at", row.at)?, value);
    }
    Ok(())
}

/// A text for as long as it stayed the same.
#[derive(sqlx::FromRow)]
struct WordRow {
    id: i64,
    measure: String,
    subject: Option<String>,
    value: String,
    until: i64,
}

async fn words(db: &mut SqliteConnection, of: &Of<'_>, history: &mut History) -> Result<(), Fault> {
    let rows: Vec<WordRow> = sqlx::query_as(
        "SELECT id, measure, subject, value, until FROM word WHERE command = ? AND host = ? AND check_id = ?",
    )
    .bind(of.command)
    .bind(of.host)
    .bind(&of.check.id)
    .fetch_all(db)
    .await
    .map_err(|error| Fault::reading("word of check", &of.check.id, error))?;
    for row in rows {
        let at = Reader::new("word", row.id).time("until", row.until)?;
        history.add(&row.measure, row.subject.as_deref(), at, Value::Text(row.value));
    }
    Ok(())
}
