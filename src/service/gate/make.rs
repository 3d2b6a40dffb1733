//! Making a request: the host is looked at, the record kept, and the card posted for all to see.

use std::sync::Arc;
use std::time::Duration;

use super::super::{Board, Chat, Ping, Service, View};
use super::ask::{LONGEST_REASON, Reason};
use super::hands::{Cannot, cannot};
use super::{Draft, GateView};
use crate::domain::action::Action;
use crate::domain::approval::{Binding, Event, KeptRequest, Needed, NewRequest, Policy, RequestId, Terms};
use crate::domain::audit::{Actor, Deed, Entry};
use crate::domain::message::Message;
use crate::domain::run::MessagePlace;
use crate::host::Host;

/// How long who goes ahead alone has for it once the waiting time is over, at least.
const AFTER_WAITING: Duration = Duration::from_secs(10 * 60);

impl Service {
    /// Makes the request of `draft`, as things are on the host now, and posts its card.
    pub(super) async fn make(
        &self,
        action: &Action,
        host: &Host,
        draft: &Draft,
        reason: &Reason,
        chat: &impl Chat,
        board: &Arc<impl Board>,
    ) -> Result<View, Cannot> {
        let person = chat.person();
        let waiting = self.0.store.waiting_requests().await.map_err(|error| cannot(&error))?;
        let same = waiting.into_iter().find(|other| is_same(other, draft));
        // Somebody else's request is not taken over: they may be about to get their approvals.
        if let Some(other) = same.as_ref().filter(|other| other.asked.terms.requester != person.id) {
            return Ok(View::Gate(GateView::Waiting { id: other.id, place: other.place }));
        }
        let looks = self.before(host, action.proves.as_ref(), draft.remedy_of.as_ref());
        let (ahead, before) = tokio::join!(self.look_ahead(host, action, &draft.given), looks);
        let (arguments, outlook) = ahead?;
        let gate = &self.config().gate;
        let now = self.0.clock.now();
        let (runbook, room) = self.runbook_of(draft.step.as_ref(), draft.room, &draft.host, &**board).await?;
        let needed = match &gate.break_glass {
            Some(alone) if draft.alone => Policy::break_glass(now, alone.wait),
            _ => gate.policy.needed(action.risk, runbook.is_some()),
        };
        // Who waits first must still have time to go ahead.
        let life = match needed {
            Needed::BreakGlass { from } => {
                action.expires.max((from - now).to_std().unwrap_or_default() + AFTER_WAITING)
            }
            Needed::Confirmation | Needed::Approvals(_) => action.expires,
        };
        let binding = Binding::of(&host.config().name, action, arguments, outlook.identity.clone());
        let asked = NewRequest {
            action: action.id.clone(),
            title: action.title.clone(),
            risk: action.risk,
            host: host.config().name.clone(),
            host_title: host.config().title.clone(),
            arguments: draft.given.clone(),
            interrupts: action.interrupts.clone(),
            outlook,
            before,
            remedy_of: draft.remedy_of.clone(),
            version: binding.version,
            terms: Terms {
                requester: person.id,
                needed,
                asked_at: now,
                expires_at: now + life,
                binding: binding.digest(needed),
            },
            runbook,
            requester_name: person.name.clone(),
            reason: self.0.masker.mask(reason.why.trim()).chars().take(LONGEST_REASON.into()).collect(),
            channel: room.channel,
            parent: room.parent,
        };
        let id = self.0.store.make_request(&asked, |id| made(&asked, id)).await.map_err(|error| cannot(&error))?;
        tracing::info!(%id, action = action.id, host = asked.host, by = person.id, "an act is asked for");
        if let Some(runbook) = runbook {
            let step = draft.step.as_ref().map(|(_, step)| step.as_str());
            self.asked_in(runbook, step, &asked, id, person).await;
        }
        if let Some(older) = same {
            let why = Message::new("gate-superseded-by").with("id", id.to_string());
            self.end_waiting(older, Event::Supersede { by: id }, Some(why), &**board).await;
        }
        self.0.gate.changed.notify_one();
        let place = self.post_request(id, &**board).await?;
        if let Some(runbook) = runbook {
            self.show_board(runbook, &**board).await;
        }
        Ok(View::Gate(GateView::Made { id, place }))
    }

    /// Posts the card of a request that was just made.
    async fn post_request(&self, id: RequestId, board: &impl Board) -> Result<MessagePlace, Cannot> {
        let read = async || {
            let kept = self.0.store.request(id).await.map_err(|error| cannot(&error))?;
            kept.ok_or_else(|| (Message::new("gate-no-request").with("id", id.to_string()), None))
        };
        let kept = read().await?;
        let place = {
            // Whoever looks for requests that are shown nowhere must not post this one a second time.
            let _alone = self.0.gate.telling(id).await;
            self.post_card(&kept, board).await?
        };
        // Somebody may have decided before the record knew where it is shown.
        if read().await?.request != kept.request {
            self.tell_request(id, board).await;
        }
        Ok(place)
    }

    /// Posts the card of a request, for those to hear who should decide on it, and keeps where it is. Whoever calls holds
    /// the request's place in [`Gate::telling`](super::Gate::telling).
    pub(super) async fn post_card(&self, kept: &KeptRequest, board: &impl Board) -> Result<MessagePlace, Cannot> {
        let id = kept.id;
        let approve = self.action(&kept.asked.action).map(|action| self.role_ids(&action.approve)).unwrap_or_default();
        let roles = match kept.asked.terms.needed {
            Needed::Confirmation => Vec::new(),
            Needed::Approvals(_) | Needed::BreakGlass { .. } => approve,
        };
        let (view, ping) = (self.view(kept.clone(), None, None), Ping { roles, ..Ping::default() });
        let posted = board.post(kept.asked.channel, &view, &ping, &format!("gate-{}", id.0)).await;
        let place = posted.map_err(|error| {
            tracing::error!(%error, %id, "a request could not be posted");
            (Message::new("gate-not-posted").with("id", id.to_string()), None)
        })?;
        let stored = async {
            self.0.store.request_shown_in(id, place).await?;
            self.0.store.request_told(id, &kept.request).await
        };
        stored.await.map_err(|error| cannot(&error))?;
        Ok(place)
    }
}

/// Whether a request that waits is for the same.
fn is_same(other: &KeptRequest, draft: &Draft) -> bool {
    other.asked.is_for(&draft.action, &draft.host, &draft.given)
}

/// The audit row of a request.
fn made(asked: &NewRequest, id: RequestId) -> Entry {
    let chosen: Vec<_> = asked.arguments.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let needed = match asked.terms.needed {
        Needed::Confirmation => "confirmation".to_owned(),
        Needed::Approvals(count) => format!("approvals:{count}"),
        Needed::BreakGlass { .. } => "break-glass".to_owned(),
    };
    Entry::new(asked.terms.asked_at, Actor::Discord(asked.terms.requester), Deed::Request, format!("request:{}", id.0))
        .with("action", asked.action.as_str())
        .with("host", asked.host.as_str())
        .with("arguments", chosen.join(" "))
        .with("reason", asked.reason.as_str())
        .with("name", asked.requester_name.as_str())
        .with("needed", needed)
        .with("version", asked.version.to_string())
        .with("binding", asked.terms.binding.to_string())
}
