//! Who may. One function for the slash command, the button and whatever comes later: there is no second way. Only ids count,
//! never names; roles come with the click, and are fetched again before an act.

use super::{Person, Room, Service};
use crate::config::Signer;
use crate::domain::action::{Action, Risk};
use crate::domain::audit::{Actor, Deed, Entry};
use crate::domain::help::RELOAD;
use crate::domain::message::{Explain, Localised, Message};
use crate::domain::runbook::Runbook;

/// Under which command the audit record has who may not arrange who is on, whichever of them it was.
const ROTA: &str = "rota";

/// What somebody wants to do with an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    /// Ask for it, and take that back.
    Ask,
    /// Approve it, or deny it.
    Approve,
    /// Go ahead alone.
    GoAlone,
}

impl Right {
    /// Its name in the audit record.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ask => "ask",
            Self::Approve => "approve",
            Self::GoAlone => "go-alone",
        }
    }
}

/// Why somebody may not. A command is named as its slash command is in each language; in English it is the id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// None of their roles may run the command.
    #[error("none of the roles may run {}", .command.en)]
    Run {
        /// The command.
        command: Localised,
        /// The names of the roles that may.
        allowed: Vec<String>,
    },
    /// They are none of those who may sign the checklist.
    #[error("may not sign {}", .command.en)]
    Sign {
        /// The checklist.
        command: Localised,
        /// The names of the roles that may.
        roles: Vec<String>,
        /// The people on duty who may.
        assignees: Vec<u64>,
    },
    /// None of their roles has the right to the action.
    #[error("none of the roles may {} {}", .right.name(), .command.en)]
    Act {
        /// The right.
        right: Right,
        /// The action.
        command: Localised,
        /// The names of the roles that have it.
        allowed: Vec<String>,
    },
    /// The channel does not allow acts of that risk.
    #[error("the channel does not allow {}", .command.en)]
    Channel {
        /// The action.
        command: Localised,
        /// The channels that do, by id.
        allowed: Vec<u64>,
    },
    /// None of their roles may arrange who is on.
    #[error("none of the roles may arrange who is on")]
    Arrange {
        /// The names of the roles that may.
        allowed: Vec<String>,
    },
}

impl Service {
    /// Whether `person` may run `command`: one of their roles must be among those that `bot.toml` names for it, by id.
    /// A command for which it names none may be run by each role that it knows; but reading the files anew only by those
    /// that it names.
    ///
    /// # Errors
    /// [`Refusal`], which names the roles that may.
    pub fn may_run(&self, person: &Person, command: &str) -> Result<(), Refusal> {
        self.could_run(person, command).inspect_err(|_| {
            tracing::info!(person = person.id, command, "refused");
            self.note_refusal(person, command, "run");
        })
    }

    /// The same without a word in the record: for what is only offered or listed, and for what others ask about `person`.
    /// Whoever takes the offer is asked by [`Service::may_run`].
    ///
    /// # Errors
    /// [`Refusal`], which names the roles that may.
    pub(super) fn could_run(&self, person: &Person, command: &str) -> Result<(), Refusal> {
        if self.holds_one(&person.roles, self.allowed(command)) {
            return Ok(());
        }
        Err(Refusal::Run {
            command: self.commands().called(command),
            allowed: self.allowed(command).cloned().collect(),
        })
    }

    /// Writes down that somebody was refused; nobody waits for it.
    fn note_refusal(&self, person: &Person, command: &str, right: &str) {
        let entry =
            Entry::new(self.0.clock.now(), Actor::Discord(person.id), Deed::Refusal, format!("command:{command}"))
                .with("right", right)
                .with("name", person.name.as_str());
        let store = self.0.store.clone();
        self.0.tasks.spawn(async move {
            if let Err(error) = store.audit(&entry).await {
                tracing::error!(%error, ?entry, "the audit record could not be added to");
            }
        });
    }

    /// Whether `person` may open and lead `runbook`: one of their roles is among those that its file names.
    pub(super) fn may_lead(&self, person: &Person, runbook: &Runbook) -> Result<(), Message> {
        let roles = &self.config().roles;
        let holds = |name: &String| roles.get(name).is_some_and(|id| person.roles.contains(id));
        if runbook.open.iter().any(holds) {
            return Ok(());
        }
        tracing::info!(person = person.id, runbook = runbook.id, "refused");
        self.note_refusal(person, &runbook.id, "lead");
        Err(Message::new("runbook-refused").with("roles", runbook.open.join(", ")))
    }

    /// Whether `person` [could run](Service::could_run) `command`.
    pub(super) fn lets(&self, person: &Person, command: &str) -> bool {
        self.could_run(person, command).is_ok()
    }

    /// The names of the roles that may run `command`.
    fn allowed(&self, command: &str) -> impl Iterator<Item = &String> {
        let config = self.config();
        let named = config.may_run.get(command);
        let open = named.is_none() && command != RELOAD;
        let all = config.roles.keys().filter(move |_| open);
        named.into_iter().flatten().chain(all)
    }

    /// Whether `person` may sign `command` on `host`: they are on duty for it, or hold one of the roles that `bot.toml` names under
    /// `[may_sign]`. A checklist for which it names nobody may be signed by whoever may run it.
    ///
    /// # Errors
    /// [`Refusal`], which names who may.
    pub async fn may_sign(&self, person: &Person, command: &str, host: &str) -> Result<(), Refusal> {
        self.could_sign(person, command, host).await.inspect_err(|_| {
            tracing::info!(person = person.id, command, "may not sign");
            self.note_refusal(person, command, "sign");
        })
    }

    /// The same without a word in the record: for what is only listed.
    ///
    /// # Errors
    /// [`Refusal`], which names who may.
    pub(super) async fn could_sign(&self, person: &Person, command: &str, host: &str) -> Result<(), Refusal> {
        let config = self.config();
        let Some(signers) = config.may_sign.get(command) else { return self.could_run(person, command) };
        let roles: Vec<&String> = signers.iter().filter_map(Signer::role).collect();
        let holds = |name: &&String| config.roles.get(*name).is_some_and(|id| person.roles.contains(id));
        if roles.iter().any(holds) {
            return Ok(());
        }
        let assignees =
            if signers.contains(&Signer::Assignee) { self.assignees(command, host).await } else { Vec::new() };
        if assignees.contains(&person.id) {
            return Ok(());
        }
        let roles = roles.into_iter().cloned().collect();
        Err(Refusal::Sign { command: self.commands().called(command), roles, assignees })
    }

    /// Who is on duty for `command` on `host`: whom its latest reminder names, since it may have been handed on, and who is on by the
    /// rota. Where neither can be read it is nobody.
    pub(super) async fn assignees(&self, command: &str, host: &str) -> Vec<u64> {
        let now = self.0.clock.now();
        let latest = self.0.store.latest_occurrence(command, host, now).await.unwrap_or_else(|error| {
            tracing::error!(%error, "who has to look at a checklist cannot be read");
            None
        });
        let mut people = latest.map(|occurrence| occurrence.people).unwrap_or_default();
        if let Some((name, rota)) = self.config().rota_of(command, host) {
            match self.0.store.rota_changes().await {
                Ok(changes) => people.extend(rota.at(name, &changes, now).people),
                Err(error) => tracing::error!(%error, "who is on duty cannot be read"),
            }
        }
        people.sort_unstable();
        people.dedup();
        people
    }

    /// Whether who holds `roles` has `right` to `action`. The file of the action names the roles; for asking, `[may_run]`
    /// of `bot.toml` stands above it.
    ///
    /// # Errors
    /// [`Refusal`], which names the roles that have it.
    pub fn may_act(&self, right: Right, action: &Action, roles: &[u64]) -> Result<(), Refusal> {
        let config = self.config();
        let allowed = match right {
            Right::Ask => config.may_run.get(&action.id).unwrap_or(&action.ask).clone(),
            Right::Approve => action.approve.clone(),
            Right::GoAlone => config.gate.break_glass.as_ref().map(|alone| alone.roles.clone()).unwrap_or_default(),
        };
        if self.holds_one(roles, &allowed) {
            return Ok(());
        }
        Err(Refusal::Act { right, command: self.commands().called(&action.id), allowed })
    }

    /// Whether acts of `action`'s risk may be asked for and decided on in `room`. A thread that `bot.toml` does not name itself
    /// allows what its channel does.
    ///
    /// # Errors
    /// [`Refusal`], which names the channels where they may.
    pub fn may_act_in(&self, room: Room, action: &Action) -> Result<(), Refusal> {
        let channels = &self.config().gate.channels;
        let parent = || room.parent.and_then(|parent| channels.get(&parent));
        let most: Option<&Risk> = channels.get(&room.channel).or_else(parent);
        if channels.is_empty() || most.is_some_and(|most| action.risk <= *most) {
            return Ok(());
        }
        let allowed = channels.iter().filter(|(_, most)| action.risk <= **most).map(|(channel, _)| *channel).collect();
        Err(Refusal::Channel { command: self.commands().called(&action.id), allowed })
    }

    /// The ids of the roles of these names.
    pub(super) fn role_ids<'a>(&self, names: impl IntoIterator<Item = &'a String>) -> Vec<u64> {
        names.into_iter().filter_map(|name| self.config().roles.get(name).copied()).collect()
    }

    fn holds_one<'a>(&self, roles: &[u64], names: impl IntoIterator<Item = &'a String>) -> bool {
        self.role_ids(names).iter().any(|id| roles.contains(id))
    }

    /// Whether `person` may say who is away, and see what is overdue: each role that `bot.toml` knows may.
    ///
    /// # Errors
    /// [`Refusal`], which names the roles.
    pub fn may_arrange(&self, person: &Person) -> Result<(), Refusal> {
        let roles = &self.config().roles;
        if roles.values().any(|id| person.roles.contains(id)) {
            return Ok(());
        }
        tracing::info!(person = person.id, "refused");
        self.note_refusal(person, ROTA, "arrange");
        Err(Refusal::Arrange { allowed: roles.keys().cloned().collect() })
    }
}

impl Explain for Refusal {
    fn message(&self) -> Message {
        match self {
            Self::Run { command, .. } if command.en == RELOAD => {
                Message::new("refused-run").with("command", Message::new("command-reload-name"))
            }
            Self::Run { command, .. } => Message::new("refused-run").with("command", command.clone()),
            Self::Sign { command, .. } => Message::new("refused-sign").with("command", command.clone()),
            Self::Act { right, command, .. } => {
                Message::new("refused-act").with("right", right.name()).with("command", command.clone())
            }
            Self::Channel { command, .. } => Message::new("refused-channel").with("command", command.clone()),
            Self::Arrange { .. } => Message::new("refused-arrange"),
        }
    }

    fn hint(&self) -> Option<Message> {
        Some(match self {
            Self::Act { right: Right::GoAlone, allowed, .. } if allowed.is_empty() => {
                Message::new("refused-alone-nobody-hint")
            }
            Self::Run { command, allowed } if command.en == RELOAD && allowed.is_empty() => {
                Message::new("refused-reload-hint")
            }
            Self::Run { allowed, .. } | Self::Act { allowed, .. } | Self::Arrange { allowed } => {
                Message::new("refused-run-hint").with("roles", allowed.join(", "))
            }
            Self::Sign { roles, assignees, .. } => {
                let mut who: Vec<String> = assignees.iter().map(|person| format!("<@{person}>")).collect();
                who.extend(roles.iter().cloned());
                if who.is_empty() {
                    Message::new("refused-sign-nobody")
                } else {
                    Message::new("refused-sign-hint").with("who", who.join(", "))
                }
            }
            Self::Channel { allowed, .. } if allowed.is_empty() => Message::new("refused-channel-nowhere-hint"),
            Self::Channel { allowed, .. } => {
                let channels: Vec<_> = allowed.iter().map(|channel| format!("<#{channel}>")).collect();
                Message::new("refused-channel-hint").with("channels", channels.join(" "))
            }
        })
    }
}
