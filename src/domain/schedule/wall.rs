//! Between wall clocks and the one time that goes on. The rules for the nights in which the clock is changed are here, and
//! nowhere else:
//!
//! - A time that is skipped (02:30 when the clock goes from 02:00 to 03:00) is the next valid minute: 03:00.
//! - A time that comes twice (01:30 when the clock goes from 02:00 back to 01:00) is the first of the two, and only that.

use chrono::{DateTime, NaiveDateTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

/// No clock change skips more than a day: Samoa left out one whole day when it crossed the date line.
const LONGEST_GAP: i64 = 25 * 60;

/// The moment at which the clocks of `zone` show `wall`.
pub fn moment(zone: Tz, wall: NaiveDateTime) -> DateTime<Utc> {
    let shown = |wall: NaiveDateTime| zone.from_local_datetime(&wall).earliest();
    let valid = (0..=LONGEST_GAP).find_map(|minutes| shown(wall + TimeDelta::minutes(minutes)));
    valid.map_or_else(|| wall.and_utc(), |moment| moment.to_utc())
}

/// What the clocks of `zone` show at `moment`.
pub fn wall(zone: Tz, moment: DateTime<Utc>) -> NaiveDateTime {
    moment.with_timezone(&zone).naive_local()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_skipped_time_is_the_next_valid_minute_and_a_repeated_one_the_first() {
        for (zone, written, expected) in [
            (chrono_tz::America::New_York, "2027-03-14T02:30:00", "2027-03-14T07:00:00Z"),
            (chrono_tz::America::New_York, "2027-03-14T03:00:00", "2027-03-14T07:00:00Z"),
            (chrono_tz::America::New_York, "2027-11-07T01:30:00", "2027-11-07T05:30:00Z"),
            (chrono_tz::Europe::London, "2027-03-28T01:00:00", "2027-03-28T01:00:00Z"),
            (chrono_tz::Europe::London, "2027-03-28T01:59:00", "2027-03-28T01:00:00Z"),
            (chrono_tz::Europe::London, "2027-10-31T01:30:00", "2027-10-31T00:30:00Z"),
            (chrono_tz::Asia::Seoul, "2027-03-28T02:30:00", "2027-03-27T17:30:00Z"),
            (chrono_tz::Pacific::Apia, "2011-12-30T09:00:00", "2011-12-30T10:00:00Z"),
        ] {
            let expected: DateTime<Utc> = expected.parse().unwrap();
            assert_eq!(moment(zone, written.parse().unwrap()), expected, "{written} in {zone}");
        }
    }

    #[test]
    fn what_was_written_is_shown_on_every_other_day() {
        for zone in [chrono_tz::Asia::Seoul, chrono_tz::America::New_York, chrono_tz::Europe::London] {
            let written: NaiveDateTime = "2027-06-01T09:00:00".parse().unwrap();
            assert_eq!(wall(zone, moment(zone, written)), written);
        }
    }
}
