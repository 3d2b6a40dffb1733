//! Lets go of what is old: what ran and printed first, then whole reports, and of the numbers all but each day's extremes.
//!
//! A little at a time, so that nobody who keeps a run has to wait. What somebody signed, filed a finding of or decided upon
//! is never touched, nor is the latest report of a checklist. The file does not shrink: what comes next takes the room.

use chrono::{DateTime, Utc};
use sqlx::sqlite::SqliteConnection;

use super::Store;
use super::convert::{json, millis};
use super::error::{Fault, StoreError};
use crate::domain::message::Message;
use crate::domain::retention::Before;

/// How many reports one step clears of what they printed, and how many it lets go of.
const RUNS: i64 = 50;

/// How many days of numbers one step goes through.
const DAYS: i64 = 31;

/// Every table that speaks of a report in a column `run`, and outlives it.
const KEPT_BY: [&str; 2] = ["finding", "sign_entry"];

const DAY: i64 = 24 * 60 * 60 * 1000;

/// Under which key is noted how far each kind was gone through, in milliseconds: what lies before is not looked at again.
const EVIDENCE: &str = "retained-evidence";
const NUMBERS: &str = "retained-numbers";

/// What one step let go of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LetGo {
    /// Reports that lost what ran and printed.
    pub evidence: u64,
    /// Whole reports.
    pub runs: u64,
    /// Numbers.
    pub numbers: u64,
    /// Whether there is more to be let go of.
    pub more: bool,
}

/// Of the numbers of a series from `?2` to `?3`, those that are neither the least, nor the most, nor the last of their day.
/// Days are those of UTC.
pub(super) const OLD_NUMBERS: &str = "DELETE FROM measurement WHERE (series, at, run) IN (
         SELECT series, at, run FROM (
             SELECT series, at, run,
                    row_number() OVER (PARTITION BY at / 86400000 ORDER BY value, at, run) AS least,
                    row_number() OVER (PARTITION BY at / 86400000 ORDER BY value DESC, at, run) AS most,
                    row_number() OVER (PARTITION BY at / 86400000 ORDER BY at DESC, run DESC) AS last
             FROM measurement WHERE series = ?1 AND at >= ?2 AND at < ?3)
         WHERE least > 1 AND most > 1 AND last > 1)";

impl Store {
    /// Lets go of a part of what is older than `before`. Whoever calls it again while there is [`LetGo::more`] comes to an
    /// end.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be let go of; then the step left everything as it was.
    pub async fn let_go(&self, before: Before) -> Result<LetGo, StoreError> {
        self.named(async {
            let mut db = self.change().await?;
            let (evidence, more_evidence) = evidence(&mut db, before.evidence).await?;
            let runs = runs(&mut db, before.runs).await?;
            let (numbers, more_numbers) = numbers(&mut db, before.numbers).await?;
            db.commit().await?;
            let more = more_evidence || more_numbers || runs == u64::try_from(RUNS).unwrap_or(0);
            Ok(LetGo { evidence, runs, numbers, more })
        })
        .await
    }
}

/// Reports that ended since `?1` and before `?2`, whose outputs nobody needs any more: `?3` of them, the oldest first.
pub(super) fn old_evidence() -> String {
    format!(
        "SELECT id, ended_at FROM run WHERE state <> 'running' AND ended_at >= ?1 AND ended_at < ?2 AND NOT ({})
         ORDER BY ended_at LIMIT ?3",
        is_kept()
    )
}

/// Reports that ended before `?1` and that nobody needs any more: `?2` of them, the oldest first. The latest of a checklist
/// is what the next one is compared with.
pub(super) fn old_runs() -> String {
    format!(
        "SELECT id FROM run WHERE state <> 'running' AND ended_at < ?1 AND NOT ({})
         AND (state <> 'finished' OR EXISTS (
             SELECT 1 FROM run AS later WHERE later.command = run.command AND later.host = run.host
             AND later.state = 'finished' AND later.ended_at > run.ended_at))
         ORDER BY ended_at LIMIT ?2",
        is_kept()
    )
}

/// Whether anything that stays for ever speaks of a row of `run`.
fn is_kept() -> String {
    let spoken_of = KEPT_BY.map(|table| format!("EXISTS (SELECT 1 FROM {table} WHERE {table}.run = run.id)"));
    let spoken_of: Vec<_> = std::iter::once("false".to_owned()).chain(spoken_of).collect();
    spoken_of.join(" OR ")
}

/// Clears reports of what ran and printed, oldest first, and says so in its place. Tells whether there may be more.
async fn evidence(db: &mut SqliteConnection, before: DateTime<Utc>) -> Result<(u64, bool), Fault> {
    let since = mark(&mut *db, EVIDENCE).await?;
    let old: Vec<(i64, i64)> = sqlx::query_as(sqlx::AssertSqlSafe(old_evidence()))
        .bind(since)
        .bind(millis(before))
        .bind(RUNS)
        .fetch_all(&mut *db)
        .await?;
    let note = json(&Message::new("evidence-let-go"))?;
    let mut cleared = 0;
    for (run, _) in &old {
        let rows = sqlx::query(
            "UPDATE evidence SET output = '', notes = json_insert(ifnull(notes, '[]'), '$[#]', json(?2))
             WHERE run = ?1 AND output <> ''",
        )
        .bind(run)
        .bind(&note)
        .execute(&mut *db)
        .await?;
        cleared += u64::from(rows.rows_affected() > 0);
    }
    let full = old.len() == usize::try_from(RUNS).unwrap_or(0);
    // Two that ended in the same millisecond may lie on both sides of a step: the last one is gone through again.
    let reached = if full { old.last().map_or(since, |(_, ended)| *ended) } else { millis(before) };
    set_mark(&mut *db, EVIDENCE, reached.max(since)).await?;
    // As many as a step takes in one millisecond would never end; no bot runs so many.
    Ok((cleared, full && reached > since))
}

async fn runs(db: &mut SqliteConnection, before: DateTime<Utc>) -> Result<u64, Fault> {
    let old: Vec<i64> =
        sqlx::query_scalar(sqlx::AssertSqlSafe(old_runs())).bind(millis(before)).bind(RUNS).fetch_all(&mut *db).await?;
    for run in &old {
        // What belongs to it goes with it.
        sqlx::query("DELETE FROM run WHERE id = ?").bind(run).execute(&mut *db).await?;
    }
    Ok(old.len() as u64)
}

async fn numbers(db: &mut SqliteConnection, before: DateTime<Utc>) -> Result<(u64, bool), Fault> {
    // Whole days only: the extremes of half a day are not those of the day.
    let end = millis(before) / DAY * DAY;
    let since = match mark(&mut *db, NUMBERS).await? {
        0 => first_day(&mut *db).await?.unwrap_or(end),
        mark => mark,
    };
    if since >= end {
        return Ok((0, false));
    }
    let until = end.min(since.saturating_add(DAYS * DAY));
    let series: Vec<i64> = sqlx::query_scalar("SELECT id FROM series").fetch_all(&mut *db).await?;
    let mut gone = 0;
    for series in series {
        let thinned = sqlx::query(OLD_NUMBERS).bind(series).bind(since).bind(until).execute(&mut *db).await?;
        gone += thinned.rows_affected();
    }
    set_mark(&mut *db, NUMBERS, until).await?;
    Ok((gone, until < end))
}

/// The day of the oldest number, in milliseconds.
async fn first_day(db: &mut SqliteConnection) -> Result<Option<i64>, Fault> {
    let oldest: Option<i64> = sqlx::query_scalar(
        "SELECT min((SELECT min(at) FROM measurement WHERE measurement.series = series.id)) FROM series",
    )
    .fetch_one(db)
    .await?;
    Ok(oldest.map(|at| at / DAY * DAY))
}

async fn mark(db: &mut SqliteConnection, key: &str) -> Result<i64, Fault> {
    let value: Option<String> =
        sqlx::query_scalar("SELECT value FROM note WHERE key = ?").bind(key).fetch_optional(db).await?;
    Ok(value.and_then(|value| value.parse().ok()).unwrap_or(0))
}

async fn set_mark(db: &mut SqliteConnection, key: &str, at: i64) -> Result<(), Fault> {
    sqlx::query("INSERT INTO note (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value")
        .bind(key)
        .bind(at.to_string())
        .execute(db)
        .await?;
    Ok(())
}
