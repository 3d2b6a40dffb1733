//! What is told unasked besides the reminders themselves: kept, claimed, posted.

use chrono::{DateTime, Utc};
use sqlx::sqlite::SqliteConnection;

use crate::domain::duty::{NewNotice, Notice, NoticeId, NoticeKind, OccurrenceId};
use crate::store::Store;
use crate::store::convert::{Reader, column, id, json, millis};
use crate::store::error::{Fault, StoreError};

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    key: String,
    kind: String,
    occurrence: Option<i64>,
    person: Option<i64>,
    says: Option<String>,
    channel: i64,
    due_at: i64,
    state: String,
}

impl Row {
    fn read(self) -> Result<Notice, Fault> {
        let reader = Reader::new("notice", self.id);
        Ok(Notice {
            id: NoticeId(self.id),
            claimed: self.state == "claimed",
            what: NewNotice {
                kind: reader.named("kind", &self.kind, NoticeKind::from_name)?,
                occurrence: self.occurrence.map(OccurrenceId),
                person: self.person.map(id),
                says: self.says.map(|says| reader.json("says", &says)).transpose()?,
                channel: id(self.channel),
                due_at: reader.time("due_at", self.due_at)?,
                key: self.key,
            },
        })
    }
}

impl Store {
    /// Keeps what is to be told. What is known under its key already stays as it is.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be kept; then none of it was.
    pub async fn notify(&self, notices: &[NewNotice]) -> Result<(), StoreError> {
        self.named(async {
            let mut db = self.change().await?;
            for notice in notices {
                keep_notice(&mut db, notice).await?;
            }
            Ok(db.commit().await?)
        })
        .await
    }

    /// How many notices of a kind became due from `since` on.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn notices_since(&self, kind: NoticeKind, since: DateTime<Utc>) -> Result<i64, StoreError> {
        self.named(async {
            let count = sqlx::query_scalar("SELECT count(*) FROM notice WHERE due_at >= ? AND kind = ?");
            Ok(count.bind(millis(since)).bind(kind.name()).fetch_one(&mut *self.view().await?).await?)
        })
        .await
    }

    /// What is to be told at `now` and was not yet, the oldest first. A row that cannot be read is told in the log and left
    /// out: it must not keep the others from anybody.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn notices_to_post(&self, now: DateTime<Utc>) -> Result<Vec<Notice>, StoreError> {
        self.named(async {
            let rows: Vec<Row> = sqlx::query_as(
                "SELECT id, key, kind, occurrence, person, says, channel, due_at, state FROM notice
                 WHERE state IN ('due', 'claimed') AND due_at <= ? ORDER BY due_at, id",
            )
            .bind(millis(now))
            .fetch_all(&mut *self.view().await?)
            .await?;
            let read =
                |row: Row| row.read().inspect_err(|error| tracing::error!(%error, "a notice cannot be read")).ok();
            Ok(rows.into_iter().filter_map(read).collect())
        })
        .await
    }

    /// The kinds of notices about an occurrence that were due at `now`, told or not, but for those that nobody needs to hear.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn kinds_due(&self, occurrence: OccurrenceId, now: DateTime<Utc>) -> Result<Vec<NoticeKind>, StoreError> {
        self.named(async {
            let kinds: Vec<(i64, String)> = sqlx::query_as(
                "SELECT id, kind FROM notice
                 WHERE occurrence = ? AND due_at <= ? AND state IN ('due', 'claimed', 'posted')",
            )
            .bind(occurrence.0)
            .bind(millis(now))
            .fetch_all(&mut *self.view().await?)
            .await?;
            let read =
                |(id, kind): (i64, String)| Reader::new("notice", id).named("kind", &kind, NoticeKind::from_name);
            kinds.into_iter().map(read).collect()
        })
        .await
    }

    /// Until when somebody wants to hear no more of an occurrence, where they do.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn snoozed_until(&self, occurrence: OccurrenceId) -> Result<Option<DateTime<Utc>>, StoreError> {
        self.named(async {
            let until: Option<i64> = sqlx::query_scalar(
                "SELECT max(due_at) FROM notice WHERE occurrence = ? AND kind = 'snooze' AND state = 'due'",
            )
            .bind(occurrence.0)
            .fetch_one(&mut *self.view().await?)
            .await?;
            until.map(|until| Reader::new("notice of", occurrence.0).time("due_at", until)).transpose()
        })
        .await
    }

    /// Claims a notice, to post it. Gives whether it is the caller's.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be kept: then nothing may be posted.
    pub async fn claim_notice(&self, notice: NoticeId, now: DateTime<Utc>) -> Result<bool, StoreError> {
        self.turn_notice(notice, "state = 'claimed', claimed_at = ?2, message = ?3", "state = 'due'", now, None).await
    }

    /// Keeps where a claimed notice was posted.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be kept.
    pub async fn notice_posted(&self, notice: NoticeId, message: u64, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let posted = "state = 'posted', posted_at = ?2, message = ?3";
        self.turn_notice(notice, posted, "state = 'claimed'", now, Some(message)).await
    }

    /// Keeps that nobody needs to hear of it any more.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be kept.
    pub async fn notice_dropped(&self, notice: NoticeId, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let dropped = "state = 'dropped', claimed_at = ifnull(claimed_at, ?2), message = ?3";
        self.turn_notice(notice, dropped, "state IN ('due', 'claimed')", now, None).await
    }

    /// Keeps that Discord does not take it, for good.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be kept.
    pub async fn notice_refused(&self, notice: NoticeId, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let refused = "state = 'refused', claimed_at = ifnull(claimed_at, ?2), message = ?3";
        self.turn_notice(notice, refused, "state = 'claimed'", now, None).await
    }

    /// One step: a conditional change of one row.
    async fn turn_notice(
        &self,
        notice: NoticeId,
        to: &str,
        from: &str,
        now: DateTime<Utc>,
        message: Option<u64>,
    ) -> Result<bool, StoreError> {
        self.named(async {
            let query = format!("UPDATE notice SET {to} WHERE id = ?1 AND {from}");
            let mut db = self.change().await?;
            let rows = sqlx::query(sqlx::AssertSqlSafe(query))
                .bind(notice.0)
                .bind(millis(now))
                .bind(message.map(column))
                .execute(&mut *db)
                .await?
                .rows_affected();
            db.commit().await?;
            Ok(rows == 1)
        })
        .await
    }
}

/// Keeps what is to be told, unless it is known already.
pub(super) async fn keep_notice(db: &mut SqliteConnection, notice: &NewNotice) -> Result<(), Fault> {
    sqlx::query(
        "INSERT INTO notice (key, kind, occurrence, person, says, channel, due_at)
         VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
    )
    .bind(&notice.key)
    .bind(notice.kind.name())
    .bind(notice.occurrence.map(|occurrence| occurrence.0))
    .bind(notice.person.map(column))
    .bind(notice.says.as_ref().map(json).transpose()?)
    .bind(column(notice.channel))
    .bind(millis(notice.due_at))
    .execute(db)
    .await?;
    Ok(())
}
