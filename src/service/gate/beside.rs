//! What the gate has to say in the report of a checklist: what ran on the host meanwhile, and what was done alone and waits
//! for its review.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::super::Service;
use crate::domain::message::{Explain, Language, Localised};
use crate::domain::owed;
use crate::domain::report::Report;
use crate::text::word;

/// How long a check that is due waits for an act on its host. Longer than a restart; what takes longer is told in the report.
const PATIENCE: Duration = Duration::from_secs(60);
/// The pause between two looks.
const PAUSE: Duration = Duration::from_millis(250);

impl Service {
    /// Waits for the act that runs on `host`, for a while: nobody sits there, and what is seen meanwhile may be passing.
    pub(in crate::service) async fn let_act_end(&self, host: &str) {
        let until = Instant::now() + PATIENCE;
        let mut told = false;
        while let Ok(Some(act)) = self.0.store.running_on(host).await {
            if !told {
                tracing::info!(host, id = %act.request, "a check that is due waits for an act");
                told = true;
            }
            if Instant::now() > until {
                return;
            }
            sleep(PAUSE).await;
        }
    }

    /// Adds to a report which acts ran on its host meanwhile.
    pub(in crate::service) async fn add_acts(&self, report: &mut Report) {
        let span = (report.started_at, report.finished_at);
        match self.0.store.acts_during(&report.host, span).await {
            Ok(acts) => report.during = acts,
            Err(error) => tracing::error!(%error, "which acts ran meanwhile cannot be read"),
        }
    }

    /// Adds to a report what somebody did alone on its host and nobody else has reviewed: a check for each, which no waiver
    /// covers.
    pub(in crate::service) async fn add_reviews(&self, report: &mut Report) {
        let both = |key| Localised { ko: word(key, Language::Ko), en: word(key, Language::En) };
        let title = both("review-section");
        let section = match self.0.store.unreviewed(Some(&report.host)).await {
            Ok(acts) => owed::section(&acts, title, &both("review-remedy")),
            Err(error) => {
                tracing::error!(%error, "what waits for its review cannot be read");
                Some(owed::unknown(error.message(), title))
            }
        };
        report.sections.extend(section);
    }
}
