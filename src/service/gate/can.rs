//! `/can`: whether somebody could ask for an action here, and who would have to agree. `/why`: what a request still waits for.

use super::super::{Board, Chat, ChatError, Refusal, Right, Room, Service, View};
use super::GateView;
use super::hands::Cannot;
use crate::domain::action::{Action, Risk};
use crate::domain::approval::{KeptRequest, Needed, RequestId, State};
use crate::domain::message::{Explain, Message};

impl Service {
    /// Answers `/can`: the roles of `person` are fetched anew.
    ///
    /// # Errors
    /// [`ChatError`] when the answer did not get through.
    pub async fn answer_can(
        &self,
        person: u64,
        action: &str,
        chat: &impl Chat,
        board: &impl Board,
    ) -> Result<(), ChatError> {
        let view = match self.can(person, action, chat.person().room(), board).await {
            Ok(view) => view,
            Err((message, hint)) => View::Told(message, hint),
        };
        chat.whisper(&view).await
    }

    async fn can(&self, person: u64, action: &str, room: Room, board: &impl Board) -> Result<View, Cannot> {
        let action = self.action(action.trim_start_matches('/'))?;
        let member = board.member(person).await.map_err(|error| {
            tracing::warn!(%error, person, "somebody's roles could not be looked up");
            (Message::new("gate-waits-people"), None)
        })?;
        let title = Message::new("can-title")
            .with("who", format!("<@{person}>"))
            .with("command", self.commands().called(&action.id));
        let mut lines = Vec::new();
        match member {
            None => lines.push(Message::new("can-gone")),
            Some(member) => {
                for right in [Right::Ask, Right::Approve, Right::GoAlone] {
                    if right == Right::GoAlone && action.risk == Risk::Low {
                        continue;
                    }
                    lines.push(self.right_line(right, action, &member.roles));
                }
            }
        }
        lines.push(match self.may_act_in(room, action) {
            Ok(()) => Message::new("can-channel"),
            Err(refusal) => Message::new("can-no").with("what", refusal.message()).with("hint", hint(&refusal)),
        });
        lines.push(whose_word(self.config().gate.policy.needed(action.risk, false)));
        Ok(View::Gate(GateView::Told { title, lines }))
    }

    fn right_line(&self, right: Right, action: &Action, roles: &[u64]) -> Message {
        match self.may_act(right, action, roles) {
            Ok(()) => Message::new("can-yes").with("right", right.name()),
            Err(refusal) => Message::new("can-not").with("right", right.name()).with("hint", hint(&refusal)),
        }
    }

    /// Answers `/why`: what a request waits for, or why it came to its end.
    ///
    /// # Errors
    /// [`ChatError`] when the answer did not get through.
    pub async fn answer_why(&self, id: RequestId, chat: &impl Chat) -> Result<(), ChatError> {
        let view = match self.0.store.request(id).await {
            Ok(Some(kept)) => self.why(&kept, chat),
            Ok(None) => View::Told(Message::new("gate-no-request").with("id", id.to_string()), None),
            Err(error) => View::Told(error.message(), error.hint()),
        };
        chat.whisper(&view).await
    }

    fn why(&self, kept: &KeptRequest, chat: &impl Chat) -> View {
        let state = kept.request.state();
        let title = Message::new("why-title")
            .with("id", kept.id.to_string())
            .with("title", kept.asked.title.clone())
            .with("state", state.name());
        let mut lines = vec![
            Message::new("why-asked")
                .with("who", format!("<@{}>", kept.asked.terms.requester))
                .with("reason", kept.asked.reason.as_str()),
        ];
        match state {
            State::Requested => {
                let needed = kept.asked.terms.needed;
                lines.push(whose_word(needed));
                if let Needed::Approvals(count) = needed {
                    let have = kept.request.approvals().len();
                    let missing =
                        Message::new("why-missing").with("have", have.to_string()).with("needed", count.to_string());
                    lines.push(missing);
                }
                lines.push(self.why_not_you(kept, chat));
                let until = format!("<t:{}:R>", kept.asked.terms.expires_at.timestamp());
                lines.push(Message::new("why-until").with("time", until));
            }
            State::Approved => lines.push(Message::new("why-approved")),
            _ => lines.push(super::decide::dead(state)),
        }
        lines.extend(kept.why.clone());
        lines.extend(kept.outcome.iter().flat_map(|outcome| outcome.says.iter().cloned()));
        View::Gate(GateView::Told { title, lines })
    }

    /// What stands between who asks and the button.
    fn why_not_you(&self, kept: &KeptRequest, chat: &impl Chat) -> Message {
        let person = chat.person();
        let Ok(action) = self.action(&kept.asked.action) else {
            return Message::new("gate-no-action").with("name", kept.asked.action.as_str());
        };
        if kept.asked.terms.needed.approvals() == 0 {
            let mine = person.id == kept.asked.terms.requester;
            return Message::new(if mine { "why-you-confirm" } else { "gate-not-requester" });
        }
        if person.id == kept.asked.terms.requester {
            return Message::new("gate-own-request");
        }
        if kept.request.approvals().contains(&person.id) {
            return Message::new("gate-said-already");
        }
        let may = self.may_act(Right::Approve, action, &person.roles);
        let room = Room { channel: kept.asked.channel, parent: kept.asked.parent };
        match may.and_then(|()| self.may_act_in(room, action)) {
            Ok(()) => Message::new("why-you-can"),
            Err(refusal) => Message::new("can-no").with("what", refusal.message()).with("hint", hint(&refusal)),
        }
    }
}

fn whose_word(needed: Needed) -> Message {
    match needed {
        Needed::Confirmation => Message::new("needs-confirmation"),
        Needed::Approvals(count) => Message::new("needs-approvals").with("count", count.to_string()),
        Needed::BreakGlass { from } => Message::new("needs-alone").with("time", format!("<t:{}:R>", from.timestamp())),
    }
}

/// The hint of a refusal, which always has one.
fn hint(refusal: &Refusal) -> Message {
    refusal.hint().unwrap_or_else(|| refusal.message())
}
