//! Requests that are made in a runbook: one approver is enough there, for as long as it is open. It is bound to the runbook's
//! thread and host, and over when the runbook is closed.

use super::super::{Board, Room, Service};
use super::decide::Happened;
use super::hands::Cannot;
use crate::domain::approval::{Event, KeptRequest, RequestId};
use crate::domain::audit::Actor;
use crate::domain::message::{Explain, Message};
use crate::store::StoreError;

impl Service {
    /// The open runbook that a request is made in, and where it is to stand: by a step of it, whose thread it is; or by a
    /// command that was typed in its thread. What is about another host is not of it.
    pub(super) async fn runbook_of(
        &self,
        step: Option<&(i64, String)>,
        room: Room,
        host: &str,
        board: &impl Board,
    ) -> Result<(Option<i64>, Room), Cannot> {
        let cannot = |error: StoreError| (error.message(), error.hint());
        if let Some((id, _)) = step {
            let kept = self.0.store.runbook(*id).await.map_err(cannot)?;
            if kept.is_none_or(|kept| kept.closed().is_some()) {
                return Err((Message::new("runbook-closed"), None));
            }
            return Ok((Some(*id), self.thread_of(*id, board).await.unwrap_or(room)));
        }
        let Some(id) = self.0.store.runbook_in(room.channel).await.map_err(cannot)? else { return Ok((None, room)) };
        let kept = self.0.store.runbook(id).await.map_err(cannot)?;
        let is_of_it = kept.is_some_and(|kept| kept.thread == Some(room.channel) && kept.host == host);
        Ok((is_of_it.then_some(id), room))
    }

    /// Whether a request was made in a runbook that is closed by now.
    pub(super) async fn is_of_closed_runbook(&self, request: &KeptRequest) -> Result<bool, StoreError> {
        let Some(id) = request.asked.runbook else { return Ok(false) };
        Ok(self.0.store.runbook(id).await?.is_none_or(|kept| kept.closed().is_some()))
    }

    /// Ends, in the record, what was asked for in the runbook `id` and has not begun. Gives back what it ended.
    pub(in crate::service) async fn void_requests_of(&self, id: i64) -> Vec<RequestId> {
        let waiting = match self.0.store.waiting_requests().await {
            Ok(waiting) => waiting,
            Err(error) => {
                // None of it can begin all the same: it is asked once more before an act.
                tracing::error!(%error, id, "the requests of a closed runbook cannot be read");
                return Vec::new();
            }
        };
        let mut void = Vec::new();
        for kept in waiting.into_iter().filter(|kept| kept.asked.runbook == Some(id)) {
            let (request, why) = (kept.id, Some(Message::new("gate-void-runbook")));
            match self.happens(kept, Event::Invalidate, None, why, Actor::Signoff).await {
                Happened::Yes(_) => void.push(request),
                // It began, or came to its end, in that moment.
                Happened::No(..) => {}
                Happened::Unkept((message, _)) => tracing::error!(why = %message.key, "a request could not be ended"),
            }
        }
        void
    }

    /// Shows that these requests are void.
    pub(in crate::service) async fn tell_void(&self, void: &[RequestId], board: &impl Board) {
        for request in void {
            self.tell_request(*request, board).await;
        }
    }
}
