//! One gateway connection.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket};
use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::{Instant, sleep_until};

use super::hub::{NoResume, ToSocket};
use super::{close, opcode};
use crate::core::Core;
use crate::world::feed::Change;

/// Frames a client may send in a minute.
const MOST_FRAMES: usize = 120;

/// Why a connection ends.
enum End {
    /// The client went, or a test cut the connection.
    Silently,
    /// Closed with a code.
    With(u16),
}

/// A connection and what it is owed.
pub(super) struct Talk {
    core: Arc<Core>,
    socket: WebSocket,
    number: u64,
    sender: UnboundedSender<ToSocket>,
    inbox: UnboundedReceiver<ToSocket>,
    /// Events that a fault holds back.
    delayed: VecDeque<(Instant, String)>,
    session: Option<String>,
    frames: VecDeque<Instant>,
    last_heard: Instant,
}

impl Talk {
    pub(super) fn new(core: Arc<Core>, socket: WebSocket) -> Self {
        static NUMBERS: AtomicU64 = AtomicU64::new(0);
        let (sender, inbox) = unbounded_channel();
        Self {
            core,
            socket,
            number: NUMBERS.fetch_add(1, Ordering::Relaxed),
            sender,
            inbox,
            delayed: VecDeque::new(),
            session: None,
            frames: VecDeque::new(),
            last_heard: Instant::now(),
        }
    }

    pub(super) async fn run(mut self) {
        let hello = json!({"op": opcode::HELLO, "s": null, "t": null,
            "d": {"heartbeat_interval": self.core.heartbeat_ms, "_trace": []}});
        let end = match self.send(hello.to_string()).await {
            Ok(()) => self.converse().await,
            Err(end) => end,
        };
        if let Some(session) = &self.session {
            let (number, session) = (self.number, session.clone());
            self.core.change(|world| {
                world.hub.detach(&session, number);
                world.feed.note(Change::Bot);
            });
        }
        if let End::With(code) = end {
            let frame = CloseFrame { code, reason: reason(code).into() };
            let _ = self.socket.send(Message::Close(Some(frame))).await;
        }
    }

    /// Until something ends it.
    async fn converse(&mut self) -> End {
        loop {
            let due = self.delayed.front().map(|(when, _)| *when);
            // Clients that stop beating are dead; Discord lets go of them a while after the interval.
            let silence = self.last_heard + Duration::from_millis(self.core.heartbeat_ms) * 2;
            let step = tokio::select! {
                word = self.inbox.recv() => self.obey(word).await,
                frame = self.socket.recv() => self.hear(frame).await,
                () = sleep_until(due.unwrap_or_else(Instant::now)), if due.is_some() => self.release().await,
                () = sleep_until(silence) => Err(End::With(close::SESSION_TIMED_OUT)),
            };
            if let Err(end) = step {
                return end;
            }
        }
    }

    async fn obey(&mut self, word: Option<ToSocket>) -> Result<(), End> {
        match word {
            None | Some(ToSocket::Close(None)) => Err(End::Silently),
            Some(ToSocket::Close(Some(code))) => Err(End::With(code)),
            Some(ToSocket::Frame(frame)) => self.send(frame).await,
            Some(ToSocket::Event(frame, delay)) if delay.is_zero() && self.delayed.is_empty() => self.send(frame).await,
            Some(ToSocket::Event(frame, delay)) => {
                self.delayed.push_back((Instant::now() + delay, frame));
                Ok(())
            }
        }
    }

    async fn release(&mut self) -> Result<(), End> {
        match self.delayed.pop_front() {
            Some((_, frame)) => self.send(frame).await,
            None => Ok(()),
        }
    }

    async fn send(&mut self, frame: String) -> Result<(), End> {
        self.socket.send(Message::Text(frame.into())).await.map_err(|_| End::Silently)
    }

    async fn say(&mut self, op: u64, d: Value) -> Result<(), End> {
        self.send(json!({"op": op, "d": d, "s": null, "t": null}).to_string()).await
    }

    async fn hear(&mut self, frame: Option<Result<Message, axum::Error>>) -> Result<(), End> {
        self.last_heard = Instant::now();
        match frame {
            None | Some(Err(_) | Ok(Message::Close(_))) => Err(End::Silently),
            Some(Ok(Message::Text(text))) => self.hear_frame(text.as_str()).await,
            Some(Ok(Message::Binary(bytes))) => self.hear_frame(&String::from_utf8_lossy(&bytes)).await,
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(()),
        }
    }

    async fn hear_frame(&mut self, text: &str) -> Result<(), End> {
        self.count_frame()?;
        let frame: Value = serde_json::from_str(text).map_err(|_| End::With(close::DECODE_ERROR))?;
        match frame["op"].as_u64() {
            Some(opcode::HEARTBEAT) => {
                let silent = self.core.look(|world| world.hub.silent_heart);
                if silent { Ok(()) } else { self.say(opcode::HEARTBEAT_ACK, Value::Null).await }
            }
            Some(opcode::IDENTIFY) => self.identify(&frame["d"]),
            Some(opcode::RESUME) => self.resume(&frame["d"]).await,
            Some(_) if self.session.is_none() => Err(End::With(close::NOT_AUTHENTICATED)),
            Some(opcode::PRESENCE_UPDATE | opcode::VOICE_STATE_UPDATE) => Ok(()),
            Some(opcode::REQUEST_GUILD_MEMBERS) => self.send_members(&frame["d"]),
            _ => Err(End::With(close::UNKNOWN_OPCODE)),
        }
    }

    fn count_frame(&mut self) -> Result<(), End> {
        let now = Instant::now();
        self.frames.retain(|when| now - *when < Duration::from_mins(1));
        self.frames.push_back(now);
        if self.frames.len() > MOST_FRAMES { Err(End::With(close::RATE_LIMITED)) } else { Ok(()) }
    }

    fn check_token(&self, given: &Value) -> Result<(), End> {
        let given = given.as_str().unwrap_or_default().trim_start_matches("Bot ");
        if self.core.look(|world| world.token == given) { Ok(()) } else { Err(End::With(close::AUTHENTICATION_FAILED)) }
    }

    fn identify(&mut self, d: &Value) -> Result<(), End> {
        if self.session.is_some() {
            return Err(End::With(close::ALREADY_AUTHENTICATED));
        }
        self.check_token(&d["token"])?;
        let intents = d["intents"].as_u64().unwrap_or(0);
        let socket = (self.number, self.sender.clone());
        let gateway_url = self.core.gateway_url.clone();
        let session = self.core.change(|world| {
            let now = world.now();
            world.hub.bot = Some(world.bot);
            let session = world.hub.open(intents, socket, now);
            let ready = json!({
                "v": 10,
                "user": world.me_json(),
                "user_settings": {},
                "guilds": [{"id": world.guild.id, "unavailable": true}],
                "session_id": session,
                "session_type": "normal",
                "resume_gateway_url": gateway_url,
                "shard": d.get("shard").cloned().unwrap_or_else(|| json!([0, 1])),
                "application": {"id": world.bot, "flags": 1 << 23},
                "private_channels": [],
                "presences": [],
                "relationships": [],
                "guild_join_requests": [],
                "geo_ordered_rtc_regions": ["south-korea"],
                "_trace": [],
            });
            world.feed.note(Change::Bot);
            let guild = world.guild_create_json();
            world.hub.send_to(&session, "READY", &ready);
            if intents & 1 == 1 {
                world.hub.send_to(&session, "GUILD_CREATE", &guild);
            }
            session
        });
        self.session = Some(session);
        Ok(())
    }

    async fn resume(&mut self, d: &Value) -> Result<(), End> {
        self.check_token(&d["token"])?;
        let name = d["session_id"].as_str().unwrap_or_default().to_owned();
        let after = d["seq"].as_u64().unwrap_or(0);
        let socket = (self.number, self.sender.clone());
        let outcome = self.core.change(|world| {
            let now = world.now();
            world.feed.note(Change::Bot);
            world.hub.resume(&name, after, socket, now)
        });
        match outcome {
            Ok(()) => {
                self.session = Some(name);
                Ok(())
            }
            Err(NoResume::BadSequence) => Err(End::With(close::INVALID_SEQUENCE)),
            Err(NoResume::Refused) => self.say(opcode::INVALID_SESSION, json!(false)).await,
        }
    }

    fn send_members(&self, d: &Value) -> Result<(), End> {
        let Some(session) = self.session.clone() else { return Err(End::With(close::NOT_AUTHENTICATED)) };
        self.core.change(|world| {
            let members: Value = world.members.keys().map(|id| world.member_json(*id)).collect();
            let chunk = json!({"guild_id": world.guild.id, "members": members, "chunk_index": 0, "chunk_count": 1,
                "not_found": [], "nonce": d["nonce"]});
            world.hub.send_to(&session, "GUILD_MEMBERS_CHUNK", &chunk);
        });
        Ok(())
    }
}

fn reason(code: u16) -> &'static str {
    match code {
        close::UNKNOWN_OPCODE => "Unknown opcode.",
        close::DECODE_ERROR => "Error while decoding payload.",
        close::NOT_AUTHENTICATED => "Not authenticated.",
        close::AUTHENTICATION_FAILED => "Authentication failed.",
        close::ALREADY_AUTHENTICATED => "Already authenticated.",
        close::INVALID_SEQUENCE => "Invalid seq.",
        close::RATE_LIMITED => "Rate limited.",
        close::SESSION_TIMED_OUT => "Session timed out.",
        _ => "",
    }
}
