//! The numbers of a trend.

use super::Fresh;
use super::sample::{daily, nine, report};
use crate::domain::evidence::Measurement;
use crate::domain::quantity::{Dimension, Quantity};
use crate::domain::trend::Line;
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
        .map(|Line { subject, points }| {
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
