//! The numbers of a trend.

use chrono::{DateTime, TimeDelta, Utc};

use super::Fresh;
use super::sample::{daily, nine, report};
use crate::domain::evidence::Measurement;
use crate::domain::quantity::{Dimension, Quantity};
use crate::domain::trend::{Line, Spread};
use crate::domain::vital::{Sample, Vital};
use crate::store::Measured;

const USED: Measured<'_> =
    Measured { command: "daily", host: "gear-freak", check: "check-0", measure: "used", dimension: Dimension::Percent };

#[tokio::test]
async fn a_line_for_each_subject_in_its_order_and_nothing_of_others() {
    let Fresh { store, folder: _folder } = Fresh::new().await;
    // Runs may end in another order than they began.
    for day in [0, 2, 1, 9] {
        let begun = daily(nine(day));
        let run = store.begin_run(&begun).await.unwrap();
        let mut report = report(&begun, day);
        report.sections[0].checks[0].measurements = vec![
            Measurement::quantity("used", Quantity::percent(f64::from(day))).of("/"),
            Measurement::quantity("used", Quantity::percent(50.0)).of("/home"),
            // The same name, counted in something else.
            Measurement::quantity("used", Quantity::bytes(7.0)).of("/"),
            Measurement::quantity("free", Quantity::percent(7.0)).of("/"),
        ];
        assert!(store.finish_run(run, &report).await.unwrap());
    }
    let span = (nine(0), nine(3));
    let lines = store.measured(USED, span).await.unwrap();
    let shown: Vec<_> = lines
        .iter()
        .map(|Line { subject, points, .. }| {
            (subject.as_deref(), points.iter().map(|(_, value)| *value).collect::<Vec<_>>())
        })
        .collect();
    assert_eq!(shown, [(Some("/"), vec![0.0, 1.0, 2.0]), (Some("/home"), vec![50.0, 50.0, 50.0])]);
    assert!(lines[0].points.is_sorted());
    for other in [
        Measured { command: "weekly", ..USED },
        Measured { host: "elsewhere", ..USED },
        Measured { check: "check-99", ..USED },
        Measured { measure: "nothing", ..USED },
        Measured { dimension: Dimension::Time, ..USED },
    ] {
        assert_eq!(store.measured(other, span).await.unwrap(), [], "{other:?}");
    }
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

#[tokio::test]
async fn samples_are_put_together_step_by_step_and_the_latest_stands_for_itself() {
    let Fresh { store, folder: _folder } = Fresh::new().await;
    let begin = at("2026-11-27T00:00:00Z");
    for minute in 0..130 {
        // Half an hour in which nobody watched.
        if (60..90).contains(&minute) {
            continue;
        }
        let mut sample = Sample::new(begin + TimeDelta::minutes(minute));
        let value = f64::from(i32::try_from(minute).unwrap());
        sample.add(Vital::Disk, "/", value);
        sample.add(Vital::Disk, "/home", 7.0);
        sample.add(Vital::Cpu, "", 99.0);
        store.keep_sample("here", &sample).await.unwrap();
    }
    let span = (begin, at("2026-11-27T02:09:30Z"));
    let lines = store.sampled("here", Vital::Disk, span, TimeDelta::minutes(10)).await.unwrap();
    assert_eq!(lines.iter().map(|line| line.subject.as_deref()).collect::<Vec<_>>(), [Some("/"), Some("/home")]);
    let Line { points, spreads, .. } = &lines[0];
    assert_eq!((points.len(), spreads.len()), (10, 10), "the three in which nobody watched are left out");
    assert_eq!(points[0], (at("2026-11-27T00:05:00Z"), 4.5));
    assert_eq!(spreads[0], Spread { count: 10, least: 0.0, mean: 4.5, most: 9.0 });
    assert_eq!(points[9], (at("2026-11-27T02:09:00Z"), 129.0), "the latest sample, not the mean of its step");
    assert_eq!(spreads[9].mean, 124.5);

    let hours = store.sampled("here", Vital::Disk, span, TimeDelta::hours(1)).await.unwrap();
    let middles: Vec<_> = hours[0].points.iter().map(|(at, _)| *at).collect();
    assert_eq!(middles, [at("2026-11-27T00:30:00Z"), at("2026-11-27T01:30:00Z"), at("2026-11-27T02:09:00Z")]);
    assert_eq!(hours[0].spreads[1], Spread { count: 30, least: 90.0, mean: 104.5, most: 119.0 });

    let cpu = store.sampled("here", Vital::Cpu, span, TimeDelta::hours(1)).await.unwrap();
    assert_eq!((cpu.len(), cpu[0].subject.as_deref()), (1, None));
    assert_eq!(store.sampled("there", Vital::Cpu, span, TimeDelta::hours(1)).await.unwrap(), []);
    let before = (begin - TimeDelta::days(2), begin - TimeDelta::days(1));
    assert_eq!(store.sampled("here", Vital::Cpu, before, TimeDelta::minutes(10)).await.unwrap(), []);
}
