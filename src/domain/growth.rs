//! Since when something grows: what the record has of it, held against what it is now.

use chrono::{DateTime, Utc};

/// Which part of a growth may lie before the moment that is named as its beginning.
const EARLIER: f64 = 0.1;

/// By how much something grew, and since when.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Growth {
    /// How much more it is now.
    pub by: f64,
    /// The last time that it was hardly more than at its least.
    pub since: DateTime<Utc>,
}

/// How far something that is `now` grew since its least of the `earlier` values (in order of time); none where that is not
/// more than `noise`, or where nothing earlier is known.
pub fn growth(earlier: &[(DateTime<Utc>, f64)], now: f64, noise: f64) -> Option<Growth> {
    let least = earlier.iter().map(|(_, value)| *value).reduce(f64::min)?;
    let bound = least + (now - least) * EARLIER;
    let (since, from) = earlier.iter().rev().find(|(_, value)| *value <= bound)?;
    let by = now - from;
    (by > noise).then_some(Growth { by, since: *since })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(values: &[f64]) -> Vec<(DateTime<Utc>, f64)> {
        let day = |number: usize| DateTime::from_timestamp(86_400 * i64::try_from(number).unwrap(), 0).unwrap();
        values.iter().enumerate().map(|(number, value)| (day(number), *value)).collect()
    }

    #[test]
    fn a_growth_begins_where_it_was_last_small() {
        for (earlier, now, wanted) in [
            // Nothing is known; nothing grew; it shrank; it is noise.
            (&[][..], 5.0, None),
            (&[5.0, 5.0], 5.0, None),
            (&[9.0, 9.0], 5.0, None),
            (&[5.0, 5.2, 4.9], 5.5, None),
            // It was small for long, and then grew.
            (&[10.0, 10.0, 10.0, 30.0], 50.0, Some((2, 40.0))),
            // Slowly, from the beginning.
            (&[10.0, 20.0, 30.0, 40.0], 50.0, Some((0, 40.0))),
            // It was cleared away once, and grows again.
            (&[10.0, 90.0, 12.0, 50.0], 90.0, Some((2, 78.0))),
        ] {
            let found = growth(&days(earlier), now, 1.0).map(|growth| (growth.since.timestamp() / 86_400, growth.by));
            assert_eq!(found, wanted, "{earlier:?} -> {now}");
        }
    }
}
