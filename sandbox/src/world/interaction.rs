//! Interactions: what a person did, and what the bot answered.

use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use crate::id::Id;
use crate::payload::ModalForm;

/// How long the bot has for its first answer.
pub(crate) const FIRST_ANSWER: TimeDelta = TimeDelta::seconds(3);
/// How long the token of an interaction can be used.
pub(crate) const TOKEN_LIFE: TimeDelta = TimeDelta::minutes(15);

/// What a person did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Sent a slash command.
    Command,
    /// Pressed a button or chose from a select.
    Component,
    /// Typed in an option that completes.
    Autocomplete,
    /// Submitted a modal.
    Modal,
}

impl Act {
    /// Discord's number of the interaction type.
    pub(crate) fn number(self) -> u8 {
        match self {
            Self::Command => 2,
            Self::Component => 3,
            Self::Autocomplete => 4,
            Self::Modal => 5,
        }
    }
}

/// One choice of an autocompletion.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// The words people see.
    pub name: String,
    /// What is sent if it is taken.
    pub value: Value,
}

/// The bot's first answer to an interaction.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    /// Type 1.
    Pong,
    /// Type 4, or type 5 while it is loading: the message.
    Message(Id),
    /// Type 6: it has seen the press and changes nothing yet.
    SeenOnly,
    /// Type 7: the message with the component was changed.
    Update(Id),
    /// Type 8.
    Choices(Vec<Choice>),
    /// Type 9.
    Modal(ModalForm),
}

/// Kept for every interaction, for good.
#[derive(Clone, Debug)]
pub(crate) struct Interaction {
    pub(crate) id: Id,
    pub(crate) token: String,
    pub(crate) act: Act,
    /// What a person would say was done: `/daily`, `[자세히]`.
    pub(crate) words: String,
    pub(crate) user: Id,
    pub(crate) channel: Id,
    /// The message that carries the component.
    pub(crate) message: Option<Id>,
    pub(crate) command: Option<String>,
    /// For a modal: the interaction that opened it.
    pub(crate) trigger: Option<Id>,
    pub(crate) sent: DateTime<Utc>,
    pub(crate) sent_instant: Instant,
    pub(crate) answer: Option<Answer>,
    /// Discord's number of the first answer.
    pub(crate) answer_kind: u8,
    pub(crate) answered_after: Option<Duration>,
    /// What `@original` names.
    pub(crate) original: Option<Id>,
    pub(crate) followups: Vec<Id>,
    /// A test said that no answer is right here.
    pub(crate) silence_expected: bool,
}

impl Interaction {
    pub(crate) fn too_late_for_first_answer(&self, now: DateTime<Utc>) -> bool {
        now - self.sent > FIRST_ANSWER
    }

    pub(crate) fn token_ended(&self, now: DateTime<Utc>) -> bool {
        now - self.sent > TOKEN_LIFE
    }
}
