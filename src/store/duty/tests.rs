use chrono::{DateTime, TimeDelta, Utc};

use super::*;
use crate::domain::duty::{NewNotice, NoticeKind, OccurrenceState};
use crate::domain::message::Message;
use crate::domain::rota::{Change, ChangeId, Span};
use crate::domain::run::MessagePlace;
use crate::domain::schedule::Due;
use crate::domain::words::Who;
use crate::store::Store;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn due(day: &str, named: &str) -> Due {
    Due { at: at(&format!("{day}T00:00:00Z")), day: day.parse().unwrap(), named: named.parse().unwrap() }
}

/// Who did what of `kind`, by the audit record.
async fn recorded(store: &Store, kind: &str) -> Vec<String> {
    let mut found = Vec::new();
    store
        .each_audit_row(|row| {
            if row.details.contains(&format!("\"kind\":\"{kind}\"")) {
                found.push(format!("{} {}", row.actor, row.deed));
            }
            true
        })
        .await
        .unwrap();
    found
}

#[tokio::test]
async fn an_occurrence_is_planned_and_claimed_once() {
    let store = Store::forgetful().await.unwrap();
    let now = at("2026-11-27T00:00:10Z");
    for _ in 0..2 {
        store.plan("daily", "here", &[due("2026-11-26", "2026-11-26"), due("2026-11-27", "2026-11-27")]).await.unwrap();
    }
    store.plan("daily", "there", &[due("2026-11-27", "2026-11-27")]).await.unwrap();
    let open = store.occurrences_to_post().await.unwrap();
    assert_eq!(open.len(), 3, "one a day and host");
    let first = &open[0];
    assert_eq!((first.state, first.due), (OccurrenceState::Due, due("2026-11-26", "2026-11-26")));

    assert!(store.claim_occurrence(first.id, now).await.unwrap());
    assert!(!store.claim_occurrence(first.id, now).await.unwrap(), "of two who ask one gets it");
    let place = MessagePlace { channel: 7, message: u64::MAX };
    assert_eq!(store.assign(first.id, &[2, 1], now).await.unwrap(), [1, 2]);
    assert!(store.occurrence_posted(first.id, place, &[], now).await.unwrap());
    assert!(!store.occurrence_posted(first.id, place, &[], now).await.unwrap());
    let missed = |number: i64| NewNotice {
        key: format!("missed-{number}"),
        kind: NoticeKind::Missed,
        occurrence: None,
        person: None,
        says: None,
        channel: 7,
        due_at: now,
    };
    store.occurrences_missed(&[first.id], Some(&missed(0)), now).await.unwrap();
    assert_eq!(store.notices_to_post(now).await.unwrap(), [], "what was posted is not missed");
    let posted = store.occurrence(first.id).await.unwrap().unwrap();
    assert_eq!((posted.state, posted.place, posted.posted_at), (OccurrenceState::Posted, Some(place), Some(now)));
    assert_eq!(posted.people, [1, 2]);

    let unclaimed = store.occurrence_posted(open[1].id, place, &[], now).await.unwrap();
    assert!(!unclaimed, "what nobody claimed cannot be posted");
    store.occurrences_missed(&[open[1].id], Some(&missed(1)), now).await.unwrap();
    assert_eq!(store.notices_to_post(now).await.unwrap().len(), 1);
    assert!(store.claim_occurrence(open[2].id, now).await.unwrap());
    assert_eq!(store.occurrences_to_post().await.unwrap().len(), 1, "a claim that a kill left behind is found");
    assert!(store.occurrence_refused(open[2].id, now).await.unwrap());
    assert_eq!(store.occurrences_after(at("2026-11-26T00:00:00Z")).await.unwrap().len(), 2);
    let (jimin, suhyeon) = (Who { id: 7, name: "지민".to_owned() }, Who { id: 8, name: "수현".to_owned() });
    assert!(store.occurrence_done(first.id, &jimin, now).await.unwrap());
    assert!(!store.occurrence_done(first.id, &suhyeon, now).await.unwrap());
    let by: i64 = sqlx::query_scalar("SELECT done_by FROM occurrence WHERE id = ?")
        .bind(first.id.0)
        .fetch_one(&store.readers)
        .await
        .unwrap();
    assert_eq!(by, 7);
    assert_eq!(recorded(&store, "done").await, ["discord:7 duty"], "whoever was first, once");
    let latest = store.latest_occurrence("daily", "here", now).await.unwrap().unwrap();
    assert_eq!(latest.due.day, due("2026-11-27", "2026-11-27").day);
}

#[tokio::test]
async fn what_a_clock_that_was_ahead_recorded_as_missed_is_still_to_come() {
    let store = Store::forgetful().await.unwrap();
    store.plan("daily", "here", &[due("2026-11-26", "2026-11-26"), due("2026-11-27", "2026-11-27")]).await.unwrap();
    let ids: Vec<_> = store.occurrences_to_post().await.unwrap().iter().map(|one| one.id).collect();
    store.occurrences_missed(&ids, None, at("2026-12-01T00:00:00Z")).await.unwrap();
    assert_eq!(store.not_missed_yet(at("2026-11-26T12:00:00Z")).await.unwrap(), 1);
    let open = store.occurrences_to_post().await.unwrap();
    assert_eq!(open.iter().map(|one| one.due.day).collect::<Vec<_>>(), [due("2026-11-27", "2026-11-27").day]);
    assert_eq!(store.not_missed_yet(at("2026-11-26T12:00:00Z")).await.unwrap(), 0);
}

#[tokio::test]
async fn a_holiday_written_afterwards_moves_nothing_a_second_time() {
    let store = Store::forgetful().await.unwrap();
    store.plan("weekly", "here", &[due("2026-11-23", "2026-11-23")]).await.unwrap();
    store.plan("weekly", "here", &[due("2026-11-24", "2026-11-23")]).await.unwrap();
    assert_eq!(store.occurrences_to_post().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_schedule_counts_from_when_it_was_written() {
    let store = Store::forgetful().await.unwrap();
    let says = |says| Planned { checklist: "daily", host: "here", says };
    let (monday, tuesday) = (at("2026-11-23T00:00:00Z"), at("2026-11-24T00:00:00Z"));
    assert_eq!(store.since(says("0 9 * * *"), tuesday).await.unwrap(), tuesday);
    assert_eq!(store.since(says("0 9 * * *"), tuesday + TimeDelta::days(3)).await.unwrap(), tuesday);
    // The clock was ahead, and was set right.
    assert_eq!(store.since(says("0 9 * * *"), monday).await.unwrap(), monday);
    assert_eq!(store.since(says("0 8 * * *"), tuesday).await.unwrap(), tuesday, "another schedule counts from then on");
}

#[tokio::test]
async fn the_latest_assignment_counts() {
    let store = Store::forgetful().await.unwrap();
    let now = at("2026-11-27T00:00:10Z");
    store.plan("daily", "here", &[due("2026-11-27", "2026-11-27")]).await.unwrap();
    let occurrence = store.occurrences_to_post().await.unwrap()[0].id;
    store.hand_over(occurrence, &[2, 1], 7, &[], now).await.unwrap();
    assert_eq!(store.occurrence(occurrence).await.unwrap().unwrap().people, [1, 2]);
    store.hand_over(occurrence, &[u64::MAX], 1, &[], now).await.unwrap();
    assert_eq!(store.occurrence(occurrence).await.unwrap().unwrap().people, [u64::MAX]);
    store.hand_over(occurrence, &[], 1, &[], now).await.unwrap();
    assert!(store.occurrence(occurrence).await.unwrap().unwrap().people.is_empty());
}

#[tokio::test]
async fn the_rota_assigns_until_somebody_says_otherwise() {
    let store = Store::forgetful().await.unwrap();
    let now = at("2026-11-27T00:00:10Z");
    store.plan("daily", "here", &[due("2026-11-27", "2026-11-27")]).await.unwrap();
    let occurrence = store.occurrences_to_post().await.unwrap()[0].id;
    let rows = async || -> i64 {
        sqlx::query_scalar("SELECT count(*) FROM assignment").fetch_one(&store.readers).await.unwrap()
    };
    assert_eq!(store.assign(occurrence, &[1], now).await.unwrap(), [1]);
    assert_eq!(store.assign(occurrence, &[1], now).await.unwrap(), [1]);
    assert_eq!(rows().await, 1, "the same again is nothing new");
    // Somebody left before it could be posted.
    assert_eq!(store.assign(occurrence, &[2], now).await.unwrap(), [2]);
    store.hand_over(occurrence, &[3], 2, &[], now).await.unwrap();
    assert_eq!(store.assign(occurrence, &[1], now).await.unwrap(), [3]);
    assert_eq!(rows().await, 3, "every earlier word stays");
}

#[tokio::test]
async fn a_notice_is_told_once() {
    let store = Store::forgetful().await.unwrap();
    let now = at("2026-11-27T00:00:00Z");
    store.plan("daily", "here", &[due("2026-11-27", "2026-11-27")]).await.unwrap();
    let occurrence = store.occurrences_to_post().await.unwrap()[0].id;
    let notice = |key: &str, kind, due_at| NewNotice {
        key: key.to_owned(),
        kind,
        occurrence: Some(occurrence),
        person: Some(5),
        says: Some(Message::new("duty-missed")),
        channel: u64::MAX,
        due_at,
    };
    let (early, late) = (now, now + TimeDelta::hours(1));
    let (one, other) = (notice("a", NoticeKind::Person, early), notice("b", NoticeKind::Snooze, late));
    for _ in 0..2 {
        store.notify(&[one.clone(), other.clone()]).await.unwrap();
    }
    assert_eq!(store.snoozed_until(occurrence).await.unwrap(), Some(late));
    let ripe = store.notices_to_post(now).await.unwrap();
    assert_eq!(ripe.iter().map(|notice| notice.what.clone()).collect::<Vec<_>>(), [one]);
    assert!(store.claim_notice(ripe[0].id, now).await.unwrap());
    assert!(!store.claim_notice(ripe[0].id, now).await.unwrap());
    assert!(store.notices_to_post(now).await.unwrap()[0].claimed);
    assert!(store.notice_posted(ripe[0].id, 9, now).await.unwrap());
    assert!(!store.notice_dropped(ripe[0].id, now).await.unwrap());
    let ripe = store.notices_to_post(late).await.unwrap();
    assert_eq!(ripe.len(), 1);
    assert!(store.notice_dropped(ripe[0].id, late).await.unwrap());
    assert_eq!(store.notices_to_post(late).await.unwrap(), []);
    assert_eq!(store.snoozed_until(occurrence).await.unwrap(), None);
}

#[tokio::test]
async fn changes_of_a_rota_are_kept_in_their_order_until_they_are_taken_back() {
    let store = Store::forgetful().await.unwrap();
    let now = at("2026-11-27T00:00:00Z");
    let days = Span { from: "2026-12-01".parse().unwrap(), to: "2026-12-03".parse().unwrap() };
    let changes = [
        Change::Away { person: u64::MAX, days },
        Change::Cover { checklist: "daily".into(), days, people: vec![1, 2] },
        Change::Swap { checklist: "daily".into(), days, one: vec![1], other_days: days, other: vec![2] },
    ];
    for change in &changes {
        store.change_rota(change, 7, &[], now).await.unwrap();
    }
    let kept = store.rota_changes().await.unwrap();
    assert_eq!(kept.iter().map(|kept| kept.change.clone()).collect::<Vec<_>>(), changes);
    assert_eq!((kept[0].by, kept[0].at), (7, now));
    assert!(store.end_rota_change(ChangeId(2), 8, now).await.unwrap());
    assert!(!store.end_rota_change(ChangeId(2), 8, now).await.unwrap());
    assert_eq!(recorded(&store, "taken-back").await, ["discord:8 duty"]);
    assert_eq!(store.rota_changes().await.unwrap().len(), 2);
}
