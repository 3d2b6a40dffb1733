//! Runs a checklist: its probes side by side, each under a deadline, graded as they come in. A probe that fails, hangs or
//! crashes costs the others nothing.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::Semaphore;
use tokio::task::{Id, JoinSet};
use tokio::time::{Instant, timeout_at};

use crate::clock::Clock;
use crate::domain::command::{Check, Checklist};
use crate::domain::evidence::{CouldNotLook, Looked};
use crate::domain::grade::{Grade, grade};
use crate::domain::history::History;
use crate::domain::message::{Localised, Message};
use crate::domain::probe::Probe;
use crate::domain::quantity::Quantity;
use crate::domain::report::{Report, ReportBuilder};

/// How long the run of `checklist` may take: a while more than its slowest look, since looks wait for a place.
pub fn run_deadline(checklist: &Checklist) -> Duration {
    let slowest = checklist.checks().map(|check| check.deadline).max().unwrap_or(Check::DEADLINE);
    slowest + QUEUEING
}

/// How much longer than its slowest look a run may take.
const QUEUEING: Duration = Duration::from_secs(20);
/// How many probes look at a time. A host has its own, smaller cap on what they share of it.
const SIDE_BY_SIDE: usize = 16;

/// What is to be run.
pub struct Plan<'a> {
    /// The checklist.
    pub checklist: &'a Checklist,
    /// The host, by its name in `bot.toml`.
    pub host: &'a str,
    /// What the host is called.
    pub host_title: &'a Localised,
    /// What the runs before found, by check, or why that cannot be known.
    pub past: Result<&'a BTreeMap<String, History>, Message>,
}

/// Runs `plan`; `look` does the looking, `progress` hears of the report whenever a check has come in.
///
/// Checks with equal probes share one look.
pub async fn run<F>(
    plan: &Plan<'_>,
    clock: &Clock,
    look: impl Fn(Probe, Duration) -> F,
    mut progress: impl FnMut(&ReportBuilder),
) -> Report
where
    F: Future<Output = Looked> + Send + 'static,
{
    let mut report = ReportBuilder::new(plan.checklist, plan.host, plan.host_title, clock.now());
    let end = Instant::now() + run_deadline(plan.checklist);
    let places = Arc::new(Semaphore::new(SIDE_BY_SIDE));
    let mut looking = JoinSet::new();
    let mut waiting: BTreeMap<Id, Vec<&Check>> = BTreeMap::new();
    for (probe, checks) in by_probe(plan.checklist) {
        let started = Instant::now();
        let what = probe.kind();
        // Of checks that share a look, the most patient one says how long it may take.
        let patience = checks.iter().map(|check| check.deadline).max().unwrap_or(Check::DEADLINE);
        let look = look(probe.clone(), patience);
        let places = Arc::clone(&places);
        let handle = looking.spawn(async move {
            // The semaphore is never closed, so there always is a place in the end.
            let _place = places.acquire_owned().await;
            let deadline = end.min(Instant::now() + patience);
            timeout_at(deadline, look).await.unwrap_or_else(|_| Err(too_late(what, started)))
        });
        waiting.insert(handle.id(), checks);
    }
    let nothing = History::default();
    while let Some(joined) = looking.join_next_with_id().await {
        let (id, looked) = match joined {
            Ok((id, looked)) => (id, looked),
            Err(error) => {
                tracing::error!(%error, "a probe crashed");
                (error.id(), Err(crashed()))
            }
        };
        for check in waiting.remove(&id).unwrap_or_default() {
            let compared = without_past(plan, check, &looked, clock.now());
            let past = plan.past.as_ref().ok().and_then(|past| past.get(&check.id)).unwrap_or(&nothing);
            report.take(check, compared.as_ref().unwrap_or(&looked), past, clock.now());
        }
        progress(&report);
    }
    report.finish()
}

/// The distinct probes of a checklist, each with the checks that want it.
fn by_probe(checklist: &Checklist) -> Vec<(&Probe, Vec<&Check>)> {
    let mut probes: Vec<(&Probe, Vec<&Check>)> = Vec::new();
    for check in checklist.checks() {
        match probes.iter_mut().find(|(probe, _)| **probe == check.probe) {
            Some((_, checks)) => checks.push(check),
            None => probes.push((&check.probe, vec![check])),
        }
    }
    probes
}

fn too_late(what: &str, started: Instant) -> CouldNotLook {
    let elapsed = started.elapsed();
    CouldNotLook {
        what: what.to_owned(),
        reason: Message::new("reason-deadline").with("after", Quantity::duration(elapsed)),
        hint: None,
        output: String::new(),
        elapsed,
    }
}

/// A check whose rules ask what was before, where that cannot be known: it is not taken for too little. What fails without the
/// past fails all the same.
fn without_past(plan: &Plan<'_>, check: &Check, looked: &Looked, now: DateTime<Utc>) -> Option<Looked> {
    let why = plan.past.as_ref().err().filter(|_| check.asks_past())?;
    let seen = looked.as_ref().ok()?;
    let fails = grade(check, looked, &History::default(), now).grade == Grade::Fail;
    (!fails).then(|| {
        Err(CouldNotLook {
            what: check.probe.kind().to_owned(),
            reason: why.clone(),
            hint: None,
            output: seen.output.clone(),
            elapsed: seen.elapsed,
        })
    })
}

fn crashed() -> CouldNotLook {
    CouldNotLook {
        what: String::new(),
        reason: Message::new("reason-crashed"),
        hint: None,
        output: String::new(),
        elapsed: Duration::ZERO,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::commands;
    use crate::document::Document;
    use crate::domain::evidence::{Evidence, Measurement};
    use crate::domain::grade::Grade;

    const FOUR: &str = r#"
        kind = "checklist"
        title = { ko = "넷", en = "Four" }
        description = { ko = "넷", en = "Four" }
        [probes.same]
        kind = "shell"
        command = "same"
        [[section]]
        id = "s"
        title = { ko = "가", en = "A" }
        [[section.check]]
        id = "one"
        title = { ko = "가", en = "A" }
        probe = "same"
        rules = [{ measure = "exit", fail = "!= 0" }]
        [[section.check]]
        id = "two"
        title = { ko = "가", en = "A" }
        probe = "same"
        rules = [{ measure = "exit", warn = "!= 1" }]
        [[section.check]]
        id = "crashes"
        title = { ko = "가", en = "A" }
        probe = { kind = "shell", command = "crash" }
        rules = [{ measure = "exit", fail = "!= 0" }]
        [[section.check]]
        id = "hangs"
        title = { ko = "가", en = "A" }
        probe = { kind = "shell", command = "hang" }
        rules = [{ measure = "exit", fail = "!= 0" }]
    "#;

    #[tokio::test(start_paused = true)]
    async fn a_probe_that_crashes_or_hangs_costs_the_others_nothing_and_equal_ones_look_once() {
        let four = commands::parse(Document::new("four.toml".as_ref(), FOUR.to_owned())).unwrap();
        let commands::Command::Checklist(checklist) = four else { panic!("it is a checklist") };
        let title = Localised::default();
        let plan = Plan { checklist: &checklist, host: "here", host_title: &title, past: Ok(&BTreeMap::new()) };
        static LOOKS: AtomicUsize = AtomicUsize::new(0);
        let look = |probe: Probe, _| async move {
            LOOKS.fetch_add(1, Ordering::SeqCst);
            let Probe::Shell(shell) = probe else { unreachable!() };
            match shell.command.as_str() {
                "crash" => panic!("a probe with a fault"),
                "hang" => std::future::pending().await,
                _ => Ok(Evidence {
                    measurements: vec![Measurement::quantity("exit", Quantity::count(0.0))],
                    ..Evidence::default()
                }),
            }
        };
        let mut heard = Vec::new();
        let report = run(&plan, &Clock::system(), look, |report| heard.push(report.came_in().len())).await;
        let grades: Vec<_> = report.checks().map(|check| (check.id.as_str(), check.grade)).collect();
        assert_eq!(
            grades,
            [("one", Grade::Pass), ("two", Grade::Warn), ("crashes", Grade::Unknown), ("hangs", Grade::Unknown)]
        );
        assert_eq!(LOOKS.load(Ordering::SeqCst), 3);
        assert_eq!(heard.len(), 3);
        assert_eq!(heard.last(), Some(&4));
    }

    #[tokio::test]
    async fn without_the_past_what_asks_it_is_unknown_and_what_fails_fails() {
        let same =
            FOUR.split("        [[section.check]]").take(2).collect::<Vec<_>>().join("        [[section.check]]");
        let same = same.replace("rules = [", "rules = [{ measure = \"exit\", warn = \"rises\", optional = true }, ");
        let read = commands::parse(Document::new("one.toml".as_ref(), same)).unwrap();
        let commands::Command::Checklist(checklist) = read else { panic!("it is a checklist") };
        let title = Localised::default();
        let none = BTreeMap::new();
        let unread = Message::new("store-full");
        for (exit, past, expected) in [
            (0.0, Ok(&none), Grade::Pass),
            (0.0, Err(unread.clone()), Grade::Unknown),
            (1.0, Err(unread.clone()), Grade::Fail),
        ] {
            let plan = Plan { checklist: &checklist, host: "here", host_title: &title, past };
            let look = |_, _| async move {
                let exit = Measurement::quantity("exit", Quantity::count(exit));
                Ok(Evidence { measurements: vec![exit], output: "seen".to_owned(), ..Evidence::default() })
            };
            let report = run(&plan, &Clock::system(), look, |_| {}).await;
            let check = report.checks().next().unwrap();
            assert_eq!((check.grade, check.evidence.output.as_str()), (expected, "seen"));
            assert_eq!(check.reasons.contains(&unread), expected == Grade::Unknown);
        }
    }
}
