//! Command files and `bot.toml`: the shipped ones are right, and each wrong one of `tests/data` is told of in full.
//!
//! A wrong file stands beside the text that people get. `BLESS=1 cargo test --test files` writes that text anew.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test fails by panicking, its helpers as well"
)]

use std::fs;
use std::path::{Path, PathBuf};

use signoff::commands;
use signoff::config;
use signoff::document::Problems;
use signoff::domain::message::Language;
use signoff::domain::probe::Probe;
use signoff::text::say;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The problems as they are printed, without the folder.
fn told(problems: &Problems) -> String {
    let mut text = String::new();
    for problem in &problems.0 {
        let name = problem.path.file_name().unwrap().to_string_lossy();
        text.push_str(&format!(
            "{name}:{}:{}: {}\n",
            problem.line,
            problem.column,
            say(&problem.message, Language::En)
        ));
        if let Some(hint) = &problem.hint {
            text.push_str(&format!("    {}\n", say(hint, Language::En)));
        }
    }
    text
}

/// Holds what `read` says of every file in `folder` against the text beside it.
fn each_is_told(folder: &str, read: impl Fn(&Path) -> Result<(), Problems>) {
    let mut seen = 0;
    let mut wrong = Vec::new();
    let mut paths: Vec<_> = fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths.into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "toml")) {
        seen += 1;
        let found = told(&read(&path).expect_err("a wrong file is read without a word"));
        let beside = path.with_extension("txt");
        if std::env::var_os("BLESS").is_some() {
            fs::write(&beside, &found).unwrap();
        }
        let expected = fs::read_to_string(&beside).unwrap_or_default();
        if found != expected {
            wrong.push(format!("{}:\n--- expected\n{expected}--- found\n{found}", path.display()));
        }
    }
    assert!(seen > 0, "{folder} is empty");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_shipped_files_are_right() {
    let config = config::load(&root().join("bot.toml")).unwrap_or_else(|problems| panic!("{}", told(&problems)));
    let commands = commands::load(&config.commands).unwrap_or_else(|problems| panic!("{}", told(&problems)));
    for name in config.may_run.keys() {
        assert!(commands.names().any(|known| known == name), "bot.toml lets roles run {name}, which is no command");
    }
}

#[test]
fn the_daily_check_covers_its_rows() {
    let commands = commands::load(&root().join("commands")).unwrap();
    let daily = &commands.checklists["daily"];
    let rows: Vec<_> = daily.checks().filter_map(|check| check.row.clone()).collect();
    let expected: Vec<_> = (1..=12).map(|row| format!("D{row}")).collect();
    assert_eq!(rows, expected);
    assert_eq!(daily.sections.len(), 4);
}

#[test]
fn the_shipped_schedules_are_due_when_the_checklist_says() {
    let config = config::load(&root().join("bot.toml")).unwrap();
    let next = |name: &str, after: &str| {
        let due = config.schedules[name].schedule.next(after.parse().unwrap(), &config.holidays).unwrap();
        due.at.with_timezone(&config.timezone).format("%Y-%m-%d %a %H:%M").to_string()
    };
    for (name, after, expected) in [
        ("daily", "2026-12-24T12:00:00Z", "2026-12-25 Fri 09:00"),
        ("weekly", "2026-11-26T12:00:00Z", "2026-11-30 Mon 10:00"),
        ("security", "2026-11-26T12:00:00Z", "2026-11-30 Mon 10:00"),
        ("monthly", "2026-11-26T12:00:00Z", "2026-12-01 Tue 10:00"),
        // The first of January is a holiday, the second and third a weekend.
        ("monthly", "2026-12-26T12:00:00Z", "2027-01-04 Mon 10:00"),
        ("drill", "2026-11-26T12:00:00Z", "2027-01-04 Mon 10:00"),
        // The day after the lunar new year and its substitute.
        ("weekly", "2027-02-05T12:00:00Z", "2027-02-10 Wed 10:00"),
        // The substitute for the foundation day.
        ("weekly", "2027-10-01T12:00:00Z", "2027-10-05 Tue 10:00"),
    ] {
        assert_eq!(next(name, after), expected, "{name} after {after}");
    }
}

#[test]
fn the_shipped_holidays_have_their_substitutes() {
    let holidays = config::load(&root().join("bot.toml")).unwrap().holidays;
    let working = |day: &str| holidays.is_working_day(day.parse().unwrap());
    for day in ["2026-03-02", "2026-05-25", "2026-07-17", "2026-10-05", "2027-02-09", "2027-05-03", "2027-12-27"] {
        assert!(!working(day), "{day}");
    }
    // No substitute for Memorial Day on a Saturday, nor for Chuseok's third day on one.
    for day in ["2026-06-08", "2026-09-28", "2026-11-26"] {
        assert!(working(day), "{day}");
    }
}

#[test]
fn every_wrong_command_file_is_told_of_in_full() {
    each_is_told("tests/data/commands", |path| {
        let document = signoff::document::Document::open(path)?;
        commands::parse(document).map(drop)
    });
}

#[test]
fn every_wrong_configuration_is_told_of_in_full() {
    each_is_told("tests/data/config", |path| config::load(path).map(drop));
}

#[test]
fn all_files_are_told_of_at_once() {
    let problems = commands::load(&root().join("tests/data/commands")).unwrap_err();
    let mut files: Vec<_> = problems.0.iter().map(|problem| problem.path.clone()).collect();
    files.dedup();
    assert!(files.len() > 3, "{files:?}");
}

#[test]
fn what_files_say_of_each_other_is_told_with_its_line() {
    let folder = tempfile::TempDir::new().unwrap();
    let text = r#"title = { ko = "가", en = "A" }
description = { ko = "가", en = "A" }
"#;
    let action = r#"kind = "action"
risk = "high"
interrupts = { ko = "가", en = "A" }
ask = ["operations"]
approve = ["devops"]
proves = { checklist = "daily", checks = ["servrpod"] }
step = [{ run = ["true"] }]
parameter = [{ id = "service", title = { ko = "가", en = "A" }, choices = ["serverpod"] }]
"#;
    let check = r#"kind = "checklist"
[[section]]
id = "one"
title = { ko = "가", en = "A" }
[[section.check]]
id = "serverpod"
title = { ko = "가", en = "A" }
probe = { kind = "memory" }
rules = [{ measure = "used", fail = ">= 85 %" }]
remedy = [
  { ko = "재시작합니다.", en = "Restart it.", action = "ACTION", with = { service = "serverpod" } },
]
"#;
    let write = |name: &str, body: &str| {
        let text = body.replacen('\n', &format!("\n{text}"), 1);
        fs::write(folder.path().join(name), text).unwrap();
    };
    write("restart.toml", action);
    write("daily.toml", &check.replace("ACTION", "restrat"));
    let problems = commands::load(folder.path()).unwrap_err();
    assert_eq!(
        told(&problems),
        "daily.toml:13:50: there is no such action: restrat\n    did you mean restart?\n\
         restart.toml:8:43: daily has no such check: servrpod\n    did you mean serverpod?\n"
    );
    write("restart.toml", &action.replace("servrpod", "serverpod"));
    write("daily.toml", &check.replace("ACTION", "restart").replace("service =", "servcie ="));
    let problems = told(&commands::load(folder.path()).unwrap_err());
    assert!(problems.starts_with("daily.toml:13:70: ") && problems.contains("did you mean service?"), "{problems}");
    write("daily.toml", &check.replace("ACTION", "restart"));
    let commands = commands::load(folder.path()).unwrap_or_else(|problems| panic!("{}", told(&problems)));
    assert_eq!(commands.actions["restart"].proves.as_ref().unwrap().checks, ["serverpod"]);
    let remedy = &commands.checklists["daily"].checks().next().unwrap().remedies[0];
    assert_eq!(remedy.says.ko, "재시작합니다. → /restart service:serverpod");
    assert_eq!(remedy.act.as_ref().unwrap().with["service"], "serverpod");
}

#[test]
fn every_shipped_check_says_what_to_do() {
    let shipped = commands::load(&root().join("commands")).unwrap();
    for (name, checklist) in &shipped.checklists {
        for check in checklist.checks() {
            let asks = matches!(check.probe, Probe::Manual(_));
            assert!(asks || !check.remedies.is_empty(), "{name}/{} leaves whoever reads it alone", check.id);
        }
    }
}
