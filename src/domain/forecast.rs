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

/// In seconds.
const DAY: i64 = 86_400;

/// How long until a share of `points` (per cent used, in order of time) reaches the whole; none where that cannot be known,
/// or is far away.
///
/// The growth of a day is the median of the slopes between any two days (the estimator of Theil and Sen) between which
/// nothing was cleaned up: neither a day with a large upload nor noise nor a clean-up speaks for it.
pub fn full_in(points: &[(DateTime<Utc>, f64)]) -> Option<Duration> {
    let (_, now) = points.last()?;
    let days = days(points);
    if days.len() <= LEAST_DAYS {
        return None;
    }
    let stretches = days.chunk_by(|(_, before), (_, after)| before - after <= CLEAN_UP);
    let slope = |(first, before): &(f64, f64), (second, after): &(f64, f64)| (after - before) / (second - first);
    let slopes: Vec<f64> = stretches.flat_map(|days| pairs(days).map(|(first, second)| slope(first, second))).collect();
    if slopes.is_empty() {
        return None;
    }
    let rate = median(&slopes);
    if rate < NOISE {
        return None;
    }
    let left = Duration::try_from_secs_f64((100.0 - now).max(0.0) / rate * DAY as f64).ok()?;
    (left <= FARTHEST.to_std().ok()?).then_some(left)
}

/// Each day by the medians of its times (in days) and of its shares. Its times, since today has only begun: by its number it
/// would be a whole day after yesterday, and growth would look slower until the evening.
fn days(points: &[(DateTime<Utc>, f64)]) -> Vec<(f64, f64)> {
    let mut days: BTreeMap<i64, (Vec<f64>, Vec<f64>)> = BTreeMap::new();
    for (at, share) in points {
        let (times, shares) = days.entry(at.timestamp().div_euclid(DAY)).or_default();
        #[expect(clippy::cast_precision_loss, reason = "seconds of a century are exact")]
        times.push(at.timestamp() as f64 / DAY as f64);
        shares.push(*share);
    }
    days.values().map(|(times, shares)| (median(times), median(shares))).collect()
}

/// Any two, the earlier one first.
fn pairs<T>(of: &[T]) -> impl Iterator<Item = (&T, &T)> {
    of.iter().enumerate().flat_map(|(number, first)| of.iter().skip(number + 1).map(move |second| (first, second)))
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
    fn growth_is_the_same_at_any_hour() {
        let first = DateTime::parse_from_rfc3339("2026-11-01T00:00:00Z").unwrap().to_utc();
        let points: Vec<_> =
            (0..14 * 24).map(|hour| (first + TimeDelta::hours(hour), 20.0 + 0.2 * hour as f64)).collect();
        for now in 12 * 24..14 * 24 {
            let hours = full_in(&points[..=now]).unwrap().as_secs_f64() / 3600.0;
            let right = (80.0 - 0.2 * now as f64) / 0.2;
            assert!((hours - right).abs() < 0.01, "{hours} h at hour {now}, not {right}");
        }
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
    fn a_prune_does_not_cost_the_day_on_which_it_was_made() {
        let first = DateTime::parse_from_rfc3339("2026-11-01T00:00:00Z").unwrap().to_utc();
        for pruned in 6 * 24..8 * 24 {
            let share = |hour: i64| 20.0 + 0.2 * hour as f64 - if hour < pruned { 0.0 } else { 30.0 };
            let points: Vec<_> = (0..14 * 24).map(|hour| (first + TimeDelta::hours(hour), share(hour))).collect();
            let hours = full_in(&points).unwrap().as_secs_f64() / 3600.0;
            let right = (100.0 - share(14 * 24 - 1)) / 0.2;
            assert!((hours / right - 1.0).abs() < 0.01, "{hours} h, pruned at hour {pruned}, not {right}");
        }
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
