//! The message of a runbook, and its thread: what the record says, edited whenever anything happens. Where the message or the
//! thread is gone, or never came to be, there is another.

use std::sync::{Arc, PoisonError};

use super::super::{Board, ChatError, Ping, Room, Service, View};
use super::{RunbookBoard, RunbookView};
use crate::domain::approval::KeptRequest;
use crate::domain::run::MessagePlace;
use crate::domain::runbook::{KeptRunbook, Runbook};

impl Service {
    /// Brings the message of every open runbook to what the record says: when the bot is back, some may lag behind, or never
    /// have come to be.
    pub async fn tell_runbooks(&self, board: &impl Board) {
        let open = match self.0.store.open_runbooks().await {
            Ok(open) => open,
            Err(error) => return tracing::error!(%error, "the open runbooks cannot be read"),
        };
        for kept in open {
            self.show_board(kept.id, board).await;
        }
    }

    /// Shows in the runbook that a request was made in how the request stands.
    pub(in crate::service) async fn show_runbook_of(&self, request: &KeptRequest, board: &impl Board) {
        if let Some(id) = request.asked.runbook {
            self.show_board(id, board).await;
        }
    }

    /// Changes the message of a runbook, so that it says what happened last.
    pub(in crate::service) async fn show_board(&self, id: i64, board: &impl Board) {
        let _alone = self.0.books.telling.lock().await;
        let Some(shown) = self.runbook_board(id).await else { return };
        let Some(place) = shown.kept.place else {
            let key = (shown.kept.runbook.clone(), shown.kept.host.clone());
            let opening = self.0.books.opening.lock().unwrap_or_else(PoisonError::into_inner).contains(&key);
            // Whoever is just opening it shows it.
            if !opening {
                self.put_up(&shown, board).await;
            }
            return;
        };
        let closed = shown.kept.closed().is_some();
        match board.edit(place, &View::Runbook(RunbookView::Board(Arc::clone(&shown)))).await {
            Ok(()) => {}
            Err(error) if error.permanent && !closed => {
                tracing::warn!(%error, id, "the message of a runbook is gone; there is another");
                self.put_up(&shown, board).await;
            }
            Err(error) => tracing::warn!(%error, id, "a runbook does not show what happened last"),
        }
    }

    /// Posts the message of an open runbook anew: into its thread, where it has one, or else where it was opened.
    async fn put_up(&self, shown: &Arc<RunbookBoard>, board: &impl Board) {
        let (id, kept) = (shown.kept.id, &shown.kept);
        let view = View::Runbook(RunbookView::Board(Arc::clone(shown)));
        let nonce = format!("book-{id}-up-{}", kept.happened.len());
        let posted = match self.post_in(shown, &view, &nonce, board).await {
            Ok(place) => place,
            Err(error) => return tracing::error!(%error, id, "a runbook cannot be shown"),
        };
        // Where there is a thread it stands in that; where there was none, one hangs on it.
        if posted.channel == kept.channel {
            self.begin_thread(id, &shown.runbook, posted, board).await;
        } else if let Err(error) = self.0.store.runbook_shown_in(id, posted, Some(posted.channel)).await {
            tracing::error!(%error, id, "where a runbook is shown could not be kept");
        }
    }

    /// Opens the thread of a runbook at its message, and keeps where both are.
    pub(super) async fn begin_thread(&self, id: i64, runbook: &Runbook, place: MessagePlace, board: &impl Board) {
        let title = runbook.title.get(self.0.config.language);
        let thread = match board.thread(place, &format!("#{id} {title}")).await {
            Ok(thread) => Some(thread),
            // It is led in the channel then.
            Err(error) => {
                tracing::error!(%error, id, "a runbook has no thread");
                None
            }
        };
        if let Err(error) = self.0.store.runbook_shown_in(id, place, thread).await {
            tracing::error!(%error, id, "where a runbook is shown could not be kept");
        }
    }

    /// Posts into the thread of a runbook. Where that is gone, into the channel that it was opened in.
    pub(super) async fn post_in(
        &self,
        shown: &RunbookBoard,
        view: &View,
        nonce: &str,
        board: &impl Board,
    ) -> Result<MessagePlace, ChatError> {
        let kept = &shown.kept;
        if let Some(thread) = kept.thread {
            match board.post(thread, view, &Ping::default(), nonce).await {
                Err(error) if error.permanent => {
                    tracing::warn!(%error, id = kept.id, "the thread of a runbook is gone");
                }
                posted => return posted,
            }
        }
        board.post(kept.channel, view, &Ping::default(), nonce).await
    }

    /// Where requests of the open runbook `id` are to stand: in its thread, or in another where that is gone.
    pub(in crate::service) async fn thread_of(&self, id: i64, board: &impl Board) -> Option<Room> {
        let shown = self.runbook_board(id).await?;
        let thread =
            |kept: &KeptRunbook| kept.thread.map(|thread| Room { channel: thread, parent: Some(kept.channel) });
        if let Some(room) = thread(&shown.kept) {
            let read = board.recent(room.channel, self.0.clock.now()).await;
            if read.as_ref().err().is_none_or(|error| !error.permanent) {
                return Some(room);
            }
        }
        match shown.kept.place.filter(|place| place.channel == shown.kept.channel) {
            Some(place) => self.begin_thread(id, &shown.runbook, place, board).await,
            None => self.put_up(&shown, board).await,
        }
        let kept = self.0.store.runbook(id).await.ok().flatten()?;
        thread(&kept)
    }
}
