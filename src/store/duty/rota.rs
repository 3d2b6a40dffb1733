//! What people changed about a rota by command.

use chrono::{DateTime, Utc};

use super::notice::keep_notice;
use crate::domain::audit::{Actor, Deed, Entry};
use crate::domain::duty::NewNotice;
use crate::domain::rota::{Change, ChangeId, Kept};
use crate::store::Store;
use crate::store::audit::append;
use crate::store::convert::{Reader, column, id, json, millis};
use crate::store::error::StoreError;

impl Store {
    /// Keeps a change of a rota, who made it, and what is to be told of it.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be kept; then nothing of it was.
    pub async fn change_rota(
        &self,
        change: &Change,
        by: u64,
        told: &[NewNotice],
        now: DateTime<Utc>,
    ) -> Result<ChangeId, StoreError> {
        self.named(async {
            let mut db = self.change().await?;
            let id: i64 = sqlx::query_scalar(
                "INSERT INTO rota_change (change, changed_at, changed_by) VALUES (?, ?, ?) RETURNING id",
            )
            .bind(json(change)?)
            .bind(millis(now))
            .bind(column(by))
            .fetch_one(&mut *db)
            .await?;
            let entry = Entry::new(now, Actor::Discord(by), Deed::Duty, format!("rota-change:{id}"));
            append(&mut db, &entry.with("change", json(change)?)).await?;
            for notice in told {
                keep_notice(&mut db, notice).await?;
            }
            db.commit().await?;
            Ok(ChangeId(id))
        })
        .await
    }

    /// Takes a change back. Gives whether it counted until then.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be kept.
    pub async fn end_rota_change(&self, change: ChangeId, by: u64, now: DateTime<Utc>) -> Result<bool, StoreError> {
        self.named(async {
            let mut db = self.change().await?;
            let rows =
                sqlx::query("UPDATE rota_change SET ended_at = ?, ended_by = ? WHERE id = ? AND ended_at IS NULL")
                    .bind(millis(now))
                    .bind(column(by))
                    .bind(change.0)
                    .execute(&mut *db)
                    .await?
                    .rows_affected();
            if rows == 1 {
                let entry = Entry::new(now, Actor::Discord(by), Deed::Duty, format!("rota-change:{}", change.0));
                append(&mut db, &entry.with("kind", "taken-back")).await?;
            }
            db.commit().await?;
            Ok(rows == 1)
        })
        .await
    }

    /// The changes that count, in the order in which they were made. One that cannot be read is told in the log and left
    /// out: it must not keep a reminder from everybody.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn rota_changes(&self) -> Result<Vec<Kept>, StoreError> {
        self.named(async {
            let rows: Vec<(i64, String, i64, i64)> = sqlx::query_as(
                "SELECT id, change, changed_at, changed_by FROM rota_change WHERE ended_at IS NULL ORDER BY id",
            )
            .fetch_all(&mut *self.view().await?)
            .await?;
            let read = |(number, change, at, by): (i64, String, i64, i64)| {
                let reader = Reader::new("rota_change", number);
                let kept = reader.json::<Change>("change", &change).and_then(|change| {
                    Ok(Kept { id: ChangeId(number), change, by: id(by), at: reader.time("changed_at", at)? })
                });
                kept.inspect_err(|error| tracing::error!(%error, "a change of a rota cannot be read")).ok()
            };
            Ok(rows.into_iter().filter_map(read).collect())
        })
        .await
    }
}
