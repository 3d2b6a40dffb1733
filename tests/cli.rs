//! The program in a terminal and in a pipe: what it prints, and its exit status.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test fails by panicking, its helpers as well"
)]

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

const CONFIG: &str = r#"
[hosts.here]
title = { ko = "여기", en = "Here" }
transport = "local"
"#;

/// A checklist that reads what a test writes.
const SMALL: &str = include_str!("data/small.toml");

fn deployment() -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("commands")).unwrap();
    fs::write(folder.path().join("bot.toml"), CONFIG).unwrap();
    let text = SMALL.replace("FOLDER", &folder.path().display().to_string());
    fs::write(folder.path().join("commands/small.toml"), text).unwrap();
    fs::write(folder.path().join("calm"), "12").unwrap();
    folder
}

fn signoff(folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_signoff"));
    command.args(args).arg("--config").arg(folder.join("bot.toml")).env("LANG", "en_US.UTF-8").env_remove("LC_ALL");
    command.output().unwrap()
}

fn name(folder: &TempDir) -> String {
    folder.path().file_name().unwrap().to_string_lossy().into_owned()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn the_exit_status_is_that_of_monitoring_plugins() {
    let folder = deployment();
    for (value, status) in [("12", 0), ("75", 1), ("99", 2), ("no number", 3)] {
        fs::write(folder.path().join("calm"), value).unwrap();
        let output = signoff(folder.path(), &["check", "small"]);
        assert_eq!(output.status.code(), Some(status), "{value}: {}", out(&output));
    }
}

#[test]
fn what_is_wrong_with_the_command_line_or_the_output_is_no_fail() {
    let folder = deployment();
    let wrong = Command::new(env!("CARGO_BIN_EXE_signoff")).args(["check", "--format", "xml"]).output().unwrap();
    assert_eq!(wrong.status.code(), Some(3));
    let full = Command::new(env!("CARGO_BIN_EXE_signoff"))
        .args(["check", "small", "--config"])
        .arg(folder.path().join("bot.toml"))
        .stdout(fs::File::options().write(true).open("/dev/full").unwrap())
        .output()
        .unwrap();
    assert_eq!(full.status.code(), Some(3), "{}", err(&full));
    assert!(!err(&full).is_empty());
}

/// One container, which an engine that knows none calls missing.
const SERVICES: &str = r#"
kind = "checklist"
title = { ko = "서비스", en = "Services" }
description = { ko = "서비스", en = "Services" }
[[section]]
id = "services"
title = { ko = "서비스", en = "Services" }
[[section.check]]
id = "redis"
title = { ko = "레디스", en = "Redis" }
probe = { kind = "container", service = "redis" }
rules = [{ measure = "state", fail = "!= running" }]
"#;

/// Answers for an engine that has no containers.
fn answer(mut stream: UnixStream) {
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
    while let Some(Ok(request)) = lines.next() {
        while lines.next().is_some_and(|line| line.is_ok_and(|line| !line.is_empty())) {}
        let version = r#"{"Version": "20.10.24", "ApiVersion": "1.41"}"#;
        let body = if request.contains("/version") { version } else { "[]" };
        let head = format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}", body.len());
        if write!(stream, "{head}\r\n\r\n{body}").is_err() {
            return;
        }
    }
}

#[test]
fn the_report_is_printed_before_the_background_is_waited_for_and_that_for_a_short_while_only() {
    let folder = deployment();
    let (socket, programs) = (folder.path().join("docker.sock"), folder.path().join("bin"));
    let listener = UnixListener::bind(&socket).unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || answer(stream));
        }
    });
    // The engine answers, and its program hangs: whoever records images waits for that.
    fs::create_dir(&programs).unwrap();
    fs::write(programs.join("docker"), "#!/bin/sh\nexec sleep 30\n").unwrap();
    fs::set_permissions(programs.join("docker"), fs::Permissions::from_mode(0o755)).unwrap();
    let config = format!("{CONFIG}docker_socket = \"{}\"\n", socket.display());
    fs::write(folder.path().join("bot.toml"), config).unwrap();
    fs::write(folder.path().join("commands/services.toml"), SERVICES).unwrap();

    let asked = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_signoff"))
        .args(["check", "services", "--language", "en", "--config"])
        .arg(folder.path().join("bot.toml"))
        .env("PATH", format!("{}:{}", programs.display(), std::env::var("PATH").unwrap()))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    assert!(lines.any(|line| line.contains("❌ Redis")), "there is no report");
    let printed = asked.elapsed();
    let status = child.wait().unwrap();
    let ended = asked.elapsed();
    assert_eq!(status.code(), Some(2));
    assert!(ended < Duration::from_secs(20), "it was waited for: {ended:?}");
    assert!(ended > printed + Duration::from_secs(1), "printed after {printed:?}, ended after {ended:?}");
}

#[test]
fn each_format_says_the_same() {
    let folder = deployment();
    fs::write(folder.path().join("calm"), "99").unwrap();
    let text = out(&signoff(folder.path(), &["check", "small", "--language", "en"]));
    assert!(text.contains("❌ Calm") && text.contains("threshold < 80"), "{text}");
    assert!(!text.contains('\u{1b}'), "a pipe gets no colours");

    let json = signoff(folder.path(), &["check", "small", "--format", "json"]);
    assert_eq!(err(&json), "", "a pipe gets no progress");
    let json: serde_json::Value = serde_json::from_str(&out(&json)).unwrap();
    assert_eq!(json["command"], "small");
    assert_eq!(json["host"], "here");
    assert_eq!(json["grade"], "fail");
    assert_eq!(json["checks"][0]["value"], 99.0);
    assert_eq!(json["checks"][0]["section"], "first");
    assert_eq!(json["checks"][0]["evidence"]["status"], 0);

    let markdown = out(&signoff(folder.path(), &["check", "small", "--format", "markdown", "--language", "ko"]));
    assert!(markdown.starts_with("# 일일 체크 · 여기"), "{markdown}");
    assert!(markdown.contains("| 첫째 | 잔잔함 | ❌ 이상 | 99 | < 80 |"), "{markdown}");
}

#[test]
fn validate_tells_what_is_right_and_all_that_is_wrong() {
    let folder = deployment();
    let right = signoff(folder.path(), &["validate"]);
    assert_eq!((right.status.code(), out(&right).contains('1')), (Some(0), true));

    fs::write(folder.path().join("bot.toml"), CONFIG.replace("local", "lokal")).unwrap();
    fs::write(folder.path().join("commands/other.toml"), "kind = \"checklist\"\n").unwrap();
    let wrong = signoff(folder.path(), &["validate"]);
    assert_eq!(wrong.status.code(), Some(3));
    let told = err(&wrong);
    for part in ["bot.toml:4:", "did you mean local?", "other.toml:1:1: missing key: title", "problems"] {
        assert!(told.contains(part), "{part} is missing in:\n{told}");
    }
}

#[test]
fn the_commands_that_are_meant_are_read_beside_a_wrong_configuration() {
    let folder = deployment();
    let config = format!("commands = \"../{}/elsewhere\"\n{CONFIG}transport = \"local\"\n", name(&folder));
    fs::write(folder.path().join("bot.toml"), config).unwrap();
    fs::create_dir(folder.path().join("elsewhere")).unwrap();
    fs::write(folder.path().join("elsewhere/other.toml"), "kind = \"checklist\"\n").unwrap();
    fs::write(folder.path().join("commands/small.toml"), "kind = \"checklist\"\n").unwrap();
    let told = err(&signoff(folder.path(), &["validate"]));
    assert!(told.contains("bot.toml:6:1: ") && told.contains("other.toml:1:1: missing key: title"), "{told}");
    assert!(!told.contains("small.toml"), "nobody meant these: {told}");

    // Without a configuration nobody knows which are meant.
    let nothing = TempDir::new().unwrap();
    let told = err(&signoff(nothing.path(), &["validate"]));
    assert!(told.contains("bot.toml: cannot read") && told.lines().count() == 2, "{told}");
}

#[test]
fn what_the_files_say_of_each_other_is_told_with_its_line() {
    let folder = deployment();
    let more = "[roles]\noperations = \"1000000000000000011\"\n[may_run]\nsmal = [\"operations\"]\n\
                [may_sign]\nsmall = [\"operations\"]\n[rota.smal]\norder = [\"jimin\"]\n[people.jimin]\nid = \"1\"\n";
    fs::write(folder.path().join("bot.toml"), format!("{CONFIG}{more}")).unwrap();
    let restart = include_str!("data/restart.toml").replace("operations", "opertions").replace("daily", "small");
    let restart = restart.replace("FOLDER", "/opt");
    fs::write(folder.path().join("commands/restart.toml"), restart).unwrap();
    let told = err(&signoff(folder.path(), &["validate"]));
    let of = |file: &str| told.lines().filter(|line| line.contains(file)).collect::<Vec<_>>();
    for place in ["bot.toml:8:1: [may_run]", "bot.toml:10:1: [may_sign]", "bot.toml:11:7: "] {
        assert!(told.contains(place), "{place} is missing in:\n{told}");
    }
    assert!(!of("restart.toml:").is_empty(), "{told}");
    assert!(of("restart.toml:").iter().all(|line| !line.contains("restart.toml: ")), "{told}");
}

#[test]
fn an_authority_that_cannot_be_read_is_told_by_validate_and_stops_no_check() {
    let folder = deployment();
    fs::write(folder.path().join("bot.toml"), format!("{CONFIG}[http]\nca_file = \"nosuch.pem\"\n")).unwrap();
    let told = signoff(folder.path(), &["validate"]);
    assert_eq!(told.status.code(), Some(3));
    assert!(err(&told).contains("bot.toml:6:11: ") && err(&told).contains("nosuch.pem"), "{}", err(&told));
    let checked = signoff(folder.path(), &["check", "small"]);
    assert_eq!(checked.status.code(), Some(0), "{}", err(&checked));
}

#[test]
fn what_is_not_there_is_told_with_the_nearest_name() {
    let folder = deployment();
    let command = signoff(folder.path(), &["check", "smal"]);
    assert_eq!(command.status.code(), Some(3));
    assert!(err(&command).contains("혹시 small?"), "{}", err(&command));
    let host = signoff(folder.path(), &["check", "small", "--host", "elsewhere"]);
    assert!(err(&host).contains("bot.toml에 있는 호스트: here"), "{}", err(&host));
    let discord = signoff(folder.path(), &["run"]);
    assert!(err(&discord).contains("[discord]"), "{}", err(&discord));
    let nothing = signoff(&folder.path().join("nowhere"), &["validate"]);
    assert_eq!(nothing.status.code(), Some(3));
    assert!(err(&nothing).contains("bot.toml"), "{}", err(&nothing));
}

#[test]
fn a_run_that_cannot_be_kept_is_shown_all_the_same_and_why_is_told() {
    let folder = deployment();
    fs::write(folder.path().join("signoff.db"), "this is no database, and nobody may overwrite it").unwrap();
    let output = signoff(folder.path(), &["check", "small"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(out(&output).contains("✅ 잔잔함"), "{}", out(&output));
    assert!(err(&output).contains("기록하지 못했습니다"), "{}", err(&output));
    assert!(err(&output).contains("SQLite 데이터베이스 파일이 아닙니다"), "{}", err(&output));
    assert!(fs::read_to_string(folder.path().join("signoff.db")).unwrap().starts_with("this is no database"));
}

#[test]
fn the_list_names_every_check_with_its_probe_and_thresholds_and_looks_at_nothing() {
    let folder = deployment();
    let text = out(&signoff(folder.path(), &["check", "--list", "--language", "en"]));
    for part in ["Calm", "shell", "⚠️ >= 70 ❌ >= 80", "Patience", "❌ !~ done"] {
        assert!(text.contains(part), "{part} is missing in:\n{text}");
    }
    let json = out(&signoff(folder.path(), &["check", "small", "--list", "--format", "json"]));
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json[0]["checks"][0]["rules"][1]["fail"], ">= 80");
    let markdown = out(&signoff(folder.path(), &["check", "--list", "--format", "markdown"]));
    assert!(markdown.contains("| `shell` |"), "{markdown}");
    let unknown = signoff(folder.path(), &["check", "smal", "--list"]);
    assert_eq!(unknown.status.code(), Some(3));
    assert!(err(&unknown).contains("small"), "{}", err(&unknown));
    assert!(!folder.path().join("runs").exists() && !folder.path().join("signoff.db").exists());
    // Without either there is nothing to do.
    assert_eq!(signoff(folder.path(), &["check"]).status.code(), Some(3));
}

#[test]
fn several_hosts_are_looked_at_by_one_command_and_the_worst_says_how_it_ends() {
    let folder = deployment();
    let host = |name: &str, more: &str| {
        format!("[hosts.{name}]\ntitle = {{ ko = \"{name}\", en = \"{name}\" }}\ntransport = \"local\"\n{more}")
    };
    let bad = "[hosts.web2.rules.small.calm]\nnumber = { warn = \">= 5\", fail = \">= 10\" }\n";
    let config =
        [host("web1", "tags = [\"web\"]\n"), host("web2", &format!("tags = [\"web\"]\n{bad}")), host("db", "")];
    fs::write(folder.path().join("bot.toml"), config.concat()).unwrap();
    let hosts = |output: &Output| -> Vec<String> {
        let json: serde_json::Value = serde_json::from_str(&out(output)).unwrap_or_else(|_| panic!("{}", err(output)));
        let mut hosts: Vec<_> = json
            .as_array()
            .unwrap()
            .iter()
            .map(|report| format!("{} {}", report["host"].as_str().unwrap(), report["grade"].as_str().unwrap()))
            .collect();
        hosts.sort();
        hosts
    };
    let all = signoff(folder.path(), &["check", "small", "--host", "all", "--format", "json"]);
    assert_eq!(
        (hosts(&all), all.status.code()),
        (vec!["db pass".into(), "web1 pass".into(), "web2 fail".into()], Some(2))
    );
    let web = signoff(folder.path(), &["check", "small", "--host", "tag:web", "--format", "json"]);
    assert_eq!((hosts(&web), web.status.code()), (vec!["web1 pass".into(), "web2 fail".into()], Some(2)));
    let text = signoff(folder.path(), &["check", "small", "--host", "tag:web", "--language", "en"]);
    assert!(out(&text).contains("web1") && out(&text).contains("web2") && !out(&text).contains("db"), "{}", out(&text));
    // A tag that no host has looks at nothing, which is not fine.
    let none = signoff(folder.path(), &["check", "small", "--host", "tag:wbe"]);
    assert_eq!(none.status.code(), Some(3), "{}", out(&none));
    assert!(err(&none).contains("wbe") && err(&none).contains("web"), "{}", err(&none));
    // Each is on record for itself.
    let listed = signoff(folder.path(), &["audit", "verify"]);
    assert_eq!(listed.status.code(), Some(0), "{}", err(&listed));
}

/// Whoever takes the record out, or a form of what was signed, stands in the record.
#[test]
fn what_is_exported_is_on_record() {
    let folder = deployment();
    let export = || {
        let output = signoff(folder.path(), &["audit", "export"]);
        assert_eq!(output.status.code(), Some(0), "{}", err(&output));
        let lines: Vec<serde_json::Value> =
            out(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        lines
    };
    let first = export();
    assert_eq!((first.len(), &first[0]["deed"], &first[0]["subject"]), (1, &"export".into(), &"audit".into()));
    assert!(first[0]["actor"].as_str().unwrap().starts_with("terminal:"), "{first:?}");
    assert_eq!(export().len(), 2);

    let path = folder.path().join("commands/small.toml");
    let signed = format!("signed = \"day\"\n{}", fs::read_to_string(&path).unwrap());
    fs::write(&path, signed).unwrap();
    let forms = signoff(folder.path(), &["export", "small", "--period", "2026-11"]);
    assert_eq!(forms.status.code(), Some(0), "{}", err(&forms));
    let rows = export();
    let row = rows.iter().find(|row| row["subject"] == "record:small").unwrap();
    assert_eq!((&row["deed"], &row["details"]["from"]), (&"export".into(), &"2026-11-01".into()));
    assert_eq!(row["details"]["to"], "2026-11-30");
    assert_eq!(signoff(folder.path(), &["audit", "verify"]).status.code(), Some(0));
}
