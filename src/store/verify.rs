//! Whether what was signed is still what was signed: the result of each sign-off hashed anew, and what the audit record
//! says of it. Whoever changes a report of long ago, or a sign-off, with whatever tool, is found out.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use sqlx::sqlite::SqliteConnection;

use super::error::{Fault, StoreError};
use super::signed::case_of;
use super::signoff::{EntryRow, subject};
use super::{Store, kept};
use crate::domain::audit::Deed;
use crate::domain::run::RunId;
use crate::domain::signoff::{Case, Entry, ResultHash, SignOffId, Signature};

/// What looking at every sign-off gave.
#[derive(Clone, Debug, PartialEq)]
pub enum Signed {
    /// All of them, so many, sign what is kept.
    Whole(usize),
    /// The first one that does not.
    Altered(Box<Altered>),
}

/// A sign-off that does not sign any more what is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Altered {
    /// Which.
    pub id: SignOffId,
    /// Of what; none where it cannot be read.
    pub case: Option<Case>,
    /// The run that was signed.
    pub run: RunId,
    /// By whom, as far as it is known.
    pub by: String,
    /// When.
    pub at: Option<DateTime<Utc>>,
    /// What is wrong with it.
    pub how: How,
}

/// How a sign-off does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// The result is another than the one that was signed.
    Changed,
    /// The result is not kept any more.
    Missing,
    /// The sign-off itself is another than the audit record has it, or the record has none.
    Unrecorded,
    /// The audit record has one that is not kept any more.
    Cleared,
}

/// A sign-off as the audit record has it: what, which run, which hash.
type Recorded = (String, String, String);

impl Store {
    /// Looks at every sign-off there ever was, the oldest first, and names the first that does not sign what is kept.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read. A row that cannot be understood is one that was changed.
    pub async fn verify_sign_offs(&self) -> Result<Signed, StoreError> {
        self.named(async {
            let mut db = self.view().await?;
            let recorded = recorded(&mut db).await?;
            let in_record: BTreeSet<&Recorded> = recorded.iter().map(|(_, of)| of).collect();
            let mut signed: BTreeSet<Recorded> = BTreeSet::new();
            let rows: Vec<EntryRow> = sqlx::query_as("SELECT * FROM sign_entry WHERE kind = 'signed' ORDER BY id")
                .fetch_all(&mut *db)
                .await?;
            let first = recorded.first().map(|(at, _)| *at);
            for row in &rows {
                let altered = |how| Signed::Altered(Box::new(Altered::of(row, how)));
                let Some((case, signature)) = understood(row)? else { return Ok(altered(How::Unrecorded)) };
                match hash_of(&mut db, signature.run).await? {
                    Some(hash) if hash == signature.hash => {}
                    Some(_) => return Ok(altered(How::Changed)),
                    None => return Ok(altered(How::Missing)),
                }
                let own = (subject(&case), signature.run.0.to_string(), signature.hash.0.to_string());
                // The record is younger than the first sign-offs may be.
                if !in_record.contains(&own) && first.is_some_and(|first| signature.at.timestamp_millis() >= first) {
                    return Ok(altered(How::Unrecorded));
                }
                signed.insert(own);
            }
            let cleared = recorded.iter().find(|(_, of)| !signed.contains(of));
            Ok(cleared
                .map_or(Signed::Whole(rows.len()), |(at, of)| Signed::Altered(Box::new(Altered::cleared(*at, of)))))
        })
        .await
    }
}

impl Altered {
    fn of(row: &EntryRow, how: How) -> Self {
        let (case, signature) = understood(row).ok().flatten().unzip();
        Self {
            id: SignOffId(row.id),
            case,
            run: RunId(row.run.unwrap_or_default()),
            by: row.name.clone().unwrap_or_default(),
            at: signature.map(|signature| signature.at),
            how,
        }
    }

    fn cleared(at: i64, (subject, run, _): &Recorded) -> Self {
        Self {
            id: SignOffId(0),
            case: None,
            run: RunId(run.parse().unwrap_or_default()),
            by: subject.clone(),
            at: DateTime::from_timestamp_millis(at),
            how: How::Cleared,
        }
    }
}

/// The sign-off of a row; none where the row makes no sense: somebody wrote it who was not the bot.
fn understood(row: &EntryRow) -> Result<Option<(Case, Signature)>, Fault> {
    match case_of(row).and_then(|case| Ok((case, row.read()?))) {
        Ok((case, Entry::Signed(signature))) => Ok(Some((case, signature))),
        Ok(_) | Err(Fault::Unreadable { .. }) => Ok(None),
        Err(fault) => Err(fault),
    }
}

/// What the kept result of `run` hashes to; none where it is gone. One that cannot be read hashes to nothing that anybody
/// ever signed.
async fn hash_of(db: &mut SqliteConnection, run: RunId) -> Result<Option<ResultHash>, Fault> {
    match kept::report_of(db, run).await {
        Ok(report) => Ok(report.as_ref().map(ResultHash::of)),
        Err(Fault::Unreadable { .. }) => Ok(Some(ResultHash(crate::domain::audit::NOTHING))),
        Err(fault) => Err(fault),
    }
}

/// Every sign-off that the audit record has, with when it was written down, the oldest first.
async fn recorded(db: &mut SqliteConnection) -> Result<Vec<(i64, Recorded)>, Fault> {
    let rows: Vec<(i64, String, String, String)> = sqlx::query_as(
        "SELECT at, subject, ifnull(details ->> 'run', ''), ifnull(details ->> 'hash', '') FROM audit
         WHERE deed = ? AND json_valid(details) AND details ->> 'kind' = 'signed' ORDER BY seq",
    )
    .bind(Deed::SignOff.name())
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|(at, subject, run, hash)| (at, (subject, run, hash))).collect())
}
