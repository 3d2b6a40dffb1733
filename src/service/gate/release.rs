//! Releasing a host that an interrupted act holds: somebody looked by hand, and says what they found. Until then nothing else
//! is begun there.

use super::super::{Board, Chat, ChatError, Form, Right, Service, View};
use super::GateForm;
use super::ask::LONGEST_REASON;
use super::hands::Cannot;
use crate::domain::approval::{KeptRequest, RequestId, State};
use crate::domain::audit::{Actor, Deed, Entry};
use crate::domain::message::{Explain, Message};

impl Service {
    /// Answers "looked at": asks what was found.
    ///
    /// # Errors
    /// [`ChatError`] when the answer did not get through.
    pub async fn answer_release(&self, id: RequestId, chat: &impl Chat) -> Result<(), ChatError> {
        let may = async {
            let kept = self.pressed_request(id, chat).await?;
            self.may_release(&kept, chat).await
        };
        match may.await {
            Ok(()) => chat.ask(&Form::Gate(GateForm::Release { request: id })).await,
            Err((message, hint)) => chat.whisper(&View::Told(message, hint)).await,
        }
    }

    /// Answers the form: releases the host.
    ///
    /// # Errors
    /// [`ChatError`] when the answer did not get through.
    pub async fn answer_released(
        &self,
        id: RequestId,
        found: &str,
        chat: &impl Chat,
        board: &impl Board,
    ) -> Result<(), ChatError> {
        let released = async {
            let kept = self.pressed_request(id, chat).await?;
            self.may_release(&kept, chat).await?;
            let person = chat.person();
            let found: String = self.0.masker.mask(found.trim()).chars().take(LONGEST_REASON.into()).collect();
            if found.is_empty() {
                return Err((Message::new("gate-no-note"), None));
            }
            let now = self.0.clock.now();
            let entry = Entry::new(now, Actor::Discord(person.id), Deed::Review, format!("request:{}", id.0))
                .with("kind", "released")
                .with("host", kept.asked.host.as_str())
                .with("name", person.name.as_str())
                .with("note", found.as_str());
            let by = (person.id, person.name.as_str());
            let released = self.0.store.release_lock(id, by, &found, &entry).await;
            if !released.map_err(|error| (error.message(), error.hint()))? {
                return Err((Message::new("gate-released-already"), None));
            }
            tracing::info!(%id, host = kept.asked.host, by = person.id, "a host is released");
            Ok(kept.asked.host_title)
        };
        let (message, hint) = match released.await {
            Ok(host) => (Message::new("gate-released").with("host", host), None),
            Err(cannot) => cannot,
        };
        chat.whisper(&View::Told(message, hint)).await?;
        self.tell_request(id, board).await;
        Ok(())
    }

    async fn may_release(&self, kept: &KeptRequest, chat: &impl Chat) -> Result<(), Cannot> {
        if kept.request.state() != State::Interrupted {
            return Err((Message::new("button-dead"), None));
        }
        let (person, action) = (chat.person(), &kept.asked.action);
        if let Err(refusal) = self.may_act(Right::Approve, self.action(action)?, &person.roles) {
            self.refused(chat, "role", Right::Approve, action, Some(kept.id)).await;
            return Err((refusal.message(), refusal.hint()));
        }
        Ok(())
    }
}
