//! The end of the walk: signed, once, by one; and taking it back.

use std::sync::Arc;

use super::say::{ask, wrong_words};
use super::{SignForm, SignView, failed, who};
use crate::domain::message::{Explain, Message};
use crate::domain::run::RunId;
use crate::domain::signoff::{Illegal, SignOff, SignOffId, Standing};
use crate::domain::words::Words;
use crate::service::show::told;
use crate::service::{Chat, ChatError, Person, Service, View};
use crate::store::{Signing, Withdrawing};

impl Service {
    /// Signs the result of `run` with what was said of it.
    pub(super) async fn sign(&self, run: RunId, person: &Person) -> Result<View, View> {
        let signable = self.signable(run, person).await?;
        let standing = self.0.store.standing(&signable.case).await.map_err(|error| failed(&error))?;
        if let Standing::Signed(signature) = standing {
            return self.signed_view(signature.id, Some(Illegal::Signed(Box::new(signature)).message())).await;
        }
        let draft = self.draft_of(run, person).await?;
        let statement = match draft.complete(run, &signable.report) {
            Ok(statement) => statement,
            Err(open) => {
                let note = Message::new("sign-still-open").with("count", open.len().to_string());
                return self.walk(&signable, person, None, Some(note)).await;
            }
        };
        let (case, now) = (&signable.case, self.0.clock.now());
        let calendar = self.calendar(&case.command, &case.host);
        let signing = self.0.store.sign(case, &calendar, &statement, &who(person), now).await;
        match signing.map_err(|error| failed(&error))? {
            Signing::Signed(signature) => {
                tracing::info!(person = person.id, %run, command = signable.case.command, "signed");
                self.signed_view(signature.id, Some(Message::new("sign-done"))).await
            }
            Signing::Taken(signature) => {
                let id = signature.id;
                self.signed_view(id, Some(Illegal::Signed(signature).message())).await
            }
            // The walk itself goes to the latest result, and says so.
            Signing::Newer(_) => self.walk(&signable, person, None, None).await,
            Signing::Altered => {
                tracing::error!(%run, "what is kept of a run is not what was looked at");
                Err(View::Told(Message::new("sign-altered").with("run", run.to_string()), None))
            }
        }
    }

    /// What was signed, with what is to be said above it.
    pub(super) async fn signed_view(&self, id: SignOffId, note: Option<Message>) -> Result<View, View> {
        let sign_off = self.sign_off(id).await?;
        let case = &sign_off.case;
        let title = self.commands().checklists.get(&case.command).map(|checklist| checklist.title.clone());
        let host_title = self.config().hosts.get(&case.host).map(|host| host.title.clone());
        Ok(View::Sign(SignView::Signed {
            title: title.unwrap_or_default(),
            host_title: host_title.unwrap_or_default(),
            sign_off: Arc::new(sign_off),
            note,
        }))
    }

    async fn sign_off(&self, id: SignOffId) -> Result<SignOff, View> {
        let found = self.0.store.sign_off(id).await.map_err(|error| failed(&error))?;
        found.ok_or_else(|| told(&Illegal::NotSigned))
    }

    pub(super) async fn ask_withdrawal(&self, id: SignOffId, chat: &impl Chat) -> Result<(), ChatError> {
        let form = async {
            self.withdrawable(id, chat.person()).await?;
            Ok::<_, View>(SignForm::Withdrawal { sign_off: id })
        };
        ask(form, chat).await
    }

    /// The sign-off `id`, if it holds and `person` may take it back: who signed, and whoever may sign.
    async fn withdrawable(&self, id: SignOffId, person: &Person) -> Result<SignOff, View> {
        let sign_off = self.sign_off(id).await?;
        if sign_off.signature.by.id != person.id {
            self.may_sign(person, &sign_off.case.command, &sign_off.case.host)
                .await
                .map_err(|refusal| told(&refusal))?;
        }
        if sign_off.ended.is_some() {
            return Err(told(&Illegal::NotSigned));
        }
        Ok(sign_off)
    }

    /// Takes a sign-off back.
    pub(super) async fn withdraw(&self, id: SignOffId, reason: &str, person: &Person) -> Result<View, View> {
        let sign_off = self.withdrawable(id, person).await?;
        let reason = Words::new(&self.0.masker.mask(reason)).map_err(|error| View::Told(wrong_words(error), None))?;
        let now = self.0.clock.now();
        let taken = self.0.store.withdraw(&sign_off.case, id, &who(person), now, &reason).await;
        match taken.map_err(|error| failed(&error))? {
            Withdrawing::Withdrawn(_) => {
                tracing::info!(person = person.id, sign_off = id.0, "a sign-off is withdrawn");
                self.signed_view(id, None).await
            }
            Withdrawing::NotSigned => Err(told(&Illegal::NotSigned)),
        }
    }
}
