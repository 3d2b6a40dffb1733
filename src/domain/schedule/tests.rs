use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveTime};
use proptest::prelude::*;

use super::*;
use crate::domain::message::Localised;

const ZONES: [Tz; 3] = [chrono_tz::Asia::Seoul, chrono_tz::America::New_York, chrono_tz::Europe::London];

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn schedule(cron: &str, day_off: DayOff) -> Schedule {
    Schedule { cron: Cron::parse(cron).unwrap(), zone: chrono_tz::Asia::Seoul, day_off }
}

fn holidays(days: &[&str]) -> Holidays {
    let days = days.iter().map(|text| (day(text), Localised::default()));
    Holidays { days: days.collect(), years: [2026, 2027].into() }
}

#[test]
fn the_daily_one_is_due_every_day_and_the_weekly_one_moves() {
    let off = holidays(&["2026-12-25", "2027-01-01", "2027-02-08", "2027-02-09"]);
    let daily = schedule("0 9 * * *", DayOff::Run);
    let found = daily.between(at("2026-12-24T00:00:00Z"), at("2026-12-27T00:00:00Z"), &off);
    assert_eq!(found.iter().map(|due| due.day.day()).collect::<Vec<_>>(), [25, 26, 27], "at nine itself it is over");

    let weekly = schedule("0 10 * * MON", DayOff::Move);
    let due = weekly.next(at("2027-02-05T00:00:00Z"), &off).unwrap();
    assert_eq!((due.named, due.day), (day("2027-02-08"), day("2027-02-10")));
    assert_eq!(due.at, at("2027-02-10T01:00:00Z"));

    let monthly = schedule("0 10 1 * *", DayOff::Move);
    let due = monthly.next(at("2026-12-05T00:00:00Z"), &off).unwrap();
    assert_eq!((due.named, due.day), (day("2027-01-01"), day("2027-01-04")));
    // Before it is due, the one that moved is still the next; afterwards it is not found again.
    assert_eq!(monthly.next(at("2027-01-03T00:00:00Z"), &off), Some(due));
    assert_eq!(monthly.next(due.at, &off).unwrap().named, day("2027-02-01"));
}

#[test]
fn holidays_are_left_out_where_that_is_set() {
    let off = holidays(&["2026-12-25"]);
    let daily = schedule("0 9 * * *", DayOff::Skip);
    let found = daily.between(at("2026-12-24T00:00:00Z"), at("2026-12-27T00:00:00Z"), &off);
    assert_eq!(found.iter().map(|due| due.day.day()).collect::<Vec<_>>(), [26, 27], "the weekend is its own business");
}

#[test]
fn two_that_move_to_one_day_are_one() {
    let off = holidays(&["2026-12-25"]);
    let moving = schedule("0 9 * * *", DayOff::Move);
    let found = moving.between(at("2026-12-24T00:30:00Z"), at("2026-12-30T00:00:00Z"), &off);
    let days: Vec<_> = found.iter().map(|due| (due.named.day(), due.day.day())).collect();
    assert_eq!(days, [(28, 28), (29, 29), (30, 30)], "Monday's check is Monday's");
}

#[test]
fn what_is_late_is_posted_within_the_window_and_missed_after_it() {
    let due = at("2026-11-27T00:00:00Z");
    let window = Duration::from_secs(2 * 3600);
    for (now, expected) in [
        ("2026-11-26T23:59:00Z", Timeliness::OnTime),
        ("2026-11-27T00:00:00Z", Timeliness::OnTime),
        ("2026-11-27T00:03:00Z", Timeliness::OnTime),
        ("2026-11-27T00:03:01Z", Timeliness::Late),
        ("2026-11-27T02:00:00Z", Timeliness::Late),
        ("2026-11-27T02:00:01Z", Timeliness::Missed),
        ("2027-11-27T02:00:01Z", Timeliness::Missed),
    ] {
        assert_eq!(Timeliness::of(due, at(now), window), expected, "{now}");
    }
    assert_eq!(Timeliness::of(due, at("2026-11-27T00:04:00Z"), Duration::ZERO), Timeliness::Missed);
}

/// Expressions of every sort, at every minute of the night in which clocks are changed.
fn expression() -> impl Strategy<Value = String> {
    let days = prop::sample::select(vec!["* * *", "* * MON", "1 * *", "1 1,4,7,10 *", "* * SUN", "L * *", "* * MON#2"]);
    (0..60_u32, 0..24_u32, days).prop_map(|(minute, hour, days)| format!("{minute} {hour} {days}"))
}

fn any_schedule() -> impl Strategy<Value = (Schedule, Holidays)> {
    let off = prop::sample::select(DayOff::ALL.map(|(_, off)| off).to_vec());
    let days = prop::collection::vec(0..3653_u64, 0..200);
    (expression(), prop::sample::select(ZONES.to_vec()), off, days).prop_map(|(cron, zone, day_off, days)| {
        let days: BTreeMap<_, _> =
            days.into_iter().map(|days| (day("2026-01-01") + Days::new(days), Localised::default())).collect();
        (
            Schedule { cron: Cron::parse(&cron).unwrap(), zone, day_off },
            Holidays { days, years: (2026..2036).collect() },
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// Ten years in pieces of any length, as a bot that sleeps, is killed and wakes would see them: together the pieces
    /// give each occurrence once, and the same as ten years at one look.
    #[test]
    fn ten_years_in_pieces_give_each_occurrence_exactly_once(
        (schedule, holidays) in any_schedule(),
        pieces in prop::collection::vec(1..2_000_000_i64, 1..400),
    ) {
        let (begin, end) = (at("2026-01-01T00:00:00Z"), at("2036-01-01T00:00:00Z"));
        let whole = schedule.between(begin, end, &holidays);
        let mut seen = Vec::new();
        let mut now = begin;
        for seconds in pieces.into_iter().cycle() {
            let then = (now + TimeDelta::seconds(seconds)).min(end);
            seen.extend(schedule.between(now, then, &holidays));
            now = then;
            if now >= end {
                break;
            }
        }
        prop_assert_eq!(&seen, &whole);
        for pair in whole.windows(2) {
            prop_assert!(pair[0].at < pair[1].at && pair[0].day < pair[1].day, "{:?}", pair);
        }
    }

    /// Nothing is lost: every day that the expression names is due, on its own day or on the one it moved to, at the time
    /// that is written, or at the first valid minute after it.
    #[test]
    fn every_named_day_is_due_at_its_time((schedule, holidays) in any_schedule()) {
        let (begin, end) = (at("2026-01-01T00:00:00Z"), at("2036-01-01T00:00:00Z"));
        let whole = schedule.between(begin, end, &holidays);
        let days: std::collections::BTreeSet<_> = whole.iter().map(|due| due.day).collect();
        for named in schedule.cron.days_from(day("2026-01-03")).take_while(|named| *named < day("2035-10-01")) {
            let expected = match schedule.day_off {
                DayOff::Run => named,
                DayOff::Skip if holidays.days.contains_key(&named) => {
                    prop_assert!(!days.contains(&named));
                    continue;
                }
                DayOff::Skip => named,
                DayOff::Move => holidays.working_day_from(named),
            };
            prop_assert!(days.contains(&expected), "{} of {} is missing", expected, schedule.cron);
        }
        for due in &whole {
            let shown = wall::wall(schedule.zone, due.at);
            let late = shown - due.day.and_time(schedule.cron.time());
            prop_assert!(late >= TimeDelta::zero() && late < TimeDelta::hours(1), "{:?} shows {}", due, shown);
            if schedule.cron.time() >= NaiveTime::from_hms_opt(4, 0, 0).unwrap() {
                prop_assert_eq!(late, TimeDelta::zero());
            }
        }
    }

    /// The next one is the first of those to come, whenever it is asked for.
    #[test]
    fn the_next_is_the_first_to_come((schedule, holidays) in any_schedule(), seconds in 0..300_000_000_i64) {
        let now = at("2026-01-01T00:00:00Z") + TimeDelta::seconds(seconds);
        let next = schedule.next(now, &holidays).unwrap();
        let coming = schedule.between(now, next.at, &holidays);
        prop_assert_eq!(coming, vec![next]);
    }
}
