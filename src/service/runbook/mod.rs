//! Emergencies: a runbook is opened, led in a thread of its own, and closed with a timeline. Its looks run here; its acts are
//! asked for as everywhere, behind the same gate.
//!
//! A runbook's way: [`open`] -> its [`step`]s -> [`close`]; [`board`] keeps its message at what the record says, also when the
//! bot was away or the message is gone.

mod board;
mod close;
mod host_key;
mod open;
mod step;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use super::show::told;
use super::{Board, Chat, ChatError, Person, Service, View};
use crate::domain::alert::AlertId;
use crate::domain::audit::{Actor, Deed, Entry};
use crate::domain::exercise::{Exercise, ExerciseKind};
use crate::domain::message::{Localised, Message};
use crate::domain::runbook::{Happened, Happening, KeptRunbook, NotNow, Runbook, drill_passed, may_happen};

/// The longest note that is kept, in characters.
const NOTE: usize = 1000;

/// How often something is judged anew when somebody else was faster: each time there are fewer who could be.
const TRIES: usize = 8;

/// What is shown of a runbook.
#[derive(Clone, Debug)]
pub enum RunbookView {
    /// It as it stands: its steps, who leads, what happened to each.
    Board(Arc<RunbookBoard>),
    /// It is open already: where.
    Already(i64, Option<u64>),
    /// A machine shows this host key: is it the one on its console?
    Key {
        /// The open runbook.
        id: i64,
        /// Which happening of it showed the key, from 0.
        shown: usize,
        /// Where it was shown.
        address: String,
        /// Its fingerprint.
        fingerprint: String,
        /// How it is seen on the console.
        how: Localised,
        /// Who said that it is; none: nobody yet.
        approved_by: Option<String>,
    },
    /// It is over: how, and the whole of it as a file.
    Summary {
        /// It as it was closed.
        board: Arc<RunbookBoard>,
        /// How the drill before went, where this is one.
        before: Option<Exercise>,
    },
}

/// What somebody is asked to fill in.
#[derive(Clone, Debug)]
pub enum RunbookForm {
    /// Where the new machine is.
    Address {
        /// The open runbook.
        id: i64,
        /// The step.
        step: String,
        /// The step's title.
        title: Localised,
        /// The address of the host as `bot.toml` has it.
        usual: String,
    },
}

/// A runbook as it stands, with what is needed to show it.
#[derive(Clone, Debug)]
pub struct RunbookBoard {
    /// Its definition.
    pub runbook: Runbook,
    /// What happened.
    pub kept: KeptRunbook,
    /// What its host is called.
    pub host: Localised,
    /// What time it is.
    pub now: chrono::DateTime<chrono::Utc>,
}

/// What somebody wants of a runbook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RunbookAsked {
    /// To open one.
    Open {
        /// Its name.
        runbook: String,
        /// The host; none: the first.
        host: Option<String>,
        /// What they see.
        note: String,
    },
    /// To open the one that an alert offers.
    Offered(AlertId),
    /// To do a step.
    Step {
        /// The open runbook.
        id: i64,
        /// The step.
        step: String,
    },
    /// To see the host key that the machine at an address shows.
    Address {
        /// The open runbook.
        id: i64,
        /// The step.
        step: String,
        /// Where: a name or an address, with a port where it is not 22.
        address: String,
    },
    /// To say that the key which was shown is the machine's.
    Trust {
        /// The open runbook.
        id: i64,
        /// Which happening of it showed the key, from 0.
        shown: usize,
    },
    /// To lead from here on.
    Lead(i64),
    /// To write something down, in its thread.
    Note(String),
    /// To close it.
    Close {
        /// The open runbook.
        id: i64,
        /// Whether what it was for is over.
        solved: bool,
    },
    /// To read how it went, once it is closed.
    Summary(i64),
}

/// What the runbooks remember of this life of the bot.
#[derive(Debug, Default)]
pub(super) struct Books {
    /// Those that are being opened: runbook and host.
    opening: Mutex<BTreeSet<(String, String)>>,
    /// The steps that are being looked at.
    looking: Mutex<BTreeSet<(i64, String)>>,
    /// Held while a message is brought to what the record says: an edit that was made of an older state must not come after
    /// one of a newer.
    telling: tokio::sync::Mutex<()>,
}

/// Something that goes on, for as long as this lives.
struct Busy<'a, T: Ord> {
    all: &'a Mutex<BTreeSet<T>>,
    one: T,
}

impl<'a, T: Ord + Clone> Busy<'a, T> {
    /// None: it goes on already.
    fn with(all: &'a Mutex<BTreeSet<T>>, one: T) -> Option<Self> {
        let begun = all.lock().unwrap_or_else(PoisonError::into_inner).insert(one.clone());
        // Not `then_some`: what that makes and drops would end what goes on already.
        begun.then(|| Self { all, one })
    }
}

impl<T: Ord> Drop for Busy<'_, T> {
    fn drop(&mut self) {
        self.all.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.one);
    }
}

impl Service {
    /// Answers what somebody wants of a runbook.
    ///
    /// # Errors
    /// [`ChatError`] when the answer did not get through.
    pub async fn answer_runbook(
        &self,
        asked: RunbookAsked,
        chat: &impl Chat,
        board: &impl Board,
    ) -> Result<(), ChatError> {
        match asked {
            RunbookAsked::Open { runbook, host, note } => {
                self.open_runbook(&runbook, host.as_deref(), note, chat, board).await
            }
            RunbookAsked::Offered(alert) => self.open_offered(alert, chat, board).await,
            RunbookAsked::Step { id, step } => self.do_step(id, &step, chat, board).await,
            RunbookAsked::Address { id, step, address } => self.see_key(id, &step, &address, chat, board).await,
            RunbookAsked::Trust { id, shown } => self.trust_key(id, shown, chat, board).await,
            RunbookAsked::Lead(id) => self.add(id, Happening::Led, chat, board).await,
            RunbookAsked::Note(note) => self.note_in(&note, chat, board).await,
            RunbookAsked::Close { id, solved } => self.close(id, solved, chat, board).await,
            RunbookAsked::Summary(id) => self.tell_summary(id, chat).await,
        }
    }

    /// The open or closed runbook below which a button was pressed, for who may lead it.
    async fn led(&self, id: i64, chat: &impl Chat) -> Result<Arc<RunbookBoard>, View> {
        let dead = || View::Told(Message::new("button-dead"), None);
        let shown = self.runbook_board(id).await.ok_or_else(dead)?;
        self.may_lead(chat.person(), &shown.runbook).map_err(|refused| View::Told(refused, None))?;
        Ok(shown)
    }

    /// Adds what happened by a press of the board, and shows it in place.
    async fn add(&self, id: i64, what: Happening, chat: &impl Chat, board: &impl Board) -> Result<(), ChatError> {
        if let Err(view) = self.led(id, chat).await {
            return chat.whisper(&view).await;
        }
        if let Err(view) = self.happens_in(id, what, chat.person()).await {
            return chat.whisper(&view).await;
        }
        {
            let _alone = self.0.books.telling.lock().await;
            if let Some(shown) = self.runbook_board(id).await
                && chat.pressed() == shown.kept.place
            {
                return chat.replace(&View::Runbook(RunbookView::Board(shown))).await;
            }
        }
        // Pressed below an older message of it: the one that counts changes.
        chat.whisper(&View::Told(Message::new("runbook-noted"), None)).await?;
        self.show_board(id, board).await;
        Ok(())
    }

    /// Lets `what` happen in the open runbook `id`, by `person`. Where somebody else was faster, it is judged anew. Gives back
    /// which happening it is, from 0.
    async fn happens_in(&self, id: i64, what: Happening, person: &Person) -> Result<usize, View> {
        let dead = || View::Told(Message::new("button-dead"), None);
        for _ in 0..TRIES {
            let shown = self.runbook_board(id).await.ok_or_else(dead)?;
            may_happen(&shown.runbook, &shown.kept, &what, person.id)
                .map_err(|why| View::Told(Message::new(why_not(why)), None))?;
            let happened =
                Happened { what: what.clone(), by: (person.id, person.name.clone()), at: self.0.clock.now() };
            let seen = shown.kept.happened.len();
            let drill = drill(&shown, &happened);
            match self.0.store.happened(id, seen, &happened, drill.as_ref(), &entry(id, &happened)).await {
                Ok(true) => return Ok(seen),
                Ok(false) => {}
                Err(error) => return Err(told(&error)),
            }
        }
        Err(View::Told(Message::new("gate-crowded"), None))
    }

    /// A runbook that was opened, with its definition; none where it cannot be read, or its file is gone.
    async fn runbook_board(&self, id: i64) -> Option<Arc<RunbookBoard>> {
        let kept = self.0.store.runbook(id).await.unwrap_or_else(|error| {
            tracing::error!(%error, id, "a runbook cannot be read");
            None
        })?;
        let runbook = self.0.commands.runbooks.get(&kept.runbook)?.clone();
        let host = self.0.config.hosts.get(&kept.host).map(|host| host.title.clone()).unwrap_or_default();
        Some(Arc::new(RunbookBoard { runbook, kept, host, now: self.0.clock.now() }))
    }
}

/// What is to be recorded of a drill that `last` closes; none where it closes no drill.
fn drill(shown: &RunbookBoard, last: &Happened) -> Option<Exercise> {
    let mut kept = shown.kept.clone();
    kept.happened.push(last.clone());
    let passed = drill_passed(&shown.runbook, &kept)?;
    let (_, ended_at) = kept.closed()?;
    Some(Exercise {
        kind: ExerciseKind::Drill,
        passed,
        ended_at,
        took: kept.took(ended_at),
        told_by: last.by.1.clone(),
    })
}

const fn why_not(why: NotNow) -> &'static str {
    match why {
        NotNow::Closed => "runbook-closed",
        NotNow::NoStep => "button-dead",
        NotNow::Already => "runbook-done-already",
        NotNow::OtherKey => "runbook-other-key",
        NotNow::Unfinished => "runbook-unfinished",
    }
}

/// The audit row of a happening.
fn entry(id: i64, happened: &Happened) -> Entry {
    let entry = Entry::new(happened.at, Actor::Discord(happened.by.0), Deed::Runbook, format!("runbook:{id}"))
        .with("what", happened.what.name())
        .with("name", happened.by.1.as_str());
    match &happened.what {
        Happening::Trusted { address, fingerprint, .. } | Happening::Shown { address, fingerprint, .. } => {
            entry.with("address", address.as_str()).with("fingerprint", fingerprint.as_str())
        }
        Happening::Asked { request, .. } => entry.with("request", request.to_string()),
        Happening::Closed { solved, .. } => entry.with("solved", solved.to_string()),
        _ => entry,
    }
}
