//! Lets go of what is older than `bot.toml` wants it kept, once a day and in small steps.

use std::time::Duration;

use super::Service;
use crate::store::{LetGo, StoreError};

/// How long after the start the first time is: whoever starts the bot has better things to wait for.
const FIRST: Duration = Duration::from_secs(5 * 60);

/// How often.
const EVERY: Duration = Duration::from_secs(24 * 60 * 60);

/// Between two steps, so that whoever keeps a run comes in between.
const PAUSE: Duration = Duration::from_millis(250);

impl Service {
    /// Lets go of what is old, for as long as the bot runs.
    pub async fn retain(&self) {
        tokio::time::sleep(FIRST).await;
        loop {
            if let Err(error) = self.let_go().await {
                tracing::error!(%error, "what is old could not be let go of");
            }
            tokio::time::sleep(EVERY).await;
        }
    }

    /// Lets go of everything that is old now. Gives what went.
    ///
    /// # Errors
    /// [`StoreError`] when a step could not be done; those before it are.
    pub async fn let_go(&self) -> Result<LetGo, StoreError> {
        let before = self.config().retention.before(self.0.clock.now());
        let mut gone = LetGo::default();
        loop {
            let step = self.0.store.let_go(before).await?;
            gone.evidence += step.evidence;
            gone.runs += step.runs;
            gone.numbers += step.numbers;
            if !step.more {
                break;
            }
            tokio::time::sleep(PAUSE).await;
        }
        if gone != LetGo::default() {
            tracing::info!(gone.evidence, gone.runs, gone.numbers, "let go of what is old");
        }
        Ok(gone)
    }
}
