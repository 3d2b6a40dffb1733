//! Runs that were cut off, and the messages that must say so.

use chrono::TimeDelta;

use super::sample::{daily, daily_in_terminal, nine, place, report};
use super::{Fresh, one};
use crate::domain::run::RunState;
use crate::store::{Fault, Interrupted};

#[tokio::test]
async fn a_run_past_its_deadline_is_interrupted() {
    let Fresh { store, folder: _folder } = Fresh::new().await;
    let (late, in_time) = (daily_in_terminal(nine(0)), daily(nine(1)));
    let first = store.begin_run(&late).await.unwrap();
    let second = store.begin_run(&in_time).await.unwrap();
    store.show_in(first, place(5)).await.unwrap();

    let interrupted: Result<Vec<_>, _> =
        store.interrupt_overdue(late.deadline_at + TimeDelta::milliseconds(1)).await.unwrap().into_iter().collect();
    assert_eq!(interrupted.unwrap(), [Interrupted { id: first, run: late.clone(), places: vec![place(5)] }]);
    assert!(store.interrupt_overdue(late.deadline_at + TimeDelta::hours(1)).await.unwrap().is_empty());

    let kept = store.kept_run(first).await.unwrap().unwrap();
    assert_eq!((kept.state, kept.report), (RunState::Interrupted, None));
    assert_eq!(store.kept_run(second).await.unwrap().unwrap().state, RunState::Running);
}

#[tokio::test]
async fn a_bot_that_starts_interrupts_what_its_death_cut_off() {
    let Fresh { store, folder: _folder } = Fresh::new().await;
    let begun = daily(nine(0));
    let cut_off = store.begin_run(&begun).await.unwrap();
    let finished = store.begin_run(&begun).await.unwrap();
    let elsewhere = store.begin_run(&daily_in_terminal(nine(0))).await.unwrap();
    for (run, message) in [(cut_off, 2), (cut_off, 1), (finished, 3)] {
        store.show_in(run, place(message)).await.unwrap();
    }
    assert!(store.finish_run(finished, &report(&begun, 0)).await.unwrap());

    let interrupted = store.interrupt_all_of_discord(nine(0) + TimeDelta::seconds(2)).await.unwrap();
    let [Ok(interrupted)] = interrupted.as_slice() else { panic!("{interrupted:?}") };
    assert_eq!(interrupted, &Interrupted { id: cut_off, run: begun, places: vec![place(1), place(2)] });
    assert_eq!(store.kept_run(elsewhere).await.unwrap().unwrap().state, RunState::Running);

    // Also the message of the run that finished was never told so.
    let untold: Vec<_> = store.untold().await.unwrap().into_iter().map(|untold| (untold.run, untold.place)).collect();
    assert_eq!(untold, [(cut_off, place(1)), (cut_off, place(2)), (finished, place(3))]);
}

#[tokio::test]
async fn a_run_ends_once() {
    let Fresh { store, folder: _folder } = Fresh::new().await;
    let begun = daily(nine(0));
    let report = report(&begun, 0);

    let run = store.begin_run(&begun).await.unwrap();
    assert!(store.interrupt_run(run, nine(0)).await.unwrap());
    assert!(!store.interrupt_run(run, nine(1)).await.unwrap());
    assert!(!store.finish_run(run, &report).await.unwrap());
    assert_eq!(store.kept_run(run).await.unwrap().unwrap().report, None);
    assert_eq!(one::<i64>(&store, "SELECT count(*) FROM measurement").await, 0);

    let run = store.begin_run(&begun).await.unwrap();
    let mut wrong = report.clone();
    wrong.host = "elsewhere".to_owned();
    assert!(!store.finish_run(run, &wrong).await.unwrap());
    assert!(store.finish_run(run, &report).await.unwrap());
    assert!(!store.finish_run(run, &report).await.unwrap());
    assert!(!store.interrupt_run(run, nine(1)).await.unwrap());
    assert_eq!(store.kept_run(run).await.unwrap().unwrap().state, RunState::Finished);
}

#[tokio::test]
async fn a_row_that_cannot_be_read_does_not_hide_the_others() {
    let fresh = Fresh::new().await;
    for _ in 0..3 {
        fresh.store.begin_run(&daily(nine(0))).await.unwrap();
    }
    fresh.sql(r#"UPDATE run SET title = '"only one language"' WHERE id = 2"#).await;
    let interrupted = fresh.store.interrupt_all_of_discord(nine(0)).await.unwrap();
    let [Ok(_), Err(error), Ok(_)] = interrupted.as_slice() else { panic!("{interrupted:?}") };
    assert!(matches!(&error.fault, Fault::Unreadable { row, .. } if row == "run 2"), "{error}");
    assert!(fresh.store.interrupt_all_of_discord(nine(0)).await.unwrap().is_empty());

    for _ in 0..2 {
        fresh.store.begin_run(&daily(nine(0))).await.unwrap();
    }
    fresh.sql("UPDATE run SET command = CAST(x'ff' AS TEXT) WHERE id = 4").await;
    let interrupted = fresh.store.interrupt_overdue(nine(1)).await.unwrap();
    let [Err(error), Ok(_)] = interrupted.as_slice() else { panic!("{interrupted:?}") };
    assert!(matches!(&error.fault, Fault::Unreadable { row, .. } if row == "run 4"), "{error}");
}
