//! What was kept comes back as it was.

use chrono::TimeDelta;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::sample::{any_report, as_kept, asking, daily, daily_in_terminal, nine, place, report};
use super::{Fresh, assert_sound, one};
use crate::domain::evidence::{Measurement, Value};
use crate::domain::history::History;
use crate::domain::message::Message;
use crate::domain::quantity::Quantity;
use crate::domain::report::Report;
use crate::domain::run::{KeptRun, RunId, RunState};
use crate::store::{Fault, Store};

/// What the store gives back of a finished run, with the measurements in the order of [`as_kept`].
async fn kept_report(store: &Store, run: RunId) -> Report {
    as_kept(&store.kept_run(run).await.unwrap().unwrap().report.unwrap())
}

#[tokio::test]
async fn a_report_comes_back_as_it_was() {
    let Fresh { store, folder } = Fresh::new().await;
    let begun = daily(nine(0));
    let run = store.begin_run(&begun).await.unwrap();
    assert_eq!(store.kept_run(run).await.unwrap().unwrap().state, RunState::Running);
    let report = report(&begun, 0);
    assert!(store.finish_run(run, &report).await.unwrap());

    // By another process, as far as the file can tell.
    let path = folder.path().join("signoff.db");
    store.close().await;
    let store = Store::open(&path).await.unwrap();
    let kept = store.kept_run(run).await.unwrap().unwrap();
    let found = kept.report.as_ref().map(as_kept);
    assert_eq!(found, Some(as_kept(&report)));
    assert_eq!(kept, KeptRun { id: run, state: RunState::Finished, begun, report: kept.report.clone() });
    assert_eq!(store.latest_finished("daily", "gear-freak").await.unwrap(), Some(kept));
    assert_eq!(store.latest_finished("daily", "another").await.unwrap(), None);
    assert_eq!(store.kept_run(RunId(999)).await.unwrap(), None);
}

#[test]
fn any_report_comes_back_as_it_was() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let fresh = runtime.block_on(Fresh::new());
    let begun = daily_in_terminal(nine(0));
    let mut runner = TestRunner::new(Config { cases: 100, failure_persistence: None, ..Config::default() });
    let result = runner.run(&any_report(begun.clone()), |report| {
        let (kept, origin) = runtime.block_on(async {
            let run = fresh.store.begin_run(&begun).await.unwrap();
            assert!(fresh.store.finish_run(run, &report).await.unwrap());
            let kept = fresh.store.kept_run(run).await.unwrap().unwrap();
            (kept.report.unwrap(), kept.begun.origin)
        });
        prop_assert_eq!(as_kept(&kept), as_kept(&report));
        prop_assert_eq!(&origin, &begun.origin);
        Ok(())
    });
    result.unwrap();
    runtime.block_on(assert_sound(&fresh.store));
}

#[tokio::test]
async fn a_number_that_is_none_is_kept_as_its_words() {
    let Fresh { store, folder: _folder } = Fresh::new().await;
    let begun = daily(nine(0));
    let mut report = report(&begun, 0);
    let nonsense = Quantity::percent(f64::NAN);
    let check = &mut report.sections[0].checks[0];
    check.shown = vec![Measurement::quantity("used", nonsense)];
    check.measurements = vec![Measurement::quantity("used", nonsense)];
    check.reasons = vec![Message::new("outer").with("reason", Message::new("inner").with("value", nonsense))];
    let run = store.begin_run(&begun).await.unwrap();
    assert!(store.finish_run(run, &report).await.unwrap());
    let kept = kept_report(&store, run).await.sections[0].checks[0].clone();
    assert_eq!(kept.shown[0].value, Value::Text("NaN %".to_owned()));
    assert_eq!(kept.measurements, []);
    assert_eq!(kept.reasons, [Message::new("outer").with("reason", Message::new("inner").with("value", "NaN %"))]);
}

#[tokio::test]
async fn what_is_the_same_is_kept_once() {
    let Fresh { store, folder: _folder } = Fresh::new().await;
    let begun = daily(nine(0));
    let mut first = report(&begun, 0);
    let shared = first.sections[0].checks[0].evidence.clone();
    first.sections[1].checks[2].evidence = shared;
    for _ in 0..2 {
        let run = store.begin_run(&begun).await.unwrap();
        assert!(store.finish_run(run, &first).await.unwrap());
        assert_eq!(kept_report(&store, run).await, as_kept(&first));
    }
    assert_eq!(one::<i64>(&store, "SELECT count(*) FROM outline").await, 1);
    assert_eq!(one::<i64>(&store, "SELECT count(*) FROM evidence").await, 2 * 11);
}

#[tokio::test]
async fn the_past_is_what_finished_runs_of_the_same_command_and_host_found() {
    let Fresh { store, folder: _folder } = Fresh::new().await;
    let asking = asking("restarts");
    assert_eq!(store.past(&asking, "gear-freak", nine(5)).await.unwrap()["check-0"], History::default());
    // The state changes once, on the second day.
    for (day, state) in [(0, "running"), (2, "paused"), (1, "running")] {
        let begun = daily(nine(day));
        let run = store.begin_run(&begun).await.unwrap();
        let mut report = report(&begun, day);
        report.sections[0].checks[0].measurements = vec![
            Measurement::quantity("restarts", Quantity::count(day.into())).of("redis"),
            Measurement::text("state", state),
        ];
        assert!(store.finish_run(run, &report).await.unwrap());
    }
    // It has not finished, and the other is of another host: neither counts.
    store.begin_run(&daily(nine(3))).await.unwrap();
    let mut elsewhere = daily(nine(4));
    elsewhere.host = "elsewhere".to_owned();
    let run = store.begin_run(&elsewhere).await.unwrap();
    assert!(store.finish_run(run, &report(&elsewhere, 4)).await.unwrap());

    let past = store.past(&asking, "gear-freak", nine(5)).await.unwrap();
    assert_eq!(past.len(), 12);
    let numbers = |past: &History| -> Vec<_> {
        past.series("restarts", Some("redis")).unwrap().numbers().map(|(_, value)| value).collect()
    };
    assert_eq!(numbers(&past["check-0"]), [0.0, 1.0, 2.0]);
    let state = past["check-0"].series("state", None).unwrap().latest();
    assert_eq!(state, Some(Value::Text("paused".to_owned())));
    // A row for as long as it stayed the same; runs may end in another order than they began.
    assert_eq!(
        one::<i64>(&store, "SELECT count(*) FROM word WHERE check_id = 'check-0' AND host = 'gear-freak'").await,
        3
    );

    // Long after, the latest value is there all the same, and nothing else.
    let past = store.past(&asking, "gear-freak", nine(100)).await.unwrap();
    assert_eq!(numbers(&past["check-0"]), [2.0]);
}

#[tokio::test]
async fn a_row_that_cannot_be_read_is_named() {
    let fresh = Fresh::new().await;
    let begun = daily(nine(0));
    for _ in 0..3 {
        let run = fresh.store.begin_run(&begun).await.unwrap();
        assert!(fresh.store.finish_run(run, &report(&begun, 0)).await.unwrap());
    }
    fresh.sql(r#"UPDATE run_check SET reasons = '[{"no": "key"}]' WHERE run = 2 AND position = 3"#).await;
    let error = fresh.store.kept_run(RunId(2)).await.unwrap_err();
    assert!(matches!(&error.fault, Fault::Unreadable { row, .. } if row == "run_check 2 3"), "{error}");
    fresh.sql("DELETE FROM run_check WHERE run = 2 AND position = 11").await;
    fresh.sql("UPDATE run_check SET reasons = NULL WHERE run = 2").await;
    let error = fresh.store.kept_run(RunId(2)).await.unwrap_err();
    assert!(error.to_string().contains("row run_check 2 cannot be read: check-11 is missing"), "{error}");
    fresh.sql("UPDATE evidence SET output = CAST(x'ff' AS TEXT) WHERE run = 2").await;
    let error = fresh.store.kept_run(RunId(2)).await.unwrap_err();
    assert!(matches!(&error.fault, Fault::Unreadable { row, .. } if row == "evidence of run 2"), "{error}");
    fresh.sql("UPDATE run SET origin = 'pigeon' WHERE id = 2").await;
    assert!(matches!(fresh.store.kept_run(RunId(2)).await.unwrap_err().fault, Fault::Unreadable { .. }));
    assert!(fresh.store.kept_run(RunId(1)).await.is_ok());
    assert!(fresh.store.kept_run(RunId(3)).await.is_ok());
}

#[tokio::test]
async fn notes_are_remembered() {
    let Fresh { store, folder: _folder } = Fresh::new().await;
    assert_eq!(store.note("registered").await.unwrap(), None);
    store.set_note("registered", "1").await.unwrap();
    store.set_note("registered", "2").await.unwrap();
    assert_eq!(store.note("registered").await.unwrap().as_deref(), Some("2"));
}

#[tokio::test]
async fn a_message_shows_a_run_once_and_several_may() {
    let Fresh { store, folder: _folder } = Fresh::new().await;
    let run = store.begin_run(&daily(nine(0))).await.unwrap();
    let end = nine(0) + TimeDelta::seconds(1);
    for message in [8, 7, 8, u64::MAX] {
        store.show_in(run, place(message)).await.unwrap();
    }
    let mut places = store.places(run).await.unwrap();
    places.sort_by_key(|place| place.message);
    assert_eq!(places, [place(7), place(8), place(u64::MAX)]);
    assert!(store.show_in(RunId(99), place(1)).await.is_err());

    assert_eq!(store.untold().await.unwrap(), []);
    assert!(store.interrupt_run(run, end).await.unwrap());
    store.told(run, place(8)).await.unwrap();
    store.told(run, place(u64::MAX)).await.unwrap();
    let untold = store.untold().await.unwrap();
    assert_eq!(untold.iter().map(|untold| (untold.run, untold.place)).collect::<Vec<_>>(), [(run, place(7))]);
}
