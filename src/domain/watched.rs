//! What the samples of a period say together: from what was really watched, with the gaps shown as gaps.

use chrono::{DateTime, TimeDelta, Utc};

/// The samples of one hour, rolled up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hour {
    /// When it begins.
    pub begins: DateTime<Utc>,
    /// How many samples there are.
    pub count: u32,
    /// Their sum.
    pub sum: f64,
    /// The least of them.
    pub least: f64,
    /// The most of them.
    pub most: f64,
}

/// Several hours together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Summary {
    /// How many samples there are.
    pub count: f64,
    /// Their sum.
    pub sum: f64,
    /// The least of them.
    pub least: f64,
    /// The most of them.
    pub most: f64,
}

impl Summary {
    /// Of `hours`; none where there is no sample.
    pub fn of(hours: &[Hour]) -> Option<Self> {
        let count: f64 = hours.iter().map(|hour| f64::from(hour.count)).sum();
        (count > 0.0).then(|| Self {
            count,
            sum: hours.iter().map(|hour| hour.sum).sum(),
            least: hours.iter().map(|hour| hour.least).fold(f64::INFINITY, f64::min),
            most: hours.iter().map(|hour| hour.most).fold(f64::NEG_INFINITY, f64::max),
        })
    }

    /// The mean.
    pub fn mean(&self) -> f64 {
        self.sum / self.count
    }
}

/// A time in which nobody watched, from its beginning to its end.
pub type Gap = (DateTime<Utc>, DateTime<Utc>);

/// The hours from `since` until `now` in which less than half of the samples are there, put together where they follow each
/// other. `hours` are in order; a sample was due `every` so often.
pub fn gaps(hours: &[Hour], since: DateTime<Utc>, now: DateTime<Utc>, every: TimeDelta) -> Vec<Gap> {
    let hour = TimeDelta::hours(1);
    let due = |from: DateTime<Utc>, to: DateTime<Utc>| (to - from).as_seconds_f64() / every.as_seconds_f64().max(1.0);
    let mut gaps: Vec<Gap> = Vec::new();
    let mut begins = hour_of(since);
    while begins < now {
        let (from, to) = (begins.max(since), (begins + hour).min(now));
        let there = hours.iter().find(|one| one.begins == begins).map_or(0.0, |one| f64::from(one.count));
        // The beginning and the end of a period may hold less than one sample: no gap.
        let due = due(from, to);
        if due >= 2.0 && there < due / 2.0 {
            match gaps.last_mut().filter(|gap| gap.1 == from) {
                Some(gap) => gap.1 = to,
                None => gaps.push((from, to)),
            }
        }
        begins += hour;
    }
    gaps
}

/// The beginning of the hour in which `at` lies.
pub fn hour_of(at: DateTime<Utc>) -> DateTime<Utc> {
    let seconds = at.timestamp() - at.timestamp().rem_euclid(3600);
    DateTime::from_timestamp(seconds, 0).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(text).unwrap().to_utc()
    }

    fn hour(begins: &str, count: u32, sum: f64) -> Hour {
        Hour { begins: at(begins), count, sum, least: 0.0, most: 1.0 }
    }

    #[test]
    fn only_what_was_watched_counts() {
        // An hour up, an hour in which the bot was away, an hour with six minutes down.
        let hours = [hour("2026-11-23T00:00:00Z", 60, 60.0), hour("2026-11-23T02:00:00Z", 60, 54.0)];
        let summary = Summary::of(&hours).unwrap();
        assert_eq!((summary.count, summary.mean()), (120.0, 0.95));
        assert_eq!(Summary::of(&[]), None);
    }

    #[test]
    fn gaps_are_told_from_their_beginning_to_their_end() {
        let hours = [
            hour("2026-11-23T00:00:00Z", 60, 60.0),
            hour("2026-11-23T03:00:00Z", 20, 20.0),
            hour("2026-11-23T04:00:00Z", 59, 59.0),
        ];
        let found = gaps(&hours, at("2026-11-23T00:00:00Z"), at("2026-11-23T05:30:00Z"), TimeDelta::minutes(1));
        assert_eq!(
            found,
            [
                (at("2026-11-23T01:00:00Z"), at("2026-11-23T04:00:00Z")),
                (at("2026-11-23T05:00:00Z"), at("2026-11-23T05:30:00Z"))
            ]
        );
        // A period that begins within an hour is judged by its own minutes.
        let late = [hour("2026-11-23T00:00:00Z", 9, 9.0)];
        assert_eq!(gaps(&late, at("2026-11-23T00:50:00Z"), at("2026-11-23T01:00:00Z"), TimeDelta::minutes(1)), []);
    }
}
