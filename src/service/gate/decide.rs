//! Deciding: a button below a request. Who pressed it is judged anew each time, and nothing the button brings back is
//! trusted but the request's number; that must be the one whose message it stands below.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;

use super::super::{Board, Chat, ChatError, Person, Refusal, Right, Service, View};
use super::hands::Cannot;
use crate::domain::action::Action;
use crate::domain::approval::{Decision, Event, Illegal, KeptRequest, RequestId, State, Word, next};
use crate::domain::audit::{Actor, Deed, Entry};
use crate::domain::message::{Explain, Message};

/// How often a decision is tried again when somebody else was faster: each time there are fewer who could be.
const TRIES: usize = 8;

/// How often the record is read for the place of a message that was posted just now, and the pause between: less in all than
/// Discord waits for an answer.
const PLACE_TRIES: u32 = 16;
const PLACE_PAUSE: Duration = Duration::from_millis(100);

/// What became of something that happened to a request.
pub(super) enum Happened {
    /// The request as it stands now.
    Yes(KeptRequest),
    /// Nothing follows from it.
    No(KeptRequest, Illegal),
    /// The record could not be read or kept.
    Unkept(Cannot),
}

impl Service {
    /// Answers a button that says something to a request.
    ///
    /// # Errors
    /// [`ChatError`] when the answer did not get through.
    pub async fn answer_decision(
        &self,
        id: RequestId,
        word: Word,
        chat: &impl Chat,
        board: &Arc<impl Board>,
    ) -> Result<(), ChatError> {
        let kept = match self.pressed_request(id, chat).await {
            Ok(kept) => kept,
            Err((message, hint)) => return chat.whisper(&View::Told(message, hint)).await,
        };
        if let Err((message, hint)) = self.may_say(&kept, word, chat).await {
            return chat.whisper(&View::Told(message, hint)).await;
        }
        let person = chat.person();
        let by = person.id;
        let event = match word {
            Word::Approve => Event::Approve { by },
            Word::Confirm => Event::Confirm { by },
            Word::Deny => Event::Deny { by },
            Word::Cancel => Event::Cancel { by },
        };
        let said = Decision { word, by, name: person.name.clone(), reason: None, at: self.0.clock.now() };
        match self.happens(kept, event, Some(said), None, Actor::Discord(by)).await {
            Happened::Yes(kept) => {
                let (state, shown) = (kept.request.state(), kept.request.clone());
                // What is on record holds, whether or not Discord lets who pressed see it.
                let answered = chat.replace(&self.view(kept.clone(), None, None)).await;
                if state == State::Approved {
                    self.carry_on(id, board);
                } else if answered.is_ok()
                    && let Err(error) = self.0.store.request_told(id, &shown).await
                {
                    tracing::error!(%error, %id, "that a request was told could not be kept");
                }
                self.0.gate.changed.notify_one();
                self.show_runbook_of(&kept, &**board).await;
                answered
            }
            Happened::No(kept, why) => {
                let right = if matches!(word, Word::Approve | Word::Deny) { Right::Approve } else { Right::Ask };
                if matches!(why, Illegal::OwnRequest | Illegal::NotRequester) {
                    self.refused(chat, reason_name(why), right, &kept.asked.action, Some(id)).await;
                }
                let answered = chat.whisper(&View::Told(why_not(why), hint(why))).await;
                // The message was behind: what it shows is mended. What runs tells of itself.
                if kept.request.state() != State::Running {
                    self.tell_request(id, &**board).await;
                }
                answered
            }
            Happened::Unkept((message, hint)) => chat.whisper(&View::Told(message, hint)).await,
        }
    }

    /// Answers "begin": an approved act that had to wait is tried again. Somebody presses it; it never begins by itself.
    ///
    /// # Errors
    /// [`ChatError`] when the answer did not get through.
    pub async fn answer_begin(
        &self,
        id: RequestId,
        chat: &impl Chat,
        board: &Arc<impl Board>,
    ) -> Result<(), ChatError> {
        let kept = match self.pressed_request(id, chat).await {
            Ok(kept) => kept,
            Err((message, hint)) => return chat.whisper(&View::Told(message, hint)).await,
        };
        // Whoever may ask for it may begin it, and whoever approves.
        let asks = |action| self.could_say(&kept, Word::Cancel, action, chat.person()).1.is_ok();
        let may = match self.action(&kept.asked.action) {
            Ok(action) if asks(action) => Ok(()),
            Ok(_) => self.may_say(&kept, Word::Approve, chat).await,
            Err(gone) => Err(gone),
        };
        if let Err((message, hint)) = may {
            return chat.whisper(&View::Told(message, hint)).await;
        }
        match kept.request.state() {
            State::Approved => {
                chat.replace(&self.view(kept, None, Some(Message::new("gate-checking")))).await?;
                self.carry_on(id, board);
                Ok(())
            }
            state => {
                let answered = chat.whisper(&View::Told(dead(state), None)).await;
                self.tell_request(kept.id, &**board).await;
                answered
            }
        }
    }

    /// The request below whose message a button was pressed.
    pub(super) async fn pressed_request(&self, id: RequestId, chat: &impl Chat) -> Result<KeptRequest, Cannot> {
        let mut read = 0;
        let kept = loop {
            let kept = self.0.store.request(id).await.map_err(|error| (error.message(), error.hint()))?;
            let kept = kept.ok_or_else(|| (Message::new("gate-no-request").with("id", id.to_string()), None))?;
            read += 1;
            // A message can be pressed before Discord has told the bot where it is.
            if kept.place.is_some() || read == PLACE_TRIES {
                break kept;
            }
            sleep(PLACE_PAUSE).await;
        };
        if kept.place.is_some() && kept.place == chat.pressed() {
            return Ok(kept);
        }
        self.refused(chat, "another message", Right::Approve, &kept.asked.action, Some(id)).await;
        Err((Message::new("button-dead"), None))
    }

    /// Whether who speaks may say `word` to a request; a refusal is written down.
    async fn may_say(&self, kept: &KeptRequest, word: Word, chat: &impl Chat) -> Result<(), Cannot> {
        let action = self.action(&kept.asked.action)?;
        let person = chat.person();
        let (right, may) = self.could_say(kept, word, action, person);
        if let Err(refusal) = may {
            // Nobody learns only that a role is missing where it is their own request that stands in the way.
            if right == Right::Approve && person.id == kept.asked.terms.requester {
                self.refused(chat, "own request", right, &action.id, Some(kept.id)).await;
                return Err((why_not(Illegal::OwnRequest), hint(Illegal::OwnRequest)));
            }
            self.refused(chat, "role or channel", right, &action.id, Some(kept.id)).await;
            return Err((refusal.message(), refusal.hint()));
        }
        Ok(())
    }

    /// Whether `person` could say `word` to a request, and which right that takes.
    fn could_say(
        &self,
        kept: &KeptRequest,
        word: Word,
        action: &Action,
        person: &Person,
    ) -> (Right, Result<(), Refusal>) {
        let has = |right| self.may_act(right, action, &person.roles);
        let (right, may) = match word {
            Word::Approve | Word::Deny => (Right::Approve, has(Right::Approve)),
            Word::Confirm if kept.asked.terms.needed.is_alone() => {
                (Right::GoAlone, has(Right::Ask).and_then(|()| has(Right::GoAlone)))
            }
            // Who asked may always take it back, even where the role is gone.
            Word::Cancel if person.id == kept.asked.terms.requester => return (Right::Ask, Ok(())),
            Word::Confirm | Word::Cancel => (Right::Ask, has(Right::Ask)),
        };
        (right, may.and_then(|()| self.may_act_in(person.room(), action)))
    }

    /// Lets `event` happen to a request. Where somebody else changed it meanwhile, it is judged anew.
    pub(super) async fn happens(
        &self,
        mut kept: KeptRequest,
        event: Event,
        said: Option<Decision>,
        why: Option<Message>,
        actor: Actor,
    ) -> Happened {
        let id = kept.id;
        for _ in 0..TRIES {
            let now = self.0.clock.now();
            let after = match next(&kept.request, event, now) {
                Ok(after) => after,
                Err(illegal) => return Happened::No(kept, illegal),
            };
            let mut entry = Entry::new(now, actor.clone(), Deed::Decision, format!("request:{}", id.0))
                .with("event", name(event))
                .with("state", after.state().name())
                .with("action", kept.asked.action.as_str());
            if let Some(said) = &said {
                entry = entry.with("name", said.name.as_str());
            }
            if let Some(why) = &why {
                entry = entry.with("why", why.key.as_ref());
            }
            let change = (&kept.request, &after);
            let changed = self.0.store.change_request(id, change, said.as_ref(), why.as_ref(), &entry).await;
            let fresh = self.0.store.request(id).await;
            match (changed, fresh) {
                (Err(error), _) | (_, Err(error)) => return Happened::Unkept((error.message(), error.hint())),
                (_, Ok(None)) => {
                    let message = Message::new("gate-no-request").with("id", id.to_string());
                    return Happened::Unkept((message, None));
                }
                (Ok(true), Ok(Some(fresh))) => {
                    tracing::info!(%id, event = name(event), state = fresh.request.state().name(), "decided");
                    return Happened::Yes(fresh);
                }
                (Ok(false), Ok(Some(fresh))) => kept = fresh,
            }
        }
        Happened::Unkept((Message::new("gate-crowded"), None))
    }
}

/// An event's name in the audit record.
const fn name(event: Event) -> &'static str {
    match event {
        Event::Approve { .. } => "approve",
        Event::Confirm { .. } => "confirm",
        Event::Deny { .. } => "deny",
        Event::Cancel { .. } => "cancel",
        Event::Expire => "expire",
        Event::Supersede { .. } => "supersede",
        Event::Invalidate => "invalidate",
        Event::Begin => "begin",
        Event::Verify => "verify",
        Event::Fail => "fail",
        Event::Interrupt => "interrupt",
    }
}

const fn reason_name(why: Illegal) -> &'static str {
    match why {
        Illegal::OwnRequest => "own request",
        Illegal::NotRequester => "not the requester",
        _ => "not now",
    }
}

/// Why a button does nothing any more.
pub(super) fn dead(state: State) -> Message {
    Message::new("gate-dead").with("state", state.name())
}

fn why_not(why: Illegal) -> Message {
    match why {
        Illegal::Over(state) => dead(state),
        Illegal::Begun => dead(State::Running),
        Illegal::Agreed => dead(State::Approved),
        Illegal::Late => dead(State::Expired),
        Illegal::OwnRequest => Message::new("gate-own-request"),
        Illegal::NotRequester => Message::new("gate-not-requester"),
        Illegal::Twice => Message::new("gate-said-already"),
        Illegal::NeedsOthers => Message::new("gate-needs-others"),
        Illegal::NeedsNobody => Message::new("gate-needs-nobody"),
        Illegal::TooEarly(from) => Message::new("gate-too-early").with("time", format!("<t:{}:R>", from.timestamp())),
        Illegal::NotBegun | Illegal::NotLate | Illegal::NotAgreed => Message::new("gate-not-now"),
    }
}

fn hint(why: Illegal) -> Option<Message> {
    match why {
        Illegal::OwnRequest => Some(Message::new("gate-own-request-hint")),
        Illegal::Late => Some(Message::new("gate-ask-anew")),
        _ => None,
    }
}
