//! Sign-offs: rows that are only ever added, each after the one that says how its case stands.

use chrono::{DateTime, Utc};
use sqlx::sqlite::SqliteConnection;

use super::audit::{append, by_person};
use super::convert::{Reader, column, id, json, millis};
use super::error::{Fault, StoreError};
use super::{Store, kept};
use crate::domain::audit::{self, Actor, Deed};
use crate::domain::calendar::Calendar;
use crate::domain::digest::Digest;
use crate::domain::report::Report;
use crate::domain::run::RunId;
use crate::domain::signoff::draft::{Attested, Said, Statement};
use crate::domain::signoff::{Case, Entry, Illegal, ResultHash, SignOffId, Signature, Standing, worse};
use crate::domain::words::{Who, Words};

/// What came of signing.
#[derive(Clone, Debug, PartialEq)]
pub enum Signing {
    /// It is signed.
    Signed(Signature),
    /// Somebody else was first.
    Taken(Box<Signature>),
    /// There is a later result of the same, which nobody has looked at.
    Newer(RunId),
    /// What is kept as the result is not what was looked at.
    Altered,
}

/// What came of taking a sign-off back.
#[derive(Clone, Debug, PartialEq)]
pub enum Withdrawing {
    /// It holds no longer.
    Withdrawn(Signature),
    /// It held no longer already, or never did.
    NotSigned,
}

/// A row of `sign_entry`.
#[derive(sqlx::FromRow)]
pub(super) struct EntryRow {
    pub(super) id: i64,
    pub(super) command: String,
    pub(super) host: String,
    pub(super) every: String,
    pub(super) first_day: String,
    kind: String,
    at: i64,
    pub(super) run: Option<i64>,
    hash: Option<Vec<u8>>,
    person: Option<i64>,
    pub(super) name: Option<String>,
    reason: Option<String>,
    worse: Option<String>,
}

impl EntryRow {
    pub(super) fn read(&self) -> Result<Entry, Fault> {
        let reader = Reader::new("sign_entry", self.id);
        let at = reader.time("at", self.at)?;
        let by = || {
            let person = reader.given("person", self.person)?;
            Ok::<_, Fault>(Who { id: id(person), name: reader.given("name", self.name.clone())? })
        };
        match self.kind.as_str() {
            "signed" => {
                let hash: Option<[u8; 32]> = self.hash.as_deref().and_then(|hash| hash.try_into().ok());
                Ok(Entry::Signed(Signature {
                    id: SignOffId(self.id),
                    run: RunId(reader.given("run", self.run)?),
                    hash: ResultHash(Digest(reader.given("hash", hash)?)),
                    by: by()?,
                    at,
                }))
            }
            "withdrawn" => {
                let reason = reader.given("reason", self.reason.as_deref())?;
                let reason = Words::new(reason).map_err(|error| reader.fault(format_args!("reason {error}")))?;
                Ok(Entry::Withdrawn { by: by()?, at, reason })
            }
            "reopened" => {
                let worse = reader.json("worse", reader.given("worse", self.worse.as_deref())?)?;
                Ok(Entry::Reopened { run: RunId(reader.given("run", self.run)?), at, worse })
            }
            other => Err(reader.fault(format_args!("kind is `{other}`"))),
        }
    }
}

impl Store {
    /// How `case` stands.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read, or a row of the case.
    pub async fn standing(&self, case: &Case) -> Result<Standing, StoreError> {
        self.named(async { Ok(stand(&mut *self.view().await?, case).await?.0) }).await
    }

    /// The latest finished run of `case`, which is one of `calendar`: the one that is to be signed.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn newest_run(&self, case: &Case, calendar: &Calendar<'_>) -> Result<Option<RunId>, StoreError> {
        self.named(async { newest(&mut *self.view().await?, case, calendar).await }).await
    }

    /// Signs `case` for `by` with `statement`, unless it is signed, or its result is not the latest of the case any more.
    /// Of two who sign at once one is first. All messages that show the run are to be told of it. The draft stays: who takes
    /// it back, or whose case is opened again, goes on from there.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be kept; then nothing of it was.
    pub async fn sign(
        &self,
        case: &Case,
        calendar: &Calendar<'_>,
        statement: &Statement,
        by: &Who,
        at: DateTime<Utc>,
    ) -> Result<Signing, StoreError> {
        self.named(async {
            let mut db = self.change().await?;
            let (standing, seq) = stand(&mut db, case).await?;
            if let Standing::Signed(signature) = standing {
                return Ok(Signing::Taken(Box::new(signature)));
            }
            match newest(&mut db, case, calendar).await? {
                Some(newest) if newest != statement.run() => return Ok(Signing::Newer(newest)),
                _ => {}
            }
            let report = kept::report_of(&mut db, statement.run()).await?;
            if report.is_none_or(|report| ResultHash::of(&report) != statement.hash()) {
                return Ok(Signing::Altered);
            }
            let entry: i64 = sqlx::query_scalar(
                "INSERT INTO sign_entry (command, host, every, first_day, seq, kind, at, run, hash, person, name)
                 VALUES (?, ?, ?, ?, ?, 'signed', ?, ?, ?, ?, ?) RETURNING id",
            )
            .bind(&case.command)
            .bind(&case.host)
            .bind(case.period.every().name())
            .bind(case.period.first().to_string())
            .bind(seq + 1)
            .bind(millis(at))
            .bind(statement.run().0)
            .bind(&statement.hash().0.0[..])
            .bind(column(by.id))
            .bind(&by.name)
            .fetch_one(&mut *db)
            .await?;
            keep_statement(&mut db, entry, statement).await?;
            retell(&mut db, statement.run()).await?;
            let signed = by_person(by, at, Deed::SignOff, subject(case))
                .with("kind", "signed")
                .with("run", statement.run().0.to_string())
                .with("hash", statement.hash().0.to_string());
            append(&mut db, &signed).await?;
            db.commit().await?;
            let (run, hash) = (statement.run(), statement.hash());
            Ok(Signing::Signed(Signature { id: SignOffId(entry), run, hash, by: by.clone(), at }))
        })
        .await
    }

    /// Takes the sign-off of `case` back, if it is still the one numbered `signed`.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be kept.
    pub async fn withdraw(
        &self,
        case: &Case,
        signed: SignOffId,
        by: &Who,
        at: DateTime<Utc>,
        reason: &Words,
    ) -> Result<Withdrawing, StoreError> {
        self.named(async {
            let mut db = self.change().await?;
            let (standing, seq) = stand(&mut db, case).await?;
            let entry = Entry::Withdrawn { by: by.clone(), at, reason: reason.clone() };
            let signature = match standing {
                Standing::Signed(signature) if signature.id == signed => signature,
                _ => return Ok(Withdrawing::NotSigned),
            };
            add(&mut db, case, seq + 1, &entry).await?;
            retell(&mut db, signature.run).await?;
            let withdrawn = by_person(by, at, Deed::SignOff, subject(case))
                .with("kind", "withdrawn")
                .with("run", signature.run.0.to_string())
                .with("reason", reason.as_str());
            append(&mut db, &withdrawn).await?;
            db.commit().await?;
            Ok(Withdrawing::Withdrawn(signature))
        })
        .await
    }
}

/// What the audit record calls a case.
pub(super) fn subject(case: &Case) -> String {
    format!("{}:{}:{}", case.command, case.host, case.period.first())
}

/// Opens `case` again where it is signed and `later`, the result of `run`, is worse than what was signed. Part of the change
/// that keeps the result: a kill in between must not leave a good signature on a bad day.
pub(super) async fn reopen_if_worse(
    db: &mut SqliteConnection,
    case: &Case,
    run: RunId,
    later: &Report,
) -> Result<(), Fault> {
    let (standing, seq) = stand(&mut *db, case).await?;
    let Standing::Signed(signature) = standing else { return Ok(()) };
    let Some(signed) = kept::report_of(&mut *db, signature.run).await? else { return Ok(()) };
    let worse = worse(&signed, later);
    if worse.is_empty() {
        return Ok(());
    }
    let checks = worse.iter().map(|check| check.check.as_str()).collect::<Vec<_>>().join(", ");
    add(&mut *db, case, seq + 1, &Entry::Reopened { run, at: later.finished_at, worse }).await?;
    retell(&mut *db, signature.run).await?;
    let reopened = audit::Entry::new(later.finished_at, Actor::Signoff, Deed::SignOff, subject(case))
        .with("kind", "reopened")
        .with("run", run.0.to_string())
        .with("signed", signature.run.0.to_string())
        .with("worse", checks);
    append(db, &reopened).await.map(drop)
}

/// How `case` stands, and how many entries it has.
async fn stand(db: &mut SqliteConnection, case: &Case) -> Result<(Standing, i64), Fault> {
    let rows: Vec<EntryRow> = sqlx::query_as(
        "SELECT * FROM sign_entry WHERE command = ? AND host = ? AND every = ? AND first_day = ? ORDER BY seq",
    )
    .bind(&case.command)
    .bind(&case.host)
    .bind(case.period.every().name())
    .bind(case.period.first().to_string())
    .fetch_all(db)
    .await?;
    let (mut standing, mut count) = (Standing::Open, 0);
    for row in rows {
        let illegal = |error: Illegal| Fault::unreadable("sign_entry", row.id, format_args!("the case {error}"));
        standing = standing.next(row.read()?).map_err(illegal)?;
        count += 1;
    }
    Ok((standing, count))
}

async fn newest(db: &mut SqliteConnection, case: &Case, calendar: &Calendar<'_>) -> Result<Option<RunId>, Fault> {
    let (begins, ends) = calendar.span(case.period);
    // A run ends after it began: the index on its end finds it.
    let run: Option<i64> = sqlx::query_scalar(
        "SELECT id FROM run WHERE command = ?1 AND host = ?2 AND state = 'finished' AND ended_at >= ?3
         AND started_at >= ?3 AND started_at < ?4 ORDER BY ended_at DESC, id DESC LIMIT 1",
    )
    .bind(&case.command)
    .bind(&case.host)
    .bind(millis(begins))
    .bind(millis(ends))
    .fetch_optional(db)
    .await?;
    Ok(run.map(RunId))
}

async fn keep_statement(db: &mut SqliteConnection, entry: i64, statement: &Statement) -> Result<(), Fault> {
    for (position, stated) in (0_i64..).zip(statement.checks()) {
        let (finding, waiver, note) = match &stated.said {
            Some(Said::Finding(finding)) => (Some(finding.0), None, None),
            Some(Said::Waiver(waiver)) => (None, Some(waiver.0), None),
            Some(Said::Note(note)) => (None, None, Some(note.as_str())),
            None => (None, None, None),
        };
        sqlx::query(
            "INSERT INTO sign_check (entry, position, check_id, title, grade, attested, finding, waiver, note)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(entry)
        .bind(position)
        .bind(&stated.check)
        .bind(json(&stated.title)?)
        .bind(stated.grade.name())
        .bind(stated.attested.map(Attested::name))
        .bind(finding)
        .bind(waiver)
        .bind(note)
        .execute(&mut *db)
        .await?;
    }
    for (memo, text) in statement.memos() {
        sqlx::query("INSERT INTO sign_memo (entry, name, text) VALUES (?, ?, ?)")
            .bind(entry)
            .bind(memo.name())
            .bind(text.as_str())
            .execute(&mut *db)
            .await?;
    }
    Ok(())
}

/// Adds what is no signing.
async fn add(db: &mut SqliteConnection, case: &Case, seq: i64, entry: &Entry) -> Result<(), Fault> {
    let (kind, at, run, by, reason, worse) = match entry {
        Entry::Withdrawn { by, at, reason } => ("withdrawn", at, None, Some(by), Some(reason), None),
        Entry::Reopened { run, at, worse } => ("reopened", at, Some(run.0), None, None, Some(json(worse)?)),
        Entry::Signed(_) => return Ok(()),
    };
    sqlx::query(
        "INSERT INTO sign_entry (command, host, every, first_day, seq, kind, at, run, person, name, reason, worse)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(&case.command)
    .bind(&case.host)
    .bind(case.period.every().name())
    .bind(case.period.first().to_string())
    .bind(seq)
    .bind(kind)
    .bind(millis(*at))
    .bind(run)
    .bind(by.map(|by| column(by.id)))
    .bind(by.map(|by| &by.name))
    .bind(reason.map(Words::as_str))
    .bind(worse)
    .execute(db)
    .await?;
    Ok(())
}

/// The messages that show `run` do not say any more how it stands.
async fn retell(db: &mut SqliteConnection, run: RunId) -> Result<(), Fault> {
    sqlx::query("UPDATE run_place SET told = 0 WHERE run = ?").bind(run.0).execute(db).await?;
    Ok(())
}
