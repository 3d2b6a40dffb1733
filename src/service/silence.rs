//! How long nobody was told anything, for the first post afterwards: kept from minute to minute, so that a bot that was
//! killed knows it as well.

use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use chrono::{DateTime, TimeDelta, Utc};

use super::Service;
use crate::domain::silence::Silence;

/// Under what it is noted when Discord was reached for the last time.
const NOTE: &str = "heard";

/// What is known of the silence.
#[derive(Debug, Default)]
pub(super) struct Silences(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    /// When Discord was reached for the last time in this life, on a clock that nobody sets.
    last: Option<Instant>,
    /// What nobody was told of yet.
    untold: Option<Silence>,
    /// Whether somebody is about to tell of it: of two posts at once one does.
    telling: bool,
}

impl Known {
    fn add(&mut self, silence: Option<Silence>) {
        self.untold = match (self.untold, silence) {
            (Some(before), Some(silence)) => Some(before.with(silence)),
            (before, silence) => before.or(silence),
        };
    }
}

impl Silences {
    fn lock(&self) -> std::sync::MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The silence that a post tells of which gets through now, at `now` on the deployment's clock: what nobody was told of
    /// yet, and what goes on until this very post.
    fn take(&self, instant: Instant, now: DateTime<Utc>) -> Option<Silence> {
        let mut known = self.lock();
        if known.telling {
            return None;
        }
        let goes_on =
            known.last.and_then(|last| moment_of(last, instant, now)).and_then(|last| Silence::between(last, now));
        known.add(goes_on);
        let silence = known.untold.take();
        known.telling = silence.is_some();
        silence
    }

    /// It was not told after all.
    fn give_back(&self, silence: Silence) {
        let mut known = self.lock();
        known.telling = false;
        known.add(Some(silence));
    }

    /// It was told, and so Discord was reached.
    fn told(&self, silence: Silence, instant: Instant) {
        let mut known = self.lock();
        known.telling = false;
        known.last = Some(instant);
        known.untold = known.untold.filter(|untold| untold.from > silence.to);
    }
}

/// When it was `last` on the deployment's clock, which shows `now`.
fn moment_of(last: Instant, instant: Instant, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    TimeDelta::from_std(instant.saturating_duration_since(last)).ok().map(|elapsed| now - elapsed)
}

impl Service {
    /// Discord was reached. Notes it, and finds out how long it was not.
    pub async fn heard(&self) {
        let now = self.0.clock.now();
        let since = self.0.silences.lock().last.replace(Instant::now());
        let last = match since {
            // Within one life it is measured: a clock that is set back or forward is no silence.
            Some(last) => moment_of(last, Instant::now(), now),
            None => self.noted().await,
        };
        if let Some(silence) = last.and_then(|last| Silence::between(last, now)) {
            tracing::warn!(from = %silence.from, to = %silence.to, "nobody was told anything");
            self.0.silences.lock().add(Some(silence));
        }
        if let Err(error) = self.0.store.set_note(NOTE, &now.timestamp().to_string()).await {
            tracing::error!(%error, "when Discord was reached could not be kept");
        }
    }

    async fn noted(&self) -> Option<DateTime<Utc>> {
        match self.0.store.note(NOTE).await {
            Ok(note) => DateTime::from_timestamp(note?.parse().ok()?, 0),
            Err(error) => {
                tracing::error!(%error, "when Discord was reached cannot be read");
                None
            }
        }
    }

    /// Whether Discord was ever reached in this life.
    pub fn was_heard(&self) -> bool {
        self.0.silences.lock().last.is_some()
    }

    /// The silence that a post tells of which gets through now. Whoever takes it tells of it, or gives it back.
    pub fn take_silence(&self) -> Option<Silence> {
        self.0.silences.take(Instant::now(), self.0.clock.now())
    }

    /// It was not told after all.
    pub fn give_back(&self, silence: Silence) {
        self.0.silences.give_back(silence);
    }

    /// It was told.
    pub fn silence_told(&self, silence: Silence) {
        self.0.silences.told(silence, Instant::now());
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_first_post_after_an_outage_tells_of_it_whoever_finds_out_first() {
        let (begun, now): (_, DateTime<Utc>) = (Instant::now(), "2026-12-03T00:20:00Z".parse().unwrap());
        let silences = Silences::default();
        assert_eq!(silences.take(begun, now), None, "nothing is known yet");
        silences.lock().last = Some(begun);
        let at = |minutes: u64| begun + Duration::from_secs(60 * minutes);
        assert_eq!(silences.take(at(4), now), None);
        // Nobody has looked whether Discord is there: the post itself finds out.
        let silence = silences.take(at(25), now).unwrap();
        assert_eq!((silence.from, silence.to), (now - TimeDelta::minutes(25), now));
        assert_eq!(silences.take(at(25), now), None, "another tells of it already");
        silences.give_back(silence);
        let later = now + TimeDelta::minutes(5);
        let silence = silences.take(at(30), later).unwrap();
        assert_eq!((silence.from, silence.to), (now - TimeDelta::minutes(25), later));
        // Somebody looks in that very moment, and finds the same.
        silences.lock().add(Some(silence));
        silences.told(silence, at(30));
        assert_eq!(silences.take(at(31), later + TimeDelta::minutes(1)), None, "it is told once");
        assert!(silences.take(at(36), later + TimeDelta::minutes(6)).is_some(), "the next one is another");
    }
}
