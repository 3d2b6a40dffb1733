//! Hosts on which nothing is begun: an act was interrupted there, and nobody has looked yet.

use chrono::{DateTime, Utc};

use super::Store;
use super::audit::append;
use super::convert::{Reader, column, millis};
use super::error::StoreError;
use crate::domain::approval::RequestId;
use crate::domain::audit::Entry;

/// A host that an interrupted act holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostLock {
    /// The act's request.
    pub request: RequestId,
    /// Since when.
    pub since: DateTime<Utc>,
}

impl Store {
    /// What holds `host`, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn locks_on(&self, host: &str) -> Result<Vec<HostLock>, StoreError> {
        self.named(async {
            let rows: Vec<(i64, i64, i64)> = sqlx::query_as(
                "SELECT id, request, since FROM host_lock WHERE host = ? AND released_at IS NULL ORDER BY id",
            )
            .bind(host)
            .fetch_all(&mut *self.view().await?)
            .await?;
            rows.into_iter()
                .map(|(id, request, since)| {
                    let since = Reader::new("host_lock", id).time("since", since)?;
                    Ok(HostLock { request: RequestId(request), since })
                })
                .collect()
        })
        .await
    }

    /// Releases the lock of an interrupted act: somebody looked by hand. Gives back whether it held until now.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be kept.
    pub async fn release_lock(
        &self,
        request: RequestId,
        by: (u64, &str),
        reason: &str,
        entry: &Entry,
    ) -> Result<bool, StoreError> {
        self.named(async {
            let mut db = self.change().await?;
            let changed = sqlx::query(
                "UPDATE host_lock SET released_by = ?2, name = ?3, reason = ?4, released_at = max(?5, since)
                 WHERE request = ?1 AND released_at IS NULL",
            )
            .bind(request.0)
            .bind(column(by.0))
            .bind(by.1)
            .bind(reason)
            .bind(millis(entry.at))
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
