//! Shows a run in the channel where it was asked for: at once, as it goes on, and at its end.

use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use super::run::Claim;
use super::{Chat, ChatError, Ongoing, Progress, Service, View};
use crate::domain::message::Explain;
use crate::domain::run::{MessagePlace, Origin, RunId};

/// The least time between two changes of a message that goes on. Discord allows about five posts and edits in five seconds
/// a channel; the end of a run must never have to wait for them.
const BETWEEN_UPDATES: Duration = Duration::from_millis(1500);

impl Service {
    /// Answers the slash command: runs `command` and shows it.
    ///
    /// # Errors
    /// [`ChatError`] when not even the first answer got through.
    pub async fn answer_run(&self, command: &str, host: Option<&str>, chat: &impl Chat) -> Result<(), ChatError> {
        let person = chat.person();
        if let Err(refusal) = self.may_run(person, command) {
            return chat.whisper(&told(&refusal)).await;
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
        match self.kept_report(run).await {
            Ok(report) => self.answer_run(&report.command, Some(&report.host), chat).await,
            Err((message, hint)) => chat.whisper(&View::Told(message, hint)).await,
        }
    }

    async fn show(&self, mut ongoing: Ongoing, chat: &impl Chat) -> Result<(), ChatError> {
        let person = chat.person();
        if let Claim::Taken(place) = self.0.runs.claim(&ongoing, person.channel) {
            return chat.whisper(&View::ShownAlready(place)).await;
        }
        let first = running(&ongoing.progress.borrow());
        chat.post(&first).await?;
        let mut progress = ongoing.progress.clone();
        let kept_place = self.keep_place(&ongoing, chat);
        let shown = self.show_until_end(&mut progress, chat);
        let (place, ()) = tokio::join!(kept_place, shown);
        let last = ongoing.end().await;
        let view = View::Finished {
            run: last.run.filter(|_| last.not_kept().is_none()),
            asked_by: Some(person.id),
            not_kept: last.not_kept().cloned(),
            report: last.report,
        };
        match (chat.update(&view).await, last.run, place) {
            (Ok(()), Some(run), Some(place)) => {
                if let Err(error) = self.0.store.told(run, place).await {
                    tracing::error!(%error, %run, "that a message says how its run ended could not be kept");
                }
            }
            (Ok(()), ..) => {}
            // It stays untold, and is tried again when the bot starts.
            (Err(error), run, _) => tracing::error!(%error, ?run, "a report could not be shown"),
        }
        Ok(())
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

    /// Changes the message as the run goes on, but never so often that its end would have to wait.
    async fn show_until_end(&self, progress: &mut tokio::sync::watch::Receiver<Progress>, chat: &impl Chat) {
        let mut next = Instant::now() + BETWEEN_UPDATES;
        loop {
            if timeout_at(next, progress.wait_for(|progress| progress.end.is_some())).await.is_ok() {
                return;
            }
            let view = running(&progress.borrow_and_update());
            if let Err(error) = chat.update(&view).await {
                tracing::warn!(%error, "the progress of a run could not be shown");
            }
            next = Instant::now() + BETWEEN_UPDATES;
        }
    }
}

fn running(progress: &Progress) -> View {
    View::Running { report: progress.report.clone(), came_in: progress.came_in.clone() }
}

pub(super) fn told(error: &impl Explain) -> View {
    View::Told(error.message(), error.hint())
}
