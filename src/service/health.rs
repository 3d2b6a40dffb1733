//! How the bot itself is, for whoever watches it.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::Service;
use crate::domain::report::Report;
use crate::store::StoreError;

/// How long nothing may come from Discord, which answers a heartbeat every forty seconds or so: a new session or a short
/// outage passes by itself.
const AWAY: Duration = Duration::from_secs(180);

/// When the bot was last seen to be in Discord, on a clock that nobody sets.
#[derive(Debug)]
pub(super) struct Presence(Mutex<Instant>);

impl Presence {
    /// A bot that begins is given its time to come in.
    pub(super) fn new() -> Self {
        Self(Mutex::new(Instant::now()))
    }

    fn seen(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    fn absent(&self) -> Duration {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).elapsed()
    }
}

/// How the bot is.
#[derive(Debug)]
pub struct Health {
    /// The latest report of each checklist on each host, or why the database cannot be read.
    pub latest: Result<Vec<Report>, StoreError>,
    /// How long nothing came from Discord, by which people's clicks reach the bot.
    pub absent: Duration,
}

impl Health {
    /// Whether the bot has been away from Discord for so long that it will not be back by itself.
    pub fn is_gone(&self) -> bool {
        self.absent >= AWAY
    }
}

impl Service {
    /// Looks how the bot is. Nothing is looked at on any host.
    pub async fn health(&self) -> Health {
        Health { latest: self.latest().await, absent: self.0.presence.absent() }
    }

    async fn latest(&self) -> Result<Vec<Report>, StoreError> {
        let mut latest = Vec::new();
        for command in self.commands().checklists.keys() {
            for host in self.config().hosts.keys() {
                let kept = self.0.store.latest_finished(command, host).await?;
                latest.extend(kept.and_then(|kept| kept.report));
            }
        }
        Ok(latest)
    }

    /// Discord was heard at this moment: what people click reaches the bot.
    pub fn is_in_discord(&self) {
        self.0.presence.seen();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_silence_passes_and_a_long_one_does_not() {
        for (seconds, is_gone) in [(0, false), (45, false), (179, false), (180, true)] {
            let health = Health { latest: Ok(Vec::new()), absent: Duration::from_secs(seconds) };
            assert_eq!(health.is_gone(), is_gone, "{seconds} s");
        }
    }
}
