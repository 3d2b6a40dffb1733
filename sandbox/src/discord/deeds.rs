//! What the bot did, and whether nothing is left at the end.

use std::fmt;

use serde_json::Value;

use super::PracticeDiscord;
use crate::id::Id;
use crate::journal::Request;
use crate::judge::Violation;
use crate::world::interaction::{FIRST_ANSWER, Interaction};

/// A slash command as Discord keeps it.
#[derive(Clone, Debug)]
pub struct RegisteredCommand {
    /// Its id, which stays when it is registered again under its name.
    pub id: Id,
    /// Its name.
    pub name: String,
    /// Everything about it, as `GET .../commands?with_localizations=true` gives it.
    pub json: Value,
}

/// What is left that should not be.
#[derive(Clone, thiserror::Error)]
#[error("the practice Discord is not clean:\n{}", self.all().join("\n"))]
pub struct Unclean {
    /// Bodies that Discord would not have taken.
    pub violations: Vec<Violation>,
    /// Routes that do not exist here.
    pub unknown_routes: Vec<String>,
    /// Interactions that got no first answer, or one that still says "thinking": what was done, and by whom.
    pub unanswered: Vec<String>,
}

impl Unclean {
    fn all(&self) -> Vec<String> {
        let violations = self.violations.iter().map(|violation| format!("  violation: {violation}"));
        let routes = self.unknown_routes.iter().map(|route| format!("  unknown route: {route}"));
        let open = self.unanswered.iter().map(|words| format!("  never answered: {words}"));
        violations.chain(routes).chain(open).collect()
    }
}

impl fmt::Debug for Unclean {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl PracticeDiscord {
    /// The registered slash commands, the guild's first.
    #[must_use]
    pub fn commands(&self) -> Vec<RegisteredCommand> {
        self.core.look(|world| {
            let shown = world.commands.slash();
            shown
                .map(|command| RegisteredCommand {
                    id: command.id,
                    name: command.name().to_owned(),
                    json: world.command_json(command, true),
                })
                .collect()
        })
    }

    /// Every request so far, in the order of their answers.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        self.core.journal.all()
    }

    /// How many requests fit a pattern; see [`Request::is`].
    #[must_use]
    pub fn count(&self, pattern: &str) -> usize {
        self.core.journal.count(pattern)
    }

    /// How often a client identified anew.
    #[must_use]
    pub fn identifies(&self) -> usize {
        self.core.look(|world| world.hub.identified.len())
    }

    /// How often a client resumed.
    #[must_use]
    pub fn resumes(&self) -> usize {
        self.core.look(|world| world.hub.resumed.len())
    }

    /// Routes that were asked for and do not exist here, as `METHOD /path`.
    #[must_use]
    pub fn unknown_routes(&self) -> Vec<String> {
        self.core.journal.unknown()
    }

    /// Bodies that Discord would not have taken, by its documentation or its OpenAPI document.
    pub async fn violations(&self) -> Vec<Violation> {
        self.core.judge.violations().await
    }

    /// Whether bodies are judged by Discord's OpenAPI document (it was found).
    #[must_use]
    pub fn judges_by_schema(&self) -> bool {
        self.core.judge.sits()
    }

    /// Forgets requests, unknown routes and violations so far.
    pub async fn forget_past(&self) {
        self.violations().await;
        self.core.judge.forget();
        self.core.journal.forget();
    }

    /// Whether nothing is left that should not be: no violation, no unknown route, no interaction without an answer.
    ///
    /// # Errors
    /// What is left.
    pub async fn check_clean(&self) -> Result<(), Unclean> {
        self.await_first_answers().await;
        let violations = self.violations().await;
        let unknown_routes = self.unknown_routes();
        let unanswered = self.core.look(|world| {
            let words = |open: &Interaction| format!("{} of {}", open.words, world.name_of(open.user));
            let thinking = world.unfinished();
            let thinking = thinking.into_iter().map(|open| format!("{} (still thinking)", words(open)));
            world.unanswered().into_iter().map(words).chain(thinking).collect::<Vec<_>>()
        });
        if violations.is_empty() && unknown_routes.is_empty() && unanswered.is_empty() {
            return Ok(());
        }
        Err(Unclean { violations, unknown_routes, unanswered })
    }

    /// An interaction of a moment ago may still be answered: it has its three seconds.
    async fn await_first_answers(&self) {
        let done = || {
            self.core.look(|world| {
                let now = world.now();
                world.unanswered().iter().all(|open| open.too_late_for_first_answer(now)).then_some(())
            })
        };
        self.core.wait(FIRST_ANSWER.to_std().unwrap_or_default(), done).await;
    }

    /// As [`check_clean`](Self::check_clean), for the end of a test.
    ///
    /// # Panics
    /// If something is left.
    pub async fn assert_clean(&self) {
        let outcome = self.check_clean().await;
        assert!(outcome.is_ok(), "{}", outcome.err().map(|left| left.to_string()).unwrap_or_default());
    }

    /// Ends the test: asserts that it is clean and stops.
    ///
    /// # Panics
    /// If something is left; see [`check_clean`](Self::check_clean).
    pub async fn finish(self) {
        self.assert_clean().await;
    }
}
