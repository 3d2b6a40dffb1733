//! The message of a request says what the record says: it is edited whenever anything changes, and again until it got
//! through.

use super::super::{Board, Service, View};
use super::GateView;
use crate::domain::action::Progress;
use crate::domain::approval::{KeptRequest, Needed, RequestId, State};
use crate::domain::audit::Entry;
use crate::domain::message::Message;
use crate::render::gate_card::ShownRequest;

impl Service {
    /// A request as a view.
    pub(super) fn view(&self, kept: KeptRequest, progress: Option<Progress>, waits: Option<Message>) -> View {
        let config = self.config();
        let action = self.commands().actions.get(&kept.asked.action);
        let alone = config.gate.break_glass.is_some()
            && kept.request.state() == State::Requested
            && matches!(kept.asked.terms.needed, Needed::Approvals(_));
        View::Gate(GateView::Request(Box::new(ShownRequest {
            progress,
            waits,
            after_failure: action.map(|action| action.after_failure.clone()).unwrap_or_default(),
            alone,
            now: self.0.clock.now(),
            kept,
        })))
    }

    /// Brings the message of a request to what the record says.
    pub(super) async fn tell_request(&self, id: RequestId, board: &impl Board) {
        self.tell_why(id, None, board).await;
    }

    /// The same with why an approved act has not begun. The record is read only when nobody else edits the message.
    pub(super) async fn tell_why(&self, id: RequestId, waits: Option<Message>, board: &impl Board) {
        let _alone = self.0.gate.telling(id).await;
        let kept = match self.0.store.request(id).await {
            Ok(Some(kept)) => kept,
            Ok(None) => return,
            Err(error) => return tracing::error!(%error, %id, "a request cannot be read"),
        };
        let shown = kept.request.clone();
        let Some(place) = kept.place else { return };
        let waits = self.0.gate.why_waits(id, waits, shown.state());
        let told = board.edit(place, &self.view(kept.clone(), None, waits)).await;
        // A message that is gone, or out of reach for good, will never be told: it is not asked again.
        if told.as_ref().err().is_none_or(|error| error.permanent)
            && let Err(error) = self.0.store.request_told(id, &shown).await
        {
            tracing::error!(%error, %id, "that a request was told could not be kept");
        }
        if let Err(error) = told {
            tracing::warn!(%error, %id, "the message of a request could not be changed yet");
        }
        self.show_runbook_of(&kept, board).await;
    }

    /// Tells every request whose message lags behind.
    pub(super) async fn tell_requests(&self, board: &impl Board) {
        let untold = match self.0.store.untold_requests().await {
            Ok(untold) => untold,
            Err(error) => return tracing::error!(%error, "the requests that must be told cannot be read"),
        };
        for kept in untold {
            // What runs in this life of the bot tells of itself.
            let runs = super::carrying().contains(&kept.id);
            match kept.place {
                _ if runs => {}
                Some(_) => self.tell_request(kept.id, board).await,
                None => self.find_place(kept.id, board).await,
            }
        }
    }

    /// Adds to the audit record, where nothing else is changed. What cannot be written down is in the log at least.
    pub(super) async fn write_down(&self, entry: &Entry) {
        if let Err(error) = self.0.store.audit(entry).await {
            tracing::error!(%error, ?entry, "the audit record could not be added to");
        }
    }
}
