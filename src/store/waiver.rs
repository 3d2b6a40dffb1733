//! Waivers: made, ended early, announced a day before they end.

use chrono::{DateTime, Utc};

use super::audit::{append, by_person};
use super::convert::{Reader, column, id, json, millis};
use super::error::{Fault, StoreError};
use super::{Store, draft};
use crate::domain::audit::Deed;
use crate::domain::grade::Grade;
use crate::domain::run::RunId;
use crate::domain::signoff::draft::Said;
use crate::domain::waiver::{Ended, LATE, NewWaiver, Scope, Waiver, WaiverId};
use crate::domain::words::{Who, Words};

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    command: String,
    host: String,
    check_id: String,
    title: String,
    covers: String,
    reason: String,
    person: i64,
    name: String,
    begins: i64,
    until: i64,
    channel: Option<i64>,
    end_at: Option<i64>,
    end_person: Option<i64>,
    end_name: Option<String>,
    end_reason: Option<String>,
}

const ROWS: &str = "SELECT waiver.*, ended.at AS end_at, ended.person AS end_person, ended.name AS end_name,
        ended.reason AS end_reason
     FROM waiver LEFT JOIN waiver_end AS ended ON ended.waiver = waiver.id";

impl Row {
    fn read(self) -> Result<Waiver, Fault> {
        let reader = Reader::new("waiver", self.id);
        let words = |text: &str| Words::new(text).map_err(|error| reader.fault(format_args!("reason {error}")));
        let ended = match (self.end_at, self.end_person, self.end_name, self.end_reason) {
            (Some(at), Some(person), Some(name), Some(reason)) => {
                Some(Ended { by: Who { id: id(person), name }, at: reader.time("at", at)?, reason: words(&reason)? })
            }
            _ => None,
        };
        Ok(Waiver {
            id: WaiverId(self.id),
            made: NewWaiver {
                title: reader.json("title", &self.title)?,
                covers: reader.named("covers", &self.covers, Grade::from_name)?,
                reason: words(&self.reason)?,
                by: Who { id: id(self.person), name: self.name },
                from: reader.time("begins", self.begins)?,
                until: reader.time("until", self.until)?,
                channel: self.channel.map(id),
                scope: Scope { command: self.command, host: self.host, check: self.check_id },
            },
            ended,
        })
    }
}

impl Store {
    /// Makes a waiver for a check of `run`, and notes it in the draft of who makes it. The same one again, as when a click
    /// comes twice, is the one that runs.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be kept; then nothing of it was.
    pub async fn make_waiver(&self, new: &NewWaiver, run: RunId) -> Result<WaiverId, StoreError> {
        self.named(async {
            let mut db = self.change().await?;
            let Scope { command, host, check } = &new.scope;
            let same: Option<i64> = sqlx::query_scalar(
                "SELECT id FROM waiver WHERE command = ? AND host = ? AND check_id = ? AND covers = ? AND reason = ?
                 AND person = ? AND until = ? AND NOT EXISTS (SELECT 1 FROM waiver_end WHERE waiver_end.waiver = waiver.id)",
            )
            .bind(command)
            .bind(host)
            .bind(check)
            .bind(new.covers.name())
            .bind(new.reason.as_str())
            .bind(column(new.by.id))
            .bind(millis(new.until))
            .fetch_optional(&mut *db)
            .await?;
            let waiver: i64 = match same {
                Some(id) => id,
                None => {
                    sqlx::query_scalar(
                        "INSERT INTO waiver (command, host, check_id, title, covers, reason, person, name, begins, until,
                                             channel)
                         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
                    )
                    .bind(command)
                    .bind(host)
                    .bind(check)
                    .bind(json(&new.title)?)
                    .bind(new.covers.name())
                    .bind(new.reason.as_str())
                    .bind(column(new.by.id))
                    .bind(&new.by.name)
                    .bind(millis(new.from))
                    .bind(millis(new.until))
                    .bind(new.channel.map(column))
                    .fetch_one(&mut *db)
                    .await?
                }
            };
            draft::changed(&mut db, run, new.by.id, new.from, |draft| {
                draft.said.insert(check.clone(), Said::Waiver(WaiverId(waiver)));
                draft.forms.remove(check);
            })
            .await?;
            if same.is_none() {
                let entry = by_person(&new.by, new.from, Deed::Waiver, format!("waiver:{waiver}"))
                    .with("kind", "made")
                    .with("check", format!("{command}:{host}:{check}"))
                    .with("until", new.until.to_rfc3339())
                    .with("reason", new.reason.as_str());
                append(&mut db, &entry).await?;
            }
            db.commit().await?;
            Ok(WaiverId(waiver))
        })
        .await
    }

    /// Ends a waiver before its time. Gives back whether it ran until then.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be kept.
    pub async fn end_waiver(&self, waiver: WaiverId, ended: &Ended) -> Result<bool, StoreError> {
        self.named(async {
            let mut db = self.change().await?;
            let rows = sqlx::query(
                "INSERT INTO waiver_end (waiver, at, person, name, reason)
                 SELECT id, ?2, ?3, ?4, ?5 FROM waiver WHERE id = ?1 AND until > ?2 ON CONFLICT DO NOTHING",
            )
            .bind(waiver.0)
            .bind(millis(ended.at))
            .bind(column(ended.by.id))
            .bind(&ended.by.name)
            .bind(ended.reason.as_str())
            .execute(&mut *db)
            .await?
            .rows_affected();
            if rows == 1 {
                let entry = by_person(&ended.by, ended.at, Deed::Waiver, format!("waiver:{}", waiver.0));
                append(&mut db, &entry.with("kind", "ended").with("reason", ended.reason.as_str())).await?;
            }
            db.commit().await?;
            Ok(rows == 1)
        })
        .await
    }

    /// The waiver numbered `waiver`.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read, or its row.
    pub async fn waiver(&self, waiver: WaiverId) -> Result<Option<Waiver>, StoreError> {
        let query = format!("{ROWS} WHERE waiver.id = ?");
        self.named(async {
            let row: Option<Row> = sqlx::query_as(sqlx::AssertSqlSafe(query))
                .bind(waiver.0)
                .fetch_optional(&mut *self.view().await?)
                .await?;
            row.map(Row::read).transpose()
        })
        .await
    }

    /// The waivers of `command` on `host` that run at `now`, the one that ends first first.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read, or a row of these.
    pub async fn waivers_running(
        &self,
        command: &str,
        host: &str,
        now: DateTime<Utc>,
    ) -> Result<Vec<Waiver>, StoreError> {
        let mut found = self.waivers_between(command, host, now, now).await?;
        found.retain(|waiver| waiver.runs_at(now));
        found.sort_by_key(Waiver::over_at);
        Ok(found)
    }

    /// The waivers of `command` on `host` that ran at some time from `from` to `to`, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read, or a row of these.
    pub async fn waivers_between(
        &self,
        command: &str,
        host: &str,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<Vec<Waiver>, StoreError> {
        let query = format!(
            "{ROWS} WHERE command = ? AND host = ? AND until > ? AND begins <= ? AND ifnull(ended.at, until) >= ?
             ORDER BY waiver.id"
        );
        self.named(async {
            let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(query))
                .bind(command)
                .bind(host)
                .bind(millis(from))
                .bind(millis(to))
                .bind(millis(from))
                .fetch_all(&mut *self.view().await?)
                .await?;
            rows.into_iter().map(Row::read).collect()
        })
        .await
    }

    /// The waivers whose end is to be announced at `now`, the one that ends first first.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read, or a row of these.
    pub async fn waivers_to_announce(&self, now: DateTime<Utc>) -> Result<Vec<Waiver>, StoreError> {
        let query = format!(
            "{ROWS} WHERE until > ? AND NOT EXISTS (SELECT 1 FROM waiver_announced AS told WHERE told.waiver = waiver.id)
             ORDER BY until, waiver.id"
        );
        self.named(async {
            let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(query))
                .bind(millis(now.checked_sub_signed(LATE).unwrap_or(now)))
                .fetch_all(&mut *self.view().await?)
                .await?;
            let waivers: Vec<Waiver> = rows.into_iter().map(Row::read).collect::<Result<_, _>>()?;
            Ok(waivers.into_iter().filter(|waiver| waiver.is_to_be_announced(now)).collect())
        })
        .await
    }

    /// Keeps that the end of a waiver was announced, or never can be.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be kept.
    pub async fn waiver_announced(&self, waiver: WaiverId, at: DateTime<Utc>) -> Result<(), StoreError> {
        self.named(async {
            let mut db = self.change().await?;
            sqlx::query("INSERT INTO waiver_announced (waiver, at) VALUES (?, ?) ON CONFLICT DO NOTHING")
                .bind(waiver.0)
                .bind(millis(at))
                .execute(&mut *db)
                .await?;
            Ok(db.commit().await?)
        })
        .await
    }
}
