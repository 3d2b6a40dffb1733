//! Requests as they are read.

use chrono::{DateTime, Utc};
use sqlx::sqlite::SqliteConnection;

use super::super::Store;
use super::super::convert::{Reader, id, millis};
use super::super::error::{Fault, StoreError};
use crate::domain::action::Risk;
use crate::domain::approval::{
    Decision, KeptRequest, Needed, NewRequest, Request, RequestId, Review, State, Terms, Word,
};
use crate::domain::digest::Digest;
use crate::domain::report::Meanwhile;
use crate::domain::run::MessagePlace;

/// An act that runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Running {
    /// Its request.
    pub request: RequestId,
    /// The action, by name.
    pub action: String,
    /// Since when it runs.
    pub begun_at: DateTime<Utc>,
}

#[derive(sqlx::FromRow)]
pub(super) struct Row {
    id: i64,
    action: String,
    title: String,
    risk: String,
    host: String,
    host_title: String,
    arguments: String,
    interrupts: String,
    outlook: String,
    before: String,
    remedy_of: Option<String>,
    version: Vec<u8>,
    binding: Vec<u8>,
    needed: String,
    approvals: u32,
    not_before: Option<i64>,
    runbook: Option<i64>,
    requester: i64,
    requester_name: String,
    reason: String,
    asked_at: i64,
    expires_at: i64,
    state: String,
    begun_at: Option<i64>,
    ended_at: Option<i64>,
    why: Option<String>,
    outcome: Option<String>,
    channel: i64,
    parent: Option<i64>,
    message: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct DecisionRow {
    id: i64,
    kind: String,
    person: i64,
    name: String,
    reason: Option<String>,
    at: i64,
}

#[derive(sqlx::FromRow)]
struct ReviewRow {
    person: Option<i64>,
    name: Option<String>,
    note: Option<String>,
    reviewed_at: Option<i64>,
}

impl Store {
    /// One request.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn request(&self, request: RequestId) -> Result<Option<KeptRequest>, StoreError> {
        self.named(async { one(&mut *self.view().await?, request).await }).await
    }

    /// The requests that wait for somebody's word, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn waiting_requests(&self) -> Result<Vec<KeptRequest>, StoreError> {
        self.requests("SELECT id FROM request WHERE state IN ('requested', 'approved') ORDER BY id").await
    }

    /// The requests whose act was begun and has not ended, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn running_requests(&self) -> Result<Vec<KeptRequest>, StoreError> {
        self.requests("SELECT id FROM request WHERE state = 'running' ORDER BY id").await
    }

    /// The requests whose message does not say yet what happened last, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn untold_requests(&self) -> Result<Vec<KeptRequest>, StoreError> {
        self.requests("SELECT id FROM request WHERE told = 0 ORDER BY id").await
    }

    /// The act that runs on `host`.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read, or the row of it.
    pub async fn running_on(&self, host: &str) -> Result<Option<Running>, StoreError> {
        self.named(async {
            let row: Option<(i64, String, i64)> =
                sqlx::query_as("SELECT id, action, begun_at FROM request WHERE host = ? AND state = 'running'")
                    .bind(host)
                    .fetch_optional(&mut *self.view().await?)
                    .await?;
            let read = |(id, action, begun_at): (i64, String, i64)| {
                let begun_at = Reader::new("request", id).time("begun_at", begun_at)?;
                Ok(Running { request: RequestId(id), action, begun_at })
            };
            row.map(read).transpose()
        })
        .await
    }

    /// The acts that ran on `host` at any time from `from` to `to`, the oldest first. What ended as the time began is over.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read, or a row of it.
    pub async fn acts_during(
        &self,
        host: &str,
        (from, to): (DateTime<Utc>, DateTime<Utc>),
    ) -> Result<Vec<Meanwhile>, StoreError> {
        self.named(async {
            let rows: Vec<(i64, String)> = sqlx::query_as(
                "SELECT id, title FROM request WHERE host = ?1 AND state = 'running' AND begun_at <= ?3
                 UNION ALL
                 SELECT id, title FROM request
                 WHERE host = ?1 AND begun_at IS NOT NULL AND ended_at > ?2 AND begun_at <= ?3 ORDER BY id",
            )
            .bind(host)
            .bind(millis(from))
            .bind(millis(to))
            .fetch_all(&mut *self.view().await?)
            .await?;
            let read = |(id, title): (i64, String)| {
                Ok(Meanwhile { request: id, title: Reader::new("request", id).json("title", &title)? })
            };
            rows.into_iter().map(read).collect()
        })
        .await
    }

    async fn requests(&self, ids: &'static str) -> Result<Vec<KeptRequest>, StoreError> {
        self.named(async {
            let mut view = self.view().await?;
            let ids: Vec<i64> = sqlx::query_scalar(ids).fetch_all(&mut *view).await?;
            let mut requests = Vec::with_capacity(ids.len());
            for id in ids {
                match one(&mut view, RequestId(id)).await {
                    Ok(request) => requests.extend(request),
                    // One row that cannot be read must not keep the others from their end.
                    Err(fault) => tracing::error!(request = id, %fault, "a request cannot be read"),
                }
            }
            Ok(requests)
        })
        .await
    }
}

/// The request `id`, with all that was said to it.
pub(in crate::store) async fn one(db: &mut SqliteConnection, request: RequestId) -> Result<Option<KeptRequest>, Fault> {
    let row: Option<Row> =
        sqlx::query_as("SELECT * FROM request WHERE id = ?").bind(request.0).fetch_optional(&mut *db).await?;
    let Some(row) = row else { return Ok(None) };
    let said: Vec<DecisionRow> =
        sqlx::query_as("SELECT id, kind, person, name, reason, at FROM decision WHERE request = ? ORDER BY id")
            .bind(request.0)
            .fetch_all(&mut *db)
            .await?;
    let review: Option<ReviewRow> =
        sqlx::query_as("SELECT person, name, note, reviewed_at FROM review WHERE request = ?")
            .bind(request.0)
            .fetch_optional(&mut *db)
            .await?;
    let held: Option<ReviewRow> = sqlx::query_as(
        "SELECT released_by AS person, name, reason AS note, released_at AS reviewed_at FROM host_lock WHERE request = ?",
    )
    .bind(request.0)
    .fetch_optional(db)
    .await?;
    let said = said.into_iter().map(DecisionRow::read).collect::<Result<_, _>>()?;
    let review = review.map(|row| row.read(request)).transpose()?;
    let held = held.map(|row| row.read(request)).transpose()?;
    row.read(said, review, held).map(Some)
}

impl Row {
    fn read(
        self,
        decisions: Vec<Decision>,
        review: Option<Option<Review>>,
        held: Option<Option<Review>>,
    ) -> Result<KeptRequest, Fault> {
        let reader = Reader::new("request", self.id);
        let time = |column: &str, at: Option<i64>| at.map(|at| reader.time(column, at)).transpose();
        let digest = |column: &str, bytes: &[u8]| reader.given(column, <[u8; 32]>::try_from(bytes).ok().map(Digest));
        let needed = match self.needed.as_str() {
            "confirmation" => Needed::Confirmation,
            "approvals" => Needed::Approvals(self.approvals),
            "break-glass" => {
                Needed::BreakGlass { from: reader.given("not_before", time("not_before", self.not_before)?)? }
            }
            other => return Err(reader.fault(format_args!("needed is `{other}`"))),
        };
        let terms = Terms {
            requester: id(self.requester),
            needed,
            asked_at: reader.time("asked_at", self.asked_at)?,
            expires_at: reader.time("expires_at", self.expires_at)?,
            binding: digest("binding", &self.binding)?,
        };
        let state = reader.named("state", &self.state, State::from_name)?;
        let agreed = decisions.iter().filter(|said| said.word == Word::Approve).map(|said| said.by).collect();
        Ok(KeptRequest {
            id: RequestId(self.id),
            request: Request::recorded(terms.clone(), state, agreed),
            asked: NewRequest {
                action: self.action,
                title: reader.json("title", &self.title)?,
                risk: reader.named("risk", &self.risk, Risk::from_name)?,
                host: self.host,
                host_title: reader.json("host_title", &self.host_title)?,
                arguments: reader.json("arguments", &self.arguments)?,
                interrupts: reader.json("interrupts", &self.interrupts)?,
                outlook: reader.json("outlook", &self.outlook)?,
                before: reader.json("before", &self.before)?,
                remedy_of: self.remedy_of.map(|of| reader.json("remedy_of", &of)).transpose()?,
                version: digest("version", &self.version)?,
                terms,
                runbook: self.runbook,
                requester_name: self.requester_name,
                reason: self.reason,
                channel: id(self.channel),
                parent: self.parent.map(id),
            },
            decisions,
            begun_at: time("begun_at", self.begun_at)?,
            ended_at: time("ended_at", self.ended_at)?,
            why: self.why.map(|why| reader.json("why", &why)).transpose()?,
            outcome: self.outcome.map(|outcome| reader.json("outcome", &outcome)).transpose()?,
            place: self.message.map(|message| MessagePlace { channel: id(self.channel), message: id(message) }),
            review,
            held,
        })
    }
}

impl DecisionRow {
    fn read(self) -> Result<Decision, Fault> {
        let reader = Reader::new("decision", self.id);
        Ok(Decision {
            word: reader.named("kind", &self.kind, Word::from_name)?,
            by: id(self.person),
            name: self.name,
            reason: self.reason,
            at: reader.time("at", self.at)?,
        })
    }
}

impl ReviewRow {
    fn read(self, request: RequestId) -> Result<Option<Review>, Fault> {
        let reader = Reader::new("review", request.0);
        let Some(at) = self.reviewed_at else { return Ok(None) };
        Ok(Some(Review {
            by: (id(reader.given("person", self.person)?), reader.given("name", self.name)?),
            note: self.note.unwrap_or_default(),
            at: reader.time("reviewed_at", at)?,
        }))
    }
}

/// The columns of whose word it takes.
pub(super) fn columns(needed: Needed) -> (&'static str, u32, Option<i64>) {
    match needed {
        Needed::Confirmation => ("confirmation", 0, None),
        Needed::Approvals(count) => ("approvals", count, None),
        Needed::BreakGlass { from } => ("break-glass", 0, Some(millis(from))),
    }
}
