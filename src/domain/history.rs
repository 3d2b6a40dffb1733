//! What earlier looks of one check found: the past that conditions ask.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::condition::past::Usual;
use super::evidence::Value;

/// Everything that is kept of one check, by measure and subject.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    series: BTreeMap<(String, Option<String>), Series>,
}

/// One measure of one subject over time, the oldest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Series {
    values: Vec<(DateTime<Utc>, Value)>,
}

impl History {
    /// Whether any look before measured `measure`, of whatever subject.
    pub fn measured(&self, measure: &str) -> bool {
        self.series.keys().any(|(known, _)| known == measure)
    }

    /// The past of `measure` of `subject`, where it was ever measured.
    pub fn series(&self, measure: &str, subject: Option<&str>) -> Option<&Series> {
        // A key is made for the search: subjects are few, and asked for once a run.
        self.series.get(&(measure.to_owned(), subject.map(str::to_owned)))
    }

    /// Every series of `measure`, by subject.
    pub fn of<'a>(&'a self, measure: &'a str) -> impl Iterator<Item = (Option<&'a str>, &'a Series)> {
        let series = self.series.iter().filter(move |((known, _), _)| known == measure);
        series.map(|((_, subject), series)| (subject.as_deref(), series))
    }

    /// Adds what `measure` of `subject` was at `at`.
    pub fn add(&mut self, measure: &str, subject: Option<&str>, at: DateTime<Utc>, value: Value) {
        let series = self.series.entry((measure.to_owned(), subject.map(str::to_owned))).or_default();
        let place = series.values.partition_point(|(known, _)| *known <= at);
        series.values.insert(place, (at, value));
    }
}

impl Series {
    /// The latest value.
    pub fn latest(&self) -> Option<Value> {
        self.values.last().map(|(_, value)| value.clone())
    }

    /// Every number with its time, the oldest first.
    pub fn numbers(&self) -> impl Iterator<Item = (DateTime<Utc>, f64)> {
        self.values.iter().filter_map(|(at, value)| match value {
            Value::Quantity(quantity) => Some((*at, quantity.value)),
            Value::Text(_) => None,
        })
    }

    /// One number for each `usual.every` of the last `usual.over`, the oldest first: of several the latest. What was
    /// measured less than half of that ago belongs to now, and is left out.
    pub fn spread(&self, usual: &Usual, now: DateTime<Utc>) -> Vec<(DateTime<Utc>, f64)> {
        let every = usual.every.num_milliseconds().max(1);
        let most = usual.over.num_milliseconds() / every;
        let mut spans: BTreeMap<i64, (DateTime<Utc>, f64)> = BTreeMap::new();
        for (at, value) in self.numbers() {
            // Rounded, so that a look some minutes late still counts for its own span.
            let ago = ((now - at).num_milliseconds() + every / 2).div_euclid(every);
            if (1..=most).contains(&ago) {
                spans.insert(-ago, (at, value));
            }
        }
        spans.into_values().collect()
    }
}
