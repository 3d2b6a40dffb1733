//! The end of a run: its report, all of it or nothing.

use sqlx::sqlite::SqliteConnection;

use super::convert::{elapsed_millis, finite_measurement, finite_message, json, json_list, millis};
use super::error::{Fault, StoreError};
use super::outline::Outline;
use super::{Store, number, signoff, word};
use crate::domain::message::Message;
use crate::domain::report::{Report, ReportedCheck, ReportedEvidence};
use crate::domain::run::RunId;
use crate::domain::signoff::Case;

impl Store {
    /// Keeps `report` as the end of `run`. Gives back whether it was kept: it is not when the run has ended already
    /// (somebody held it for interrupted), or when the report is of another command or host than the run. The run's titles
    /// and its beginning become those of the report.
    ///
    /// Kept are times and spans to the millisecond, every shown measurement whole, and of all others the finite numbers;
    /// of several with the same measure and subject the last.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be kept; then nothing of it was.
    pub async fn finish_run(&self, run: RunId, report: &Report) -> Result<bool, StoreError> {
        self.finish(run, report, None).await
    }

    /// The same for a run of `case`, which is opened again where it is signed and `report` is worse than what was signed.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be kept; then nothing of it was.
    pub async fn finish_run_of(&self, case: &Case, run: RunId, report: &Report) -> Result<bool, StoreError> {
        self.finish(run, report, Some(case)).await
    }

    async fn finish(&self, run: RunId, report: &Report, case: Option<&Case>) -> Result<bool, StoreError> {
        self.named(async {
            let mut db = self.change().await?;
            let kept = finish(&mut db, run, report).await?;
            if let (true, Some(case)) = (kept, case) {
                signoff::reopen_if_worse(&mut db, case, run, report).await?;
            }
            db.commit().await?;
            Ok(kept)
        })
        .await
    }
}

async fn finish(db: &mut SqliteConnection, run: RunId, report: &Report) -> Result<bool, Fault> {
    let outline = Outline::from(report).keep(&mut *db).await?;
    // The claim: whoever changes this row has the run's end, and there is one.
    let claimed = sqlx::query(
        "UPDATE run SET state = 'finished', title = ?, host_title = ?, started_at = ?, ended_at = ?, outline = ?,
             during = ?, difference = ?
         WHERE id = ? AND state = 'running' AND command = ? AND host = ?",
    )
    .bind(json(&report.title)?)
    .bind(json(&report.host_title)?)
    .bind(millis(report.started_at))
    .bind(millis(report.finished_at))
    .bind(outline)
    .bind(json_list(&report.during)?)
    .bind(report.difference.as_ref().map(json).transpose()?)
    .bind(run.0)
    .bind(&report.command)
    .bind(&report.host)
    .execute(&mut *db)
    .await?
    .rows_affected();
    if claimed != 1 {
        return Ok(false);
    }
    let mut kept: Vec<(&ReportedEvidence, i64)> = Vec::new();
    for (position, check) in (0_i64..).zip(report.checks()) {
        let same = kept.iter().find(|(evidence, _)| *evidence == &check.evidence).map(|(_, id)| *id);
        let evidence = match same {
            Some(id) => id,
            None => keep_evidence(&mut *db, run, &check.evidence).await?,
        };
        if same.is_none() {
            kept.push((&check.evidence, evidence));
        }
        keep_check(&mut *db, run, position, check, evidence).await?;
    }
    number::keep(&mut *db, run, report).await?;
    word::keep(db, report).await?;
    Ok(true)
}

async fn keep_evidence(db: &mut SqliteConnection, run: RunId, evidence: &ReportedEvidence) -> Result<i64, Fault> {
    let id = sqlx::query_scalar(
        "INSERT INTO evidence (run, what, status, output, elapsed_ms, notes) VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
    )
    .bind(run.0)
    .bind(&evidence.what)
    .bind(evidence.status.as_ref().map(json).transpose()?)
    .bind(&evidence.output)
    .bind(elapsed_millis(evidence.elapsed))
    .bind(json_list(&messages(&evidence.notes))?)
    .fetch_one(db)
    .await?;
    Ok(id)
}

async fn keep_check(
    db: &mut SqliteConnection,
    run: RunId,
    position: i64,
    check: &ReportedCheck,
    evidence: i64,
) -> Result<(), Fault> {
    let shown: Vec<_> = check.shown.iter().map(finite_measurement).collect();
    sqlx::query(
        "INSERT INTO run_check (run, position, check_id, grade, reasons, shown, threshold, evidence, waived)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(run.0)
    .bind(position)
    .bind(&check.id)
    .bind(check.grade.name())
    .bind(json_list(&messages(&check.reasons))?)
    .bind(json_list(&shown)?)
    .bind(&check.threshold)
    .bind(evidence)
    .bind(check.waived.as_ref().map(json).transpose()?)
    .execute(db)
    .await?;
    Ok(())
}

fn messages(messages: &[Message]) -> Vec<Message> {
    messages.iter().map(finite_message).collect()
}
