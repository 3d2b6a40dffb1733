//! The world's clock: the machine's time plus an offset that tests move.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};

/// The time of the practice world.
///
/// It runs on with the machine's clock and can be moved. Everything that Discord dates or lets expire (ids, tokens, rate
/// limits, nonces) reads it, so a test can see the sixteenth minute of an interaction without waiting for it.
/// Clones share one clock.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    offset_ms: Arc<AtomicI64>,
}

impl Clock {
    /// The present moment of the practice world.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        machine_now() + TimeDelta::milliseconds(self.offset_ms.load(Ordering::SeqCst))
    }

    /// Moves the world forward.
    pub fn advance(&self, by: Duration) {
        let millis = i64::try_from(by.as_millis()).unwrap_or(i64::MAX / 4);
        self.offset_ms.fetch_add(millis, Ordering::SeqCst);
    }

    /// By how many milliseconds the world is ahead of the machine; below zero: behind.
    #[must_use]
    pub fn ahead_ms(&self) -> i64 {
        self.offset_ms.load(Ordering::SeqCst)
    }

    /// Moves the world to a moment, forward or back. Ids keep rising even if time goes back.
    pub fn set(&self, moment: DateTime<Utc>) {
        let offset = (moment - machine_now()).num_milliseconds();
        self.offset_ms.store(offset, Ordering::SeqCst);
    }
}

fn machine_now() -> DateTime<Utc> {
    DateTime::<Utc>::from(std::time::SystemTime::now())
}

/// A moment as Discord writes it: RFC 3339 with microseconds and a numeric offset.
pub(crate) fn stamp(moment: DateTime<Utc>) -> String {
    moment.to_rfc3339_opts(SecondsFormat::Micros, false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moving_the_clock_moves_every_clone() {
        let clock = Clock::default();
        let twin = clock.clone();
        let before = twin.now();
        clock.advance(Duration::from_secs(900));
        assert!(twin.now() - before >= TimeDelta::seconds(900));
    }

    #[test]
    fn it_can_be_set_to_a_moment() {
        let nine: DateTime<Utc> = "2026-11-02T00:00:00Z".parse().unwrap();
        let clock = Clock::default();
        clock.set(nine);
        assert!(clock.now() - nine < TimeDelta::seconds(5));
        assert!(stamp(nine).starts_with("2026-11-02T00:00:00.000000+00:00"));
    }
}
