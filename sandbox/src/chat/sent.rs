//! Something a person did, and what the bot answered.

use std::sync::Arc;
use std::time::Duration;

use super::channel::too_late;
use super::error::ChatError;
use super::message::Message;
use super::modal::Modal;
use crate::core::Core;
use crate::id::Id;
use crate::world::interaction::{Answer, Choice, Interaction};

/// An interaction that was sent to the bot.
#[derive(Clone, Debug)]
pub struct Sent {
    pub(crate) core: Arc<Core>,
    pub(crate) id: Id,
    pub(crate) patience: Duration,
}

/// What kind of first answer the bot gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AnswerKind {
    /// A pong, which no interaction of a person asks for.
    Pong,
    /// A message at once (type 4).
    Message,
    /// "is thinking", to be filled later (type 5).
    Thinking,
    /// The press was seen, nothing changed yet (type 6).
    SeenOnly,
    /// The message with the component was changed (type 7).
    Update,
    /// Choices for an option (type 8).
    Choices,
    /// A modal (type 9).
    Modal,
}

/// The first answer to an interaction.
#[derive(Clone, Debug)]
pub struct FirstAnswer {
    /// Its kind.
    pub kind: AnswerKind,
    /// How long it took, in real time, from the event's leaving to the answer's having been carried out.
    pub after: Duration,
    /// Whether only the person sees it.
    pub ephemeral: bool,
}

impl Sent {
    /// Waits this long, in real time, instead of as long as the builder said.
    #[must_use]
    pub fn patient(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// The interaction's id.
    #[must_use]
    pub fn id(&self) -> Id {
        self.id
    }

    /// The interaction's token.
    #[must_use]
    pub fn token(&self) -> String {
        self.look(|interaction| Some(interaction.token.clone())).unwrap_or_default()
    }

    fn look<T>(&self, look: impl FnOnce(&Interaction) -> Option<T>) -> Option<T> {
        self.core.look(|world| world.interactions.get(&self.id).and_then(look))
    }

    async fn wait<T>(&self, what: &str, look: impl Fn(&Interaction) -> Option<T>) -> Result<T, ChatError> {
        let found = self.core.wait(self.patience, || self.look(&look)).await;
        found.ok_or_else(|| self.too_late(what))
    }

    fn too_late(&self, what: &str) -> ChatError {
        let (words, channel) = self.look(|i| Some((i.words.clone(), i.channel))).unwrap_or_default();
        too_late(&self.core, self.patience, Some(channel).filter(|id| id.get() != 0), &format!("{what} to {words}"))
    }

    /// Whether the bot has answered.
    #[must_use]
    pub fn is_answered(&self) -> bool {
        self.look(|interaction| interaction.answer.as_ref().map(|_| ())).is_some()
    }

    /// Waits for the first answer.
    ///
    /// # Errors
    /// None came; the error shows the channel and what the bot did instead.
    pub async fn first_answer(&self) -> Result<FirstAnswer, ChatError> {
        self.wait("a first answer", |interaction| interaction.answer.as_ref().map(|_| ())).await?;
        let answer = self.core.look(|world| {
            let interaction = world.interactions.get(&self.id)?;
            let posting = interaction.original.and_then(|id| world.postings.get(&id));
            Some(FirstAnswer {
                kind: kind_of(interaction.answer_kind),
                after: interaction.answered_after.unwrap_or_default(),
                ephemeral: posting.is_some_and(|posting| posting.only_for.is_some()),
            })
        });
        answer.ok_or_else(|| self.too_late("a first answer"))
    }

    /// Waits for the message that answers, once it says something (a deferred answer has then been filled).
    ///
    /// # Errors
    /// None came, or the answer was no message.
    pub async fn message(&self) -> Result<Message, ChatError> {
        self.wait_for(|_| true).await
    }

    /// Waits until the answering message says something that fits.
    ///
    /// # Errors
    /// It never did; the error shows the channel.
    pub async fn wait_for(&self, fits: impl Fn(&Message) -> bool) -> Result<Message, ChatError> {
        let look = || self.original().filter(|message| !message.is_thinking() && fits(message));
        let found = self.core.wait(self.patience, look).await;
        found.ok_or_else(|| self.too_late("a message that fits"))
    }

    fn original(&self) -> Option<Message> {
        let id = self.look(|interaction| interaction.original)?;
        Message::find(&self.core, id)
    }

    /// The messages that followed the first answer.
    #[must_use]
    pub fn followups(&self) -> Vec<Message> {
        let ids = self.look(|interaction| Some(interaction.followups.clone())).unwrap_or_default();
        ids.into_iter().filter_map(|id| Message::find(&self.core, id)).collect()
    }

    /// Waits for a followup that fits.
    ///
    /// # Errors
    /// None came.
    pub async fn wait_for_followup(&self, fits: impl Fn(&Message) -> bool) -> Result<Message, ChatError> {
        let look = || self.followups().into_iter().find(|message| fits(message));
        self.core.wait(self.patience, look).await.ok_or_else(|| self.too_late("a followup that fits"))
    }

    /// Waits for the modal that answers.
    ///
    /// # Errors
    /// No answer came, or it was no modal.
    pub async fn modal(&self) -> Result<Modal, ChatError> {
        let look = |interaction: &Interaction| match &interaction.answer {
            Some(Answer::Modal(form)) => Some(Modal {
                form: form.clone(),
                trigger: interaction.id,
                message: interaction.message,
                channel: interaction.channel,
            }),
            _ => None,
        };
        self.wait("a modal", look).await
    }

    /// Waits for the choices that answer an autocompletion.
    pub(crate) async fn choices(&self) -> Result<Vec<Choice>, ChatError> {
        let look = |interaction: &Interaction| match &interaction.answer {
            Some(Answer::Choices(choices)) => Some(choices.clone()),
            _ => None,
        };
        self.wait("choices", look).await
    }

    /// Says that no answer is right here, so that [`assert_clean`](crate::PracticeDiscord::assert_clean) does not mind.
    pub fn expect_no_answer(&self) {
        self.core.change(|world| {
            if let Some(interaction) = world.interactions.get_mut(&self.id) {
                interaction.silence_expected = true;
            }
        });
    }
}

fn kind_of(number: u8) -> AnswerKind {
    match number {
        4 => AnswerKind::Message,
        5 => AnswerKind::Thinking,
        6 => AnswerKind::SeenOnly,
        7 => AnswerKind::Update,
        8 => AnswerKind::Choices,
        9 => AnswerKind::Modal,
        _ => AnswerKind::Pong,
    }
}
