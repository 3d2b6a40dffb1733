//! Who has to look at an occurrence. The latest word counts, and every earlier one stays.

use chrono::{DateTime, Utc};
use sqlx::sqlite::SqliteConnection;

use super::notice::keep_notice;
use crate::domain::audit::{Actor, Deed, Entry};
use crate::domain::duty::{NewNotice, OccurrenceId};
use crate::store::Store;
use crate::store::audit::append;
use crate::store::convert::{column, id, json, millis};
use crate::store::error::{Fault, StoreError};

impl Store {
    /// Keeps that `people` have to look at an occurrence, by whose word, and what they are to be told.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be kept; then nothing of it was.
    pub async fn hand_over(
        &self,
        occurrence: OccurrenceId,
        people: &[u64],
        by: u64,
        told: &[NewNotice],
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.named(async {
            let mut db = self.change().await?;
            keep_assignment(&mut db, occurrence, people, Some(by), now).await?;
            let entry = Entry::new(now, Actor::Discord(by), Deed::Duty, format!("occurrence:{}", occurrence.0));
            append(&mut db, &entry.with("people", json(&people)?)).await?;
            for notice in told {
                keep_notice(&mut db, notice).await?;
            }
            Ok(db.commit().await?)
        })
        .await
    }

    /// Keeps who has to look at an occurrence by the rota, before it is posted: what people arrange for it in the moment
    /// between is arranged with them. Somebody's word stands above the rota's. Gives who has to look at it.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be kept.
    pub async fn assign(
        &self,
        occurrence: OccurrenceId,
        people: &[u64],
        now: DateTime<Utc>,
    ) -> Result<Vec<u64>, StoreError> {
        self.named(async {
            let mut db = self.change().await?;
            let latest = sqlx::query_as("SELECT id, assigned_by FROM assignment WHERE occurrence = ? ORDER BY id DESC");
            let latest: Option<(i64, Option<i64>)> = latest.bind(occurrence.0).fetch_optional(&mut *db).await?;
            let kept = people_of(&mut db, occurrence).await?;
            let same = kept.len() == people.len() && kept.iter().all(|person| people.contains(person));
            match latest {
                Some((_, Some(_))) => return Ok(kept),
                Some(_) if same => return Ok(kept),
                Some(_) | None => keep_assignment(&mut db, occurrence, people, None, now).await?,
            }
            let people = people_of(&mut db, occurrence).await?;
            db.commit().await?;
            Ok(people)
        })
        .await
    }
}

/// Keeps that `people` have to look at `occurrence`: by whose word, or by the rota's.
pub(super) async fn keep_assignment(
    db: &mut SqliteConnection,
    occurrence: OccurrenceId,
    people: &[u64],
    by: Option<u64>,
    now: DateTime<Utc>,
) -> Result<(), Fault> {
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
    Ok(())
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
