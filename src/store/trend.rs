//! The numbers of one measure over time, for a picture: what runs measured, and what was sampled between them.

use chrono::{DateTime, TimeDelta, Utc};

use super::Store;
use super::convert::{Reader, millis};
use super::error::{Fault, StoreError};
use crate::domain::quantity::Dimension;
use crate::domain::trend::{Line, Spread};
use crate::domain::vital::Vital;

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

const HOUR: i64 = 3_600_000;

/// The samples of a vital by the hour, as they are kept for a year: `?3` is the beginning of an hour. One way for both
/// tables: from the few vitals into the stretch of time.
pub(super) const BY_HOUR: &str =
    "SELECT subject, begins + ?5 / 2 AS middle, count, sum / count AS mean, least, most FROM vital
     CROSS JOIN sample_hour ON sample_hour.vital = vital.id AND begins BETWEEN ?3 AND ?4
     WHERE host = ?1 AND name = ?2 ORDER BY subject, begins";

/// The same by shorter steps of `?5`, from the minutes.
pub(super) const BY_STEP: &str = "SELECT subject, at / ?5 * ?5 + ?5 / 2 AS middle, count(*) AS count,
         avg(value) AS mean, min(value) AS least, max(value) AS most FROM vital
     CROSS JOIN sample ON sample.vital = vital.id AND at BETWEEN ?3 AND ?4
     WHERE host = ?1 AND name = ?2 GROUP BY subject, at / ?5 ORDER BY subject, middle";

/// The latest sample of each subject of a vital in a span.
const LATEST: &str = "SELECT subject, at, value FROM vital CROSS JOIN sample ON sample.vital = vital.id
     WHERE host = ?1 AND name = ?2
     AND at = (SELECT max(at) FROM sample AS other WHERE other.vital = vital.id AND other.at BETWEEN ?3 AND ?4)";

/// Samples put together.
#[derive(sqlx::FromRow)]
struct Step {
    subject: String,
    middle: i64,
    count: i64,
    mean: f64,
    least: f64,
    most: f64,
}

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
                    None => {
                        lines.push(Line { subject: row.subject, points: vec![(at, row.value)], spreads: Vec::new() });
                    }
                }
            }
            lines.sort_by(|one, other| one.subject.cmp(&other.subject));
            Ok(lines)
        })
        .await
    }

    /// The samples of `vital` on `host` in a span, put together `step` by `step`, a line for each subject, by name. Each
    /// point stands in the middle of its step, but the last one of a line, which is the latest sample itself. SQLite puts
    /// them together: of a week there are ten thousand.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read, or a row of it.
    pub async fn sampled(
        &self,
        host: &str,
        vital: Vital,
        (from, to): (DateTime<Utc>, DateTime<Utc>),
        step: TimeDelta,
    ) -> Result<Vec<Line>, StoreError> {
        self.named(async {
            let mut db = self.view().await?;
            let step = step.num_milliseconds().max(1);
            // Hours are put together already.
            let query = if step % HOUR == 0 { BY_HOUR } else { BY_STEP };
            let steps: Vec<Step> = sqlx::query_as(query)
                .bind(host)
                .bind(vital.name())
                .bind(millis(from).div_euclid(step) * step)
                .bind(millis(to))
                .bind(step)
                .fetch_all(&mut *db)
                .await?;
            let reader = Reader::new("sample of", format_args!("{host} {}", vital.name()));
            let mut lines: Vec<Line> = Vec::new();
            for step in steps {
                let subject = Some(step.subject).filter(|subject| !subject.is_empty());
                if lines.last().is_none_or(|line| line.subject != subject) {
                    lines.push(Line { subject, ..Line::default() });
                }
                let Some(line) = lines.last_mut() else { continue };
                line.points.push((reader.time("at", step.middle)?, step.mean));
                let count = u32::try_from(step.count).unwrap_or(u32::MAX);
                line.spreads.push(Spread { count, least: step.least, mean: step.mean, most: step.most });
            }
            let latest: Vec<(String, i64, f64)> = sqlx::query_as(LATEST)
                .bind(host)
                .bind(vital.name())
                .bind(millis(from))
                .bind(millis(to))
                .fetch_all(&mut *db)
                .await?;
            for (subject, at, value) in latest {
                let line = lines.iter_mut().find(|line| line.subject.as_deref().unwrap_or_default() == subject);
                if let Some(last) = line.and_then(|line| line.points.last_mut()) {
                    *last = (reader.time("at", at)?, value);
                }
            }
            Ok(lines)
        })
        .await
    }
}
