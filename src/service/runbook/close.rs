//! Closing: what was asked for and has not begun is void, a drill is recorded and held against the one before, and the whole of
//! it is told with its timeline as a file.

use std::sync::Arc;

use super::super::{Board, Chat, ChatError, Person, Service, View};
use super::{RunbookBoard, RunbookView};
use crate::domain::audit::Actor;
use crate::domain::exercise::{Exercise, ExerciseKind};
use crate::domain::message::Message;
use crate::domain::runbook::{Happening, drill_passed};

impl Service {
    pub(super) async fn close(
        &self,
        id: i64,
        solved: bool,
        chat: &impl Chat,
        board: &impl Board,
    ) -> Result<(), ChatError> {
        if let Err(view) = self.led(id, chat).await {
            return chat.whisper(&view).await;
        }
        let closed = Happening::Closed { solved, note: String::new() };
        if let Err(view) = self.happens_in(id, closed, chat.person()).await {
            return chat.whisper(&view).await;
        }
        tracing::warn!(person = chat.person().id, id, solved, "a runbook is closed");
        // The rule of the emergency ends here, for what waits as well; the record first, Discord after the answer.
        let void = self.void_requests_of(id).await;
        let answered = match self.runbook_board(id).await {
            Some(shown) => {
                let before = self.record_drill(&shown, chat.person()).await;
                chat.post(&View::Runbook(RunbookView::Summary { board: shown, before })).await
            }
            None => chat.whisper(&View::Told(Message::new("button-dead"), None)).await,
        };
        self.tell_void(&void, board).await;
        self.show_board(id, board).await;
        answered
    }

    /// Tells once more how a closed runbook went: the answer to who closed it may have got lost.
    pub(super) async fn tell_summary(&self, id: i64, chat: &impl Chat) -> Result<(), ChatError> {
        let shown = match self.led(id, chat).await {
            Ok(shown) => shown,
            Err(view) => return chat.whisper(&view).await,
        };
        let Some((_, at)) = shown.kept.closed() else {
            return chat.whisper(&View::Told(Message::new("button-dead"), None)).await;
        };
        let before = match shown.runbook.within {
            Some(_) => {
                let drills = self.0.store.exercises(&shown.kept.host, ExerciseKind::Drill).await.unwrap_or_default();
                drills.into_iter().find(|drill| drill.ended_at < at)
            }
            None => None,
        };
        chat.whisper(&View::Runbook(RunbookView::Summary { board: shown, before })).await
    }

    /// A drill that was closed is on record as an exercise. Gives back the one before.
    async fn record_drill(&self, shown: &Arc<RunbookBoard>, person: &Person) -> Option<Exercise> {
        let passed = drill_passed(&shown.runbook, &shown.kept)?;
        let (_, ended_at) = shown.kept.closed()?;
        let host = &shown.kept.host;
        let before = self.0.store.exercises(host, ExerciseKind::Drill).await.unwrap_or_else(|error| {
            tracing::error!(%error, "the drill before cannot be read");
            Vec::new()
        });
        let exercise = Exercise {
            kind: ExerciseKind::Drill,
            passed,
            ended_at,
            took: shown.kept.took(ended_at),
            told_by: person.name.clone(),
        };
        if let Err(error) = self.0.store.record_exercise(host, &exercise, &Actor::Discord(person.id)).await {
            tracing::error!(%error, "a drill could not be recorded");
        }
        before.into_iter().next()
    }
}
