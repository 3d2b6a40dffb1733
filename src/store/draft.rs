//! What somebody is about to sign, from step to step.

use chrono::{DateTime, Utc};
use sqlx::sqlite::SqliteConnection;

use super::Store;
use super::convert::{Reader, column, json, millis};
use super::error::{Fault, StoreError};
use crate::domain::calendar::Calendar;
use crate::domain::run::RunId;
use crate::domain::signoff::Case;
use crate::domain::signoff::draft::Draft;

impl Store {
    /// What `person` has said so far of the result of `run`; nothing where they have not begun.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read, or this draft.
    pub async fn draft(&self, run: RunId, person: u64) -> Result<Draft, StoreError> {
        self.named(async { read(&mut *self.view().await?, run, person).await }).await
    }

    /// The latest run of `case`, other than `run`, of whose result `person` has said something, by `calendar`: what still
    /// holds of that need not be said again.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn drafted_before(
        &self,
        case: &Case,
        calendar: &Calendar<'_>,
        run: RunId,
        person: u64,
    ) -> Result<Option<RunId>, StoreError> {
        self.named(async {
            let (begins, ends) = calendar.span(case.period);
            let found: Option<i64> = sqlx::query_scalar(
                "SELECT run.id FROM draft JOIN run ON run.id = draft.run
                 WHERE person = ? AND command = ? AND host = ? AND started_at >= ? AND started_at < ? AND run.id <> ?
                 ORDER BY changed_at DESC, run.id DESC LIMIT 1",
            )
            .bind(column(person))
            .bind(&case.command)
            .bind(&case.host)
            .bind(millis(begins))
            .bind(millis(ends))
            .bind(run.0)
            .fetch_optional(&mut *self.view().await?)
            .await?;
            Ok(found.map(RunId))
        })
        .await
    }

    /// Changes it by `change`, and gives back how it is then. Two steps at once, from two devices, both count.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be kept, as when there is no such run.
    pub async fn change_draft(
        &self,
        run: RunId,
        person: u64,
        now: DateTime<Utc>,
        change: impl FnOnce(&mut Draft) + Send,
    ) -> Result<Draft, StoreError> {
        self.named(async {
            let mut db = self.change().await?;
            let draft = changed(&mut db, run, person, now, change).await?;
            db.commit().await?;
            Ok(draft)
        })
        .await
    }

    /// The runs of which `person` has begun to say something, the latest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn drafts_of(&self, person: u64) -> Result<Vec<RunId>, StoreError> {
        self.named(async {
            let query = sqlx::query_scalar("SELECT run FROM draft WHERE person = ? ORDER BY changed_at DESC LIMIT 25");
            let runs: Vec<i64> = query.bind(column(person)).fetch_all(&mut *self.view().await?).await?;
            Ok(runs.into_iter().map(RunId).collect())
        })
        .await
    }
}

async fn read(db: &mut SqliteConnection, run: RunId, person: u64) -> Result<Draft, Fault> {
    let body: Option<String> = sqlx::query_scalar("SELECT body FROM draft WHERE run = ? AND person = ?")
        .bind(run.0)
        .bind(column(person))
        .fetch_optional(db)
        .await?;
    let reader = Reader::new("draft", format_args!("{} {person}", run.0));
    body.map_or_else(|| Ok(Draft::default()), |body| reader.json("body", &body))
}

/// The draft changed by `change`, as part of a larger change.
pub(super) async fn changed(
    db: &mut SqliteConnection,
    run: RunId,
    person: u64,
    now: DateTime<Utc>,
    change: impl FnOnce(&mut Draft),
) -> Result<Draft, Fault> {
    let mut draft = read(&mut *db, run, person).await?;
    change(&mut draft);
    sqlx::query(
        "INSERT INTO draft (run, person, body, changed_at) VALUES (?, ?, ?, ?)
         ON CONFLICT (run, person) DO UPDATE SET body = excluded.body, changed_at = excluded.changed_at",
    )
    .bind(run.0)
    .bind(column(person))
    .bind(json(&draft)?)
    .bind(millis(now))
    .execute(db)
    .await?;
    Ok(draft)
}
