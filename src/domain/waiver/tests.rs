//! What is waived, for how long, and what never is.

use proptest::prelude::*;

use super::super::sample::report;
use super::*;

fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

fn waiver(check: &str, covers: Grade, until: &str) -> Waiver {
    Waiver {
        id: WaiverId(7),
        made: NewWaiver {
            scope: Scope { command: "daily".to_owned(), host: "here".to_owned(), check: check.to_owned() },
            title: Localised::default(),
            covers,
            reason: Words::new("부품을 기다립니다").unwrap(),
            by: Who { id: 5, name: "지민".to_owned() },
            from: at("2026-11-20T00:00:00Z"),
            until: at(until),
            channel: None,
        },
        ended: None,
    }
}

fn waived(grade: Grade, waiver: &Waiver, now: &str) -> (Grade, Option<Grade>) {
    let mut report = report(&[("disk", grade)]);
    apply(&mut report, std::slice::from_ref(waiver), at(now), chrono_tz::Asia::Seoul);
    let check = report.check("disk").unwrap();
    (check.grade, check.waived.as_ref().map(|waived| waived.measured))
}

#[test]
fn what_was_taken_on_is_waived_and_nothing_worse() {
    use Grade::{Fail, Manual, Pass, Skipped, Unknown, Waived, Warn};
    let now = "2026-11-26T00:00:00Z";
    for (covers, grade, expected) in [
        (Warn, Warn, Waived),
        (Warn, Fail, Fail),
        (Warn, Unknown, Unknown),
        (Unknown, Fail, Fail),
        (Fail, Fail, Waived),
        (Fail, Warn, Waived),
        (Fail, Unknown, Waived),
        (Fail, Pass, Pass),
        (Fail, Skipped, Skipped),
        (Fail, Manual, Manual),
    ] {
        let found = waived(grade, &waiver("disk", covers, "2026-12-01T00:00:00Z"), now);
        let measured = (expected == Waived).then_some(grade);
        assert_eq!(found, (expected, measured), "{covers:?} waives {grade:?}");
    }
}

#[test]
fn it_begins_ends_and_is_about_one_check_of_one_host() {
    let running = waiver("disk", Grade::Fail, "2026-12-01T00:00:00Z");
    for (now, expected) in [
        ("2026-11-19T23:59:59Z", Grade::Fail),
        ("2026-11-20T00:00:00Z", Grade::Waived),
        ("2026-11-30T23:59:59Z", Grade::Waived),
        ("2026-12-01T00:00:00Z", Grade::Fail),
    ] {
        assert_eq!(waived(Grade::Fail, &running, now).0, expected, "{now}");
    }
    let now = "2026-11-26T00:00:00Z";
    let other = |change: fn(&mut Scope)| {
        let mut waiver = running.clone();
        change(&mut waiver.made.scope);
        waived(Grade::Fail, &waiver, now).0
    };
    assert_eq!(other(|scope| scope.host = "there".to_owned()), Grade::Fail);
    assert_eq!(other(|scope| scope.command = "weekly".to_owned()), Grade::Fail);
    assert_eq!(other(|scope| scope.check = "memory".to_owned()), Grade::Fail);
    let mut ended = running;
    let early = Ended { by: ended.made.by.clone(), at: at(now), reason: ended.made.reason.clone() };
    ended.ended = Some(early);
    assert_eq!(waived(Grade::Fail, &ended, "2026-11-25T23:00:00Z").0, Grade::Waived);
    assert_eq!(waived(Grade::Fail, &ended, now).0, Grade::Fail);
}

#[test]
fn its_end_is_announced_a_day_before_unless_it_was_made_for_less() {
    let long = waiver("disk", Grade::Fail, "2026-12-01T00:00:00Z");
    for (now, expected) in [
        ("2026-11-29T23:59:59Z", false),
        ("2026-11-30T00:00:00Z", true),
        ("2026-11-30T23:59:59Z", true),
        ("2026-12-01T00:00:00Z", true),
        ("2026-12-07T23:59:59Z", true),
        ("2026-12-08T00:00:00Z", false),
    ] {
        assert_eq!(long.is_to_be_announced(at(now)), expected, "{now}");
    }
    let short = waiver("disk", Grade::Fail, "2026-11-20T12:00:00Z");
    assert!(!short.is_to_be_announced(at("2026-11-20T01:00:00Z")));
}

#[test]
fn an_end_is_read_as_people_write_it() {
    let now = at("2026-11-26T03:00:00Z");
    for (text, expected) in [
        ("2026-12-01 09:00", Some("2026-12-01T00:00:00Z")),
        ("2026-12-01 9", Some("2026-12-01T00:00:00Z")),
        ("2026.12.01 18:30", Some("2026-12-01T09:30:00Z")),
        (" 12/01   09:00 ", Some("2026-12-01T00:00:00Z")),
        ("01/02", Some("2027-01-02T15:00:00Z")),
        ("2026-11-26", Some("2026-11-26T15:00:00Z")),
        ("tomorrow", None),
        ("", None),
        ("2026-02-30 09:00", None),
        ("2026-12-01 25:00", None),
        ("2026-12-01 09:00 KST", None),
        ("26-12-01", None),
    ] {
        let found = parse_end(text, chrono_tz::Asia::Seoul, now);
        assert_eq!(found.as_ref().ok(), expected.map(at).as_ref(), "{text}: {found:?}");
    }
    let seoul = chrono_tz::Asia::Seoul;
    assert!(matches!(parse_end("2026-11-26 11:59", seoul, now), Err(EndError::Over(_))));
    assert!(matches!(parse_end("2028-01-01", seoul, now), Err(EndError::TooFar(_))));
    // New York's clocks skip half past two on this night: the next minute that there is.
    let spring = parse_end("2027-03-14 02:30", chrono_tz::America::New_York, now).unwrap();
    assert_eq!(spring, at("2027-03-14T07:00:00Z"));
}

proptest! {
    #[test]
    fn a_waiver_never_makes_a_pass_and_never_hides_what_was_measured(
        grades in prop::collection::vec(prop::sample::select(Grade::ALL.to_vec()), 1..6),
        covers in prop::sample::select(Grade::ALL.to_vec()),
        hours in -400_i64..400,
    ) {
        let ids = ["a", "b", "c", "d", "e", "f"];
        let checks: Vec<_> = ids.into_iter().zip(grades.iter().copied()).collect();
        let mut graded = report(&checks);
        let waivers: Vec<_> = ids.iter().map(|id| waiver(id, covers, "2026-12-01T00:00:00Z")).collect();
        apply(&mut graded, &waivers, at("2026-11-26T00:00:00Z") + TimeDelta::hours(hours), chrono_tz::Asia::Seoul);
        for (check, measured) in graded.checks().zip(&grades) {
            match &check.waived {
                Some(waived) => {
                    prop_assert_eq!(check.grade, Grade::Waived);
                    prop_assert_eq!(waived.measured, *measured);
                    prop_assert_eq!(&*check.reasons[0].key, "waiver-runs");
                    prop_assert!(measured.needs_attention() && measured.badness() <= covers.badness());
                }
                None => prop_assert_eq!(check.grade, *measured),
            }
        }
    }
}
