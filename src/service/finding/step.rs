//! Changing a finding, step by step.

use super::{FindingForm, FindingStep, FindingView, Writing};
use crate::domain::finding::{Change, FindingId};
use crate::domain::message::{Explain, Message};
use crate::domain::words::Words;
use crate::service::show::told;
use crate::service::sign::{in_time, who, wrong_words};
use crate::service::{Board, Chat, ChatError, Form, Person, Service, View};

impl Service {
    pub(super) async fn ask_finding(
        &self,
        finding: FindingId,
        writing: Writing,
        chat: &impl Chat,
    ) -> Result<(), ChatError> {
        match in_time(self.finding_for(finding, chat.person())).await {
            Ok(_) => chat.ask(&Form::Finding(FindingForm::On { finding, writing })).await,
            Err(told) => chat.whisper(&told).await,
        }
    }

    /// Takes the step, and shows the finding as it stands then; the message in which its owner was pinged as well.
    pub(super) async fn step(&self, step: FindingStep, person: &Person, board: &impl Board) -> Result<View, View> {
        let (id, change) = match step {
            FindingStep::Urgency(id, urgency) => (id, Change::Urgency(urgency)),
            FindingStep::Due(id, days) => (id, Change::Due(self.day_in(days))),
            FindingStep::Owner(id, owner) => (id, Change::Owner(self.member_named(owner, board).await?)),
            FindingStep::Wrote(id, writing, text) => {
                let words = Words::new(&self.0.masker.mask(&text));
                let words = words.map_err(|error| View::Told(wrong_words(error), None))?;
                let change = match writing {
                    Writing::Said => Change::Said(words),
                    Writing::Closed => Change::Closed(words),
                    Writing::Reopened => Change::Reopened(words),
                };
                (id, change)
            }
            _ => return Err(View::Told(Message::new("button-dead"), None)),
        };
        self.finding_for(id, person).await?;
        let now = self.0.clock.now();
        let stepped = self.0.store.step_finding(id, &change, &who(person), now, self.0.tracker.is_some()).await;
        match stepped.map_err(|error| told(&error))? {
            Some(Ok(finding)) => {
                tracing::info!(person = person.id, finding = %id, change = change.name(), "a finding changes");
                Ok(self.one(finding, None))
            }
            Some(Err(illegal)) => {
                let finding = self.finding_for(id, person).await?;
                Ok(self.one(finding, Some(illegal.message())))
            }
            None => Err(View::Told(Message::new("finding-unknown").with("finding", id.to_string()), None)),
        }
    }

    /// Changes the message in which the owner was pinged, so that it says how the finding stands.
    pub(super) async fn show_where_posted(&self, id: FindingId, board: &impl Board) {
        let Ok(Some(finding)) = self.0.store.finding(id).await else { return };
        let Some(place) = finding.place else { return };
        let view = FindingView::Posted { finding: finding.into(), today: self.today(), gone: false };
        if let Err(error) = board.edit(place, &View::Finding(view)).await {
            tracing::warn!(%error, finding = %id, "where a finding was posted it does not say how it stands");
        }
    }
}
