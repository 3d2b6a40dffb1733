use chrono::TimeDelta;
use chrono_tz::Asia::Seoul;
use tiny_skia::Pixmap;

use super::*;
use crate::domain::condition::Condition;
use crate::domain::trend::Spread;

/// Nine o'clock in Seoul on 2026-11-01.
fn start() -> DateTime<Utc> {
    DateTime::from_timestamp(1_793_491_200, 0).unwrap()
}

fn limit(grade: Grade, condition: &str) -> Limit {
    Limit { grade, condition: Condition::parse(condition).unwrap() }
}

fn line(subject: Option<&str>, points: impl Iterator<Item = (f64, f64)>) -> Line {
    let point = |(days, value): (f64, f64)| {
        #[allow(clippy::cast_possible_truncation)]
        let seconds = (days * 86_400.0) as i64;
        (start() + TimeDelta::seconds(seconds), value)
    };
    Line { subject: subject.map(str::to_owned), points: points.map(point).collect(), ..Line::default() }
}

fn disk(days: i64, lines: Vec<Line>) -> Trend {
    Trend {
        measure: "used".to_owned(),
        dimension: Dimension::Percent,
        from: start(),
        to: start() + TimeDelta::days(days),
        lines,
        left_out: 0,
        limits: vec![limit(Grade::Fail, ">= 80 %"), limit(Grade::Warn, ">= 70 %")],
        step: None,
    }
}

/// A week of samples, ten minutes a point, with half a day in which nobody watched.
fn week() -> Trend {
    let steps = (0..1008_u32).filter(|step| !(500..572).contains(step));
    let mean = |step: u32| 40.0 + 20.0 * (f64::from(step) / 144.0 * std::f64::consts::TAU).sin();
    let spread = |step: u32| Spread { count: 10, least: mean(step) - 6.0, mean: mean(step), most: mean(step) + 9.0 };
    let points = steps.clone().map(|step| (f64::from(step) / 144.0, mean(step)));
    let sampled = Line { spreads: steps.map(spread).collect(), ..line(Some("/"), points) };
    Trend { step: Some(TimeDelta::minutes(10)), ..disk(7, vec![sampled]) }
}

/// A month of daily values that rise over both thresholds, with four days left out.
fn month() -> Trend {
    let day = |number: u32| {
        let number = f64::from(number);
        (number, 42.0 + number * 1.35 + 3.0 * (number * 1.7).sin())
    };
    disk(30, vec![line(Some("/"), (0..30).filter(|day| !(11..15).contains(day)).map(day))])
}

fn samples() -> Vec<(&'static str, Trend)> {
    let wave =
        |scale: f64, shift: f64| (0..30).map(move |day| (f64::from(day), shift + scale * (f64::from(day) * 0.8).sin()));
    let quarter = (0..2160).map(|hour| {
        let day = f64::from(hour) / 24.0;
        (
            day,
            24.0 + 14.0 * (day * std::f64::consts::TAU).sin()
                + 8.0 * (day * 13.7).sin().abs()
                + if hour % 501 == 0 { 40.0 } else { 0.0 },
        )
    });
    let response = Trend {
        measure: "time".to_owned(),
        dimension: Dimension::Time,
        limits: vec![limit(Grade::Warn, ">= 2 s")],
        ..disk(7, vec![line(None, (0..7).map(|day| (f64::from(day), 0.040 + 0.012 * f64::from(day % 3))))])
    };
    let left = Trend {
        measure: "left".to_owned(),
        dimension: Dimension::Time,
        limits: vec![limit(Grade::Fail, "< 14 d"), limit(Grade::Warn, "< 30 d")],
        ..disk(
            90,
            vec![line(
                Some("api.gear-freaks.com"),
                (0..13).map(|week| (f64::from(week * 7), 86_400.0 * f64::from(89 - week * 7))),
            )],
        )
    };
    vec![
        ("month", month()),
        ("week", week()),
        (
            "four",
            disk(
                30,
                vec![
                    line(Some("/"), wave(6.0, 74.0)),
                    line(Some("/var/lib/docker"), wave(4.0, 61.0)),
                    line(Some("/home"), wave(2.0, 34.0)),
                    line(Some("/boot"), wave(0.5, 33.0)),
                ],
            ),
        ),
        ("quarter", disk(90, vec![line(None, quarter)])),
        ("response", response),
        ("left", left),
        ("one", disk(7, vec![line(None, [(6.2, 83.1)].into_iter())])),
    ]
}

/// The colour at a place.
fn at(picture: &Pixmap, x: f32, y: f32) -> (u8, u8, u8) {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let pixel = picture.pixel(x.round() as u32, y.round() as u32).unwrap().demultiply();
    (pixel.red(), pixel.green(), pixel.blue())
}

fn rgb(ink: Ink) -> (u8, u8, u8) {
    let [_, red, green, blue] = ink.0.to_be_bytes();
    (red, green, blue)
}

#[test]
fn each_is_a_picture_of_its_size_and_small() {
    for (name, trend) in samples() {
        let png = png(&trend, "daily / disk: used", Seoul).unwrap();
        if let Some(folder) = std::env::var_os("PICTURES") {
            std::fs::write(std::path::Path::new(&folder).join(format!("{name}.png")), &png).unwrap();
        }
        let picture = Pixmap::decode_png(&png).unwrap();
        assert_eq!((picture.width(), picture.height()), (WIDTH, HEIGHT), "{name}");
        assert!(png.len() < 150_000, "{name} has {} bytes", png.len());
        assert_eq!(picture.pixel(0, 0).unwrap().alpha(), 0, "round corners on whatever page it stands");
        assert_eq!(at(&picture, 500.0, 8.0), rgb(PANEL), "a panel of its own");
    }
}

#[test]
fn a_value_stands_where_it_belongs_and_a_gap_stays_empty() {
    let trend = month();
    let chart = Chart::new(&trend).unwrap();
    let picture = Pixmap::decode_png(&png(&trend, "disk", Seoul).unwrap()).unwrap();
    let line = &trend.lines[0];
    // A value that is fine, one that warns, one that fails.
    for (grade, ink) in [(None, STYLES[0].0), (Some(Grade::Warn), WARN), (Some(Grade::Fail), FAIL)] {
        let point = line.points.iter().find(|point| trend.judge(point.1) == grade).unwrap();
        let (x, y) = chart.place(point);
        assert_eq!(at(&picture, x, y), rgb(ink), "{grade:?}: {point:?}");
    }
    let middle = chart.x(start() + TimeDelta::hours(24 * 12 + 12));
    let column: Vec<_> = (0..HEIGHT).map(|y| at(&picture, middle, pixels(y))).collect();
    assert!(!column.contains(&rgb(STYLES[0].0)), "a line goes through a gap");
}

#[test]
fn samples_are_a_line_in_a_band_of_their_extremes_with_gaps_as_gaps() {
    let trend = week();
    let chart = Chart::new(&trend).unwrap();
    let picture = Pixmap::decode_png(&png(&trend, "disk", Seoul).unwrap()).unwrap();
    let point = trend.lines[0].points[200];
    let (x, y) = chart.place(&point);
    assert_eq!(at(&picture, x, y), rgb(STYLES[0].0), "the mean");
    let beside = |value: f64| at(&picture, x, chart.y(value));
    let (inside, above) = (beside(point.1 + 5.0), beside(point.1 + 14.0));
    assert!(inside.2 > above.2 + 15, "the band is brighter than what lies above it: {inside:?}, {above:?}");
    let middle = chart.x(start() + TimeDelta::minutes(5360));
    let column: Vec<_> = (0..HEIGHT).map(|y| at(&picture, middle, pixels(y))).collect();
    assert!(!column.contains(&rgb(STYLES[0].0)), "a line goes through a gap");
}

#[test]
fn thresholds_are_lines_at_their_values() {
    let trend = disk(30, vec![line(None, (0..30).map(|day| (f64::from(day), 20.0)))]);
    let chart = Chart::new(&trend).unwrap();
    let picture = Pixmap::decode_png(&png(&trend, "disk", Seoul).unwrap()).unwrap();
    for (edge, ink) in [(80.0, FAIL), (70.0, WARN)] {
        let y = chart.y(edge);
        let (red, green, blue) = rgb(ink);
        let drawn = (0..WIDTH).filter(|x| {
            let (r, g, b) = at(&picture, pixels(*x), y);
            r.abs_diff(red) < 60 && g.abs_diff(green) < 60 && b.abs_diff(blue) < 60
        });
        assert!(drawn.count() > 150, "no line at {edge}");
    }
}

#[test]
fn a_threshold_far_away_does_not_squeeze_the_values_flat() {
    let (_, response) = samples().into_iter().find(|(name, _)| *name == "response").unwrap();
    let (least, most) = bounds(&response);
    assert!(least >= 0.04 && most < 0.1, "{least} to {most}");
}

#[test]
fn many_values_become_few_places_that_look_the_same() {
    let places = thinned((0..100_000).map(|index| {
        let index = pixels(index);
        (index / 100.0, (index * 0.37).sin() * 50.0)
    }));
    assert!(places.len() <= 4000, "{}", places.len());
    let highest = places.iter().map(|(_, y)| *y).fold(f32::INFINITY, f32::min);
    assert!(highest < -49.9, "{highest}");
}

#[test]
fn whatever_is_called_however_is_painted() {
    let mut trend = month();
    for name in ["", "디스크 사용률 🎉", &"x".repeat(4000)] {
        trend.lines[0].subject = Some(name.to_owned());
        assert!(png(&trend, name, Seoul).is_some());
    }
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config { cases: 6, ..Default::default() })]
    #[test]
    fn no_numbers_are_too_odd_to_be_painted(values in proptest::collection::vec(proptest::num::f64::NORMAL | proptest::num::f64::ZERO, 1..20)) {
        let points = (0..).map(f64::from).zip(values);
        for dimension in [Dimension::Count, Dimension::Percent, Dimension::Bytes, Dimension::Time, Dimension::Dollars] {
            let trend = Trend { dimension, ..disk(30, vec![line(None, points.clone())]) };
            proptest::prop_assert!(png(&trend, "odd", Seoul).is_some());
        }
    }
}
