use super::*;
use crate::domain::message::Localised;
use crate::domain::probe::Probe;

/// Nine o'clock in Seoul, `day` days after 2026-11-01.
fn day(day: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_793_491_200, 0).unwrap() + TimeDelta::days(day)
}

fn disk() -> Check {
    let rule = |measure: &str, warn: &str, fail: &str| Rule {
        measure: measure.to_owned(),
        warn: Condition::parse(warn).ok(),
        fail: Condition::parse(fail).ok(),
        usual: Usual::default(),
        optional: false,
    };
    Check {
        id: "disk".to_owned(),
        row: Some("D12".to_owned()),
        title: Localised::default(),
        probe: Probe::Disk(crate::domain::probe::Disk { paths: Vec::new(), folders: Vec::new() }),
        rules: vec![rule("used", ">= 70 %", ">= 80 %"), rule("full_in", "< 14 d", "")],
        show: vec!["used".to_owned()],
        remedies: Vec::new(),
        deadline: Check::DEADLINE,
    }
}

fn line(subject: &str, points: &[(i64, f64)]) -> Line {
    let points = points.iter().map(|(at, value)| (day(*at), *value)).collect();
    Line { subject: Some(subject.to_owned()), points, ..Line::default() }
}

fn trend(lines: Vec<Line>) -> Trend {
    Trend::of(&disk(), "used", Dimension::Percent, (day(0), day(30)), lines, None).unwrap()
}

#[test]
fn the_numbers_are_told_with_since_when_it_is_bad() {
    let trend = trend(vec![line("/", &[(0, 60.0), (1, 85.0), (2, 72.0), (3, 75.0), (4, 71.0)])]);
    let summary = trend.summary(&trend.lines[0]).unwrap();
    assert_eq!((summary.count, summary.least, summary.most), (5, (day(0), 60.0), (day(1), 85.0)));
    assert_eq!((summary.mean, summary.last), (72.6, (day(4), 71.0)));
    // It was worse on day 1, and at least as bad as now since then.
    assert_eq!(summary.beyond, Some((Grade::Warn, day(1))));
    assert_eq!((trend.judge(80.0), trend.judge(70.0), trend.judge(69.9)), (Some(Grade::Fail), Some(Grade::Warn), None));
}

#[test]
fn a_failure_counts_from_the_first_failure_not_from_the_warning() {
    let trend = trend(vec![line("/", &[(0, 75.0), (1, 81.0), (2, 90.0)])]);
    assert_eq!(trend.summary(&trend.lines[0]).unwrap().beyond, Some((Grade::Fail, day(1))));
    let calm = self::trend(vec![line("/", &[(0, 81.0), (1, 69.0)])]);
    assert_eq!(calm.summary(&calm.lines[0]).unwrap().beyond, None);
}

#[test]
fn a_day_left_out_is_a_gap_and_a_busy_day_is_none() {
    let mut points: Vec<_> = (0..10).map(|at| (at, 50.0)).collect();
    points.extend([(12, 50.0), (13, 50.0)]);
    let mut busy = line("/", &points);
    for minute in 1..30 {
        busy.points.push((day(13) + TimeDelta::minutes(minute), 50.0));
    }
    let trend = trend(vec![busy]);
    assert_eq!(trend.gap(), TimeDelta::hours(36));
    let lengths: Vec<_> = trend.lines[0].stretches(trend.gap()).map(<[Point]>::len).collect();
    assert_eq!(lengths, [10, 31]);
    assert_eq!(trend.gaps(), [(day(9), day(12)), (day(13) + TimeDelta::minutes(29), day(30))]);
}

#[test]
fn what_is_weekly_has_no_gap_from_week_to_week() {
    let trend = trend(vec![line("/", &[(0, 1.0), (7, 1.0), (15, 1.0), (21, 1.0), (35, 1.0)])]);
    let lengths: Vec<_> = trend.lines[0].stretches(trend.gap()).map(<[Point]>::len).collect();
    assert_eq!(lengths, [4, 1], "a day late is none, a week left out is");
}

#[test]
fn one_value_alone_has_no_gap_to_measure() {
    let trend = trend(vec![line("/", &[(3, 1.0)])]);
    assert_eq!(trend.gap(), TimeDelta::hours(36));
    assert_eq!(trend.lines[0].stretches(trend.gap()).count(), 1);
}

#[test]
fn of_many_subjects_the_worst_are_shown() {
    let lines = (0..7).map(|number| line(&format!("/{number}"), &[(0, 99.0), (1, f64::from(number))])).collect();
    let trend = trend(lines);
    let subjects: Vec<_> = trend.lines.iter().filter_map(|line| line.subject.as_deref()).collect();
    assert_eq!((subjects, trend.left_out), (vec!["/6", "/5", "/4", "/3"], 3));
    let of_time = Trend::of(
        &disk(),
        "full_in",
        Dimension::Time,
        (day(0), day(30)),
        vec![line("/a", &[(0, 9.0)]), line("/b", &[(0, 3.0)]), line("/c", &[])],
        None,
    );
    let subjects: Vec<_> = of_time.unwrap().lines.into_iter().filter_map(|line| line.subject).collect();
    assert_eq!(
        subjects,
        ["/b", "/a"],
        "where less is worse, the least comes first; what was never measured is no line"
    );
}

#[test]
fn what_is_shown_is_asked_for_first_and_codes_last() {
    let names: Vec<_> = measures(&disk()).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["used", "full_in", "free", "inodes", "folder"]);
}

/// An hour of samples for each of these hours after `day(0)`, a minute apart, around a mean.
fn sampled(hours: &[(i64, f64)]) -> Trend {
    let middle = |hour: i64| day(0) + TimeDelta::minutes(60 * hour + 30);
    let points = hours.iter().map(|(hour, mean)| (middle(*hour), *mean)).collect();
    let spread = |mean: f64| Spread { count: 60, least: mean - 10.0, mean, most: mean + 30.0 };
    let spreads = hours.iter().map(|(_, mean)| spread(*mean)).collect();
    let line = Line { subject: Some("/".to_owned()), points, spreads };
    Trend { step: Some(TimeDelta::hours(1)), ..trend(vec![line]) }
}

#[test]
fn samples_put_together_keep_their_extremes_and_their_number() {
    let trend = sampled(&[(0, 40.0), (1, 50.0), (2, 45.0)]);
    let summary = trend.summary(&trend.lines[0]).unwrap();
    assert_eq!((summary.count, summary.mean), (180, 45.0));
    assert_eq!((summary.least.1, summary.most), (30.0, (day(0) + TimeDelta::minutes(90), 80.0)));
    assert_eq!(summary.beyond, None, "a peak an hour ago is not how it stands");
}

#[test]
fn an_hour_without_a_sample_is_a_gap() {
    let trend = sampled(&[(0, 40.0), (1, 50.0), (3, 45.0), (4, 45.0)]);
    assert_eq!(trend.gap(), TimeDelta::minutes(90));
    let lengths: Vec<_> = trend.lines[0].stretches(trend.gap()).map(<[Point]>::len).collect();
    assert_eq!(lengths, [2, 2]);
    assert_eq!(trend.gaps()[0], (day(0) + TimeDelta::minutes(90), day(0) + TimeDelta::minutes(210)));
}

#[test]
fn what_is_sampled_is_what_a_run_measures_of_the_moment() {
    use crate::domain::probe::{Cpu, Http};
    use crate::domain::vital::Vital;
    let site = Some("https://api.gear-freaks.com/");
    let of = |probe: Probe| Check { probe, ..disk() };
    let http = |url: &str| of(Probe::Http(Http { url: url.to_owned() }));
    let cpu = of(Probe::Cpu(Cpu { over: std::time::Duration::from_secs(1) }));
    let elsewhere = of(Probe::Disk(crate::domain::probe::Disk { paths: vec!["/srv".to_owned()], folders: vec![] }));
    for (check, measure, expected) in [
        (&cpu, "host", Some(Vital::Cpu)),
        (&cpu, "container", None),
        (&of(Probe::Memory), "used", Some(Vital::Memory)),
        (&of(Probe::Memory), "swap", None),
        (&disk(), "used", Some(Vital::Disk)),
        (&disk(), "inodes", None),
        (&elsewhere, "used", None),
        (&http("https://api.gear-freaks.com"), "time", Some(Vital::Response)),
        (&http("https://api.gear-freaks.com"), "first_byte", None),
        (&http("https://app.gear-freaks.com"), "time", None),
    ] {
        assert_eq!(sampled::vital(check, measure, site), expected, "{measure} of {:?}", check.probe);
    }
    assert_eq!(sampled::vital(&http("https://api.gear-freaks.com"), "time", None), None);
}

#[test]
fn what_goes_back_further_tells_more() {
    let samples = |from: i64| vec![line("/", &[(from, 1.0), (9, 1.0)])];
    assert!(!sampled::tell_more(&[], &samples(1)));
    assert!(sampled::tell_more(&samples(3), &[]));
    assert!(sampled::tell_more(&samples(3), &samples(2)), "a day between two runs is none");
    assert!(!sampled::tell_more(&samples(4), &samples(2)));
}
