//! The few things that are sampled once a minute, and whether a sample is bad.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::condition::Condition;
use super::condition::past::{Answer, Past, Usual};
use super::evidence::Value;
use super::history::History;
use super::quantity::{Dimension, Quantity};

/// One thing that is sampled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Vital {
    /// Whether the host could be looked at: 1 or 0.
    Host,
    /// Whether the site answers as it should: 1 or 0.
    Site,
    /// How long the site takes to answer, in seconds.
    Response,
    /// The busy share of all processors since the sample before, in per cent.
    Cpu,
    /// The share of memory that is not available, in per cent.
    Memory,
    /// How full a file system is, in per cent; of each that matters.
    Disk,
    /// How many TCP connections are established.
    Connections,
    /// The bytes that came in since the sample before.
    Received,
    /// The bytes that went out since the sample before.
    Sent,
}

impl Vital {
    /// Every one.
    pub const ALL: [Self; 9] = [
        Self::Host,
        Self::Site,
        Self::Response,
        Self::Cpu,
        Self::Memory,
        Self::Disk,
        Self::Connections,
        Self::Received,
        Self::Sent,
    ];

    /// Its name in files and rows.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Host => "host",
            Self::Site => "site",
            Self::Response => "response",
            Self::Cpu => "cpu",
            Self::Memory => "memory",
            Self::Disk => "disk",
            Self::Connections => "connections",
            Self::Received => "received",
            Self::Sent => "sent",
        }
    }

    /// The one that is called `name`.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|vital| vital.name() == name)
    }

    /// What its value counts.
    pub const fn dimension(self) -> Dimension {
        match self {
            Self::Host | Self::Site | Self::Connections => Dimension::Count,
            Self::Response => Dimension::Time,
            Self::Cpu | Self::Memory | Self::Disk => Dimension::Percent,
            Self::Received | Self::Sent => Dimension::Bytes,
        }
    }

    /// A value of it.
    pub const fn quantity(self, value: f64) -> Quantity {
        Quantity { value, dimension: self.dimension() }
    }

    /// From where on it is bad as shipped: the thresholds of the daily check. Nothing where only a team can say.
    pub const fn shipped_threshold(self) -> Option<&'static str> {
        match self {
            Self::Host | Self::Site => Some("< 1"),
            Self::Response => Some(">= 3 s"),
            Self::Cpu | Self::Disk => Some(">= 80 %"),
            Self::Memory => Some(">= 85 %"),
            Self::Connections | Self::Received | Self::Sent => None,
        }
    }
}

/// What is sampled, and of which part of it: a mount.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Series {
    /// What.
    pub vital: Vital,
    /// Of which part; empty where there is but one.
    pub subject: String,
}

/// What was seen of one host at one moment. What could not be seen is not there: a gap, never a zero.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// When.
    pub at: DateTime<Utc>,
    /// The values.
    pub values: BTreeMap<Series, f64>,
}

impl Sample {
    /// Nothing seen yet, at `at`.
    pub const fn new(at: DateTime<Utc>) -> Self {
        Self { at, values: BTreeMap::new() }
    }

    /// Adds a value.
    pub fn add(&mut self, vital: Vital, subject: &str, value: f64) {
        self.values.insert(Series { vital, subject: subject.to_owned() }, value);
    }
}

/// From where on each vital is bad.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Thresholds(pub BTreeMap<Vital, Condition>);

impl Thresholds {
    /// Those that are shipped.
    pub fn shipped() -> Self {
        let parsed = |vital: Vital| Some((vital, Condition::parse(vital.shipped_threshold()?).ok()?));
        Self(Vital::ALL.into_iter().filter_map(parsed).collect())
    }

    /// Whether `value` of `vital` is bad.
    pub fn is_bad(&self, vital: Vital, value: f64, at: DateTime<Utc>) -> bool {
        let (history, usual) = (History::default(), Usual::default());
        let past = Past { history: &history, measure: vital.name(), subject: None, usual: &usual, now: at };
        self.0
            .get(&vital)
            .is_some_and(|condition| condition.ask(&Value::Quantity(vital.quantity(value)), &past) == Answer::Met)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_threshold_suits_its_vital() {
        let shipped = Thresholds::shipped();
        for vital in Vital::ALL {
            assert_eq!(Vital::named(vital.name()), Some(vital));
            assert_eq!(shipped.0.contains_key(&vital), vital.shipped_threshold().is_some());
            if let Some(condition) = shipped.0.get(&vital) {
                condition.check_dimension(Some(vital.dimension())).unwrap();
            }
        }
        let now = DateTime::UNIX_EPOCH;
        assert!(shipped.is_bad(Vital::Site, 0.0, now) && !shipped.is_bad(Vital::Site, 1.0, now));
        assert!(shipped.is_bad(Vital::Memory, 85.0, now) && !shipped.is_bad(Vital::Memory, 84.9, now));
        assert!(!shipped.is_bad(Vital::Sent, 1e12, now));
    }
}
