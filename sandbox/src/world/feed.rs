//! What changed, in order, for those who watch live.
//!
//! A change only names its thing; whoever tells of it looks at the thing as it is then. So a burst of edits is told once, and a
//! message that became nobody's business in between is told as gone.

use std::collections::{HashSet, VecDeque};

use crate::id::Id;

/// Changes kept for those who come back after a cut. Whoever was away longer looks at everything anew.
const KEPT: usize = 5000;

/// Something that is not as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Change {
    /// A message was posted, edited or deleted.
    Message(Id),
    /// A channel or thread was opened, changed or deleted.
    Channel(Id),
    /// Somebody is writing there.
    Typing {
        /// Where.
        channel: Id,
        /// Who.
        user: Id,
    },
    /// An interaction was opened, answered, or not answered in time.
    Interaction(Id),
    /// Members or roles.
    People,
    /// The registered slash commands.
    Commands,
    /// Whether the bot is there.
    Bot,
    /// Somebody moved the clock.
    Clock,
    /// The host's panel.
    Panel,
}

/// The changes of late, numbered from 1.
#[derive(Debug, Default)]
pub(crate) struct Feed {
    newest: u64,
    kept: VecDeque<(u64, Change)>,
}

impl Feed {
    pub(crate) fn note(&mut self, change: Change) {
        self.newest += 1;
        self.kept.push_back((self.newest, change));
        if self.kept.len() > KEPT {
            self.kept.pop_front();
        }
    }

    /// The number of the newest change.
    pub(crate) fn newest(&self) -> u64 {
        self.newest
    }

    /// The changes after a number, each thing once, where it changed last. `None`: some of them are no longer known.
    pub(crate) fn since(&self, number: u64) -> Option<Vec<Change>> {
        let oldest = self.kept.front().map_or(self.newest + 1, |(first, _)| *first);
        if number > self.newest || number + 1 < oldest {
            return None;
        }
        let mut told = HashSet::new();
        let newest_first = self.kept.iter().rev().take_while(|(own, _)| *own > number);
        let mut changes: Vec<Change> =
            newest_first.map(|(_, change)| *change).filter(|change| told.insert(*change)).collect();
        changes.reverse();
        Some(changes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn message(number: u64) -> Change {
        Change::Message(Id::new(number))
    }

    #[test]
    fn each_thing_is_told_once_where_it_changed_last() {
        let mut feed = Feed::default();
        for change in [message(1), message(2), Change::People, message(1)] {
            feed.note(change);
        }
        assert_eq!(feed.since(0), Some(vec![message(2), Change::People, message(1)]));
        assert_eq!(feed.since(2), Some(vec![Change::People, message(1)]));
        assert_eq!(feed.since(4), Some(vec![]));
    }

    #[test]
    fn who_was_away_too_long_or_comes_from_elsewhere_is_told_so() {
        let mut feed = Feed::default();
        assert_eq!(feed.since(0), Some(vec![]));
        assert_eq!(feed.since(7), None, "a number of another world");
        for number in 0..=KEPT as u64 {
            feed.note(message(number));
        }
        assert_eq!(feed.since(0), None);
        assert_eq!(feed.since(1).map(|all| all.len()), Some(KEPT));
    }
}
