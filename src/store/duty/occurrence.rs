//! The life of an occurrence after it was planned: claimed, and posted, missed or refused.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::sqlite::SqliteConnection;

use super::assignment::people_of;
use super::notice::keep_notice;
use crate::domain::duty::{NewNotice, Occurrence, OccurrenceId, OccurrenceState};
use crate::domain::run::{MessagePlace, RunId};
use crate::domain::schedule::Due;
use crate::store::Store;
use crate::store::convert::{Reader, column, id, millis};
use crate::store::error::{Fault, StoreError};

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    checklist: String,
    host: String,
    day: String,
    named: String,
    due_at: i64,
    state: String,
    run: Option<i64>,
    channel: Option<i64>,
    message: Option<i64>,
    posted_at: Option<i64>,
    done_at: Option<i64>,
}

const ROWS: &str = "SELECT id, checklist, host, day, named, due_at, state, run, channel, message, posted_at, done_at
     FROM occurrence";

/// Those of a checklist on a host, by the days that its schedule named.
pub(in crate::store) const BETWEEN: &str = "WHERE checklist = ? AND host = ? AND named BETWEEN ? AND ? ORDER BY named";

impl Row {
    async fn read(self, db: &mut SqliteConnection) -> Result<Occurrence, Fault> {
        let reader = Reader::new("occurrence", self.id);
        let occurrence = OccurrenceId(self.id);
        Ok(Occurrence {
            id: occurrence,
            due: Due {
                at: reader.time("due_at", self.due_at)?,
                day: day(&reader, "day", &self.day)?,
                named: day(&reader, "named", &self.named)?,
            },
            state: reader.named("state", &self.state, OccurrenceState::from_name)?,
            run: self.run.map(RunId),
            place: self
                .channel
                .zip(self.message)
                .map(|(channel, message)| MessagePlace { channel: id(channel), message: id(message) }),
            posted_at: self.posted_at.map(|at| reader.time("posted_at", at)).transpose()?,
            done_at: self.done_at.map(|at| reader.time("done_at", at)).transpose()?,
            people: people_of(db, occurrence).await?,
            checklist: self.checklist,
            host: self.host,
        })
    }
}

fn day(reader: &Reader, column: &str, text: &str) -> Result<NaiveDate, Fault> {
    text.parse().map_err(|_| reader.fault(format_args!("{column} is `{text}`")))
}

impl Store {
    /// The occurrences of a checklist on a host that the schedule named from `from` to `to`, in order.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read, or a row of it.
    pub async fn occurrences_between(
        &self,
        checklist: &str,
        host: &str,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<Vec<Occurrence>, StoreError> {
        self.named(async {
            let mut db = self.view().await?;
            let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(format!("{ROWS} {BETWEEN}")))
                .bind(checklist)
                .bind(host)
                .bind(from.to_string())
                .bind(to.to_string())
                .fetch_all(&mut *db)
                .await?;
            let mut found = Vec::with_capacity(rows.len());
            for row in rows {
                found.push(row.read(&mut db).await?);
            }
            Ok(found)
        })
        .await
    }

    /// The occurrences that are still to be posted, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn occurrences_to_post(&self) -> Result<Vec<Occurrence>, StoreError> {
        self.occurrences("WHERE state IN ('due', 'claimed') ORDER BY due_at, id", None).await
    }

    /// The occurrences that were due after `after`, whatever became of them, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn occurrences_after(&self, after: DateTime<Utc>) -> Result<Vec<Occurrence>, StoreError> {
        self.occurrences("WHERE due_at > ? ORDER BY due_at, id", Some(millis(after))).await
    }

    /// The latest occurrence of a checklist on a host that was due at `until` or before.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn latest_occurrence(
        &self,
        checklist: &str,
        host: &str,
        until: DateTime<Utc>,
    ) -> Result<Option<Occurrence>, StoreError> {
        self.named(async {
            let query =
                format!("{ROWS} WHERE checklist = ? AND host = ? AND due_at <= ? ORDER BY due_at DESC, id LIMIT 1");
            let mut db = self.view().await?;
            let row: Option<Row> = sqlx::query_as(sqlx::AssertSqlSafe(query))
                .bind(checklist)
                .bind(host)
                .bind(millis(until))
                .fetch_optional(&mut *db)
                .await?;
            match row {
                Some(row) => row.read(&mut db).await.map(Some),
                None => Ok(None),
            }
        })
        .await
    }

    /// One occurrence.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn occurrence(&self, occurrence: OccurrenceId) -> Result<Option<Occurrence>, StoreError> {
        Ok(self.occurrences("WHERE id = ?", Some(occurrence.0)).await?.pop())
    }

    /// The occurrence whose reminder is the message at `place`, where it is one.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn occurrence_in(&self, place: MessagePlace) -> Result<Option<Occurrence>, StoreError> {
        Ok(self.occurrences("WHERE message = ?", Some(column(place.message))).await?.pop())
    }

    async fn occurrences(&self, which: &str, number: Option<i64>) -> Result<Vec<Occurrence>, StoreError> {
        self.named(async {
            let query = format!("{ROWS} {which}");
            let mut db = self.view().await?;
            let mut query = sqlx::query_as(sqlx::AssertSqlSafe(query));
            if let Some(number) = number {
                query = query.bind(number);
            }
            let rows: Vec<Row> = query.fetch_all(&mut *db).await?;
            let mut found = Vec::with_capacity(rows.len());
            for row in rows {
                match row.read(&mut db).await {
                    Ok(occurrence) => found.push(occurrence),
                    // It must not keep the others from anybody.
                    Err(error @ Fault::Unreadable { .. }) => tracing::error!(%error, "an occurrence cannot be read"),
                    Err(error) => return Err(error),
                }
            }
            Ok(found)
        })
        .await
    }

    /// Claims an occurrence, to post it. Gives whether it is the caller's: of two who ask, one gets it.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be kept: then nothing may be posted.
    pub async fn claim_occurrence(&self, occurrence: OccurrenceId, now: DateTime<Utc>) -> Result<bool, StoreError> {
        self.turn(occurrence, "state = 'claimed', claimed_at = ?2", "state = 'due'", now).await
    }

    /// Keeps that it was too late for these occurrences, and what is to be told of it. Nothing is told where none of them
    /// was still to be posted.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be kept.
    pub async fn occurrences_missed(
        &self,
        occurrences: &[OccurrenceId],
        told: Option<&NewNotice>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.named(async {
            let mut db = self.change().await?;
            let mut missed = 0;
            for occurrence in occurrences {
                missed += sqlx::query(
                    "UPDATE occurrence SET state = 'missed', claimed_at = ifnull(claimed_at, ?)
                     WHERE id = ? AND state IN ('due', 'claimed')",
                )
                .bind(millis(now))
                .bind(occurrence.0)
                .execute(&mut *db)
                .await?
                .rows_affected();
            }
            if let Some(told) = told.filter(|_| missed > 0) {
                keep_notice(&mut db, told).await?;
            }
            Ok(db.commit().await?)
        })
        .await
    }

    /// Takes back that what is still to come at `now` was missed: a clock that was ahead said so. Gives how many there were.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be kept.
    pub async fn not_missed_yet(&self, now: DateTime<Utc>) -> Result<u64, StoreError> {
        self.named(async {
            let mut db = self.change().await?;
            let rows = sqlx::query(
                "UPDATE occurrence SET state = 'due', claimed_at = NULL WHERE state = 'missed' AND due_at > ?",
            )
            .bind(millis(now))
            .execute(&mut *db)
            .await?
            .rows_affected();
            db.commit().await?;
            Ok(rows)
        })
        .await
    }

    /// Keeps that Discord does not take the reminder of a claimed occurrence, for good.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be kept.
    pub async fn occurrence_refused(&self, occurrence: OccurrenceId, now: DateTime<Utc>) -> Result<bool, StoreError> {
        self.turn(occurrence, "state = 'refused', claimed_at = ifnull(claimed_at, ?2)", "state = 'claimed'", now).await
    }

    /// Keeps with which run an occurrence is shown.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be kept.
    pub async fn occurrence_run(&self, occurrence: OccurrenceId, run: RunId) -> Result<(), StoreError> {
        self.named(async {
            let mut db = self.change().await?;
            sqlx::query("UPDATE occurrence SET run = ? WHERE id = ?")
                .bind(run.0)
                .bind(occurrence.0)
                .execute(&mut *db)
                .await?;
            Ok(db.commit().await?)
        })
        .await
    }

    /// Keeps where a claimed occurrence was posted, and when who is reminded. Gives whether it was still claimed.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be kept; then nothing of it was.
    pub async fn occurrence_posted(
        &self,
        occurrence: OccurrenceId,
        place: MessagePlace,
        reminders: &[NewNotice],
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        self.named(async {
            let mut db = self.change().await?;
            let rows = sqlx::query(
                "UPDATE occurrence SET state = 'posted', channel = ?, message = ?, posted_at = ?
                 WHERE id = ? AND state = 'claimed'",
            )
            .bind(column(place.channel))
            .bind(column(place.message))
            .bind(millis(now))
            .bind(occurrence.0)
            .execute(&mut *db)
            .await?
            .rows_affected();
            if rows == 1 {
                // What is signed or withdrawn later is shown in every message of the run.
                sqlx::query(
                    "INSERT INTO run_place (run, channel, message, told)
                     SELECT run, ?, ?, 1 FROM occurrence WHERE id = ? AND run IS NOT NULL ON CONFLICT DO NOTHING",
                )
                .bind(column(place.channel))
                .bind(column(place.message))
                .bind(occurrence.0)
                .execute(&mut *db)
                .await?;
                for reminder in reminders {
                    keep_notice(&mut db, reminder).await?;
                }
            }
            db.commit().await?;
            Ok(rows == 1)
        })
        .await
    }

    /// One step: a conditional change of one row.
    async fn turn(
        &self,
        occurrence: OccurrenceId,
        to: &str,
        from: &str,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        self.named(async {
            let query = format!("UPDATE occurrence SET {to} WHERE id = ?1 AND {from}");
            let mut db = self.change().await?;
            let rows = sqlx::query(sqlx::AssertSqlSafe(query))
                .bind(occurrence.0)
                .bind(millis(now))
                .execute(&mut *db)
                .await?
                .rows_affected();
            db.commit().await?;
            Ok(rows == 1)
        })
        .await
    }
}
