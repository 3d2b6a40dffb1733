//! Closing: what was asked for and has not begun is void, a drill is recorded and held against the one before, and the whole of
//! it is told with its timeline as a file.

use super::super::{Board, Chat, ChatError, Service, View};
use super::{RunbookBoard, RunbookView};
use crate::domain::exercise::{Exercise, ExerciseKind};
use crate::domain::message::Message;
use crate::domain::runbook::Happening;

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
                let before = self.drill_before(&shown).await;
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
        if shown.kept.closed().is_none() {
            return chat.whisper(&View::Told(Message::new("button-dead"), None)).await;
        }
        let before = self.drill_before(&shown).await;
        chat.whisper(&View::Runbook(RunbookView::Summary { board: shown, before })).await
    }

    /// The drill on the same host before the one that was closed; none where it is no drill.
    async fn drill_before(&self, shown: &RunbookBoard) -> Option<Exercise> {
        shown.runbook.within?;
        let (_, at) = shown.kept.closed()?;
        let before = self.0.store.exercise_before(&shown.kept.host, ExerciseKind::Drill, at).await;
        before.unwrap_or_else(|error| {
            tracing::error!(%error, "the drill before cannot be read");
            None
        })
    }
}
