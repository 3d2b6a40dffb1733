//! What became of the problems of the run before: every report opens with it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::message::Localised;
use super::report::{Report, ReportedCheck};

/// A report held against the one before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    /// When the run before began.
    pub since: DateTime<Utc>,
    /// What changed: first what a person must look at.
    pub changes: Vec<Change>,
}

/// A problem that came, went, or is not what it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The check.
    pub check: String,
    /// What it is called.
    pub title: Localised,
    /// What became of it.
    pub kind: Kind,
}

/// What became of a problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// There was none.
    New,
    /// It was less bad.
    Worse,
    /// It was worse, and still is a problem.
    Better,
    /// It is none any more.
    Gone,
}

impl Kind {
    /// Each, first what a person must look at.
    pub const ALL: [Self; 4] = [Self::New, Self::Worse, Self::Better, Self::Gone];
}

impl Difference {
    /// What is other in `now` than it was in `before`.
    pub fn between(before: &Report, now: &Report) -> Self {
        let mut changes = Vec::new();
        for check in now.checks() {
            let was = before.check(&check.id).map_or(0, |was| was.grade.badness());
            changes.extend(kind(was, check.grade.badness()).map(|kind| Change::of(check, kind)));
        }
        // A check that was taken out of its file takes its problem along.
        let taken_out = before.checks().filter(|was| was.grade.badness() > 0 && now.check(&was.id).is_none());
        changes.extend(taken_out.map(|was| Change::of(was, Kind::Gone)));
        changes.sort_by_key(|change| change.kind);
        Self { since: before.started_at, changes }
    }

    /// The changes of one kind.
    pub fn of(&self, kind: Kind) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(move |change| change.kind == kind)
    }
}

impl Change {
    fn of(check: &ReportedCheck, kind: Kind) -> Self {
        Self { check: check.id.clone(), title: check.title.clone(), kind }
    }
}

const fn kind(was: u8, is: u8) -> Option<Kind> {
    match (was, is) {
        (0, 0) => None,
        (0, _) => Some(Kind::New),
        (_, 0) => Some(Kind::Gone),
        // Of what failed and now cannot be seen, nobody can say that it is better.
        (3, 2) => None,
        (was, is) if is > was => Some(Kind::Worse),
        (was, is) if is < was => Some(Kind::Better),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::grade::Grade;
    use super::super::sample::report;
    use super::*;

    #[test]
    fn every_pair_of_grades_has_its_word() {
        use Grade::{Fail, Manual, Pass, Skipped, Unknown, Warn};
        for (was, is, expected) in [
            (Pass, Fail, Some(Kind::New)),
            (Skipped, Unknown, Some(Kind::New)),
            (Warn, Fail, Some(Kind::Worse)),
            (Warn, Unknown, Some(Kind::Worse)),
            (Unknown, Fail, Some(Kind::Worse)),
            (Fail, Unknown, None),
            (Fail, Warn, Some(Kind::Better)),
            (Unknown, Warn, Some(Kind::Better)),
            (Fail, Pass, Some(Kind::Gone)),
            (Warn, Manual, Some(Kind::Gone)),
            (Pass, Skipped, None),
            (Fail, Fail, None),
        ] {
            let difference = Difference::between(&report(&[("a", was)]), &report(&[("a", is)]));
            assert_eq!(difference.changes.first().map(|change| change.kind), expected, "{was:?} -> {is:?}");
        }
    }

    #[test]
    fn checks_that_came_or_went_with_their_file_count_and_the_worst_comes_first() {
        let before = report(&[("gone", Grade::Fail), ("fine", Grade::Pass), ("better", Grade::Fail)]);
        let now = report(&[("better", Grade::Warn), ("came", Grade::Warn)]);
        let changes = Difference::between(&before, &now).changes;
        let told: Vec<_> = changes.iter().map(|change| (change.check.as_str(), change.kind)).collect();
        assert_eq!(told, [("came", Kind::New), ("better", Kind::Better), ("gone", Kind::Gone)]);
    }
}
