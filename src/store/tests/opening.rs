//! Files that cannot be used, each told for what it is and left as it was.

use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::time::Duration;

use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode};
use sqlx::{ConnectOptions, Connection};
use tempfile::TempDir;

use super::sample::{daily, nine, report};
use super::{Fresh, assert_sound, child};
use crate::domain::message::Explain;
use crate::domain::run::RunId;
use crate::store::{Fault, Store};

static MIGRATIONS: Migrator = sqlx::migrate!();

async fn fault(path: &Path) -> Fault {
    let error = Store::open(path).await.unwrap_err();
    assert!(error.hint().is_some(), "{error} has no hint");
    error.fault
}

fn mode(path: &Path) -> u32 {
    path.metadata().unwrap().mode() & 0o777
}

#[tokio::test]
async fn a_new_file_is_its_owners_alone() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("var").join("signoff.db");
    let store = Store::open(&path).await.unwrap();
    store.set_note("key", "value").await.unwrap();
    assert_eq!(mode(path.parent().unwrap()), 0o700);
    for name in ["signoff.db", "signoff.db-wal", "signoff.db-shm"] {
        assert_eq!(mode(&path.with_file_name(name)), 0o600, "{name}");
    }
    store.close().await;
    assert!(!path.with_file_name("signoff.db-wal").exists());
    let store = Store::open(&path).await.unwrap();
    assert_eq!(store.note("key").await.unwrap().as_deref(), Some("value"));
}

#[tokio::test]
async fn a_later_signoffs_file_is_refused() {
    let fresh = Fresh::new().await;
    fresh.sql("INSERT INTO _sqlx_migrations VALUES (9999, 'later', 0, TRUE, x'00', 0)").await;
    // A number that is unknown counts wherever it lies: later schemas are not always the highest.
    fresh.sql("INSERT INTO _sqlx_migrations VALUES (44, 'later', 0, TRUE, x'00', 0)").await;
    match fault(&fresh.path()).await {
        Fault::Newer { unknown } => assert_eq!(unknown, [44, 9999]),
        other => panic!("{other:?}"),
    }
    fresh.sql("DELETE FROM _sqlx_migrations WHERE version = 9999").await;
    match fault(&fresh.path()).await {
        Fault::Newer { unknown } => assert_eq!(unknown, [44]),
        other => panic!("{other:?}"),
    }
}

/// Holds the seat of the database `path` as a bot does.
fn served(path: &Path) -> std::fs::File {
    let mut name = path.as_os_str().to_owned();
    name.push("-bot");
    let seat = std::fs::File::create(name).unwrap();
    seat.lock().unwrap();
    seat
}

async fn brought_to(path: &Path, schema: i64) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(path).create_if_missing(true);
    let mut db = options.journal_mode(SqliteJournalMode::Wal).connect().await.unwrap();
    MIGRATIONS.run_to(schema, &mut db).await.unwrap();
    db
}

#[tokio::test]
async fn a_served_file_that_lacks_a_schema_below_its_highest_is_an_earlier_signoffs() {
    let fresh = Fresh::new().await;
    fresh.sql("DELETE FROM _sqlx_migrations WHERE version = 43").await;
    let seat = served(&fresh.path());
    match fault(&fresh.path()).await {
        Fault::Older { missing, .. } => assert_eq!(missing, [43]),
        other => panic!("{other:?}"),
    }
    // Whoever does not know all that is in it either is told that first: no restart of the bot with this one would help.
    fresh.sql("INSERT INTO _sqlx_migrations VALUES (44, 'later', 0, TRUE, x'00', 0)").await;
    assert!(matches!(fault(&fresh.path()).await, Fault::Newer { .. }));
    drop(seat);
}

#[tokio::test]
async fn a_bot_that_takes_its_time_to_bring_a_file_to_this_schema_is_waited_for() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("signoff.db");
    let mut db = brought_to(&path, 30).await;
    let seat = served(&path);
    let mut change = db.begin_with("BEGIN IMMEDIATE").await.unwrap();
    let bot = async {
        // Longer than the seat is waited for.
        tokio::time::sleep(Duration::from_millis(1500)).await;
        MIGRATIONS.run_direct(None, &mut *change, false).await.unwrap();
        change.commit().await.unwrap();
    };
    let (opened, ()) = tokio::join!(Store::open(&path), bot);
    opened.unwrap().close().await;
    drop(seat);
}

#[tokio::test]
async fn a_file_of_another_build_is_refused() {
    let fresh = Fresh::new().await;
    fresh.sql("UPDATE _sqlx_migrations SET checksum = x'00' WHERE version = 2").await;
    assert!(matches!(fault(&fresh.path()).await, Fault::Altered(2)));
}

#[tokio::test]
async fn what_is_no_database_of_ours_is_refused_and_left_alone() {
    let folder = TempDir::new().unwrap();
    let text = folder.path().join("text");
    std::fs::write(&text, "[discord]\nguild = 1\n".repeat(1000)).unwrap();
    assert!(matches!(fault(&text).await, Fault::NotADatabase));
    assert_eq!(std::fs::read_to_string(&text).unwrap(), "[discord]\nguild = 1\n".repeat(1000));

    // The same file, with another program's mark on it.
    let fresh = Fresh::new().await;
    fresh.sql("PRAGMA application_id = 7").await;
    let path = fresh.path();
    fresh.store.close().await;
    let before = std::fs::read(&path).unwrap();
    assert!(matches!(fault(&path).await, Fault::NotOurs));
    assert_eq!(std::fs::read(&path).unwrap(), before);

    assert!(matches!(fault(folder.path()).await, Fault::CannotOpen(_)));
    assert!(matches!(fault(&text.join("under-a-file")).await, Fault::CannotOpen(_)));
}

#[tokio::test]
async fn a_damaged_file_is_told_as_damaged() {
    let Fresh { store, folder } = Fresh::new().await;
    let begun = daily(nine(0));
    for day in 0..20 {
        let run = store.begin_run(&begun).await.unwrap();
        assert!(store.finish_run(run, &report(&begun, day)).await.unwrap());
    }
    store.close().await;
    let path = folder.path().join("signoff.db");
    let mut bytes = std::fs::read(&path).unwrap();
    // Page 1 says what the file is and lists its tables; all the others hold rows.
    bytes[4096..].fill(0xa5);
    std::fs::write(&path, bytes).unwrap();
    let found = match Store::open(&path).await {
        Ok(store) => store.kept_run(RunId(1)).await.unwrap_err().fault,
        Err(error) => error.fault,
    };
    assert!(matches!(found, Fault::Damaged(_)), "{found:?}");
}

#[tokio::test]
async fn a_file_that_may_only_be_read_is_refused() {
    let Fresh { store, folder } = Fresh::new().await;
    store.close().await;
    let path = folder.path().join("signoff.db");
    std::fs::set_permissions(&path, PermissionsExt::from_mode(0o444)).unwrap();
    std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o755)).unwrap();
    let mut command = child::command("open", &path);
    // Rights do not bind the superuser, who often runs tests in containers.
    if Path::new("/proc/self").metadata().unwrap().uid() == 0 {
        command.uid(65534).gid(65534);
    }
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("fault: Err(ReadOnly)"), "{said}");
}

#[tokio::test]
async fn a_full_disk_costs_the_change_that_did_not_fit_and_nothing_else() {
    let fresh = Fresh::new().await;
    let begun = daily(nine(0));
    // SQLite's own limit stands for the disk's: both end as the same result code.
    fresh.sql("PRAGMA max_page_count = 300").await;
    let mut kept = 0;
    let error = loop {
        let run = match fresh.store.begin_run(&begun).await {
            Ok(run) => run,
            Err(error) => break error,
        };
        match fresh.store.finish_run(run, &report(&begun, kept)).await {
            Ok(finished) => assert!(finished),
            Err(error) => break error,
        }
        kept += 1;
    };
    assert!(matches!(error.fault, Fault::Full), "{error}");
    assert!(kept > 0);
    assert_sound(&fresh.store).await;
    assert!(fresh.store.latest_finished("daily", "gear-freak").await.unwrap().is_some());

    fresh.sql("PRAGMA max_page_count = 100000").await;
    let run = fresh.store.begin_run(&begun).await.unwrap();
    assert!(fresh.store.finish_run(run, &report(&begun, kept)).await.unwrap());
    assert_sound(&fresh.store).await;
}
