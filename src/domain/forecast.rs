//! When something that grows will be full. A clean-up is no growth: last week's prune must neither hide that the disk fills
//! up nor make it look worse.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::condition::past::median;

/// From how many days on something can be known.
const LEAST_DAYS: usize = 7;

/// What is farther away than this is not worth a number.
const FARTHEST: TimeDelta = TimeDelta::days(365);

/// A fall from one day to the next by more than this is a clean-up, in per cent of the whole; a smaller one is noise, and
/// counts against the growth.
const CLEAN_UP: f64 = 2.0;

/// Growth that is less than so much a day is noise, in per cent of the whole.
const NOISE: f64 = 0.02;

/// How long until a share of `points` (per cent used, in order of time) reaches the whole; none where that cannot be known,
/// or is far away.
///
/// What a clean-up took away is put back, as if it had not been; the growth of a day is then the median of the slopes between
/// any two days (the estimator of Theil and Sen), for which neither a day with a large upload nor noise speaks.
pub fn full_in(points: &[(DateTime<Utc>, f64)]) -> Option<Duration> {
    let (_, now) = points.last()?;
    let days = without_clean_ups(&days(points));
    if days.len() <= LEAST_DAYS {
        return None;
    }
    let slope = |(first, before): &(f64, f64), (second, after): &(f64, f64)| (after - before) / (second - first);
    let slopes: Vec<f64> = days
        .iter()
        .enumerate()
        .flat_map(|(number, first)| days.iter().skip(number + 1).map(move |second| slope(first, second)))
        .collect();
    let rate = median(&slopes);
    if rate < NOISE {
        return None;
    }
    let left = Duration::try_from_secs_f64((100.0 - now).max(0.0) / rate * 86_400.0).ok()?;
    (left <= FARTHEST.to_std().ok()?).then_some(left)
}

/// The median of each day, by the day's number.
fn days(points: &[(DateTime<Utc>, f64)]) -> Vec<(f64, f64)> {
    let mut days: BTreeMap<i64, Vec<f64>> = BTreeMap::new();
    for (at, share) in points {
        days.entry(at.timestamp().div_euclid(86_400)).or_default().push(*share);
    }
    #[expect(clippy::cast_precision_loss, reason = "a number of days")]
    days.into_iter().map(|(day, shares)| (day as f64, median(&shares))).collect()
}

fn without_clean_ups(days: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut taken = 0.0;
    let mut before = None;
    let mut put_back = |(day, share): &(f64, f64)| {
        let fall = before.replace(*share).map_or(0.0, |before| before - share);
        if fall > CLEAN_UP {
            taken += fall;
        }
        (*day, share + taken)
    };
    days.iter().map(&mut put_back).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One value at noon of each day.
    fn days(shares: &[f64]) -> Vec<(DateTime<Utc>, f64)> {
        let first = DateTime::parse_from_rfc3339("2026-11-01T12:00:00Z").unwrap().to_utc();
        (0..).zip(shares).map(|(day, share)| (first + TimeDelta::days(day), *share)).collect()
    }

    fn left(shares: &[f64]) -> Option<f64> {
        full_in(&days(shares)).map(|left| (left.as_secs_f64() / 86_400.0).round())
    }

    #[test]
    fn steady_growth_ends_where_it_must() {
        let steady: Vec<f64> = (0..14).map(|day| 50.0 + f64::from(day)).collect();
        assert_eq!(left(&steady), Some(37.0));
        assert_eq!(left(&steady[..7]), None, "six steps are too few");
        assert_eq!(left(&[60.0; 20]), None, "it does not grow");
    }

    #[test]
    fn a_prune_neither_hides_growth_nor_makes_it() {
        let mut shares: Vec<f64> = (0..14).map(|day| 60.0 + 2.0 * f64::from(day)).collect();
        for share in &mut shares[10..] {
            *share -= 40.0;
        }
        // Two per cent a day, whatever was pruned: 46 % now.
        assert_eq!(left(&shares), Some(27.0));
    }

    #[test]
    fn what_goes_up_and_down_does_not_grow() {
        let noise: Vec<f64> = (0..30).map(|day| 70.0 + f64::from(day % 2)).collect();
        assert_eq!(left(&noise), None);
    }

    #[test]
    fn one_large_upload_does_not_speak_for_a_month() {
        let mut shares: Vec<f64> = (0..20).map(|day| 40.0 + 0.1 * f64::from(day)).collect();
        for share in &mut shares[15..] {
            *share += 30.0;
        }
        assert_eq!(left(&shares), Some(281.0));
    }
}
