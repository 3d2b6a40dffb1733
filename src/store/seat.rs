//! One bot a database: two that were started by mistake would both post, and each would take the other's claims for what a
//! kill left behind. A lock that the system itself lets go, however a program ends, is held on a file beside the database:
//! after a `kill -9` the next one starts at once.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::os::unix::fs::OpenOptionsExt;

use super::Store;
use super::error::{Fault, StoreError};

/// The right to be the bot of a database, for as long as it is held.
#[derive(Debug)]
pub struct Seat(#[expect(dead_code, reason = "held, not read")] Option<File>);

impl Store {
    /// Takes the seat of the one bot of this database.
    ///
    /// # Errors
    /// [`Fault::Taken`] when another bot has it, or [`StoreError`] when that cannot be told.
    pub fn take_seat(&self) -> Result<Seat, StoreError> {
        let named = |fault| StoreError { path: self.path.clone(), fault };
        if self.path.as_os_str() == ":memory:" {
            return Ok(Seat(None));
        }
        let mut path = self.path.as_os_str().to_owned();
        path.push("-bot");
        let cannot_open = |error: std::io::Error| named(Fault::CannotOpen(error.to_string()));
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path)
            .map_err(cannot_open)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut process = String::new();
                // Who it is only helps to find it: without, the refusal is the same.
                let _ = file.read_to_string(&mut process);
                return Err(named(Fault::Taken { process: process.trim().to_owned() }));
            }
            Err(TryLockError::Error(error)) => return Err(cannot_open(error)),
        }
        let write = |file: &mut File| {
            file.set_len(0)?;
            file.rewind()?;
            writeln!(file, "{}", std::process::id())
        };
        if let Err(error) = write(&mut file) {
            tracing::warn!(%error, "the process that holds the database cannot be written down");
        }
        Ok(Seat(Some(file)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;

    #[tokio::test]
    async fn the_second_is_refused_until_the_first_is_gone() {
        let home = tempfile::TempDir::new().unwrap();
        let path = home.path().join("signoff.db");
        let (one, other) = (Store::open(&path).await.unwrap(), Store::open(&path).await.unwrap());
        let seat = one.take_seat().unwrap();
        let refused = other.take_seat().unwrap_err();
        let process = std::process::id().to_string();
        assert!(matches!(&refused.fault, Fault::Taken { process: by } if *by == process), "{refused:?}");
        drop(seat);
        other.take_seat().unwrap();
    }
}
