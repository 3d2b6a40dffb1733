//! How long nobody was told anything: the bot was down, or Discord could not be reached. The first post afterwards says so.

use chrono::{DateTime, TimeDelta, Utc};

/// A shorter one is an ordinary restart, and nobody needs to hear of it.
pub const WORTH_TELLING: TimeDelta = TimeDelta::minutes(5);

/// A time in which nobody was told anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Silence {
    /// When something got through for the last time.
    pub from: DateTime<Utc>,
    /// When something got through again.
    pub to: DateTime<Utc>,
}

impl Silence {
    /// The silence between two times at which Discord was reached, where it is worth telling. A clock that went back tells of
    /// none.
    pub fn between(last: DateTime<Utc>, now: DateTime<Utc>) -> Option<Self> {
        (now - last > WORTH_TELLING).then_some(Self { from: last, to: now })
    }

    /// One that nobody was told of yet, and the next: to whom nothing was said in between it was one.
    #[must_use]
    pub fn with(self, next: Self) -> Self {
        Self { from: self.from.min(next.from), to: self.to.max(next.to) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn what_is_longer_than_a_restart_is_told() {
        let nine = at("2026-12-03T00:00:00Z");
        for (now, told) in [
            ("2026-12-03T00:00:30Z", false),
            ("2026-12-03T00:05:00Z", false),
            ("2026-12-03T00:05:01Z", true),
            ("2026-12-04T00:00:00Z", true),
            ("2026-12-02T00:00:00Z", false),
        ] {
            assert_eq!(Silence::between(nine, at(now)).is_some(), told, "{now}");
        }
    }

    #[test]
    fn two_with_nothing_said_between_them_are_one() {
        let silence = |from: &str, to: &str| Silence { from: at(from), to: at(to) };
        let first = silence("2026-12-03T00:00:00Z", "2026-12-03T01:00:00Z");
        let second = silence("2026-12-03T01:02:00Z", "2026-12-03T02:00:00Z");
        assert_eq!(first.with(second), silence("2026-12-03T00:00:00Z", "2026-12-03T02:00:00Z"));
    }
}
