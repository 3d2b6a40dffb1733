//! From when on a schedule counts, and what it plans.

use chrono::{DateTime, Utc};

use crate::domain::schedule::Due;
use crate::store::Store;
use crate::store::convert::{Reader, millis};
use crate::store::error::StoreError;

/// A schedule, for [`Store::since`].
#[derive(Clone, Copy, Debug)]
pub struct Planned<'a> {
    /// The checklist.
    pub checklist: &'a str,
    /// The host.
    pub host: &'a str,
    /// What the schedule says: another text is another schedule.
    pub says: &'a str,
}

impl Store {
    /// From when on a schedule counts: when it was first seen, or first seen as it is now. A clock that was ahead when
    /// that was written does not keep it from ever being due.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be kept.
    pub async fn since(&self, planned: Planned<'_>, now: DateTime<Utc>) -> Result<DateTime<Utc>, StoreError> {
        self.named(async {
            let mut db = self.change().await?;
            let since: i64 = sqlx::query_scalar(
                "INSERT INTO schedule (checklist, host, says, since) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (checklist, host) DO UPDATE SET
                     since = iif(says = excluded.says, min(since, excluded.since), excluded.since),
                     says = excluded.says
                 RETURNING since",
            )
            .bind(planned.checklist)
            .bind(planned.host)
            .bind(planned.says)
            .bind(millis(now))
            .fetch_one(&mut *db)
            .await?;
            db.commit().await?;
            Reader::new("schedule", planned.checklist).time("since", since)
        })
        .await
    }

    /// Keeps that a checklist was due. One that is known already stays as it is.
    ///
    /// # Errors
    /// [`StoreError`] when they could not be kept.
    pub async fn plan(&self, checklist: &str, host: &str, due: &[Due]) -> Result<(), StoreError> {
        self.named(async {
            let mut db = self.change().await?;
            for due in due {
                sqlx::query(
                    "INSERT INTO occurrence (checklist, host, day, named, due_at) VALUES (?, ?, ?, ?, ?)
                     ON CONFLICT DO NOTHING",
                )
                .bind(checklist)
                .bind(host)
                .bind(due.day.to_string())
                .bind(due.named.to_string())
                .bind(millis(due.at))
                .execute(&mut *db)
                .await?;
            }
            Ok(db.commit().await?)
        })
        .await
    }
}
