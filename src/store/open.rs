//! Opening the file: it is created, or else proven to be ours before anything of it is touched.

use std::fs::{DirBuilder, OpenOptions};
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection};

use super::error::{Fault, StoreError};
use super::{PATIENCE, Seat, Store};

/// Every schema there has been, the latest last.
static MIGRATIONS: Migrator = sqlx::migrate!();

/// `sgno`: what the first migration marks the file with.
const OURS: i32 = 0x7367_6e6f;

/// How long to wait before asking again for what SQLite refuses at once when two open a new file together.
const PAUSE: Duration = Duration::from_millis(20);

impl Store {
    /// Opens the database `path`, and brings it to this program's schema, unless an earlier signoff serves it: that one would
    /// not understand it any more. Where there is none, one is created that only its owner may read, with the folders that
    /// lead there.
    ///
    /// # Errors
    /// [`StoreError`] when the file cannot be opened or written, is no database of ours, or of a later signoff;
    /// [`Fault::Older`] when an earlier signoff serves it.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        let path: Arc<Path> = path.into();
        open(&path, Upgrade::WhereNobodyServes).await.map_err(|fault| StoreError { path, fault })
    }

    /// The same for the bot that serves the database: it takes the seat before anything is changed.
    ///
    /// # Errors
    /// As [`Store::open`], and [`Fault::Taken`] when another bot serves it.
    pub async fn open_to_serve(path: &Path) -> Result<(Self, Seat), StoreError> {
        let path: Arc<Path> = path.into();
        let opening = async {
            create(&path)?;
            let seat = Seat::take(&path).await?;
            Ok((open(&path, Upgrade::Always).await?, seat))
        };
        opening.await.map_err(|fault| StoreError { path: Arc::clone(&path), fault })
    }

    /// Tries whether a change could be kept: what the file says stays the same, but it is written. A disk that is full is found
    /// before somebody signs.
    ///
    /// # Errors
    /// [`StoreError`] when nothing can be written.
    pub async fn try_writing(&self) -> Result<(), StoreError> {
        self.named(async {
            let mut change = self.change().await?;
            // The mark that the file has already.
            sqlx::query(sqlx::AssertSqlSafe(format!("PRAGMA application_id = {OURS}"))).execute(&mut *change).await?;
            change.commit().await?;
            Ok(())
        })
        .await
    }

    /// A database that is gone with the program, and knows no past: for who must look all the same when the real one
    /// cannot be opened.
    ///
    /// # Errors
    /// [`StoreError`] when not even that can be had.
    pub async fn forgetful() -> Result<Self, StoreError> {
        let path: Arc<Path> = Path::new(":memory:").into();
        forgetful(&path).await.map_err(|fault| StoreError { path, fault })
    }
}

/// When a file of an earlier schema is brought to this program's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Upgrade {
    /// Whoever opens it has the seat, or nobody else knows of the file.
    Always,
    /// The seat must be free for as long as it takes.
    WhereNobodyServes,
}

pub(super) async fn open(path: &Arc<Path>, upgrade: Upgrade) -> Result<Store, Fault> {
    create(path)?;
    let options = options(path);
    let started = Instant::now();
    loop {
        match prepare(path, &options, upgrade).await {
            // SQLite lets nobody wait for the change to write-ahead logging, lest two wait for each other.
            Err(fault) if fault.is_passing() && started.elapsed() < PATIENCE => tokio::time::sleep(PAUSE).await,
            result => break result?,
        }
    }
    // There is no network between: a connection that was good is good.
    let pool = || SqlitePoolOptions::new().test_before_acquire(false);
    Ok(Store {
        path: Arc::clone(path),
        writer: pool().max_connections(1).connect_lazy_with(options.clone()),
        // Two: what a person waits for must not queue behind one long list.
        readers: pool().max_connections(2).connect_lazy_with(options.pragma("query_only", "ON")),
    })
}

async fn forgetful(path: &Arc<Path>) -> Result<Store, Fault> {
    // Each connection to memory is a database of its own: there is one, and it stays.
    let pool = SqlitePoolOptions::new().max_connections(1).idle_timeout(None).max_lifetime(None);
    let pool = pool.connect_with(SqliteConnectOptions::new().in_memory(true).foreign_keys(true)).await?;
    MIGRATIONS.run_direct(None, &mut *pool.acquire().await?, false).await?;
    Ok(Store { path: Arc::clone(path), writer: pool.clone(), readers: pool })
}

/// Creates the file, empty, where there is none, and proves that it can be written. SQLite itself would let the whole
/// machine read what it creates, and would open a file that it may only read, to fail at the first change; the files that
/// it puts beside this one have the same rights.
fn create(path: &Path) -> Result<(), Fault> {
    let cannot_open = |error: std::io::Error| Fault::CannotOpen(error.to_string());
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(cannot_open)?;
    }
    let exists = path.exists();
    match OpenOptions::new().append(true).create(true).mode(0o600).open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::StorageFull || error.kind() == ErrorKind::QuotaExceeded => {
            Err(Fault::Full)
        }
        Err(error) if error.kind() == ErrorKind::ReadOnlyFilesystem => Err(Fault::ReadOnly),
        Err(error) if error.kind() == ErrorKind::PermissionDenied && exists => Err(Fault::ReadOnly),
        Err(error) => Err(cannot_open(error)),
    }
}

fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .busy_timeout(PATIENCE)
        .foreign_keys(true)
        // A change that was kept must still be there after the power failed: what comes after it in the world (a message,
        // later a restart) happened, and must not happen again. With NORMAL the last changes before the failure may be
        // gone. It costs one fsync for each of the three changes of a run.
        .synchronous(SqliteSynchronous::Full)
        // In kB, for each of the three connections. SQLite's own 2 MB each fill up in the first thousand runs, and nothing
        // here is read so often that the system's own cache would not do.
        .pragma("cache_size", "-256")
        // A prepared statement holds some 5 kB, and is made again in less than a tenth of a millisecond.
        .statement_cache_capacity(32)
        .log_slow_statements(tracing::log::LevelFilter::Warn, Duration::from_secs(1))
}

/// Brings the file to this program's schema.
async fn prepare(path: &Path, options: &SqliteConnectOptions, upgrade: Upgrade) -> Result<(), Fault> {
    let mut db = options.connect().await?;
    recognise(&mut db).await?;
    // Readers and a writer do not wait for each other. It is a property of the file, and stays.
    sqlx::query("PRAGMA journal_mode = WAL").execute(&mut db).await?;
    let seat = match upgrade {
        Upgrade::Always => None,
        Upgrade::WhereNobodyServes => seat_to_upgrade(&mut db, path).await?,
    };
    // One transaction around all: two who open the file at once do not both migrate it, and a migration that fails leaves
    // the file as it was.
    let mut change = db.begin_with("BEGIN IMMEDIATE").await?;
    refuse_newer(&applied(&mut change).await?)?;
    // `run` asks for a trait in a way that keeps `open` out of every spawned task; this is what it calls.
    MIGRATIONS.run_direct(None, &mut *change, false).await?;
    change.commit().await?;
    db.close().await?;
    drop(seat);
    Ok(())
}

/// The seat, where the schema is an earlier one.
async fn seat_to_upgrade(db: &mut SqliteConnection, path: &Path) -> Result<Option<Seat>, Fault> {
    let applied = applied(db).await?;
    refuse_newer(&applied)?;
    if applied.is_empty() || missing(&applied).is_empty() {
        return Ok(None);
    }
    match Seat::take(path).await {
        Ok(seat) => Ok(Some(seat)),
        Err(Fault::Taken { process }) => {
            // Whoever has it may be bringing the file to this very schema: that is waited for.
            let mut settled = db.begin_with("BEGIN IMMEDIATE").await?;
            let missing = missing(&self::applied(&mut settled).await?);
            settled.rollback().await?;
            if missing.is_empty() { Ok(None) } else { Err(Fault::Older { missing, process }) }
        }
        Err(fault) => Err(fault),
    }
}

/// Refuses what is not ours, before anything of it is changed.
async fn recognise(db: &mut SqliteConnection) -> Result<(), Fault> {
    // One view for both: whoever opens a new file at the same time puts the mark and the tables in between.
    let mut view = db.begin().await?;
    let tables: i64 = sqlx::query_scalar("SELECT count(*) FROM sqlite_schema").fetch_one(&mut *view).await?;
    let mark: i32 = sqlx::query_scalar("PRAGMA application_id").fetch_one(&mut *view).await?;
    view.rollback().await?;
    if mark == OURS || (mark == 0 && tables == 0) { Ok(()) } else { Err(Fault::NotOurs) }
}

/// Refuses a file with schemas that this program does not know. Which those are is told apart one by one: a number that is
/// missing may lie below the highest.
fn refuse_newer(applied: &[i64]) -> Result<(), Fault> {
    let is_known = |version: &i64| MIGRATIONS.iter().any(|migration| migration.version == *version);
    let unknown: Vec<i64> = applied.iter().copied().filter(|version| !is_known(version)).collect();
    if unknown.is_empty() { Ok(()) } else { Err(Fault::Newer { unknown }) }
}

/// The schemas of this program that are not among `applied`.
fn missing(applied: &[i64]) -> Vec<i64> {
    MIGRATIONS.iter().map(|migration| migration.version).filter(|version| !applied.contains(version)).collect()
}

/// The schemas that the file has been brought to, in their order; none for a new one.
async fn applied(db: &mut SqliteConnection) -> Result<Vec<i64>, Fault> {
    let migrated: bool = sqlx::query_scalar("SELECT count(*) FROM sqlite_schema WHERE name = '_sqlx_migrations'")
        .fetch_one(&mut *db)
        .await?;
    if !migrated {
        return Ok(Vec::new());
    }
    Ok(sqlx::query_scalar("SELECT version FROM _sqlx_migrations ORDER BY version").fetch_all(db).await?)
}
