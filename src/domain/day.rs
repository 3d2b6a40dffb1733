//! Days as people type them.

use chrono::{Datelike, NaiveDate};

/// How many years a day without one may be ahead: the 29th of February comes every four years, and once in eight.
const YEARS: i32 = 9;

/// The parts of what somebody typed: `2026-12-24`, `2026.12.24`, `2026. 12. 24.`, `12/24`.
pub(super) fn parts(text: &str) -> Vec<&str> {
    text.trim().trim_end_matches('.').split(['-', '.', '/']).map(str::trim).collect()
}

/// The day of that year, month and day, as they were typed; a year has four digits.
pub(super) fn dated(year: &str, month: &str, day: &str) -> Option<NaiveDate> {
    let year = number(year).filter(|_| year.len() == 4)?;
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, number(month)?, number(day)?)
}

/// A number without any sign.
fn number(text: &str) -> Option<u32> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

/// The day that somebody typed: with its year, or as `12/24`, which is the next one from `today` on.
pub fn parse(text: &str, today: NaiveDate) -> Option<NaiveDate> {
    match parts(text).as_slice() {
        [year, month, day] => dated(year, month, day),
        [month, day] => {
            let (month, day) = (number(month)?, number(day)?);
            let mut years = today.year()..today.year().saturating_add(YEARS);
            years.find_map(|year| NaiveDate::from_ymd_opt(year, month, day).filter(|day| *day >= today))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_people_type_them() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let today = day("2026-11-27");
        for (typed, expected) in [
            ("2026-12-24", "2026-12-24"),
            ("2026.12.24", "2026-12-24"),
            ("2026. 12. 24.", "2026-12-24"),
            (" 12/24 ", "2026-12-24"),
            ("12-1", "2026-12-01"),
            ("12.1", "2026-12-01"),
            ("12. 1.", "2026-12-01"),
            ("11/27", "2026-11-27"),
            ("11/26", "2027-11-26"),
            ("2/29", "2028-02-29"),
            ("2026-01-02", "2026-01-02"),
        ] {
            assert_eq!(parse(typed, today), Some(day(expected)), "{typed}");
        }
        for typed in [
            "",
            "tomorrow",
            "13/1",
            "2/30",
            "24",
            "12/24/2026",
            "26-12-24",
            "-1/2",
            "+1/2",
            "2026-12-24-1",
            "2026--24",
            "12/",
            "99999999999/1",
            "１２/24",
        ] {
            assert_eq!(parse(typed, today), None, "{typed}");
        }
        assert_eq!(parse("2/29", day("2097-01-01")), Some(day("2104-02-29")), "no leap year in 2100");
    }
}
