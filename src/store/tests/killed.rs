//! Killed at any moment: what was kept is whole, what was not is not there at all.

use std::io::{BufRead, BufReader};
use std::time::Duration;

use super::sample::nine;
use super::{Fresh, assert_sound, child, one};
use crate::domain::run::{RunId, RunState};

#[tokio::test]
async fn a_writer_that_is_killed_leaves_nothing_half_written() {
    let fresh = Fresh::new().await;
    let mut unfinished = 0;
    for round in 0..12_u64 {
        let mut writer = child::command("write", &fresh.path()).spawn().unwrap();
        let mut lines = BufReader::new(writer.stdout.take().unwrap()).lines();
        assert!(lines.any(|line| line.unwrap().contains("writing")), "the writer never began");
        // Any moment will do, so long as it is another one each time.
        tokio::time::sleep(Duration::from_millis(20 + 37 * round % 101)).await;
        writer.kill().unwrap();
        writer.wait().unwrap();

        assert_sound(&fresh.store).await;
        let running = one::<i64>(&fresh.store, "SELECT count(*) FROM run WHERE state = 'running'").await;
        assert!(running <= 1, "one writer leaves one run at most, not {running}");
        let interrupted = fresh.store.interrupt_overdue(nine(5000)).await.unwrap();
        assert_eq!(interrupted.len(), usize::try_from(running).unwrap());
        unfinished += running;
    }
    let runs = one::<i64>(&fresh.store, "SELECT max(id) FROM run").await;
    let mut finished = 0;
    for id in 1..=runs {
        let kept = fresh.store.kept_run(RunId(id)).await.unwrap().unwrap();
        match kept.state {
            RunState::Finished => {
                finished += 1;
                let report = kept.report.unwrap();
                assert_eq!(report.checks().count(), 12);
                assert_eq!(report.checks().map(|check| check.measurements.len()).sum::<usize>(), 27);
            }
            RunState::Interrupted => assert_eq!(kept.report, None),
            RunState::Running => panic!("run {id} still goes on"),
        }
    }
    assert_eq!(finished + unfinished, runs);
    assert!(finished > 0, "no writer ever came to an end");
    for table in ["SELECT count(*) FROM run_check", "SELECT count(*) FROM evidence"] {
        assert_eq!(one::<i64>(&fresh.store, table).await, 12 * finished);
    }
    println!("12 writers killed: {finished} runs whole, {unfinished} cut off");
}
