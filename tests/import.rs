//! `signoff import` from the outside: the team's own checklist, and documents that nothing can be made of.

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
use std::process::{Command, Output};

use signoff::commands;
use signoff::document::Document;
use signoff::domain::period::Every;
use signoff::domain::probe::Probe;

fn checklist() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/import/checklist.ko.md")
}

fn import(checklist: &Path, folder: &Path, more: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_signoff"));
    command
        .arg("import")
        .arg(checklist)
        .arg("--out")
        .arg(folder.join("commands"))
        .args(["--language", "en"])
        .args(more);
    command.output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// The team's checklist, imported into a fresh folder.
fn imported() -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let output = import(&checklist(), folder.path(), &[]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    (folder, out(&output))
}

#[test]
fn no_item_of_the_teams_checklist_is_lost() {
    let (folder, told) = imported();
    let source = fs::read_to_string(checklist()).unwrap();
    let items = source.lines().filter_map(|line| line.trim_start().strip_prefix("- [ ] "));
    let loaded = commands::load(&folder.path().join("commands")).unwrap_or_else(|problems| panic!("{problems}"));
    let titles: Vec<_> = loaded
        .checklists
        .values()
        .flat_map(signoff::domain::command::Checklist::checks)
        .map(|check| check.title.ko.clone())
        .collect();
    let mut count = 0;
    for item in items {
        count += 1;
        let plain = item.replace('`', "");
        assert!(titles.contains(&plain), "lost: {item}\n{titles:#?}");
    }
    assert!(count >= 60, "the checklist has {count} items");
    assert!(told.contains(&format!("{count} items, none lost")), "{told}");
    // Every line of the document that says something is told of.
    let told_lines: Vec<usize> = told.lines().filter_map(|line| line.get(..5)?.trim().parse().ok()).collect();
    for (index, line) in source.lines().enumerate() {
        if line.starts_with("- [ ] ")
            || line.starts_with("docker")
            || line.starts_with("aws ")
            || line.starts_with("sudo ")
        {
            assert!(told_lines.contains(&(index + 1)), "line {} is not told of: {line}", index + 1);
        }
    }
}

#[test]
fn what_the_teams_commands_look_at_is_looked_at_by_probes() {
    let (folder, _) = imported();
    let loaded = commands::load(&folder.path().join("commands")).unwrap();
    let check = |command: &str, title: &str| {
        let found = loaded.checklists[command].checks().find(|check| check.title.ko.contains(title));
        found.unwrap_or_else(|| panic!("{command} has no {title}")).clone()
    };
    let rules = |command: &str, title: &str| {
        let check = check(command, title);
        let told = check.rules.iter().map(|rule| {
            let condition = rule.fail.as_ref().or(rule.warn.as_ref()).unwrap();
            format!("{} {condition}", rule.measure)
        });
        format!("{}: {}", check.probe.kind(), told.collect::<Vec<_>>().join(", "))
    };
    for (command, title, expected) in [
        ("daily", "API 응답 200 OK", "http: status != 200, body !~ ^OK\\s"),
        ("daily", "Insights", "http: status not in 200..399"),
        ("daily", "gear_freak_redis", "container: state != running, health not in healthy, starting, restarts rises"),
        ("daily", "Critical/Fatal", "container_log: critical >= 1"),
        ("daily", "반복적인", "container_log: repeated >= 3"),
        ("daily", "DB 연결", "container_log: database >= 1"),
        ("daily", "CPU 사용률", "cpu: host >= 80 %"),
        ("daily", "메모리 사용률", "memory: used >= 85 %"),
        ("daily", "디스크 사용률", "disk: used >= 80 %"),
        ("weekly", "7개 파일", "backups: missing >= 1, newest >= 26 h"),
        ("weekly", "0 바이트", "backups: broken >= 1, odd >= 1"),
        ("weekly", "S3 업로드", "s3_backups: missing >= 1, newest >= 26 h, differs >= 1"),
        ("weekly", "오래된 로컬 백업", "backups: stale >= 1"),
        ("weekly", "30일 이상", "certificate: left < 30 d, chain != complete, match != same"),
        ("weekly", "자동 갱신 타이머", "timer: state != active"),
        ("weekly", "429", "access_log: limited >= 1 %"),
        ("weekly", "평균 쿼리", "statements: mean >= 100 ms"),
        ("weekly", "Security Group", "security_group_drift: changes >= 1"),
        ("weekly", "Fail2ban", "fail2ban: state != running"),
        ("monthly", "10GB", "images: free_after < 10 GB"),
        ("monthly", "500MB", "shell: exit != 0, number >= 500 MB"),
        ("monthly", "API 평균 응답", "benchmark: failures >= 1, mean >= 500 ms"),
        ("monthly", "DB 쿼리 실행", "explain: time >= 100 ms"),
        ("monthly", "$15", "aws_cost: month > $15"),
        ("monthly", "Free Tier", "manual: "),
        ("security", "보안 업데이트", "updates: pending >= 1, security >= 1"),
        ("security", "Trivy", "trivy: critical >= 1, high >= 1"),
        ("security", "불필요한 포트", "security_group: ssh_anywhere >= 1, open >= 1"),
        ("security", "Nginx 버전", "shell: exit != 0, output changed"),
        ("security", "TLS 1.2", "tls: oldest not in TLS 1.2, TLS 1.3"),
        ("monitoring", "CPU 사용률 80%", "aws_alarms: absent >= 1, ringing >= 1"),
        ("security", "환경변수", "files: count < 1, mode not in 600, 400"),
        ("security", "민감 정보", "log_secrets: found >= 1"),
        ("monitoring", "Uptime", "samples: uptime <= 99.9 %"),
        ("monitoring", "에러율", "access_log: failed >= 0.1 %"),
        ("monitoring", "CPU 평균", "samples: cpu_mean >= 50 %, cpu_max >= 80 %"),
        ("backup", "Cron", "schedule: line != present, daemon != active, last >= 26 h"),
    ] {
        assert_eq!(rules(command, title), expected, "{command}: {title}");
    }
    let Probe::S3Backups(copies) = check("weekly", "S3 업로드").probe else { panic!("no copies") };
    assert_eq!((copies.bucket.as_str(), copies.prefix.as_str()), ("gear-freak-private-storage-3059875", "backups/"));
    assert_eq!(copies.local.name, "postgres_%Y%m%d_%H%M%S.sql.gz");
    let Probe::RateLimit(limited) = check("security", "API Rate Limiting").probe else { panic!("no limit") };
    assert_eq!(limited.site, "api.gear-freaks.com");
    assert_eq!(loaded.checklists["daily"].checks().count(), 12, "a command that shows the same is no check of its own");
    let Probe::Container(redis) = check("daily", "gear_freak_redis").probe else { panic!("no container") };
    assert_eq!(redis.service, "redis");
    assert!(
        check("daily", "CPU").remedies[0].says.ko.contains("비정상 트래픽"),
        "{:?}",
        check("daily", "CPU").remedies
    );
}

/// Commands of the checklist that change something.
const CHANGES: &[&str] = &[
    "restart",
    "prune",
    "reboot",
    "dropdb",
    "createdb",
    "gunzip",
    "-delete",
    "-exec",
    "vacuum",
    "yum update",
    "renew",
    "terraform",
    "put-metric-alarm",
    "up -d",
    "down",
    "reload",
    "backup.sh >",
];

#[test]
fn the_forms_at_its_end_are_those_by_which_it_is_signed() {
    let (folder, told) = imported();
    let loaded = commands::load(&folder.path().join("commands")).unwrap_or_else(|problems| panic!("{problems}"));
    let item = |command: &str, title: &str| {
        let checklist = &loaded.checklists[command];
        let items = &checklist.template.as_ref().unwrap_or_else(|| panic!("{command} has no form")).items;
        let item = items.iter().find(|item| item.title.ko == title).unwrap_or_else(|| panic!("no {title}: {items:#?}"));
        let titles = item.checks.iter().map(|id| {
            let check = checklist.checks().find(|check| check.id == *id).unwrap();
            check.title.ko.split([' ', ':']).next().unwrap().to_owned()
        });
        titles.collect::<Vec<_>>()
    };
    assert_eq!(item("daily", "API 응답 정상"), ["API", "Insights", "Web"]);
    assert_eq!(item("daily", "모든 컨테이너 실행 중").len(), 3);
    assert_eq!(item("daily", "에러 로그 없음"), ["Critical/Fatal", "반복적인", "DB"]);
    assert_eq!(item("daily", "리소스 사용률 정상"), ["CPU", "메모리", "디스크"]);
    assert_eq!(item("weekly", "SSL 만료일 30일 이상"), ["인증서", "자동"]);
    assert!(item("weekly", "보안 로그 이상 없음").contains(&"무차별".to_owned()));
    assert!(item("weekly", "로그 분석 완료").contains(&"429".to_owned()));
    assert!(item("monthly", "Docker 정리 완료").contains(&"미사용".to_owned()));
    // Nothing of the document answers it: a person does.
    assert_eq!(item("monthly", "재해 복구 훈련 (분기)"), ["재해"]);
    for (command, signed) in [("daily", Every::Day), ("weekly", Every::Week), ("monthly", Every::Month)] {
        assert_eq!(loaded.checklists[command].signed, Some(signed));
        assert!(told.contains(&format!("the form by which /{command} is signed")), "{told}");
    }
    assert_eq!(loaded.checklists["security"].signed, None);
}

#[test]
fn nothing_that_changes_something_is_a_check_and_nothing_of_it_is_lost() {
    let (folder, told) = imported();
    let mut off = String::new();
    for entry in fs::read_dir(folder.path().join("commands")).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        if text.contains("enabled     = false") {
            // It fits as soon as somebody turns it on.
            let on = Document::new(&path, text.replace("enabled     = false\n", ""));
            commands::parse(on).unwrap_or_else(|problems| panic!("{problems}\n{text}"));
            off.push_str(&text);
        } else {
            for line in text.lines().filter(|line| line.contains("kind = \"shell\"")) {
                assert!(!CHANGES.iter().any(|word| line.contains(word)), "{}: {line}", path.display());
            }
        }
    }
    for word in [
        "kind = \"reboot\"",
        "kind     = \"restore\"",
        "kind     = \"restore_test\"",
        "kind = \"renew\"\nhow  = \"force-if-needed\"",
        "kind   = \"prune_system\"",
        "kind   = \"prune_images\"",
        "kind   = \"compose_restart\"\nfolder = \"/opt/gear_freak\"",
        "kind   = \"compose_down_up\"",
        "kind = \"vacuum_journal\"\nkeep = \"7 d\"",
        "compress_after_days = 30",
        "older_than_days = 7",
        "kind    = \"backup\"",
        "kind = \"update\"",
        "metric = \"CPUUtilization\"",
        "table = \"user\"",
        // What no step is known for stays as it is written.
        "\"terraform\", \"apply\"",
    ] {
        assert!(off.contains(word), "{word} is missing in:\n{off}");
    }
    // Each line that a step stands for is told beside it.
    for line in [
        "gunzip -c",
        "dropdb",
        "--vacuum-time=7d",
        "docker-compose up -d",
        "-delete",
        "put-metric-alarm",
        "/opt/gear_freak/backup.sh",
    ] {
        assert!(off.lines().any(|told| told.starts_with("# ") && told.contains(line)), "{line} is lost");
    }
    assert!(told.contains("a step of an action that is off"));
    assert!(told.contains("[hosts.\"gear-freak\"]") && told.contains("3.36.158.97"), "{told}");
}

#[test]
fn an_emergency_of_the_teams_becomes_a_runbook_whose_acts_are_asked_for_one_by_one() {
    let (folder, told) = imported();
    let commands = folder.path().join("commands");
    for entry in fs::read_dir(&commands).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, text.replace("enabled     = false\n", "")).unwrap();
    }
    let loaded = commands::load(&commands).unwrap_or_else(|problems| panic!("{problems}"));
    let titles = |name: &str| {
        let steps = &loaded.runbooks.get(name).unwrap_or_else(|| panic!("{:?}", loaded.runbooks.keys())).steps;
        steps.iter().map(|step| step.title.ko.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(
        titles("emergency-서비스-다운-critical"),
        [
            "1. 빠른 상태 확인",
            "2. 모든 컨테이너 재시작",
            "3. 로그 확인",
            "4. 여전히 안 되면 전체 재시작",
            "5. EC2 재부팅 (최후의 수단)"
        ]
    );
    assert_eq!(loaded.runbooks.len(), 4);
    assert_eq!(titles("emergency-디스크-풀-high").len(), 5);
    for (name, action) in loaded.actions.iter().filter(|(name, _)| name.starts_with("emergency-")) {
        assert_eq!(action.steps.len(), 1, "{name}: the next act is only wanted where this one did not help");
    }
    assert!(told.contains("symptom → that of a runbook: API 응답 없음"), "{told}");
}

#[test]
fn the_result_is_valid_beside_a_configuration() {
    let (folder, _) = imported();
    fs::write(folder.path().join("bot.toml"), "[hosts.here]\ntransport = \"local\"\n").unwrap();
    let validate = Command::new(env!("CARGO_BIN_EXE_signoff"))
        .args(["validate", "--config"])
        .arg(folder.path().join("bot.toml"))
        .output()
        .unwrap();
    assert_eq!(validate.status.code(), Some(0), "{}", err(&validate));
}

#[test]
fn files_that_are_there_are_not_written_over_unasked() {
    let (folder, _) = imported();
    let daily = folder.path().join("commands/daily.toml");
    fs::write(&daily, "mine").unwrap();
    let again = import(&checklist(), folder.path(), &[]);
    assert_eq!(again.status.code(), Some(3));
    assert!(err(&again).contains("is there already") && err(&again).contains("--force"), "{}", err(&again));
    assert_eq!(fs::read_to_string(&daily).unwrap(), "mine");
    assert_eq!(import(&checklist(), folder.path(), &["--force"]).status.code(), Some(0));
    assert_ne!(fs::read_to_string(&daily).unwrap(), "mine");
}

#[test]
fn documents_of_which_nothing_can_be_made_are_told_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let large = format!("{}\n", "- [ ] a very long checklist\n".repeat(2_000_000));
    for (name, content, told) in [
        ("large.md", large.as_str(), "up to 2.0 MB"),
        ("prose.md", "# Nothing to do\n\nJust a text.\n", "neither items"),
        ("page.md", "<!doctype html>\n<html><li>[ ] x</li></html>\n", "pandoc"),
        ("fence.md", "- [ ] a\n```bash\nls\n\n- [ ] b\n", "Line 2: the code block is never closed"),
        ("fences.md", "```bash\nls\n\n- [ ] a\n\n```bash\ndf\n```\n", "not closed before the one of line 6"),
        ("empty.md", "", "neither items"),
    ] {
        let path = folder.path().join(name);
        fs::write(&path, content).unwrap();
        let output = import(&path, folder.path(), &[]);
        assert_eq!(output.status.code(), Some(3), "{name}");
        assert!(err(&output).contains(told) && err(&output).contains("💡"), "{name}: {}", err(&output));
    }
    fs::write(folder.path().join("binary.md"), [0xff, 0xfe, 0x00]).unwrap();
    assert!(err(&import(&folder.path().join("binary.md"), folder.path(), &[])).contains("UTF-8"));
    assert!(err(&import(&folder.path().join("missing.md"), folder.path(), &[])).contains("missing.md"));
    assert!(!folder.path().join("commands").exists());
}

#[test]
fn completions_and_the_manual_name_every_command() {
    let run = |args: &[&str]| out(&Command::new(env!("CARGO_BIN_EXE_signoff")).args(args).output().unwrap());
    for shell in ["bash", "zsh", "fish"] {
        let script = run(&["completions", shell]);
        assert!(script.contains("validate") && script.contains("import"), "{shell}");
    }
    let page = run(&["man"]);
    assert!(page.starts_with(".ie") || page.contains(".TH"), "{page}");
    for command in ["check", "validate", "import", "run"] {
        assert!(page.contains(&format!("signoff {command}")) || page.contains(command), "{command}");
    }
}
