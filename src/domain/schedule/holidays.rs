//! The days on which nobody works.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate, Weekday};

use crate::domain::message::Localised;

/// The holidays of a country, as a file states them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holidays {
    /// The holidays, by their day.
    pub days: BTreeMap<NaiveDate, Localised>,
    /// The years of which every holiday is known.
    pub years: BTreeSet<i32>,
}

/// No row of days off is longer; a file that says so is wrong, and moves nothing.
const LONGEST: usize = 60;

impl Holidays {
    /// Whether people work on `day`: it is neither a Saturday nor a Sunday nor a holiday.
    pub fn is_working_day(&self, day: NaiveDate) -> bool {
        !matches!(day.weekday(), Weekday::Sat | Weekday::Sun) && !self.days.contains_key(&day)
    }

    /// `day`, or the first working day after it.
    pub fn working_day_from(&self, day: NaiveDate) -> NaiveDate {
        day.iter_days().take(LONGEST).find(|day| self.is_working_day(*day)).unwrap_or(day)
    }

    /// Whether the holidays of the year in which `day` lies are known.
    pub fn knows(&self, day: NaiveDate) -> bool {
        self.years.contains(&day.year())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_working_day_leaves_out_weekends_and_holidays() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let holiday = |text: &str| (day(text), Localised::default());
        let holidays = Holidays {
            days: [holiday("2026-09-24"), holiday("2026-09-25"), holiday("2027-01-01")].into(),
            years: [2026, 2027].into(),
        };
        for (from, expected) in [
            ("2026-09-23", "2026-09-23"),
            ("2026-09-24", "2026-09-28"),
            ("2026-09-26", "2026-09-28"),
            ("2027-01-01", "2027-01-04"),
        ] {
            assert_eq!(holidays.working_day_from(day(from)), day(expected));
        }
        assert!(holidays.knows(day("2027-12-31")) && !holidays.knows(day("2028-01-01")));
        let all = (0..400).map(|days| (day("2026-01-01") + chrono::Days::new(days), Localised::default()));
        let never = Holidays { days: all.collect(), years: [2026].into() };
        assert_eq!(never.working_day_from(day("2026-01-01")), day("2026-01-01"), "a wrong file moves nothing");
    }
}
