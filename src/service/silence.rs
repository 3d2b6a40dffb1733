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
}

impl Silences {
    fn lock(&self) -> std::sync::MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Service {
    /// Discord was reached. Notes it, and finds out how long it was not.
    pub async fn heard(&self) {
        let now = self.0.clock.now();
        let since = self.0.silences.lock().last.replace(Instant::now());
        let last = match since {
            // Within one life it is measured: a clock that is set back or forward is no silence.
            Some(last) => TimeDelta::from_std(last.elapsed()).ok().map(|elapsed| now - elapsed),
            None => self.noted().await,
        };
        if let Some(silence) = last.and_then(|last| Silence::between(last, now)) {
            tracing::warn!(from = %silence.from, to = %silence.to, "nobody was told anything");
            let mut known = self.0.silences.lock();
            known.untold = Some(known.untold.map_or(silence, |before| before.with(silence)));
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

    /// The silence that nobody was told of yet. Whoever takes it tells of it, or gives it back.
    pub fn take_silence(&self) -> Option<Silence> {
        self.0.silences.lock().untold.take()
    }

    /// It was not told after all.
    pub fn give_back(&self, silence: Silence) {
        let mut known = self.0.silences.lock();
        known.untold = Some(known.untold.map_or(silence, |before| before.with(silence)));
    }
}
