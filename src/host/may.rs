//! Whether sudo lets a user of the host run a command as root: asked of `sudo -l`, which runs nothing.

use std::time::Duration;

use tracing::Instrument;

use super::{Host, HostError, Output, shell};
use crate::domain::sudo::{May, Right};

const MAY: &str = include_str!("may.sh");

/// The host answers at once, or something is wrong.
const ANSWER: Duration = Duration::from_secs(10);

impl Host {
    /// Whether who looks may do `right`.
    ///
    /// # Errors
    /// [`HostError`] when the host could not be asked.
    pub async fn may_look(&self, right: &Right) -> Result<May, HostError> {
        let words = right.tried();
        self.look_with(MAY, &words.iter().map(String::as_str).collect::<Vec<_>>(), ANSWER).await.map(|said| read(&said))
    }

    /// Whether who acts, by the second door, may do `right`. Changes nothing.
    ///
    /// # Errors
    /// [`HostError`] when the host could not be asked.
    pub async fn may_act(&self, right: &Right) -> Result<May, HostError> {
        let words = right.tried();
        let line = shell::with_words(MAY, &words.iter().map(String::as_str).collect::<Vec<_>>());
        async {
            let reached = self.acting_connection().await?;
            self.run(&reached, &line, ANSWER).await.map(|said| read(&said))
        }
        .instrument(self.span())
        .await
    }
}

fn read(output: &Output) -> May {
    match output.stdout.text.trim().split_once(' ') {
        Some(("may", _)) => May::Yes,
        Some((_, path)) => May::No(path.to_owned()),
        None => May::Missing,
    }
}
