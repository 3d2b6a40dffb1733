//! Asking: what is to be done, on which host, why. What goes wrong before a request is made is said to the requester alone.

use std::sync::Arc;

use super::super::{Board, Chat, ChatError, Form, Refusal, Right, Room, Service, View};
use super::chosen::{left_open, plausible};
use super::hands::Cannot;
use super::{Draft, GateForm, GateView};
use crate::document::did_you_mean;
use crate::domain::action::{Action, Given, Proof};
use crate::domain::approval::{RequestId, State};
use crate::domain::audit::{Actor, Deed, Entry};
use crate::domain::message::{Explain, Message};
use crate::host::Host;

/// The longest reason that is kept; the form takes no longer one.
pub const LONGEST_REASON: u16 = 400;

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
    /// The check whose remedy it is.
    remedy_of: Option<Proof>,
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
        self.ask_act(action, host, given, None, chat).await
    }

    /// The same for the remedy of a check.
    pub(super) async fn ask_act(
        &self,
        action: &str,
        host: Option<&str>,
        given: Given,
        remedy_of: Option<Proof>,
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
        self.ask_why(Asking { action, host, given, alone: false, room, step: None, remedy_of }, chat).await
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
                self.ask_why(Asking { action, host, given, alone: false, room, step, remedy_of: None }, chat).await
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
        let remedy_of = kept.asked.remedy_of.clone();
        self.ask_why(Asking { action, host, given, alone: true, room, step: None, remedy_of }, chat).await
    }

    async fn ask_why(&self, asking: Asking<'_>, chat: &impl Chat) -> Result<(), ChatError> {
        let Asking { action, host, given, alone, room, step, remedy_of } = asking;
        let person = chat.person();
        if let Err(refusal) = self.may_ask(action, alone, room, chat).await {
            return chat.whisper(&View::Told(refusal.message(), refusal.hint())).await;
        }
        // A slash command has chosen everything; a runbook or a remedy may have left something to whoever is there.
        let open: Vec<_> = match (&step, &remedy_of) {
            (None, None) => Vec::new(),
            _ => left_open(action, &given).cloned().collect(),
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
            remedy_of,
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
