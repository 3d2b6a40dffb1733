//! The team's forms (rows T1-T3), filled in: line by line as its checklist has them, and as they are archived.
//!
//! `BLESS=1 cargo test --test forms` writes the golden files of `tests/data/forms` anew.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test fails by panicking, its helpers as well"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Asia::Seoul;
use signoff::commands;
use signoff::domain::command::Checklist;
use signoff::domain::finding::FindingId;
use signoff::domain::grade::Grade;
use signoff::domain::message::{Language, Localised, Message};
use signoff::domain::period::{Every, Period};
use signoff::domain::report::{Report, ReportBuilder, ReportedCheck};
use signoff::domain::run::RunId;
use signoff::domain::signoff::draft::{Attested, Memo, Said, Stated};
use signoff::domain::signoff::{Case, Entry, ResultHash, SignOff, SignOffId, Signature};
use signoff::domain::template::{Due, Form, FormState, Forms, Known};
use signoff::domain::waiver::{Waived, WaiverId};
use signoff::domain::words::{Who, Words};
use signoff::render::form;

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/forms").join(name)
}

/// Holds `found` against the golden file `name`.
fn assert_golden(name: &str, found: &str) {
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(data(name), found).unwrap();
    }
    let expected = std::fs::read_to_string(data(name)).unwrap_or_default();
    assert!(found == expected, "{name}:\n--- expected\n{expected}\n--- found\n{found}");
}

fn checklist(name: &str) -> Checklist {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("commands");
    commands::load(&folder).unwrap().checklists.remove(name).unwrap()
}

fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn who(name: &str) -> Who {
    let id = name.chars().map(u64::from).sum();
    Who { id, name: name.to_owned() }
}

/// A result of which every check passes, what a person must look at aside.
fn well(checklist: &Checklist, at: DateTime<Utc>) -> Report {
    let host = Localised { ko: "Gear Freak 운영 서버".to_owned(), en: "Gear Freak production".to_owned() };
    let mut report = ReportBuilder::new(checklist, "gear-freak", &host, at).finish();
    for check in report.sections.iter_mut().flat_map(|section| &mut section.checks) {
        check.grade = if check.id == "free-tier" { Grade::Manual } else { Grade::Pass };
        check.reasons = Vec::new();
    }
    report
}

fn change(report: &mut Report, id: &str, change: impl FnOnce(&mut ReportedCheck)) {
    let mut checks = report.sections.iter_mut().flat_map(|section| &mut section.checks);
    change(checks.find(|check| check.id == id).unwrap());
}

fn bad(report: &mut Report, id: &str, grade: Grade, reason: Message) {
    change(report, id, |check| {
        check.grade = grade;
        check.reasons = vec![reason];
    });
}

/// A sign-off of `report` by `name`, with what was said of its checks, and its memos.
fn signed(
    report: &Report,
    period: Period,
    (name, at): (&str, DateTime<Utc>),
    said: &[(&str, Option<Attested>, Option<Said>)],
    memos: &[(Memo, &str)],
) -> SignOff {
    let stated = |(id, attested, said): &(&str, Option<Attested>, Option<Said>)| {
        let check = report.check(id).unwrap();
        Stated {
            check: check.id.clone(),
            title: check.title.clone(),
            grade: check.grade,
            attested: *attested,
            said: said.clone(),
        }
    };
    SignOff {
        case: Case { command: report.command.clone(), host: report.host.clone(), period },
        signature: Signature { id: SignOffId(1), run: RunId(1), hash: ResultHash::of(report), by: who(name), at },
        checks: said.iter().map(stated).collect(),
        memos: memos.iter().map(|(memo, text)| (*memo, Words::new(text).unwrap())).collect::<BTreeMap<_, _>>(),
        ended: None,
    }
}

/// What is known of a period that was due at its first day's nine o'clock, an hour's time to sign, and that is over.
fn known<'a>(
    period: Period,
    report: Option<&'a Report>,
    signed: Option<&'a SignOff>,
    assigned: &'a [Who],
) -> Known<'a> {
    let due = period.begins(Seoul) + TimeDelta::hours(9);
    Known {
        period,
        result: report.map(|report| (RunId(1), report)),
        signed,
        assigned,
        filed: &[],
        due: Some(Due { at: due, in_time: due + TimeDelta::hours(1) }),
        now: period.ends(Seoul) + TimeDelta::days(1),
        zone: Seoul,
    }
}

fn fill(checklist: &Checklist, known: &Known<'_>) -> Form {
    checklist.template.as_ref().unwrap().fill(known)
}

fn period(checklist: &Checklist, within: &str) -> Period {
    Period::of(checklist.signed.unwrap(), day(within))
}

#[test]
fn a_well_form_is_the_teams_own_line_by_line() {
    for (name, within, heading) in [
        ("daily", "2026-01-05", "날짜: 2026-01-05"),
        ("weekly", "2026-01-05", "주차: 2026년 2주차 (01/05 ~ 01/11)"),
        ("monthly", "2026-11-05", "월: 2026년 11월"),
    ] {
        let checklist = checklist(name);
        let period = period(&checklist, within);
        let signed_at = period.begins(Seoul) + TimeDelta::minutes(9 * 60 + 20);
        let report = well(&checklist, signed_at);
        let seen: &[_] = if name == "monthly" { &[("free-tier", Some(Attested::Yes), None)] } else { &[] };
        let sign_off = signed(&report, period, ("지민", signed_at), seen, &[]);
        let assigned = [who("지민")];
        let text = form::text(
            &fill(&checklist, &known(period, Some(&report), Some(&sign_off), &assigned)),
            Seoul,
            Language::Ko,
        );

        let blank = std::fs::read_to_string(data(&format!("blank-{name}.txt"))).unwrap();
        let (found, blank): (Vec<_>, Vec<_>) = (text.lines().collect(), blank.lines().collect());
        assert_eq!(found[..2], [heading, "담당자: 지민"], "{text}");
        let crossed: Vec<_> = blank[2..].iter().map(|line| line.replace("[ ]", "[x]")).collect();
        assert_eq!(found[2..], crossed, "{name}");
    }
}

#[test]
fn a_week_belongs_to_the_year_of_its_thursday() {
    let weekly = checklist("weekly");
    let report = well(&weekly, at("2026-12-28T01:00:00Z"));
    let known = known(period(&weekly, "2027-01-01"), Some(&report), None, &[]);
    let text = form::text(&fill(&weekly, &known), Seoul, Language::Ko);
    assert!(text.starts_with("주차: 2026년 53주차 (12/28 ~ 01/03)\n담당자: (누락)\n"), "{text}");
}

/// A day on which something of each kind is wrong.
fn mixed_day() -> (Checklist, Report) {
    let daily = checklist("daily");
    let mut report = well(&daily, at("2026-11-26T00:00:00Z"));
    let met = |value: &str, condition: &str| {
        Message::new("reason-met")
            .with("measure", Message::new("measure").with("name", "used"))
            .with("value", value)
            .with("condition", condition)
    };
    bad(&mut report, "insights", Grade::Unknown, Message::new("reason-not-finished"));
    bad(&mut report, "repeated", Grade::Skipped, Message::new("reason-not-finished"));
    bad(&mut report, "disk", Grade::Warn, met("74.0 %", "< 70 %"));
    bad(&mut report, "memory", Grade::Fail, met("91.2 %", "< 85 %"));
    bad(&mut report, "redis", Grade::Waived, Message::new("reason-not-finished"));
    change(&mut report, "redis", |check| {
        check.waived = Some(Waived {
            waiver: WaiverId(4),
            measured: Grade::Fail,
            reason: Words::new("12월 초에 새 버전으로 바꿉니다").unwrap(),
            by: who("현우"),
            until: at("2026-12-01T09:00:00Z"),
        });
    });
    (daily, report)
}

fn mixed_sign_off(report: &Report, period: Period) -> SignOff {
    signed(
        report,
        period,
        ("현우", at("2026-11-26T04:20:00Z")),
        &[
            ("insights", None, Some(Said::Note(Words::new("사무실 망에서는 열립니다").unwrap()))),
            ("disk", None, Some(Said::Finding(FindingId(12)))),
            ("memory", None, Some(Said::Finding(FindingId(13)))),
        ],
        &[(Memo::Memo, "야간 배포가 있었습니다.\n디스크는 금요일에 정리합니다.")],
    )
}

#[test]
fn what_does_not_pass_is_written_out_in_words() {
    let (daily, report) = mixed_day();
    let period = period(&daily, "2026-11-26");
    let sign_off = mixed_sign_off(&report, period);
    let assigned = [who("지민")];
    let filled = fill(&daily, &known(period, Some(&report), Some(&sign_off), &assigned));
    assert_eq!(filled.state, FormState::Late);
    let done: Vec<_> = filled.items.iter().map(|item| item.done).collect();
    assert_eq!(done, [false; 4], "nothing of this is well");
    assert_golden("mixed-day.ko.txt", &form::text(&filled, Seoul, Language::Ko));
    assert_golden("mixed-day.en.txt", &form::text(&filled, Seoul, Language::En));
}

#[test]
fn only_what_passes_is_crossed() {
    let daily = checklist("daily");
    let today = period(&daily, "2026-11-26");
    for grade in Grade::ALL {
        let mut report = well(&daily, at("2026-11-26T00:00:00Z"));
        change(&mut report, "cpu", |check| check.grade = grade);
        let filled = fill(&daily, &known(today, Some(&report), None, &[]));
        let crossed: Vec<_> = filled.items.iter().map(|item| item.done).collect();
        assert_eq!(crossed, [true, true, true, grade == Grade::Pass], "{grade:?}");
        assert_eq!(filled.items[3].words.is_empty(), grade == Grade::Pass, "{grade:?} is said in words");
    }
    let nothing = fill(&daily, &known(today, None, None, &[]));
    assert!(nothing.items.iter().all(|item| !item.done && item.words.len() == 1), "what nobody looked at is not well");
    let mut older = well(&daily, at("2026-11-26T00:00:00Z"));
    older.sections[0].checks.remove(0);
    assert!(!fill(&daily, &known(today, Some(&older), None, &[])).items[0].done, "nor is what was not looked at then");
}

#[test]
fn what_a_person_saw_counts_only_while_their_sign_off_holds() {
    let monthly = checklist("monthly");
    let november = period(&monthly, "2026-11-01");
    let report = well(&monthly, at("2026-11-01T00:00:00Z"));
    let cost =
        |sign_off: Option<&SignOff>| fill(&monthly, &known(november, Some(&report), sign_off, &[])).items[4].done;
    let sign = |attested| {
        signed(&report, november, ("Alex", at("2026-11-01T01:00:00Z")), &[("free-tier", Some(attested), None)], &[])
    };
    assert!(!cost(None), "nobody has looked yet");
    assert!(cost(Some(&sign(Attested::Yes))));
    assert!(!cost(Some(&sign(Attested::No))) && !cost(Some(&sign(Attested::NotApplicable))));
    let mut withdrawn = sign(Attested::Yes);
    withdrawn.ended = Some(Entry::Withdrawn {
        by: who("Alex"),
        at: at("2026-11-02T00:00:00Z"),
        reason: Words::new("잘못 봤습니다").unwrap(),
    });
    assert!(!cost(Some(&withdrawn)));
}

#[test]
fn a_form_says_how_it_is_with_it() {
    let daily = checklist("daily");
    let today = period(&daily, "2026-11-26");
    let report = well(&daily, at("2026-11-26T00:00:00Z"));
    let sign = |at| signed(&report, today, ("지민", at), &[], &[]);
    let in_time = sign(at("2026-11-26T01:00:00Z"));
    let late = sign(at("2026-11-26T01:00:01Z"));
    let mut again = sign(at("2026-11-26T00:30:00Z"));
    again.ended = Some(Entry::Reopened { run: RunId(2), at: at("2026-11-26T03:00:00Z"), worse: Vec::new() });
    let on = |signed, now| Known { now, ..known(today, Some(&report), signed, &[]) }.state();
    let (morning, noon, over) = (at("2026-11-25T23:00:00Z"), at("2026-11-26T03:00:00Z"), at("2026-11-26T15:00:00Z"));
    for (sign_off, now, expected) in [
        (None, morning, FormState::ToCome),
        (None, noon, FormState::Open),
        (None, over, FormState::Missed),
        (Some(&in_time), over, FormState::Signed),
        (Some(&late), over, FormState::Late),
        (Some(&again), noon, FormState::OpenAgain),
        (Some(&again), over, FormState::Missed),
    ] {
        assert_eq!(on(sign_off, now), expected, "{now} {sign_off:?}");
    }
    let nobody = Known { due: None, ..known(today, Some(&report), None, &[]) };
    assert_eq!(nobody.state(), FormState::Open, "of what nobody was to do, nothing is missed");
}

#[test]
fn what_a_day_off_moved_beyond_its_day_is_not_missed_as_it_comes() {
    let daily = checklist("daily");
    let friday = period(&daily, "2026-12-25");
    let monday = at("2026-12-28T00:00:00Z");
    let moved = Known {
        due: Some(Due { at: monday, in_time: monday + TimeDelta::hours(1) }),
        ..known(friday, None, None, &[])
    };
    for (minutes, expected) in
        [(-1, FormState::ToCome), (0, FormState::Open), (59, FormState::Open), (60, FormState::Missed)]
    {
        let known = Known { now: monday + TimeDelta::minutes(minutes), ..moved };
        assert_eq!(known.state(), expected, "{minutes} minutes after it was due");
    }
}

#[test]
fn a_history_of_very_many_hosts_names_each_and_begins_with_what_is_wrong() {
    let one = archive().remove(0);
    let title = |number| Localised { ko: format!("호스트{number:02}"), en: format!("Host{number:02}") };
    let mut lists: Vec<Forms> = (0..30).map(|number| Forms { host_title: title(number), ..one.clone() }).collect();
    for list in &mut lists {
        list.forms.retain(|form| form.state == FormState::Signed);
    }
    lists[29].forms[0].state = FormState::Missed;
    let month = Period::of(Every::Month, day("2026-11-25"));
    let card = signoff::render::history_card::card(&lists, month, Seoul, Language::Ko).within_limits();
    assert_eq!(card.fields[0].0, "호스트29");
    let text = card.fields.iter().map(|(name, value)| format!("{name}\n{value}\n")).collect::<String>();
    for number in 0..30 {
        assert_eq!(text.matches(&format!("호스트{number:02}")).count(), 1, "{number}: {text}");
    }
}

/// A week's forms, as they are archived.
fn archive() -> Vec<Forms> {
    let (daily, report) = mixed_day();
    let assigned = [who("지민")];
    let wednesday = period(&daily, "2026-11-25");
    let well = well(&daily, at("2026-11-25T00:00:00Z"));
    let calm = signed(
        &well,
        wednesday,
        ("지민", at("2026-11-25T00:10:00Z")),
        &[],
        &[(Memo::Memo, "=1+1 ``` 은 수식이 아닙니다")],
    );
    let thursday = period(&daily, "2026-11-26");
    let mixed = mixed_sign_off(&report, thursday);
    let friday = period(&daily, "2026-11-27");
    let forms = vec![
        fill(&daily, &known(wednesday, Some(&well), Some(&calm), &assigned)),
        fill(&daily, &known(thursday, Some(&report), Some(&mixed), &assigned)),
        fill(&daily, &known(friday, None, None, &assigned)),
    ];
    vec![Forms {
        command: "daily".to_owned(),
        title: daily.title,
        host: "gear-freak".to_owned(),
        host_title: report.host_title,
        forms,
        findings: Vec::new(),
    }]
}

#[test]
fn forms_are_archived_as_markdown_csv_and_json() {
    let archive = archive();
    assert_golden("archive.md", &form::markdown(&archive, "2026년 11월", Seoul, Language::Ko));
    let csv = form::csv(&archive, Language::Ko).unwrap();
    assert_golden("archive.csv", &csv);
    assert!(csv.starts_with('\u{feff}'), "a spreadsheet knows it for UTF-8");
    assert!(!csv.contains("\n=") && !csv.contains(",=") && !csv.contains("\"="), "no cell is a formula");
    let mut reader = csv::Reader::from_reader(csv.trim_start_matches('\u{feff}').as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 3 * 5, "four items and a memo a day");
    let json = form::json(&archive, Language::Ko);
    assert_golden("archive.json", &format!("{json:#}\n"));
    assert_eq!(json[0]["forms"][1]["items"][3]["done"], false);
}
