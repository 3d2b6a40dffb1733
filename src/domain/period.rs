//! The spans of time in which something is due once: a day, a week, a month, as the deployment's calendar counts them.

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveTime, Utc, Weekday};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::day;
use super::message::Message;
use super::schedule::wall;

/// How long a span is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Every {
    /// From midnight to midnight.
    Day,
    /// From Monday to Sunday.
    Week,
    /// From the first to the last of the month.
    Month,
}

impl Every {
    /// Each, the shortest first.
    pub const ALL: [Self; 3] = [Self::Day, Self::Week, Self::Month];

    /// Its name in files and rows.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }

    /// The one that is called `name`.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|every| every.name() == name)
    }
}

/// One day, one week or one month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Period {
    every: Every,
    first: NaiveDate,
}

impl Period {
    /// The span of that length in which `day` lies.
    pub fn of(every: Every, day: NaiveDate) -> Self {
        let first = match every {
            Every::Day => day,
            Every::Week => day.week(Weekday::Mon).checked_first_day().unwrap_or(day),
            Every::Month => day.with_day(1).unwrap_or(day),
        };
        Self { every, first }
    }

    /// The span in which it is `at` on the clocks of `zone`.
    pub fn at(every: Every, at: DateTime<Utc>, zone: Tz) -> Self {
        Self::of(every, at.with_timezone(&zone).date_naive())
    }

    /// How long it is.
    pub const fn every(self) -> Every {
        self.every
    }

    /// Its first day.
    pub const fn first(self) -> NaiveDate {
        self.first
    }

    /// Its last day.
    pub fn last(self) -> NaiveDate {
        self.next().first.pred_opt().unwrap_or(self.first)
    }

    /// The span after it.
    #[must_use]
    pub fn next(self) -> Self {
        let next = match self.every {
            Every::Day => self.first.checked_add_days(Days::new(1)),
            Every::Week => self.first.checked_add_days(Days::new(7)),
            Every::Month => self.first.checked_add_months(Months::new(1)),
        };
        Self { every: self.every, first: next.unwrap_or(self.first) }
    }

    /// The span before it.
    #[must_use]
    pub fn previous(self) -> Self {
        Self::of(self.every, self.first.pred_opt().unwrap_or(self.first))
    }

    /// When it begins on the clocks of `zone`.
    pub fn begins(self, zone: Tz) -> DateTime<Utc> {
        wall::moment(zone, self.first.and_time(NaiveTime::MIN))
    }

    /// When it is over: the moment at which the next one begins.
    pub fn ends(self, zone: Tz) -> DateTime<Utc> {
        self.next().begins(zone)
    }

    /// The span that somebody wrote: `2026-11-26`, `2026-W48`, `2026-11`; with dots or strokes as well.
    pub fn parse(text: &str) -> Option<Self> {
        let parts = day::parts(text);
        let (year, rest) = parts.split_first()?;
        let (every, first) = match rest {
            [week] if week.starts_with(['W', 'w']) => {
                let year = day::dated(year, "1", "1")?.year();
                let week = week.get(1..)?.parse().ok()?;
                (Every::Week, NaiveDate::from_isoywd_opt(year, week, Weekday::Mon)?)
            }
            [month] => (Every::Month, day::dated(year, month, "1")?),
            [month, of_month] => (Every::Day, day::dated(year, month, of_month)?),
            _ => return None,
        };
        Some(Self { every, first })
    }

    /// Those of another length that begin in it, in order; where it is shorter than these, the one in which it lies. A
    /// week belongs to the month of its Monday, on which it is due.
    pub fn parts(self, every: Every) -> Vec<Self> {
        let last = self.last();
        let first = Self::of(every, self.first);
        if self.every < every {
            return vec![first];
        }
        let mut parts: Vec<Self> = std::iter::successors(Some(first), |part| Some(part.next()))
            .take_while(|part| part.first <= last)
            .collect();
        parts.retain(|part| part.first >= self.first);
        parts
    }

    /// What people call it: `2026-11-26`, `2026년 48주차 (11/23 ~ 11/29)`, `2026년 11월`.
    pub fn message(self) -> Message {
        let day = |day: NaiveDate| day.format("%m/%d").to_string();
        match self.every {
            Every::Day => Message::new("period-day").with("day", self.first.to_string()),
            Every::Week => {
                let week = self.first.iso_week();
                Message::new("period-week")
                    .with("year", week.year().to_string())
                    .with("week", week.week().to_string())
                    .with("first", day(self.first))
                    .with("last", day(self.last()))
            }
            Every::Month => Message::new("period-month")
                .with("year", self.first.year().to_string())
                .with("month", format!("{:02}", self.first.month())),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_day_a_week_and_a_month_have_their_ends() {
        for (every, within, first, last) in [
            (Every::Day, "2026-11-26", "2026-11-26", "2026-11-26"),
            (Every::Week, "2026-11-26", "2026-11-23", "2026-11-29"),
            (Every::Week, "2027-01-01", "2026-12-28", "2027-01-03"),
            (Every::Month, "2028-02-29", "2028-02-01", "2028-02-29"),
        ] {
            let period = Period::of(every, day(within));
            assert_eq!((period.first(), period.last()), (day(first), day(last)), "{every:?} of {within}");
        }
    }

    #[test]
    fn midnight_is_the_deployments() {
        let at = |text: &str| DateTime::parse_from_rfc3339(text).unwrap().to_utc();
        let seoul = chrono_tz::Asia::Seoul;
        assert_eq!(Period::at(Every::Day, at("2026-11-25T14:59:59Z"), seoul).first(), day("2026-11-25"));
        assert_eq!(Period::at(Every::Day, at("2026-11-25T15:00:00Z"), seoul).first(), day("2026-11-26"));
        assert_eq!(Period::of(Every::Day, day("2026-11-26")).begins(seoul), at("2026-11-25T15:00:00Z"));
        // Clocks in Santiago skip midnight itself.
        let santiago = Period::of(Every::Day, day("2026-09-06"));
        assert_eq!(santiago.begins(chrono_tz::America::Santiago), at("2026-09-06T04:00:00Z"));
    }

    #[test]
    fn what_somebody_writes_is_a_day_a_week_or_a_month() {
        for (text, every, first) in [
            ("2026-11-26", Every::Day, "2026-11-26"),
            (" 2026.11.6 ", Every::Day, "2026-11-06"),
            ("2026-W48", Every::Week, "2026-11-23"),
            ("2026-w53", Every::Week, "2026-12-28"),
            ("2026-11", Every::Month, "2026-11-01"),
            ("2026/1", Every::Month, "2026-01-01"),
        ] {
            assert_eq!(Period::parse(text), Some(Period::of(every, day(first))), "{text}");
        }
        for wrong in
            ["", "11", "26-11", "2026", "2026-13", "2026-02-30", "2025-W53", "2026-W", "2026-11-26-1", "지난달"]
        {
            assert_eq!(Period::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn each_week_belongs_to_one_month() {
        let month = |text: &str| Period::parse(text).unwrap();
        let weeks =
            |text| month(text).parts(Every::Week).into_iter().map(|week| week.first().to_string()).collect::<Vec<_>>();
        assert_eq!(weeks("2026-11"), ["2026-11-02", "2026-11-09", "2026-11-16", "2026-11-23", "2026-11-30"]);
        assert_eq!(weeks("2026-12"), ["2026-12-07", "2026-12-14", "2026-12-21", "2026-12-28"]);
        assert_eq!(month("2026-02").parts(Every::Day).len(), 28);
        assert_eq!(month("2026-11").parts(Every::Month), [month("2026-11")]);
        assert_eq!(month("2026-11-26").parts(Every::Month), [month("2026-11")]);
        assert_eq!(month("2026-11-26").parts(Every::Week), [month("2026-W48")]);
    }

    proptest! {
        #[test]
        fn the_spans_of_a_zone_leave_no_moment_out_and_none_twice(
            seconds in 1_700_000_000_i64..2_000_000_000,
            every in prop::sample::select(Every::ALL.to_vec()),
            zone in prop::sample::select(vec![
                chrono_tz::Asia::Seoul, chrono_tz::America::New_York, chrono_tz::Europe::London, chrono_tz::America::Santiago,
            ]),
        ) {
            let at = DateTime::from_timestamp(seconds, 0).unwrap();
            let period = Period::at(every, at, zone);
            prop_assert!(period.begins(zone) <= at && at < period.ends(zone));
            prop_assert_eq!(period.ends(zone), period.next().begins(zone));
            prop_assert_eq!(Period::of(every, period.first()), period);
            prop_assert_eq!(Period::of(every, period.last()), period);
        }
    }
}
