//! The database as a file: copied while it is used, and put back.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Store;
use super::error::{Fault, StoreError};

/// What SQLite, and the bot that holds it, keep beside a database.
const BESIDE: [&str; 2] = ["-wal", "-shm"];

impl Store {
    /// Copies the database, whole and as of one moment, into the file `to`, which must not exist. Nobody is kept waiting.
    ///
    /// # Errors
    /// [`StoreError`] when the copy cannot be written.
    pub async fn copy_to(&self, to: &Path) -> Result<(), StoreError> {
        let path: Arc<Path> = to.into();
        let failed = |fault| StoreError { path: Arc::clone(&path), fault };
        if to.exists() {
            return Err(failed(Fault::CannotOpen("file exists".to_owned())));
        }
        let Some(name) = to.to_str() else { return Err(failed(Fault::CannotOpen("not UTF-8".to_owned()))) };
        let copied = sqlx::query("VACUUM INTO ?").bind(name).execute(&self.writer).await;
        copied.map_err(|error| failed(error.into()))?;
        restrict(to).map_err(|error| failed(Fault::CannotOpen(error.to_string())))
    }

    /// Puts the copy `from` in the place of the database `place`, and tells where the old one is kept: beside it, with
    /// `stamp` in its name. A copy that is damaged, of another program or of a later signoff is refused before anything
    /// is touched, and so is every copy while a bot runs on the database.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn put_back(from: &Path, place: &Path, stamp: &str) -> Result<Option<PathBuf>, StoreError> {
        let source: Arc<Path> = from.into();
        let of_source = |fault| StoreError { path: Arc::clone(&source), fault };
        if !from.is_file() {
            return Err(of_source(Fault::CannotOpen("no such file".to_owned())));
        }
        let target: Arc<Path> = place.into();
        let failed = |error: std::io::Error| StoreError {
            path: Arc::clone(&target),
            fault: Fault::CannotOpen(error.to_string()),
        };
        // It is looked at in a copy of its own: opening brings it to this program's schema, and the backup stays as it was.
        let fresh = with_suffix(place, &format!(".{stamp}.new"));
        std::fs::copy(from, &fresh).map_err(failed)?;
        let whole = whole(&fresh).await;
        if let Err(fault) = whole {
            let _ = std::fs::remove_file(&fresh);
            return Err(of_source(fault));
        }
        let mut seat = None;
        if place.exists() {
            // Whoever holds the seat would write on into a file that has no name any more.
            seat = Store::open(place).await.ok().map(|store| store.take_seat()).transpose()?;
        }
        let kept = with_suffix(place, &format!(".{stamp}.old"));
        let had = place.exists();
        if had {
            std::fs::rename(place, &kept).map_err(failed)?;
            for suffix in BESIDE {
                let (file, kept) = (with_suffix(place, suffix), with_suffix(&kept, suffix));
                if file.exists() {
                    std::fs::rename(file, kept).map_err(failed)?;
                }
            }
        }
        std::fs::rename(&fresh, place).map_err(failed)?;
        restrict(place).map_err(failed)?;
        drop(seat);
        Ok(had.then_some(kept))
    }
}

/// Whether the file is a database of ours that can be read from one end to the other.
async fn whole(path: &Path) -> Result<(), Fault> {
    let store = Store::open(path).await.map_err(|error| error.fault)?;
    let told: Vec<String> = sqlx::query_scalar("PRAGMA integrity_check").fetch_all(&store.writer).await?;
    store.writer.close().await;
    store.readers.close().await;
    match told.as_slice() {
        [one] if one == "ok" => Ok(()),
        told => Err(Fault::Damaged(told.first().cloned().unwrap_or_default())),
    }
}

/// Only its owner may read it.
fn restrict(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name: OsString = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

#[cfg(test)]
mod tests {
    use chrono::{TimeZone, Utc};

    use super::*;
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
        let store = Store::open(&place).await.unwrap();
        store.record_exercise("gear-freak", &exercise(ExerciseKind::Drill)).await.unwrap();
        store.copy_to(&copy).await.unwrap();
        assert!(store.copy_to(&copy).await.is_err(), "a copy is never written over");
        store.record_exercise("gear-freak", &exercise(ExerciseKind::RestoreTest)).await.unwrap();

        let seat = store.take_seat().unwrap();
        let refused = Store::put_back(&copy, &place, "a").await.unwrap_err();
        assert!(matches!(refused.fault, Fault::Taken { .. }), "{refused:?}");
        drop(seat);
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
}
