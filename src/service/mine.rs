//! What is mine: what I may sign, the findings that I see to.

use super::{Chat, ChatError, Person, Service, View};
use crate::domain::mine::{Mine, ToSign};
use crate::domain::period::Period;
use crate::domain::signoff::{Case, Standing};
use crate::store::{FindingsOf, StoreError};

impl Service {
    /// Answers `/me`.
    ///
    /// # Errors
    /// [`ChatError`] when the answer did not get through.
    pub async fn answer_mine(&self, chat: &impl Chat) -> Result<(), ChatError> {
        let view = match self.mine(chat.person()).await {
            Ok(mine) => View::Mine(Box::new(mine)),
            Err(error) => super::show::told(&error),
        };
        chat.whisper(&view).await
    }

    async fn mine(&self, person: &Person) -> Result<Mine, StoreError> {
        let owner = FindingsOf { owner: Some(person.id), ..FindingsOf::default() };
        let findings = self.0.store.findings(&owner).await?;
        Ok(Mine { to_sign: self.to_sign(person).await?, findings, today: self.today() })
    }

    async fn to_sign(&self, person: &Person) -> Result<Vec<ToSign>, StoreError> {
        let (store, zone) = (&self.0.store, self.config().timezone);
        let begun = store.drafts_of(person.id).await?;
        let mut found = Vec::new();
        for checklist in self.commands().checklists.values() {
            let Some(every) = checklist.signed else { continue };
            if self.may_sign(person, &checklist.id).await.is_err() {
                continue;
            }
            for host in self.config().hosts.values() {
                let period = Period::at(every, self.0.clock.now(), zone);
                let case = Case { command: checklist.id.clone(), host: host.name.clone(), period };
                let standing = store.standing(&case).await?;
                if standing.signature().is_some() {
                    continue;
                }
                let run = store.newest_run(&case, zone).await?;
                found.push(ToSign {
                    title: checklist.title.clone(),
                    host_title: host.title.clone(),
                    period,
                    run,
                    again: standing != Standing::Open,
                    begun: run.is_some_and(|run| begun.contains(&run)),
                });
            }
        }
        Ok(found)
    }
}
