use super::*;

fn holds(condition: &str, value: &Value) -> bool {
    let history = crate::domain::history::History::default();
    let usual = past::Usual::default();
    let past =
        Past { history: &history, measure: "m", subject: None, usual: &usual, now: chrono::DateTime::UNIX_EPOCH };
    Condition::parse(condition).unwrap().ask(value, &past) == Answer::Met
}

#[test]
fn conditions_hold_at_and_around_their_bounds() {
    let percent = |value| Value::Quantity(Quantity::percent(value));
    let count = |value| Value::Quantity(Quantity::count(value));
    let text = |text: &str| Value::Text(text.to_owned());
    for (condition, value, expected) in [
        (">= 80 %", percent(80.0), true),
        (">= 80 %", percent(79.9), false),
        ("> 80 %", percent(80.0), false),
        ("< 80 %", percent(79.9), true),
        ("<= 80 %", percent(80.0), true),
        ("!= 200", count(200.0), false),
        ("== 200", count(200.0), true),
        ("not in 200..399", count(302.0), false),
        ("not in 200..399", count(400.0), true),
        ("in 200..399", count(200.0), true),
        ("!= running", text("exited"), true),
        ("not in healthy, starting", text("starting"), false),
        ("!~ ^OK ", text("OK 2026-11-22"), false),
        ("!~ ^OK ", text("Bad Gateway"), true),
        ("~ (?i)error", text("an Error"), true),
    ] {
        assert_eq!(holds(condition, &value), expected, "{value} {condition}");
    }
}

#[test]
fn what_cannot_be_understood_is_an_error() {
    let error = |text: &str| Condition::parse(text).unwrap_err();
    assert_eq!(error("80 %"), ConditionError::NoOperator("80 %".into()));
    assert_eq!(error(">= running"), ConditionError::TextHasNoOrder("running".into()));
    assert_eq!(error(">= 80 procent"), ConditionError::Quantity(QuantityError::UnknownUnit("procent".into())));
    assert_eq!(error(">="), ConditionError::NoBound);
    assert_eq!(error("<> 80 %"), ConditionError::NoOperator("<> 80 %".into()));
    for odd in ["５０ %", "80.5.5 %", "-.5.", "1e"] {
        let told = error(&format!(">= {odd}"));
        let unit = ConditionError::Quantity(QuantityError::UnknownUnit("e".into()));
        assert!(told == ConditionError::Quantity(QuantityError::NotANumber(odd.into())) || told == unit, "{told}");
    }
    assert_eq!(error("in 1 %..5"), ConditionError::MixedRange("1 %..5".into()));
    assert_eq!(error("in 5..1"), ConditionError::EmptyRange("5..1".into()));
    assert!(matches!(error("~ ("), ConditionError::Pattern(_)));
}

#[test]
fn a_threshold_must_be_able_to_change_its_answer() {
    let check = |text: &str, dimension| Condition::parse(text).unwrap().check_dimension(dimension);
    assert_eq!(check(">= 80 %", Some(Dimension::Percent)), Ok(()));
    assert!(matches!(check(">= 120 %", Some(Dimension::Percent)), Err(ConditionError::Impossible(_))));
    assert!(matches!(check(">= 0 %", Some(Dimension::Percent)), Err(ConditionError::Impossible(_))));
    assert!(matches!(check("< 0 ms", Some(Dimension::Time)), Err(ConditionError::Impossible(_))));
    for range in ["not in 0 %..100 %", "in 0 %..100 %", "in 150 %..200 %", "not in -5 %..100 %"] {
        assert!(matches!(check(range, Some(Dimension::Percent)), Err(ConditionError::Impossible(_))), "{range}");
    }
    for range in ["in 0 %..99 %", "not in 1 %..100 %", "in 100 %..200 %"] {
        assert_eq!(check(range, Some(Dimension::Percent)), Ok(()), "{range}");
    }
    assert!(matches!(check("in -5..-1", Some(Dimension::Count)), Err(ConditionError::Impossible(_))));
    assert_eq!(check("not in 0..100", Some(Dimension::Count)), Ok(()));
    assert!(matches!(check(">= 80 %", Some(Dimension::Bytes)), Err(ConditionError::WrongDimension { .. })));
    assert!(matches!(check("rises", None), Err(ConditionError::WrongDimension { .. })));
}

#[test]
fn a_word_must_be_one_that_can_be_measured() {
    let check = |text: &str| Condition::parse(text).unwrap().check_words(&["healthy", "starting"]);
    let unknown = |word: &str| ConditionError::UnknownWord { word: word.into(), known: &["healthy", "starting"] };
    assert_eq!(check("not in healthy, startnig"), Err(unknown("startnig")));
    assert_eq!(check("== helthy"), Err(unknown("helthy")));
    for fine in ["not in healthy, starting", "!= healthy", "~ heal", "changed"] {
        assert_eq!(check(fine), Ok(()), "{fine}");
    }
    assert_eq!(Condition::parse("== whatever").unwrap().check_words(&[]), Ok(()));
}

#[test]
fn what_is_wanted_is_the_opposite_of_what_fails() {
    for (fail, wanted) in [
        (">= 80 %", "< 80 %"),
        ("> 100 ms", "≤ 100 ms"),
        ("< 30 d", "≥ 30 d"),
        ("!= 200", "200"),
        ("!= running", "running"),
        ("not in 200..399", "200..399"),
        ("not in healthy, starting", "healthy, starting"),
        ("== starting", "≠ starting"),
        ("!~ ^OK ", "~ ^OK"),
    ] {
        assert_eq!(Condition::parse(fail).unwrap().wanted(), wanted);
    }
}

#[test]
fn a_warning_behind_the_failure_is_seen() {
    let shadowed =
        |warn: &str, fail: &str| Condition::parse(warn).unwrap().is_shadowed_by(&Condition::parse(fail).unwrap());
    assert!(shadowed(">= 90 %", ">= 80 %"));
    assert!(shadowed(">= 80 %", ">= 80 %"));
    assert!(!shadowed(">= 70 %", ">= 80 %"));
    assert!(shadowed("< 10 d", "< 30 d"));
    assert!(!shadowed("< 30 d", "< 10 d"));
}

mod of_the_past {
    use chrono::{DateTime, TimeDelta, Utc};

    use super::*;
    use crate::domain::condition::past::{Answer, Past, Usual};
    use crate::domain::history::History;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    /// What was measured so many days ago.
    fn history(values: &[(i64, f64)]) -> History {
        let mut history = History::default();
        for (days, value) in values {
            let at = now() - TimeDelta::days(*days);
            history.add("m", None, at, Value::Quantity(Quantity::count(*value)));
        }
        history
    }

    fn ask(condition: &str, value: f64, history: &History, usual: &Usual) -> Answer {
        let past = Past { history, measure: "m", subject: None, usual, now: now() };
        Condition::parse(condition).unwrap().ask(&Value::Quantity(Quantity::count(value)), &past)
    }

    fn since(before: f64) -> Answer {
        Answer::MetSince { before: Value::Quantity(Quantity::count(before)) }
    }

    #[test]
    fn more_than_usual_is_more_than_the_median_of_whole_weeks() {
        let weeks = history(&[(28, 10.0), (21, 1000.0), (14, 12.0), (7, 14.0), (1, 500.0)]);
        let usual = Usual { margin: 20.0, ..Usual::default() };
        let ask = |value| ask("> 1.5 x usual", value, &weeks, &usual);
        assert_eq!(ask(19.0), Answer::NotMet);
        assert_eq!(ask(32.0), Answer::NotMet, "more than 1.5 times, and not 20 more than 13");
        assert_eq!(ask(34.0), since(13.0));
    }

    #[test]
    fn less_than_usual_is_asked_the_other_way() {
        let weeks = history(&[(28, 10.0), (21, 12.0), (14, 12.0), (7, 14.0)]);
        assert_eq!(ask("< 0.5 x usual", 5.0, &weeks, &Usual::default()), since(12.0));
        assert_eq!(ask("< 0.5 x usual", 6.0, &weeks, &Usual::default()), Answer::NotMet);
    }

    #[test]
    fn two_of_four_weeks_are_too_little() {
        let weeks = history(&[(14, 10.0), (7, 12.0), (8, 11.0), (3, 9.0)]);
        assert_eq!(ask("> 1.5 x usual", 99.0, &weeks, &Usual::default()), Answer::TooLittle { have: 2, need: 4 });
        let nothing = History::default();
        assert_eq!(ask("> 1.5 x usual", 99.0, &nothing, &Usual::default()), Answer::TooLittle { have: 0, need: 4 });
    }

    #[test]
    fn growth_is_held_against_growth_and_a_clean_up_is_no_growth() {
        let usual = Usual { least: 2, margin: 5.0, ..Usual::default() };
        // It grows by 10 a week; in between 40 were cleared away.
        let weeks = history(&[(28, 50.0), (21, 60.0), (14, 20.0), (7, 30.0)]);
        assert_eq!(ask("grows > 2 x usual", 49.0, &weeks, &usual), Answer::NotMet);
        assert!(matches!(ask("grows > 2 x usual", 51.0, &weeks, &usual), Answer::MetSince { .. }));
        assert_eq!(ask("grows > 2 x usual", 10.0, &weeks, &usual), Answer::NotMet, "shrinking is no growth");
        let short = history(&[(14, 20.0), (7, 30.0)]);
        assert_eq!(ask("grows > 2 x usual", 99.0, &short, &usual), Answer::TooLittle { have: 1, need: 2 });
    }

    #[test]
    fn growth_after_a_longer_while_is_held_against_as_long_a_while() {
        let usual = Usual { least: 1, ..Usual::default() };
        let weeks = history(&[(28, 0.0), (21, 10.0)]);
        assert_eq!(ask("grows > 2 x usual", 69.0, &weeks, &usual), Answer::NotMet, "59 in three weeks of 10 each");
        assert_eq!(ask("grows > 2 x usual", 71.0, &weeks, &usual), since(30.0));
    }

    #[test]
    fn rising_changing_and_being_new_ask_the_look_before() {
        let before = history(&[(9, 1.0), (2, 3.0)]);
        let usual = Usual::default();
        assert_eq!(ask("rises", 4.0, &before, &usual), since(3.0));
        assert_eq!(ask("rises", 3.0, &before, &usual), Answer::NotMet);
        assert_eq!(ask("changed", 2.0, &before, &usual), since(3.0));
        assert_eq!(ask("changed", 3.0, &before, &usual), Answer::NotMet);
        assert_eq!(ask("new", 3.0, &before, &usual), Answer::NotMet);
        for condition in ["rises", "changed", "new"] {
            let first = ask(condition, 1.0, &History::default(), &usual);
            assert_eq!(first, Answer::TooLittle { have: 0, need: 1 }, "{condition}");
        }
        let value = Value::Quantity(Quantity::count(1.0));
        let past = Past { history: &before, measure: "m", subject: Some("10.0.0.7"), usual: &usual, now: now() };
        assert_eq!(Condition::parse("new").unwrap().ask(&value, &past), Answer::Met);
    }

    #[test]
    fn a_comparison_that_can_never_be_right_is_an_error() {
        for wrong in ["> 0.5 x usual", "< 2 x usual", "grows < 0.5 x usual", "> 0 x usual"] {
            assert!(matches!(Condition::parse(wrong), Err(ConditionError::Impossible(_))), "{wrong}");
        }
        assert!(matches!(Condition::parse("> lots x usual"), Err(ConditionError::Quantity(_))));
        assert!(matches!(Condition::parse("2 x usual"), Err(ConditionError::NoOperator(_))));
    }
}

#[test]
fn a_condition_names_the_numbers_at_which_its_answer_changes() {
    let edges = |text: &str| -> Vec<_> {
        Condition::parse(text).unwrap().edges().into_iter().map(|edge| (edge.at, edge.met_above)).collect()
    };
    assert_eq!(edges(">= 80 %"), [(80.0, true)]);
    assert_eq!(edges("< 14 d"), [(1_209_600.0, false)]);
    assert_eq!(edges("not in 200..399"), [(200.0, false), (399.0, true)]);
    assert_eq!(edges("in 1..5"), [(1.0, true), (5.0, false)]);
    for text in ["== 3", "!= running", "~ x", "rises", "> 1.5 x usual"] {
        assert_eq!(edges(text), [], "{text}");
    }
}
