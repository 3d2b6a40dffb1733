//! Whether an act worked: the checks that its file names, before it was asked for and after it was done.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::super::{Parts, Service};
use crate::domain::action::{Before, Ended, Outcome, Proof, Proven};
use crate::domain::approval::NewRequest;
use crate::domain::command::{Checklist, Section};
use crate::domain::grade::Grade;
use crate::domain::message::Message;
use crate::domain::report::{Report, ReportedCheck};
use crate::host::Host;
use crate::render::line;
use crate::runner::{self, Plan};

/// How long a service may take to become well again: a container's health is asked every half a minute at most.
const PATIENCE: Duration = Duration::from_secs(90);
/// The pause between two looks.
const PAUSE: Duration = Duration::from_secs(2);

impl Service {
    /// The checks that prove an act, and the one whose remedy it is, as they are now.
    pub(super) async fn before(
        &self,
        host: &Host,
        proves: Option<&Proof>,
        remedy_of: Option<&Proof>,
    ) -> BTreeMap<String, Before> {
        let proofs = proves.into_iter().chain(besides(proves, remedy_of));
        let reports = futures::future::join_all(proofs.map(|proof| self.look_at(host, proof))).await;
        let mut before = BTreeMap::new();
        for report in reports.into_iter().flatten() {
            for check in report.checks() {
                let seen = Before { grade: check.grade, value: self.value_of(check) };
                before.insert(name(&report, check), seen);
            }
        }
        before
    }

    /// Looks until the checks show that it worked, or the patience is over, and says in `outcome` how it came out. Of an act that
    /// failed it is shown what it left behind; nobody waits for that to become well. The check whose remedy it was is shown
    /// as well: it may take more than this one act.
    pub(super) async fn prove(&self, host: &Host, proves: Option<&Proof>, asked: &NewRequest, outcome: &mut Outcome) {
        if let Some(proof) = proves {
            self.wait_for_proof(host, proof, asked, outcome).await;
        }
        if let Some(besides) = besides(proves, asked.remedy_of.as_ref())
            && let Some(report) = self.look_at(host, besides).await
        {
            outcome.proofs.extend(self.proven(&report, asked));
        }
    }

    async fn wait_for_proof(&self, host: &Host, proof: &Proof, asked: &NewRequest, outcome: &mut Outcome) {
        let done = outcome.ended == Ended::Verified;
        let until = Instant::now() + PATIENCE;
        let (report, shown) = loop {
            let Some(report) = self.look_at(host, proof).await else {
                outcome.ended = if done { Ended::Failed } else { outcome.ended };
                outcome.says.push(Message::new("gate-not-proven"));
                return;
            };
            let shows = |one: &ReportedCheck| proof.is_shown_by(&one.id, graded_before(&report, one, asked), one.grade);
            let shown = report.checks().all(shows);
            if shown || !done || Instant::now() + PAUSE > until {
                break (report, shown);
            }
            sleep(PAUSE).await;
        };
        outcome.proofs = self.proven(&report, asked);
        if done && !shown {
            outcome.ended = Ended::Failed;
            outcome.says.push(Message::new("gate-not-well"));
        }
    }

    /// The checks of a report beside what they were when it was asked for.
    fn proven(&self, report: &Report, asked: &NewRequest) -> Vec<Proven> {
        let one = |check: &ReportedCheck| Proven {
            title: check.title.clone(),
            before: graded_before(report, check, asked),
            value_before: before(report, check, asked).map(|before| before.value.clone()).unwrap_or_default(),
            after: check.grade,
            value: self.value_of(check),
        };
        report.checks().map(one).collect()
    }

    /// What is shown beside a check.
    fn value_of(&self, check: &ReportedCheck) -> String {
        self.0.masker.mask(&line::values(check, self.config().language)).into_owned()
    }

    /// The checks of `proof`, looked at now. Not kept as a run: nobody asked for the checklist.
    pub(in crate::service) async fn look_at(&self, host: &Host, proof: &Proof) -> Option<Report> {
        let Parts { clock, commands, .. } = &*self.0;
        let config = host.config();
        let checklist = some_of(&self.on(commands.checklists.get(&proof.checklist)?, config), &proof.checks);
        let past = self.past(&checklist, &config.name).await;
        let past = past.as_ref().map_err(Clone::clone);
        let plan = Plan { checklist: &checklist, host: &config.name, host_title: &config.title, past };
        let look = |probe, deadline| self.look(probe, host.clone(), deadline);
        Some(runner::run(&plan, clock, look, |_| {}).await)
    }
}

/// The check whose remedy an act is, where the act is not proved by it anyway.
fn besides<'a>(proves: Option<&Proof>, remedy_of: Option<&'a Proof>) -> Option<&'a Proof> {
    remedy_of.filter(|of| !proves.is_some_and(|proves| proves.covers(of)))
}

/// A check's name in what is kept of it: checklists name theirs each for itself.
fn name(report: &Report, check: &ReportedCheck) -> String {
    format!("{}/{}", report.command, check.id)
}

/// How a check was when its act was asked for.
fn before<'a>(report: &Report, check: &ReportedCheck, asked: &'a NewRequest) -> Option<&'a Before> {
    // Requests of the first versions knew one checklist.
    asked.before.get(&name(report, check)).or_else(|| asked.before.get(&check.id))
}

/// Its grade; what could not be looked at then is unknown, not well.
fn graded_before(report: &Report, check: &ReportedCheck, asked: &NewRequest) -> Grade {
    before(report, check, asked).map_or(Grade::Unknown, |before| before.grade)
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
