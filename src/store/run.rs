//! The life of a run: begun, shown, and ended or cut off.

use chrono::{DateTime, Utc};
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{FromRow, Row};

use super::convert::{Reader, column, id, json, millis};
use super::error::{Fault, StoreError};
use super::{Store, message};
use crate::domain::report::{Report, ReportedSection};
use crate::domain::run::{MessagePlace, NewRun, Origin, RunId};

/// A run that was cut off, and the messages that show it.
#[derive(Clone, Debug, PartialEq)]
pub struct Interrupted {
    /// Its number.
    pub id: RunId,
    /// As it was begun.
    pub run: NewRun,
    /// The messages in which it is shown, the oldest first.
    pub places: Vec<MessagePlace>,
}

impl Store {
    /// Keeps that `run` begins, and numbers it.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be kept.
    pub async fn begin_run(&self, run: &NewRun) -> Result<RunId, StoreError> {
        self.named(async {
            let mut db = self.change().await?;
            let id = begin(&mut db, run).await?;
            db.commit().await?;
            Ok(id)
        })
        .await
    }

    /// Keeps that `run` was interrupted at `now`. Gives back whether it was: a run that has ended stays as it ended.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be kept.
    pub async fn interrupt_run(&self, run: RunId, now: DateTime<Utc>) -> Result<bool, StoreError> {
        self.named(async {
            let mut db = self.change().await?;
            let rows = sqlx::query(
                "UPDATE run SET state = 'interrupted', ended_at = max(?2, started_at) WHERE id = ?1 AND state = 'running'",
            )
            .bind(run.0)
            .bind(millis(now))
            .execute(&mut *db)
            .await?
            .rows_affected();
            db.commit().await?;
            Ok(rows == 1)
        })
        .await
    }

    /// Interrupts every run that should have ended before `now`, and gives each back, or why its row cannot be read; it
    /// is interrupted all the same.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be kept.
    pub async fn interrupt_overdue(
        &self,
        now: DateTime<Utc>,
    ) -> Result<Vec<Result<Interrupted, StoreError>>, StoreError> {
        let overdue = "UPDATE run SET state = 'interrupted', ended_at = max(?1, started_at)
                       WHERE state = 'running' AND deadline_at < ?1 RETURNING *";
        self.interrupt(overdue, now).await
    }

    /// Interrupts every run that was begun in Discord or by the clock and still goes on: when the bot starts, its own death has cut them
    /// off, whatever their deadlines. Gives each back as [`Store::interrupt_overdue`] does.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be kept.
    pub async fn interrupt_all_of_discord(
        &self,
        now: DateTime<Utc>,
    ) -> Result<Vec<Result<Interrupted, StoreError>>, StoreError> {
        let of_discord = "UPDATE run SET state = 'interrupted', ended_at = max(?1, started_at)
                          WHERE state = 'running' AND origin IN ('discord', 'schedule') RETURNING *";
        self.interrupt(of_discord, now).await
    }

    async fn interrupt(
        &self,
        sql: &'static str,
        now: DateTime<Utc>,
    ) -> Result<Vec<Result<Interrupted, StoreError>>, StoreError> {
        let rows = self.named(async {
            let mut db = self.change().await?;
            let rows = sqlx::query(sql).bind(millis(now)).fetch_all(&mut *db).await?;
            let interrupted = with_places(&mut db, rows).await?;
            db.commit().await?;
            Ok(interrupted)
        });
        let named = |row: Result<_, Fault>| row.map_err(|fault| StoreError { path: self.path.clone(), fault });
        Ok(rows.await?.into_iter().map(named).collect())
    }
}

async fn begin(db: &mut SqliteConnection, run: &NewRun) -> Result<RunId, Fault> {
    let (origin, user, channel, login) = match &run.origin {
        Origin::Discord { user, channel } => ("discord", Some(column(*user)), Some(column(*channel)), None),
        Origin::Terminal { user } => ("terminal", None, None, Some(user)),
        Origin::Schedule => ("schedule", None, None, None),
    };
    let id = sqlx::query_scalar(
        "INSERT INTO run (command, title, host, host_title, origin, discord_user, discord_channel, login, started_at,
                          deadline_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
    )
    .bind(&run.command)
    .bind(json(&run.title)?)
    .bind(&run.host)
    .bind(json(&run.host_title)?)
    .bind(origin)
    .bind(user)
    .bind(channel)
    .bind(login)
    .bind(millis(run.started_at))
    .bind(millis(run.deadline_at))
    .fetch_one(db)
    .await?;
    Ok(RunId(id))
}

/// A row of `run`.
#[derive(FromRow)]
pub(super) struct RunRow {
    pub(super) id: i64,
    pub(super) command: String,
    pub(super) title: String,
    pub(super) host: String,
    pub(super) host_title: String,
    pub(super) state: String,
    origin: String,
    discord_user: Option<i64>,
    discord_channel: Option<i64>,
    login: Option<String>,
    pub(super) started_at: i64,
    deadline_at: i64,
    pub(super) ended_at: Option<i64>,
    pub(super) outline: Option<i64>,
    pub(super) during: Option<String>,
    pub(super) difference: Option<String>,
}

impl RunRow {
    pub(super) fn reader(&self) -> Reader {
        Reader::new("run", self.id)
    }

    /// Who asked, and from where.
    fn origin(&self) -> Result<Origin, Fault> {
        let reader = self.reader();
        match self.origin.as_str() {
            "discord" => Ok(Origin::Discord {
                user: id(reader.given("discord_user", self.discord_user)?),
                channel: id(reader.given("discord_channel", self.discord_channel)?),
            }),
            "terminal" => Ok(Origin::Terminal { user: reader.given("login", self.login.clone())? }),
            "schedule" => Ok(Origin::Schedule),
            other => Err(reader.fault(format_args!("origin is `{other}`"))),
        }
    }

    /// The run as the report that it came to, with what it found in `sections`.
    pub(super) fn report(&self, sections: Vec<ReportedSection>) -> Result<Report, Fault> {
        let reader = self.reader();
        Ok(Report {
            command: self.command.clone(),
            title: reader.json("title", &self.title)?,
            host: self.host.clone(),
            host_title: reader.json("host_title", &self.host_title)?,
            started_at: reader.time("started_at", self.started_at)?,
            finished_at: reader.time("ended_at", reader.given("ended_at", self.ended_at)?)?,
            sections,
            during: reader.json_list("during", self.during.as_deref())?,
            difference: self.difference.as_deref().map(|json| reader.json("difference", json)).transpose()?,
        })
    }

    /// The run as it was begun.
    pub(super) fn begun(&self) -> Result<NewRun, Fault> {
        let reader = self.reader();
        Ok(NewRun {
            command: self.command.clone(),
            title: reader.json("title", &self.title)?,
            host: self.host.clone(),
            host_title: reader.json("host_title", &self.host_title)?,
            origin: self.origin()?,
            started_at: reader.time("started_at", self.started_at)?,
            deadline_at: reader.time("deadline_at", self.deadline_at)?,
        })
    }
}

/// The runs of `rows`, the oldest first, each with the messages that show it; or why its row cannot be read.
async fn with_places(
    db: &mut SqliteConnection,
    rows: Vec<SqliteRow>,
) -> Result<Vec<Result<Interrupted, Fault>>, Fault> {
    let mut numbered: Vec<(i64, SqliteRow)> = Vec::with_capacity(rows.len());
    for row in rows {
        numbered.push((row.try_get("id")?, row));
    }
    // `RETURNING` gives rows in no order.
    numbered.sort_by_key(|(id, _)| *id);
    let mut interrupted = Vec::with_capacity(numbered.len());
    for (number, row) in numbered {
        let id = RunId(number);
        let places = message::places(&mut *db, id).await?;
        let row = RunRow::from_row(&row).map_err(|error| Fault::reading("run", number, error));
        interrupted.push(row.and_then(|row| row.begun()).map(|run| Interrupted { id, run, places }));
    }
    Ok(interrupted)
}
