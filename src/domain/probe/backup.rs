//! What is asked of backups and of the database that they are of.

use std::time::Duration;

use chrono::NaiveTime;

use crate::domain::exercise::ExerciseKind;

/// The backups in a folder of the host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backups {
    /// The folder.
    pub folder: String,
    /// What a backup is called, with the time in it as `strftime` writes it: `postgres_%Y%m%d_%H%M%S.sql.gz`.
    pub name: String,
    /// When one is made each day, in the host's zone.
    pub at: NaiveTime,
    /// Of how many days there must be one.
    pub days: u32,
    /// How long one may stay.
    pub keep: Duration,
    /// From which share of the median size to which a size is plausible, in per cent.
    pub sizes: (u32, u32),
}

/// A line of cron, and what it needs to work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// When: `0 3 * * *`.
    pub at: String,
    /// What it starts: the path of a script.
    pub command: String,
    /// Where it writes what it did.
    pub log: String,
}

/// A PostgreSQL database in a container of the compose project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Database {
    /// The compose service.
    pub service: String,
    /// The database.
    pub name: String,
    /// Who asks.
    pub user: String,
}

/// How long a query takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explain {
    /// Where.
    pub database: Database,
    /// A `SELECT`: it is run, in a transaction that may only read and is rolled back.
    pub query: String,
}

/// How long ago something was rehearsed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rehearsed {
    /// What.
    pub of: ExerciseKind,
}
