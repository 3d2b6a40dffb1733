//! Whether an act worked: the checks that its file names, before it was asked for and after it was done.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::super::{Parts, Service};
use crate::domain::action::{Ended, Outcome, Proof, Proven};
use crate::domain::command::{Checklist, Section};
use crate::domain::grade::Grade;
use crate::domain::message::{Language, Message};
use crate::domain::report::Report;
use crate::host::Host;
use crate::render::line;
use crate::runner::{self, Plan};

/// How long a service may take to become well again: a container's health is asked every half a minute at most.
const PATIENCE: Duration = Duration::from_secs(90);
/// The pause between two looks.
const PAUSE: Duration = Duration::from_secs(2);

impl Service {
    /// The grades of the checks that prove an act, as they are now.
    pub(super) async fn grades(&self, host: &Host, proof: &Proof) -> BTreeMap<String, Grade> {
        match self.look_at(host, proof).await {
            Some(report) => report.checks().map(|check| (check.id.clone(), check.grade)).collect(),
            None => BTreeMap::new(),
        }
    }

    /// Looks until the checks are well, or the patience is over, and says in `outcome` how it came out. Of an act that
    /// failed it is shown what it left behind; nobody waits for that to become well.
    pub(super) async fn prove(
        &self,
        host: &Host,
        proof: Option<&Proof>,
        before: &BTreeMap<String, Grade>,
        outcome: &mut Outcome,
    ) {
        let Some(proof) = proof else { return };
        let done = outcome.ended == Ended::Verified;
        let until = Instant::now() + PATIENCE;
        let report = loop {
            let Some(report) = self.look_at(host, proof).await else {
                outcome.ended = if done { Ended::Failed } else { outcome.ended };
                outcome.says.push(Message::new("gate-not-proven"));
                return;
            };
            let well = report.checks().all(|check| is_well(check.grade));
            if well || !done || Instant::now() + PAUSE > until {
                break report;
            }
            sleep(PAUSE).await;
        };
        let language = Language::default();
        outcome.proofs = report
            .checks()
            .map(|check| Proven {
                title: check.title.clone(),
                // What could not be looked at before is unknown, not well.
                before: before.get(&check.id).copied().unwrap_or(Grade::Unknown),
                after: check.grade,
                value: self.0.masker.mask(&line::values(check, language)).into_owned(),
            })
            .collect();
        if done && outcome.proofs.iter().any(|proven| !is_well(proven.after)) {
            outcome.ended = Ended::Failed;
            outcome.says.push(Message::new("gate-not-well"));
        }
    }

    /// The checks of `proof`, looked at now. Not kept as a run: nobody asked for the checklist.
    pub(in crate::service) async fn look_at(&self, host: &Host, proof: &Proof) -> Option<Report> {
        let Parts { store, clock, commands, .. } = &*self.0;
        let config = host.config();
        let checklist = some_of(&self.on(commands.checklists.get(&proof.checklist)?, config), &proof.checks);
        let past = store.past(&checklist, &config.name, clock.now()).await.unwrap_or_default();
        let plan = Plan { checklist: &checklist, host: &config.name, host_title: &config.title, past: &past };
        let look = |probe, deadline| self.look(probe, host.clone(), deadline);
        Some(runner::run(&plan, clock, look, |_| {}).await)
    }
}

/// Whether a check shows that nothing is wrong: what could not be looked at shows nothing.
const fn is_well(grade: Grade) -> bool {
    matches!(grade, Grade::Pass | Grade::Waived | Grade::Skipped | Grade::Manual)
}

/// The checklist with only these of its checks; none named: all.
fn some_of(checklist: &Checklist, checks: &[String]) -> Checklist {
    let mut some = checklist.clone();
    if checks.is_empty() {
        return some;
    }
    for section in &mut some.sections {
        section.checks.retain(|check| checks.contains(&check.id));
    }
    some.sections.retain(|section: &Section| !section.checks.is_empty());
    some
}
