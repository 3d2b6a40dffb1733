//! What the bot answers to an interaction, first and later.

use serde_json::Value;

use super::World;
use super::draft::{Draft, Upload};
use super::feed::Change;
use super::interaction::{Act, Answer, Choice, Interaction};
use super::messages::Manner;
use super::posting::{Origin, flag, posting_kind};
use crate::api_error::{ApiError, Place};
use crate::id::Id;
use crate::limits::modals;
use crate::payload::{Component, ModalForm};

impl World {
    /// The first answer. In time, once, and of a kind that fits what the person did.
    pub(crate) fn answer(&mut self, id: Id, token: &str, body: &Value, files: &[Upload]) -> Result<(), ApiError> {
        let found = self.interactions.get(&id).filter(|interaction| interaction.token == token);
        let interaction = found.ok_or_else(ApiError::unknown_interaction)?.clone();
        if interaction.answer.is_some() {
            return Err(ApiError::already_acknowledged());
        }
        if interaction.too_late_for_first_answer(self.now()) {
            return Err(ApiError::unknown_interaction());
        }
        let kind = body["type"].as_u64().and_then(|kind| u8::try_from(kind).ok()).unwrap_or(0);
        if !fits(&interaction, kind) {
            let words =
                format!("Interaction of type {} cannot be answered with type {kind}.", interaction.act.number());
            return Err(ApiError::bad_field(
                &Place::default().key("type"),
                "INTERACTION_APPLICATION_CALLBACK_TYPE_INVALID",
                words,
            ));
        }
        let answer = self.carry_out(&interaction, kind, &body["data"], files)?;
        if let Some(stored) = self.interactions.get_mut(&id) {
            stored.original = match &answer {
                Answer::Message(message) | Answer::Update(message) => Some(*message),
                Answer::SeenOnly => stored.message,
                _ => None,
            };
            stored.answered_after = Some(stored.sent_instant.elapsed());
            (stored.answer, stored.answer_kind) = (Some(answer), kind);
        }
        self.feed.note(Change::Interaction(id));
        Ok(())
    }

    fn carry_out(
        &mut self,
        interaction: &Interaction,
        kind: u8,
        data: &Value,
        files: &[Upload],
    ) -> Result<Answer, ApiError> {
        let place = Place::default().key("data");
        let draft = |data: &Value| Draft::parse(data, files, &place);
        match kind {
            1 => Ok(Answer::Pong),
            4 => {
                let draft = draft(data)?;
                self.post_answer(interaction, draft, false).map(Answer::Message)
            }
            5 => {
                let draft = Draft { flags: data["flags"].as_u64(), ..Draft::default() };
                self.post_answer(interaction, draft, true).map(Answer::Message)
            }
            6 => Ok(Answer::SeenOnly),
            7 => {
                let message = interaction.message.ok_or_else(ApiError::unknown_message)?;
                if !data.is_null() {
                    self.edit(message, draft(data)?)?;
                }
                Ok(Answer::Update(message))
            }
            8 => {
                modals::check_choices(data)?;
                let list = data["choices"].as_array().into_iter().flatten();
                let choice = |c: &Value| Choice { name: text(&c["name"]), value: c["value"].clone() };
                Ok(Answer::Choices(list.map(choice).collect()))
            }
            _ => {
                modals::check_modal(data)?;
                let mut form: ModalForm = serde_json::from_value(data.clone())
                    .map_err(|error| ApiError::bad_field(&place, "MODEL_TYPE_CONVERT", error.to_string()))?;
                Component::number(&mut form.components, &mut 0);
                Ok(Answer::Modal(form))
            }
        }
    }

    fn post_answer(&mut self, interaction: &Interaction, draft: Draft, loading: bool) -> Result<Id, ApiError> {
        let mut manner = self.answer_manner(interaction, draft.flags.unwrap_or(0));
        manner.kind = if interaction.act == Act::Command { posting_kind::COMMAND } else { posting_kind::REPLY };
        manner.reference = interaction.message;
        if loading {
            manner.flags |= flag::LOADING;
        }
        self.post(manner, draft)
    }

    fn answer_manner(&self, interaction: &Interaction, flags: u64) -> Manner {
        let kept = flag::SUPPRESS_EMBEDS | flag::EPHEMERAL | flag::SUPPRESS_NOTIFICATIONS;
        let ephemeral = flags & flag::EPHEMERAL != 0;
        Manner {
            flags: flags & kept,
            only_for: ephemeral.then_some(interaction.user),
            origin: Some(origin_of(interaction)),
            ..Manner::plain(self.bot, interaction.channel)
        }
    }

    /// A later message of an interaction. The first one after a deferred answer fills that answer instead.
    pub(crate) fn follow_up(&mut self, token: &str, draft: Draft) -> Result<Id, ApiError> {
        let interaction = self.answered(token)?.clone();
        let waiting = interaction.original.and_then(|id| self.postings.get(&id)).filter(|posting| posting.is_loading());
        if let Some(id) = waiting.map(|posting| posting.id) {
            self.edit(id, draft)?;
            return Ok(id);
        }
        let mut manner = self.answer_manner(&interaction, draft.flags.unwrap_or(0));
        (manner.kind, manner.reference) = (posting_kind::REPLY, interaction.original);
        let id = self.post(manner, draft)?;
        if let Some(stored) = self.interactions.get_mut(&interaction.id) {
            stored.followups.push(id);
        }
        Ok(id)
    }

    /// The message that a webhook address of an interaction names; `None` is `@original`.
    pub(crate) fn answer_message(&self, token: &str, message: Option<Id>) -> Result<Id, ApiError> {
        let interaction = self.answered(token)?;
        let id = match message {
            None => interaction.original,
            Some(id) => {
                let own = interaction.followups.contains(&id) || interaction.original == Some(id);
                own.then_some(id)
            }
        };
        let id = id.ok_or_else(ApiError::unknown_message)?;
        self.posting(id).map(|posting| posting.id)
    }

    /// Before its first answer an interaction has no messages.
    fn answered(&self, token: &str) -> Result<&Interaction, ApiError> {
        let interaction = self.by_live_token(token)?;
        if interaction.answer.is_some() { Ok(interaction) } else { Err(ApiError::unknown_webhook()) }
    }
}

pub(crate) fn origin_of(interaction: &Interaction) -> Origin {
    Origin {
        interaction: interaction.id,
        kind: interaction.act.number(),
        user: interaction.user,
        command: interaction.command.clone(),
        source_message: interaction.message,
        trigger: interaction.trigger,
    }
}

/// Which answers fit which act.
fn fits(interaction: &Interaction, kind: u8) -> bool {
    match interaction.act {
        Act::Autocomplete => kind == 8,
        Act::Command => matches!(kind, 4 | 5 | 9),
        Act::Component => matches!(kind, 4..=7 | 9),
        Act::Modal if interaction.message.is_some() => matches!(kind, 4..=7),
        Act::Modal => matches!(kind, 4 | 5),
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
