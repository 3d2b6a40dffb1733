//! Whether what was signed is still what was signed.

use chrono_tz::Asia::Seoul;

use super::Fresh;
use super::sample::{daily, nine, report};
use crate::domain::calendar::Calendar;
use crate::domain::period::{Every, Period};
use crate::domain::run::RunId;
use crate::domain::signoff::draft::{Draft, Said};
use crate::domain::signoff::{Case, SignOffId};
use crate::domain::words::{Who, Words};
use crate::store::{How, Signed, Signing, Store};

/// Signs a run of that day.
async fn signed(store: &Store, day: u32) -> RunId {
    let begun = daily(nine(day));
    let run = store.begin_run(&begun).await.unwrap();
    let report = report(&begun, day);
    assert!(store.finish_run(run, &report).await.unwrap());
    let mut draft = Draft::default();
    for (check, _) in Draft::default().open(&report) {
        draft.said.insert(check.id.clone(), Said::Note(Words::new("지켜봅니다").unwrap()));
    }
    let kept = store.kept_run(run).await.unwrap().unwrap().report.unwrap();
    let statement = draft.complete(run, &kept).unwrap();
    let period = Period::at(Every::Day, report.started_at, Seoul);
    let case = Case { command: "daily".to_owned(), host: "gear-freak".to_owned(), period };
    let who = Who { id: 7, name: "지민".to_owned() };
    assert!(matches!(
        store.sign(&case, &Calendar::plain(Seoul), &statement, &who, report.finished_at).await.unwrap(),
        Signing::Signed(_)
    ));
    run
}

async fn three() -> Fresh {
    let fresh = Fresh::new().await;
    for day in 0..3 {
        signed(&fresh.store, day).await;
    }
    assert_eq!(fresh.store.verify_sign_offs().await.unwrap(), Signed::Whole(3));
    fresh
}

#[tokio::test]
async fn without_any_sign_off_there_is_nothing_to_be_found() {
    let Fresh { store, folder: _folder } = Fresh::new().await;
    assert_eq!(store.verify_sign_offs().await.unwrap(), Signed::Whole(0));
}

#[tokio::test]
async fn whatever_somebody_changes_is_found_and_the_first_one_named() {
    const OPEN: &str =
        "DROP TRIGGER sign_entry_stays; DROP TRIGGER sign_entry_is_kept; DROP TRIGGER sign_check_is_kept;
        DROP TRIGGER sign_memo_is_kept;";
    for (attack, run, how) in [
        // One byte of what a check printed.
        ("UPDATE evidence SET output = 'x' || substr(output, 2) WHERE run = 2 AND output <> ''", 2, How::Changed),
        ("UPDATE evidence SET what = 'true' WHERE run = 3", 3, How::Changed),
        ("UPDATE run_check SET grade = 'skipped' WHERE run = 2 AND position = 3", 2, How::Changed),
        ("UPDATE run_check SET reasons = NULL WHERE run >= 2", 2, How::Changed),
        ("UPDATE run SET started_at = started_at - 1 WHERE id = 3", 3, How::Changed),
        ("UPDATE run SET host = 'elsewhere' WHERE id = 1", 1, How::Changed),
        // What cannot be read any more is nothing that anybody signed.
        ("UPDATE run_check SET shown = '[7]' WHERE run = 1 AND position = 0", 1, How::Changed),
        ("DELETE FROM run_check WHERE run = 3 AND position = 0", 3, How::Changed),
        ("PRAGMA foreign_keys = ON; DELETE FROM run WHERE id = 2", 2, How::Missing),
        // The sign-off itself.
        ("UPDATE sign_entry SET hash = zeroblob(32) WHERE run = 2", 2, How::Changed),
        ("UPDATE sign_entry SET first_day = '2020-01-01' WHERE run = 3", 3, How::Unrecorded),
        ("UPDATE sign_entry SET first_day = 'x' WHERE run = 3", 3, How::Unrecorded),
        (
            "DELETE FROM sign_check WHERE entry = 2; DELETE FROM sign_memo WHERE entry = 2; DELETE FROM sign_entry WHERE id = 2",
            2,
            How::Cleared,
        ),
    ] {
        let fresh = three().await;
        sqlx::raw_sql(OPEN).execute(&fresh.store.writer).await.unwrap();
        sqlx::raw_sql(attack).execute(&fresh.store.writer).await.unwrap();
        match fresh.store.verify_sign_offs().await.unwrap() {
            Signed::Altered(altered) => assert_eq!((altered.run, altered.how), (RunId(run), how), "{attack}"),
            whole @ Signed::Whole(_) => panic!("{attack}: {whole:?}"),
        }
    }
}

#[tokio::test]
async fn a_result_and_its_hash_changed_together_are_not_what_the_record_has() {
    let Fresh { store, folder: _folder } = three().await;
    sqlx::raw_sql("DROP TRIGGER sign_entry_stays; UPDATE run SET started_at = started_at + 1 WHERE id = 2")
        .execute(&store.writer)
        .await
        .unwrap();
    let report = store.kept_run(RunId(2)).await.unwrap().unwrap().report.unwrap();
    sqlx::query("UPDATE sign_entry SET hash = ? WHERE run = 2")
        .bind(&crate::domain::signoff::ResultHash::of(&report).0.0[..])
        .execute(&store.writer)
        .await
        .unwrap();
    match store.verify_sign_offs().await.unwrap() {
        Signed::Altered(altered) => {
            assert_eq!((altered.id, altered.how), (SignOffId(2), How::Unrecorded));
            assert_eq!(altered.by, "지민");
        }
        whole @ Signed::Whole(_) => panic!("{whole:?}"),
    }
}
