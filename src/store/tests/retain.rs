//! What is old goes, and nothing else.

use chrono::{DateTime, TimeDelta, Utc};

use super::sample::{daily, nine, report};
use super::{Fresh, assert_sound, one};
use crate::domain::calendar::Calendar;
use crate::domain::evidence::Measurement;
use crate::domain::message::Message;
use crate::domain::period::{Every, Period};
use crate::domain::quantity::{Dimension, Quantity};
use crate::domain::retention::{Before, Retention};
use crate::domain::run::RunId;
use crate::domain::signoff::draft::{Draft, Said};
use crate::domain::signoff::{Case, ResultHash};
use crate::domain::words::{Who, Words};
use crate::store::{LetGo, Measured, Store};

/// Keeps a run of day `day` whose first check measured `values`, one after the other, each in a run of its own.
async fn keep(store: &Store, at: DateTime<Utc>, day: u32, value: f64) -> RunId {
    let mut begun = daily(at);
    begun.started_at = at;
    let run = store.begin_run(&begun).await.unwrap();
    let mut report = report(&begun, day);
    report.sections[0].checks[0].measurements = vec![Measurement::quantity("used", Quantity::percent(value)).of("/")];
    assert!(store.finish_run(run, &report).await.unwrap());
    run
}

/// Nothing is old.
fn nothing() -> Before {
    let at = DateTime::UNIX_EPOCH;
    Before { evidence: at, runs: at, numbers: at }
}

async fn let_go(store: &Store, before: Before) -> LetGo {
    let mut gone = LetGo::default();
    for _ in 0..1000 {
        let step = store.let_go(before).await.unwrap();
        gone = LetGo {
            evidence: gone.evidence + step.evidence,
            runs: gone.runs + step.runs,
            numbers: gone.numbers + step.numbers,
            more: step.more,
        };
        if !step.more {
            return gone;
        }
    }
    panic!("it comes to no end");
}

#[tokio::test]
async fn what_printed_goes_first_and_says_so() {
    let Fresh { store, folder: _folder } = Fresh::new().await;
    for day in 0..120 {
        keep(&store, nine(day), day, 1.0).await;
    }
    let before = Before { evidence: nine(110), ..nothing() };
    assert_eq!(let_go(&store, before).await, LetGo { evidence: 110, ..LetGo::default() });
    let old = store.kept_run(RunId(1)).await.unwrap().unwrap().report.unwrap();
    let check = old.checks().next().unwrap();
    assert_eq!(check.evidence.output, "");
    assert_eq!(check.evidence.notes.last(), Some(&Message::new("evidence-let-go")));
    assert!(!check.evidence.what.is_empty(), "what ran is still told");
    assert_eq!(old.checks().count(), 12);
    let young = store.kept_run(RunId(111)).await.unwrap().unwrap().report.unwrap();
    assert!(young.checks().all(|check| !check.evidence.output.is_empty()));
    // Once is enough: the note does not pile up, and what was gone through is not gone through again.
    assert_eq!(let_go(&store, before).await, LetGo::default());
    assert_eq!(let_go(&store, Before { evidence: nine(111), ..nothing() }).await.evidence, 1);
    assert_eq!(store.kept_run(RunId(1)).await.unwrap().unwrap().report.unwrap(), old);
    assert_sound(&store).await;
}

#[tokio::test]
async fn whole_reports_go_but_the_latest_and_what_goes_on() {
    let Fresh { store, folder: _folder } = Fresh::new().await;
    for day in 0..60 {
        keep(&store, nine(day), day, 1.0).await;
    }
    let cut_off = store.begin_run(&daily(nine(3))).await.unwrap();
    assert!(store.interrupt_run(cut_off, nine(3)).await.unwrap());
    let going_on = store.begin_run(&daily(nine(4))).await.unwrap();
    let mut elsewhere = daily(nine(1));
    elsewhere.host = "elsewhere".to_owned();
    let latest_there = store.begin_run(&elsewhere).await.unwrap();
    assert!(store.finish_run(latest_there, &report(&elsewhere, 1)).await.unwrap());

    let gone = let_go(&store, Before { runs: nine(1000), ..nothing() }).await;
    assert_eq!(gone.runs, 60, "59 of them, and the one that was cut off");
    assert!(store.kept_run(RunId(59)).await.unwrap().is_none());
    for kept in [RunId(60), going_on, latest_there] {
        assert!(store.kept_run(kept).await.unwrap().is_some(), "{kept}");
    }
    assert_eq!(one::<i64>(&store, "SELECT count(DISTINCT run) FROM run_check").await, 2);
    assert_eq!(one::<i64>(&store, "SELECT count(DISTINCT run) FROM evidence").await, 2);
    // Numbers outlive the reports that they came from.
    assert_eq!(one::<i64>(&store, "SELECT count(*) FROM measurement JOIN series ON id = series WHERE measure = 'used' AND check_id = 'check-0' AND host = 'gear-freak'").await, 60);
    assert_sound(&store).await;
}

#[tokio::test]
async fn of_old_days_the_extremes_and_the_last_number_stay() {
    let Fresh { store, folder: _folder } = Fresh::new().await;
    // Nine o'clock in Seoul is the first hour of the day in UTC.
    for day in [0, 40, 80] {
        for (minute, value) in [(0, 50.0), (1, 90.0), (2, 20.0), (3, 60.0), (4, 55.0), (5, 60.0)] {
            keep(&store, nine(day) + TimeDelta::minutes(minute), day, value).await;
        }
    }
    let cut = nine(80);
    let gone = let_go(&store, Before { numbers: cut, ..nothing() }).await;
    let used = Measured {
        command: "daily",
        host: "gear-freak",
        check: "check-0",
        measure: "used",
        dimension: Dimension::Percent,
    };
    let lines = store.measured(used, (nine(0), nine(90))).await.unwrap();
    let values: Vec<_> = lines[0].points.iter().map(|(_, value)| *value).collect();
    assert_eq!(values, [90.0, 20.0, 60.0, 90.0, 20.0, 60.0, 50.0, 90.0, 20.0, 60.0, 55.0, 60.0]);
    assert!(gone.numbers >= 6, "{gone:?}");
    let again = let_go(&store, Before { numbers: cut, ..nothing() }).await;
    assert_eq!(again.numbers, 0);
}

#[tokio::test]
async fn nothing_is_old_in_an_empty_database_nor_in_a_young_one() {
    let Fresh { store, folder: _folder } = Fresh::new().await;
    let shipped = Retention::default();
    assert_eq!(let_go(&store, shipped.before(nine(0))).await, LetGo::default());
    keep(&store, nine(0), 0, 1.0).await;
    assert_eq!(let_go(&store, shipped.before(nine(300))).await, LetGo::default());
}

#[tokio::test]
async fn a_clock_that_jumped_back_brings_nothing_back_and_loses_nothing() {
    let Fresh { store, folder: _folder } = Fresh::new().await;
    keep(&store, nine(0), 0, 1.0).await;
    let_go(&store, Before { evidence: nine(500), numbers: nine(500), ..nothing() }).await;
    keep(&store, nine(600), 1, 1.0).await;
    assert_eq!(let_go(&store, Before { evidence: nine(100), numbers: nine(100), ..nothing() }).await, LetGo::default());
    assert_eq!(let_go(&store, Before { evidence: nine(601), ..nothing() }).await.evidence, 1);
}

#[tokio::test]
async fn what_somebody_signed_or_filed_stays_as_it_was() {
    let Fresh { store, folder: _folder } = Fresh::new().await;
    let seoul = chrono_tz::Asia::Seoul;
    for day in 0..6 {
        keep(&store, nine(day), day, 1.0).await;
    }
    let signed = store.kept_run(RunId(2)).await.unwrap().unwrap().report.unwrap();
    let mut draft = Draft::default();
    for (check, _) in Draft::default().open(&signed) {
        draft.said.insert(check.id.clone(), Said::Note(Words::new("지켜봅니다").unwrap()));
    }
    let statement = draft.complete(RunId(2), &signed).unwrap();
    let period = Period::at(Every::Day, signed.started_at, seoul);
    let case = Case { command: "daily".to_owned(), host: "gear-freak".to_owned(), period };
    let who = Who { id: 7, name: "지민".to_owned() };
    store.sign(&case, &Calendar::plain(seoul), &statement, &who, signed.finished_at).await.unwrap();
    let filed = store.kept_run(RunId(4)).await.unwrap().unwrap().report.unwrap();
    sqlx::query(
        "INSERT INTO finding (run, command, host, check_id, title, grade, message, channel)
         VALUES (4, 'daily', 'gear-freak', 'check-3', '{}', 'fail', 'full', 1)",
    )
    .execute(&store.writer)
    .await
    .unwrap();

    let gone = let_go(&store, Before { evidence: nine(99), runs: nine(99), numbers: nine(99) }).await;
    assert_eq!((gone.runs, gone.evidence), (3, 4), "the latest loses what it printed, and stays");
    for (run, before) in [(RunId(2), &signed), (RunId(4), &filed)] {
        let after = store.kept_run(run).await.unwrap().unwrap().report.unwrap();
        assert_eq!(ResultHash::of(&after), ResultHash::of(before), "{run} is still what was signed");
    }
    for run in [1, 3, 5] {
        assert!(store.kept_run(RunId(run)).await.unwrap().is_none(), "{run}");
    }
    assert_sound(&store).await;
}
