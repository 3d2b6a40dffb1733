//! When a sample that is bad becomes an alert: three in a row begin it, three good ones in a row end it. One bad minute
//! wakes nobody, and one good one tells nobody that it is over.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::run::MessagePlace;
use super::vital::{Sample, Series, Thresholds};

/// How many samples in a row turn it, either way.
pub const IN_A_ROW: usize = 3;

/// What a sample turned.
#[derive(Clone, Debug, PartialEq)]
pub enum Turn {
    /// Bad for the third time in a row: the last values, the oldest first.
    Begins(Series, Vec<f64>),
    /// Good for the third time in a row.
    Ends(Series),
}

/// The number of an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AlertId(pub i64);

impl AlertId {
    /// What stands at the foot of its messages: by that they are known again.
    pub fn mark(self) -> String {
        format!("A{}", self.0)
    }
}

/// An alert as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptAlert {
    /// Its number.
    pub id: AlertId,
    /// The host, by its name in `bot.toml`.
    pub host: String,
    /// Of what.
    pub series: Series,
    /// When the third bad sample came.
    pub begun_at: DateTime<Utc>,
    /// The bad values, the oldest first.
    pub seen: Vec<f64>,
    /// The condition that they met.
    pub threshold: String,
    /// When the third good sample came.
    pub ended_at: Option<DateTime<Utc>>,
    /// Where it was posted.
    pub place: Option<MessagePlace>,
    /// Until when nobody wants to hear of it.
    pub muted_until: Option<DateTime<Utc>>,
    /// What still has to be told.
    pub owed: Owed,
}

/// What still has to be told of an alert.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Owed {
    /// That it began, in the channel.
    pub beginning: bool,
    /// That it ended, in the channel.
    pub end: bool,
    /// That it began, by the webhook.
    pub hook: bool,
    /// That it ended, by the webhook.
    pub hook_end: bool,
}

/// Listens to the samples of one host.
#[derive(Clone, Debug, Default)]
pub struct Listener {
    open: BTreeSet<Series>,
    streaks: BTreeMap<Series, Streak>,
}

#[derive(Clone, Debug, Default)]
struct Streak {
    bad: Vec<f64>,
    good: usize,
}

impl Listener {
    /// Listens on where `open` alerts stand.
    pub fn new(open: impl IntoIterator<Item = Series>) -> Self {
        Self { open: open.into_iter().collect(), streaks: BTreeMap::new() }
    }

    /// Lets what was bad until now pass: somebody acts on the host, and what that causes is no alert. What is still bad
    /// afterwards begins a new row.
    pub fn let_pass(&mut self) {
        for streak in self.streaks.values_mut() {
            streak.bad.clear();
        }
    }

    /// Takes back what was heard: it could not be kept. The next sample that is still so says it again.
    pub fn unhear(&mut self, turn: &Turn) {
        match turn {
            Turn::Begins(series, _) => self.open.remove(series),
            Turn::Ends(series) => self.open.insert(series.clone()),
        };
    }

    /// Hears a sample. What it could not see neither goes on with a row nor breaks it.
    pub fn hear(&mut self, sample: &Sample, thresholds: &Thresholds) -> Vec<Turn> {
        let mut turns = Vec::new();
        for (series, value) in &sample.values {
            let streak = self.streaks.entry(series.clone()).or_default();
            if thresholds.is_bad(series.vital, *value, sample.at) {
                streak.good = 0;
                streak.bad.push(*value);
                if streak.bad.len() > IN_A_ROW {
                    streak.bad.remove(0);
                }
                if streak.bad.len() == IN_A_ROW && self.open.insert(series.clone()) {
                    turns.push(Turn::Begins(series.clone(), streak.bad.clone()));
                }
            } else {
                streak.bad.clear();
                streak.good += 1;
                if streak.good >= IN_A_ROW && self.open.remove(series) {
                    turns.push(Turn::Ends(series.clone()));
                }
            }
        }
        turns
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::vital::Vital;

    fn series() -> Series {
        Series { vital: Vital::Cpu, subject: String::new() }
    }

    fn heard(listener: &mut Listener, value: Option<f64>) -> Vec<Turn> {
        let mut sample = Sample::new(DateTime::UNIX_EPOCH);
        if let Some(value) = value {
            sample.add(Vital::Cpu, "", value);
        }
        listener.hear(&sample, &Thresholds::shipped())
    }

    #[test]
    fn three_in_a_row_begin_it_and_three_end_it() {
        let mut listener = Listener::default();
        let mut hear = |value| heard(&mut listener, value);
        for calm in [Some(90.0), Some(90.0), Some(10.0), Some(90.0), None, Some(91.0)] {
            assert_eq!(hear(calm), []);
        }
        assert_eq!(hear(Some(92.0)), [Turn::Begins(series(), vec![90.0, 91.0, 92.0])]);
        for still in [Some(99.0), Some(1.0), Some(1.0), Some(99.0), Some(1.0), None, Some(1.0)] {
            assert_eq!(hear(still), []);
        }
        assert_eq!(hear(Some(1.0)), [Turn::Ends(series())]);
        assert_eq!(hear(Some(1.0)), []);
    }

    #[test]
    fn what_is_let_pass_counts_for_no_row_and_ends_none() {
        let mut listener = Listener::default();
        for _ in 0..2 {
            assert_eq!(heard(&mut listener, Some(90.0)), []);
        }
        listener.let_pass();
        for _ in 0..2 {
            assert_eq!(heard(&mut listener, Some(95.0)), [], "judged anew");
        }
        assert_eq!(heard(&mut listener, Some(95.0)), [Turn::Begins(series(), vec![95.0, 95.0, 95.0])]);
        listener.let_pass();
        assert_eq!(heard(&mut listener, Some(95.0)), [], "it is open all the same");
    }

    #[test]
    fn what_could_not_be_kept_is_said_again() {
        let mut listener = Listener::default();
        let row =
            |listener: &mut Listener, value| (0..3).flat_map(|_| heard(listener, Some(value))).collect::<Vec<_>>();
        for value in [99.0, 1.0] {
            let turns = row(&mut listener, value);
            assert_eq!(turns.len(), 1);
            listener.unhear(&turns[0]);
            let again = heard(&mut listener, Some(value));
            assert_eq!(again, turns);
            assert_eq!(heard(&mut listener, Some(value)), [], "kept now");
        }
    }

    #[test]
    fn what_was_open_before_a_restart_is_not_begun_again() {
        let mut listener = Listener::new([series()]);
        for _ in 0..10 {
            assert_eq!(heard(&mut listener, Some(99.0)), []);
        }
        let ends: Vec<_> = (0..3).flat_map(|_| heard(&mut listener, Some(1.0))).collect();
        assert_eq!(ends, [Turn::Ends(series())]);
    }

    proptest! {
        #[test]
        fn beginnings_and_ends_take_turns(values in prop::collection::vec(prop::option::of(0.0..100.0_f64), 0..200)) {
            let mut listener = Listener::default();
            let turns: Vec<bool> = values
                .into_iter()
                .flat_map(|value| heard(&mut listener, value))
                .map(|turn| matches!(turn, Turn::Begins(..)))
                .collect();
            for (number, begins) in turns.into_iter().enumerate() {
                prop_assert_eq!(begins, number % 2 == 0);
            }
        }
    }
}
