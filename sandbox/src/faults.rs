//! Faults that tests put into Discord's way.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use crate::core::{Core, locked};
use crate::gateway::hub::ToSocket;
use crate::journal::matches;

/// What goes wrong with a request.
#[derive(Clone, Debug, PartialEq)]
pub enum Fault {
    /// Nothing is done; the answer is this status (500, 502, ...). 502 and above come as HTML, as from Discord's edge.
    Status(u16),
    /// Nothing is done; the answer is 429 with this time to wait. `global` says that it is the limit over everything.
    RateLimited {
        /// How long to wait.
        retry_after: Duration,
        /// Whether it is the global limit.
        global: bool,
    },
    /// The request waits this long, then is handled as usual.
    Hang(Duration),
    /// The request **is carried out**, but the answer waits this long.
    HoldAnswer(Duration),
    /// Nothing is done and the connection closes without an answer.
    Close,
    /// The request **is carried out**, but the connection closes before the answer: the client cannot know.
    LoseAnswer,
    /// The request **is carried out**, but the answer is this status.
    AnswerWith(u16),
}

#[derive(Debug)]
struct Rule {
    pattern: String,
    /// How many requests that fit go through before.
    after: usize,
    left: Option<usize>,
    fault: Fault,
}

/// The faults that are set.
#[derive(Debug, Default)]
pub(crate) struct FaultPlan(Vec<Rule>);

impl FaultPlan {
    /// The fault for a request, which uses it up once.
    pub(crate) fn take(&mut self, method: &str, path: &str) -> Option<Fault> {
        let rule = self.0.iter_mut().find(|rule| rule.left != Some(0) && matches(&rule.pattern, method, path))?;
        if rule.after > 0 {
            rule.after -= 1;
            return None;
        }
        rule.left = rule.left.map(|left| left - 1);
        Some(rule.fault.clone())
    }
}

/// Sets faults; from [`PracticeDiscord::faults`](crate::PracticeDiscord::faults).
#[derive(Clone, Debug)]
pub struct Faults {
    pub(crate) core: Arc<Core>,
}

impl Faults {
    /// The next `count` requests that fit the pattern (see [`Request::is`](crate::Request::is)) meet the fault.
    pub fn next(&self, count: usize, pattern: &str, fault: Fault) -> &Self {
        self.add(pattern, 0, Some(count), fault)
    }

    /// The request after the next `after` ones that fit the pattern meets the fault, it alone.
    pub fn after(&self, after: usize, pattern: &str, fault: Fault) -> &Self {
        self.add(pattern, after, Some(1), fault)
    }

    /// Every request that fits the pattern meets the fault, until [`clear`](Self::clear).
    pub fn always(&self, pattern: &str, fault: Fault) -> &Self {
        self.add(pattern, 0, None, fault)
    }

    fn add(&self, pattern: &str, after: usize, left: Option<usize>, fault: Fault) -> &Self {
        locked(&self.core.faults).0.push(Rule { pattern: pattern.to_owned(), after, left, fault });
        self
    }

    /// Takes every fault away, the gateway's too.
    pub fn clear(&self) {
        locked(&self.core.faults).0.clear();
        self.core.change(|world| {
            world.hub.delay = Duration::ZERO;
            world.hub.refuse_resumes = 0;
            world.hub.silent_heart = false;
        });
    }

    /// How many times the faults that were set for a number of requests have still to strike.
    #[must_use]
    pub fn left(&self) -> usize {
        locked(&self.core.faults).0.iter().filter_map(|rule| rule.left).sum()
    }

    /// How many requests so far came to the moment in which [`Fault::Hang`] or [`Fault::HoldAnswer`] made them wait: a test
    /// that ends the bot there waits for it.
    #[must_use]
    pub fn held(&self) -> usize {
        self.core.held.load(Ordering::SeqCst)
    }

    /// Every gateway connection ends: with a close code, or abruptly without a word.
    pub fn drop_gateway(&self, code: Option<u16>) -> &Self {
        self.core.change(|world| world.hub.to_all_sockets(&ToSocket::Close(code)));
        self
    }

    /// The next `count` RESUMEs are answered with INVALID_SESSION, so that the client must identify anew.
    pub fn refuse_resumes(&self, count: u32) -> &Self {
        self.core.change(|world| world.hub.refuse_resumes = count);
        self
    }

    /// Whether heartbeats stay without acknowledgement.
    pub fn silence_heartbeats(&self, silent: bool) -> &Self {
        self.core.change(|world| world.hub.silent_heart = silent);
        self
    }

    /// Every event reaches the bot this much later. Zero ends it.
    pub fn delay_events(&self, by: Duration) -> &Self {
        self.core.change(|world| world.hub.delay = by);
        self
    }

    /// Asks the client to reconnect (opcode 7).
    pub fn ask_to_reconnect(&self) -> &Self {
        self.core.change(|world| world.hub.to_all_sockets(&ToSocket::Frame(r#"{"op":7,"d":null}"#.to_owned())));
        self
    }

    /// Declares every session invalid (opcode 9).
    pub fn invalidate_sessions(&self, resumable: bool) -> &Self {
        let word = serde_json::json!({"op": 9, "d": resumable}).to_string();
        self.core.change(|world| {
            world.hub.to_all_sockets(&ToSocket::Frame(word));
            if !resumable {
                world.hub.forget_sessions();
            }
        });
        self
    }
}
