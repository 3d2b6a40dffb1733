//! What the record says beside a result: who signed, and which findings are still open.

use std::sync::Arc;

use chrono::NaiveDate;

use crate::domain::approval::KeptRequest;
use crate::domain::audit::Head;
use crate::domain::finding::Finding;
use crate::domain::message::Message;
use crate::domain::report::Report;
use crate::domain::run::RunId;
use crate::domain::signoff::Standing;
use crate::service::{Service, View};
use crate::store::{FindingsOf, StoreError};

/// What the record says beside a result.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Beside {
    /// How its case stands; none where the checklist is not signed.
    pub standing: Option<Standing>,
    /// The findings of the same checklist and host that are open, the most urgent first.
    pub findings: Vec<Finding>,
    /// What day it is.
    pub today: NaiveDate,
    /// What somebody did alone on that host, and nobody else has reviewed yet.
    pub unreviewed: Vec<KeptRequest>,
    /// The end of the audit record: what is posted bears witness outside of the database.
    pub head: Option<Head>,
}

impl Service {
    /// A finished run as it is shown: its report, and what the record says beside it.
    pub async fn finished(
        &self,
        run: Option<RunId>,
        report: Arc<Report>,
        asked_by: Option<u64>,
        not_kept: Option<Message>,
    ) -> View {
        let beside = self.beside(&report).await.unwrap_or_else(|error| {
            tracing::error!(%error, "what the record says beside a report cannot be read");
            Beside::default()
        });
        View::Finished { run, report, asked_by, not_kept, beside: Arc::new(beside) }
    }

    async fn beside(&self, report: &Report) -> Result<Beside, StoreError> {
        let standing = match self.signed(&report.command) {
            Some(every) => Some(self.0.store.standing(&self.case(report, every)).await?),
            None => None,
        };
        let of = FindingsOf {
            command: Some(report.command.clone()),
            host: Some(report.host.clone()),
            ..FindingsOf::default()
        };
        // Whatever checklist somebody opens: what was done alone must not hide behind one of them.
        let unreviewed = self.0.store.unreviewed(Some(&report.host)).await?;
        let head = Some(self.0.store.audit_head().await?).filter(|head| head.seq > 0);
        let findings = self.0.store.findings(&of).await?;
        Ok(Beside { standing, findings, today: self.today(), unreviewed, head })
    }
}
