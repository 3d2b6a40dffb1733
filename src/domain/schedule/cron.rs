//! When a checklist is due, as cron writes it: `0 9 * * *`. It is read as a wall clock in the schedule's own zone, so that
//! nothing in here knows of a zone; what a clock change does is said in [`super::wall`].

use std::fmt;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use croner::parser::{CronParser, Seconds, Year};

/// A cron expression of five fields that names one time of the day: a checklist is due at most once a day, since its
/// occurrences are told apart by their day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cron {
    cron: croner::Cron,
    time: NaiveTime,
    written: String,
}

/// Why a text is no cron expression that can be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CronFault {
    /// It is no cron expression.
    #[error("no cron expression: {0}")]
    NotCron(String),
    /// It names several times of a day, or every hour or minute.
    #[error("more than once a day")]
    OftenADay,
    /// No day is like that: the 30th of February.
    #[error("never")]
    Never,
}

impl Cron {
    /// Reads the five fields minute, hour, day, month and weekday, with names (`MON`, `JAN`), lists, ranges, steps, `L` and
    /// `#` (`MON#1` is the first Monday). Of a day and a weekday either will do, as in every cron.
    ///
    /// # Errors
    /// [`CronFault`] when it is none, when it is due more than once a day, or never.
    pub fn parse(text: &str) -> Result<Self, CronFault> {
        let parser = CronParser::builder().seconds(Seconds::Disallowed).year(Year::Disallowed).build();
        let cron = parser.parse(text).map_err(|error| CronFault::NotCron(error.to_string()))?;
        let one = |values: Vec<u16>| match values.as_slice() {
            [value] => Some(u32::from(*value)),
            _ => None,
        };
        let time = one(cron.pattern.hours.values())
            .zip(one(cron.pattern.minutes.values()))
            .and_then(|(hour, minute)| NaiveTime::from_hms_opt(hour, minute, 0))
            .ok_or(CronFault::OftenADay)?;
        let cron = Self { cron, time, written: text.to_owned() };
        // From a Monday that begins no leap year: the next 29th of February is found as well.
        let from = NaiveDate::from_ymd_opt(2001, 1, 1).unwrap_or_default();
        if cron.day_from(from).is_none() {
            return Err(CronFault::Never);
        }
        Ok(cron)
    }

    /// The time of the day.
    pub const fn time(&self) -> NaiveTime {
        self.time
    }

    /// Whether every day is meant.
    pub fn is_daily(&self) -> bool {
        let pattern = &self.cron.pattern;
        pattern.is_dom_wildcard() && pattern.is_dow_wildcard() && pattern.months.values().len() == 12
    }

    /// The first day from `day` on, that one included.
    pub fn day_from(&self, day: NaiveDate) -> Option<NaiveDate> {
        // A wall clock, told to the library as if it were UTC: there are no clock changes in it.
        let from = day.and_time(NaiveTime::MIN).and_utc();
        let found: DateTime<Utc> = self.cron.find_next_occurrence(&from, true).ok()?;
        Some(found.date_naive())
    }

    /// Every day from `day` on, without end.
    pub fn days_from(&self, day: NaiveDate) -> impl Iterator<Item = NaiveDate> {
        let next = |day: &NaiveDate| self.day_from(day.succ_opt()?);
        std::iter::successors(self.day_from(day), next)
    }
}

impl fmt::Display for Cron {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(cron: &str, from: &str, count: usize) -> Vec<String> {
        let cron = Cron::parse(cron).unwrap();
        cron.days_from(from.parse().unwrap()).take(count).map(|day| day.to_string()).collect()
    }

    #[test]
    fn the_shipped_expressions_mean_what_the_checklist_says() {
        assert_eq!(days("0 9 * * *", "2026-11-26", 3), ["2026-11-26", "2026-11-27", "2026-11-28"]);
        assert_eq!(days("0 10 * * MON", "2026-11-26", 2), ["2026-11-30", "2026-12-07"]);
        assert_eq!(days("0 10 1 * *", "2026-11-26", 2), ["2026-12-01", "2027-01-01"]);
        assert_eq!(days("0 10 1 1,4,7,10 *", "2026-11-26", 2), ["2027-01-01", "2027-04-01"]);
        assert_eq!(days("30 8 29 2 *", "2026-11-26", 2), ["2028-02-29", "2032-02-29"]);
        assert_eq!(days("0 9 * * MON#1", "2026-11-26", 2), ["2026-12-07", "2027-01-04"]);
        // A day or a weekday: either will do.
        assert_eq!(days("0 9 1 * MON", "2026-11-26", 3), ["2026-11-30", "2026-12-01", "2026-12-07"]);
    }

    #[test]
    fn it_knows_its_time_and_whether_it_is_of_every_day() {
        let cron = |text: &str| Cron::parse(text).unwrap();
        assert_eq!(cron("30 8 * * *").time(), NaiveTime::from_hms_opt(8, 30, 0).unwrap());
        assert!(cron("0 9 * * *").is_daily());
        for other in ["0 9 * * MON-FRI", "0 9 1 * *", "0 9 * 1 *"] {
            assert!(!cron(other).is_daily(), "{other}");
        }
    }

    #[test]
    fn what_cannot_be_used_is_told() {
        for wrong in ["", "9 o'clock", "0 9 * *", "0 0 9 * * *", "0 25 * * *", "0 9 * * FUN", "61 9 * * *"] {
            assert!(matches!(Cron::parse(wrong), Err(CronFault::NotCron(_))), "{wrong}: {:?}", Cron::parse(wrong));
        }
        for often in ["* 9 * * *", "0 * * * *", "0 9,18 * * *", "*/5 9 * * *"] {
            assert_eq!(Cron::parse(often).unwrap_err(), CronFault::OftenADay, "{often}");
        }
        assert_eq!(Cron::parse("0 9 30 2 *").unwrap_err(), CronFault::Never);
    }
}
