use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::*;
use crate::domain::action::{Given, Outlook, Risk};
use crate::domain::approval::{Decision, KeptRequest, Needed, NewRequest, Request, RequestId, State, Terms, Word};
use crate::domain::digest::Digest;
use crate::domain::grade::Grade;
use crate::domain::message::Localised;

fn at(minute: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000 + minute * 60, 0).unwrap()
}

fn runbook(within: Option<Duration>) -> Runbook {
    let text = |text: &str| Localised { ko: text.to_owned(), en: text.to_owned() };
    let step = |id: &str, does| RunbookStep { id: id.to_owned(), title: text(id), does };
    Runbook {
        id: "emergency-service-down".to_owned(),
        title: text("Service down"),
        description: text("Service down"),
        severity: Severity::Critical,
        symptom: text("no answer"),
        open: vec!["operations".to_owned()],
        fits: Vec::new(),
        within,
        steps: vec![
            step("status", Does::Look { checklist: "daily".to_owned(), checks: Vec::new() }),
            step("restart", Does::Act { action: "restart-all".to_owned(), with: Given::new() }),
            step("address", Does::Hand { how: text("switch") }),
            step("key", Does::HostKey { how: text("console") }),
        ],
    }
}

fn kept(happenings: &[(Happening, u64, i64)]) -> KeptRunbook {
    let happened = |(what, by, minute): &(Happening, u64, i64)| Happened {
        what: what.clone(),
        by: (*by, format!("p{by}")),
        at: at(*minute),
    };
    KeptRunbook {
        id: 1,
        runbook: "emergency-service-down".to_owned(),
        host: "here".to_owned(),
        channel: 8,
        thread: None,
        place: None,
        happened: happenings.iter().map(happened).collect(),
        acts: BTreeMap::new(),
    }
}

fn opened() -> (Happening, u64, i64) {
    (Happening::Opened { note: "502".to_owned() }, 1, 0)
}

fn looked(bad: &[&str]) -> Happening {
    let title = |bad: &str| Localised { ko: bad.to_owned(), en: bad.to_owned() };
    let bad = bad.iter().map(|bad| NotWell { title: title(bad), grade: Grade::Fail }).collect();
    Happening::Looked { step: "status".to_owned(), well: 3, bad }
}

fn asked() -> Happening {
    Happening::Asked { step: Some("restart".to_owned()), request: 12 }
}

fn done() -> Happening {
    Happening::Done { step: "address".to_owned() }
}

fn shown(fingerprint: &str) -> Happening {
    Happening::Shown { step: "key".to_owned(), address: "10.0.0.9:22".to_owned(), fingerprint: fingerprint.to_owned() }
}

fn trusted(fingerprint: &str) -> Happening {
    Happening::Trusted {
        step: "key".to_owned(),
        address: "10.0.0.9:22".to_owned(),
        fingerprint: fingerprint.to_owned(),
    }
}

/// The request 12 in `state`, asked for in the third minute.
fn act(state: State) -> KeptRequest {
    let text = Localised::default();
    let said = Decision { word: Word::Approve, by: 2, name: "p2".to_owned(), reason: None, at: at(4) };
    let begun = matches!(state, State::Running | State::Verified | State::Failed | State::Interrupted);
    let terms = Terms {
        requester: 1,
        needed: Needed::Approvals(1),
        asked_at: at(3),
        expires_at: at(18),
        binding: Digest::of(b""),
    };
    KeptRequest {
        id: RequestId(12),
        asked: NewRequest {
            action: "restart-all".to_owned(),
            title: text.clone(),
            risk: Risk::High,
            host: "here".to_owned(),
            host_title: text.clone(),
            arguments: Given::new(),
            interrupts: text,
            outlook: Outlook::default(),
            before: BTreeMap::new(),
            remedy_of: None,
            version: Digest::of(b""),
            terms: terms.clone(),
            runbook: Some(1),
            requester_name: "p1".to_owned(),
            reason: "502".to_owned(),
            channel: 10,
            parent: Some(8),
        },
        request: Request::recorded(terms, state, vec![2]),
        decisions: vec![said],
        begun_at: begun.then(|| at(5)),
        ended_at: state.is_over().then(|| at(6)),
        why: None,
        outcome: None,
        place: None,
        review: None,
        held: None,
    }
}

fn with_act(happenings: &[(Happening, u64, i64)], state: State) -> KeptRunbook {
    KeptRunbook { acts: BTreeMap::from([(RequestId(12), act(state))]), ..kept(happenings) }
}

fn closed(solved: bool) -> Happening {
    Happening::Closed { solved, note: String::new() }
}

#[test]
fn whoever_said_so_last_leads_and_what_is_closed_stays_closed() {
    let mut open = kept(&[opened()]);
    assert_eq!(open.lead().map(|lead| lead.0), Some(1));
    assert_eq!(may_happen(&runbook(None), &open, &Happening::Led, 1), Err(NotNow::Already), "they lead already");
    assert_eq!(may_happen(&runbook(None), &open, &Happening::Led, 2), Ok(()));
    open.happened.push(Happened { what: Happening::Led, by: (2, "p2".to_owned()), at: at(1) });
    assert_eq!(open.lead().map(|lead| lead.0), Some(2));
    assert_eq!(open.took(at(5)), Duration::from_secs(300));
    let over = kept(&[opened(), (looked(&[]), 1, 2), (asked(), 1, 3), (closed(true), 1, 9)]);
    assert_eq!(over.took(at(99)), Duration::from_secs(540));
    assert_eq!(over.requests().collect::<Vec<_>>(), [RequestId(12)]);
    for what in [looked(&[]), asked(), done(), shown("a"), trusted("a"), closed(true), Happening::Led] {
        assert_eq!(may_happen(&runbook(None), &over, &what, 3), Err(NotNow::Closed), "{what:?}");
    }
}

#[test]
fn a_step_does_what_it_is_for_and_by_hand_once() {
    let open = kept(&[opened()]);
    let no_step = Err(NotNow::NoStep);
    for (what, may) in [
        (looked(&[]), Ok(())),
        (asked(), Ok(())),
        (done(), Ok(())),
        (shown("a"), Ok(())),
        (trusted("a"), Err(NotNow::OtherKey)),
        (Happening::Done { step: "restart".to_owned() }, no_step),
        (Happening::Looked { step: "nope".to_owned(), well: 0, bad: Vec::new() }, no_step),
        (Happening::Asked { step: Some("status".to_owned()), request: 1 }, no_step),
        (Happening::Asked { step: None, request: 1 }, Ok(())),
        (Happening::Opened { note: String::new() }, Err(NotNow::Already)),
    ] {
        assert_eq!(may_happen(&runbook(None), &open, &what, 1), may, "{what:?}");
    }
    let once = kept(&[opened(), (done(), 1, 1)]);
    assert_eq!(may_happen(&runbook(None), &once, &done(), 2), Err(NotNow::Already));
}

#[test]
fn only_the_key_that_was_shown_last_is_approved_and_once() {
    let open = kept(&[opened(), (shown("a"), 1, 1), (shown("b"), 1, 2)]);
    let may = |kept: &KeptRunbook, fingerprint| may_happen(&runbook(None), kept, &trusted(fingerprint), 2);
    assert_eq!(may(&open, "b"), Ok(()));
    assert_eq!(may(&open, "a"), Err(NotNow::OtherKey));
    let elsewhere =
        Happening::Trusted { step: "key".to_owned(), address: "10.0.0.10:22".to_owned(), fingerprint: "b".to_owned() };
    assert_eq!(may_happen(&runbook(None), &open, &elsewhere, 2), Err(NotNow::OtherKey));
    let approved = kept(&[opened(), (shown("b"), 1, 2), (trusted("b"), 2, 3)]);
    assert_eq!(may(&approved, "b"), Err(NotNow::Already));
}

#[test]
fn only_what_was_seen_to_be_well_is_done() {
    let of = |kept: &KeptRunbook, step: &str| kept.standing(runbook(None).step(step).unwrap());
    let begun = [opened(), (looked(&["api"]), 1, 2), (asked(), 1, 3), (shown("a"), 1, 4)];
    for (state, standing) in [
        (State::Requested, Standing::Waits),
        (State::Approved, Standing::Waits),
        (State::Running, Standing::Runs),
        (State::Verified, Standing::Done),
        (State::Denied, Standing::Bad),
        (State::Expired, Standing::Bad),
        (State::Cancelled, Standing::Bad),
        (State::Superseded, Standing::Bad),
        (State::Void, Standing::Bad),
        (State::Failed, Standing::Bad),
        (State::Interrupted, Standing::Bad),
    ] {
        let kept = with_act(&begun, state);
        assert_eq!(of(&kept, "restart"), standing, "{state:?}");
        assert_eq!(
            [of(&kept, "status"), of(&kept, "address"), of(&kept, "key")],
            [Standing::Bad, Standing::Open, Standing::Waits]
        );
    }
    // A request that cannot be read is no act that worked.
    assert_eq!(of(&kept(&begun), "restart"), Standing::Bad);
    let later = kept(&[opened(), (looked(&["api"]), 1, 2), (looked(&[]), 1, 8), (trusted("a"), 2, 9)]);
    assert_eq!([of(&later, "status"), of(&later, "key")], [Standing::Done, Standing::Done]);
}

#[test]
fn the_timeline_tells_what_became_of_the_acts_in_its_order() {
    let told = |state| {
        let kept = with_act(&[opened(), (asked(), 1, 3), (looked(&[]), 1, 7), (closed(true), 1, 9)], state);
        let word = |moment: &Moment<'_>| match &moment.event {
            Event::Happened(one) => one.what.name().to_owned(),
            Event::Said(_, said) => said.word.name().to_owned(),
            Event::Begun(_) => "begun".to_owned(),
            Event::Ended(_, state) => state.name().to_owned(),
        };
        kept.timeline().iter().map(word).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(told(State::Verified), "opened asked approve begun verified looked closed");
    assert_eq!(told(State::Running), "opened asked approve begun looked closed");
    assert_eq!(told(State::Requested), "opened asked approve looked closed");
    assert_eq!(told(State::Void), "opened asked approve void looked closed");
}

#[test]
fn a_drill_is_passed_with_every_step_well_and_in_its_time() {
    let hour = Some(Duration::from_secs(3600));
    let solved = |kept: &KeptRunbook, within| may_happen(&runbook(within), kept, &closed(true), 1);
    let half = kept(&[opened(), (looked(&[]), 1, 2)]);
    assert_eq!(solved(&half, hour), Err(NotNow::Unfinished));
    assert_eq!(may_happen(&runbook(hour), &half, &closed(false), 1), Ok(()));
    assert_eq!(solved(&half, None), Ok(()));
    let steps = |bad: &[&str]| {
        [opened(), (looked(bad), 1, 2), (asked(), 1, 3), (done(), 1, 4), (shown("a"), 1, 5), (trusted("a"), 1, 6)]
    };
    assert_eq!(solved(&with_act(&steps(&[]), State::Verified), hour), Ok(()));
    for not_well in [
        with_act(&steps(&["api"]), State::Verified),
        with_act(&steps(&[]), State::Failed),
        with_act(&steps(&[]), State::Running),
        kept(&steps(&[])),
    ] {
        assert_eq!(solved(&not_well, hour), Err(NotNow::Unfinished));
    }
    let ended = |minutes, solved| {
        let mut steps = steps(&[]).to_vec();
        steps.push((closed(solved), 1, minutes));
        with_act(&steps, State::Verified)
    };
    assert_eq!(drill_passed(&runbook(hour), &ended(40, true)), Some(true));
    assert_eq!(drill_passed(&runbook(hour), &ended(60, true)), Some(false), "less than an hour");
    assert_eq!(drill_passed(&runbook(hour), &ended(40, false)), Some(false));
    assert_eq!(drill_passed(&runbook(hour), &half), None);
    assert_eq!(drill_passed(&runbook(None), &ended(40, true)), None);
}

#[test]
fn what_was_not_well_is_read_as_it_was_written_first_and_as_it_is_written_now() {
    let text = |text: &str| Localised { ko: text.to_owned(), en: text.to_owned() };
    let first = r#"{"kind":"looked","step":"status","well":3,"bad":["fail API 응답","unknown a b","API","nope API"]}"#;
    let not_well = |title, grade| NotWell { title: text(title), grade };
    let expected = Happening::Looked {
        step: "status".to_owned(),
        well: 3,
        bad: vec![
            not_well("API 응답", Grade::Fail),
            not_well("a b", Grade::Unknown),
            not_well("API", Grade::Unknown),
            not_well("nope API", Grade::Unknown),
        ],
    };
    assert_eq!(serde_json::from_str::<Happening>(first).unwrap(), expected);
    let now = serde_json::to_string(&expected).unwrap();
    assert!(now.contains(r#"{"title":{"ko":"API 응답","en":"API 응답"},"grade":"fail"}"#), "{now}");
    assert_eq!(serde_json::from_str::<Happening>(&now).unwrap(), expected);
}
