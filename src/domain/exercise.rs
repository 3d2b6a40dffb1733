//! What is rehearsed now and then, so that it works when it must.

use std::time::Duration;

use chrono::{DateTime, Utc};

/// Which rehearsal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExerciseKind {
    /// The newest backup is restored into a scratch database and counted (row W5).
    RestoreTest,
    /// The whole host is built anew elsewhere (row M6).
    Drill,
}

impl ExerciseKind {
    /// Every kind.
    pub const ALL: [Self; 2] = [Self::RestoreTest, Self::Drill];

    /// Its name in files and rows.
    pub const fn name(self) -> &'static str {
        match self {
            Self::RestoreTest => "restore-test",
            Self::Drill => "drill",
        }
    }

    /// The kind that is called `name`.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// One rehearsal that came to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exercise {
    /// Which.
    pub kind: ExerciseKind,
    /// Whether it did what it should.
    pub passed: bool,
    /// When it ended.
    pub ended_at: DateTime<Utc>,
    /// How long it took.
    pub took: Duration,
    /// Who says so.
    pub told_by: String,
}
