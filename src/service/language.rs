//! `/language`: in which language somebody is answered. What everybody sees stays in that of the deployment.

use std::time::Duration;

use tokio::time::timeout;

use super::{Chat, ChatError, Person, Service, View};
use crate::domain::message::{Explain, Language, Message};

/// How long an answer waits to learn the language that somebody chose: Discord waits three seconds for all of it.
const ASK: Duration = Duration::from_millis(300);

impl Service {
    /// `person` in the language that they chose; where they chose none, in that of their Discord.
    pub async fn in_own_language(&self, person: Person) -> Person {
        match timeout(ASK, self.0.store.language_of(person.id)).await {
            Ok(Ok(chosen)) => Person { language: chosen.unwrap_or(person.language), ..person },
            Ok(Err(error)) => {
                tracing::warn!(%error, "which language somebody chose cannot be read");
                person
            }
            Err(_) => {
                tracing::warn!("which language somebody chose could not be read in time");
                person
            }
        }
    }

    /// Answers `/language`: from now on `language` (none: that of the person's Discord, which is `own`).
    ///
    /// # Errors
    /// [`ChatError`] when the answer did not get through.
    pub async fn answer_language(
        &self,
        language: Option<Language>,
        own: Language,
        chat: &impl Chat,
    ) -> Result<(), ChatError> {
        let view = match self.0.store.choose_language(chat.person().id, language, self.0.clock.now()).await {
            // The answer is the first that is given in it.
            Ok(()) => {
                let now = language.unwrap_or(own);
                let key = if language.is_some() { "language-chosen" } else { "language-follows" };
                View::In(now, Message::new(key))
            }
            Err(error) => View::Told(error.message(), error.hint()),
        };
        chat.whisper(&view).await
    }
}
