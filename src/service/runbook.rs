//! Emergencies: a runbook is opened, led in a thread of its own, and closed with a timeline. Its looks run here; its acts are
//! asked for as everywhere, behind the same gate.

use std::sync::Arc;

use super::show::told;
use super::{Board, Chat, ChatError, Parts, Person, Ping, Service, View};
use crate::domain::action::Proof;
use crate::domain::approval::RequestId;
use crate::domain::audit::{Actor, Deed, Entry};
use crate::domain::exercise::{Exercise, ExerciseKind};
use crate::domain::grade::Grade;
use crate::domain::message::{Localised, Message};
use crate::domain::runbook::{Does, Happened, Happening, KeptRunbook, NotNow, Runbook, drill_passed, may_happen};
use crate::domain::vital::Vital;
use crate::store::{Opened, StoreError};

/// The longest note that is kept, in characters.
const NOTE: usize = 1000;

/// What is shown of a runbook.
#[derive(Clone, Debug)]
pub enum RunbookView {
    /// It as it stands: its steps, who leads, what happened to each.
    Board(Arc<RunbookBoard>),
    /// It is open already: where.
    Already(i64, Option<u64>),
    /// An act of it is asked for by its own command, behind the gate.
    Ask {
        /// The command line to type.
        command: String,
        /// What it does.
        title: Localised,
    },
    /// It is over: how, and the whole of it as a file.
    Summary {
        /// It as it was closed.
        board: Arc<RunbookBoard>,
        /// How the drill before went, where this is one.
        before: Option<Exercise>,
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
    /// To do a step.
    Step {
        /// The open runbook.
        id: i64,
        /// The step.
        step: String,
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
            RunbookAsked::Open { runbook, host, note } => self.open(&runbook, host.as_deref(), note, chat, board).await,
            RunbookAsked::Step { id, step } => self.do_step(id, &step, chat, board).await,
            RunbookAsked::Lead(id) => self.add(id, Happening::Led, chat, board).await,
            RunbookAsked::Note(note) => {
                let open = self.0.store.runbook_in(chat.person().channel).await;
                match open {
                    Ok(Some(id)) => {
                        let note = self.0.masker.mask(&note).chars().take(NOTE).collect();
                        self.add(id, Happening::Noted { note }, chat, board).await
                    }
                    Ok(None) => chat.whisper(&View::Told(Message::new("runbook-no-thread"), None)).await,
                    Err(error) => chat.whisper(&told(&error)).await,
                }
            }
            RunbookAsked::Close { id, solved } => {
                self.add(id, Happening::Closed { solved, note: String::new() }, chat, board).await
            }
        }
    }

    async fn open(
        &self,
        name: &str,
        host: Option<&str>,
        note: String,
        chat: &impl Chat,
        board: &impl Board,
    ) -> Result<(), ChatError> {
        let Parts { store, commands, masker, clock, .. } = &*self.0;
        let Some(runbook) = commands.runbooks.get(name) else {
            return chat.whisper(&View::Told(Message::new("commands-unknown").with("name", name), None)).await;
        };
        let person = chat.person();
        if let Err(refused) = self.may_lead(person, runbook) {
            return chat.whisper(&View::Told(refused, None)).await;
        }
        let host = match self.host_to_act(host) {
            Ok(host) => host.config().clone(),
            Err(unknown) => return chat.whisper(&told(&unknown)).await,
        };
        let note: String = masker.mask(&note).chars().take(NOTE).collect();
        let happened =
            Happened { what: Happening::Opened { note }, by: (person.id, person.name.clone()), at: clock.now() };
        let entry = |id: i64| entry(id, &happened).with("runbook", name).with("host", host.name.as_str());
        let opened = store.open_runbook((name, &host.name), person.channel, &happened, entry).await;
        let id = match opened {
            Ok(Opened::New(id)) => id,
            Ok(Opened::Already(id)) => {
                let thread = store.runbook(id).await.ok().flatten().and_then(|kept| kept.thread);
                return chat.whisper(&View::Runbook(RunbookView::Already(id, thread))).await;
            }
            Err(error) => return chat.whisper(&told(&error)).await,
        };
        tracing::warn!(person = person.id, runbook = name, host = host.name, id, "a runbook is opened");
        let Some(shown) = self.board(id).await else { return Ok(()) };
        chat.post(&View::Runbook(RunbookView::Board(Arc::clone(&shown)))).await?;
        let place = chat.place().await?;
        let title = runbook.title.get(self.0.config.language);
        let thread = match board.thread(place, &format!("#{id} {title}")).await {
            Ok(thread) => Some(thread),
            // It is led in the channel then.
            Err(error) => {
                tracing::error!(%error, id, "a runbook has no thread");
                None
            }
        };
        if let Err(error) = store.runbook_shown_in(id, place, thread).await {
            tracing::error!(%error, id, "where a runbook is shown could not be kept");
        }
        Ok(())
    }

    async fn do_step(&self, id: i64, step: &str, chat: &impl Chat, board: &impl Board) -> Result<(), ChatError> {
        let dead = || View::Told(Message::new("button-dead"), None);
        let Some(shown) = self.board(id).await else { return chat.whisper(&dead()).await };
        let Some(does) = shown.runbook.steps.iter().find(|one| one.id == step).map(|one| one.does.clone()) else {
            return chat.whisper(&dead()).await;
        };
        match does {
            Does::Hand { .. } => self.add(id, Happening::Done { step: step.to_owned() }, chat, board).await,
            Does::Act { action, with } => {
                let Some(found) = self.0.commands.actions.get(&action) else { return chat.whisper(&dead()).await };
                let with: String = with.iter().map(|(name, value)| format!(" {name}:{value}")).collect();
                let ask = RunbookView::Ask { command: format!("/{action}{with}"), title: found.title.clone() };
                chat.whisper(&View::Runbook(ask)).await
            }
            Does::Look { checklist, checks } => {
                if let Err(refused) = self.may_lead(chat.person(), &shown.runbook) {
                    return chat.whisper(&View::Told(refused, None)).await;
                }
                let Ok(host) = self.host(Some(&shown.kept.host)) else { return chat.whisper(&dead()).await };
                // The first answer must come soon; a look may take long.
                chat.whisper(&View::Told(Message::new("runbook-looking"), None)).await?;
                let Some(report) = self.look_at(host, &Proof { checklist, checks }).await else { return Ok(()) };
                let well = |grade: Grade| matches!(grade, Grade::Pass | Grade::Skipped | Grade::Waived | Grade::Manual);
                let language = self.0.config.language;
                let bad = report.checks().filter(|check| !well(check.grade));
                let bad: Vec<_> =
                    bad.map(|check| format!("{} {}", check.grade.name(), check.title.get(language))).collect();
                let what = Happening::Looked {
                    step: step.to_owned(),
                    well: report.checks().filter(|check| well(check.grade)).count(),
                    bad,
                };
                let (report, beside) = (Arc::new(report), Arc::default());
                let view = View::Finished { run: None, report, asked_by: None, not_kept: None, beside };
                let channel = shown.kept.thread.unwrap_or(chat.person().channel);
                let nonce = format!("book-{id}-{}", shown.kept.happened.len());
                if let Err(error) = board.post(channel, &view, &Ping::default(), &nonce).await {
                    tracing::error!(%error, id, "what a step of a runbook found could not be posted");
                }
                if let Err(error) = self.happen(id, what, chat.person()).await {
                    return chat.whisper_more(&told(&error)).await;
                }
                self.show_board(id, board).await;
                Ok(())
            }
        }
    }

    /// Adds what happened, and shows it: in place, since a button of the board was pressed, or alone to the one who wrote.
    async fn add(&self, id: i64, what: Happening, chat: &impl Chat, board: &impl Board) -> Result<(), ChatError> {
        let dead = || View::Told(Message::new("button-dead"), None);
        let Some(shown) = self.board(id).await else { return chat.whisper(&dead()).await };
        if let Err(refused) = self.may_lead(chat.person(), &shown.runbook) {
            return chat.whisper(&View::Told(refused, None)).await;
        }
        if let Err(not_now) = may_happen(&shown.runbook, &shown.kept, &what) {
            let key = match not_now {
                NotNow::Closed => Message::new("runbook-closed"),
                NotNow::NoStep => Message::new("button-dead"),
                NotNow::Unfinished => Message::new("runbook-unfinished"),
            };
            return chat.whisper(&View::Told(key, None)).await;
        }
        let closes = matches!(what, Happening::Closed { .. });
        match self.happen(id, what, chat.person()).await {
            Ok(true) => {}
            Ok(false) => return chat.whisper(&View::Told(Message::new("runbook-closed"), None)).await,
            Err(error) => return chat.whisper(&told(&error)).await,
        }
        let Some(shown) = self.board(id).await else { return chat.whisper(&dead()).await };
        if closes {
            let before = self.record_drill(&shown, chat.person()).await;
            self.show_board(id, board).await;
            return chat.post(&View::Runbook(RunbookView::Summary { board: shown, before })).await;
        }
        if chat.pressed().is_some() {
            return chat.replace(&View::Runbook(RunbookView::Board(shown))).await;
        }
        chat.post(&View::Told(Message::new("runbook-noted"), None)).await?;
        self.show_board(id, board).await;
        Ok(())
    }

    /// Writes into the open runbook `id` that an act of one of its steps was asked for as `request`.
    pub(super) async fn asked_in(&self, id: i64, action: &str, request: RequestId, person: &Person) {
        let Some(shown) = self.board(id).await else { return };
        let does = |does: &Does| matches!(does, Does::Act { action: of, .. } if of == action);
        let Some(step) = shown.runbook.steps.iter().find(|step| does(&step.does)) else { return };
        let what = Happening::Asked { step: step.id.clone(), request: request.0 };
        if let Err(error) = self.happen(id, what, person).await {
            tracing::error!(%error, id, %request, "a runbook does not say what was asked for in it");
        }
    }

    /// Keeps what happened. Gives back whether the runbook was open.
    async fn happen(&self, id: i64, what: Happening, person: &Person) -> Result<bool, StoreError> {
        let happened = Happened { what, by: (person.id, person.name.clone()), at: self.0.clock.now() };
        self.0.store.happened(id, &happened, &entry(id, &happened)).await
    }

    /// A drill that was closed is on record as an exercise. Gives back the one before.
    async fn record_drill(&self, shown: &RunbookBoard, person: &Person) -> Option<Exercise> {
        let passed = drill_passed(&shown.runbook, &shown.kept)?;
        let Parts { store, clock, .. } = &*self.0;
        let before = store.exercises(&shown.kept.host, ExerciseKind::Drill).await.ok();
        let exercise = Exercise {
            kind: ExerciseKind::Drill,
            passed,
            ended_at: clock.now(),
            took: shown.kept.took(clock.now()),
            told_by: person.name.clone(),
        };
        if let Err(error) = store.record_exercise(&shown.kept.host, &exercise).await {
            tracing::error!(%error, "a drill could not be recorded");
        }
        before?.into_iter().next()
    }

    /// Changes the message of a runbook, so that it says what happened last.
    async fn show_board(&self, id: i64, board: &impl Board) {
        let Some(shown) = self.board(id).await else { return };
        let Some(place) = shown.kept.place else { return };
        if let Err(error) = board.edit(place, &View::Runbook(RunbookView::Board(shown))).await {
            tracing::warn!(%error, id, "a runbook does not show what happened last");
        }
    }

    async fn board(&self, id: i64) -> Option<Arc<RunbookBoard>> {
        let Parts { store, commands, config, clock, .. } = &*self.0;
        let kept = store.runbook(id).await.unwrap_or_else(|error| {
            tracing::error!(%error, id, "a runbook cannot be read");
            None
        })?;
        let runbook = commands.runbooks.get(&kept.runbook)?.clone();
        let host = config.hosts.get(&kept.host).map(|host| host.title.clone()).unwrap_or_default();
        Some(Arc::new(RunbookBoard { runbook, kept, host, now: clock.now() }))
    }

    /// The runbook that fits an alert of `vital`, where one does.
    pub(super) fn runbook_for(&self, vital: Vital) -> Option<&Runbook> {
        self.0.commands.runbooks.values().find(|runbook| runbook.fits.contains(&vital))
    }
}

fn entry(id: i64, happened: &Happened) -> Entry {
    let what = match &happened.what {
        Happening::Opened { .. } => "opened",
        Happening::Led => "led",
        Happening::Looked { .. } => "looked",
        Happening::Asked { .. } => "asked",
        Happening::Done { .. } => "done",
        Happening::Noted { .. } => "noted",
        Happening::Closed { .. } => "closed",
    };
    let entry = Entry::new(happened.at, Actor::Discord(happened.by.0), Deed::Runbook, format!("runbook:{id}"));
    entry.with("what", what).with("name", happened.by.1.as_str())
}
