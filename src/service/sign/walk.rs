//! Where a sign-off stands: what is open, what was said, and what comes next.

use std::collections::BTreeMap;

use super::{SignView, Signable, Walk, failed};
use crate::domain::finding::FindingId;
use crate::domain::message::Message;
use crate::domain::signoff::Standing;
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
        let draft = self.0.store.draft(run, person.id).await.map_err(|error| failed(&error))?;
        let chosen = item.filter(|item| report.check(item).is_some());
        let next = || draft.open(&report).first().map(|(check, _)| check.id.clone());
        let item = chosen.or_else(next);
        let findings = self.open_findings(&case.command, &case.host).await?;
        let note = newer.or(note);
        Ok(View::Sign(SignView::Walk(Box::new(Walk { run, report, case, draft, item, findings, note }))))
    }

    /// The latest result of the same case, with what still holds of the draft of the one that was looked at.
    pub(super) async fn newest(
        &self,
        signable: &Signable,
        person: &Person,
    ) -> Result<(Signable, Option<Message>), View> {
        let store = &self.0.store;
        let newest = store.newest_run(&signable.case, self.config().timezone).await.map_err(|error| failed(&error))?;
        let Some(newest) = newest.filter(|newest| *newest != signable.run) else { return Ok((signable.clone(), None)) };
        let report = self.report_of(newest).await?;
        let old = store.draft(signable.run, person.id).await.map_err(|error| failed(&error))?;
        let carried = old.carried_over(&signable.report, &report);
        let now = self.0.clock.now();
        let take_along = store.change_draft(newest, person.id, now, |draft| {
            if *draft == crate::domain::signoff::draft::Draft::default() {
                *draft = carried;
            }
        });
        take_along.await.map_err(|error| failed(&error))?;
        let note = Message::new("sign-newer").with("old", signable.run.to_string()).with("new", newest.to_string());
        Ok((Signable { run: newest, report, case: signable.case.clone() }, Some(note)))
    }

    /// The open findings of `command` on `host`, by check: of several the latest.
    pub(super) async fn open_findings(&self, command: &str, host: &str) -> Result<BTreeMap<String, FindingId>, View> {
        let of = FindingsOf { command: Some(command.to_owned()), host: Some(host.to_owned()), ..FindingsOf::default() };
        let mut found = self.0.store.findings(&of).await.map_err(|error| failed(&error))?;
        found.sort_by_key(|finding| finding.id);
        Ok(found.into_iter().map(|finding| (finding.filed.source.check, finding.id)).collect())
    }
}
