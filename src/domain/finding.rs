//! A finding: what was wrong and left is not forgotten. It has an urgency, an owner and a due day; it is updated and closed
//! with what was done, and every step of that stays on record.

use std::fmt;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::grade::Grade;
use super::message::{Explain, Localised, Message};
use super::run::{MessagePlace, RunId};
use super::words::{Who, Words};

/// The number of a finding, as people say it: `F3`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct FindingId(pub i64);

impl fmt::Display for FindingId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "F{}", self.0)
    }
}

/// How soon somebody must look at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Urgency {
    /// At once; its owner is pinged.
    High,
    /// Soon.
    Medium,
    /// When there is time.
    Low,
}

impl Urgency {
    /// Each, the most urgent first.
    pub const ALL: [Self; 3] = [Self::High, Self::Medium, Self::Low];

    /// Its name in rows, in JSON and in buttons.
    pub const fn name(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
        }
    }

    /// The one that is called `name`.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|urgency| urgency.name() == name)
    }

    /// What a check's grade suggests; the person who files it decides.
    pub const fn suggested(grade: Grade) -> Self {
        match grade {
            Grade::Fail => Self::High,
            Grade::Unknown | Grade::Warn => Self::Medium,
            Grade::Manual | Grade::Waived | Grade::Skipped | Grade::Pass => Self::Low,
        }
    }
}

/// The check that a finding came of.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// The run.
    pub run: RunId,
    /// The command.
    pub command: String,
    /// The host, by its name in `bot.toml`.
    pub host: String,
    /// The check.
    pub check: String,
    /// What it is called.
    pub title: Localised,
    /// What it was graded.
    pub grade: Grade,
}

/// How a finding stands: what its steps change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stand {
    /// How soon somebody must look at it.
    pub urgency: Urgency,
    /// Who sees to it.
    pub owner: Who,
    /// By when.
    pub due: Option<NaiveDate>,
    /// What was done, once it is closed.
    pub closed: Option<Words>,
}

impl Stand {
    /// Whether its owner is to hear of it once more on `today`: it is urgent, open and overdue.
    pub fn is_pressing(&self, today: NaiveDate) -> bool {
        self.urgency == Urgency::High && self.is_overdue(today)
    }

    /// Whether it is overdue on `today`.
    pub fn is_overdue(&self, today: NaiveDate) -> bool {
        self.closed.is_none() && self.due.is_some_and(|due| due < today)
    }
}

/// A finding that is about to be filed.
#[derive(Clone, Debug, PartialEq)]
pub struct NewFinding {
    /// What it came of.
    pub source: Source,
    /// What was found, with secrets masked.
    pub message: Words,
    /// How it stands at first: open.
    pub stand: Stand,
    /// Who files it.
    pub by: Who,
    /// When.
    pub at: DateTime<Utc>,
    /// The channel in which it was filed, and in which its owner hears of it.
    pub channel: u64,
}

/// What one step changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// How soon somebody must look at it.
    Urgency(Urgency),
    /// Who sees to it.
    Owner(Who),
    /// By when; none: no day is named any more.
    Due(Option<NaiveDate>),
    /// Nothing: something is said of it.
    Said(Words),
    /// It is done, in this way.
    Closed(Words),
    /// It is not done after all, for this reason.
    Reopened(Words),
}

impl Change {
    /// Its name in rows.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Urgency(_) => "urgency",
            Self::Owner(_) => "owner",
            Self::Due(_) => "due",
            Self::Said(_) => "said",
            Self::Closed(_) => "closed",
            Self::Reopened(_) => "reopened",
        }
    }
}

/// One step of a finding's life.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// What it changed.
    pub change: Change,
    /// Who did it.
    pub by: Who,
    /// When.
    pub at: DateTime<Utc>,
}

/// A finding as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Its number.
    pub id: FindingId,
    /// As it was filed.
    pub filed: NewFinding,
    /// What happened since, the oldest first.
    pub steps: Vec<Step>,
    /// How it stands now.
    pub stand: Stand,
    /// Where its owner heard of it.
    pub place: Option<MessagePlace>,
}

/// Why a step is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Illegal {
    /// It is closed: it is opened again first.
    #[error("is closed")]
    Closed,
    /// It is open: there is nothing to open again.
    #[error("is open")]
    Open,
    /// It is so already.
    #[error("is so already")]
    NoChange,
}

/// How a finding stands after `change`.
///
/// # Errors
/// [`Illegal`]: of a closed finding nothing changes before it is opened again, but more may be said of it.
pub fn next(stand: &Stand, change: &Change) -> Result<Stand, Illegal> {
    let mut next = stand.clone();
    match change {
        Change::Said(_) => return Ok(next),
        Change::Reopened(_) if stand.closed.is_none() => return Err(Illegal::Open),
        Change::Reopened(_) => next.closed = None,
        _ if stand.closed.is_some() => return Err(Illegal::Closed),
        Change::Urgency(urgency) => next.urgency = *urgency,
        Change::Owner(owner) => next.owner = owner.clone(),
        Change::Due(due) => next.due = *due,
        Change::Closed(done) => next.closed = Some(done.clone()),
    }
    // The same person under another name is the same person.
    if next.owner.id == stand.owner.id
        && (next.urgency, next.due, &next.closed) == (stand.urgency, stand.due, &stand.closed)
    {
        return Err(Illegal::NoChange);
    }
    Ok(next)
}

/// Whether `change` makes a finding the business of somebody who must hear of it now: it is urgent, and was not theirs or
/// not urgent before.
pub fn pings(before: &Stand, after: &Stand) -> bool {
    let urgent = |stand: &Stand| stand.urgency == Urgency::High && stand.closed.is_none();
    urgent(after) && (!urgent(before) || before.owner.id != after.owner.id)
}

impl Explain for Illegal {
    fn message(&self) -> Message {
        match self {
            Self::Closed => Message::new("finding-is-closed"),
            Self::Open => Message::new("finding-is-open"),
            Self::NoChange => Message::new("finding-no-change"),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn who(id: u64) -> Who {
        Who { id, name: format!("person {id}") }
    }

    fn words(text: &str) -> Words {
        Words::new(text).unwrap()
    }

    fn open() -> Stand {
        Stand { urgency: Urgency::Medium, owner: who(1), due: None, closed: None }
    }

    fn closed() -> Stand {
        Stand { closed: Some(words("재시작했습니다")), ..open() }
    }

    #[test]
    fn a_step_changes_what_it_says_and_nothing_else() {
        let due: NaiveDate = "2026-12-01".parse().unwrap();
        for (change, expected) in [
            (Change::Urgency(Urgency::High), Ok(Stand { urgency: Urgency::High, ..open() })),
            (Change::Owner(who(2)), Ok(Stand { owner: who(2), ..open() })),
            (Change::Due(Some(due)), Ok(Stand { due: Some(due), ..open() })),
            (Change::Said(words("아직 봅니다")), Ok(open())),
            (Change::Closed(words("재시작했습니다")), Ok(closed())),
            (Change::Reopened(words("다시")), Err(Illegal::Open)),
            (Change::Urgency(Urgency::Medium), Err(Illegal::NoChange)),
            (Change::Owner(Who { id: 1, name: "renamed".to_owned() }), Err(Illegal::NoChange)),
            (Change::Due(None), Err(Illegal::NoChange)),
        ] {
            assert_eq!(next(&open(), &change), expected, "{change:?}");
        }
    }

    #[test]
    fn what_is_closed_stays_so_until_somebody_opens_it_again() {
        for change in [Change::Urgency(Urgency::High), Change::Owner(who(2)), Change::Closed(words("또"))] {
            assert_eq!(next(&closed(), &change), Err(Illegal::Closed), "{change:?}");
        }
        assert_eq!(next(&closed(), &Change::Said(words("참고"))), Ok(closed()));
        assert_eq!(next(&closed(), &Change::Reopened(words("다시"))), Ok(open()));
    }

    #[test]
    fn who_has_something_urgent_hears_of_it_once() {
        let high = |owner| Stand { urgency: Urgency::High, owner: who(owner), ..open() };
        assert!(pings(&open(), &high(1)));
        assert!(pings(&high(1), &high(2)), "it is somebody else's now");
        assert!(!pings(&high(1), &Stand { due: "2026-12-01".parse().ok(), ..high(1) }));
        assert!(!pings(&high(1), &open()));
        assert!(!pings(&high(1), &Stand { closed: Some(words("끝")), ..high(1) }));
        assert!(pings(&Stand { closed: Some(words("끝")), ..high(1) }, &high(1)), "it came back");
    }

    #[test]
    fn it_is_overdue_from_the_day_after_until_it_is_closed() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let due = Stand { due: Some(day("2026-12-01")), ..open() };
        assert!(!due.is_overdue(day("2026-12-01")) && due.is_overdue(day("2026-12-02")));
        assert!(!due.is_pressing(day("2026-12-02")), "what is not urgent presses nobody");
        let urgent = Stand { urgency: Urgency::High, ..due.clone() };
        assert!(!urgent.is_pressing(day("2026-12-01")) && urgent.is_pressing(day("2026-12-02")));
        assert!(!Stand { closed: Some(words("끝")), ..due }.is_overdue(day("2026-12-02")));
        assert!(!open().is_overdue(day("2099-01-01")));
    }

    fn change() -> impl Strategy<Value = Change> {
        prop_oneof![
            prop::sample::select(Urgency::ALL.to_vec()).prop_map(Change::Urgency),
            (1..4_u64).prop_map(|id| Change::Owner(who(id))),
            prop::option::of(1..28_u32)
                .prop_map(|day| Change::Due(day.and_then(|day| NaiveDate::from_ymd_opt(2026, 12, day)))),
            Just(Change::Said(words("말"))),
            Just(Change::Closed(words("끝"))),
            Just(Change::Reopened(words("다시"))),
        ]
    }

    proptest! {
        /// Whatever people do: it is closed by a word of what was done and by nothing else.
        #[test]
        fn only_a_closing_closes_it(changes in prop::collection::vec(change(), 0..20)) {
            let mut stand = open();
            let mut is_closed = false;
            for change in changes {
                let Ok(after) = next(&stand, &change) else { continue };
                match change {
                    Change::Closed(_) => is_closed = true,
                    Change::Reopened(_) => is_closed = false,
                    _ => {}
                }
                prop_assert_eq!(after.closed.is_some(), is_closed);
                stand = after;
            }
        }
    }
}
