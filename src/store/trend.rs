//! The numbers of one measure over time, for a picture.

use chrono::{DateTime, Utc};

use super::Store;
use super::convert::{Reader, millis};
use super::error::{Fault, StoreError};
use crate::domain::quantity::Dimension;
use crate::domain::trend::Line;

/// Which numbers are asked for.
#[derive(Clone, Copy, Debug)]
pub struct Measured<'a> {
    /// The command.
    pub command: &'a str,
    /// The host, by its name in `bot.toml`.
    pub host: &'a str,
    /// The check.
    pub check: &'a str,
    /// The measure.
    pub measure: &'a str,
    /// What it counts.
    pub dimension: Dimension,
}

/// The numbers of a measure in a span, subject by subject.
// CROSS JOIN holds SQLite to this order: from the few series into the tree of a million numbers, never through it.
pub(super) const MEASURED: &str = "SELECT series.id AS series, subject, at, value
     FROM series CROSS JOIN measurement ON measurement.series = series.id AND at BETWEEN ?6 AND ?7
     WHERE command = ?1 AND host = ?2 AND check_id = ?3 AND measure = ?4 AND unit = ?5";

#[derive(sqlx::FromRow)]
struct Row {
    series: i64,
    subject: Option<String>,
    at: i64,
    value: f64,
}

impl Store {
    /// What runs from `from` to `to` measured, a line for each subject, by name.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read, or a row of it.
    pub async fn measured(
        &self,
        of: Measured<'_>,
        (from, to): (DateTime<Utc>, DateTime<Utc>),
    ) -> Result<Vec<Line>, StoreError> {
        self.named(async {
            let mut db = self.view().await?;
            let rows: Vec<Row> = sqlx::query_as(MEASURED)
                .bind(of.command)
                .bind(of.host)
                .bind(of.check)
                .bind(of.measure)
                .bind(of.dimension.base_unit())
                .bind(millis(from))
                .bind(millis(to))
                .fetch_all(&mut *db)
                .await
                .map_err(|error| Fault::reading("series of check", of.check, error))?;
            let mut lines: Vec<Line> = Vec::new();
            for row in rows {
                let at = Reader::new("measurement of series", row.series).time("at", row.at)?;
                // The rows of a subject stand together, in the order of their times.
                match lines.last_mut().filter(|line| line.subject == row.subject) {
                    Some(line) => line.points.push((at, row.value)),
                    None => lines.push(Line { subject: row.subject, points: vec![(at, row.value)] }),
                }
            }
            lines.sort_by(|one, other| one.subject.cmp(&other.subject));
            Ok(lines)
        })
        .await
    }
}
