//! Looking back at what was signed, and what was said of it.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use sqlx::sqlite::SqliteConnection;

use super::Store;
use super::convert::Reader;
use super::error::{Fault, StoreError};
use super::signoff::EntryRow;
use crate::domain::finding::FindingId;
use crate::domain::grade::Grade;
use crate::domain::period::{Every, Period};
use crate::domain::signoff::draft::{Attested, Memo, Said, Stated};
use crate::domain::signoff::{Case, Entry, SignOff, SignOffId, Signature};
use crate::domain::waiver::WaiverId;
use crate::domain::words::Words;

impl Store {
    /// Every sign-off of `command` on `host` for the days, weeks or months that begin from `from` to `to`, the earliest
    /// first; those that hold no longer are among them, and say why.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read, or a row of these.
    pub async fn sign_offs_between(
        &self,
        command: &str,
        host: &str,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<Vec<SignOff>, StoreError> {
        self.named(async {
            let mut db = self.view().await?;
            let rows: Vec<EntryRow> = sqlx::query_as(
                "SELECT * FROM sign_entry WHERE command = ? AND host = ? AND first_day BETWEEN ? AND ?
                 ORDER BY first_day, every, seq",
            )
            .bind(command)
            .bind(host)
            .bind(from.to_string())
            .bind(to.to_string())
            .fetch_all(&mut *db)
            .await?;
            sign_offs(&mut db, &rows).await
        })
        .await
    }

    /// The sign-off `id`, whether it holds or not.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read, or a row of it.
    pub async fn sign_off(&self, id: SignOffId) -> Result<Option<SignOff>, StoreError> {
        self.named(async {
            let mut db = self.view().await?;
            let rows: Vec<EntryRow> = sqlx::query_as(
                "SELECT entry.* FROM sign_entry AS entry JOIN sign_entry AS signed USING (command, host, every, first_day)
                 WHERE signed.id = ? AND entry.seq BETWEEN signed.seq AND signed.seq + 1 ORDER BY entry.seq",
            )
            .bind(id.0)
            .fetch_all(&mut *db)
            .await?;
            Ok(sign_offs(&mut db, &rows).await?.into_iter().find(|found| found.signature.id == id))
        })
        .await
    }
}

/// The sign-offs among `rows`, each with the entry right after it, which ended it.
async fn sign_offs(db: &mut SqliteConnection, rows: &[EntryRow]) -> Result<Vec<SignOff>, Fault> {
    let mut found: Vec<SignOff> = Vec::new();
    for row in rows {
        let case = case_of(row)?;
        match row.read()? {
            Entry::Signed(signature) => found.push(whole(&mut *db, case, signature).await?),
            ended => {
                if let Some(last) = found.last_mut().filter(|last| last.case == case) {
                    last.ended = Some(ended);
                }
            }
        }
    }
    Ok(found)
}

pub(super) fn case_of(row: &EntryRow) -> Result<Case, Fault> {
    let reader = Reader::new("sign_entry", row.id);
    let every = reader.named("every", &row.every, Every::named)?;
    let first: NaiveDate =
        row.first_day.parse().map_err(|error| reader.fault(format_args!("first_day {}: {error}", row.first_day)))?;
    Ok(Case { command: row.command.clone(), host: row.host.clone(), period: Period::of(every, first) })
}

#[derive(sqlx::FromRow)]
struct CheckRow {
    check_id: String,
    title: String,
    grade: String,
    attested: Option<String>,
    finding: Option<i64>,
    waiver: Option<i64>,
    note: Option<String>,
}

async fn whole(db: &mut SqliteConnection, case: Case, signature: Signature) -> Result<SignOff, Fault> {
    let rows: Vec<CheckRow> = sqlx::query_as(
        "SELECT check_id, title, grade, attested, finding, waiver, note FROM sign_check WHERE entry = ? ORDER BY position",
    )
    .bind(signature.id.0)
    .fetch_all(&mut *db)
    .await?;
    let reader = Reader::new("sign_check", signature.id.0);
    let words = |text: &str| Words::new(text).map_err(|error| reader.fault(format_args!("a text {error}")));
    let mut checks = Vec::with_capacity(rows.len());
    for row in rows {
        let said = match (row.finding, row.waiver, row.note) {
            (Some(finding), ..) => Some(Said::Finding(FindingId(finding))),
            (_, Some(waiver), _) => Some(Said::Waiver(WaiverId(waiver))),
            (.., Some(note)) => Some(Said::Note(words(&note)?)),
            _ => None,
        };
        let attested = row.attested.map(|name| reader.named("attested", &name, Attested::named)).transpose()?;
        checks.push(Stated {
            check: row.check_id,
            title: reader.json("title", &row.title)?,
            grade: reader.named("grade", &row.grade, Grade::from_name)?,
            attested,
            said,
        });
    }
    let rows: Vec<(String, String)> =
        sqlx::query_as("SELECT name, text FROM sign_memo WHERE entry = ?").bind(signature.id.0).fetch_all(db).await?;
    let mut memos = BTreeMap::new();
    for (name, text) in rows {
        memos.insert(reader.named("name", &name, Memo::named)?, words(&text)?);
    }
    Ok(SignOff { case, signature, checks, memos, ended: None })
}
