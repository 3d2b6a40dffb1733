//! The clock. Everything outside of `domain` that needs the time asks this one, so that a test can move it.

use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

/// A clock; clones show the same time.
#[derive(Clone, Debug, Default)]
pub struct Clock(Kind);

#[derive(Clone, Debug, Default)]
enum Kind {
    #[default]
    System,
    Ahead(Arc<PathBuf>),
}

impl Clock {
    /// The machine's own clock.
    pub const fn system() -> Self {
        Self(Kind::System)
    }

    /// The machine's clock, ahead by as many milliseconds as the file at `path` says at this moment: the time of a practice
    /// server, which people move. A file that says nothing leaves it where the machine's is.
    pub fn ahead_by(path: PathBuf) -> Self {
        Self(Kind::Ahead(Arc::new(path)))
    }

    /// What time it is.
    pub fn now(&self) -> DateTime<Utc> {
        match &self.0 {
            Kind::System => Utc::now(),
            Kind::Ahead(path) => {
                let written = std::fs::read_to_string(path.as_path()).unwrap_or_default();
                Utc::now() + TimeDelta::milliseconds(written.trim().parse().unwrap_or_default())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_moves_the_time_forward_and_back() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("clock");
        let clock = Clock::ahead_by(path.clone());
        let ahead = || (clock.now() - Utc::now()).num_minutes();
        assert_eq!(ahead(), 0);
        for (written, minutes) in [("3600500\n", 60), ("-7200500", -120), ("soon", 0)] {
            std::fs::write(&path, written).unwrap();
            assert_eq!(ahead(), minutes, "{written}");
        }
    }
}
