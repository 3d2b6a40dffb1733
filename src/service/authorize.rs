//! Who may. One function for the slash command, the button and whatever comes later: there is no second way.

use super::{Person, Service};
use crate::config::Signer;
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
    /// They are none of those who may sign the checklist.
    #[error("may not sign {command}")]
    Sign {
        /// The checklist.
        command: String,
        /// The names of the roles that may.
        roles: Vec<String>,
        /// The people on duty who may.
        assignees: Vec<u64>,
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

    /// Whether `person` may sign `command`: they are on duty for it, or hold one of the roles that `bot.toml` names under
    /// `[may_sign]`. A checklist for which it names nobody may be signed by whoever may run it.
    ///
    /// # Errors
    /// [`Refusal`], which names who may.
    pub async fn may_sign(&self, person: &Person, command: &str) -> Result<(), Refusal> {
        let config = self.config();
        let Some(signers) = config.may_sign.get(command) else { return self.may_run(person, command) };
        let roles: Vec<&String> = signers.iter().filter_map(Signer::role).collect();
        let holds = |name: &&String| config.roles.get(*name).is_some_and(|id| person.roles.contains(id));
        if roles.iter().any(holds) {
            return Ok(());
        }
        let assignees = if signers.contains(&Signer::Assignee) { self.assignees(command).await } else { Vec::new() };
        if assignees.contains(&person.id) {
            return Ok(());
        }
        tracing::info!(person = person.id, command, "may not sign");
        let roles = roles.into_iter().cloned().collect();
        Err(Refusal::Sign { command: command.to_owned(), roles, assignees })
    }

    /// Who is on duty for `command`: whom its latest reminder names, since it may have been handed on, and who is on by the
    /// rota. Where neither can be read it is nobody.
    async fn assignees(&self, command: &str) -> Vec<u64> {
        let now = self.0.clock.now();
        let latest = self.0.store.latest_occurrence(command, now).await.unwrap_or_else(|error| {
            tracing::error!(%error, "who has to look at a checklist cannot be read");
            None
        });
        let mut people = latest.map(|occurrence| occurrence.people).unwrap_or_default();
        if let Some(rota) = self.config().rotas.get(command) {
            match self.0.store.rota_changes().await {
                Ok(changes) => people.extend(rota.at(command, &changes, now).people),
                Err(error) => tracing::error!(%error, "who is on duty cannot be read"),
            }
        }
        people.sort_unstable();
        people.dedup();
        people
    }
}

impl Explain for Refusal {
    fn message(&self) -> Message {
        match self {
            Self::Run { command, .. } => Message::new("refused-run").with("command", command.as_str()),
            Self::Sign { command, .. } => Message::new("refused-sign").with("command", command.as_str()),
        }
    }

    fn hint(&self) -> Option<Message> {
        match self {
            Self::Run { allowed, .. } => Some(Message::new("refused-run-hint").with("roles", allowed.join(", "))),
            Self::Sign { roles, assignees, .. } => {
                let mut who: Vec<String> = assignees.iter().map(|person| format!("<@{person}>")).collect();
                who.extend(roles.iter().cloned());
                let nobody = || Message::new("refused-sign-nobody");
                let named = |who: Vec<String>| Message::new("refused-sign-hint").with("who", who.join(", "));
                Some(if who.is_empty() { nobody() } else { named(who) })
            }
        }
    }
}
