//! Asking: what is to be done, on which host, why. The card is posted for all to see; what goes wrong before is said to the
//! requester alone.

use std::sync::Arc;
use std::time::Duration;

use super::super::{Board, Chat, ChatError, Form, Ping, Refusal, Right, Room, Service, View};
use super::chosen::{left_open, plausible};
use super::hands::Cannot;
use super::{Draft, GateForm, GateView};
use crate::document::did_you_mean;
use crate::domain::action::{Action, Given};
use crate::domain::approval::{Binding, Event, KeptRequest, Needed, NewRequest, Policy, RequestId, State, Terms};
use crate::domain::audit::{Actor, Deed, Entry};
use crate::domain::message::{Explain, Message};
use crate::domain::run::MessagePlace;
use crate::host::Host;

/// The longest reason that is kept; the form takes no longer one.
pub const LONGEST_REASON: u16 = 400;

/// How long who goes ahead alone has for it once the waiting time is over, at least.
const AFTER_WAITING: Duration = Duration::from_secs(10 * 60);

/// What somebody filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reason {
    /// Why.
    pub why: String,
    /// The target, where it had to be typed in.
    pub target: Option<String>,
    /// What was chosen in the form.
    pub chosen: Given,
}

/// What somebody is about to be asked the reason of.
struct Asking<'a> {
    action: &'a Action,
    host: &'a Host,
    given: Given,
    /// They go ahead alone.
    alone: bool,
    /// Where the request is to stand.
    room: Room,
    /// The open runbook and the step of it that asks.
    step: Option<(i64, String)>,
}

impl Service {
    /// The action `name`.
    pub(super) fn action(&self, name: &str) -> Result<&Action, Cannot> {
        let actions = &self.commands().actions;
        actions.get(name).ok_or_else(|| {
            let hint = did_you_mean(name, actions.keys().map(String::as_str));
            (Message::new("gate-no-action").with("name", name), hint)
        })
    }

    /// Answers the slash command of an action: asks why.
    ///
    /// # Errors
    /// [`ChatError`] when the answer did not get through.
    pub async fn answer_act(
        &self,
        action: &str,
        host: Option<&str>,
        given: Given,
        chat: &impl Chat,
    ) -> Result<(), ChatError> {
        let asked = self.action(action).and_then(|action| {
            let host = self.host_to_act(host).map_err(|unknown| (unknown.message(), unknown.hint()))?;
            Ok((action, host))
        });
        let (action, host) = match asked {
            Ok(asked) => asked,
            Err((message, hint)) => return chat.whisper(&View::Told(message, hint)).await,
        };
        let room = chat.person().room();
        self.ask_why(Asking { action, host, given, alone: false, room, step: None }, chat).await
    }

    /// Answers the step `step` of the open runbook `runbook`, which asks for an action: asks why, and what the runbook has
    /// not chosen. The request will stand in `room`.
    ///
    /// # Errors
    /// [`ChatError`] when the answer did not get through.
    pub(in crate::service) async fn ask_in_runbook(
        &self,
        (action, given): (&str, Given),
        host: &str,
        (runbook, step): (i64, &str),
        room: Room,
        chat: &impl Chat,
    ) -> Result<(), ChatError> {
        let asked = self.action(action).and_then(|action| {
            let host = self.host(Some(host)).map_err(|unknown| (unknown.message(), unknown.hint()))?;
            Ok((action, host))
        });
        match asked {
            Ok((action, host)) => {
                let step = Some((runbook, step.to_owned()));
                self.ask_why(Asking { action, host, given, alone: false, room, step }, chat).await
            }
            Err((message, hint)) => chat.whisper(&View::Told(message, hint)).await,
        }
    }

    /// Answers "alone": asks why the requester of `id` goes ahead without anybody else.
    ///
    /// # Errors
    /// [`ChatError`] when the answer did not get through.
    pub async fn answer_alone(&self, id: RequestId, chat: &impl Chat) -> Result<(), ChatError> {
        let kept = match self.pressed_request(id, chat).await {
            Ok(kept) => kept,
            Err((message, hint)) => return chat.whisper(&View::Told(message, hint)).await,
        };
        let asked = self.action(&kept.asked.action).and_then(|action| {
            let host = self.host(Some(&kept.asked.host)).map_err(|unknown| (unknown.message(), unknown.hint()))?;
            Ok((action, host))
        });
        let (action, host) = match asked {
            Ok(asked) => asked,
            Err((message, hint)) => return chat.whisper(&View::Told(message, hint)).await,
        };
        let state = kept.request.state();
        if chat.person().id != kept.asked.terms.requester {
            self.refused(chat, "not-requester", Right::GoAlone, &kept.asked.action, Some(id)).await;
            return chat.whisper(&View::Told(Message::new("gate-not-requester"), None)).await;
        }
        if state != State::Requested {
            return chat.whisper(&View::Told(super::decide::dead(state), None)).await;
        }
        let (given, room) = (kept.asked.arguments.clone(), chat.person().room());
        self.ask_why(Asking { action, host, given, alone: true, room, step: None }, chat).await
    }

    async fn ask_why(&self, asking: Asking<'_>, chat: &impl Chat) -> Result<(), ChatError> {
        let Asking { action, host, given, alone, room, step } = asking;
        let person = chat.person();
        if let Err(refusal) = self.may_ask(action, alone, room, chat).await {
            return chat.whisper(&View::Told(refusal.message(), refusal.hint())).await;
        }
        // A slash command has chosen everything; a runbook may have left something to whoever is there.
        let open: Vec<_> = match step {
            Some(_) => left_open(action, &given).cloned().collect(),
            None => Vec::new(),
        };
        let chosen = action.parameters.iter().filter(|parameter| !open.contains(parameter));
        if let Err(error) = plausible(chosen, &given) {
            self.refused(chat, "argument", Right::Ask, &action.id, None).await;
            return chat.whisper(&View::Told(error.message(), error.hint())).await;
        }
        let target = self.to_type(action, &given, &host.config().name).map(str::to_owned);
        let draft = self.0.gate.put(Draft {
            person: person.id,
            opened_in: person.channel,
            room,
            step,
            action: action.id.clone(),
            host: host.config().name.clone(),
            given,
            alone,
        });
        let form = GateForm::Reason { draft, title: action.title.clone(), open, target, alone };
        chat.ask(&Form::Gate(form)).await
    }

    /// Whether who speaks may ask for `action` in `room`; a refusal is written down.
    async fn may_ask(&self, action: &Action, alone: bool, room: Room, chat: &impl Chat) -> Result<(), Refusal> {
        let person = chat.person();
        let right = if alone { Right::GoAlone } else { Right::Ask };
        let asked = self.may_act(Right::Ask, action, &person.roles);
        let alone = if alone { self.may_act(Right::GoAlone, action, &person.roles) } else { Ok(()) };
        let may = asked.and(alone).and_then(|()| self.may_act_in(room, action));
        if let Err(refusal) = &may {
            let why = if matches!(refusal, Refusal::Channel { .. }) { "channel" } else { "role" };
            self.refused(chat, why, right, &action.id, None).await;
        }
        may
    }

    /// Answers the form: looks at the host, and makes the request.
    ///
    /// # Errors
    /// [`ChatError`] when not even the first answer got through.
    pub async fn answer_reason(
        &self,
        draft: u64,
        reason: &Reason,
        chat: &impl Chat,
        board: &Arc<impl Board>,
    ) -> Result<(), ChatError> {
        let person = chat.person();
        let taken = self.0.gate.take(draft, person.id).filter(|draft| draft.opened_in == person.channel);
        let Some(mut draft) = taken else {
            return chat.whisper(&View::Told(Message::new("gate-no-draft"), None)).await;
        };
        let found = self.action(&draft.action).and_then(|action| {
            let host = self.host(Some(&draft.host)).map_err(|unknown| (unknown.message(), unknown.hint()))?;
            Ok((action, host))
        });
        let (action, host) = match found {
            Ok(found) => found,
            Err((message, hint)) => return chat.whisper(&View::Told(message, hint)).await,
        };
        // Roles may have been taken away while the form was open.
        if let Err(refusal) = self.may_ask(action, draft.alone, draft.room, chat).await {
            return chat.whisper(&View::Told(refusal.message(), refusal.hint())).await;
        }
        let filled_in = self.filled_in(action, &draft, reason);
        let open: Vec<_> = left_open(action, &draft.given).map(|parameter| parameter.id.clone()).collect();
        let chosen = open.into_iter().filter_map(|id| Some((id.clone(), reason.chosen.get(&id)?.trim().to_owned())));
        draft.given.extend(chosen.collect::<Vec<_>>());
        if let Err(error) = plausible(&action.parameters, &draft.given) {
            self.refused(chat, "argument", Right::Ask, &action.id, None).await;
            return chat.whisper(&View::Told(error.message(), error.hint())).await;
        }
        if let Err((message, hint)) = filled_in {
            return chat.whisper(&View::Told(message, hint)).await;
        }
        let looking = GateView::Looking { title: action.title.clone(), host: host.config().title.clone() };
        chat.whisper(&View::Gate(looking)).await?;
        let view = match self.make(action, host, &draft, reason, chat, board).await {
            Ok(view) => view,
            Err((message, hint)) => View::Told(message, hint),
        };
        if let Err(error) = chat.update(&view).await {
            tracing::warn!(%error, "what became of a request could not be said to who asked");
        }
        Ok(())
    }

    async fn make(
        &self,
        action: &Action,
        host: &Host,
        draft: &Draft,
        reason: &Reason,
        chat: &impl Chat,
        board: &Arc<impl Board>,
    ) -> Result<View, Cannot> {
        let kept = |error: crate::store::StoreError| (error.message(), error.hint());
        let person = chat.person();
        let waiting = self.0.store.waiting_requests().await.map_err(kept)?;
        let same = waiting.into_iter().find(|other| is_same(other, draft));
        // Somebody else's request is not taken over: they may be about to get their approvals.
        if let Some(other) = same.as_ref().filter(|other| other.asked.terms.requester != person.id) {
            return Ok(View::Gate(GateView::Waiting { id: other.id, place: other.place }));
        }
        let looks = async {
            match &action.proves {
                Some(proof) => self.grades(host, proof).await,
                None => std::collections::BTreeMap::new(),
            }
        };
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
        let id = self.0.store.make_request(&asked, |id| made(&asked, id)).await.map_err(kept)?;
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
        let place = self.post_request(id, action, board).await?;
        if let Some(runbook) = runbook {
            self.show_board(runbook, &**board).await;
        }
        Ok(View::Gate(GateView::Made { id, place }))
    }

    /// Posts the card of a request that was just made, for those to hear who should decide on it.
    async fn post_request(
        &self,
        id: RequestId,
        action: &Action,
        board: &Arc<impl Board>,
    ) -> Result<MessagePlace, Cannot> {
        let kept = self.0.store.request(id).await.map_err(|error| (error.message(), error.hint()))?;
        let kept = kept.ok_or_else(|| (Message::new("gate-no-request").with("id", id.to_string()), None))?;
        let ping = match kept.asked.terms.needed {
            Needed::Confirmation => Ping::default(),
            Needed::Approvals(_) | Needed::BreakGlass { .. } => {
                Ping { roles: self.role_ids(&action.approve), ..Ping::default() }
            }
        };
        let shown = kept.request.clone();
        let view = self.view(kept.clone(), None, None);
        let posted = board.post(kept.asked.channel, &view, &ping, &format!("gate-{}", id.0)).await;
        let place = posted.map_err(|error| {
            tracing::error!(%error, %id, "a request could not be posted");
            (Message::new("gate-not-posted").with("id", id.to_string()), None)
        })?;
        let stored = async {
            self.0.store.request_shown_in(id, place).await?;
            self.0.store.request_told(id, &shown).await
        };
        stored.await.map_err(|error| (error.message(), error.hint()))?;
        // Somebody may have decided before the record knew where it is shown.
        let fresh = self.0.store.request(id).await.map_err(|error| (error.message(), error.hint()))?;
        if fresh.is_some_and(|fresh| fresh.request != shown) {
            self.tell_request(id, &**board).await;
        }
        Ok(place)
    }

    /// Writes down that somebody was refused.
    pub(super) async fn refused(
        &self,
        chat: &impl Chat,
        why: &str,
        right: Right,
        action: &str,
        request: Option<RequestId>,
    ) {
        let person = chat.person();
        tracing::info!(person = person.id, action, right = right.name(), why, "refused");
        let subject = request.map_or_else(|| format!("command:{action}"), |id| format!("request:{}", id.0));
        let entry = Entry::new(self.0.clock.now(), Actor::Discord(person.id), Deed::Refusal, subject)
            .with("action", action)
            .with("right", right.name())
            .with("why", why)
            .with("name", person.name.as_str())
            .with("channel", person.channel.to_string());
        self.write_down(&entry).await;
    }
}

/// Whether a request that waits is for the same.
fn is_same(other: &KeptRequest, draft: &Draft) -> bool {
    other.asked.action == draft.action && other.asked.host == draft.host && other.asked.arguments == draft.given
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
