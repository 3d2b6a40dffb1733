//! A URL of somebody who waits for the bot (healthchecks.io and the like): it hears when something that is done by the clock
//! begins, that it was done, or that it could not be. Its silence means that the bot itself is gone. What was *found* is no
//! matter of the watchdog's: that is told in Discord.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde_json::json;

use super::Service;
use crate::config::SecretRef;
use crate::webhook::{Signal, Webhook};

/// How often samples are told of at most.
const BETWEEN: Duration = Duration::from_secs(60);

/// Which hosts were sampled since the watchdog heard of it.
#[derive(Debug, Default)]
pub(super) struct Sampled(Mutex<(BTreeSet<String>, Option<Instant>)>);

impl Sampled {
    /// Notes that `host` was sampled; whether now all of `hosts` were, and it is time to say so.
    fn with(&self, host: &str, hosts: usize) -> bool {
        let mut sampled = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let _: bool = sampled.0.insert(host.to_owned());
        let due = sampled.1.is_none_or(|told| told.elapsed() >= BETWEEN) && sampled.0.len() >= hosts;
        if due {
            *sampled = (BTreeSet::new(), Some(Instant::now()));
        }
        due
    }
}

impl Service {
    /// Tells the watchdog of a schedule, where there is one. Nobody waits for it.
    pub(super) fn tell_watchdog(&self, url: Option<&SecretRef>, signal: Signal, checklist: &str, host: &str) {
        let Some(url) = url.cloned() else { return };
        let body = json!({ "checklist": checklist, "host": host });
        let reach = self.config().reach;
        self.0.tasks.spawn(async move {
            let heard = match Webhook::new(url, reach) {
                Ok(webhook) => webhook.signal(signal, &body).await,
                Err(error) => Err(error),
            };
            if let Err(error) = heard {
                tracing::warn!(%error, signal = signal.name(), "a watchdog did not hear");
            }
        });
    }

    /// A sample of `host` was taken and kept: once that holds for every host, the watchdog of sampling hears it.
    pub(super) fn sampled(&self, host: &str) {
        let Some(sampling) = &self.config().sampling else { return };
        let sampled = self.config().hosts.values().filter(|host| !host.own.unsampled).count();
        if sampling.watchdog.is_some() && self.0.sampled.with(host, sampled) {
            self.tell_watchdog(sampling.watchdog.as_ref(), Signal::Done, "sampling", host);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_told_of_when_every_host_had_one_and_not_too_often() {
        let sampled = Sampled::default();
        assert!(!sampled.with("a", 2));
        assert!(!sampled.with("a", 2), "one host alone says nothing of the other");
        assert!(sampled.with("b", 2));
        assert!(!sampled.with("a", 2) && !sampled.with("b", 2), "it was told a moment ago");
    }
}
