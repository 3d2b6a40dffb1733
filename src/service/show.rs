//! Shows a run in the channel where it was asked for: at once, as it goes on, and at its end.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::sleep;

use super::run::{Claim, End};
use super::{Chat, ChatError, Ongoing, Progress, Service, View};
use crate::domain::message::{Explain, Message};
use crate::domain::run::{MessagePlace, Origin, RunId};
use crate::domain::target::Target;

/// The least time between two changes of a message that goes on. Discord allows about five posts and edits in five seconds
/// a channel; the end of a run must never have to wait for them.
const BETWEEN_UPDATES: Duration = Duration::from_millis(1500);

impl Service {
    /// Answers the slash command: runs `command` on the host, or on all that `host` means, and shows it.
    ///
    /// # Errors
    /// [`ChatError`] when not even the first answer got through.
    pub async fn answer_run(&self, command: &str, host: Option<&str>, chat: &impl Chat) -> Result<(), ChatError> {
        let person = chat.person();
        if let Err(refusal) = self.may_run(person, command) {
            return chat.whisper(&told(&refusal)).await;
        }
        let target = host.map(Target::of);
        if let Some(target @ (Target::All | Target::Tagged(_))) = &target {
            return self.answer_side_by_side(command, target, chat).await;
        }
        let origin = Origin::Discord { user: person.id, channel: person.channel };
        match self.run(command, host, origin) {
            Ok(ongoing) => self.show(ongoing, chat).await,
            Err(unknown) => chat.whisper(&told(&unknown)).await,
        }
    }

    /// Answers the button: runs what `run` ran once more.
    ///
    /// # Errors
    /// [`ChatError`] when not even the first answer got through.
    pub async fn answer_again(&self, run: RunId, chat: &impl Chat) -> Result<(), ChatError> {
        match self.kept(run).await {
            Ok(kept) => self.answer_run(&kept.begun.command, Some(&kept.begun.host), chat).await,
            Err((message, hint)) => chat.whisper(&View::Told(message, hint)).await,
        }
    }

    async fn show(&self, ongoing: Ongoing, chat: &impl Chat) -> Result<(), ChatError> {
        let person = chat.person();
        if let Claim::Taken(place) = self.0.runs.claim(&ongoing, person.channel) {
            return chat.whisper(&View::ShownAlready(place)).await;
        }
        let first = running(&ongoing.progress.borrow());
        if let Err(error) = chat.post(&first).await {
            // An answer that got lost may have been given all the same: then the message is there, and goes on.
            if error.permanent || chat.place().await.is_err() {
                self.0.runs.release(&ongoing, person.channel);
                return Err(error);
            }
        }
        let mut progress = ongoing.progress.clone();
        let kept_place = self.keep_place(&ongoing, chat);
        let shown = async {
            show_until_end(&mut progress, chat).await;
            self.show_end(ongoing.clone().end().await, chat).await
        };
        // The end is not kept waiting until Discord has said where the message is.
        let (place, (run, shown)) = tokio::join!(kept_place, shown);
        match (shown, run, place) {
            (Ok(()), Some(run), Some(place)) => {
                if let Err(error) = self.0.store.told(run, place).await {
                    tracing::error!(%error, %run, "that a message says how its run ended could not be kept");
                }
            }
            (Ok(()), ..) => {}
            // It stays untold, and is tried again from time to time.
            (Err(error), run, _) => tracing::warn!(%error, ?run, "a report could not be shown yet"),
        }
        Ok(())
    }

    async fn show_end(&self, last: Progress, chat: &impl Chat) -> (Option<RunId>, Result<(), ChatError>) {
        let view = match (&last.end, last.run) {
            (None | Some(End::Crashed), run) => {
                let message = Message::new("run-crashed");
                return (run, chat.update(&View::Told(message, Some(Message::new("run-crashed-hint")))).await);
            }
            _ => {
                let run = last.run.filter(|_| last.not_kept().is_none());
                let not_kept = last.not_kept().cloned();
                self.finished(run, last.report, Some(chat.person().id), not_kept).await
            }
        };
        (last.run, chat.update(&view).await)
    }

    /// Notes where the run is shown, so that the message can be changed even after a restart.
    async fn keep_place(&self, ongoing: &Ongoing, chat: &impl Chat) -> Option<MessagePlace> {
        let place = match chat.place().await {
            Ok(place) => place,
            Err(error) => {
                tracing::warn!(%error, "where a run is shown is not known");
                return None;
            }
        };
        self.0.runs.shown(ongoing, place);
        let mut progress = ongoing.progress.clone();
        let numbered = progress.wait_for(|progress| progress.run.is_some() || progress.end.is_some()).await;
        let run = numbered.ok().and_then(|progress| progress.run);
        if let Some(run) = run
            && let Err(error) = self.0.store.show_in(run, place).await
        {
            tracing::error!(%error, %run, "where a run is shown could not be kept");
        }
        Some(place)
    }
}

/// Changes the message as the run goes on, but never so often that its end would have to wait, and never waiting for a
/// change when the end is there.
async fn show_until_end(progress: &mut watch::Receiver<Progress>, chat: &impl Chat) {
    let mut seen = progress.borrow().came_in.len();
    loop {
        let pause = sleep(BETWEEN_UPDATES);
        let mut ended = progress.clone();
        tokio::select! {
            _ = ended.wait_for(|progress| progress.end.is_some()) => return,
            () = pause => {}
        }
        let view = {
            let progress = progress.borrow_and_update();
            if progress.came_in.len() == seen {
                continue;
            }
            seen = progress.came_in.len();
            running(&progress)
        };
        tokio::select! {
            _ = ended.wait_for(|progress| progress.end.is_some()) => return,
            shown = chat.update(&view) => {
                if let Err(error) = shown {
                    tracing::warn!(%error, "the progress of a run could not be shown");
                }
            }
        }
    }
}

fn running(progress: &Progress) -> View {
    View::Running { report: progress.report.clone(), came_in: progress.came_in.clone() }
}

pub(super) fn told(error: &impl Explain) -> View {
    View::Told(error.message(), error.hint())
}
