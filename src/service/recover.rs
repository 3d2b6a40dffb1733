//! After a restart: runs that were cut off are said to be so, and every message hears how its run ended.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Board, Service, View};
use crate::domain::run::{KeptRun, Origin, RunState};
use crate::store::{Interrupted, StoreError, Untold};

impl Service {
    /// Marks the runs that an earlier life of the bot left behind as cut off. Once, before anything new begins.
    ///
    /// # Errors
    /// [`StoreError`] when they cannot be marked.
    pub async fn interrupt_left_behind(&self) -> Result<(), StoreError> {
        tell_of(self.0.store.interrupt_all_of_discord(self.0.clock.now()).await?);
        self.interrupt_overdue().await
    }

    /// Marks the runs that should have ended long ago as cut off, wherever they were begun.
    ///
    /// # Errors
    /// [`StoreError`] when they cannot be marked.
    pub async fn interrupt_overdue(&self) -> Result<(), StoreError> {
        tell_of(self.0.store.interrupt_overdue(self.0.clock.now()).await?);
        Ok(())
    }

    /// Changes the messages that do not say yet how their run ended: it was cut off, or Discord did not take the last
    /// change.
    pub async fn tell_ends(&self, board: &impl Board) {
        let untold = match self.0.store.untold().await {
            Ok(untold) => untold,
            Err(error) => {
                tracing::error!(%error, "which messages have not heard of the end of their run cannot be read");
                return;
            }
        };
        let mut changed = BTreeSet::new();
        for message in untold {
            let told = match &message.target {
                // One change says it of all that the message shows.
                Some(_) if !changed.insert((message.place.channel, message.place.message)) => continue,
                Some(target) => self.tell_ends_side_by_side(&message, target, board).await,
                None => self.tell_end(&message, board).await,
            };
            if let Err(error) = told {
                tracing::error!(run = %message.run, error, "a message still says that its run goes on");
            }
        }
    }

    async fn tell_end(&self, message: &Untold, board: &impl Board) -> Result<(), String> {
        let kept = self.0.store.kept_run(message.run).await.map_err(|error| error.to_string())?;
        let Some(kept) = kept else { return Ok(()) };
        // A reminder stays one: it goes on to say who has to look at it.
        let reminder = self.0.store.occurrence_in(message.place).await.map_err(|error| error.to_string())?;
        let view = match reminder {
            Some(occurrence) => Some(self.reminder_of(occurrence).await.map_err(|error| error.to_string())?),
            None => self.end_of(kept).await,
        };
        let Some(view) = view else { return Ok(()) };
        let told = board.edit(message.place, &view).await;
        // A message that is gone, or out of reach for good, will never be told: it is not asked again.
        if told.as_ref().err().is_none_or(|error| error.permanent) {
            self.0.store.told(message.run, message.place).await.map_err(|error| error.to_string())?;
        }
        told.map_err(|error| error.to_string())
    }

    /// How a run is shown that has ended; nothing for one that goes on.
    async fn end_of(&self, kept: KeptRun) -> Option<View> {
        match (kept.state, kept.report) {
            (RunState::Running, _) => None,
            (RunState::Finished, Some(report)) => {
                let asked_by = match kept.begun.origin {
                    Origin::Discord { user, .. } => Some(user),
                    Origin::Terminal { .. } | Origin::Schedule => None,
                };
                Some(self.finished(Some(kept.id), Arc::new(report), asked_by, None).await)
            }
            (RunState::Interrupted, _) | (RunState::Finished, None) => {
                Some(View::Interrupted { run: kept.id, begun: kept.begun })
            }
        }
    }
}

fn tell_of(interrupted: Vec<Result<Interrupted, StoreError>>) {
    for run in interrupted {
        match run {
            Ok(run) => tracing::warn!(run = %run.id, "a run was cut off"),
            Err(error) => tracing::error!(%error, "a run was cut off, and its row cannot be read"),
        }
    }
}
