//! Opening interactions: what a person does reaches the bot as one event.

use std::time::Instant;

use serde_json::Value;

use super::World;
use super::feed::Change;
use super::interaction::{Act, Interaction};
use super::posting::Posting;
use crate::api_error::ApiError;
use crate::gateway::hub::Intent;
use crate::id::Id;

/// What a person does.
#[derive(Clone, Debug)]
pub(crate) struct Deed {
    pub(crate) act: Act,
    /// How a person would name it: `/daily`, `[자세히]`.
    pub(crate) words: String,
    pub(crate) user: Id,
    pub(crate) channel: Id,
    pub(crate) message: Option<Id>,
    pub(crate) command: Option<String>,
    /// For a modal: the interaction that opened it.
    pub(crate) trigger: Option<Id>,
    /// The `data` of the event.
    pub(crate) data: Value,
}

impl World {
    /// Opens an interaction and sends its event. `forge` may bend the event before it goes out, for tests of attacks.
    pub(crate) fn open_interaction(&mut self, deed: Deed, forge: impl FnOnce(&mut Value)) -> Id {
        let id = self.next_id();
        let interaction = Interaction {
            id,
            token: format!("practice-interaction-{id}"),
            act: deed.act,
            words: deed.words,
            user: deed.user,
            channel: deed.channel,
            message: deed.message,
            command: deed.command,
            trigger: deed.trigger,
            sent: self.now(),
            sent_instant: Instant::now(),
            answer: None,
            answer_kind: 0,
            answered_after: None,
            original: None,
            followups: vec![],
            silence_expected: false,
        };
        let mut event = self.interaction_json(&interaction, &deed.data);
        forge(&mut event);
        self.by_token.insert(interaction.token.clone(), id);
        self.interactions.insert(id, interaction);
        self.feed.note(Change::Interaction(id));
        self.emit("INTERACTION_CREATE", Intent::Always, &event);
        id
    }

    /// The interaction of a token that still lives.
    pub(crate) fn by_live_token(&self, token: &str) -> Result<&Interaction, ApiError> {
        let id = self.by_token.get(token).ok_or_else(ApiError::unknown_webhook)?;
        let interaction = self.interactions.get(id).ok_or_else(ApiError::unknown_webhook)?;
        if interaction.token_ended(self.now()) {
            return Err(ApiError::expired_token());
        }
        Ok(interaction)
    }

    /// A message as one person sees the channel: ephemeral ones of others are not there.
    pub(crate) fn visible_to(&self, user: Id, posting: &Posting) -> bool {
        posting.deleted.is_none() && posting.only_for.is_none_or(|only| only == user)
    }

    /// The interactions that got no first answer, oldest first.
    pub(crate) fn unanswered(&self) -> Vec<&Interaction> {
        self.interactions.values().filter(|i| i.answer.is_none() && !i.silence_expected).collect()
    }

    /// The interactions whose answer still says that the bot is thinking.
    pub(crate) fn unfinished(&self) -> Vec<&Interaction> {
        let thinking = |id: Id| self.posting(id).is_ok_and(Posting::is_loading);
        self.interactions.values().filter(|i| i.original.is_some_and(thinking) && !i.silence_expected).collect()
    }
}
