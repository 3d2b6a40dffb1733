//! Signing: one of two wins, nothing is ever changed, and a worse run opens it again in the same breath.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Asia::Seoul;
use futures::future::join_all;

use super::sample::{daily, nine, report};
use super::{Fresh, assert_sound, one};
use crate::domain::calendar::Calendar;
use crate::domain::finding::{Change, NewFinding, Source, Stand, Urgency};
use crate::domain::grade::Grade;
use crate::domain::message::Localised;
use crate::domain::period::{Every, Period};
use crate::domain::report::Report;
use crate::domain::run::{MessagePlace, RunId};
use crate::domain::signoff::draft::{Draft, Memo, Said, Statement};
use crate::domain::signoff::{Case, Entry, SignOffId, Standing};
use crate::domain::waiver::{Ended, NewWaiver, Scope, Waiver};
use crate::domain::words::{Who, Words};
use crate::store::{Fault, Filing, FindingsOf, Signing, Store, Withdrawing};

fn who(id: u64) -> Who {
    Who { id, name: format!("person {id}") }
}

fn words(text: &str) -> Words {
    Words::new(text).unwrap()
}

fn case() -> Case {
    Case { command: "daily".to_owned(), host: "gear-freak".to_owned(), period: Period::at(Every::Day, nine(0), Seoul) }
}

fn later(minutes: i64) -> DateTime<Utc> {
    nine(0) + TimeDelta::minutes(minutes)
}

/// A finished run of the day with its report as it is kept, in which `grade` is that of the fourth check.
async fn run(store: &Store, minutes: i64, grade: Grade) -> (RunId, Report) {
    let begun = daily(later(minutes));
    let mut found = report(&begun, 0);
    found.sections[1].checks[0].grade = grade;
    let run = store.begin_run(&begun).await.unwrap();
    assert!(store.finish_run_of(&case(), run, &found).await.unwrap());
    (run, store.kept_run(run).await.unwrap().unwrap().report.unwrap())
}

fn statement(run: RunId, report: &Report) -> Statement {
    let mut draft = Draft::default();
    for (check, _) in draft.clone().open(report) {
        draft.said.insert(check.id.clone(), Said::Note(words("지켜봅니다")));
    }
    draft.memos.insert(Memo::Memo, words("메모입니다"));
    draft.complete(run, report).unwrap()
}

async fn sign(store: &Store, run: RunId, report: &Report, person: u64) -> Signing {
    store.sign(&case(), &Calendar::plain(Seoul), &statement(run, report), &who(person), later(30)).await.unwrap()
}

#[tokio::test]
async fn of_many_who_sign_at_once_oncedoes_and_the_others_hear_who() {
    let Fresh { store, folder: _folder } = Fresh::new().await;
    let (run, report) = run(&store, 0, Grade::Fail).await;
    let signing = (1..=8).map(|person| sign(&store, run, &report, person));
    let outcomes = join_all(signing).await;
    let signed: Vec<_> = outcomes.iter().filter(|outcome| matches!(outcome, Signing::Signed(_))).collect();
    let [Signing::Signed(signature)] = signed.as_slice() else { panic!("{outcomes:?}") };
    for outcome in outcomes.iter().filter(|outcome| !matches!(outcome, Signing::Signed(_))) {
        assert_eq!(outcome, &Signing::Taken(Box::new(signature.clone())));
    }
    assert_eq!(one::<i64>(&store, "SELECT count(*) FROM sign_entry").await, 1);
    assert_eq!(store.standing(&case()).await.unwrap(), Standing::Signed(signature.clone()));

    let kept =
        store.sign_offs_between("daily", "gear-freak", case().period.first(), case().period.last()).await.unwrap();
    let [kept] = kept.as_slice() else { panic!("{kept:?}") };
    assert_eq!((&kept.case, &kept.signature, kept.ended.as_ref()), (&case(), signature, None));
    assert_eq!(kept.checks, statement(run, &report).checks());
    assert_eq!(&kept.memos, statement(run, &report).memos());
    assert_eq!(store.sign_off(signature.id).await.unwrap().as_ref(), Some(kept));
    assert_sound(&store).await;
}

#[tokio::test]
async fn a_sign_off_is_withdrawn_once_and_signed_again_and_all_of_it_stays() {
    let Fresh { store, folder: _folder } = Fresh::new().await;
    let (run, report) = run(&store, 0, Grade::Warn).await;
    let Signing::Signed(first) = sign(&store, run, &report, 1).await else { panic!() };
    let take_back = || async {
        store.withdraw(&case(), first.id, &who(1), later(40), &words("잘못 봤습니다")).await.unwrap()
    };
    let (once, other) = tokio::join!(take_back(), take_back());
    let withdrawn = [&once, &other].into_iter().filter(|outcome| matches!(outcome, Withdrawing::Withdrawn(_))).count();
    assert_eq!(withdrawn, 1, "{once:?} {other:?}");
    let Signing::Signed(second) = sign(&store, run, &report, 2).await else { panic!() };
    // An old button takes nothing back that came after it.
    assert_eq!(take_back().await, Withdrawing::NotSigned);
    assert_eq!(store.standing(&case()).await.unwrap().signature(), Some(&second));
    let day = case().period.first();
    let kept = store.sign_offs_between("daily", "gear-freak", day, day).await.unwrap();
    assert_eq!(kept.iter().map(|kept| kept.ended.is_some()).collect::<Vec<_>>(), [true, false]);
    assert!(matches!(&kept[0].ended, Some(Entry::Withdrawn { by, .. }) if *by == who(1)));
    assert!(store.sign_off(first.id).await.unwrap().unwrap().ended.is_some());
}

#[tokio::test]
async fn a_worse_run_of_the_day_opens_it_again_and_its_messages_are_to_say_so() {
    let Fresh { store, folder: _folder } = Fresh::new().await;
    let (first, found) = run(&store, 0, Grade::Warn).await;
    let place = MessagePlace { channel: 8, message: 9 };
    store.show_in(first, place).await.unwrap();
    store.told(first, place).await.unwrap();
    assert!(matches!(sign(&store, first, &found, 1).await, Signing::Signed(_)));
    assert_eq!(store.untold().await.unwrap().len(), 1, "it does not say yet that it is signed");
    store.told(first, place).await.unwrap();

    let (same, _) = run(&store, 10, Grade::Warn).await;
    assert!(store.standing(&case()).await.unwrap().signature().is_some(), "no worse than it was");
    let (worse, report) = run(&store, 20, Grade::Fail).await;
    let Standing::OpenAgain { was, why: Entry::Reopened { run, worse: checks, .. } } =
        store.standing(&case()).await.unwrap()
    else {
        panic!("it is still signed")
    };
    assert_eq!((was.run, run, checks[0].check.as_str()), (first, worse, "check-3"));
    let recorded: Vec<(String, String, String)> = sqlx::query_as(
        "SELECT details ->> 'run', details ->> 'signed', details ->> 'worse' FROM audit
         WHERE deed = 'sign-off' AND details ->> 'kind' = 'reopened'",
    )
    .fetch_all(&store.readers)
    .await
    .unwrap();
    assert_eq!(recorded, [(worse.0.to_string(), first.0.to_string(), "check-3".to_owned())]);
    assert_eq!(store.untold().await.unwrap().len(), 1, "it says that it is signed, and is not");

    // Only the latest result can be signed.
    assert_eq!(sign(&store, same, &found, 1).await, Signing::Newer(worse));
    assert!(matches!(sign(&store, worse, &report, 2).await, Signing::Signed(_)));
    // A better one leaves it signed, and so does a run of the next day.
    run_at_noon_tomorrow(&store).await;
    assert!(store.standing(&case()).await.unwrap().signature().is_some());
}

async fn run_at_noon_tomorrow(store: &Store) {
    let begun = daily(nine(1));
    let tomorrow = Case { period: case().period.next(), ..case() };
    let run = store.begin_run(&begun).await.unwrap();
    assert!(store.finish_run_of(&tomorrow, run, &report(&begun, 1)).await.unwrap());
    assert_eq!(store.newest_run(&tomorrow, &Calendar::plain(Seoul)).await.unwrap(), Some(run));
    assert_ne!(store.newest_run(&case(), &Calendar::plain(Seoul)).await.unwrap(), Some(run));
}

#[tokio::test]
async fn what_is_not_what_was_looked_at_is_not_signed() {
    let fresh = Fresh::new().await;
    let (run, report) = run(&fresh.store, 0, Grade::Fail).await;
    fresh.sql("UPDATE run_check SET threshold = '< 99 %' WHERE position = 3").await;
    assert_eq!(sign(&fresh.store, run, &report, 1).await, Signing::Altered);
    assert_eq!(fresh.store.standing(&case()).await.unwrap(), Standing::Open);
}

#[tokio::test]
async fn no_row_of_a_sign_off_can_be_changed_or_deleted() {
    let fresh = Fresh::new().await;
    let (run, report) = run(&fresh.store, 0, Grade::Fail).await;
    assert!(matches!(sign(&fresh.store, run, &report, 1).await, Signing::Signed(_)));
    for sql in [
        "UPDATE sign_entry SET name = 'somebody else'",
        "DELETE FROM sign_entry",
        "UPDATE sign_check SET note = 'something else'",
        "DELETE FROM sign_check",
        "UPDATE sign_memo SET text = 'something else'",
        "INSERT INTO sign_check VALUES (1, 99, 'bad', '{}', 'fail', NULL, NULL, NULL, NULL)",
        "INSERT INTO sign_check VALUES (1, 99, 'seen', '{}', 'manual', NULL, NULL, NULL, 'a note')",
    ] {
        assert!(sqlx::query(sql).execute(&fresh.store.writer).await.is_err(), "{sql}");
    }
}

#[tokio::test]
async fn a_draft_outlives_a_restart_and_two_devices_write_into_one() {
    let Fresh { store, folder } = Fresh::new().await;
    let (run, report) = run(&store, 0, Grade::Fail).await;
    let note = |id: &'static str| {
        store.change_draft(run, 1, later(1), move |draft| {
            draft.said.insert(id.to_owned(), Said::Note(words("말")));
        })
    };
    let (once, other) = tokio::join!(note("check-3"), note("check-9"));
    assert!(once.is_ok() && other.is_ok());
    assert_eq!(store.drafts_of(1).await.unwrap(), [run]);
    store.close().await;

    let store = Store::open(&folder.path().join("signoff.db")).await.unwrap();
    let draft = store.draft(run, 1).await.unwrap();
    assert_eq!(draft.said.keys().collect::<Vec<_>>(), ["check-3", "check-9"]);
    assert_eq!(store.draft(run, 2).await.unwrap(), Draft::default(), "it is nobody else's");
    let statement = draft.complete(run, &report).unwrap();
    assert!(matches!(
        store.sign(&case(), &Calendar::plain(Seoul), &statement, &who(1), later(2)).await.unwrap(),
        Signing::Signed(_)
    ));
    assert_eq!(store.draft(run, 1).await.unwrap(), draft, "whoever takes it back goes on from there");
    assert_eq!(store.drafted_before(&case(), &Calendar::plain(Seoul), run, 1).await.unwrap(), None);
    assert_eq!(store.drafted_before(&case(), &Calendar::plain(Seoul), RunId(run.0 + 1), 1).await.unwrap(), Some(run));
    assert_eq!(store.drafted_before(&case(), &Calendar::plain(Seoul), RunId(run.0 + 1), 2).await.unwrap(), None);
}

#[tokio::test]
async fn a_full_disk_signs_nothing_rather_than_half_of_it() {
    let fresh = Fresh::new().await;
    let (run, report) = run(&fresh.store, 0, Grade::Fail).await;
    fresh.sql("PRAGMA max_page_count = 1").await;
    let mut draft = Draft::default();
    draft.said.insert("check-3".to_owned(), Said::Note(words("말")));
    for memo in Memo::ALL {
        draft.memos.insert(memo, words(&"가".repeat(4000)));
    }
    let statement = draft.complete(run, &report).unwrap();
    let error = fresh.store.sign(&case(), &Calendar::plain(Seoul), &statement, &who(1), later(1)).await.unwrap_err();
    assert!(matches!(error.fault, Fault::Full), "{error}");
    assert_eq!(one::<i64>(&fresh.store, "SELECT count(*) FROM sign_entry").await, 0);
    assert_eq!(one::<i64>(&fresh.store, "SELECT count(*) FROM sign_check").await, 0);
    fresh.sql("PRAGMA max_page_count = 100000").await;
    assert!(matches!(
        fresh.store.sign(&case(), &Calendar::plain(Seoul), &statement, &who(1), later(1)).await.unwrap(),
        Signing::Signed(_)
    ));
    assert_sound(&fresh.store).await;
}

fn finding(run: RunId, check: &str, urgency: Urgency) -> NewFinding {
    NewFinding {
        source: Source {
            run,
            command: "daily".to_owned(),
            host: "gear-freak".to_owned(),
            check: check.to_owned(),
            title: Localised { ko: "디스크".to_owned(), en: "Disk".to_owned() },
            grade: Grade::Fail,
        },
        message: words("디스크 83.1 %"),
        stand: Stand { urgency, owner: who(2), due: "2026-12-01".parse().ok(), closed: None },
        by: who(1),
        at: later(5),
        channel: 8,
    }
}

#[tokio::test]
async fn a_finding_is_filed_once_stepped_and_closed_and_every_step_stays() {
    let Fresh { store, folder: _folder } = Fresh::new().await;
    let (run, report) = run(&store, 0, Grade::Fail).await;
    let new = finding(run, "check-3", Urgency::Medium);
    let (once, other) = tokio::join!(store.file_finding(&new, false), store.file_finding(&new, false));
    let (Filing::Filed(filed), Filing::Already(again)) = (match (once.unwrap(), other.unwrap()) {
        (already @ Filing::Already(_), filed) => (filed, already),
        both => both,
    }) else {
        panic!("filed twice")
    };
    assert_eq!((&filed, &filed.filed, &filed.stand), (&again, &new, &new.stand));
    assert_eq!(store.draft(run, 1).await.unwrap().said["check-3"], Said::Finding(filed.id));
    assert!(store.draft(run, 1).await.unwrap().complete(run, &report).is_ok(), "it was said");
    assert_eq!(store.owed_pings().await.unwrap(), [], "it is not urgent");

    let step = |change: Change| {
        let store = &store;
        async move { store.step_finding(filed.id, &change, &who(3), later(6), false).await.unwrap().unwrap() }
    };
    step(Change::Urgency(Urgency::High)).await.unwrap();
    let owed = store.owed_pings().await.unwrap();
    assert_eq!(owed.iter().map(|owed| (owed.step, owed.person)).collect::<Vec<_>>(), [(1, 2)]);
    let place = MessagePlace { channel: 8, message: u64::MAX };
    store.pinged(filed.id, 1, Some(place)).await.unwrap();
    assert_eq!(store.owed_pings().await.unwrap(), []);
    step(Change::Said(words("부품 주문"))).await.unwrap();
    let closed = step(Change::Closed(words("교체했습니다"))).await.unwrap();
    assert_eq!((closed.stand.closed, closed.place, closed.steps.len()), (Some(words("교체했습니다")), Some(place), 3));
    assert!(step(Change::Due(None)).await.is_err());
    let of = FindingsOf { host: Some("gear-freak".to_owned()), ..FindingsOf::default() };
    assert_eq!(store.findings(&of).await.unwrap(), []);
    let reopened = step(Change::Reopened(words("또 납니다"))).await.unwrap();
    assert_eq!(store.owed_pings().await.unwrap().len(), 1, "it came back to its owner");
    assert_eq!(store.findings(&of).await.unwrap(), [reopened]);
    assert_sound(&store).await;
}

#[tokio::test]
async fn findings_come_the_most_urgent_first_and_are_found_by_time() {
    let Fresh { store, folder: _folder } = Fresh::new().await;
    let (run, _) = run(&store, 0, Grade::Fail).await;
    for (check, urgency) in [("a", Urgency::Low), ("b", Urgency::High), ("c", Urgency::Medium), ("d", Urgency::High)] {
        store.file_finding(&finding(run, check, urgency), false).await.unwrap();
    }
    let all = store.findings(&FindingsOf::default()).await.unwrap();
    let checks = |found: &[crate::domain::finding::Finding]| {
        found.iter().map(|finding| finding.filed.source.check.clone()).collect::<Vec<_>>()
    };
    assert_eq!(checks(&all), ["b", "d", "c", "a"]);
    let closed = Change::Closed(words("끝"));
    store.step_finding(all[0].id, &closed, &who(1), later(60), false).await.unwrap();
    let of = |owner| FindingsOf { owner: Some(owner), ..FindingsOf::default() };
    assert_eq!(checks(&store.findings(&of(2)).await.unwrap()), ["d", "c", "a"]);
    assert_eq!(store.findings(&of(9)).await.unwrap(), []);
    let between = |from: i64, to: i64| {
        let store = &store;
        async move { store.findings_between("daily", "gear-freak", later(from), later(to)).await.unwrap() }
    };
    assert_eq!(checks(&between(0, 30).await), ["a", "b", "c", "d"]);
    assert_eq!(checks(&between(61, 90).await), ["a", "c", "d"], "one was over by then");
    assert_eq!(checks(&between(-30, 0).await), [""; 0]);
}

#[tokio::test]
async fn the_tracker_is_owed_each_step_in_order_until_it_accepts() {
    let Fresh { store, folder: _folder } = Fresh::new().await;
    let (run, _) = run(&store, 0, Grade::Fail).await;
    let Filing::Filed(filed) = store.file_finding(&finding(run, "a", Urgency::Low), true).await.unwrap() else {
        panic!()
    };
    let said = Change::Said(words("말"));
    store.step_finding(filed.id, &said, &who(1), later(6), true).await.unwrap();
    let owed = |minutes: i64| {
        let store = &store;
        async move {
            let owed = store.owed_hooks(later(minutes)).await.unwrap();
            owed.into_iter().map(|owed| (owed.step, owed.tries)).collect::<Vec<_>>()
        }
    };
    assert_eq!(owed(10).await, [(0, 0)], "the second waits for the first");
    store.hook_told(filed.id, 0, Some(later(20))).await.unwrap();
    assert_eq!(owed(10).await, []);
    assert_eq!(owed(20).await, [(0, 1)]);
    store.hook_told(filed.id, 0, None).await.unwrap();
    assert_eq!(owed(20).await, [(1, 0)]);
    store.hook_told(filed.id, 1, None).await.unwrap();
    assert_eq!(owed(99).await, []);
    // A second try of the same step that failed afterwards takes nothing back.
    store.hook_told(filed.id, 1, Some(later(20))).await.unwrap();
    assert_eq!(owed(99).await, []);
}

fn waiver(check: &str, until: DateTime<Utc>) -> NewWaiver {
    NewWaiver {
        scope: Scope { command: "daily".to_owned(), host: "gear-freak".to_owned(), check: check.to_owned() },
        title: Localised::default(),
        covers: Grade::Fail,
        reason: words("부품을 기다립니다"),
        by: who(1),
        from: later(0),
        until,
        channel: Some(8),
    }
}

#[tokio::test]
async fn a_waiver_runs_is_announced_once_and_may_end_early() {
    let Fresh { store, folder: _folder } = Fresh::new().await;
    let (run, _) = run(&store, 0, Grade::Fail).await;
    let until = later(0) + TimeDelta::days(5);
    let id = store.make_waiver(&waiver("check-3", until), run).await.unwrap();
    assert_eq!(store.make_waiver(&waiver("check-3", until), run).await.unwrap(), id, "a click that came twice");
    assert_eq!(store.draft(run, 1).await.unwrap().said["check-3"], Said::Waiver(id));
    let running = async |at| store.waivers_running("daily", "gear-freak", at).await.unwrap();
    assert_eq!(running(later(1)).await, [Waiver { id, made: waiver("check-3", until), ended: None }]);
    assert_eq!(running(until).await, []);
    assert_eq!(store.waivers_running("daily", "elsewhere", later(1)).await.unwrap(), []);

    let soon = until - TimeDelta::hours(20);
    assert_eq!(store.waivers_to_announce(later(1)).await.unwrap(), []);
    assert_eq!(store.waivers_to_announce(soon).await.unwrap().len(), 1);
    store.waiver_announced(id, soon).await.unwrap();
    store.waiver_announced(id, soon).await.unwrap();
    assert_eq!(store.waivers_to_announce(soon).await.unwrap(), []);

    let ended = Ended { by: who(2), at: soon, reason: words("고쳤습니다") };
    assert!(store.end_waiver(id, &ended).await.unwrap());
    assert!(!store.end_waiver(id, &ended).await.unwrap());
    assert_eq!(running(soon).await, []);
    assert_eq!(store.waiver(id).await.unwrap().unwrap().ended, Some(ended));
    assert_eq!(store.waivers_between("daily", "gear-freak", later(0), until).await.unwrap().len(), 1);
    assert_eq!(store.waivers_between("daily", "gear-freak", until, until).await.unwrap(), []);
}

#[tokio::test]
async fn the_case_of_a_sign_off_that_never_was_is_nobodys() {
    let Fresh { store, folder: _folder } = Fresh::new().await;
    assert_eq!(store.sign_off(SignOffId(9)).await.unwrap(), None);
    assert_eq!(store.standing(&case()).await.unwrap(), Standing::Open);
    let nothing = store.withdraw(&case(), SignOffId(9), &who(1), later(0), &words("이유")).await.unwrap();
    assert_eq!(nothing, Withdrawing::NotSigned);
}
