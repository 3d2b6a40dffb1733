//! `/reload`: the files are read anew while the bot runs, by the same way as on SIGHUP. Whoever knows where the files are
//! reads them; here it is asked for, written down and told.

use std::collections::BTreeMap;
use std::convert::Infallible;

use tokio::sync::{Mutex, mpsc, oneshot};

use super::{Chat, ChatError, Person, Service, View};
use crate::document::{Problem, Problems};
use crate::domain::audit::{Actor, Deed, Entry};
use crate::domain::help::RELOAD;
use crate::domain::message::{Explain, Message};

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileChange {
    /// It was not there before.
    New,
    /// It is another than before.
    Changed,
    /// It is there no more.
    Gone,
}

impl FileChange {
    /// Its name in the audit record and in a sentence.
    pub const fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Changed => "changed",
            Self::Gone => "gone",
        }
    }
}

/// What came of reading the files anew.
#[derive(Clone, Debug)]
pub enum Reloaded {
    /// They are right, and take the place of the old ones: what became of each that is not as it was, by name.
    Taken(BTreeMap<String, FileChange>),
    /// They are what they were: there is nothing to change over to, which would cost one of the few sessions that Discord
    /// gives a day.
    Same,
    /// They are wrong, and the old ones stay.
    Wrong(Problems),
    /// They are right, but the bot could not serve with them, and the old ones stay: why, and what to do.
    Unfit(Message, Option<Message>),
}

/// Somebody wants the files to be read anew, and waits.
#[derive(Debug)]
pub struct ReloadAsked(oneshot::Sender<Reloaded>);

impl ReloadAsked {
    /// Tells them what came of it.
    pub fn answer(self, reloaded: Reloaded) {
        // Nobody is left to be told when the conversation is gone.
        let _ = self.0.send(reloaded);
    }
}

/// The way from those who ask to whoever reads the files.
#[derive(Debug)]
pub(super) struct Reloads {
    ask: mpsc::Sender<ReloadAsked>,
    asked: Mutex<mpsc::Receiver<ReloadAsked>>,
}

impl Default for Reloads {
    fn default() -> Self {
        let (ask, asked) = mpsc::channel(1);
        Self { ask, asked: Mutex::new(asked) }
    }
}

impl Service {
    /// Comes when somebody wants the files to be read anew.
    pub async fn reload_asked(&self) -> ReloadAsked {
        match self.0.reloads.asked.lock().await.recv().await {
            Some(asked) => asked,
            // The sender lives as long as the service does.
            None => std::future::pending().await,
        }
    }

    /// While the bot changes over to new files, nobody reads them once more: whoever asks is told so. Never comes to an end.
    pub async fn turn_reloads_away(&self) -> Infallible {
        loop {
            drop(self.reload_asked().await);
        }
    }

    /// Answers `/reload`: for the person alone, since what is wrong with a file may quote it.
    ///
    /// # Errors
    /// [`ChatError`] when not even the first answer got through.
    pub async fn answer_reload(&self, chat: &impl Chat) -> Result<(), ChatError> {
        let person = chat.person();
        if let Err(refusal) = self.may_run(person, RELOAD) {
            return chat.whisper(&View::Told(refusal.message(), refusal.hint())).await;
        }
        chat.whisper(&View::Told(Message::new("reload-reading"), None)).await?;
        let (answer, reloaded) = oneshot::channel();
        let reloaded = match self.0.reloads.ask.try_send(ReloadAsked(answer)) {
            Ok(()) => reloaded.await.ok(),
            Err(_) => None,
        };
        let Some(reloaded) = reloaded else {
            return chat.update(&View::Told(Message::new("reload-going-on"), None)).await;
        };
        self.note_reload(Actor::Discord(person.id), Some(person), &reloaded).await;
        let reloaded = match reloaded {
            Reloaded::Wrong(problems) => Reloaded::Wrong(self.masked(problems)),
            other => other,
        };
        chat.update(&View::Reloaded(reloaded)).await
    }

    /// Writes down that the files were read anew without anybody in Discord having asked; where they were not taken, the
    /// log channel hears of it as well.
    pub async fn note_signal(&self, reloaded: &Reloaded) {
        self.note_reload(Actor::Signoff, None, reloaded).await;
        let says = match reloaded {
            Reloaded::Taken(_) | Reloaded::Same => return,
            Reloaded::Wrong(problems) => Message::new("reload-wrong").with("count", problems.0.len().to_string()),
            Reloaded::Unfit(why, _) => Message::new("reload-unfit").with("why", why.clone()),
        };
        if let Err(error) = self.log(format!("reload-{}", self.0.clock.now().timestamp_millis()), says).await {
            tracing::error!(%error, "that new files were not taken could not be kept");
        }
    }

    async fn note_reload(&self, actor: Actor, person: Option<&Person>, reloaded: &Reloaded) {
        let mut entry = Entry::new(self.0.clock.now(), actor, Deed::Configuration, "reload");
        if let Some(person) = person {
            entry = entry.with("name", person.name.as_str());
        }
        entry = match reloaded {
            Reloaded::Taken(changes) => changes
                .iter()
                .fold(entry.with("outcome", "taken"), |entry, (name, change)| entry.with(name, change.name())),
            Reloaded::Same => entry.with("outcome", "same"),
            Reloaded::Wrong(problems) => entry.with("outcome", "wrong").with("problems", problems.0.len().to_string()),
            Reloaded::Unfit(why, _) => entry.with("outcome", "unfit").with("why", why.key.as_ref()),
        };
        if let Err(error) = self.0.store.audit(&entry).await {
            tracing::error!(%error, ?entry, "the audit record could not be added to");
        }
    }

    /// A secret that somebody wrote into a file stands in what is wrong with it.
    fn masked(&self, problems: Problems) -> Problems {
        let mask = |message| self.0.masker.mask_message(message);
        let masked =
            |problem: Problem| Problem { message: mask(problem.message), hint: problem.hint.map(mask), ..problem };
        Problems(problems.0.into_iter().map(masked).collect())
    }
}
