//! Looking back at one run.

use std::collections::{BTreeMap, HashMap};

use sqlx::sqlite::SqliteConnection;

use super::convert::Reader;
use super::error::{Fault, StoreError};
use super::outline::{Outline, OutlinedCheck};
use super::run::RunRow;
use super::{Store, number};
use crate::domain::evidence::Measurement;
use crate::domain::grade::Grade;
use crate::domain::report::{Report, ReportedCheck, ReportedEvidence, ReportedSection};
use crate::domain::run::{KeptRun, RunId, RunState};

impl Store {
    /// The run `run` as it is kept, where there is one. Of the measurements that are not shown only the numbers come
    /// back, as [`Store::finish_run`] says, without sentence or lines.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read, or a row of this run.
    pub async fn kept_run(&self, run: RunId) -> Result<Option<KeptRun>, StoreError> {
        self.named(async {
            let mut db = self.view().await?;
            let row = sqlx::query_as("SELECT * FROM run WHERE id = ?").bind(run.0).fetch_optional(&mut *db).await;
            whole(&mut db, row.map_err(|error| Fault::reading("run", run.0, error))?).await
        })
        .await
    }

    /// The latest run of `command` on `host` that came to its end.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read, or a row of this run.
    pub async fn latest_finished(&self, command: &str, host: &str) -> Result<Option<KeptRun>, StoreError> {
        self.named(async {
            let mut db = self.view().await?;
            let row = sqlx::query_as(
                "SELECT * FROM run WHERE command = ? AND host = ? AND state = 'finished'
                 ORDER BY ended_at DESC, id DESC LIMIT 1",
            )
            .bind(command)
            .bind(host)
            .fetch_optional(&mut *db)
            .await;
            let latest = format!("(the latest of {command} on {host})");
            whole(&mut db, row.map_err(|error| Fault::reading("run", latest, error))?).await
        })
        .await
    }
}

/// The report of `run`, where it came to its end.
pub(super) async fn report_of(db: &mut SqliteConnection, run: RunId) -> Result<Option<Report>, Fault> {
    let row = sqlx::query_as("SELECT * FROM run WHERE id = ?").bind(run.0).fetch_optional(&mut *db).await;
    Ok(whole(db, row.map_err(|error| Fault::reading("run", run.0, error))?).await?.and_then(|kept| kept.report))
}

async fn whole(db: &mut SqliteConnection, row: Option<RunRow>) -> Result<Option<KeptRun>, Fault> {
    let Some(row) = row else { return Ok(None) };
    let state = row.reader().named("state", &row.state, RunState::from_name)?;
    let report = if state == RunState::Finished { Some(report(db, &row).await?) } else { None };
    Ok(Some(KeptRun { id: RunId(row.id), state, begun: row.begun()?, report }))
}

async fn report(db: &mut SqliteConnection, row: &RunRow) -> Result<Report, Fault> {
    let reader = row.reader();
    let run = RunId(row.id);
    let ended_at = reader.given("ended_at", row.ended_at)?;
    let outline = Outline::read(&mut *db, reader.given("outline", row.outline)?).await?;
    let mut found = Found {
        checks: check_rows(&mut *db, run).await?.into_iter(),
        evidence: evidence_rows(&mut *db, run).await?,
        numbers: number::read(db, &row.command, &row.host, run, ended_at).await?,
        reader: Reader::new("run_check", run.0),
    };
    let mut sections = Vec::with_capacity(outline.sections.len());
    for section in outline.sections {
        let checks = section.checks.into_iter().map(|check| found.check(check)).collect::<Result<_, _>>()?;
        sections.push(ReportedSection { id: section.id, title: section.title, checks });
    }
    row.report(sections)
}

/// What a run found, to be put into its outline.
struct Found {
    checks: std::vec::IntoIter<CheckRow>,
    evidence: HashMap<i64, ReportedEvidence>,
    numbers: BTreeMap<String, Vec<Measurement>>,
    reader: Reader,
}

impl Found {
    /// The next check, which is `outlined`.
    fn check(&mut self, outlined: OutlinedCheck) -> Result<ReportedCheck, Fault> {
        let row = self.reader.given(&outlined.id, self.checks.next())?;
        let evidence = self.evidence.get(&row.evidence).cloned();
        let measurements = self.numbers.remove(&outlined.id).unwrap_or_default();
        let reader = row.reader();
        let check = row.graded(outlined)?;
        Ok(ReportedCheck { measurements, evidence: reader.given("evidence", evidence)?, ..check })
    }
}

impl CheckRow {
    fn reader(&self) -> Reader {
        Reader::new("run_check", format_args!("{} {}", self.run, self.position))
    }

    /// The check, which is `outlined`, as it was graded, without what was measured and printed.
    pub(super) fn graded(self, outlined: OutlinedCheck) -> Result<ReportedCheck, Fault> {
        let (row, reader) = (&self, self.reader());
        if row.check_id != outlined.id {
            return Err(reader.fault(format_args!("check_id is `{}`, not `{}`", row.check_id, outlined.id)));
        }
        Ok(ReportedCheck {
            measurements: Vec::new(),
            id: outlined.id,
            row: outlined.row,
            title: outlined.title,
            grade: reader.named("grade", &row.grade, Grade::from_name)?,
            waived: row.waived.as_deref().map(|json| reader.json("waived", json)).transpose()?,
            reasons: reader.json_list("reasons", row.reasons.as_deref())?,
            shown: reader.json_list("shown", row.shown.as_deref())?,
            threshold: row.threshold.clone(),
            remedies: outlined.remedies,
            evidence: ReportedEvidence::default(),
        })
    }
}

/// A row of `run_check`.
#[derive(sqlx::FromRow)]
pub(super) struct CheckRow {
    run: i64,
    position: i64,
    check_id: String,
    grade: String,
    reasons: Option<String>,
    shown: Option<String>,
    threshold: Option<String>,
    evidence: i64,
    waived: Option<String>,
}

pub(super) async fn check_rows(db: &mut SqliteConnection, run: RunId) -> Result<Vec<CheckRow>, Fault> {
    sqlx::query_as("SELECT * FROM run_check WHERE run = ? ORDER BY position")
        .bind(run.0)
        .fetch_all(db)
        .await
        .map_err(|error| Fault::reading("run_check", run.0, error))
}

/// A row of `evidence`.
#[derive(sqlx::FromRow)]
struct EvidenceRow {
    id: i64,
    what: String,
    status: Option<String>,
    output: String,
    elapsed_ms: i64,
    notes: Option<String>,
}

async fn evidence_rows(db: &mut SqliteConnection, run: RunId) -> Result<HashMap<i64, ReportedEvidence>, Fault> {
    let rows: Vec<EvidenceRow> =
        sqlx::query_as("SELECT id, what, status, output, elapsed_ms, notes FROM evidence WHERE run = ?")
            .bind(run.0)
            .fetch_all(db)
            .await
            .map_err(|error| Fault::reading("evidence of run", run.0, error))?;
    rows.into_iter()
        .map(|row| {
            let reader = Reader::new("evidence", row.id);
            let evidence = ReportedEvidence {
                what: row.what,
                status: row.status.map(|status| reader.json("status", &status)).transpose()?,
                output: row.output,
                elapsed: reader.elapsed("elapsed_ms", row.elapsed_ms)?,
                notes: reader.json_list("notes", row.notes.as_deref())?,
            };
            Ok((row.id, evidence))
        })
        .collect()
}
