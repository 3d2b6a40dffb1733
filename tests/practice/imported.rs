//! A newcomer's first hour: the team's own checklist is imported as it is, and what comes out looks at the practice host and
//! grades what it sees as the commands that ship do.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use signoff_sandbox::FAULTS;
use tempfile::TempDir;
use tokio::process::Command;

use crate::world::{CHECKLISTS, Grades, World, report_json};

/// A check of an imported checklist: its grade, and why.
#[derive(Debug)]
struct Seen {
    grade: String,
    reason: String,
}

/// Imports the team's checklist into `folder` beside a `bot.toml` of `world`; gives back the configuration.
async fn import(world: &World, folder: &Path) -> std::path::PathBuf {
    let commands = folder.join("commands");
    let checklist = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/import/checklist.ko.md");
    let output = Command::new(env!("CARGO_BIN_EXE_signoff"))
        .arg("import")
        .arg(checklist)
        .arg("--out")
        .arg(&commands)
        .output()
        .await
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("commands");
    world.fresh_config(folder, |text| {
        let changed = text.replace(&shipped.display().to_string(), &commands.display().to_string());
        assert_ne!(changed, text, "the configuration names no commands");
        changed
    })
}

/// Every check of the imported checklists, by its title.
async fn look(config: &Path, commands: &[&str]) -> BTreeMap<String, Seen> {
    let mut seen = BTreeMap::new();
    for command in commands {
        let report = report_json(command, "gear-freak", config).await;
        for check in report["checks"].as_array().unwrap() {
            let text = |name: &str| check[name].as_str().unwrap_or_default().to_owned();
            let one = Seen { grade: text("grade"), reason: text("reason") };
            seen.insert(format!("{command}: {}", text("title")), one);
        }
    }
    seen
}

/// Which check of the import asks what which shipped check asks.
const SAME: [(&str, &str, &str); 53] = [
    ("daily", "API 응답 200 OK", "api"),
    ("daily", "Insights", "insights"),
    ("daily", "Web 서버", "web"),
    ("daily", "gear_freak_serverpod", "serverpod"),
    ("daily", "gear_freak_postgres", "postgres"),
    ("daily", "gear_freak_redis", "redis"),
    ("daily", "Critical/Fatal", "critical"),
    ("daily", "반복적인", "repeated"),
    ("daily", "DB 연결", "database"),
    ("daily", "CPU", "cpu"),
    ("daily", "메모리", "memory"),
    ("daily", "디스크", "disk"),
    ("weekly", "매일 백업", "backup-days"),
    ("weekly", "백업 파일 크기", "backup-whole"),
    ("weekly", "S3 업로드", "backup-copies"),
    ("weekly", "7일 이상", "backup-old"),
    ("weekly", "인증서 만료", "certificates"),
    ("weekly", "자동 갱신", "renewal"),
    ("weekly", "에러 발생 빈도", "errors"),
    ("weekly", "비정상적인 IP", "addresses"),
    ("weekly", "429", "limited"),
    ("weekly", "DB 크기", "database-size"),
    ("weekly", "특정 테이블", "tables"),
    ("weekly", "평균 쿼리", "queries"),
    ("weekly", "무차별", "logins"),
    ("weekly", "비인가 IP", "logins"),
    ("weekly", "Fail2ban", "fail2ban"),
    ("weekly", "Security Group", "security-group"),
    ("monthly", "시스템 업데이트 완료", "updates"),
    ("monthly", "재부팅 필요", "reboot"),
    ("monthly", "Docker 로그", "docker-log"),
    ("monthly", "API 평균 응답", "api-benchmark"),
    ("monthly", "DB 쿼리", "query-benchmark"),
    ("monthly", "비정상적인 비용", "cost"),
    ("security", "시스템 보안 업데이트", "updates"),
    ("security", "Docker 이미지 취약점", "image"),
    ("security", "Nginx", "nginx"),
    ("security", "OpenSSL", "openssl"),
    ("security", "Security Group", "security-group"),
    ("security", "TLS 1.2", "protocols"),
    ("security", "fail2ban", "fail2ban"),
    ("security", "비밀번호", "sshd"),
    ("security", "API Rate", "rate-limit"),
    ("security", "환경변수", "env-files"),
    ("security", "민감 정보", "log-secrets"),
    ("monitoring", "Uptime", "uptime"),
    ("monitoring", "평균 응답", "response"),
    ("monitoring", "에러율", "error-rate"),
    ("monitoring", "CPU 평균", "cpu"),
    ("monitoring", "메모리 평균", "memory"),
    ("monitoring", "디스크", "disk"),
    ("monitoring", "CPU 사용률 80%", "alarms"),
    ("backup", "Cron", "cron"),
];

/// Faults that between them turn a check of each kind; all of them would take minutes.
const BROKEN: [&str; 9] =
    ["stop-redis", "crash-loop", "disk", "certificate-near", "backup-cut", "flood", "brute-force", "updates", "cost"];

/// What only a person can say.
const ASKED: [&str; 7] = [
    "monthly: Free Tier",
    "monthly: 오래된 로그 압축/삭제",
    "monthly: 이전 달 대비",
    "monthly: 재부팅 후",
    "monthly: 재해 복구 훈련",
    "security: SSH 포트",
    "security: SSL Labs",
];

/// The team's document says it more strictly than what ships: it wants no unused image at all.
const STRICTER: &str = "monthly: 미사용 이미지";

/// The checks of `commands` that are good on one side and not on the other.
fn disagreements(imported: &BTreeMap<String, Seen>, shipped: &Grades, commands: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for (command, title, id) in SAME.iter().filter(|(command, ..)| commands.contains(command)) {
        let mut own = imported.iter().filter(|(name, _)| name.starts_with(&format!("{command}: {title}")));
        let (name, own) = own.next().unwrap_or_else(|| panic!("no {command}: {title} in {:#?}", imported.keys()));
        let (grade, why) = &shipped[&format!("{command}/{id}")];
        let good = |grade: &str| matches!(grade, "pass" | "skipped");
        // Thresholds of a warning are the shipped commands' own: the document knows none.
        if good(&own.grade) != good(grade) && grade != "warn" {
            found.push(format!("{name} is {} ({}), {id} is {grade} ({why})", own.grade, own.reason));
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn the_teams_own_checklist_is_imported_and_looks_as_what_ships_does() {
    let Some(world) = World::calm().await else { return };
    world.settle().await;
    let folder = TempDir::new().unwrap();
    let config = import(&world, folder.path()).await;
    let calm = look(&config, &CHECKLISTS).await;
    for (title, seen) in &calm {
        let wanted = match title.as_str() {
            title if ASKED.iter().any(|asked| title.starts_with(asked)) || title.contains("admin_ip") => "manual",
            title if title.starts_with(STRICTER) => "warn",
            title if title.contains("추세 정상") || title.contains("추세 없음") || title.contains("특정 테이블") => {
                "skipped"
            }
            _ => "pass",
        };
        assert_eq!(seen.grade, wanted, "{title}: {}", seen.reason);
    }
    let told = disagreements(&calm, &world.grades(&CHECKLISTS).await, &CHECKLISTS);
    assert!(told.is_empty(), "on a calm host: {told:#?}");

    let mut wrong = Vec::new();
    for fault in FAULTS.iter().filter(|fault| BROKEN.contains(&fault.id)) {
        let commands: BTreeSet<&str> = fault.turns.iter().filter_map(|check| check.split('/').next()).collect();
        let commands: Vec<&str> = commands.into_iter().collect();
        world.set(fault.id, true);
        // A database of its own: what is asked once a day only, as Amazon's cost, is asked again.
        let folder = TempDir::new().unwrap();
        let config = import(&world, folder.path()).await;
        let mut told = Vec::new();
        // A machine that was busy for a moment makes sites slow: what really differs does so again.
        for _ in 0..2 {
            told = disagreements(&look(&config, &commands).await, &world.grades(&commands).await, &commands);
            if told.is_empty() {
                break;
            }
        }
        wrong.extend(told.into_iter().map(|told| format!("{}: {told}", fault.id)));
        world.set(fault.id, false);
        world.settle().await;
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
