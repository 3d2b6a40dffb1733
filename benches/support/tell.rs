//! How figures are told.

use std::time::Duration;

pub(crate) type Failed = Box<dyn std::error::Error>;

/// Prints one line of figures; a benchmark has no other purpose.
macro_rules! tell {
    ($($arg:tt)*) => {{
        use std::io::Write;
        let _ = writeln!(std::io::stdout().lock(), $($arg)*);
    }};
}

/// The middle one.
pub(crate) fn median(sorted: &[Duration]) -> Duration {
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}

/// Tells the median and the spread of `times`, and sorts them.
pub(crate) fn spread(what: &str, times: &mut [Duration]) {
    times.sort();
    let ms = |time: Option<&Duration>| time.map_or(0.0, |time| time.as_secs_f64() * 1e3);
    tell!(
        "{what:<42} median {:>7.0} ms  ({:.0} to {:.0})",
        median(times).as_secs_f64() * 1e3,
        ms(times.first()),
        ms(times.last())
    );
}
