//! Reports to keep: a day as it is, and whatever a report can be.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;

use crate::domain::command::{Check, Checklist, Rule, Section};
use crate::domain::condition::Condition;
use crate::domain::condition::past::Usual;
use crate::domain::difference::Difference;
use crate::domain::evidence::{Measurement, Status, Value};
use crate::domain::grade::Grade;
use crate::domain::message::{Arg, Localised, Message};
use crate::domain::probe::Probe;
use crate::domain::quantity::{Dimension, Quantity};
use crate::domain::report::{Report, ReportedCheck, ReportedEvidence, ReportedSection};
use crate::domain::run::{MessagePlace, NewRun, Origin};

/// Nine o'clock in Seoul, `day` days after a Monday.
pub(super) fn nine(day: u32) -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_392_000, 123_000_000).unwrap() + TimeDelta::days(day.into())
}

pub(super) fn place(message: u64) -> MessagePlace {
    MessagePlace { channel: 1_300_000_000_000_000_001, message }
}

fn both(ko: &str, en: &str) -> Localised {
    Localised { ko: ko.to_owned(), en: en.to_owned() }
}

/// A run of the daily check from Discord.
pub(super) fn daily(started_at: DateTime<Utc>) -> NewRun {
    NewRun {
        command: "daily".to_owned(),
        title: both("일일 점검", "Daily check"),
        host: "gear-freak".to_owned(),
        host_title: both("기어프릭 운영 서버", "Gear Freak production"),
        origin: Origin::Discord { user: 1_200_000_000_000_000_007, channel: 1_300_000_000_000_000_001 },
        started_at,
        deadline_at: started_at + TimeDelta::seconds(60),
    }
}

/// The same from a terminal.
pub(super) fn daily_in_terminal(started_at: DateTime<Utc>) -> NewRun {
    NewRun { origin: Origin::Terminal { user: "gear".to_owned() }, ..daily(started_at) }
}

/// The report of a day as it mostly is: twelve checks, 27 numbers, outputs as long as on the real host. `day` makes its
/// numbers and outputs differ from those of other days.
pub(super) fn report(run: &NewRun, day: u32) -> Report {
    let mut sections: Vec<ReportedSection> = ["api", "containers", "resources", "logs"]
        .into_iter()
        .map(|id| ReportedSection {
            id: id.to_owned(),
            title: both("서버와 서비스 상태", "Services"),
            checks: Vec::new(),
        })
        .collect();
    for number in 0..12_u32 {
        sections[number as usize / 3].checks.push(check(number, day));
    }
    Report {
        command: run.command.clone(),
        title: run.title.clone(),
        host: run.host.clone(),
        host_title: run.host_title.clone(),
        started_at: run.started_at,
        finished_at: run.started_at + TimeDelta::milliseconds(431),
        sections,
        during: Vec::new(),
        difference: None,
    }
}

/// The checklist of the runs of [`daily`], each of whose twelve checks asks the past of `measure`.
pub(super) fn asking(measure: &str) -> Checklist {
    let check = |number| Check {
        id: format!("check-{number}"),
        row: None,
        title: Localised::default(),
        probe: Probe::Memory,
        rules: vec![Rule {
            measure: measure.to_owned(),
            warn: Condition::parse("> 1.5 x usual").ok(),
            fail: None,
            usual: Usual::default(),
            optional: false,
        }],
        show: Vec::new(),
        remedies: Vec::new(),
        deadline: Check::DEADLINE,
    };
    Checklist {
        id: "daily".to_owned(),
        name_ko: None,
        title: Localised::default(),
        description: Localised::default(),
        signed: None,
        sections: vec![Section {
            id: "all".to_owned(),
            title: Localised::default(),
            checks: (0..12).map(check).collect(),
        }],
        template: None,
    }
}

fn check(number: u32, day: u32) -> ReportedCheck {
    let drift = f64::from((day * 7 + number) % 13);
    let mut measurements = vec![
        Measurement::quantity("used", Quantity::percent(40.0 + drift)).of("/"),
        Measurement::quantity("free", Quantity::bytes(1e9 * (16.0 + drift))).of("/"),
        Measurement::text("state", "running"),
    ];
    if number.is_multiple_of(4) {
        measurements.push(Measurement::quantity("first_byte", Quantity::seconds(0.0842 + drift / 1000.0)));
    }
    let fails = number == 3;
    let reason = Message::new("reason-of").with("subject", "gear_freak_redis").with(
        "reason",
        Message::new("reason-met").with("value", Quantity::percent(83.1)).with("measure", Message::new("measure")),
    );
    ReportedCheck {
        id: format!("check-{number}"),
        row: Some(format!("D{}", number + 1)),
        title: both("컨테이너가 실행 중이고 정상입니다", "Containers run and are healthy"),
        grade: if fails { Grade::Fail } else { Grade::Pass },
        waived: None,
        reasons: if fails { vec![reason] } else { Vec::new() },
        shown: measurements[..1].to_vec(),
        threshold: Some("< 80 %".to_owned()),
        remedies: vec![both(
            "docker system prune -f 명령으로 사용하지 않는 이미지를 지웁니다",
            "Clear away unused images with docker system prune -f",
        )],
        evidence: ReportedEvidence {
            what: format!("docker inspect gear_freak_serverpod # {number}"),
            status: Some(Status::Exit(0)),
            output: output(number, day),
            elapsed: Duration::from_millis(80 + u64::from(number)),
            notes: if number == 11 { vec![Message::new("note-log-begins-later")] } else { Vec::new() },
        },
        measurements,
    }
}

/// Most checks show a few lines; the two of logs show 40.
fn output(number: u32, day: u32) -> String {
    let lines = if number >= 10 { 40 } else { 4 };
    (0..lines)
        .map(|line| {
            format!("2026-11-{day:02} 09:00:{line:02} serverpod {number} GET /health 200 in {} ms\n", day + line)
        })
        .collect()
}

/// What of `report` the store promises to give back: of the measurements the finite numbers, bare, of several of one kind
/// the last. In the order of their names, since the store's order is that in which their series began.
pub(super) fn as_kept(report: &Report) -> Report {
    let mut report = report.clone();
    for check in report.sections.iter_mut().flat_map(|section| &mut section.checks) {
        let mut kept = BTreeMap::new();
        for measurement in &check.measurements {
            let Value::Quantity(quantity) = measurement.value else { continue };
            if quantity.value.is_finite() {
                let key = (measurement.measure.clone(), measurement.subject.clone(), quantity.dimension.base_unit());
                let bare = Measurement { says: None, lines: Vec::new(), ..measurement.clone() };
                kept.insert(key, bare);
            }
        }
        check.measurements = kept.into_values().collect();
    }
    report
}

/// Whatever a report of `run` can be.
pub(super) fn any_report(run: NewRun) -> impl Strategy<Value = Report> {
    let sections = prop::collection::vec((text(), localised(), prop::collection::vec(any_check(), 0..4)), 0..4);
    (sections, 0..2_000_000_i64).prop_map(move |(sections, took)| {
        let mut number = 0;
        let sections = sections
            .into_iter()
            .map(|(id, title, mut checks)| {
                for check in &mut checks {
                    number += 1;
                    check.id = format!("{number}{}", check.id);
                }
                ReportedSection { id, title, checks }
            })
            .collect();
        let before = report(&run, 1);
        let mut report = Report {
            command: run.command.clone(),
            title: run.title.clone(),
            host: run.host.clone(),
            host_title: run.host_title.clone(),
            started_at: run.started_at,
            finished_at: run.started_at + TimeDelta::milliseconds(took),
            sections,
            during: Vec::new(),
            difference: None,
        };
        report.difference = (took % 2 == 0).then(|| Difference::between(&before, &report));
        report
    })
}

fn any_check() -> impl Strategy<Value = ReportedCheck> {
    let words = (text(), prop::option::of(text()), localised(), prop::option::of(text()));
    let found = (
        prop::sample::select(Grade::ALL.to_vec()),
        prop::collection::vec(message(), 0..3),
        prop::collection::vec(measurement(), 0..3),
        prop::collection::vec(measurement(), 0..6),
        prop::collection::vec(localised(), 0..3),
        evidence(),
    );
    (words, found).prop_map(|((id, row, title, threshold), found)| {
        let (grade, reasons, shown, measurements, remedies, evidence) = found;
        ReportedCheck {
            id,
            row,
            title,
            grade,
            waived: None,
            reasons,
            shown,
            threshold,
            remedies,
            evidence,
            measurements,
        }
    })
}

fn evidence() -> impl Strategy<Value = ReportedEvidence> {
    let status = prop_oneof![
        any::<u32>().prop_map(Status::Exit),
        text().prop_map(Status::Signal),
        any::<u16>().prop_map(Status::Http),
        Just(Status::Answered),
    ];
    // Few kinds of output, so that some checks share their evidence.
    let whole = (text(), prop::option::of(status), text(), 0..100_000_u64, prop::collection::vec(message(), 0..2))
        .prop_map(|(what, status, output, elapsed, notes)| ReportedEvidence {
            what,
            status,
            output,
            elapsed: Duration::from_millis(elapsed),
            notes,
        });
    prop_oneof![Just(ReportedEvidence::default()), whole]
}

fn measurement() -> impl Strategy<Value = Measurement> {
    let value = prop_oneof![quantity().prop_map(Value::Quantity), text().prop_map(Value::Text)];
    let name = prop::sample::select(vec!["used", "free", "时间", ""]);
    let subject = prop::option::of(prop::sample::select(vec!["/", "/var", ""]));
    let says = prop::option::of(message());
    (name, subject, value, says, prop::collection::vec(text(), 0..2)).prop_map(|(name, subject, value, says, lines)| {
        Measurement { measure: name.to_owned(), subject: subject.map(str::to_owned), value, says, lines }
    })
}

/// Numbers as they are measured, which JSON gives back exactly: up to 15 digits.
fn quantity() -> impl Strategy<Value = Quantity> {
    let dimension = prop::sample::select(vec![
        Dimension::Count,
        Dimension::Percent,
        Dimension::Bytes,
        Dimension::Time,
        Dimension::Dollars,
    ]);
    (any::<i32>(), dimension).prop_map(|(value, dimension)| Quantity { value: f64::from(value) / 1000.0, dimension })
}

fn message() -> impl Strategy<Value = Message> {
    let leaf = text().prop_map(|key| Message { key: key.into(), args: BTreeMap::new() });
    leaf.prop_recursive(3, 8, 3, |inner| {
        let arg = prop_oneof![
            text().prop_map(Arg::Text),
            quantity().prop_map(Arg::Quantity),
            localised().prop_map(Arg::Localised),
            inner.prop_map(Arg::Message),
        ];
        (text(), prop::collection::btree_map(text().prop_map(Into::into), arg, 0..3))
            .prop_map(|(key, args)| Message { key: key.into(), args })
    })
}

fn localised() -> impl Strategy<Value = Localised> {
    (text(), text()).prop_map(|(ko, en)| Localised { ko, en })
}

/// Any text: also empty, with NUL, quotes, line ends, and what is no letter.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::collection::vec(any::<char>(), 0..8).prop_map(|chars| chars.into_iter().collect()),
        prop::sample::select(vec!["", "\0", "'; DROP TABLE run; --", "null", "\"", "한글 @everyone", "\u{1b}[31m"])
            .prop_map(str::to_owned),
    ]
}
