//! What is due: an occurrence of a checklist, who has to look at it, and what is told unasked.

use chrono::{DateTime, Utc};

use super::message::Message;
use super::run::{MessagePlace, RunId};
use super::schedule::Due;

/// The number of an occurrence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OccurrenceId(pub i64);

/// How far an occurrence is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OccurrenceState {
    /// It is to be posted.
    Due,
    /// Somebody is posting it, or was killed while they did.
    Claimed,
    /// It is in its channel.
    Posted,
    /// It was too late to be of use.
    Missed,
    /// Discord does not take it, for good.
    Refused,
}

impl OccurrenceState {
    const ALL: [Self; 5] = [Self::Due, Self::Claimed, Self::Posted, Self::Missed, Self::Refused];

    /// Its name in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::Claimed => "claimed",
            Self::Posted => "posted",
            Self::Missed => "missed",
            Self::Refused => "refused",
        }
    }

    /// The state of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

/// One time at which a checklist was due.
#[derive(Clone, Debug, PartialEq)]
pub struct Occurrence {
    /// Its number.
    pub id: OccurrenceId,
    /// The checklist, or the name of what is to be done.
    pub checklist: String,
    /// The host, by its name in `bot.toml`.
    pub host: String,
    /// When.
    pub due: Due,
    /// How far it is.
    pub state: OccurrenceState,
    /// The run that it was posted with.
    pub run: Option<RunId>,
    /// Where it was posted.
    pub place: Option<MessagePlace>,
    /// When it was posted.
    pub posted_at: Option<DateTime<Utc>>,
    /// When it was done, for what is no checklist.
    pub done_at: Option<DateTime<Utc>>,
    /// Who has to look at it, by id.
    pub people: Vec<u64>,
}

/// The number of a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NoticeId(pub i64);

impl NoticeId {
    /// What stands at the foot of its message where no button names it: by that it is known again.
    pub fn mark(self) -> String {
        format!("N{}", self.0)
    }
}

/// What a notice is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoticeKind {
    /// Nobody has signed: the assignee is reminded.
    Person,
    /// The deputy is.
    Deputy,
    /// The role is.
    Role,
    /// Somebody wanted to be reminded again.
    Snooze,
    /// Somebody was handed an occurrence.
    Handover,
    /// Somebody was arranged for a turn, by command.
    Arranged,
    /// What was due while nobody could post it.
    Missed,
    /// What is overdue, once a week.
    Digest,
    /// Findings of high urgency that are open past their day, each morning.
    Findings,
    /// What the bot itself could not do, for the log channel.
    Log,
}

impl NoticeKind {
    const ALL: [Self; 10] = [
        Self::Person,
        Self::Deputy,
        Self::Role,
        Self::Snooze,
        Self::Handover,
        Self::Arranged,
        Self::Missed,
        Self::Digest,
        Self::Findings,
        Self::Log,
    ];

    /// Its name in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Deputy => "deputy",
            Self::Role => "role",
            Self::Snooze => "snooze",
            Self::Handover => "handover",
            Self::Arranged => "arranged",
            Self::Missed => "missed",
            Self::Digest => "digest",
            Self::Findings => "findings",
            Self::Log => "log",
        }
    }

    /// The kind of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Whether it reminds somebody that nobody has signed; the later ones go further.
    pub const fn is_overdue(self) -> bool {
        matches!(self, Self::Person | Self::Deputy | Self::Role)
    }
}

/// What is to be told unasked.
#[derive(Clone, Debug, PartialEq)]
pub struct NewNotice {
    /// What it is about: the same thing is told once.
    pub key: String,
    /// What it is.
    pub kind: NoticeKind,
    /// About which occurrence, where it is about one.
    pub occurrence: Option<OccurrenceId>,
    /// Whom it is for, where that is one person.
    pub person: Option<u64>,
    /// What it says, where that is one sentence.
    pub says: Option<Message>,
    /// Where.
    pub channel: u64,
    /// From when on.
    pub due_at: DateTime<Utc>,
}

/// A notice that is to be posted.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// Its number.
    pub id: NoticeId,
    /// Whether somebody claimed it, and was killed before it was known to be posted.
    pub claimed: bool,
    /// What it is.
    pub what: NewNotice,
}

/// What is done about a notice that has become due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ripe {
    /// It is posted.
    Post,
    /// It says nothing any more.
    Drop,
}

/// How an occurrence stands, as far as it decides what is still told of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Judge {
    /// It is signed, or somebody said that it is done.
    pub done: bool,
    /// It was due again meanwhile.
    pub stale: bool,
    /// Somebody asked to be left alone, and still is.
    pub snoozed: bool,
}

impl Judge {
    /// What is done about each of the notices of one occurrence that are due. After a long silence only the one that goes
    /// furthest is posted; what nobody needs to hear any more is dropped. While somebody is left alone, the assignee is not
    /// reminded.
    pub fn ripe(self, notice: NoticeKind, all_due: &[NoticeKind]) -> Ripe {
        let asks_to_sign = notice.is_overdue() || matches!(notice, NoticeKind::Snooze | NoticeKind::Handover);
        if asks_to_sign && (self.done || self.stale) {
            return Ripe::Drop;
        }
        if !notice.is_overdue() {
            return Ripe::Post;
        }
        if all_due.iter().any(|other| other.is_overdue() && *other > notice) {
            return Ripe::Drop;
        }
        match notice {
            NoticeKind::Person if self.snoozed || all_due.contains(&NoticeKind::Snooze) => Ripe::Drop,
            _ => Ripe::Post,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_one_that_goes_furthest_is_posted() {
        use NoticeKind::{Deputy, Digest, Handover, Log, Missed, Person, Role, Snooze};
        for (notice, all, done, stale, snoozed, expected) in [
            (Person, &[Person][..], false, false, false, Ripe::Post),
            (Person, &[Person, Deputy], false, false, false, Ripe::Drop),
            (Deputy, &[Person, Deputy], false, false, false, Ripe::Post),
            (Role, &[Person, Deputy, Role], false, false, false, Ripe::Post),
            (Person, &[Person], true, false, false, Ripe::Drop),
            (Role, &[Role], false, true, false, Ripe::Drop),
            // Whoever asked for an hour has it; the deputy hears of it all the same.
            (Person, &[Person], false, false, true, Ripe::Drop),
            (Person, &[Person, Snooze], false, false, false, Ripe::Drop),
            (Deputy, &[Deputy], false, false, true, Ripe::Post),
            (Snooze, &[Person, Snooze], false, false, false, Ripe::Post),
            (Snooze, &[Snooze], true, false, false, Ripe::Drop),
            (Handover, &[Handover, Role], false, false, false, Ripe::Post),
            (Handover, &[Handover], true, false, false, Ripe::Drop),
            // What went wrong is told, whatever became of it.
            (Missed, &[Missed], true, true, false, Ripe::Post),
            (Log, &[Log], true, true, false, Ripe::Post),
            (Digest, &[Digest], false, false, false, Ripe::Post),
        ] {
            let judge = Judge { done, stale, snoozed };
            assert_eq!(judge.ripe(notice, all), expected, "{notice:?} of {all:?}");
        }
    }

    #[test]
    fn names_are_read_back() {
        for kind in NoticeKind::ALL {
            assert_eq!(NoticeKind::from_name(kind.name()), Some(kind));
        }
        for state in OccurrenceState::ALL {
            assert_eq!(OccurrenceState::from_name(state.name()), Some(state));
        }
    }
}
