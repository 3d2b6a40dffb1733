//! Looking at findings: all of them, or one with its steps.

use std::sync::Arc;

use super::FindingView;
use crate::domain::finding::{Finding, FindingId};
use crate::domain::message::Message;
use crate::service::show::told;
use crate::service::{Person, Service, View};
use crate::store::FindingsOf;

impl Service {
    /// The findings of the checklists that `person` may run, and those that are theirs.
    pub(super) async fn list(&self, closed: bool, person: &Person) -> Result<View, View> {
        let all = self.0.store.findings(&FindingsOf { closed, ..FindingsOf::default() }).await;
        let mut findings = all.map_err(|error| told(&error))?;
        findings.retain(|finding| self.may_see(finding, person));
        Ok(View::Finding(FindingView::List { findings, closed, today: self.today() }))
    }

    pub(super) async fn show_finding(&self, id: FindingId, person: &Person) -> Result<View, View> {
        Ok(self.one(self.finding_for(id, person).await?, None))
    }

    /// One finding as `person` sees it who may change it.
    pub(super) fn one(&self, finding: Finding, note: Option<Message>) -> View {
        View::Finding(FindingView::One { finding: Arc::new(finding), today: self.today(), note })
    }

    /// The finding `id`, if `person` may see it.
    pub(super) async fn finding_for(&self, id: FindingId, person: &Person) -> Result<Finding, View> {
        let found = self.0.store.finding(id).await.map_err(|error| told(&error))?;
        let missing = || View::Told(Message::new("finding-unknown").with("finding", id.to_string()), None);
        let finding = found.ok_or_else(missing)?;
        if finding.stand.owner.id != person.id {
            self.may_run(person, &finding.filed.source.command).map_err(|refusal| told(&refusal))?;
        }
        Ok(finding)
    }

    fn may_see(&self, finding: &Finding, person: &Person) -> bool {
        finding.stand.owner.id == person.id || self.lets(person, &finding.filed.source.command)
    }
}
