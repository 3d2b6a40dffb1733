//! Requests against real files: who is first is the only one, whatever happens at the same instant.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use futures::future::join;
use tempfile::TempDir;

use super::{Claimed, Running};
use crate::domain::action::{Arguments, Before, Ended, Given, Identity, Outcome, Outlook, Proof, Risk};
use crate::domain::approval::{
    Binding, Claim, Decision, Event, KeptRequest, Needed, NewRequest, Present, Request, RequestId, State, Terms, Word,
    claim, next,
};
use crate::domain::audit::{Actor, Deed, Entry};
use crate::domain::digest::Digest;
use crate::domain::grade::Grade;
use crate::domain::message::{Localised, Message};
use crate::domain::run::MessagePlace;
use crate::store::{Store, Verdict};

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_392_000 + seconds, 0).unwrap()
}

fn binding(host: &str) -> Binding {
    Binding {
        host: host.to_owned(),
        action: "restart".to_owned(),
        version: Digest::of(b"version"),
        arguments: Arguments::default(),
        identity: Identity::default().with("container", "abc"),
    }
}

fn asked(host: &str, needed: Needed) -> NewRequest {
    let text = |text: &str| Localised { ko: text.to_owned(), en: text.to_owned() };
    NewRequest {
        action: "restart".to_owned(),
        title: text("재시작"),
        risk: Risk::High,
        host: host.to_owned(),
        host_title: text("Gear"),
        arguments: Given::from([("service".to_owned(), "serverpod".to_owned())]),
        interrupts: text("a moment"),
        outlook: Outlook {
            commands: vec!["docker-compose restart serverpod".to_owned()],
            now: vec![Message::new("grade-pass")],
            goes: Vec::new(),
            identity: Identity::default().with("container", "abc"),
        },
        before: [("daily/api".to_owned(), Before { grade: Grade::Pass, value: "31 ms".to_owned() })].into(),
        remedy_of: Some(Proof::of("daily".to_owned(), vec!["api".to_owned()])),
        version: Digest::of(b"version"),
        terms: Terms {
            requester: 1,
            needed,
            asked_at: at(0),
            expires_at: at(900),
            binding: binding(host).digest(needed),
        },
        runbook: None,
        requester_name: "지민".to_owned(),
        reason: "느립니다".to_owned(),
        channel: u64::MAX,
        parent: Some(u64::MAX - 1),
    }
}

fn entry(seconds: i64, deed: Deed) -> Entry {
    Entry::new(at(seconds), Actor::Discord(2), deed, "request")
}

async fn made(store: &Store, host: &str, needed: Needed) -> RequestId {
    let entry = |id: RequestId| Entry::new(at(0), Actor::Discord(1), Deed::Request, format!("request:{}", id.0));
    store.make_request(&asked(host, needed), entry).await.unwrap()
}

async fn kept(store: &Store, id: RequestId) -> KeptRequest {
    store.request(id).await.unwrap().unwrap()
}

fn says(word: Word, by: u64, seconds: i64) -> Decision {
    Decision { word, by, name: format!("person {by}"), reason: None, at: at(seconds) }
}

async fn happen(store: &Store, id: RequestId, before: &Request, event: Event, said: Option<Decision>) -> bool {
    let after = next(before, event, at(10)).unwrap();
    store.change_request(id, (before, &after), said.as_ref(), None, &entry(10, Deed::Decision)).await.unwrap()
}

async fn approved(store: &Store, host: &str) -> RequestId {
    let id = made(store, host, Needed::Approvals(1)).await;
    let before = kept(store, id).await.request;
    assert!(happen(store, id, &before, Event::Approve { by: 2 }, Some(says(Word::Approve, 2, 10))).await);
    id
}

fn claim_of(kept: &KeptRequest) -> Claim {
    let present =
        Present { binding: binding(&kept.asked.host), requester_may: true, approvers: BTreeSet::from([2, 3, 4]) };
    claim(kept.id, &kept.request, present, at(20)).unwrap()
}

fn ended(ended: Ended) -> Outcome {
    Outcome { ended, says: vec![Message::new("grade-pass")], output: "done".to_owned(), proofs: Vec::new() }
}

#[tokio::test]
async fn a_whole_life_is_kept() {
    let store = Store::forgetful().await.unwrap();
    let id = approved(&store, "gear").await;
    store.request_shown_in(id, MessagePlace { channel: u64::MAX, message: 7 }).await.unwrap();
    let request = kept(&store, id).await;
    assert_eq!(request.asked, asked("gear", Needed::Approvals(1)));
    assert_eq!((request.request.state(), request.request.approvals()), (State::Approved, [2].as_slice()));
    assert_eq!(request.decisions, [says(Word::Approve, 2, 10)]);
    assert_eq!(request.place, Some(MessagePlace { channel: u64::MAX, message: 7 }));
    assert_eq!(request.target(), "serverpod");

    let Claimed::Won(witness) = store.claim_request(claim_of(&request), &entry(20, Deed::Act)).await.unwrap() else {
        panic!("nobody else was there");
    };
    assert_eq!((witness.id(), witness.host()), (id, "gear"));
    let running = Running { request: id, action: "restart".to_owned(), begun_at: at(20) };
    assert_eq!(store.running_on("gear").await.unwrap(), Some(running));
    let verified = ended(Ended::Verified);
    let end = entry(30, Deed::Result);
    assert!(store.end_request(id, State::Verified, &verified, &end, true).await.unwrap());
    assert!(!store.end_request(id, State::Failed, &verified, &end, true).await.unwrap(), "it ended already");
    let request = kept(&store, id).await;
    assert_eq!((request.begun_at, request.ended_at), (Some(at(20)), Some(at(30))));
    assert_eq!((request.outcome, request.review), (Some(verified), Some(None)));
    for (from, to, acts) in [(0, 19, 0), (0, 20, 1), (22, 25, 1), (29, 40, 1), (30, 40, 0)] {
        let during = store.acts_during("gear", (at(from), at(to))).await.unwrap();
        assert_eq!(during.len(), acts, "{from} to {to}");
    }

    let reviewed = |by| {
        let store = store.clone();
        async move { store.review(id, (by, "민수"), "맞습니다", at(40), &entry(40, Deed::Review)).await.unwrap() }
    };
    assert_eq!(store.unreviewed(Some("gear")).await.unwrap().len(), 1);
    assert!(!reviewed(1).await, "nobody reviews what they did themselves");
    assert!(reviewed(3).await);
    assert!(!reviewed(4).await, "it was reviewed");
    assert_eq!(store.unreviewed(None).await.unwrap(), []);
    assert!(matches!(store.verify_audit().await.unwrap(), Verdict::Whole(head) if head.seq == 5));
}

#[tokio::test]
async fn what_somebody_else_changed_meanwhile_is_not_changed_again() {
    let store = Store::forgetful().await.unwrap();
    let id = made(&store, "gear", Needed::Approvals(2)).await;
    let stale = kept(&store, id).await.request;
    let one = |by| Some(says(Word::Approve, by, 10));
    assert!(happen(&store, id, &stale, Event::Approve { by: 2 }, one(2)).await);
    // Another approver saw it before that: in a state of the same name, with nobody's word yet.
    assert!(!happen(&store, id, &stale, Event::Approve { by: 3 }, one(3)).await);
    assert!(!happen(&store, id, &stale, Event::Deny { by: 3 }, Some(says(Word::Deny, 3, 10))).await);
    let fresh = kept(&store, id).await.request;
    assert_eq!(fresh.approvals(), [2]);
    assert!(happen(&store, id, &fresh, Event::Deny { by: 3 }, Some(says(Word::Deny, 3, 10))).await);
    assert!(!happen(&store, id, &fresh, Event::Approve { by: 3 }, one(3)).await, "denied stays denied");
    assert_eq!(kept(&store, id).await.request.state(), State::Denied);
    // What did not happen left no row behind.
    assert!(matches!(store.verify_audit().await.unwrap(), Verdict::Whole(head) if head.seq == 3));
}

#[tokio::test]
async fn a_message_that_lags_behind_is_told_again() {
    let store = Store::forgetful().await.unwrap();
    let id = made(&store, "gear", Needed::Approvals(1)).await;
    let shown = kept(&store, id).await.request;
    let approve = Some(says(Word::Approve, 2, 10));
    assert!(happen(&store, id, &shown, Event::Approve { by: 2 }, approve).await);
    // The edit that showed the request without the approval gets through only now.
    store.request_told(id, &shown).await.unwrap();
    assert_eq!(store.untold_requests().await.unwrap().len(), 1);
    store.request_told(id, &kept(&store, id).await.request).await.unwrap();
    assert_eq!(store.untold_requests().await.unwrap(), []);
}

#[tokio::test]
async fn a_host_has_one_act_at_a_time() {
    let store = Store::forgetful().await.unwrap();
    let (first, second) = (approved(&store, "gear").await, approved(&store, "gear").await);
    let elsewhere = approved(&store, "other").await;
    let begin = async |id| store.claim_request(claim_of(&kept(&store, id).await), &entry(20, Deed::Act)).await.unwrap();
    assert!(matches!(begin(first).await, Claimed::Won(_)));
    assert!(matches!(begin(second).await, Claimed::Busy(holder) if holder == first));
    assert!(matches!(begin(elsewhere).await, Claimed::Won(_)));
    let outcome = ended(Ended::Failed);
    assert!(store.end_request(first, State::Failed, &outcome, &entry(30, Deed::Result), false).await.unwrap());
    assert!(matches!(begin(second).await, Claimed::Won(_)));
}

#[tokio::test]
async fn nothing_is_claimed_after_its_time_or_for_another_binding() {
    let store = Store::forgetful().await.unwrap();
    let id = approved(&store, "gear").await;
    let request = kept(&store, id).await;
    let late = store.claim_request(claim_of(&request), &entry(900, Deed::Act)).await.unwrap();
    assert!(matches!(late, Claimed::Taken));
    // The row was tampered with between the judgement and the claim.
    let claim = claim_of(&request);
    sqlx::query("UPDATE request SET binding = zeroblob(32)").execute(&store.writer).await.unwrap();
    assert!(matches!(store.claim_request(claim, &entry(20, Deed::Act)).await.unwrap(), Claimed::Taken));
    assert_eq!(kept(&store, id).await.request.state(), State::Approved);
}

/// Two programs on one file press at the same instant, a thousand times: one execution each.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_who_claim_at_once_get_one_witness_in_a_thousand_races() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("signoff.db");
    let (one, two) = (Store::open(&path).await.unwrap(), Store::open(&path).await.unwrap());
    let first = approved(&one, "host-1").await;
    // A thousand of them, each on a host of its own.
    sqlx::raw_sql(
        "INSERT INTO request SELECT value, action, title, risk, 'host-' || value, host_title, arguments, interrupts, outlook,
             before, version, binding, needed, approvals, not_before, runbook, requester, requester_name, reason, asked_at, expires_at,
             state, begun_at, ended_at, why, outcome, channel, message, told, request.parent, remedy_of
         FROM request, json_each((WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
                                  SELECT json_group_array(i) FROM n));
         INSERT INTO decision (request, kind, person, name, at)
             SELECT id, 'approve', 2, 'person 2', asked_at FROM request WHERE id > 1;",
    )
    .execute(&one.writer)
    .await
    .unwrap();
    let template = kept(&one, first).await;
    let mut won = [0, 0];
    for number in 1..=1000 {
        let id = RequestId(number);
        let claim = || {
            let present = Present { binding: binding("host-1"), requester_may: true, approvers: BTreeSet::from([2]) };
            claim(id, &template.request, present, at(20)).unwrap()
        };
        let (one_entry, two_entry) = (entry(20, Deed::Act), entry(20, Deed::Act));
        let both = join(one.claim_request(claim(), &one_entry), two.claim_request(claim(), &two_entry)).await;
        let of = |claimed: Claimed| match claimed {
            Claimed::Won(_) => 1,
            Claimed::Taken | Claimed::Busy(_) => 0,
        };
        let each = [of(both.0.unwrap()), of(both.1.unwrap())];
        assert_eq!(each[0] + each[1], 1, "race {number}");
        won = [won[0] + each[0], won[1] + each[1]];
    }
    assert_eq!(won[0] + won[1], 1000);
    let running: i64 = sqlx::query_scalar("SELECT count(*) FROM request WHERE state = 'running'")
        .fetch_one(&one.readers)
        .await
        .unwrap();
    assert_eq!(running, 1000);
    assert!(matches!(one.verify_audit().await.unwrap(), Verdict::Whole(head) if head.seq == 1002));
    println!("of 1000 races the first won {}, the second {}", won[0], won[1]);
}
