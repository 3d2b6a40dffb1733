//! Small things that the bot remembers about itself.

use sqlx::sqlite::SqliteConnection;

use super::Store;
use super::audit::append;
use super::error::{Fault, StoreError};
use crate::domain::audit::Entry;

impl Store {
    /// What was noted under `key`, where something was.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn note(&self, key: &str) -> Result<Option<String>, StoreError> {
        self.named(async {
            let mut db = self.view().await?;
            Ok(sqlx::query_scalar("SELECT value FROM note WHERE key = ?").bind(key).fetch_optional(&mut *db).await?)
        })
        .await
    }

    /// Notes `value` under `key`, in place of what was there.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be kept.
    pub async fn set_note(&self, key: &str, value: &str) -> Result<(), StoreError> {
        self.named(async {
            let mut db = self.change().await?;
            set(&mut db, key, value).await?;
            Ok(db.commit().await?)
        })
        .await
    }

    /// The same, and `entry` goes into the audit record with it: both, or neither.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be kept.
    pub async fn set_recorded_note(&self, key: &str, value: &str, entry: &Entry) -> Result<(), StoreError> {
        self.named(async {
            let mut db = self.change().await?;
            append(&mut db, entry).await?;
            set(&mut db, key, value).await?;
            Ok(db.commit().await?)
        })
        .await
    }
}

async fn set(db: &mut SqliteConnection, key: &str, value: &str) -> Result<(), Fault> {
    sqlx::query("INSERT INTO note (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value")
        .bind(key)
        .bind(value)
        .execute(db)
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use chrono::{TimeZone, Utc};

    use super::*;
    use crate::domain::audit::{Actor, Deed};

    #[tokio::test]
    async fn a_note_that_cannot_be_kept_leaves_no_row_in_the_record() {
        let store = Store::forgetful().await.unwrap();
        let at = Utc.with_ymd_and_hms(2026, 11, 27, 0, 0, 0).unwrap();
        let entry = Entry::new(at, Actor::Signoff, Deed::Configuration, "configuration");
        let fails = "CREATE TRIGGER fails BEFORE INSERT ON note BEGIN SELECT raise(ABORT, 'killed here'); END";
        sqlx::query(fails).execute(&store.writer).await.unwrap();
        assert!(store.set_recorded_note("configuration", "{}", &entry).await.is_err());
        assert_eq!(store.audit_head().await.unwrap().seq, 0, "it would be written down twice");
        sqlx::query("DROP TRIGGER fails").execute(&store.writer).await.unwrap();
        store.set_recorded_note("configuration", "{}", &entry).await.unwrap();
        assert_eq!(store.audit_head().await.unwrap().seq, 1);
        assert_eq!(store.note("configuration").await.unwrap().as_deref(), Some("{}"));
    }
}
