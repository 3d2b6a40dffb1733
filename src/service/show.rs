//! Shows a run in the channel where it was asked for: at once, as it goes on, and at its end.

use std::pin::pin;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use super::run::{Claim, End};
use super::{Chat, ChatError, Ongoing, Progress, Service, View};
use crate::domain::message::{Explain, Message};
use crate::domain::run::{MessagePlace, Origin, RunId};
use crate::domain::target::Target;

/// The least time between two changes of a message that goes on. Discord allows about five posts and edits in five seconds
/// a channel; the end of a run must never have to wait for them.
const BETWEEN_UPDATES: Duration = Duration::from_millis(1500);

/// What takes longer than this is announced before it is there. A person sees no delay below a tenth of a second.
const AT_ONCE: Duration = Duration::from_millis(80);

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

/// Answers with what comes of `work`: for all to see, or in place of the message whose button was pressed. What is not there
/// at once is said to be on its way, so that nobody waits before a blank; what to tell instead goes to the person alone as
/// long as nothing was said yet.
pub(super) async fn soon(work: impl Future<Output = Result<View, View>>, chat: &impl Chat) -> Result<(), ChatError> {
    let mut work = pin!(work);
    match timeout(AT_ONCE, &mut work).await {
        Ok(Ok(view)) if chat.pressed().is_some() => chat.replace(&view).await,
        Ok(Ok(view)) => chat.post(&view).await,
        Ok(Err(told)) => chat.whisper(&told).await,
        Err(_) => later(work, false, chat).await,
    }
}

/// The same for the person alone.
pub(super) async fn soon_alone(
    work: impl Future<Output = Result<View, View>>,
    chat: &impl Chat,
) -> Result<(), ChatError> {
    let mut work = pin!(work);
    match timeout(AT_ONCE, &mut work).await {
        Ok(done) => chat.whisper(&done.unwrap_or_else(|told| told)).await,
        Err(_) => later(work, true, chat).await,
    }
}

/// Says that it is on its way, and brings it; it does not wait until that is said.
async fn later(
    work: impl Future<Output = Result<View, View>>,
    for_one: bool,
    chat: &impl Chat,
) -> Result<(), ChatError> {
    let (held, done) = tokio::join!(chat.hold(for_one), work);
    held?;
    chat.update(&done.unwrap_or_else(|told| told)).await
}

pub(super) fn told(error: &impl Explain) -> View {
    View::Told(error.message(), error.hint())
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::domain::message::Language;
    use crate::service::{Form, Person};

    /// A chat that keeps what it was told to do.
    struct Noted {
        person: Person,
        pressed: Option<MessagePlace>,
        done: Mutex<Vec<String>>,
    }

    impl Noted {
        fn new(pressed: bool) -> Self {
            let person = Person {
                id: 1,
                name: "지민".to_owned(),
                roles: Vec::new(),
                language: Language::Ko,
                channel: 2,
                parent: None,
            };
            let pressed = pressed.then_some(MessagePlace { channel: 2, message: 3 });
            Self { person, pressed, done: Mutex::default() }
        }

        fn note(&self, what: &str, view: &View) -> Result<(), ChatError> {
            let View::Told(message, _) = view else { panic!("{view:?}") };
            self.done.lock().unwrap().push(format!("{what} {}", message.key));
            Ok(())
        }

        fn done(&self) -> Vec<String> {
            self.done.lock().unwrap().clone()
        }
    }

    impl Chat for Noted {
        fn person(&self) -> &Person {
            &self.person
        }

        fn pressed(&self) -> Option<MessagePlace> {
            self.pressed
        }

        fn pressed_alone(&self) -> bool {
            false
        }

        async fn post(&self, view: &View) -> Result<(), ChatError> {
            self.note("post", view)
        }

        async fn whisper(&self, view: &View) -> Result<(), ChatError> {
            self.note("whisper", view)
        }

        async fn replace(&self, view: &View) -> Result<(), ChatError> {
            self.note("replace", view)
        }

        async fn ask(&self, _form: &Form) -> Result<(), ChatError> {
            panic!("nothing is asked here")
        }

        async fn hold(&self, for_one: bool) -> Result<(), ChatError> {
            self.note("hold", &View::Told(Message::new(if for_one { "alone" } else { "all" }), None))
        }

        async fn whisper_more(&self, view: &View) -> Result<(), ChatError> {
            self.note("more", view)
        }

        async fn update(&self, view: &View) -> Result<(), ChatError> {
            self.note("update", view)
        }

        async fn place(&self) -> Result<MessagePlace, ChatError> {
            Ok(MessagePlace { channel: 2, message: 3 })
        }
    }

    async fn work(millis: u64, fine: bool) -> Result<View, View> {
        sleep(Duration::from_millis(millis)).await;
        let told = |key| View::Told(Message::new(key), None);
        if fine { Ok(told("done")) } else { Err(told("instead")) }
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_soon_there_is_the_first_answer_and_what_is_not_is_announced() {
        for (millis, fine, pressed, expected) in [
            (20, true, false, &["post done"][..]),
            (20, true, true, &["replace done"]),
            (20, false, true, &["whisper instead"]),
            (900, true, false, &["hold all", "update done"]),
            (900, true, true, &["hold all", "update done"]),
            (900, false, false, &["hold all", "update instead"]),
        ] {
            let chat = Noted::new(pressed);
            soon(work(millis, fine), &chat).await.unwrap();
            assert_eq!(chat.done(), expected, "{millis} ms, fine: {fine}, pressed: {pressed}");
        }
        for (millis, fine, expected) in [
            (20, true, &["whisper done"][..]),
            (20, false, &["whisper instead"]),
            (900, true, &["hold alone", "update done"]),
            (900, false, &["hold alone", "update instead"]),
        ] {
            let chat = Noted::new(false);
            soon_alone(work(millis, fine), &chat).await.unwrap();
            assert_eq!(chat.done(), expected, "{millis} ms alone, fine: {fine}");
        }
    }
}
