//! Acts when things go wrong: the host cut off, a flood of output, a service that stays ill, a bot that dies.

use std::sync::Arc;
use std::time::Duration;

use signoff::act;
use signoff::domain::action::step::{Run, Word};
use signoff::domain::action::{Action, Ended, Step};
use signoff::domain::approval::RequestId;

use crate::acting::{Acting, Heard, by, text};

/// An action that runs one program, shaped like a shipped one.
pub(crate) fn runs(acting: &Acting, argv: &[&str]) -> Action {
    let argv = argv.iter().map(|word| Word::Literal((*word).to_owned())).collect();
    let run = Run { argv, sudo: false, timeout: Duration::from_secs(120) };
    Action { parameters: Vec::new(), proves: None, steps: vec![Step::Run(run)], ..acting.action("restart") }
}

/// Ends every connection, and lets nobody in for some seconds.
fn cut_off(acting: &Acting, seconds: u32) {
    let script = format!(
        "systemctl stop ssh; pkill -x sshd; (sleep {seconds}; systemctl start ssh) >/dev/null 2>&1 </dev/null &"
    );
    acting.host.root(&["sh", "-c", &script]);
}

#[tokio::test]
#[ignore = "needs the box: tests/run brings it up"]
async fn a_host_cut_off_during_an_act_loses_nothing() {
    let acting = Acting::new().await;
    let action = runs(&acting, &["sh", "-c", "echo begins; sleep 6; echo ends >>/tmp/box-once; echo ends"]);
    let act = acting.act_as(&action, &[]);
    let cut = async {
        tokio::time::sleep(Duration::from_secs(2)).await;
        cut_off(&acting, 3);
    };
    let (outcome, ()) = tokio::join!(act, cut);
    let said = text(&outcome);
    assert_eq!(outcome.ended, Ended::Verified, "{said}");
    assert!(said.contains("begins") && said.contains("ends"), "{said}");
    let once = acting.host.root(&["sh", "-c", "cat /tmp/box-once; rm /tmp/box-once"]);
    assert_eq!(once.trim(), "ends", "once, and not again");
}

#[tokio::test]
#[ignore = "needs the box: tests/run brings it up"]
async fn a_host_cut_off_before_an_act_is_told_as_not_begun() {
    let acting = Acting::new().await;
    let action = runs(&acting, &["touch", "/tmp/box-never"]);
    let approved = acting.approved(&action, &[]).await.unwrap();
    cut_off(&acting, 25);
    let claimed = chrono::Utc::now().timestamp_millis();
    let outcome = act::perform(&action, &approved, claimed, &by(), &acting.stage, |_| {}).await;
    let said = text(&outcome);
    assert_eq!(outcome.ended, Ended::Failed, "{said}");
    assert!(said.contains("nothing has changed"), "{said}");
    acting.host.root(&["sh", "-c", "systemctl start ssh; test ! -e /tmp/box-never"]);
}

#[tokio::test]
#[ignore = "needs the box: tests/run brings it up"]
async fn a_gigabyte_of_output_costs_neither_memory_here_nor_disk_there() {
    let acting = Acting::new().await;
    let memory = || {
        let statm = std::fs::read_to_string("/proc/self/statm").unwrap();
        statm.split(' ').nth(1).unwrap().parse::<u64>().unwrap() * 4096
    };
    let flood = "echo password=hunter2hunter2; yes 0123456789012345678901234567890123456789 | head -c 1000000000; echo; echo the end";
    let action = runs(&acting, &["sh", "-c", flood]);
    let (before, heard) = (memory(), Heard::default());
    let approved = acting.approved(&action, &[]).await.unwrap();
    let claimed = chrono::Utc::now().timestamp_millis();
    let outcome =
        act::perform(&action, &approved, claimed, &by(), &acting.stage, |progress| heard.take(progress)).await;
    assert_eq!(outcome.ended, Ended::Verified, "{}", text(&outcome));
    assert!(outcome.output.ends_with("the end") && outcome.output.len() < 2000, "{}", outcome.output);
    assert!(memory() < before + 40_000_000, "{before} -> {}", memory());
    for progress in heard.0.lock().unwrap().iter() {
        assert!(progress.output.len() < 6000 && !progress.output.contains("hunter2"), "{}", progress.output);
    }
    let folder = format!("/var/tmp/signoff-1000/{}-{claimed}-1", approved.id().0);
    let size = acting.host.root(&["du", "-sk", &folder]);
    assert!(size.split('\t').next().unwrap().parse::<u32>().unwrap() < 600, "{size}");
}

#[tokio::test]
#[ignore = "needs the box: tests/run brings it up"]
async fn the_same_witness_begins_nothing_a_second_time() {
    let acting = Acting::new().await;
    let action = runs(&acting, &["sh", "-c", "echo once >>/tmp/box-twice"]);
    let approved = acting.approved(&action, &[]).await.unwrap();
    let claimed = chrono::Utc::now().timestamp_millis();
    let first = act::perform(&action, &approved, claimed, &by(), &acting.stage, |_| {}).await;
    assert_eq!(first.ended, Ended::Verified, "{}", text(&first));
    let second = act::perform(&action, &approved, claimed, &by(), &acting.stage, |_| {}).await;
    assert_eq!(second.ended, Ended::Interrupted, "{}", text(&second));
    let changed = Action { expires: action.expires * 2, ..action };
    let third = act::perform(&changed, &approved, claimed + 1, &by(), &acting.stage, |_| {}).await;
    assert_eq!(third.ended, Ended::Failed, "{}", text(&third));
    assert_eq!(acting.host.root(&["sh", "-c", "cat /tmp/box-twice; rm /tmp/box-twice"]).trim(), "once");
}

#[tokio::test]
#[ignore = "needs the box: tests/run brings it up"]
async fn a_service_that_comes_up_ill_is_a_failure_with_its_name() {
    let acting = Acting::new().await;
    acting.host.root(&["docker", "stop", "gear_freak_postgres"]);
    let outcome = acting.act("restart", &[("service", "serverpod")]).await;
    let said = text(&outcome);
    assert_eq!(outcome.ended, Ended::Failed, "{said}");
    assert!(said.contains("Not healthy: gear_freak_serverpod"), "{said}");
}

#[tokio::test]
#[ignore = "needs the box: tests/run brings it up"]
async fn what_a_bot_that_died_began_is_found_again_and_not_begun_again() {
    let acting = Arc::new(Acting::new().await);
    let action = runs(&acting, &["sh", "-c", "echo begins; sleep 4; echo ends >>/tmp/box-left; echo ends"]);
    let approved = acting.approved(&action, &[]).await.unwrap();
    let (id, claimed) = (approved.id(), chrono::Utc::now().timestamp_millis());
    let task = tokio::spawn({
        let (acting, action) = (Arc::clone(&acting), action.clone());
        async move { act::perform(&action, &approved, claimed, &by(), &acting.stage, |_| {}).await }
    });
    tokio::time::sleep(Duration::from_secs(2)).await;
    // As after kill -9: nobody follows any more.
    task.abort();
    assert!(task.await.is_err());
    let found = act::begun(&action.steps, id, claimed, &acting.stage).await;
    assert_eq!(found.ended, Ended::Interrupted);
    assert!(text(&found).contains("still runs on the server"), "{}", text(&found));
    tokio::time::sleep(Duration::from_secs(4)).await;
    let found = act::begun(&action.steps, id, claimed, &acting.stage).await;
    assert!(text(&found).contains("came to its end on the server"), "{}", text(&found));
    assert!(found.output.contains("ends"), "{}", text(&found));
    assert_eq!(acting.host.root(&["sh", "-c", "cat /tmp/box-left; rm /tmp/box-left"]).trim(), "ends");

    // Claimed, and killed before the first word to the host.
    let found = act::begun(&action.steps, RequestId(id.0 + 1000), claimed, &acting.stage).await;
    assert!(text(&found).contains("never begun"), "{}", text(&found));
}
