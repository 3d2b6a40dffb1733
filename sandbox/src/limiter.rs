//! Discord's rate limits: a window per bucket, and one over everything.

use std::collections::HashMap;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

/// So many requests in so long a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Requests.
    pub requests: u32,
    /// The time in which they may come.
    pub per: Duration,
}

impl Rate {
    /// So many requests in so many seconds.
    #[must_use]
    pub const fn new(requests: u32, seconds: u64) -> Self {
        Self { requests, per: Duration::from_secs(seconds) }
    }
}

/// What kind of thing a request counts as. Each has a window of its own for each channel, token or guild.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Bucket {
    /// Answers to interactions: exempt from everything.
    Exempt,
    PostMessage,
    EditMessage,
    DeleteMessage,
    /// Followups and edits of answers, by interaction token.
    Webhook,
    Commands,
    Other,
}

/// The limits of the practice world. Discord does not promise its figures; these are the ones that bots meet.
#[derive(Clone, Copy, Debug)]
pub struct RateLimits {
    /// Everything but answers to interactions (documented: 50 a second).
    pub global: Rate,
    /// New messages, for each channel.
    pub post_message: Rate,
    /// Edits of messages, for each channel.
    pub edit_message: Rate,
    /// Deletions of messages, for each channel.
    pub delete_message: Rate,
    /// Followups and edits of one interaction's answer.
    pub webhook: Rate,
    /// Changes to the commands of a guild.
    pub commands: Rate,
    /// Everything else, for each route.
    pub other: Rate,
}

impl Default for RateLimits {
    fn default() -> Self {
        Self {
            global: Rate::new(50, 1),
            post_message: Rate::new(5, 5),
            edit_message: Rate::new(5, 5),
            delete_message: Rate::new(5, 1),
            webhook: Rate::new(5, 5),
            commands: Rate::new(10, 10),
            other: Rate::new(30, 1),
        }
    }
}

impl RateLimits {
    /// Limits that nobody reaches, for tests of something else.
    #[must_use]
    pub fn none() -> Self {
        let free = Rate::new(1_000_000, 1);
        Self {
            global: free,
            post_message: free,
            edit_message: free,
            delete_message: free,
            webhook: free,
            commands: free,
            other: free,
        }
    }

    fn of(&self, bucket: Bucket) -> Rate {
        match bucket {
            Bucket::Exempt => Rate::new(u32::MAX, 1),
            Bucket::PostMessage => self.post_message,
            Bucket::EditMessage => self.edit_message,
            Bucket::DeleteMessage => self.delete_message,
            Bucket::Webhook => self.webhook,
            Bucket::Commands => self.commands,
            Bucket::Other => self.other,
        }
    }
}

/// The state of a window after a request, for the headers.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Standing {
    pub(crate) limit: u32,
    pub(crate) remaining: u32,
    pub(crate) reset: DateTime<Utc>,
    pub(crate) reset_after: Duration,
    pub(crate) bucket: String,
}

/// What the limiter says of a request.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Verdict {
    /// Goes on; exempt requests have no standing.
    Pass(Option<Standing>),
    /// 429.
    Wait { after: Duration, global: bool, standing: Option<Standing> },
}

#[derive(Debug, Clone, Copy)]
struct Window {
    began: DateTime<Utc>,
    used: u32,
}

impl Window {
    /// Counts one more. `Err` is the time until the window ends.
    fn count(&mut self, rate: Rate, now: DateTime<Utc>) -> Result<(), Duration> {
        let length = TimeDelta::from_std(rate.per).unwrap_or(TimeDelta::MAX);
        if now - self.began >= length || now < self.began {
            (self.began, self.used) = (now, 0);
        }
        if self.used >= rate.requests {
            return Err((self.began + length - now).to_std().unwrap_or_default());
        }
        self.used += 1;
        Ok(())
    }
}

/// Keeps the windows.
#[derive(Debug)]
pub(crate) struct Limiter {
    limits: RateLimits,
    global: Window,
    windows: HashMap<(Bucket, String), Window>,
}

impl Limiter {
    pub(crate) fn new(limits: RateLimits, now: DateTime<Utc>) -> Self {
        Self { limits, global: Window { began: now, used: 0 }, windows: HashMap::new() }
    }

    pub(crate) fn set(&mut self, limits: RateLimits) {
        self.limits = limits;
    }

    /// Counts a request. `major` is what separates windows of one kind: a channel, a token, a route.
    pub(crate) fn count(&mut self, bucket: Bucket, major: &str, now: DateTime<Utc>) -> Verdict {
        if bucket == Bucket::Exempt {
            return Verdict::Pass(None);
        }
        if let Err(after) = self.global.count(self.limits.global, now) {
            return Verdict::Wait { after, global: true, standing: None };
        }
        let rate = self.limits.of(bucket);
        let window = self.windows.entry((bucket, major.to_owned())).or_insert(Window { began: now, used: 0 });
        let outcome = window.count(rate, now);
        let reset = window.began + TimeDelta::from_std(rate.per).unwrap_or(TimeDelta::MAX);
        let standing = Standing {
            limit: rate.requests,
            remaining: rate.requests - window.used,
            reset,
            reset_after: (reset - now).to_std().unwrap_or_default(),
            bucket: format!("practice-{bucket:?}").to_lowercase(),
        };
        match outcome {
            Ok(()) => Verdict::Pass(Some(standing)),
            Err(after) => Verdict::Wait { after, global: false, standing: Some(standing) },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(1_800_000_000_000 + millis).unwrap()
    }

    fn limiter() -> Limiter {
        Limiter::new(RateLimits::default(), at(0))
    }

    #[test]
    fn the_sixth_message_in_five_seconds_waits_for_the_window_to_end() {
        let mut limiter = limiter();
        for left in [4, 3, 2, 1, 0] {
            let Verdict::Pass(Some(standing)) = limiter.count(Bucket::PostMessage, "1", at(1000)) else { panic!() };
            assert_eq!((standing.limit, standing.remaining), (5, left));
        }
        let Verdict::Wait { after, global, .. } = limiter.count(Bucket::PostMessage, "1", at(3500)) else { panic!() };
        assert_eq!((after, global), (Duration::from_millis(2500), false));
        assert!(matches!(limiter.count(Bucket::PostMessage, "1", at(6000)), Verdict::Pass(_)));
    }

    #[test]
    fn channels_and_kinds_have_windows_of_their_own() {
        let mut limiter = limiter();
        for _ in 0..5 {
            limiter.count(Bucket::PostMessage, "1", at(0));
        }
        assert!(matches!(limiter.count(Bucket::PostMessage, "2", at(0)), Verdict::Pass(_)));
        assert!(matches!(limiter.count(Bucket::EditMessage, "1", at(0)), Verdict::Pass(_)));
    }

    #[test]
    fn fifty_a_second_is_the_most_and_answers_to_interactions_do_not_count() {
        let mut limiter = limiter();
        for n in 0..50 {
            assert!(matches!(limiter.count(Bucket::Other, &n.to_string(), at(10)), Verdict::Pass(_)));
        }
        assert!(matches!(limiter.count(Bucket::Other, "x", at(20)), Verdict::Wait { global: true, .. }));
        assert_eq!(limiter.count(Bucket::Exempt, "x", at(20)), Verdict::Pass(None));
    }
}
