//! Which day, week or month a run of a checklist belongs to, and with it what is signed: there is one answer, for the
//! reminder, the sign-off and the record alike. Pure.
//!
//! It is what the clocks of the schedule say, but for one thing. Some time to be due lies beyond the period that it was named
//! for: a Friday's check that a holiday moved into the next week, or one of 23:30 that may still be posted after midnight. The
//! runs of such a time belong to the period that it was named for, until the next one is due.

use std::time::Duration;

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::period::{Every, Period};
use super::schedule::holidays::Holidays;
use super::schedule::{DayOff, Due, Schedule};

/// How far back the last time to be due is looked for: first where it nearly always is, then as far as a year goes.
const LOOKED_BACK: [TimeDelta; 2] = [TimeDelta::days(40), TimeDelta::days(400)];

/// The days, weeks and months of a checklist on a host.
#[derive(Clone, Copy, Debug)]
pub struct Calendar<'a> {
    zone: Tz,
    due: Option<Dues<'a>>,
}

/// When it is due, for how long it may be posted late, and the days off.
#[derive(Clone, Copy, Debug)]
struct Dues<'a> {
    schedule: &'a Schedule,
    window: TimeDelta,
    holidays: &'a Holidays,
}

impl<'a> Calendar<'a> {
    /// That of what is due by no clock: the days are those of `zone`.
    pub const fn plain(zone: Tz) -> Self {
        Self { zone, due: None }
    }

    /// That of what is due by `schedule`, and may be posted late for as long as `window`.
    pub fn of(schedule: &'a Schedule, window: Duration, holidays: &'a Holidays) -> Self {
        let window = TimeDelta::from_std(window).unwrap_or(TimeDelta::MAX);
        Self { zone: schedule.zone, due: Some(Dues { schedule, window, holidays }) }
    }

    /// Whose clocks show the days.
    pub const fn zone(&self) -> Tz {
        self.zone
    }

    /// The period to which belongs what begins at `at`.
    pub fn period_at(&self, every: Every, at: DateTime<Utc>) -> Period {
        let shown = Period::at(every, at, self.zone);
        let Some(dues) = self.due.as_ref().filter(|dues| dues.go_beyond_their_day()) else { return shown };
        if let Some(last) = dues.last(at) {
            let named = Period::of(every, last.named);
            let ends = named.ends(self.zone);
            if last.at.checked_add_signed(dues.window).is_none_or(|latest| latest >= ends) {
                return named;
            }
        }
        // What is still to come may be that of an earlier period.
        match dues.schedule.next(at, dues.holidays) {
            Some(next) => shown.min(Period::of(every, next.named)),
            None => shown,
        }
    }

    /// From when on what begins belongs to `period`, and from when on no more. Of a period to which nothing belongs both
    /// are the same.
    pub fn span(&self, period: Period) -> (DateTime<Utc>, DateTime<Utc>) {
        (self.begins(period), self.begins(period.next()))
    }

    /// From when on what begins belongs to `period` or a later one.
    fn begins(&self, period: Period) -> DateTime<Utc> {
        let begins = period.begins(self.zone);
        let Some(dues) = self.due.as_ref().filter(|_| self.period_at(period.every(), begins) < period) else {
            return begins;
        };
        let mut after = begins;
        while let Some(due) = dues.schedule.next(after, dues.holidays) {
            if Period::of(period.every(), due.named) >= period {
                return due.at;
            }
            after = due.at;
        }
        DateTime::<Utc>::MAX_UTC
    }
}

impl Dues<'_> {
    /// Whether any of them can lie, or be posted, beyond the day that it was named for. Most never do, and need no search; a
    /// clock change may take two hours.
    fn go_beyond_their_day(&self) -> bool {
        let of_day = self.schedule.cron.time().signed_duration_since(NaiveTime::MIN);
        let latest = of_day.checked_add(&self.window);
        self.schedule.day_off == DayOff::Move || latest.is_none_or(|latest| latest >= TimeDelta::hours(22))
    }

    /// The last time to be due at `at` or before.
    fn last(&self, at: DateTime<Utc>) -> Option<Due> {
        LOOKED_BACK.into_iter().find_map(|back| self.schedule.between(at - back, at, self.holidays).pop())
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use proptest::prelude::*;

    use super::*;
    use crate::domain::message::Localised;
    use crate::domain::schedule::cron::Cron;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn schedule(cron: &str, zone: Tz, day_off: DayOff) -> Schedule {
        Schedule { cron: Cron::parse(cron).unwrap(), zone, day_off }
    }

    fn holidays(days: &[&str]) -> Holidays {
        let days = days.iter().map(|day| (day.parse().unwrap(), Localised::default())).collect();
        Holidays { days, ..Holidays::default() }
    }

    const SEOUL: Tz = chrono_tz::Asia::Seoul;
    const HOUR: Duration = Duration::from_secs(60 * 60);

    #[test]
    fn what_was_moved_or_comes_late_belongs_to_what_it_was_named_for() {
        use Every::{Day, Month, Week};
        let christmas = holidays(&["2026-12-25", "2026-12-31", "2027-01-01"]);
        let morning = schedule("0 9 * * *", SEOUL, DayOff::Run);
        let friday = schedule("0 10 * * FRI", SEOUL, DayOff::Move);
        let last = schedule("0 10 L * *", SEOUL, DayOff::Move);
        let night = schedule("30 23 * * *", SEOUL, DayOff::Run);
        let york = schedule("0 20 * * *", chrono_tz::America::New_York, DayOff::Run);
        for (schedule, every, when, named) in [
            // Whoever is early on an ordinary day is early for that day.
            (&morning, Day, "2026-12-03T07:00:00+09:00", "2026-12-03"),
            (&morning, Day, "2026-12-03T23:59:59+09:00", "2026-12-03"),
            // Christmas moves Friday's check to the Monday after, which is last week's until this week's is due.
            (&friday, Week, "2026-12-24T10:00:00+09:00", "2026-12-21"),
            (&friday, Week, "2026-12-28T09:00:00+09:00", "2026-12-21"),
            (&friday, Week, "2026-12-28T10:05:00+09:00", "2026-12-21"),
            (&friday, Week, "2026-12-30T10:00:00+09:00", "2026-12-21"),
            (&friday, Week, "2027-01-15T10:00:00+09:00", "2027-01-11"),
            (&last, Month, "2027-01-04T10:05:00+09:00", "2026-12-01"),
            (&last, Month, "2026-12-30T10:05:00+09:00", "2026-12-01"),
            (&night, Day, "2026-12-03T23:30:00+09:00", "2026-12-03"),
            (&night, Day, "2026-12-04T00:30:00+09:00", "2026-12-03"),
            (&night, Day, "2026-12-04T23:30:00+09:00", "2026-12-04"),
            // Eight in the evening there is ten the next morning here.
            (&york, Day, "2026-12-04T10:00:00+09:00", "2026-12-03"),
        ] {
            let calendar = Calendar::of(schedule, HOUR, &christmas);
            let period = calendar.period_at(every, at(when));
            assert_eq!(period, Period::of(every, named.parse().unwrap()), "{:?} at {when}", schedule.cron);
        }
    }

    fn any_schedule() -> impl Strategy<Value = Schedule> {
        let cron = prop::sample::select(vec![
            "0 9 * * *",
            "30 23 * * *",
            "0 0 * * *",
            "0 10 * * MON",
            "0 10 * * FRI",
            "45 23 * * SUN",
            "0 10 1 * *",
            "0 10 L * *",
            "0 9 * * MON-FRI",
            "30 2 * * *",
            "0 9 31 * *",
            "0 10 5 1,4,7,10 *",
        ]);
        let zone = prop::sample::select(vec![
            SEOUL,
            chrono_tz::America::New_York,
            chrono_tz::Europe::London,
            chrono_tz::America::Santiago,
        ]);
        let day_off = prop::sample::select(vec![DayOff::Run, DayOff::Skip, DayOff::Move]);
        (cron, zone, day_off).prop_map(|(cron, zone, day_off)| schedule(cron, zone, day_off))
    }

    fn any_holidays() -> impl Strategy<Value = Holidays> {
        let first: NaiveDate = "2026-01-01".parse().unwrap();
        prop::collection::btree_set(0_u64..800, 0..60).prop_map(move |days| Holidays {
            days: days.into_iter().map(|day| (first + chrono::Days::new(day), Localised::default())).collect(),
            ..Holidays::default()
        })
    }

    fn any_window() -> impl Strategy<Value = Duration> {
        (0_u64..40).prop_map(|hours| HOUR * u32::try_from(hours).unwrap())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// An occurrence is done where the case of its named period is signed. So whatever is run for it must be of that
        /// period: at once, late within the window, and at least until its period is over on the clocks.
        #[test]
        fn what_is_run_for_an_occurrence_is_of_the_period_that_it_was_named_for(
            schedule in any_schedule(),
            holidays in any_holidays(),
            window in any_window(),
            every in prop::sample::select(Every::ALL.to_vec()),
            later in 0.0..1.0_f64,
        ) {
            let calendar = Calendar::of(&schedule, window, &holidays);
            let dues = schedule.between(at("2026-02-01T00:00:00Z"), at("2026-12-31T00:00:00Z"), &holidays);
            // Some of them, evenly apart.
            for (due, next) in dues.iter().zip(dues.iter().skip(1)).step_by(1 + dues.len() / 12) {
                let named = Period::of(every, due.named);
                let of_use = (due.at + TimeDelta::from_std(window).unwrap()).max(named.ends(schedule.zone) - TimeDelta::seconds(1));
                #[expect(clippy::cast_possible_truncation, reason = "some seconds of some weeks")]
                let late = ((of_use.min(next.at - TimeDelta::seconds(1)) - due.at).num_seconds() as f64 * later) as i64;
                let run = due.at + TimeDelta::seconds(late);
                prop_assert_eq!(calendar.period_at(every, run), named, "{:?} run at {}", due, run);
                let (begins, ends) = calendar.span(named);
                prop_assert!(begins <= run && run < ends, "{:?} run at {} is not within {} .. {}", due, run, begins, ends);
            }
        }

        #[test]
        fn every_moment_belongs_to_one_period_and_later_ones_to_no_earlier(
            schedule in any_schedule(),
            holidays in any_holidays(),
            window in any_window(),
            every in prop::sample::select(Every::ALL.to_vec()),
            hours in prop::collection::vec(0_i64..24 * 300, 1..12),
        ) {
            let calendar = Calendar::of(&schedule, window, &holidays);
            let mut moments: Vec<_> = hours.into_iter().map(|hours| at("2026-02-01T00:00:00Z") + TimeDelta::hours(hours)).collect();
            moments.sort_unstable();
            let mut before: Option<Period> = None;
            for moment in moments {
                let period = calendar.period_at(every, moment);
                let (begins, ends) = calendar.span(period);
                prop_assert!(begins <= moment && moment < ends, "{} of {:?} is not within {} .. {}", moment, period, begins, ends);
                prop_assert_eq!(calendar.span(period.next()).0, ends);
                prop_assert!(before.is_none_or(|before| before <= period));
                before = Some(period);
            }
        }
    }
}
