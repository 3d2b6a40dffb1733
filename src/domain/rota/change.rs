//! What people changed about a rota, by command. Changes are kept in the order in which they were made, and never altered:
//! one that was taken back is no longer among those that count.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// The number of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChangeId(pub i64);

/// Days, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
}

impl Span {
    /// Whether `day` lies in it.
    pub fn contains(self, day: NaiveDate) -> bool {
        (self.from..=self.to).contains(&day)
    }

    /// Whether the two have a day in common.
    pub fn meets(self, other: Self) -> bool {
        self.from <= other.to && other.from <= self.to
    }
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Change {
    /// These people have the turn of these days.
    Cover {
        /// Of which checklist.
        checklist: String,
        /// The days.
        days: Span,
        /// The people.
        people: Vec<u64>,
    },
    /// Two gave each other their days.
    Swap {
        /// Of which checklist.
        checklist: String,
        /// The days of the first, which the second takes.
        days: Span,
        /// Who had `days`, and takes `other_days`.
        one: Vec<u64>,
        /// The days of the second, which the first takes.
        other_days: Span,
        /// Who had `other_days`, and takes `days`.
        other: Vec<u64>,
    },
    /// Somebody is not there on these days, whatever the checklist.
    Away {
        /// Who.
        person: u64,
        /// The days.
        days: Span,
    },
}

/// A change as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its number.
    pub id: ChangeId,
    /// What was changed.
    pub change: Change,
    /// Who changed it.
    pub by: u64,
    /// When.
    pub at: DateTime<Utc>,
}

impl Change {
    /// Who has the turn of `day` by this change, where it says so.
    pub(super) fn covers(&self, checklist: &str, day: NaiveDate) -> Option<&[u64]> {
        match self {
            Self::Cover { checklist: of, days, people } if of == checklist && days.contains(day) => Some(people),
            Self::Swap { checklist: of, days, other, .. } if of == checklist && days.contains(day) => Some(other),
            Self::Swap { checklist: of, other_days, one, .. } if of == checklist && other_days.contains(day) => {
                Some(one)
            }
            Self::Cover { .. } | Self::Swap { .. } | Self::Away { .. } => None,
        }
    }

    /// Whether it keeps `person` away on `day`.
    pub(super) fn keeps_away(&self, person: u64, day: NaiveDate) -> bool {
        matches!(self, Self::Away { person: of, days } if *of == person && days.contains(day))
    }
}

/// The changes without those that name somebody for a turn.
pub(super) fn without_covers(changes: &[Kept]) -> Vec<Kept> {
    changes.iter().filter(|kept| matches!(kept.change, Change::Away { .. })).cloned().collect()
}
