//! The gateway's sessions as the world sees them: who is connected, what was sent, what is still owed.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use tokio::sync::mpsc::UnboundedSender;

/// Events kept for a RESUME.
const KEPT_EVENTS: usize = 1000;

/// Which intent an event needs, by Discord's bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Intent {
    Always,
    Guilds,
    Members,
    Messages,
    Reactions,
    Typing,
}

impl Intent {
    fn bit(self) -> u64 {
        match self {
            Self::Always => 0,
            Self::Guilds => 1,
            Self::Members => 1 << 1,
            Self::Messages => 1 << 9,
            Self::Reactions => 1 << 10,
            Self::Typing => 1 << 11,
        }
    }
}

/// The intent without which texts of other people come empty.
const MESSAGE_CONTENT: u64 = 1 << 15;

/// What the world asks of a socket.
#[derive(Clone, Debug)]
pub(crate) enum ToSocket {
    /// A dispatch, to be sent after the given delay.
    Event(String, Duration),
    /// A frame that is never delayed.
    Frame(String),
    /// Close with a code, or without a word.
    Close(Option<u16>),
}

/// One session. It outlives its connection, so that it can be resumed.
#[derive(Debug)]
struct Session {
    intents: u64,
    sequence: u64,
    sent: VecDeque<(u64, String)>,
    socket: Option<(u64, UnboundedSender<ToSocket>)>,
}

/// All sessions, and the faults that are set on the gateway.
#[derive(Debug, Default)]
pub(crate) struct Hub {
    sessions: HashMap<String, Session>,
    made: u64,
    pub(crate) bot: Option<crate::id::Id>,
    pub(crate) identified: Vec<DateTime<Utc>>,
    pub(crate) resumed: Vec<DateTime<Utc>>,
    pub(crate) delay: Duration,
    pub(crate) refuse_resumes: u32,
    pub(crate) silent_heart: bool,
}

impl Hub {
    /// Opens a session on a socket and gives its name.
    pub(crate) fn open(
        &mut self,
        intents: u64,
        socket: (u64, UnboundedSender<ToSocket>),
        now: DateTime<Utc>,
    ) -> String {
        self.made += 1;
        let name = format!("practice-session-{}", self.made);
        let session = Session { intents, sequence: 0, sent: VecDeque::new(), socket: Some(socket) };
        self.sessions.insert(name.clone(), session);
        self.identified.push(now);
        name
    }

    /// Takes a session up again: the missed events go out first. `Err` tells why not.
    pub(crate) fn resume(
        &mut self,
        name: &str,
        after: u64,
        socket: (u64, UnboundedSender<ToSocket>),
        now: DateTime<Utc>,
    ) -> Result<(), NoResume> {
        if self.refuse_resumes > 0 {
            self.refuse_resumes -= 1;
            self.sessions.remove(name);
            return Err(NoResume::Refused);
        }
        let session = self.sessions.get_mut(name).ok_or(NoResume::Refused)?;
        if after > session.sequence {
            return Err(NoResume::BadSequence);
        }
        for (_, frame) in session.sent.iter().filter(|(number, _)| *number > after) {
            let _ = socket.1.send(ToSocket::Frame(frame.clone()));
        }
        session.socket = Some(socket);
        self.resumed.push(now);
        self.send_to(name, "RESUMED", &json!({"_trace": []}));
        Ok(())
    }

    /// The connection of a session ended; the session waits for a RESUME.
    pub(crate) fn detach(&mut self, name: &str, socket_number: u64) {
        if let Some(session) = self.sessions.get_mut(name)
            && session.socket.as_ref().is_some_and(|(number, _)| *number == socket_number)
        {
            session.socket = None;
        }
    }

    /// Forgets every session, as a restarted gateway does.
    pub(crate) fn forget_sessions(&mut self) {
        self.sessions.clear();
    }

    /// An event to every session that asked for its kind.
    pub(crate) fn dispatch(&mut self, event: &str, intent: Intent, payload: &Value) {
        let bit = intent.bit();
        let wanted = |session: &Session| session.intents & bit == bit;
        let names: Vec<String> =
            self.sessions.iter().filter(|(_, session)| wanted(session)).map(|(name, _)| name.clone()).collect();
        for name in names {
            let blind = self.sessions.get(&name).is_some_and(|session| session.intents & MESSAGE_CONTENT == 0);
            if intent == Intent::Messages && blind {
                self.send_to(&name, event, &self.without_content(payload));
            } else {
                self.send_to(&name, event, payload);
            }
        }
    }

    /// An event to one session.
    pub(crate) fn send_to(&mut self, name: &str, event: &str, payload: &Value) {
        let delay = self.delay;
        let Some(session) = self.sessions.get_mut(name) else { return };
        session.sequence += 1;
        let frame = json!({"op": 0, "t": event, "s": session.sequence, "d": payload}).to_string();
        if let Some((_, socket)) = &session.socket {
            let _ = socket.send(ToSocket::Event(frame.clone(), delay));
        }
        session.sent.push_back((session.sequence, frame));
        if session.sent.len() > KEPT_EVENTS {
            session.sent.pop_front();
        }
    }

    /// Something for every connection.
    pub(crate) fn to_all_sockets(&self, word: &ToSocket) {
        for (_, socket) in self.sessions.values().filter_map(|session| session.socket.as_ref()) {
            let _ = socket.send(word.clone());
        }
    }

    pub(crate) fn connected(&self) -> usize {
        self.sessions.values().filter(|session| session.socket.as_ref().is_some_and(|(_, s)| !s.is_closed())).count()
    }

    /// Without the privileged intent a bot reads only its own words and those that mention it.
    fn without_content(&self, payload: &Value) -> Value {
        let bot = self.bot.map(|id| id.to_string()).unwrap_or_default();
        let own = payload["author"]["id"] == bot.as_str();
        let named =
            payload["mentions"].as_array().is_some_and(|list| list.iter().any(|user| user["id"] == bot.as_str()));
        let mut seen = payload.clone();
        if !own && !named && seen.get("content").is_some() {
            seen["content"] = json!("");
            for list in ["embeds", "attachments", "components"] {
                seen[list] = json!([]);
            }
        }
        seen
    }
}

/// Why a session cannot be resumed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoResume {
    /// Unknown or refused: INVALID_SESSION, the client must identify anew.
    Refused,
    /// The client claims to have seen what was never sent: close code 4007.
    BadSequence,
}
