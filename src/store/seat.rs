//! One bot a database: two that were started by mistake would both post, and each would take the other's claims for what a
//! kill left behind. A lock that the system itself lets go, however a program ends, is held on a file beside the database:
//! after a `kill -9` the next one starts at once. It is found by the database's path alone, so that it says who is there
//! when the database itself cannot be opened.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::error::Fault;

/// How long the seat is waited for: another command may have it while it brings the database to its schema.
const PATIENCE: Duration = Duration::from_secs(1);

/// How long between two tries.
const PAUSE: Duration = Duration::from_millis(20);

/// The right to be the bot of a database, for as long as it is held.
#[derive(Debug)]
pub struct Seat(#[expect(dead_code, reason = "held, not read")] File);

impl Seat {
    /// Takes the seat of the one bot of the database `path`, which need not be there.
    ///
    /// # Errors
    /// [`Fault::Taken`] when another bot has it, or another [`Fault`] when that cannot be told.
    pub(super) async fn take(path: &Path) -> Result<Self, Fault> {
        let mut path = real(path).into_os_string();
        path.push("-bot");
        let cannot_open = |error: std::io::Error| Fault::CannotOpen(error.to_string());
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path)
            .map_err(cannot_open)?;
        let began = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if began.elapsed() < PATIENCE => tokio::time::sleep(PAUSE).await,
                Err(TryLockError::WouldBlock) => {
                    let mut process = String::new();
                    // Who it is only helps to find it: without, the refusal is the same.
                    let _ = file.read_to_string(&mut process);
                    return Err(Fault::Taken { process: process.trim().to_owned() });
                }
                Err(TryLockError::Error(error)) => return Err(cannot_open(error)),
            }
        }
        let write = |file: &mut File| {
            file.set_len(0)?;
            file.rewind()?;
            writeln!(file, "{}", std::process::id())
        };
        if let Err(error) = write(&mut file) {
            tracing::warn!(%error, "the process that holds the database cannot be written down");
        }
        Ok(Self(file))
    }
}

/// The database's path without symbolic links, as SQLite names its own files beside it: by whichever way two bots come to one
/// database, they find the same seat. A file that is not there yet lies in its folder.
fn real(path: &Path) -> PathBuf {
    let in_folder = |path: &Path| Some(path.parent()?.canonicalize().ok()?.join(path.file_name()?));
    // A link to what is still to be made leads to its name.
    let led = path.read_link().ok().map(|to| path.parent().unwrap_or(Path::new("")).join(to));
    let known = path.canonicalize().ok().or_else(|| led.as_deref().and_then(in_folder));
    known.or_else(|| in_folder(path)).unwrap_or_else(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;

    #[tokio::test]
    async fn the_second_is_refused_until_the_first_is_gone() {
        let home = tempfile::TempDir::new().unwrap();
        let path = home.path().join("signoff.db");
        let (store, seat) = Store::open_to_serve(&path).await.unwrap();
        let refused = Store::open_to_serve(&path).await.unwrap_err();
        let process = std::process::id().to_string();
        assert!(matches!(&refused.fault, Fault::Taken { process: by } if *by == process), "{refused:?}");
        // Whoever only looks shares the database with the bot.
        Store::open(&path).await.unwrap().close().await;
        drop((store, seat));
        Store::open_to_serve(&path).await.unwrap();
    }

    #[tokio::test]
    async fn a_link_to_the_database_leads_to_the_same_seat() {
        let home = tempfile::TempDir::new().unwrap();
        let path = home.path().join("signoff.db");
        let (folder, file) = (home.path().join("folder"), home.path().join("file.db"));
        std::os::unix::fs::symlink(home.path(), &folder).unwrap();
        std::os::unix::fs::symlink(&path, &file).unwrap();
        // Links count where the database is still to be made, too.
        for way in [&folder.join("signoff.db"), &file] {
            let seat = Seat::take(way).await.unwrap();
            assert!(matches!(Seat::take(&path).await.unwrap_err(), Fault::Taken { .. }), "{}", way.display());
            drop(seat);
        }
        let (_store, _seat) = Store::open_to_serve(&path).await.unwrap();
        for way in [&folder.join("signoff.db"), &file] {
            let refused = Store::open_to_serve(way).await.unwrap_err();
            assert!(matches!(refused.fault, Fault::Taken { .. }), "{refused:?}");
        }
    }
}
