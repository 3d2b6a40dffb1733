//! Each fault on the panel turns exactly the checks that it should, and they recover.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use signoff_sandbox::FAULTS;

use crate::world::{CHECKLISTS, Grades, World, report, without_commands};

/// What looks neither at the host nor at its sites: it stays as it is when the network is cut.
const ELSEWHERE: [&str; 11] = [
    "weekly/restore-test",
    "weekly/security-group",
    "monthly/cost",
    "monthly/drill",
    "security/security-group",
    "monitoring/uptime",
    "monitoring/response",
    "monitoring/cpu",
    "monitoring/memory",
    "monitoring/disk",
    "monitoring/alarms",
];

/// What looks at the sites, and not at the host.
const SITES: [&str; 5] = ["daily/api", "daily/insights", "daily/web", "monthly/api-benchmark", "security/protocols"];

/// What the bot's own record tells as well.
const RECORD: &str = "monitoring/data";

/// What needs a past that a bot does not have on its first day.
const TOO_EARLY: [&str; 3] = ["weekly/errors", "weekly/database-size", "weekly/tables"];

/// What a person must look at.
const MANUAL: [&str; 3] = ["monthly/free-tier", "security/ssh-port", "security/ssl-labs"];

#[tokio::test(flavor = "multi_thread")]
async fn each_fault_turns_exactly_the_checks_that_it_should_and_recovers() {
    let Some(world) = World::calm().await else { return };
    let mut calm = world.grades(&CHECKLISTS).await;
    if calm["monthly/api-benchmark"].0 == "fail" {
        calm = world.grades(&CHECKLISTS).await;
    }
    every_check_passes(&calm);

    let mut wrong = Vec::new();
    for fault in FAULTS {
        world.set(fault.id, true);
        let mut broken = world.grades(&CHECKLISTS).await;
        let expected: BTreeSet<&str> = if fault.turns.contains(&"*") {
            let stays = |check: &&str| ELSEWHERE.contains(check) || MANUAL.contains(check) || *check == RECORD;
            calm.keys().map(String::as_str).filter(|check| !stays(check)).collect()
        } else if fault.turns.contains(&"ssh") {
            let stays = |check: &&str| {
                ELSEWHERE.contains(check) || MANUAL.contains(check) || SITES.contains(check) || *check == RECORD
            };
            calm.keys().map(String::as_str).filter(|check| !stays(check)).collect()
        } else {
            fault.turns.iter().copied().collect()
        };
        if turned(&calm, &broken) != expected {
            // A machine that was busy for a moment makes sites slow: what is really broken is so again.
            broken = world.grades(&CHECKLISTS).await;
        }
        let turned = turned(&calm, &broken);
        if turned != expected {
            let say = |check: &&str| format!("{check}: {:?}", broken.get(*check));
            let surprises: Vec<_> = turned.symmetric_difference(&expected).map(say).collect();
            wrong.push(format!("{}: {surprises:#?}", fault.id));
        }
        world.set(fault.id, false);
        world.settle().await;
        let commands: BTreeSet<&str> = turned.iter().filter_map(|check| check.split('/').next()).collect();
        let commands: Vec<&str> = commands.into_iter().collect();
        let mended = world.grades(&commands).await;
        let left: Vec<_> = mended.iter().filter(|(check, grade)| calm[*check].0 != grade.0).collect();
        if !left.is_empty() {
            wrong.push(format!("{} does not recover: {left:#?}", fault.id));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn every_check_passes(calm: &Grades) {
    assert!(calm.len() > 55, "only {} checks", calm.len());
    let wanted = |check: &str| match check {
        check if MANUAL.contains(&check) => "manual",
        check if TOO_EARLY.contains(&check) => "skipped",
        _ => "pass",
    };
    let others: Vec<_> = calm.iter().filter(|(check, (grade, _))| grade != wanted(check)).collect();
    assert!(others.is_empty(), "on a calm host: {others:#?}");
}

fn turned<'a>(calm: &'a Grades, now: &Grades) -> BTreeSet<&'a str> {
    let differs = |check: &&String| calm[*check].0 != now[*check].0;
    calm.keys().filter(differs).map(String::as_str).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn last_nights_backup_is_missed_while_tonights_may_be_under_way() {
    let Some(world) = World::calm().await else { return };
    let clock = world.practice.discord.clock();
    let seoul = chrono_tz::Asia::Seoul;
    let tomorrow = clock.now().with_timezone(&seoul).date_naive() + TimeDelta::days(1);
    let half_past_three = tomorrow.and_hms_opt(3, 30, 0).unwrap().and_local_timezone(seoul).single().unwrap();
    clock.set(half_past_three.to_utc());
    let name = tomorrow.format("postgres_%Y%m%d").to_string();
    let patience = std::time::Instant::now() + std::time::Duration::from_secs(30);
    while !world.says("ls /opt/gear_freak/backups").await.contains(&name) {
        assert!(std::time::Instant::now() < patience, "the practice host's own clock makes no backup");
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    }
    let calm = world.grades(&["weekly", "backup"]).await;
    for fault in ["backup-lost", "backup-cut"] {
        world.set(fault, true);
        let broken = world.grades(&["weekly", "backup"]).await;
        let expected = FAULTS.iter().find(|one| one.id == fault).unwrap().turns;
        assert_eq!(turned(&calm, &broken), expected.iter().copied().collect(), "{fault}: {broken:#?}");
        world.set(fault, false);
    }
    assert_eq!(turned(&calm, &world.grades(&["weekly", "backup"]).await), BTreeSet::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nothing_can_be_run_the_model_answers_every_shipped_check() {
    let folder = tempfile::TempDir::new().unwrap();
    let practice = without_commands(folder.path()).await;
    let view = practice.host.panel().view();
    assert!(view.notices.iter().any(|notice| notice.en.contains("no command is run for real")));
    let mut calm = Grades::new();
    for command in CHECKLISTS {
        calm.extend(report(command, "gear-freak", &practice.file).await);
    }
    every_check_passes(&calm);
    practice.host.set_fault("disk", true).unwrap();
    practice.host.set_fault("brute-force", true).unwrap();
    assert_eq!(report("daily", "gear-freak", &practice.file).await["daily/disk"].0, "fail");
    assert_eq!(report("weekly", "gear-freak", &practice.file).await["weekly/logins"].0, "fail");
    // Anything else is told that it was not run.
    let host = signoff::host::Host::new(practice.config.hosts["gear-freak"].clone());
    let output = host.look("rm -rf /tmp/x && echo gone", std::time::Duration::from_secs(5)).await.unwrap();
    assert_eq!(output.status, Some(signoff::domain::evidence::Status::Exit(126)));
    assert!(output.stdout.text.is_empty(), "{}", output.stdout.text);
}
