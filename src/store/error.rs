//! What can go wrong with the database, and what a person can do about it.

use std::path::Path;
use std::sync::Arc;

use sqlx::migrate::MigrateError;

use crate::domain::message::{Explain, Message};

/// Something went wrong with the database.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {fault}", path = path.display())]
pub struct StoreError {
    /// The file.
    pub path: Arc<Path>,
    /// What went wrong.
    pub fault: Fault,
}

/// What went wrong.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The file or its folder could not be created or opened.
    #[error("cannot be opened: {0}")]
    CannotOpen(String),
    /// Nothing is written over what is there already.
    #[error("is there already")]
    Exists,
    /// There is no such file.
    #[error("is not there")]
    Missing,
    /// SQLite takes no such path.
    #[error("the path is not UTF-8")]
    NotUtf8,
    /// The file is no SQLite database.
    #[error("is no SQLite database")]
    NotADatabase,
    /// It is a SQLite database, but of another program.
    #[error("is the database of another program")]
    NotOurs,
    /// A later signoff has written it.
    #[error("has schema {}, which this program does not know", listed(unknown))]
    Newer {
        /// The schemas of the database that this program does not know.
        unknown: Vec<i64>,
    },
    /// An earlier signoff serves it, which would not understand this program's schema.
    #[error("has no schema {} yet, and process {process} serves it", listed(missing))]
    Older {
        /// The schemas of this program that the database does not have yet.
        missing: Vec<i64>,
        /// The process that serves it.
        process: String,
    },
    /// Another build of signoff has written it, whose schema of the same number was not the same.
    #[error("schema {0} was built by another signoff")]
    Altered(i64),
    /// Another bot serves it.
    #[error("is served by another bot, process {process}")]
    Taken {
        /// Its process.
        process: String,
    },
    /// It may not be written.
    #[error("is read-only")]
    ReadOnly,
    /// The disk is full, or the user's share of it.
    #[error("the disk is full")]
    Full,
    /// The disk does not take it: it has turned read-only while the file was open, or is broken.
    #[error("the disk takes no change: {0}")]
    Refused(String),
    /// Somebody else has been writing all the time.
    #[error("is busy")]
    Busy,
    /// The file is broken.
    #[error("is damaged: {0}")]
    Damaged(String),
    /// A row cannot be understood. The others can.
    #[error("row {row} cannot be read: {cause}")]
    Unreadable {
        /// The table and the row's key.
        row: String,
        /// What of it cannot be understood.
        cause: String,
    },
    /// Something else.
    #[error(transparent)]
    Other(sqlx::Error),
}

/// The numbers of schemas, one after the other.
fn listed(schemas: &[i64]) -> String {
    schemas.iter().map(i64::to_string).collect::<Vec<_>>().join(", ")
}

impl Fault {
    /// Whether the same may work when it is tried again later, without anybody doing anything.
    pub const fn is_passing(&self) -> bool {
        matches!(self, Self::Busy)
    }

    /// The row `key` of `table` cannot be understood.
    pub(super) fn unreadable(table: &str, key: impl std::fmt::Display, cause: impl std::fmt::Display) -> Self {
        Self::Unreadable { row: format!("{table} {key}"), cause: cause.to_string() }
    }

    /// What went wrong in reading the row `key` of `table`, or the rows that belong to `key`.
    pub(super) fn reading(table: &str, key: impl std::fmt::Display, error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => Self::unreadable(table, key, error),
            error => error.into(),
        }
    }
}

/// The primary result codes of SQLite that a person can do something about; an extended code has more above its low byte.
mod code {
    pub(super) const BUSY: i32 = 5;
    pub(super) const LOCKED: i32 = 6;
    pub(super) const READ_ONLY: i32 = 8;
    pub(super) const CORRUPT: i32 = 11;
    pub(super) const FULL: i32 = 13;
    pub(super) const CANNOT_OPEN: i32 = 14;
    pub(super) const NOT_A_DATABASE: i32 = 26;
    /// Extended: what was written, or its way to the disk, failed. So it goes on a disk that the system turns read-only after a
    /// fault: what is open for writing stays so, and each write fails.
    pub(super) const IO_WRITE: [i32; 4] = [10 | (3 << 8), 10 | (4 << 8), 10 | (5 << 8), 10 | (6 << 8)];
    /// Extended: the shared-memory file beside the database could not be made longer, which is how a full disk shows first.
    pub(super) const IO_SHARED_MEMORY_SIZE: i32 = 10 | (19 << 8);
}

/// Whether no change will ever begin again by the connection that this came of.
pub(super) fn is_spent(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::InvalidSavePointStatement => true,
        sqlx::Error::Database(database) => primary(database.as_ref()) == code::READ_ONLY,
        _ => false,
    }
}

/// The extended result code of SQLite; 0 where there is none.
fn extended(database: &dyn sqlx::error::DatabaseError) -> i32 {
    database.code().and_then(|code| code.parse().ok()).unwrap_or(0)
}

fn primary(database: &dyn sqlx::error::DatabaseError) -> i32 {
    extended(database) & 0xff
}

impl From<sqlx::Error> for Fault {
    fn from(error: sqlx::Error) -> Self {
        let database = match &error {
            sqlx::Error::PoolTimedOut => return Self::Busy,
            sqlx::Error::Database(database) => database,
            _ => return Self::Other(error),
        };
        let extended = extended(database.as_ref());
        if extended == code::IO_SHARED_MEMORY_SIZE {
            return Self::Full;
        }
        if code::IO_WRITE.contains(&extended) {
            return Self::Refused(database.message().to_owned());
        }
        match primary(database.as_ref()) {
            code::BUSY | code::LOCKED => Self::Busy,
            code::READ_ONLY => Self::ReadOnly,
            code::CORRUPT => Self::Damaged(database.message().to_owned()),
            code::FULL => Self::Full,
            code::CANNOT_OPEN => Self::CannotOpen(database.message().to_owned()),
            code::NOT_A_DATABASE => Self::NotADatabase,
            _ => Self::Other(error),
        }
    }
}

impl From<MigrateError> for Fault {
    fn from(error: MigrateError) -> Self {
        match error {
            MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => error.into(),
            MigrateError::VersionMismatch(version) | MigrateError::VersionMissing(version) => Self::Altered(version),
            error => Self::Other(sqlx::Error::Migrate(Box::new(error))),
        }
    }
}

impl Explain for StoreError {
    fn message(&self) -> Message {
        let message = match &self.fault {
            Fault::CannotOpen(cause) => Message::new("store-cannot-open").with("cause", cause.as_str()),
            Fault::Exists => Message::new("store-exists"),
            Fault::Missing => Message::new("store-missing"),
            Fault::NotUtf8 => Message::new("store-not-utf8"),
            Fault::NotADatabase => Message::new("store-not-a-database"),
            Fault::NotOurs => Message::new("store-not-ours"),
            Fault::Newer { unknown } => Message::new("store-newer").with("schemas", listed(unknown)),
            Fault::Older { missing, process } => {
                Message::new("store-older").with("schemas", listed(missing)).with("process", process.as_str())
            }
            Fault::Altered(version) => Message::new("store-altered").with("version", version.to_string()),
            Fault::Taken { process } => Message::new("store-taken").with("process", process.as_str()),
            Fault::ReadOnly => Message::new("store-read-only"),
            Fault::Full => Message::new("store-full"),
            Fault::Refused(cause) => Message::new("store-refused").with("cause", cause.as_str()),
            Fault::Busy => Message::new("store-busy"),
            Fault::Damaged(cause) => Message::new("store-damaged").with("cause", cause.as_str()),
            Fault::Unreadable { row, cause } => {
                Message::new("store-unreadable").with("row", row.as_str()).with("cause", cause.as_str())
            }
            Fault::Other(error) => Message::new("store-other").with("cause", error.to_string()),
        };
        message.with("path", self.path.display().to_string())
    }

    fn hint(&self) -> Option<Message> {
        let hint = match &self.fault {
            Fault::CannotOpen(_) => Message::new("store-cannot-open-hint"),
            Fault::NotADatabase | Fault::NotOurs => Message::new("store-wrong-file-hint"),
            Fault::Newer { .. } => Message::new("store-newer-hint"),
            Fault::Older { .. } => Message::new("store-older-hint"),
            Fault::Altered(_) => Message::new("store-altered-hint"),
            Fault::Taken { .. } => Message::new("store-taken-hint"),
            Fault::ReadOnly => Message::new("store-read-only-hint"),
            Fault::Full => Message::new("store-full-hint"),
            Fault::Refused(_) => Message::new("store-refused-hint"),
            Fault::Busy => Message::new("store-busy-hint"),
            Fault::Damaged(_) => Message::new("store-damaged-hint"),
            Fault::Unreadable { .. } => Message::new("store-unreadable-hint"),
            Fault::Exists => Message::new("store-exists-hint"),
            Fault::Missing => Message::new("store-missing-hint"),
            Fault::NotUtf8 | Fault::Other(_) => return None,
        };
        Some(hint.with("path", self.path.display().to_string()))
    }
}
