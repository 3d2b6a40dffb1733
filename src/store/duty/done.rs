//! What is due and no checklist, as a drill: done by somebody, with no signature.

use chrono::{DateTime, Utc};

use crate::domain::audit::Deed;
use crate::domain::duty::OccurrenceId;
use crate::domain::words::Who;
use crate::store::Store;
use crate::store::audit::{append, by_person};
use crate::store::convert::{column, millis};
use crate::store::error::StoreError;

impl Store {
    /// Keeps that `by` did what is to be done, for what is no checklist and needs no signature. Gives whether it was open.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be kept.
    pub async fn occurrence_done(
        &self,
        occurrence: OccurrenceId,
        by: &Who,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        self.named(async {
            let mut db = self.change().await?;
            let done: Option<(String, String, String)> = sqlx::query_as(
                "UPDATE occurrence SET done_at = ?, done_by = ? WHERE id = ? AND done_at IS NULL
                 RETURNING checklist, host, day",
            )
            .bind(millis(now))
            .bind(column(by.id))
            .bind(occurrence.0)
            .fetch_optional(&mut *db)
            .await?;
            let Some((checklist, host, day)) = done else { return Ok(false) };
            let entry = by_person(by, now, Deed::Duty, format!("{checklist}:{host}:{day}")).with("kind", "done");
            append(&mut db, &entry).await?;
            db.commit().await?;
            Ok(true)
        })
        .await
    }
}
