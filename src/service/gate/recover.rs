//! What a bot that died left behind: acts that were begun are looked for on their hosts, and never begun again; requests
//! whose message nobody noted are found in their channel, or posted.

use std::sync::Arc;

use super::super::{Board, Service};
use super::hands::cannot;
use super::{Carrying, GateId, carrying};
use crate::domain::action::{Ended, Outcome};
use crate::domain::approval::{Event, KeptRequest, RequestId, State};
use crate::domain::message::{Explain, Message};

impl Service {
    /// Looks on its host for each act that was begun, has not ended, and that nobody carries: an earlier life of the bot
    /// began it, or its end could not be kept.
    pub(super) async fn find_left<B: Board>(&self, board: &Arc<B>) {
        match self.0.store.running_requests().await {
            Ok(running) => {
                for kept in running.into_iter().filter(|kept| !carrying().contains(&kept.id)) {
                    let (service, board) = (self.clone(), Arc::clone(board));
                    tokio::spawn(async move { service.find(kept, &*board).await });
                }
            }
            Err(error) => tracing::error!(%error, "the acts that run cannot be read"),
        }
    }

    /// Ends each request that waits though the same was asked for again by the same: the bot died in between.
    pub(super) async fn supersede_left(&self, board: &impl Board) {
        let waiting = match self.0.store.waiting_requests().await {
            Ok(waiting) => waiting,
            Err(error) => return tracing::error!(%error, "the requests that wait cannot be read"),
        };
        let again = |older: &KeptRequest, newer: &KeptRequest| {
            let (one, other) = (&older.asked, &newer.asked);
            older.id < newer.id
                && one.is_for(&other.action, &other.host, &other.arguments)
                && one.terms.requester == other.terms.requester
        };
        for older in &waiting {
            if let Some(newer) = waiting.iter().find(|newer| again(older, newer)) {
                let why = Message::new("gate-superseded-by").with("id", newer.id.to_string());
                self.end_waiting(older.clone(), Event::Supersede { by: newer.id }, Some(why), board).await;
            }
        }
    }

    async fn find(&self, kept: KeptRequest, board: &impl Board) {
        let Some(_carrying) = Carrying::of(kept.id) else { return };
        // Whoever carried it may have kept its end since it was read.
        let kept = match self.0.store.request(kept.id).await {
            Ok(Some(kept)) if kept.request.state() == State::Running => kept,
            Ok(_) => return,
            Err(error) => return tracing::error!(%error, id = %kept.id, "an act that runs cannot be read"),
        };
        tracing::warn!(id = %kept.id, action = kept.asked.action, "an act was begun that nobody carries");
        let outcome = match self.host(Some(&kept.asked.host)) {
            Ok(host) => {
                let steps = self.action(&kept.asked.action).map(|action| action.steps.as_slice()).unwrap_or_default();
                self.find_again(host, steps, &kept).await
            }
            // Nobody can look there any more: that is no reason to say that it still runs.
            Err(unknown) => {
                let says = vec![Message::new("act-look-by-hand"), unknown.message()];
                Outcome { ended: Ended::Interrupted, says, output: String::new(), proofs: Vec::new() }
            }
        };
        self.end_act(&kept, &outcome, board).await;
    }

    /// Finds the message of a request of which nobody noted where it is: the bot died between posting it and noting that,
    /// or Discord was gone. One that still waits and is nowhere is posted now; whoever is posting it is left alone.
    pub(super) async fn find_place(&self, id: RequestId, board: &impl Board) {
        let Some(alone) = self.0.gate.telling_now(id) else { return };
        let kept = match self.0.store.request(id).await {
            Ok(Some(kept)) if kept.place.is_none() => kept,
            Ok(_) => return,
            Err(error) => return tracing::error!(%error, %id, "a request cannot be read"),
        };
        let found = match board.recent(kept.asked.channel, kept.asked.terms.asked_at).await {
            Ok(posted) => posted.into_iter().find(|message| GateId::marks(&message.ids, id)),
            Err(error) if error.permanent => None,
            Err(error) => return tracing::warn!(%error, %id, "where a request is shown cannot be found out yet"),
        };
        let placed = match found {
            Some(message) => self.0.store.request_shown_in(id, message.place).await.map_err(|error| cannot(&error)),
            None if kept.request.state().is_waiting() => self.post_card(&kept, board).await.map(drop),
            // Nobody ever saw it, and it is over.
            None => self.0.store.request_told(id, &kept.request).await.map_err(|error| cannot(&error)),
        };
        drop(alone);
        match placed {
            Ok(()) => self.tell_request(id, board).await,
            Err((why, _)) => tracing::error!(%id, why = %why.key, "where a request is shown could not be kept"),
        }
    }
}
