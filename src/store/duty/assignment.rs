//! Who has to look at an occurrence. The latest word counts, and every earlier one stays.

use chrono::{DateTime, Utc};
use sqlx::sqlite::SqliteConnection;

use crate::domain::duty::OccurrenceId;
use crate::store::Store;
use crate::store::convert::{column, id, millis};
use crate::store::error::{Fault, StoreError};

impl Store {
    /// Keeps that `people` have to look at an occurrence: by whose word, or by the rota's.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be kept.
    pub async fn assign(
        &self,
        occurrence: OccurrenceId,
        people: &[u64],
        by: Option<u64>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.named(async {
            let mut db = self.change().await?;
            let assignment: i64 = sqlx::query_scalar(
                "INSERT INTO assignment (occurrence, assigned_at, assigned_by) VALUES (?, ?, ?) RETURNING id",
            )
            .bind(occurrence.0)
            .bind(millis(now))
            .bind(by.map(column))
            .fetch_one(&mut *db)
            .await?;
            for person in people {
                sqlx::query("INSERT INTO assignee (assignment, person) VALUES (?, ?) ON CONFLICT DO NOTHING")
                    .bind(assignment)
                    .bind(column(*person))
                    .execute(&mut *db)
                    .await?;
            }
            Ok(db.commit().await?)
        })
        .await
    }
}

/// Who has to look at `occurrence`, by the latest word.
pub(super) async fn people_of(db: &mut SqliteConnection, occurrence: OccurrenceId) -> Result<Vec<u64>, Fault> {
    let people: Vec<i64> = sqlx::query_scalar(
        "SELECT person FROM assignee
         WHERE assignment = (SELECT max(id) FROM assignment WHERE occurrence = ?) ORDER BY person",
    )
    .bind(occurrence.0)
    .fetch_all(db)
    .await?;
    Ok(people.into_iter().map(id).collect())
}
