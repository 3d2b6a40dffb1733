//! After a restart: runs that were cut off are said to be so, in the database and in their messages.

use super::{Board, Service, View};

impl Service {
    /// Marks what an earlier life of the bot left behind, and changes the messages that still say it goes on.
    pub async fn recover(&self, board: &impl Board) {
        let interrupted = match self.0.store.interrupt_left_behind(self.0.clock.now()).await {
            Ok(interrupted) => interrupted,
            Err(error) => {
                tracing::error!(%error, "runs that were cut off cannot be read");
                return;
            }
        };
        for (run, places) in interrupted {
            tracing::warn!(run = %run.id, "a run was cut off");
            for place in places {
                if let Err(error) = board.edit(place, &View::Interrupted(run.clone())).await {
                    tracing::error!(%error, run = %run.id, "a message still says that the run goes on");
                }
            }
        }
    }
}
