//! The steps of an open runbook: a look runs here, an act opens the form of its action, what is done by hand is said to be.

use std::sync::Arc;

use super::super::show::told;
use super::super::{Board, Chat, ChatError, Person, Room, Service, View};
use super::{Busy, NOTE, RunbookBoard};
use crate::domain::action::Proof;
use crate::domain::approval::{NewRequest, RequestId};
use crate::domain::message::Message;
use crate::domain::runbook::{Does, Happening, NotWell, RunbookStep};

impl Service {
    pub(super) async fn do_step(
        &self,
        id: i64,
        step: &str,
        chat: &impl Chat,
        board: &impl Board,
    ) -> Result<(), ChatError> {
        let shown = match self.led(id, chat).await {
            Ok(shown) => shown,
            Err(view) => return chat.whisper(&view).await,
        };
        if shown.kept.closed().is_some() {
            return chat.whisper(&View::Told(Message::new("runbook-closed"), None)).await;
        }
        let Some(step) = shown.runbook.step(step) else {
            return chat.whisper(&View::Told(Message::new("button-dead"), None)).await;
        };
        match &step.does {
            Does::Hand { .. } => self.add(id, Happening::Done { step: step.id.clone() }, chat, board).await,
            Does::HostKey { .. } => self.ask_address(&shown, step, chat).await,
            Does::Act { action, with } => {
                // A channel in which the runbook is led without a thread may be a thread itself.
                let here = Some(chat.person().room()).filter(|room| room.channel == shown.kept.channel);
                let channel = here.unwrap_or(Room { channel: shown.kept.channel, parent: None });
                let thread = shown.kept.thread.map(|id| Room { channel: id, parent: Some(shown.kept.channel) });
                let asked = (action.as_str(), with.clone());
                let room = thread.unwrap_or(channel);
                self.ask_in_runbook(asked, &shown.kept.host, (id, &step.id), room, chat).await
            }
            Does::Look { checklist, checks } => {
                let proof = Proof::of(checklist.clone(), checks.clone());
                self.look_for_step(&shown, step, &proof, chat, board).await
            }
        }
    }

    async fn look_for_step(
        &self,
        shown: &RunbookBoard,
        step: &RunbookStep,
        proof: &Proof,
        chat: &impl Chat,
        board: &impl Board,
    ) -> Result<(), ChatError> {
        let id = shown.kept.id;
        let host = match self.host(Some(&shown.kept.host)) {
            Ok(host) => host,
            Err(unknown) => return chat.whisper(&told(&unknown)).await,
        };
        let Some(_looking) = Busy::with(&self.0.books.looking, (id, step.id.clone())) else {
            return chat.whisper(&View::Told(Message::new("runbook-looks-already"), None)).await;
        };
        // The first answer must come soon; a look may take long.
        chat.whisper(&View::Told(Message::new("runbook-looking"), None)).await?;
        let Some(report) = self.look_at(host, proof).await else {
            let unknown = Message::new("commands-unknown").with("name", proof.checklist.as_str());
            return chat.update(&View::Told(unknown, None)).await;
        };
        let bad = report.checks().filter(|check| check.grade.needs_attention());
        let what = Happening::Looked {
            step: step.id.clone(),
            well: report.checks().filter(|check| !check.grade.needs_attention()).count(),
            bad: bad.map(|check| NotWell { title: check.title.clone(), grade: check.grade }).collect(),
        };
        let (report, beside) = (Arc::new(report), Arc::default());
        let view = View::Finished { run: None, report, asked_by: None, not_kept: None, beside };
        let place = shown.runbook.steps.iter().position(|one| one.id == step.id).unwrap_or_default();
        let nonce = format!("book-{id}-{}-{place}", shown.kept.happened.len());
        // Its thread may have come to be while it was looked.
        let fresh = self.runbook_board(id).await;
        if let Err(error) = self.post_in(fresh.as_deref().unwrap_or(shown), &view, &nonce, board).await {
            tracing::error!(%error, id, "what a step of a runbook found could not be posted");
        }
        if let Err(view) = self.happens_in(id, what, chat.person()).await {
            return chat.update(&view).await;
        }
        self.show_board(id, board).await;
        Ok(())
    }

    /// Writes `note` into the runbook of this thread.
    pub(super) async fn note_in(&self, note: &str, chat: &impl Chat, board: &impl Board) -> Result<(), ChatError> {
        let id = match self.0.store.runbook_in(chat.person().channel).await {
            Ok(Some(id)) => id,
            Ok(None) => return chat.whisper(&View::Told(Message::new("runbook-no-thread"), None)).await,
            Err(error) => return chat.whisper(&told(&error)).await,
        };
        let noted = async {
            self.led(id, chat).await?;
            let note = self.0.masker.mask(note.trim()).chars().take(NOTE).collect();
            self.happens_in(id, Happening::Noted { note }, chat.person()).await
        };
        match noted.await {
            Ok(_) => {
                chat.post(&View::Told(Message::new("runbook-noted"), None)).await?;
                self.show_board(id, board).await;
                Ok(())
            }
            Err(view) => chat.whisper(&view).await,
        }
    }

    /// Writes into the open runbook `id` that `asked` was asked for in it, by its step `step`; where somebody typed the
    /// command in the thread, it is of the step that would have asked for the same.
    pub(in crate::service) async fn asked_in(
        &self,
        id: i64,
        step: Option<&str>,
        asked: &NewRequest,
        request: RequestId,
        person: &Person,
    ) {
        let Some(shown) = self.runbook_board(id).await else { return };
        let is_it = |step: &&RunbookStep| match &step.does {
            Does::Act { action, with } => {
                *action == asked.action && with.iter().all(|(name, value)| asked.arguments.get(name) == Some(value))
            }
            _ => false,
        };
        let typed = || shown.runbook.steps.iter().find(is_it).map(|step| step.id.clone());
        let what = Happening::Asked { step: step.map(str::to_owned).or_else(typed), request: request.0 };
        if self.happens_in(id, what, person).await.is_err() {
            tracing::error!(id, %request, "a runbook does not say what was asked for in it");
        }
    }
}
