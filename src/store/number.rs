//! Every number that was measured: written and read with its run.

use std::collections::BTreeMap;

use sqlx::sqlite::SqliteConnection;

use super::convert::{Reader, millis};
use super::error::Fault;
use crate::domain::evidence::{Measurement, Value};
use crate::domain::quantity::{Dimension, Quantity};
use crate::domain::report::Report;
use crate::domain::run::RunId;

/// Keeps the numbers of `report`.
pub(super) async fn keep(db: &mut SqliteConnection, run: RunId, report: &Report) -> Result<(), Fault> {
    for check in report.checks() {
        for measurement in &check.measurements {
            let Value::Quantity(quantity) = measurement.value else { continue };
            // SQLite would keep what is not a number as NULL, and nobody could draw it.
            if !quantity.value.is_finite() {
                continue;
            }
            let series = series(&mut *db, report, &check.id, measurement, quantity.dimension).await?;
            sqlx::query(
                "INSERT INTO measurement (series, at, run, value) VALUES (?, ?, ?, ?)
                 ON CONFLICT DO UPDATE SET value = excluded.value",
            )
            .bind(series)
            .bind(millis(report.finished_at))
            .bind(run.0)
            .bind(quantity.value)
            .execute(&mut *db)
            .await?;
        }
    }
    Ok(())
}

/// The number of the series that `measurement` belongs to; it is begun where there is none.
async fn series(
    db: &mut SqliteConnection,
    report: &Report,
    check: &str,
    measurement: &Measurement,
    dimension: Dimension,
) -> Result<i64, Fault> {
    let known = sqlx::query_scalar(
        "SELECT id FROM series WHERE command = ?1 AND host = ?2 AND check_id = ?3 AND measure = ?4 AND unit = ?5
         AND (subject IS NULL) = (?6 IS NULL) AND ifnull(subject, '') = ifnull(?6, '')",
    )
    .bind(&report.command)
    .bind(&report.host)
    .bind(check)
    .bind(&measurement.measure)
    .bind(dimension.base_unit())
    .bind(&measurement.subject)
    .fetch_optional(&mut *db)
    .await?;
    if let Some(id) = known {
        return Ok(id);
    }
    let id = sqlx::query_scalar(
        "INSERT INTO series (command, host, check_id, measure, unit, subject) VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
    )
    .bind(&report.command)
    .bind(&report.host)
    .bind(check)
    .bind(&measurement.measure)
    .bind(dimension.base_unit())
    .bind(&measurement.subject)
    .fetch_one(db)
    .await?;
    Ok(id)
}

/// The numbers of `run`, which ended at `at`, by check, in the order in which their series began.
pub(super) async fn read(
    db: &mut SqliteConnection,
    command: &str,
    host: &str,
    run: RunId,
    at: i64,
) -> Result<BTreeMap<String, Vec<Measurement>>, Fault> {
    let mut by_check: BTreeMap<String, Vec<Measurement>> = BTreeMap::new();
    for row in rows(db, command, host, run, at).await? {
        let dimension = Reader::new("series", row.series).named("unit", &row.unit, Dimension::from_base_unit)?;
        let mut measurement = Measurement::quantity(row.measure, Quantity { value: row.value, dimension });
        measurement.subject = row.subject;
        by_check.entry(row.check_id).or_default().push(measurement);
    }
    Ok(by_check)
}

/// A number with the words of its series.
#[derive(sqlx::FromRow)]
struct NumberRow {
    series: i64,
    check_id: String,
    measure: String,
    subject: Option<String>,
    unit: String,
    value: f64,
}

async fn rows(
    db: &mut SqliteConnection,
    command: &str,
    host: &str,
    run: RunId,
    at: i64,
) -> Result<Vec<NumberRow>, Fault> {
    // CROSS JOIN holds SQLite to this order: from the few series into the tree of a million numbers, never through it.
    sqlx::query_as(
        "SELECT series.id AS series, check_id, measure, subject, unit, value
         FROM series CROSS JOIN measurement
         WHERE command = ?1 AND host = ?2 AND measurement.series = series.id AND at = ?3 AND run = ?4
         ORDER BY series.id",
    )
    .bind(command)
    .bind(host)
    .bind(at)
    .bind(run.0)
    .fetch_all(db)
    .await
    .map_err(|error| Fault::reading("series of run", run.0, error))
}
