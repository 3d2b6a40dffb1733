//! The database as a file: copied while it is used, and put back.

use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io::ErrorKind;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};

use super::error::{Fault, StoreError};
use super::open::{Upgrade, open};
use super::{PATIENCE, Seat, Store};

/// What SQLite keeps beside a database that is open.
const BESIDE: [&str; 2] = ["-wal", "-shm"];

impl Store {
    /// Copies the database, whole and as of one moment, into the file `to`, which must not exist. Nobody is kept waiting. Until
    /// the copy is whole it has another name: what has this one can be put back.
    ///
    /// # Errors
    /// [`StoreError`] when the copy cannot be written.
    pub async fn copy_to(&self, to: &Path) -> Result<(), StoreError> {
        let failed = |fault| StoreError { path: to.into(), fault };
        if to.exists() {
            return Err(failed(Fault::Exists));
        }
        let part = with_suffix(to, &format!(".{}.part", std::process::id()));
        let Some(name) = part.to_str() else { return Err(failed(Fault::NotUtf8)) };
        let copying = async {
            // SQLite writes into an empty file; one that it creates itself may be read by whoever the umask lets.
            let file = owned(&part).map_err(cannot_open)?;
            sqlx::query("VACUUM INTO ?").bind(name).execute(&self.writer).await?;
            file.sync_all().map_err(cannot_open)?;
            hand_over(&part, to)?;
            sync_folder(to).map_err(cannot_open)
        };
        let copied = copying.await;
        let _ = std::fs::remove_file(&part);
        copied.map_err(failed)
    }

    /// Puts the copy `from` in the place of the database `place`, and tells where the old one is kept: beside it, with
    /// `stamp` in its name. A copy that is damaged, of another program or of a later signoff is refused before anything
    /// is touched, and so is every copy while a bot runs on the database. At each moment `place` is the old database or the
    /// new one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn put_back(from: &Path, place: &Path, stamp: &str) -> Result<Option<PathBuf>, StoreError> {
        let of_source = |fault| StoreError { path: from.into(), fault };
        let failed = |fault| StoreError { path: place.into(), fault };
        if !from.is_file() {
            return Err(of_source(Fault::Missing));
        }
        // Whoever holds the seat would write on into a file that has no name any more. Whether the old database can still be
        // opened says nothing of that: it is put back most of all when it cannot.
        let seat = Seat::take(place).await.map_err(failed)?;
        // Beside a name that leads elsewhere there is neither the log nor room for the copy.
        let place = std::fs::canonicalize(place).unwrap_or_else(|_| place.to_owned());
        // It is looked at in a copy of its own: opening brings it to this program's schema, and the backup stays as it was.
        let fresh = with_suffix(&place, &format!(".{stamp}.new"));
        let copied = copied(from, &fresh).map_err(|error| failed(cannot_open(error)));
        let made = match copied {
            Ok(()) => whole(&fresh).await.map_err(of_source),
            Err(error) => Err(error),
        };
        let put = match made {
            Ok(()) => exchange(&fresh, &place, &with_suffix(&place, &format!(".{stamp}.old"))).await.map_err(failed),
            Err(error) => Err(error),
        };
        if put.is_err() {
            let _ = std::fs::remove_file(&fresh);
        }
        drop(seat);
        put
    }
}

/// Puts `fresh` in the place of `place`, where something is, and keeps that as `kept`.
async fn exchange(fresh: &Path, place: &Path, kept: &Path) -> Result<Option<PathBuf>, Fault> {
    let had = place.exists();
    if had {
        settle(place).await?;
        keep_as(place, kept)?;
        // A log that is left here is that of a database that cannot be opened. It must be away before the new one has the name:
        // SQLite would write it into that.
        for suffix in BESIDE {
            let (file, kept) = (with_suffix(place, suffix), with_suffix(kept, suffix));
            if file.exists() {
                std::fs::rename(file, kept).map_err(cannot_open)?;
            }
        }
    }
    std::fs::rename(fresh, place).and_then(|()| sync_folder(place)).map_err(cannot_open)?;
    Ok(had.then(|| kept.to_owned()))
}

/// Brings what is in the log beside the database into it, so that the one file is all of it. One that cannot be opened any
/// more stays as it is.
async fn settle(place: &Path) -> Result<(), Fault> {
    let Ok(mut db) = SqliteConnectOptions::new().filename(place).busy_timeout(PATIENCE).connect().await else {
        return Ok(());
    };
    let told: Result<(i64, i64, i64), _> = sqlx::query_as("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(&mut db).await;
    let _ = db.close().await;
    match told {
        // Somebody reads or writes it all the time, as `signoff check` may.
        Ok((1, ..)) => Err(Fault::Busy),
        _ => Ok(()),
    }
}

/// Whether the file, which nobody else knows of, is a database of ours that can be read from one end to the other.
async fn whole(path: &Path) -> Result<(), Fault> {
    let store = open(&path.into(), Upgrade::Always).await?;
    let told: Vec<String> = sqlx::query_scalar("PRAGMA integrity_check").fetch_all(&store.writer).await?;
    store.close().await;
    match told.as_slice() {
        [one] if one == "ok" => Ok(()),
        told => Err(Fault::Damaged(told.first().cloned().unwrap_or_default())),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "what went wrong is given away by `map_err`")]
fn cannot_open(error: std::io::Error) -> Fault {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Fault::Full,
        ErrorKind::ReadOnlyFilesystem => Fault::ReadOnly,
        ErrorKind::AlreadyExists => Fault::Exists,
        _ => Fault::CannotOpen(error.to_string()),
    }
}

/// An empty file that only its owner may read.
fn owned(path: &Path) -> std::io::Result<File> {
    OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)
}

/// Copies `from` into the file `to`, which only its owner may read, down to the disk.
fn copied(from: &Path, to: &Path) -> std::io::Result<()> {
    let mut file = owned(to)?;
    std::io::copy(&mut File::open(from)?, &mut file)?;
    file.sync_all()
}

/// Gives the file `from` the name `to` as well, which must be nobody's. Gives back whether it has: there are file systems that
/// give a file one name only.
fn linked(from: &Path, to: &Path) -> Result<bool, Fault> {
    match std::fs::hard_link(from, to) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(Fault::Exists),
        Err(_) if to.exists() => Err(Fault::Exists),
        Err(_) => Ok(false),
    }
}

/// Gives the file `from`, whose own name is not needed any more, the name `to`, which must be nobody's.
fn hand_over(from: &Path, to: &Path) -> Result<(), Fault> {
    if linked(from, to)? { Ok(()) } else { std::fs::rename(from, to).map_err(cannot_open) }
}

/// Keeps what `from` is as `to` as well, which must be nobody's name.
fn keep_as(from: &Path, to: &Path) -> Result<(), Fault> {
    if linked(from, to)? { Ok(()) } else { copied_whole(from, to).map_err(cannot_open) }
}

/// Copies `from` to `to`, which has its name when it is whole, and is not there when it could not be.
fn copied_whole(from: &Path, to: &Path) -> std::io::Result<()> {
    let part = with_suffix(to, ".part");
    let done = copied(from, &part).and_then(|()| std::fs::rename(&part, to));
    if done.is_err() {
        let _ = std::fs::remove_file(&part);
    }
    done
}

/// A name is on the disk when its folder is.
fn sync_folder(of: &Path) -> std::io::Result<()> {
    let folder = of.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name: OsString = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::MetadataExt;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::thread;

    use chrono::{TimeZone, Utc};

    use super::*;
    use crate::domain::audit::Actor;
    use crate::domain::exercise::{Exercise, ExerciseKind};

    fn exercise(kind: ExerciseKind) -> Exercise {
        Exercise {
            kind,
            passed: true,
            ended_at: Utc.with_ymd_and_hms(2026, 11, 26, 9, 0, 0).unwrap(),
            took: std::time::Duration::from_secs(60),
            told_by: "jimin".to_owned(),
        }
    }

    #[tokio::test]
    async fn what_was_copied_while_it_was_used_is_there_when_it_is_put_back() {
        let home = tempfile::TempDir::new().unwrap();
        let (place, copy) = (home.path().join("signoff.db"), home.path().join("copy.db"));
        let (store, seat) = Store::open_to_serve(&place).await.unwrap();
        store.record_exercise("gear-freak", &exercise(ExerciseKind::Drill), &Actor::Signoff).await.unwrap();
        store.copy_to(&copy).await.unwrap();
        assert!(store.copy_to(&copy).await.is_err(), "a copy is never written over");
        store.record_exercise("gear-freak", &exercise(ExerciseKind::RestoreTest), &Actor::Signoff).await.unwrap();

        let refused = Store::put_back(&copy, &place, "a").await.unwrap_err();
        assert!(matches!(refused.fault, Fault::Taken { .. }), "{refused:?}");
        drop(seat);
        store.close().await;
        let kept = Store::put_back(&copy, &place, "b").await.unwrap().unwrap();
        let (now, before) = (Store::open(&place).await.unwrap(), Store::open(&kept).await.unwrap());
        for (store, kind, count) in [
            (&now, ExerciseKind::Drill, 1),
            (&now, ExerciseKind::RestoreTest, 0),
            (&before, ExerciseKind::RestoreTest, 1),
        ] {
            assert_eq!(store.exercises("gear-freak", kind).await.unwrap().len(), count);
        }
    }

    #[tokio::test]
    async fn a_copy_that_is_none_is_refused_and_nothing_is_touched() {
        let home = tempfile::TempDir::new().unwrap();
        let (place, copy) = (home.path().join("signoff.db"), home.path().join("copy.db"));
        Store::open(&place).await.unwrap();
        assert!(Store::put_back(&copy, &place, "a").await.is_err(), "it is not there");
        std::fs::write(&copy, "this is no database, and never was one").unwrap();
        let refused = Store::put_back(&copy, &place, "b").await.unwrap_err();
        assert_eq!(refused.path.as_ref(), copy);
        assert!(matches!(refused.fault, Fault::NotADatabase), "{refused:?}");
        let names: Vec<_> = std::fs::read_dir(home.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert!(!names.iter().any(|name| name.to_string_lossy().contains("new")), "{names:?}");
    }

    /// Looks, over and over, until `work` has come to its end.
    async fn watched<T>(look: impl Fn() + Send + Sync + 'static, work: impl Future<Output = T>) -> T {
        let done = std::sync::Arc::new(AtomicBool::new(false));
        let watcher = thread::spawn({
            let done = std::sync::Arc::clone(&done);
            move || {
                while !done.load(Ordering::Relaxed) {
                    look();
                }
            }
        });
        let came = work.await;
        done.store(true, Ordering::Relaxed);
        watcher.join().unwrap();
        came
    }

    /// A kill at any moment leaves what somebody who looks at that moment sees.
    #[tokio::test]
    async fn at_each_moment_of_putting_back_there_is_a_database() {
        let home = tempfile::TempDir::new().unwrap();
        let (place, copy) = (home.path().join("signoff.db"), home.path().join("copy.db"));
        let store = Store::open(&place).await.unwrap();
        store.copy_to(&copy).await.unwrap();
        store.close().await;
        let seen = place.clone();
        watched(move || assert!(seen.exists(), "there was a moment without a database"), async {
            for round in 0..20 {
                Store::put_back(&copy, &place, &round.to_string()).await.unwrap().unwrap();
            }
        })
        .await;
        Store::open(&place).await.unwrap();
    }

    /// Where a file has one name only, a second one is a copy.
    #[tokio::test]
    async fn a_file_that_is_copied_for_want_of_a_link_is_never_seen_half() {
        let home = tempfile::TempDir::new().unwrap();
        let (from, to) = (home.path().join("signoff.db"), home.path().join("signoff.db.1.old"));
        let long = vec![7_u8; 8 << 20];
        std::fs::write(&from, &long).unwrap();
        let (seen, whole) = (to.clone(), long.len() as u64);
        let look = move || {
            if let Ok(found) = seen.metadata() {
                assert_eq!(found.len(), whole, "half of it has its name");
            }
        };
        watched(look, async {
            for _ in 0..5 {
                copied_whole(&from, &to).unwrap();
                assert_eq!(std::fs::read(&to).unwrap().len(), long.len());
                std::fs::remove_file(&to).unwrap();
            }
        })
        .await;

        // What can be opened and not read: a folder.
        assert!(copied_whole(home.path(), &to).is_err());
        let names: Vec<_> = std::fs::read_dir(home.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(names, ["signoff.db"], "nothing is left behind");
    }

    #[test]
    fn a_name_that_is_taken_is_never_written_over() {
        let home = tempfile::TempDir::new().unwrap();
        let (from, to) = (home.path().join("a"), home.path().join("b"));
        std::fs::write(&from, "new").unwrap();
        std::fs::write(&to, "old").unwrap();
        assert!(matches!(hand_over(&from, &to), Err(Fault::Exists)));
        assert!(matches!(keep_as(&from, &to), Err(Fault::Exists)));
        assert_eq!(std::fs::read_to_string(&to).unwrap(), "old");
    }

    #[tokio::test]
    async fn a_copy_has_its_name_when_it_is_whole_and_is_its_owners_alone_from_the_first_byte() {
        let home = tempfile::TempDir::new().unwrap();
        let (place, copy) = (home.path().join("signoff.db"), home.path().join("copy.db"));
        let store = Store::open(&place).await.unwrap();
        store.set_note("long", &"기록".repeat(3_000_000)).await.unwrap();
        let (seen, folder) = (copy.clone(), home.path().to_owned());
        let look = move || {
            for entry in std::fs::read_dir(&folder).unwrap() {
                // What is gone by now is somebody's temporary file.
                let Ok(found) = entry.unwrap().metadata() else { continue };
                assert_eq!(found.mode() & 0o077, 0, "others may read it");
            }
            if let Ok(found) = seen.metadata() {
                assert!(found.len() > 18_000_000, "{} bytes under the name of a whole copy", found.len());
            }
        };
        watched(look, store.copy_to(&copy)).await.unwrap();
        whole(&copy).await.unwrap();
        let refused = store.copy_to(&home.path().join("no/such/folder.db")).await.unwrap_err();
        assert!(matches!(refused.fault, Fault::CannotOpen(_)), "{refused:?}");
        let names: Vec<_> = std::fs::read_dir(home.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert!(!names.iter().any(|name| name.to_string_lossy().contains("part")), "{names:?}");
    }

    #[tokio::test]
    async fn nothing_is_put_back_below_a_bot_whose_database_is_damaged() {
        let home = tempfile::TempDir::new().unwrap();
        let (place, copy) = (home.path().join("signoff.db"), home.path().join("copy.db"));
        let (store, seat) = Store::open_to_serve(&place).await.unwrap();
        store.copy_to(&copy).await.unwrap();
        store.close().await;
        std::fs::write(&place, "what once was a database").unwrap();
        let refused = Store::put_back(&copy, &place, "a").await.unwrap_err();
        assert!(matches!(refused.fault, Fault::Taken { .. }), "{refused:?}");
        assert_eq!(std::fs::read_to_string(&place).unwrap(), "what once was a database");
        // Once the bot is gone it is what a backup is for.
        drop(seat);
        let kept = Store::put_back(&copy, &place, "b").await.unwrap().unwrap();
        assert_eq!(std::fs::read_to_string(kept).unwrap(), "what once was a database");
        whole(&place).await.unwrap();
    }
}
