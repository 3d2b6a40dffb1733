//! Who may. One function for the slash command, the button and whatever comes later: there is no second way.

use super::{Person, Service};
use crate::domain::message::{Explain, Message};

/// Why somebody may not.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// None of their roles may run the command.
    #[error("none of the roles may run {command}")]
    Run {
        /// The command.
        command: String,
        /// The names of the roles that may.
        allowed: Vec<String>,
    },
}

impl Service {
    /// Whether `person` may run `command`: one of their roles must be among those that `bot.toml` names for it, by id.
    /// A command for which it names none may be run by each role that it knows.
    ///
    /// # Errors
    /// [`Refusal`], which names the roles that may.
    pub fn may_run(&self, person: &Person, command: &str) -> Result<(), Refusal> {
        if self.lets(person, command) {
            return Ok(());
        }
        tracing::info!(person = person.id, command, "refused");
        Err(Refusal::Run { command: command.to_owned(), allowed: self.allowed(command).cloned().collect() })
    }

    /// The same without a word: for what is only offered. Whoever takes the offer is asked by [`Service::may_run`].
    pub(super) fn lets(&self, person: &Person, command: &str) -> bool {
        let roles = &self.config().roles;
        self.allowed(command).any(|name| roles.get(name).is_some_and(|id| person.roles.contains(id)))
    }

    /// The names of the roles that may run `command`.
    fn allowed(&self, command: &str) -> impl Iterator<Item = &String> {
        let config = self.config();
        let named = config.may_run.get(command);
        let all = config.roles.keys().filter(move |_| named.is_none());
        named.into_iter().flatten().chain(all)
    }
}

impl Explain for Refusal {
    fn message(&self) -> Message {
        match self {
            Self::Run { command, .. } => Message::new("refused-run").with("command", command.as_str()),
        }
    }

    fn hint(&self) -> Option<Message> {
        let Self::Run { allowed, .. } = self;
        Some(Message::new("refused-run-hint").with("roles", allowed.join(", ")))
    }
}
