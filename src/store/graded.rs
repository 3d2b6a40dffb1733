//! Many runs at once as they were graded, without what they printed: for a month at a glance, and for the forms.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use sqlx::sqlite::SqliteConnection;

use super::Store;
use super::convert::{Reader, millis};
use super::error::{Fault, StoreError};
use super::kept::check_rows;
use super::outline::Outline;
use super::run::RunRow;
use crate::domain::report::{Report, ReportedSection};
use crate::domain::run::RunId;

/// The finished runs of a checklist on a host in a span, the earliest first.
pub(super) const FINISHED: &str = "SELECT id, started_at FROM run
     WHERE command = ? AND host = ? AND state = 'finished' AND ended_at >= ? AND ended_at < ? ORDER BY ended_at";

impl Store {
    /// The runs of `command` on `host` that came to their end in a span, each with when it began, the earliest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read, or a row of it.
    pub async fn finished_between(
        &self,
        command: &str,
        host: &str,
        (from, to): (DateTime<Utc>, DateTime<Utc>),
    ) -> Result<Vec<(RunId, DateTime<Utc>)>, StoreError> {
        self.named(async {
            let rows: Vec<(i64, i64)> = sqlx::query_as(FINISHED)
                .bind(command)
                .bind(host)
                .bind(millis(from))
                .bind(millis(to))
                .fetch_all(&mut *self.view().await?)
                .await?;
            let read = |(id, at): (i64, i64)| Ok((RunId(id), Reader::new("run", id).time("started_at", at)?));
            rows.into_iter().map(read).collect()
        })
        .await
    }

    /// What `runs` were graded. The reports hold no evidence, and of the measurements only those that are shown; a run
    /// that is not kept, or did not come to its end, is left out.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read, or a row of one of them.
    pub async fn graded(&self, runs: &[RunId]) -> Result<BTreeMap<RunId, Report>, StoreError> {
        self.named(async {
            let mut db = self.view().await?;
            let mut outlines: HashMap<i64, Outline> = HashMap::new();
            let mut found = BTreeMap::new();
            for run in runs {
                if let Some(report) = graded(&mut db, *run, &mut outlines).await? {
                    found.insert(*run, report);
                }
            }
            Ok(found)
        })
        .await
    }
}

async fn graded(
    db: &mut SqliteConnection,
    run: RunId,
    outlines: &mut HashMap<i64, Outline>,
) -> Result<Option<Report>, Fault> {
    let row: Option<RunRow> = sqlx::query_as("SELECT * FROM run WHERE id = ? AND state = 'finished'")
        .bind(run.0)
        .fetch_optional(&mut *db)
        .await
        .map_err(|error| Fault::reading("run", run.0, error))?;
    let Some(row) = row else { return Ok(None) };
    let reader = row.reader();
    let number = reader.given("outline", row.outline)?;
    // A month of runs shares one or two.
    if let std::collections::hash_map::Entry::Vacant(e) = outlines.entry(number) {
        let outline = Outline::read(&mut *db, number).await?;
        e.insert(outline);
    }
    let outline = reader.given("outline", outlines.get(&number))?;
    let mut rows = check_rows(db, run).await?.into_iter();
    let mut sections = Vec::with_capacity(outline.sections.len());
    for section in &outline.sections {
        let checks = section.checks.iter().map(|check| reader.given(&check.id, rows.next())?.graded(check.clone()));
        let checks = checks.collect::<Result<_, Fault>>()?;
        sections.push(ReportedSection { id: section.id.clone(), title: section.title.clone(), checks });
    }
    Ok(Some(row.report(sections)?))
}
