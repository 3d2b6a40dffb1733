//! What stands along the edges of a chart: round numbers with their unit, and days.

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;

use crate::domain::quantity::Dimension;

/// Between which values a chart goes, and the marks between them.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Scale {
    pub(super) low: f64,
    pub(super) high: f64,
    /// Each mark, and what stands beside it.
    pub(super) marks: Vec<(f64, String)>,
}

/// About how many marks there are.
const MARKS: f64 = 5.0;

impl Scale {
    /// A scale for values from `least` to `most`.
    pub(super) fn of(dimension: Dimension, least: f64, most: f64) -> Self {
        let (unit, factor) = unit(dimension, most.abs().max(least.abs()));
        // Far away from nothing, what the values do would be a flat line; a share has its place between nothing and all.
        let near_nothing = dimension == Dimension::Percent || least < 0.7 * most.max(f64::MIN_POSITIVE);
        let from_nothing = least >= 0.0 && near_nothing;
        let mut low = if from_nothing { 0.0 } else { least };
        let mut high = most;
        if high - low < f64::EPSILON.max(high.abs() * 1e-6) {
            // One value, over and over: it stands in the middle.
            let room = if high == 0.0 { factor } else { high.abs() * 0.2 };
            low = if low >= 0.0 { (low - room).max(0.0) } else { low - room };
            high += room;
        }
        let step = step((high - low) / factor / MARKS, unit) * factor;
        low = (low / step).floor() * step;
        high = (high / step).ceil() * step;
        if dimension == Dimension::Percent {
            high = high.min(100.0_f64.max(most));
        }
        let mut marks = Vec::new();
        let mut mark = low;
        while mark <= high + step * 1e-6 && marks.len() < 20 {
            marks.push((mark, label(dimension, unit, mark / factor, step / factor)));
            mark += step;
        }
        Self { low, high, marks }
    }
}

/// The unit in which numbers up to `most` are short.
fn unit(dimension: Dimension, most: f64) -> (&'static str, f64) {
    let units: &[(&str, f64)] = match dimension {
        Dimension::Count | Dimension::Dollars => &[("", 1.0)],
        Dimension::Percent => &[("%", 1.0)],
        Dimension::Bytes => &[("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("kB", 1e3), ("B", 1.0)],
        Dimension::Time => &[("d", 86_400.0), ("h", 3600.0), ("min", 60.0), ("s", 1.0), ("ms", 1e-3)],
    };
    let fills = |(_, factor): &&(&'static str, f64)| most >= 1.5 * factor;
    units.iter().find(fills).or(units.last()).copied().unwrap_or(("", 1.0))
}

/// The next round number from `raw` on.
fn step(raw: f64, unit: &str) -> f64 {
    let round: &[f64] = match unit {
        "min" => &[1.0, 2.0, 5.0, 10.0, 15.0, 20.0, 30.0],
        "h" => &[1.0, 2.0, 3.0, 6.0, 12.0, 24.0],
        _ => &[],
    };
    if let Some(found) = round.iter().find(|step| **step >= raw) {
        return *found;
    }
    let power = 10_f64.powf(raw.max(f64::MIN_POSITIVE).log10().floor());
    let digits = [1.0, 2.0, 2.5, 5.0, 10.0].into_iter().find(|digit| digit * power >= raw * (1.0 - 1e-9));
    digits.unwrap_or(10.0) * power
}

fn label(dimension: Dimension, unit: &str, value: f64, step: f64) -> String {
    // As many places as the step has.
    let places = (0..6).find(|places| {
        let shifted = step * 10_f64.powi(*places);
        (shifted - shifted.round()).abs() < 1e-6 * shifted.max(1.0)
    });
    let places = usize::try_from(places.unwrap_or(6)).unwrap_or(0);
    let number = format!("{value:.places$}");
    match dimension {
        Dimension::Dollars => format!("${number}"),
        Dimension::Count => number,
        _ => format!("{number} {unit}"),
    }
}

/// Days to be marked between `from` and `to`, each with what stands below it: `MM/DD`.
pub(super) fn days(from: DateTime<Utc>, to: DateTime<Utc>, zone: Tz) -> Vec<(DateTime<Utc>, String)> {
    let local = |at: DateTime<Utc>| at.with_timezone(&zone).date_naive();
    let span = (to - from).num_days();
    // Every day of a week; Mondays of a month; every other Monday of a quarter.
    let every = match span {
        ..=10 => 1,
        11..=45 => 7,
        _ => 14,
    };
    let mut day = local(from);
    while every > 1 && day.weekday() != chrono::Weekday::Mon {
        let Some(next) = day.checked_add_days(Days::new(1)) else { return Vec::new() };
        day = next;
    }
    let mut marks = Vec::new();
    while let Some(at) = midnight(day, zone).filter(|at| *at <= to) {
        if at >= from {
            marks.push((at, day.format("%m/%d").to_string()));
        }
        let Some(next) = day.checked_add_days(Days::new(every)) else { break };
        day = next;
    }
    marks
}

/// The first moment of `day` in `zone`: where clocks skip midnight, the moment after the gap.
fn midnight(day: NaiveDate, zone: Tz) -> Option<DateTime<Utc>> {
    let start = day.and_hms_opt(0, 0, 0)?;
    (0..4).find_map(|hour| (start + TimeDelta::hours(hour)).and_local_timezone(zone).earliest()).map(|at| at.to_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(dimension: Dimension, least: f64, most: f64) -> Vec<String> {
        Scale::of(dimension, least, most).marks.into_iter().map(|(_, label)| label).collect()
    }

    #[test]
    fn numbers_are_round_and_carry_their_unit() {
        assert_eq!(labels(Dimension::Percent, 42.0, 88.0), ["0 %", "20 %", "40 %", "60 %", "80 %", "100 %"]);
        assert_eq!(labels(Dimension::Bytes, 0.0, 16e9), ["0 GB", "5 GB", "10 GB", "15 GB", "20 GB"]);
        assert_eq!(labels(Dimension::Time, 0.03, 0.48), ["0 ms", "100 ms", "200 ms", "300 ms", "400 ms", "500 ms"]);
        assert_eq!(labels(Dimension::Time, 0.0, 9000.0), ["0 h", "1 h", "2 h", "3 h"]);
        assert_eq!(labels(Dimension::Dollars, 10.0, 14.0), ["$10", "$11", "$12", "$13", "$14"]);
        assert_eq!(labels(Dimension::Count, 0.0, 0.0), ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
    }

    #[test]
    fn one_value_over_and_over_stands_between_two_marks() {
        for value in [0.0, 1.0, 200.0, 1e12] {
            let scale = Scale::of(Dimension::Count, value, value);
            assert!(scale.low <= value && scale.high > value, "{scale:?}");
            assert!((2..=12).contains(&scale.marks.len()), "{scale:?}");
        }
    }

    #[test]
    fn a_month_is_marked_at_its_mondays() {
        let at = |text: &str| DateTime::parse_from_rfc3339(text).unwrap().to_utc();
        let marks = days(at("2026-11-01T00:00:00Z"), at("2026-11-30T23:00:00Z"), chrono_tz::Asia::Seoul);
        let labels: Vec<_> = marks.iter().map(|(_, label)| label.as_str()).collect();
        assert_eq!(labels, ["11/02", "11/09", "11/16", "11/23", "11/30"]);
        assert_eq!(marks[0].0, at("2026-11-01T15:00:00Z"), "midnight in Seoul");
        let week = days(at("2026-11-01T00:00:00Z"), at("2026-11-08T00:00:00Z"), chrono_tz::Asia::Seoul);
        assert_eq!(week.len(), 7);
    }

    proptest::proptest! {
        #[test]
        fn every_scale_holds_its_values_between_few_marks(one in -1e13_f64..1e13, other in 0.0_f64..1e13) {
            for dimension in [Dimension::Count, Dimension::Bytes, Dimension::Time, Dimension::Dollars] {
                let scale = Scale::of(dimension, one, one + other);
                proptest::prop_assert!(scale.low <= one + 1e-6 * one.abs() && scale.high >= (one + other) * (1.0 - 1e-9) - 1e-6);
                proptest::prop_assert!((2..=14).contains(&scale.marks.len()), "{:?}", scale);
            }
        }
    }
}
