//! The review of what somebody did alone: somebody else looks at it and says what they think. Until then it stands in the
//! daily check.

use std::sync::Arc;

use super::super::{Board, Chat, ChatError, Form, Right, Service, View};
use super::GateForm;
use super::ask::LONGEST_REASON;
use super::hands::Cannot;
use crate::domain::approval::{KeptRequest, RequestId};
use crate::domain::audit::{Actor, Deed, Entry};
use crate::domain::message::{Explain, Message};

impl Service {
    /// Answers "review": asks what was found.
    ///
    /// # Errors
    /// [`ChatError`] when the answer did not get through.
    pub async fn answer_review(&self, id: RequestId, chat: &impl Chat) -> Result<(), ChatError> {
        let may = async {
            let kept = self.pressed_request(id, chat).await?;
            self.may_review(&kept, chat).await
        };
        match may.await {
            Ok(()) => chat.ask(&Form::Gate(GateForm::Review { request: id })).await,
            Err((message, hint)) => chat.whisper(&View::Told(message, hint)).await,
        }
    }

    /// Answers the form: keeps the review.
    ///
    /// # Errors
    /// [`ChatError`] when the answer did not get through.
    pub async fn answer_reviewed(
        &self,
        id: RequestId,
        note: &str,
        chat: &impl Chat,
        board: &Arc<impl Board>,
    ) -> Result<(), ChatError> {
        let reviewed = async {
            let kept = self.pressed_request(id, chat).await?;
            self.may_review(&kept, chat).await?;
            let person = chat.person();
            let note: String = self.0.masker.mask(note.trim()).chars().take(LONGEST_REASON.into()).collect();
            if note.is_empty() {
                return Err((Message::new("gate-no-note"), None));
            }
            let now = self.0.clock.now();
            let entry = Entry::new(now, Actor::Discord(person.id), Deed::Review, format!("request:{}", id.0))
                .with("name", person.name.as_str())
                .with("note", note.as_str());
            let by = (person.id, person.name.as_str());
            let kept = self.0.store.review(id, by, &note, now, &entry).await;
            if kept.map_err(|error| (error.message(), error.hint()))? {
                Ok(())
            } else {
                Err((Message::new("gate-reviewed-already"), None))
            }
        };
        let (message, hint) = match reviewed.await {
            Ok(()) => (Message::new("gate-review-kept").with("id", id.to_string()), None),
            Err(cannot) => cannot,
        };
        chat.whisper(&View::Told(message, hint)).await?;
        self.tell_request(id, &**board).await;
        Ok(())
    }

    async fn may_review(&self, kept: &KeptRequest, chat: &impl Chat) -> Result<(), Cannot> {
        let (person, action) = (chat.person(), &kept.asked.action);
        match &kept.review {
            None => return Err((Message::new("button-dead"), None)),
            Some(Some(_)) => return Err((Message::new("gate-reviewed-already"), None)),
            Some(None) => {}
        }
        if person.id == kept.asked.terms.requester {
            self.refused(chat, "own act", Right::Approve, action, Some(kept.id)).await;
            return Err((Message::new("gate-own-review"), None));
        }
        if let Err(refusal) = self.may_act(Right::Approve, self.action(action)?, &person.roles) {
            self.refused(chat, "role", Right::Approve, action, Some(kept.id)).await;
            return Err((refusal.message(), refusal.hint()));
        }
        Ok(())
    }
}
