//! What is said of each check, kept step by step.

use std::collections::BTreeMap;

use super::{SignForm, Signable, failed, in_time};
use crate::domain::message::Message;
use crate::domain::run::RunId;
use crate::domain::signoff::draft::{Attested, Draft, Memo, Said};
use crate::domain::words::{Words, WordsError};
use crate::service::{Chat, ChatError, Form, Person, Service, View};

impl Service {
    /// The latest result of what `run` is one of, for `person` to speak of: whatever is said is said of that.
    pub(super) async fn speaking_of(&self, run: RunId, person: &Person) -> Result<Signable, View> {
        let signable = self.signable(run, person).await?;
        Ok(self.newest(&signable, person).await?.0)
    }

    /// Changes the draft of `person` on `signable`, and shows how it goes on.
    async fn draft(
        &self,
        signable: &Signable,
        person: &Person,
        change: impl FnOnce(&mut Draft) + Send,
    ) -> Result<View, View> {
        let changed = self.0.store.change_draft(signable.run, person.id, self.0.clock.now(), change).await;
        changed.map_err(|error| failed(&error))?;
        self.walk(signable, person, None, None).await
    }

    pub(super) async fn attest(&self, run: RunId, check: &str, seen: Attested, person: &Person) -> Result<View, View> {
        let signable = self.speaking_of(run, person).await?;
        signable.check(check).ok_or_else(no_such_check)?;
        self.draft(&signable, person, |draft| {
            draft.attested.insert(check.to_owned(), seen);
        })
        .await
    }

    pub(super) async fn link(&self, run: RunId, check: &str, person: &Person) -> Result<View, View> {
        let signable = self.speaking_of(run, person).await?;
        signable.check(check).ok_or_else(no_such_check)?;
        let open = self.open_findings(&signable.case.command, &signable.case.host).await?;
        let Some(finding) = open.get(check).copied() else {
            let note = Message::new("finding-none-open");
            return self.walk(&signable, person, Some(check.to_owned()), Some(note)).await;
        };
        self.draft(&signable, person, |draft| {
            draft.said.insert(check.to_owned(), Said::Finding(finding));
        })
        .await
    }

    pub(super) async fn note(&self, run: RunId, check: &str, text: &str, person: &Person) -> Result<View, View> {
        let signable = self.speaking_of(run, person).await?;
        signable.check(check).ok_or_else(no_such_check)?;
        let note = match Words::new(&self.0.masker.mask(text)) {
            Ok(note) => note,
            Err(error) => return self.walk(&signable, person, Some(check.to_owned()), Some(wrong_words(error))).await,
        };
        self.draft(&signable, person, |draft| {
            draft.said.insert(check.to_owned(), Said::Note(note));
        })
        .await
    }

    /// Keeps the texts of the template. One that was emptied is none any more.
    pub(super) async fn memos(
        &self,
        run: RunId,
        texts: &BTreeMap<Memo, String>,
        person: &Person,
    ) -> Result<View, View> {
        let signable = self.speaking_of(run, person).await?;
        let masked: Vec<_> =
            texts.iter().map(|(memo, text)| (*memo, Words::new(&self.0.masker.mask(text)).ok())).collect();
        self.draft(&signable, person, |draft| {
            for (memo, words) in masked {
                match words {
                    Some(words) => draft.memos.insert(memo, words),
                    None => draft.memos.remove(&memo),
                };
            }
        })
        .await
    }

    pub(super) async fn ask_note(&self, run: RunId, check: &str, chat: &impl Chat) -> Result<(), ChatError> {
        let form = async {
            let signable = self.speaking_of(run, chat.person()).await?;
            let found = signable.check(check).ok_or_else(no_such_check)?;
            let draft = self.0.store.draft(signable.run, chat.person().id).await.map_err(|error| failed(&error))?;
            let text = match draft.said.get(check) {
                Some(Said::Note(note)) => note.to_string(),
                _ => String::new(),
            };
            let (run, title) = (signable.run, found.title.clone());
            Ok::<_, View>(SignForm::Note { run, check: check.to_owned(), title, text })
        };
        ask(form, chat).await
    }

    pub(super) async fn ask_memos(&self, run: RunId, chat: &impl Chat) -> Result<(), ChatError> {
        let form = async {
            let signable = self.speaking_of(run, chat.person()).await?;
            let draft = self.0.store.draft(signable.run, chat.person().id).await.map_err(|error| failed(&error))?;
            let every = signable.case.period.every();
            Ok::<_, View>(SignForm::Memos { run: signable.run, every, texts: draft.memos })
        };
        ask(form, chat).await
    }
}

/// Opens a form, or tells why there is none.
pub(super) async fn ask(form: impl Future<Output = Result<SignForm, View>>, chat: &impl Chat) -> Result<(), ChatError> {
    match in_time(form).await {
        Ok(form) => chat.ask(&Form::Sign(form)).await,
        Err(told) => chat.whisper(&told).await,
    }
}

pub(super) fn no_such_check() -> View {
    View::Told(Message::new("details-no-such-check"), None)
}

/// Why what was written is not kept.
pub(in crate::service) fn wrong_words(error: WordsError) -> Message {
    match error {
        WordsError::Blank => Message::new("words-blank"),
        WordsError::TooLong(length) => {
            Message::new("words-too-long").with("length", length.to_string()).with("most", Words::MOST.to_string())
        }
    }
}
