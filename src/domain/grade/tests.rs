use std::time::Duration;

use super::*;
use crate::domain::condition::Condition;
use crate::domain::condition::past::Usual;
use crate::domain::evidence::CouldNotLook;
use crate::domain::message::Localised;
use crate::domain::probe::Probe;
use crate::domain::quantity::Quantity;

fn rule(measure: &str, warn: &str, fail: &str) -> Rule {
    let condition = |text: &str| (!text.is_empty()).then(|| Condition::parse(text).unwrap());
    Rule {
        measure: measure.to_owned(),
        warn: condition(warn),
        fail: condition(fail),
        usual: Usual::default(),
        optional: false,
    }
}

fn check(rules: Vec<Rule>) -> Check {
    let show = rules.iter().map(|rule| rule.measure.clone()).take(1).collect();
    let title = Localised::default();
    Check {
        id: "c".to_owned(),
        row: None,
        title,
        probe: Probe::Memory,
        rules,
        show,
        remedies: Vec::new(),
        deadline: Check::DEADLINE,
    }
}

fn judged(check: &Check, looked: &Looked) -> Verdict {
    grade(check, looked, &History::default(), DateTime::UNIX_EPOCH)
}

fn used(mount: &str, percent: f64) -> Measurement {
    Measurement::quantity("used", Quantity::percent(percent)).of(mount)
}

fn seen(measurements: Vec<Measurement>) -> Looked {
    Ok(Evidence { measurements, ..Evidence::default() })
}

#[test]
fn the_worst_subject_decides_and_is_shown() {
    let disk = check(vec![rule("used", ">= 70 %", ">= 80 %")]);
    for (percents, expected, worst) in
        [([10.0, 20.0], Grade::Pass, 20.0), ([75.0, 20.0], Grade::Warn, 75.0), ([75.0, 80.0], Grade::Fail, 80.0)]
    {
        let looked = seen(vec![used("/", percents[0]), used("/data", percents[1])]);
        let verdict = judged(&disk, &looked);
        assert_eq!(verdict.grade, expected, "{percents:?}");
        assert_eq!(verdict.shown[0].value, Value::Quantity(Quantity::percent(worst)));
        assert_eq!(verdict.reasons.is_empty(), expected == Grade::Pass);
    }
}

#[test]
fn what_could_not_be_looked_at_is_unknown_and_never_pass() {
    let disk = check(vec![rule("used", "", ">= 80 %")]);
    let reason = Message::new("host-lost");
    let could_not = CouldNotLook {
        what: String::new(),
        reason: reason.clone(),
        hint: None,
        output: String::new(),
        elapsed: Duration::ZERO,
    };
    assert_eq!(judged(&disk, &Err(could_not)).grade, Grade::Unknown);
    assert_eq!(judged(&disk, &seen(Vec::new())).grade, Grade::Unknown);
    // One of two disks was read, and is good.
    let half = Evidence {
        measurements: vec![used("/", 10.0)],
        unread: vec![("used".to_owned(), reason.clone())],
        ..Evidence::default()
    };
    let verdict = judged(&disk, &Ok(half.clone()));
    assert_eq!((verdict.grade, verdict.reasons), (Grade::Unknown, vec![reason]));
    // And where it is bad, that comes first.
    let bad = Evidence { measurements: vec![used("/", 90.0)], ..half };
    assert_eq!(judged(&disk, &Ok(bad)).grade, Grade::Fail);
}

#[test]
fn what_a_host_may_not_have_is_passed_over_where_the_rule_says_so() {
    let steal = Rule { optional: true, ..rule("steal", ">= 10 %", "") };
    let cpu = check(vec![rule("used", "", ">= 80 %"), steal]);
    assert_eq!(judged(&cpu, &seen(vec![used("all", 5.0)])).grade, Grade::Pass);
}

#[test]
fn an_unknown_always_says_why() {
    let optional = |measure: &str| Rule { optional: true, ..rule(measure, "", ">= 80 %") };
    let shell = check(vec![optional("number"), optional("exit")]);
    let why = || Message::new("probe-shell-no-number");
    let unread = |measure: &str| {
        Ok(Evidence { unread: vec![(measure.to_owned(), why()), ("other".to_owned(), why())], ..Evidence::default() })
    };
    let told = |check: &Check, looked: &Looked| {
        let verdict = judged(check, looked);
        assert_eq!(verdict.grade, Grade::Unknown, "{looked:?}");
        verdict.reasons.into_iter().map(|reason| reason.key.into_owned()).collect::<Vec<_>>()
    };
    assert_eq!(told(&shell, &unread("number")), ["probe-shell-no-number"]);
    assert_eq!(told(&shell, &unread("output")), ["reason-nothing-measured"], "no rule asks the output");
    assert_eq!(told(&shell, &seen(Vec::new())), ["reason-nothing-measured"]);
    assert_eq!(told(&check(Vec::new()), &seen(Vec::new())), ["reason-nothing-measured"]);
    let wanted = check(vec![rule("number", "", ">= 80 %")]);
    assert_eq!(told(&wanted, &seen(Vec::new())), ["reason-not-measured"]);
}

#[test]
fn a_thing_that_gives_no_answer_fails() {
    let site = check(vec![rule("status", "", "!= 200")]);
    let refused =
        Evidence { instead: Some(Instead::NoAnswer(Message::new("probe-http-refused"))), ..Evidence::default() };
    let verdict = judged(&site, &Ok(refused));
    assert_eq!((verdict.grade, verdict.threshold), (Grade::Fail, Some("200".to_owned())));
}

#[test]
fn a_rule_that_asks_the_past_is_skipped_where_there_is_none() {
    let looked = seen(vec![Measurement::quantity("restarts", Quantity::count(3.0))]);
    let judged = |optional: bool, before: Option<f64>| {
        let container = check(vec![Rule { optional, ..rule("restarts", "rises", "") }]);
        let mut history = History::default();
        if let Some(before) = before {
            history.add("restarts", None, DateTime::UNIX_EPOCH, Value::Quantity(Quantity::count(before)));
        }
        grade(&container, &looked, &history, DateTime::UNIX_EPOCH)
    };
    let first = judged(false, None);
    assert_eq!((first.grade, first.reasons[0].key.as_ref()), (Grade::Skipped, "reason-first-look"));
    let first = judged(true, None);
    assert_eq!((first.grade, first.reasons), (Grade::Pass, Vec::new()));
    assert_eq!(judged(true, Some(3.0)).grade, Grade::Pass);
    assert_eq!(judged(true, Some(2.0)).grade, Grade::Warn);
}

#[test]
fn of_several_subjects_one_without_a_past_tells_nothing_against_the_others() {
    let tables = check(vec![rule("size", "rises", "")]);
    let size = |table: &str, value| Measurement::quantity("size", Quantity::bytes(value)).of(table);
    let mut history = History::default();
    history.add("size", Some("user"), DateTime::UNIX_EPOCH, Value::Quantity(Quantity::bytes(5.0)));
    let verdict = grade(&tables, &seen(vec![size("user", 5.0), size("new", 9.0)]), &history, DateTime::UNIX_EPOCH);
    assert_eq!((verdict.grade, verdict.reasons), (Grade::Pass, Vec::new()));
}

#[test]
fn the_worst_of_none_is_unknown() {
    assert_eq!(Grade::worst([]), Grade::Unknown);
    assert_eq!(Grade::worst(Grade::ALL), Grade::Fail);
}

#[test]
fn of_what_must_not_get_less_the_least_is_shown() {
    let certificates = check(vec![rule("left", "", "< 30 d")]);
    let left = |site: &str, days: f64| Measurement::quantity("left", Quantity::seconds(days * 86_400.0)).of(site);
    let verdict = judged(&certificates, &seen(vec![left("api", 80.0), left("app", 40.0), left("web", 60.0)]));
    assert_eq!((verdict.grade, verdict.shown[0].subject.as_deref()), (Grade::Pass, Some("app")));
}
