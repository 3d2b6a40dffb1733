//! What findings still owe: a ping to who has something urgent, and a word to the issue tracker.

use chrono::{DateTime, Utc};

use super::Store;
use super::convert::{column, id, millis};
use super::error::StoreError;
use super::finding::read_one;
use crate::domain::finding::{Finding, FindingId};
use crate::domain::run::MessagePlace;

/// Somebody who must hear of an urgent finding.
#[derive(Clone, Debug, PartialEq)]
pub struct OwedPing {
    /// The finding, as it stands now.
    pub finding: Finding,
    /// The step that made it theirs and urgent.
    pub step: i64,
    /// Who.
    pub person: u64,
}

/// A step that the issue tracker has not accepted yet.
#[derive(Clone, Debug, PartialEq)]
pub struct OwedHook {
    /// The finding, as it stands now.
    pub finding: Finding,
    /// The step; 0: its filing.
    pub step: i64,
    /// How often it was refused.
    pub tries: i64,
}

impl Store {
    /// The pings that findings still owe, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read, or a row of these.
    pub async fn owed_pings(&self) -> Result<Vec<OwedPing>, StoreError> {
        self.named(async {
            let mut db = self.view().await?;
            let rows: Vec<(i64, i64, i64)> =
                sqlx::query_as("SELECT finding, seq, person FROM finding_ping WHERE told = 0 ORDER BY finding, seq")
                    .fetch_all(&mut *db)
                    .await?;
            let mut owed = Vec::with_capacity(rows.len());
            for (finding, step, person) in rows {
                let Some(finding) = read_one(&mut db, FindingId(finding)).await? else { continue };
                owed.push(OwedPing { finding, step, person: id(person) });
            }
            Ok(owed)
        })
        .await
    }

    /// Keeps that a ping was given at `place`, or never can be.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be kept.
    pub async fn pinged(&self, finding: FindingId, step: i64, place: Option<MessagePlace>) -> Result<(), StoreError> {
        self.named(async {
            let mut db = self.change().await?;
            sqlx::query("UPDATE finding_ping SET told = 1, channel = ?, message = ? WHERE finding = ? AND seq = ?")
                .bind(place.map(|place| column(place.channel)))
                .bind(place.map(|place| column(place.message)))
                .bind(finding.0)
                .bind(step)
                .execute(&mut *db)
                .await?;
            Ok(db.commit().await?)
        })
        .await
    }

    /// The steps that the issue tracker is to hear of at `now`, in order. Of one finding the earlier comes first, so that
    /// no later one is sent before it was accepted.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read, or a row of these.
    pub async fn owed_hooks(&self, now: DateTime<Utc>) -> Result<Vec<OwedHook>, StoreError> {
        self.named(async {
            let mut db = self.view().await?;
            let rows: Vec<(i64, i64, i64)> = sqlx::query_as(
                "SELECT finding, seq, tries FROM finding_hook AS hook WHERE accepted = 0 AND next_at <= ?1
                 AND seq = (SELECT min(seq) FROM finding_hook WHERE finding = hook.finding AND accepted = 0)
                 ORDER BY finding LIMIT 100",
            )
            .bind(millis(now))
            .fetch_all(&mut *db)
            .await?;
            let mut owed = Vec::with_capacity(rows.len());
            for (finding, step, tries) in rows {
                let Some(finding) = read_one(&mut db, FindingId(finding)).await? else { continue };
                owed.push(OwedHook { finding, step, tries });
            }
            Ok(owed)
        })
        .await
    }

    /// Keeps that the issue tracker accepted a step, or, where it did not, that it is asked again at `again`. What it accepted
    /// once stays so.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be kept.
    pub async fn hook_told(
        &self,
        finding: FindingId,
        step: i64,
        again: Option<DateTime<Utc>>,
    ) -> Result<(), StoreError> {
        self.named(async {
            let mut db = self.change().await?;
            sqlx::query(
                "UPDATE finding_hook SET accepted = ?3 IS NULL, next_at = ifnull(?3, next_at), tries = tries + 1
                 WHERE finding = ?1 AND seq = ?2 AND accepted = 0",
            )
            .bind(finding.0)
            .bind(step)
            .bind(again.map(millis))
            .execute(&mut *db)
            .await?;
            Ok(db.commit().await?)
        })
        .await
    }
}
