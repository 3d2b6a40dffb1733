//! Where a sign-off stands: what is open, what was said, and what comes next.

use std::collections::BTreeMap;

use super::{SignView, Signable, Walk, failed};
use crate::domain::finding::FindingId;
use crate::domain::message::Message;
use crate::domain::run::RunId;
use crate::domain::signoff::Standing;
use crate::domain::signoff::draft::{Draft, Said};
use crate::domain::waiver::WaiverId;
use crate::service::{Person, Service, View};
use crate::store::FindingsOf;

impl Service {
    /// What `person` sees of signing `signable`: the walk, or what was signed. `item` is what they chose to speak of,
    /// `note` what is to be said above it.
    pub(in crate::service) async fn walk(
        &self,
        signable: &Signable,
        person: &Person,
        item: Option<String>,
        note: Option<Message>,
    ) -> Result<View, View> {
        let standing = self.0.store.standing(&signable.case).await.map_err(|error| failed(&error))?;
        if let Standing::Signed(signature) = standing {
            return self.signed_view(signature.id, note).await;
        }
        let (signable, newer) = self.newest(signable, person).await?;
        let Signable { run, report, case } = signable;
        let draft = self.draft_of(run, person).await?;
        let chosen = item.filter(|item| report.check(item).is_some());
        let next = || draft.open(&report).first().map(|(check, _)| check.id.clone());
        let item = chosen.or_else(next);
        let findings = self.open_findings(&case.command, &case.host).await?;
        let note = newer.or(note);
        Ok(View::Sign(SignView::Walk(Box::new(Walk { run, report, case, draft, item, findings, note }))))
    }

    /// The latest result of the same case, with what still holds of what was said of an earlier one.
    pub(super) async fn newest(
        &self,
        signable: &Signable,
        person: &Person,
    ) -> Result<(Signable, Option<Message>), View> {
        let store = &self.0.store;
        let calendar = self.calendar(&signable.case.command, &signable.case.host);
        let newest = store.newest_run(&signable.case, &calendar).await.map_err(|error| failed(&error))?;
        let (found, note) = match newest.filter(|newest| *newest != signable.run) {
            None => (signable.clone(), None),
            Some(newest) => {
                let note = Message::new("sign-newer");
                let note = note.with("old", signable.run.to_string()).with("new", newest.to_string());
                let report = self.report_of(newest).await?;
                (Signable { run: newest, report, case: signable.case.clone() }, Some(note))
            }
        };
        self.take_along(&found, person).await?;
        Ok((found, note))
    }

    /// Takes what `person` said of an earlier result of the same case along to `signable`, as far as it still holds, unless
    /// they have begun there: also what they had signed before that was taken back, or opened again.
    async fn take_along(&self, signable: &Signable, person: &Person) -> Result<(), View> {
        let store = &self.0.store;
        let begun = store.draft(signable.run, person.id).await.map_err(|error| failed(&error))?;
        if begun != Draft::default() {
            return Ok(());
        }
        let calendar = self.calendar(&signable.case.command, &signable.case.host);
        let before = store.drafted_before(&signable.case, &calendar, signable.run, person.id).await;
        let Some(before) = before.map_err(|error| failed(&error))? else { return Ok(()) };
        let old = self.draft_of(before, person).await?;
        let carried = old.carried_over(&*self.report_of(before).await?, &signable.report);
        let taken = store.change_draft(signable.run, person.id, self.0.clock.now(), |draft| {
            if *draft == Draft::default() {
                *draft = carried;
            }
        });
        taken.await.map_err(|error| failed(&error))?;
        Ok(())
    }

    /// What `person` has said so far of the result of `run`, as far as it holds now: a waiver that is over says nothing.
    pub(super) async fn draft_of(&self, run: RunId, person: &Person) -> Result<Draft, View> {
        let mut draft = self.0.store.draft(run, person.id).await.map_err(|error| failed(&error))?;
        let now = self.0.clock.now();
        let waived: Vec<(String, WaiverId)> = draft
            .said
            .iter()
            .filter_map(|(check, said)| match said {
                Said::Waiver(waiver) => Some((check.clone(), *waiver)),
                Said::Finding(_) | Said::Note(_) => None,
            })
            .collect();
        for (check, waiver) in waived {
            let waiver = self.0.store.waiver(waiver).await.map_err(|error| failed(&error))?;
            if waiver.is_none_or(|waiver| !waiver.runs_at(now)) {
                draft.said.remove(&check);
            }
        }
        Ok(draft)
    }

    /// The open findings of `command` on `host`, by check: of several the latest.
    pub(super) async fn open_findings(&self, command: &str, host: &str) -> Result<BTreeMap<String, FindingId>, View> {
        let of = FindingsOf { command: Some(command.to_owned()), host: Some(host.to_owned()), ..FindingsOf::default() };
        let mut found = self.0.store.findings(&of).await.map_err(|error| failed(&error))?;
        found.sort_by_key(|finding| finding.id);
        Ok(found.into_iter().map(|finding| (finding.filed.source.check, finding.id)).collect())
    }
}
