//! Host keys that people approved in a runbook, beside the one of `bot.toml`.

use chrono::{DateTime, Utc};
use sqlx::sqlite::SqliteConnection;

use super::Store;
use super::audit::append;
use super::convert::{Reader, column, id, millis};
use super::error::{Fault, StoreError};
use crate::domain::audit::Entry;
use crate::domain::runbook::Happened;

/// A host key that somebody approved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApprovedKey {
    /// The name of its host.
    pub host: String,
    /// `SHA256:...`
    pub fingerprint: String,
    /// The runbook in which it was shown.
    pub runbook: i64,
    /// Who approved it: Discord id, and name at the time.
    pub by: (u64, String),
    /// When.
    pub at: DateTime<Utc>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    host: String,
    fingerprint: String,
    runbook: i64,
    person: i64,
    name: String,
    at: i64,
}

impl Store {
    /// The host keys that people approved, of every host.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn approved_keys(&self) -> Result<Vec<ApprovedKey>, StoreError> {
        self.named(async {
            let query = "SELECT id, host, fingerprint, runbook, person, name, at FROM trusted_key ORDER BY host, id";
            let rows: Vec<Row> = sqlx::query_as(query).fetch_all(&mut *self.view().await?).await?;
            let key = |row: Row| {
                Ok(ApprovedKey {
                    at: Reader::new("trusted_key", row.id).time("at", row.at)?,
                    by: (id(row.person), row.name),
                    host: row.host,
                    fingerprint: row.fingerprint,
                    runbook: row.runbook,
                })
            };
            rows.into_iter().map(key).collect()
        })
        .await
    }

    /// Takes the approval of a key back. Gives back whether there was one.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be kept.
    pub async fn distrust(&self, host: &str, fingerprint: &str, entry: &Entry) -> Result<bool, StoreError> {
        self.named(async {
            let mut db = self.change().await?;
            let gone = sqlx::query("DELETE FROM trusted_key WHERE host = ? AND fingerprint = ?")
                .bind(host)
                .bind(fingerprint)
                .execute(&mut *db)
                .await?;
            if gone.rows_affected() == 0 {
                return Ok(false);
            }
            // That it was approved, and by whom, stays in its runbook and in the record.
            append(&mut db, entry).await?;
            db.commit().await?;
            Ok(true)
        })
        .await
    }
}

/// Keeps that `fingerprint` is a key of the runbook's host.
pub(super) async fn trust(
    db: &mut SqliteConnection,
    runbook: i64,
    fingerprint: &str,
    happened: &Happened,
) -> Result<(), Fault> {
    sqlx::query(
        "INSERT INTO trusted_key (host, fingerprint, runbook, person, name, at)
         SELECT host, ?2, id, ?3, ?4, ?5 FROM runbook WHERE id = ?1 ON CONFLICT DO NOTHING",
    )
    .bind(runbook)
    .bind(fingerprint)
    .bind(column(happened.by.0))
    .bind(&happened.by.1)
    .bind(millis(happened.at))
    .execute(db)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::audit::{Actor, Deed};
    use crate::domain::runbook::Happening;

    #[tokio::test]
    async fn a_key_is_its_hosts_from_when_it_is_trusted_until_that_is_taken_back() {
        let store = Store::forgetful().await.unwrap();
        let happened = |what, minute: i64| Happened {
            what,
            by: (7, "지민".to_owned()),
            at: DateTime::from_timestamp(1_800_000_000 + minute * 60, 0).unwrap(),
        };
        let entry = |at: &Happened| Entry::new(at.at, Actor::Discord(7), Deed::Runbook, "runbook:1");
        let opened = happened(Happening::Opened { note: String::new() }, 0);
        store.open_runbook(("drill", "here"), 8, &opened, |_| entry(&opened)).await.unwrap();
        let trusted = happened(
            Happening::Trusted {
                step: "key".to_owned(),
                address: "10.0.0.9:22".to_owned(),
                fingerprint: "SHA256:new".to_owned(),
            },
            1,
        );
        assert_eq!(store.approved_keys().await.unwrap(), []);
        assert!(store.happened(1, 1, &trusted, None, &entry(&trusted)).await.unwrap());
        assert!(store.happened(1, 2, &trusted, None, &entry(&trusted)).await.unwrap(), "the same is kept once");
        let key = ApprovedKey {
            host: "here".to_owned(),
            fingerprint: "SHA256:new".to_owned(),
            runbook: 1,
            by: (7, "지민".to_owned()),
            at: trusted.at,
        };
        assert_eq!(store.approved_keys().await.unwrap(), [key]);
        assert!(!store.distrust("there", "SHA256:new", &entry(&trusted)).await.unwrap(), "another host's");
        assert!(store.distrust("here", "SHA256:new", &entry(&trusted)).await.unwrap());
        assert_eq!(store.approved_keys().await.unwrap(), []);
        assert!(!store.distrust("here", "SHA256:new", &entry(&trusted)).await.unwrap(), "once");
    }
}
