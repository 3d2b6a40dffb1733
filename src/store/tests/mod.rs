//! The store against real files: what was kept comes back, whatever happens in between.

use std::path::PathBuf;

use tempfile::TempDir;

use super::Store;

mod child;
mod cut_off;
mod killed;
mod opening;
mod plans;
mod retain;
mod round_trip;
mod sample;
mod signing;
mod size;
mod together;
mod trend;
mod verify;

/// An empty database of its own, gone with the test.
struct Fresh {
    store: Store,
    folder: TempDir,
}

impl Fresh {
    async fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let store = Store::open(&folder.path().join("signoff.db")).await.unwrap();
        Self { store, folder }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("signoff.db")
    }

    /// SQL, to look behind the store's back or to break something.
    async fn sql(&self, sql: &'static str) {
        sqlx::query(sql).execute(&self.store.writer).await.unwrap();
    }
}

/// The only column of the only row.
async fn one<T>(store: &Store, sql: &'static str) -> T
where
    T: Send + Unpin + for<'r> sqlx::Decode<'r, sqlx::Sqlite> + sqlx::Type<sqlx::Sqlite>,
{
    sqlx::query_scalar(sql).fetch_one(&store.readers).await.unwrap()
}

/// Everything that SQLite itself can prove of a file.
async fn assert_sound(store: &Store) {
    assert_eq!(one::<String>(store, "PRAGMA integrity_check").await, "ok");
    let dangling = sqlx::query("PRAGMA foreign_key_check").fetch_all(&store.readers).await.unwrap();
    assert!(dangling.is_empty(), "{} rows point to nothing", dangling.len());
}
