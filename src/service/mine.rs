//! What is mine: what I may sign, the findings that I see to, the requests that wait for my word.

use super::authorize::Right;
use super::{Chat, ChatError, Person, Service, View};
use crate::domain::approval::{KeptRequest, State};
use crate::domain::mine::{Mine, ToDecide, ToSign};
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
        let (to_sign, to_decide) = (self.to_sign(person).await?, self.to_decide(person).await?);
        Ok(Mine { to_sign, findings, to_decide, today: self.today() })
    }

    /// The requests that wait for the word of `person`: nobody decides on their own, or twice.
    async fn to_decide(&self, person: &Person) -> Result<Vec<ToDecide>, StoreError> {
        let mut found = Vec::new();
        for KeptRequest { id, asked, request, place, .. } in self.0.store.waiting_requests().await? {
            let terms = request.terms();
            let waits = request.state() == State::Requested && !terms.needed.is_alone();
            let said = terms.requester == person.id || request.approvals().contains(&person.id);
            let action = self.commands().actions.get(&asked.action);
            let may = action.is_some_and(|action| self.may_act(Right::Approve, action, &person.roles).is_ok());
            if waits && !said && may {
                let (title, host_title) = (asked.title, asked.host_title);
                let chosen = asked.arguments.into_values().collect();
                let (requester, expires_at) = (asked.requester_name, terms.expires_at);
                found.push(ToDecide { request: id, title, chosen, host_title, requester, expires_at, place });
            }
        }
        Ok(found)
    }

    async fn to_sign(&self, person: &Person) -> Result<Vec<ToSign>, StoreError> {
        let store = &self.0.store;
        let begun = store.drafts_of(person.id).await?;
        let mut found = Vec::new();
        for checklist in self.commands().checklists.values() {
            let Some(every) = checklist.signed else { continue };
            for host in self.config().hosts.values() {
                if self.could_sign(person, &checklist.id, &host.name).await.is_err() {
                    continue;
                }
                let calendar = self.calendar(&checklist.id, &host.name);
                let period = calendar.period_at(every, self.0.clock.now());
                let case = Case { command: checklist.id.clone(), host: host.name.clone(), period };
                let standing = store.standing(&case).await?;
                if standing.signature().is_some() {
                    continue;
                }
                let run = store.newest_run(&case, &calendar).await?;
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
