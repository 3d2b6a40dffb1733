//! The messages that show runs, and which of them have not been told how their run ended.

use sqlx::sqlite::SqliteConnection;

use super::Store;
use super::convert::{column, id};
use super::error::{Fault, StoreError};
use crate::domain::run::{MessagePlace, RunId};

/// A message that shows a run which has ended, and does not say so yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Untold {
    /// The run, which is kept as finished or as interrupted.
    pub run: RunId,
    /// The message.
    pub place: MessagePlace,
    /// Which hosts were asked for, where the message shows several side by side.
    pub target: Option<String>,
}

impl Store {
    /// Keeps that `run` is shown in the message `place`. A run may be shown in several; the same one twice is once.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be kept, as when there is no such run.
    pub async fn show_in(&self, run: RunId, place: MessagePlace) -> Result<(), StoreError> {
        self.named(async {
            let mut db = self.change().await?;
            sqlx::query("INSERT INTO run_place (run, channel, message) VALUES (?, ?, ?) ON CONFLICT DO NOTHING")
                .bind(run.0)
                .bind(column(place.channel))
                .bind(column(place.message))
                .execute(&mut *db)
                .await?;
            Ok(db.commit().await?)
        })
        .await
    }

    /// Keeps that `run` is shown in the message `place` beside the same checklist's runs on other hosts; `target` says which
    /// were asked for.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be kept, as when there is no such run.
    pub async fn show_beside(&self, run: RunId, place: MessagePlace, target: &str) -> Result<(), StoreError> {
        self.named(async {
            let mut db = self.change().await?;
            sqlx::query(
                "INSERT INTO run_place (run, channel, message, target) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
            )
            .bind(run.0)
            .bind(column(place.channel))
            .bind(column(place.message))
            .bind(target)
            .execute(&mut *db)
            .await?;
            Ok(db.commit().await?)
        })
        .await
    }

    /// The runs that the message `place` shows, by host.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn shown_in(&self, place: MessagePlace) -> Result<Vec<RunId>, StoreError> {
        self.named(async {
            let rows: Vec<i64> = sqlx::query_scalar(
                "SELECT place.run FROM run_place AS place JOIN run ON run.id = place.run
                 WHERE place.message = ? AND place.channel = ? AND place.target IS NOT NULL ORDER BY run.host, place.run",
            )
            .bind(column(place.message))
            .bind(column(place.channel))
            .fetch_all(&mut *self.view().await?)
            .await?;
            Ok(rows.into_iter().map(RunId).collect())
        })
        .await
    }

    /// The messages in which `run` is shown, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn places(&self, run: RunId) -> Result<Vec<MessagePlace>, StoreError> {
        self.named(async { places(&mut *self.view().await?, run).await }).await
    }

    /// The messages whose run has ended and that were never [`Store::told`] so, the oldest run first: whoever should have
    /// edited them was killed in between, or Discord did not take it.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn untold(&self) -> Result<Vec<Untold>, StoreError> {
        self.named(async {
            let rows: Vec<(i64, i64, i64, Option<String>)> = sqlx::query_as(
                "SELECT place.run, place.channel, place.message, place.target FROM run_place AS place JOIN run ON run.id = place.run
                 WHERE place.told = 0 AND run.state <> 'running' ORDER BY place.run, place.message",
            )
            .fetch_all(&mut *self.view().await?)
            .await?;
            let untold =
                |(run, channel, message, target)| Untold { run: RunId(run), place: place(channel, message), target };
            Ok(rows.into_iter().map(untold).collect())
        })
        .await
    }

    /// Keeps that the message `place` says how `run` ended, or that it never can: it was deleted.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be kept.
    pub async fn told(&self, run: RunId, place: MessagePlace) -> Result<(), StoreError> {
        self.named(async {
            let mut db = self.change().await?;
            sqlx::query("UPDATE run_place SET told = 1 WHERE run = ? AND channel = ? AND message = ?")
                .bind(run.0)
                .bind(column(place.channel))
                .bind(column(place.message))
                .execute(&mut *db)
                .await?;
            Ok(db.commit().await?)
        })
        .await
    }
}

/// The messages in which `run` is shown, the oldest first: Discord's ids grow with time.
pub(super) async fn places(db: &mut SqliteConnection, run: RunId) -> Result<Vec<MessagePlace>, Fault> {
    let rows: Vec<(i64, i64)> =
        sqlx::query_as("SELECT channel, message FROM run_place WHERE run = ? ORDER BY message, channel")
            .bind(run.0)
            .fetch_all(db)
            .await?;
    Ok(rows.into_iter().map(|(channel, message)| place(channel, message)).collect())
}

const fn place(channel: i64, message: i64) -> MessagePlace {
    MessagePlace { channel: id(channel), message: id(message) }
}
