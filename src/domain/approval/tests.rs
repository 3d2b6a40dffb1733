//! Every event in every state, and what must hold whatever happens in whichever order.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;

use super::*;
use crate::domain::action::step::Run;
use crate::domain::action::{Action, Arguments, Given, Identity, Inventory, Parameter, Risk, Source, Step, Word};
use crate::domain::message::Localised;

const ASKS: u64 = 1;
const FIRST: u64 = 2;
const SECOND: u64 = 3;
const MINUTE: i64 = 60;

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap()
}

fn action() -> Action {
    let text = |text: &str| Localised { ko: text.to_owned(), en: text.to_owned() };
    Action {
        id: "restart".to_owned(),
        name_ko: None,
        title: text("Restart"),
        description: text("Restarts a service"),
        risk: Risk::High,
        parameters: vec![Parameter {
            id: "service".to_owned(),
            title: text("Service"),
            source: Source::From(Inventory::Services),
        }],
        interrupts: text("The service"),
        ask: vec!["operations".to_owned()],
        approve: vec!["devops".to_owned()],
        expires: Duration::from_secs(900),
        steps: vec![Step::Run(Run {
            argv: vec![Word::Literal("true".to_owned()), Word::Argument("service".to_owned())],
            sudo: false,
            timeout: Duration::from_secs(60),
        })],
        proves: None,
        after_failure: Vec::new(),
    }
}

fn chosen(service: &str) -> Arguments {
    let offered = ["serverpod".to_owned(), "redis".to_owned()];
    let given = Given::from([("service".to_owned(), service.to_owned())]);
    Arguments::check(&action(), &given, |_| &offered).unwrap()
}

fn binding() -> Binding {
    Binding::of("gear-freak", &action(), chosen("serverpod"), Identity::default().with("container", "abc"))
}

fn request(needed: Needed) -> Request {
    Request::new(Terms {
        requester: ASKS,
        needed,
        asked_at: at(0),
        expires_at: at(15 * MINUTE),
        binding: binding().digest(needed),
    })
}

fn in_state(needed: Needed, state: State) -> Request {
    let approvals = match (needed, state) {
        (Needed::Approvals(count), State::Approved | State::Running) => {
            (0..u64::from(count)).map(|n| FIRST + n).collect()
        }
        _ => Vec::new(),
    };
    Request::recorded(request(needed).terms, state, approvals)
}

/// Everything that can happen, by those who ask, who approved and who did not.
fn events() -> Vec<Event> {
    let mut events = vec![
        Event::Expire,
        Event::Supersede { by: RequestId(2) },
        Event::Invalidate,
        Event::Begin,
        Event::Verify,
        Event::Fail,
        Event::Interrupt,
    ];
    for by in [ASKS, FIRST, 9] {
        events.extend([Event::Approve { by }, Event::Confirm { by }, Event::Deny { by }, Event::Cancel { by }]);
    }
    events
}

/// What follows within the request's time, as a table; everything else is an error.
fn expected(needed: Needed, state: State, event: Event) -> Option<State> {
    use State as S;
    match (state, event) {
        (S::Requested | S::Approved, Event::Supersede { .. }) => Some(S::Superseded),
        (S::Requested | S::Approved, Event::Invalidate) => Some(S::Void),
        (S::Requested | S::Approved, Event::Deny { by: FIRST | 9 }) => Some(S::Denied),
        (S::Requested | S::Approved, Event::Cancel { by: ASKS }) => Some(S::Cancelled),
        (S::Requested, Event::Approve { by: FIRST | 9 }) => match needed {
            Needed::Approvals(1) => Some(S::Approved),
            Needed::Approvals(_) => Some(S::Requested),
            Needed::Confirmation | Needed::BreakGlass { .. } => None,
        },
        (S::Requested, Event::Confirm { by: ASKS }) if needed.approvals() == 0 => Some(S::Approved),
        (S::Approved, Event::Begin) => Some(S::Running),
        (S::Running, Event::Verify) => Some(S::Verified),
        (S::Running, Event::Fail) => Some(S::Failed),
        (S::Running, Event::Interrupt) => Some(S::Interrupted),
        _ => None,
    }
}

const KINDS: [fn() -> Needed; 4] = [
    || Needed::Confirmation,
    || Needed::Approvals(1),
    || Needed::Approvals(2),
    || Needed::BreakGlass { from: at(3 * MINUTE) },
];

#[test]
fn each_event_in_each_state_does_what_the_table_says() {
    for needed in KINDS {
        for state in State::ALL {
            for event in events() {
                let found = next(&in_state(needed(), state), event, at(5 * MINUTE)).ok().map(|after| after.state());
                assert_eq!(found, expected(needed(), state, event), "{:?} {state:?} {event:?}", needed());
            }
        }
    }
}

#[test]
fn after_its_time_only_its_end_follows() {
    for needed in KINDS {
        for state in [State::Requested, State::Approved] {
            for now in [at(15 * MINUTE), at(99 * MINUTE)] {
                for event in events() {
                    let found = next(&in_state(needed(), state), event, now).map(|after| after.state());
                    match event {
                        Event::Expire => assert_eq!(found, Ok(State::Expired)),
                        Event::Supersede { .. } => assert_eq!(found, Ok(State::Superseded)),
                        Event::Invalidate => assert_eq!(found, Ok(State::Void)),
                        Event::Verify | Event::Fail | Event::Interrupt => assert_eq!(found, Err(Illegal::NotBegun)),
                        _ => assert_eq!(found, Err(Illegal::Late), "{event:?}"),
                    }
                }
            }
        }
        // What runs goes on: it is the act's own deadline that ends it.
        let running = in_state(needed(), State::Running);
        assert_eq!(next(&running, Event::Verify, at(99 * MINUTE)).unwrap().state(), State::Verified);
        assert_eq!(next(&running, Event::Expire, at(99 * MINUTE)), Err(Illegal::Begun));
    }
    assert_eq!(next(&request(Needed::Approvals(1)), Event::Expire, at(15 * MINUTE - 1)), Err(Illegal::NotLate));
}

#[test]
fn refusals_say_why() {
    let now = at(MINUTE);
    let two = request(Needed::Approvals(2));
    assert_eq!(next(&two, Event::Approve { by: ASKS }, now), Err(Illegal::OwnRequest));
    assert_eq!(next(&two, Event::Deny { by: ASKS }, now), Err(Illegal::OwnRequest));
    assert_eq!(next(&two, Event::Cancel { by: FIRST }, now), Err(Illegal::NotRequester));
    assert_eq!(next(&two, Event::Confirm { by: ASKS }, now), Err(Illegal::NeedsOthers));
    assert_eq!(next(&two, Event::Begin, now), Err(Illegal::NotAgreed));
    let one = next(&two, Event::Approve { by: FIRST }, now).unwrap();
    assert_eq!((one.state(), one.approvals()), (State::Requested, [FIRST].as_slice()));
    assert_eq!(next(&one, Event::Approve { by: FIRST }, now), Err(Illegal::Twice));
    let both = next(&one, Event::Approve { by: SECOND }, now).unwrap();
    assert_eq!((both.state(), both.approvals()), (State::Approved, [FIRST, SECOND].as_slice()));
    assert_eq!(next(&both, Event::Approve { by: 9 }, now), Err(Illegal::Agreed));
    assert_eq!(next(&request(Needed::Confirmation), Event::Approve { by: FIRST }, now), Err(Illegal::NeedsNobody));
    assert_eq!(next(&request(Needed::Confirmation), Event::Confirm { by: FIRST }, now), Err(Illegal::NotRequester));
}

#[test]
fn denied_stays_denied_and_approved_can_still_be_denied_until_it_begins() {
    let now = at(MINUTE);
    let denied = next(&request(Needed::Approvals(1)), Event::Deny { by: FIRST }, now).unwrap();
    for event in events() {
        assert_eq!(next(&denied, event, now), Err(Illegal::Over(State::Denied)), "{event:?}");
    }
    let approved = next(&request(Needed::Approvals(1)), Event::Approve { by: FIRST }, now).unwrap();
    assert_eq!(next(&approved, Event::Deny { by: SECOND }, now).unwrap().state(), State::Denied);
    let running = next(&approved, Event::Begin, now).unwrap();
    assert_eq!(next(&running, Event::Deny { by: SECOND }, now), Err(Illegal::Begun));
}

#[test]
fn who_goes_ahead_alone_waits_first_and_can_be_stopped() {
    let alone = request(Needed::BreakGlass { from: at(3 * MINUTE) });
    let early = next(&alone, Event::Confirm { by: ASKS }, at(3 * MINUTE - 1));
    assert_eq!(early, Err(Illegal::TooEarly(at(3 * MINUTE))));
    assert_eq!(next(&alone, Event::Confirm { by: FIRST }, at(3 * MINUTE)), Err(Illegal::NotRequester));
    assert_eq!(next(&alone, Event::Confirm { by: ASKS }, at(3 * MINUTE)).unwrap().state(), State::Approved);
    assert_eq!(next(&alone, Event::Deny { by: FIRST }, at(1)).unwrap().state(), State::Denied);
}

fn present(approvers: &[u64]) -> Present {
    Present { binding: binding(), requester_may: true, approvers: approvers.iter().copied().collect() }
}

#[test]
fn a_claim_needs_everything_as_it_was_approved() {
    let now = at(2 * MINUTE);
    let approved = in_state(Needed::Approvals(2), State::Approved);
    let refused = |request: &Request, present: Present| claim(RequestId(1), request, present, now).err();
    assert_eq!(refused(&approved, present(&[FIRST, SECOND])), None);

    let changes: [fn(&mut Present); 6] = [
        |present| present.binding.host = "elsewhere".to_owned(),
        |present| present.binding.action = "reboot".to_owned(),
        |present| present.binding.version = Digest::of(b"another"),
        |present| present.binding.arguments = chosen("redis"),
        |present| present.binding.identity = Identity::default().with("container", "def"),
        |present| present.binding.identity = present.binding.identity.clone().with("image", "new"),
    ];
    for change in changes {
        let mut now_so = present(&[FIRST, SECOND]);
        change(&mut now_so);
        assert_eq!(refused(&approved, now_so), Some(Refused::Changed));
    }
    let without_requester = Present { requester_may: false, ..present(&[FIRST, SECOND]) };
    assert_eq!(refused(&approved, without_requester), Some(Refused::Requester));
    assert_eq!(refused(&approved, present(&[FIRST])), Some(Refused::Approver(SECOND)));
    for refusal in [Refused::Changed, Refused::Requester, Refused::Approver(SECOND)] {
        assert!(refusal.voids());
    }
    // The rule became stricter, or laxer, since.
    let by_another_rule = Request::recorded(
        Terms { needed: Needed::Approvals(1), ..approved.terms().clone() },
        State::Approved,
        vec![FIRST, SECOND],
    );
    assert_eq!(refused(&by_another_rule, present(&[FIRST, SECOND])), Some(Refused::Changed));
}

#[test]
fn a_row_that_calls_itself_approved_is_counted_again() {
    for approvals in [vec![], vec![FIRST], vec![FIRST, FIRST], vec![FIRST, ASKS], vec![ASKS, ASKS]] {
        let forged = Request::recorded(request(Needed::Approvals(2)).terms, State::Approved, approvals.clone());
        let found = claim(RequestId(1), &forged, present(&[ASKS, FIRST, SECOND]), at(1)).err();
        assert_eq!(found, Some(Refused::Illegal(Illegal::NotAgreed)), "{approvals:?}");
    }
}

#[test]
fn only_one_row_gives_the_witness() {
    let approved = in_state(Needed::Approvals(1), State::Approved);
    let claim = || claim(RequestId(7), &approved, present(&[FIRST]), at(1)).unwrap();
    for rows in [0, 2, u64::MAX] {
        assert_eq!(claim().won(rows).err(), Some(Refused::Taken));
    }
    let witness = claim().won(1).unwrap();
    assert_eq!((witness.id(), witness.host(), witness.action()), (RequestId(7), "gear-freak", "restart"));
    assert_eq!(witness.arguments().get("service"), Some("serverpod"));
    assert_eq!(witness.digest(), approved.terms().binding);
}

#[test]
fn fields_of_a_binding_cannot_run_into_each_other() {
    let of = |identity: BTreeMap<String, String>| {
        Binding::of("h", &action(), chosen("redis"), Identity(identity)).digest(Needed::Confirmation)
    };
    let map = |pairs: &[(&str, &str)]| pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    assert_ne!(of(map(&[("a", "bc")])), of(map(&[("ab", "c")])));
    assert_ne!(of(map(&[("a", "b"), ("c", "d")])), of(map(&[("a", "bcd")])));
    assert_ne!(of(map(&[])), of(map(&[("", "")])));
}

fn any_event() -> impl Strategy<Value = Event> {
    let who = 1..6_u64;
    prop_oneof![
        6 => who.clone().prop_map(|by| Event::Approve { by }),
        2 => who.clone().prop_map(|by| Event::Confirm { by }),
        1 => who.clone().prop_map(|by| Event::Deny { by }),
        1 => who.prop_map(|by| Event::Cancel { by }),
        1 => Just(Event::Expire),
        1 => Just(Event::Supersede { by: RequestId(9) }),
        1 => Just(Event::Invalidate),
        4 => Just(Event::Begin),
        1 => Just(Event::Verify),
        1 => Just(Event::Fail),
        1 => Just(Event::Interrupt),
    ]
}

fn any_needed() -> impl Strategy<Value = Needed> {
    prop_oneof![
        Just(Needed::Confirmation),
        (1..4_u32).prop_map(Needed::Approvals),
        (0..900_i64).prop_map(|from| Needed::BreakGlass { from: at(from) }),
    ]
}

proptest! {
    /// Whatever happens in whichever order, at whichever time: what runs was agreed to by the right people, in its time,
    /// once; and what is over stays as it is.
    #[test]
    fn nothing_runs_without_the_right_word(
        needed in any_needed(),
        happenings in prop::collection::vec((any_event(), 0..120_i64), 0..60),
    ) {
        let mut now = at(0);
        let mut request = request(needed);
        let mut agreed = BTreeSet::new();
        let mut confirmed = false;
        let mut begun = 0;
        for (event, later) in happenings {
            now += TimeDelta::seconds(later);
            let before = request.clone();
            let Ok(after) = next(&before, event, now) else { continue };
            prop_assert!(!before.state().is_over(), "{event:?} changed {:?}", before.state());
            match event {
                Event::Approve { by } => { prop_assert!(agreed.insert(by)); }
                Event::Confirm { by } => {
                    prop_assert_eq!(by, ASKS);
                    confirmed = true;
                }
                Event::Begin => {
                    begun += 1;
                    prop_assert!(now < at(15 * MINUTE));
                    prop_assert!(!agreed.contains(&ASKS));
                    match needed {
                        Needed::Approvals(count) => prop_assert_eq!(agreed.len(), count as usize),
                        Needed::Confirmation => prop_assert!(confirmed),
                        Needed::BreakGlass { from } => prop_assert!(confirmed && now >= from),
                    }
                }
                _ => {}
            }
            prop_assert_eq!(after.approvals().to_vec(), agreed_in_order(&before, event));
            prop_assert_eq!(after.terms(), before.terms());
            request = after;
        }
        prop_assert!(begun <= 1);
        let ran = matches!(request.state(), State::Running | State::Verified | State::Failed | State::Interrupted);
        prop_assert_eq!(ran, begun == 1);
    }
}

fn agreed_in_order(before: &Request, event: Event) -> Vec<u64> {
    let mut agreed = before.approvals().to_vec();
    if let Event::Approve { by } = event {
        agreed.push(by);
    }
    agreed
}
