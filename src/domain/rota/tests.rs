use proptest::prelude::*;

use super::*;

const JIMIN: u64 = 1;
const HYUNWOO: u64 = 2;
const ALEX: u64 = 3;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn span(from: &str, to: &str) -> Span {
    Span { from: day(from), to: day(to) }
}

fn rota(turn: Turn) -> Rota {
    Rota {
        order: vec![vec![JIMIN], vec![HYUNWOO], vec![JIMIN, ALEX]],
        turn,
        handover: NaiveTime::from_hms_opt(9, 0, 0).unwrap(),
        starts: day("2026-11-23"),
        zone: chrono_tz::Asia::Seoul,
    }
}

fn kept(changes: impl IntoIterator<Item = Change>) -> Vec<Kept> {
    let kept = |(id, change)| Kept { id: ChangeId(id), change, by: 9, at: DateTime::UNIX_EPOCH };
    (1..).zip(changes).map(kept).collect()
}

fn cover(from: &str, to: &str, people: &[u64]) -> Change {
    Change::Cover { checklist: "daily".into(), days: span(from, to), people: people.to_vec() }
}

fn away(person: u64, from: &str, to: &str) -> Change {
    Change::Away { person, days: span(from, to) }
}

fn on(changes: &[Kept], date: &str) -> Vec<u64> {
    rota(Turn::Day).on("daily", changes, day(date), &BTreeSet::new()).people
}

#[test]
fn turns_go_round_by_day_week_and_month() {
    for (turn, date, expected) in [
        (Turn::Day, "2026-11-23", vec![JIMIN]),
        (Turn::Day, "2026-11-24", vec![HYUNWOO]),
        (Turn::Day, "2026-11-25", vec![JIMIN, ALEX]),
        (Turn::Day, "2026-11-26", vec![JIMIN]),
        (Turn::Day, "2026-11-22", vec![JIMIN, ALEX]),
        (Turn::Week, "2026-11-29", vec![JIMIN]),
        (Turn::Week, "2026-11-30", vec![HYUNWOO]),
        (Turn::Week, "2026-11-22", vec![JIMIN, ALEX]),
        (Turn::Month, "2026-11-01", vec![JIMIN]),
        (Turn::Month, "2026-12-31", vec![HYUNWOO]),
        (Turn::Month, "2027-01-01", vec![JIMIN, ALEX]),
    ] {
        assert_eq!(rota(turn).on("daily", &[], day(date), &BTreeSet::new()).people, expected, "{turn:?} {date}");
    }
}

#[test]
fn a_turn_is_handed_over_at_its_hour() {
    let rota = rota(Turn::Day);
    // 09:00 in Seoul is midnight of UTC.
    assert_eq!(rota.at("daily", &[], at("2026-11-23T23:59:59Z")).people, [JIMIN]);
    assert_eq!(rota.at("daily", &[], at("2026-11-24T00:00:00Z")).people, [HYUNWOO]);
    let weekly = Rota { turn: Turn::Week, ..rota };
    assert_eq!(weekly.at("weekly", &[], at("2026-11-29T23:59:59Z")).people, [JIMIN]);
    assert_eq!(weekly.at("weekly", &[], at("2026-11-30T00:00:00Z")).people, [HYUNWOO]);
}

#[test]
fn who_shares_a_turn_has_it_alone_when_the_other_is_away_and_else_the_next_steps_in() {
    let changes = kept([away(ALEX, "2026-11-25", "2026-11-25"), away(HYUNWOO, "2026-11-24", "2026-11-26")]);
    assert_eq!(on(&changes, "2026-11-25"), [JIMIN]);
    let stepped_in = rota(Turn::Day).on("daily", &changes, day("2026-11-24"), &BTreeSet::new());
    assert_eq!(stepped_in, OnDuty { people: vec![JIMIN, ALEX], why: Why::StepsIn(vec![HYUNWOO]) });
    // The order itself does not move.
    assert_eq!(on(&changes, "2026-11-27"), [HYUNWOO]);
}

#[test]
fn the_latest_arrangement_counts_and_only_of_its_own_checklist() {
    let changes = kept([
        cover("2026-11-24", "2026-11-30", &[ALEX]),
        cover("2026-11-26", "2026-11-26", &[HYUNWOO]),
        Change::Cover { checklist: "weekly".into(), days: span("2026-11-24", "2026-11-30"), people: vec![JIMIN] },
    ]);
    assert_eq!(on(&changes, "2026-11-24"), [ALEX]);
    assert_eq!(on(&changes, "2026-11-26"), [HYUNWOO]);
    assert_eq!(on(&changes, "2026-12-01"), [JIMIN, ALEX]);
    let arranged = rota(Turn::Day).on("daily", &changes, day("2026-11-26"), &BTreeSet::new());
    assert_eq!(arranged.why, Why::Arranged(ChangeId(2)));
}

#[test]
fn a_swap_gives_each_the_days_of_the_other() {
    let changes = kept([Change::Swap {
        checklist: "daily".into(),
        days: span("2026-11-23", "2026-11-23"),
        one: vec![JIMIN],
        other_days: span("2026-11-24", "2026-11-24"),
        other: vec![HYUNWOO],
    }]);
    assert_eq!((on(&changes, "2026-11-23"), on(&changes, "2026-11-24")), (vec![HYUNWOO], vec![JIMIN]));
    assert_eq!(on(&changes, "2026-11-26"), [JIMIN]);
}

#[test]
fn away_after_an_arrangement_undoes_it_and_before_it_does_not() {
    let covered = cover("2026-11-24", "2026-11-24", &[ALEX]);
    let gone = away(ALEX, "2026-11-24", "2026-11-24");
    assert_eq!(on(&kept([covered.clone(), gone.clone()]), "2026-11-24"), [HYUNWOO]);
    assert_eq!(on(&kept([gone, covered]), "2026-11-24"), [ALEX]);
}

#[test]
fn nobody_is_on_when_all_are_away_or_gone() {
    let all = [JIMIN, HYUNWOO, ALEX].map(|person| away(person, "2026-11-24", "2026-11-25"));
    assert!(on(&kept(all), "2026-11-24").is_empty());
    let rota = rota(Turn::Day);
    let gone: BTreeSet<u64> = [JIMIN, HYUNWOO, ALEX].into();
    assert!(rota.on("daily", &[], day("2026-11-24"), &gone).people.is_empty());
    let empty = Rota { order: Vec::new(), ..rota };
    assert!(empty.on("daily", &[], day("2026-11-24"), &BTreeSet::new()).people.is_empty());
}

#[test]
fn the_deputy_is_the_next_who_is_there_and_not_on_anyway() {
    let rota = rota(Turn::Day);
    let date = day("2026-11-23");
    assert_eq!(rota.next_after(&[JIMIN], "daily", &[], date), Some(HYUNWOO));
    let changes = kept([away(HYUNWOO, "2026-11-23", "2026-11-23"), cover("2026-11-23", "2026-11-23", &[HYUNWOO])]);
    assert_eq!(rota.next_after(&[JIMIN], "daily", &changes, date), Some(ALEX));
    assert_eq!(rota.next_after(&[JIMIN, HYUNWOO, ALEX], "daily", &[], date), None);
}

#[test]
fn days_with_the_same_people_are_one_span_within_a_turn() {
    let weekly = rota(Turn::Week);
    let changes = kept([away(HYUNWOO, "2026-12-02", "2026-12-03")]);
    let spans = weekly.spans("weekly", &changes, day("2026-11-23"), day("2026-12-06"));
    let shown: Vec<_> = spans.iter().map(|(span, on)| (span.from.day(), span.to.day(), on.people.as_slice())).collect();
    assert_eq!(shown, [(23, 29, &[JIMIN][..]), (30, 1, &[HYUNWOO]), (2, 3, &[JIMIN, ALEX]), (4, 6, &[HYUNWOO]),]);
}

#[test]
fn a_turn_knows_its_days() {
    for (turn, date, first, last) in [
        (Turn::Day, "2026-11-26", "2026-11-26", "2026-11-26"),
        (Turn::Week, "2026-11-26", "2026-11-23", "2026-11-29"),
        (Turn::Month, "2028-02-10", "2028-02-01", "2028-02-29"),
        (Turn::Month, "2026-12-31", "2026-12-01", "2026-12-31"),
    ] {
        assert_eq!((turn.first_day(day(date)), turn.last_day(day(date))), (day(first), day(last)));
    }
}

fn any_change() -> impl Strategy<Value = Change> {
    let span = (0..60_u64, 0..20_u64).prop_map(|(from, length)| {
        let from = day("2026-11-01") + Days::new(from);
        Span { from, to: from + Days::new(length) }
    });
    let people = prop::collection::vec(1..5_u64, 1..3);
    prop_oneof![
        (span.clone(), people).prop_map(|(days, people)| Change::Cover { checklist: "daily".into(), days, people }),
        (span, 1..5_u64).prop_map(|(days, person)| Change::Away { person, days }),
    ]
}

proptest! {
    /// Whatever people changed: who is on has not said afterwards that they are away, and somebody is on as long as
    /// anybody of the order is there.
    #[test]
    fn nobody_is_on_who_is_away(changes in prop::collection::vec(any_change(), 0..12), days in 0..70_u64) {
        let (rota, date, changes) = (rota(Turn::Day), day("2026-11-01") + Days::new(days), kept(changes));
        let on = rota.on("daily", &changes, date, &BTreeSet::new());
        let since = match on.why {
            Why::Arranged(ChangeId(id)) => usize::try_from(id).unwrap(),
            Why::Turn | Why::StepsIn(_) => 0,
        };
        let away = |person: u64, since: usize| changes[since..].iter().any(|kept| kept.change.keeps_away(person, date));
        for person in &on.people {
            prop_assert!(!away(*person, since));
        }
        if rota.people().into_iter().any(|person| !away(person, 0)) {
            prop_assert!(!on.people.is_empty());
        }
    }
}
