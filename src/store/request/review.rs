//! The review of what somebody did alone.

use chrono::{DateTime, Utc};

use super::super::Store;
use super::super::audit::append;
use super::super::convert::{column, millis};
use super::super::error::StoreError;
use super::read::one;
use crate::domain::approval::{KeptRequest, RequestId};
use crate::domain::audit::Entry;

impl Store {
    /// What was done alone and waits for somebody else's review, the oldest first; of all hosts, or of one.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn unreviewed(&self, host: Option<&str>) -> Result<Vec<KeptRequest>, StoreError> {
        self.named(async {
            let mut view = self.view().await?;
            let ids: Vec<i64> = sqlx::query_scalar(
                "SELECT request FROM review JOIN request ON request.id = review.request
                 WHERE reviewed_at IS NULL AND (?1 IS NULL OR host = ?1) ORDER BY request",
            )
            .bind(host)
            .fetch_all(&mut *view)
            .await?;
            let mut found = Vec::with_capacity(ids.len());
            for id in ids {
                found.extend(one(&mut view, RequestId(id)).await?);
            }
            Ok(found)
        })
        .await
    }

    /// Keeps that `by` reviewed what was done alone. Gives back whether it did: nobody reviews twice, nor what they did
    /// themselves.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be kept.
    pub async fn review(
        &self,
        request: RequestId,
        (by, name): (u64, &str),
        note: &str,
        at: DateTime<Utc>,
        entry: &Entry,
    ) -> Result<bool, StoreError> {
        self.named(async {
            let mut db = self.change().await?;
            let changed = sqlx::query(
                "UPDATE review SET person = ?2, name = ?3, note = ?4, reviewed_at = ?5
                 WHERE request = ?1 AND reviewed_at IS NULL AND (SELECT requester FROM request WHERE id = ?1) <> ?2",
            )
            .bind(request.0)
            .bind(column(by))
            .bind(name)
            .bind(note)
            .bind(millis(at))
            .execute(&mut *db)
            .await?
            .rows_affected();
            if changed != 1 {
                return Ok(false);
            }
            sqlx::query("UPDATE request SET told = 0 WHERE id = ?").bind(request.0).execute(&mut *db).await?;
            append(&mut db, entry).await?;
            db.commit().await?;
            Ok(true)
        })
        .await
    }
}
