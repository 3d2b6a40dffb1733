//! The migrations, replayed one by one over sample data: nothing that was kept is lost on the way, and each says why it is.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test fails by panicking, its helpers as well"
)]

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use signoff::domain::grade::Grade;
use signoff::domain::message::Explain;
use signoff::domain::run::{MessagePlace, Origin, RunId, RunState};
use signoff::domain::runbook::Happening;
use signoff::store::{Fault, Store};
use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};
use tempfile::TempDir;

/// What a deployment holds once each migration was applied. A new migration needs its rows here, so that the next one
/// meets them.
const SAMPLES: &[(i64, &str)] = &[
    (
        1,
        r#"INSERT INTO outline VALUES (1, zeroblob(32), '{"sections":[{"id":"resources","title":{"ko":"자원","en":"Resources"},
               "checks":[{"id":"disk","row":"D8","title":{"ko":"디스크","en":"Disk"},"remedies":[{"ko":"정리","en":"prune"}]}]}]}');
           INSERT INTO run (command, title, host, host_title, state, origin, discord_user, discord_channel, login, started_at,
                            deadline_at, ended_at, outline) VALUES
               ('daily', '{"ko":"일일","en":"Daily"}', 'gear-freak', '{"ko":"기어","en":"Gear"}', 'finished', 'discord', 7, 8,
                NULL, 1795392000000, 1795392060000, 1795392000431, 1),
               ('daily', '{"ko":"일일","en":"Daily"}', 'gear-freak', '{"ko":"기어","en":"Gear"}', 'running', 'terminal', NULL,
                NULL, 'gear', 1795478400000, 1795478460000, NULL, NULL);
           INSERT INTO run_place (run, channel, message) VALUES (1, 8, 9);
           INSERT INTO evidence VALUES (1, 1, 'df -P /', '{"exit":0}', '/dev/vda1 83%', 12, '[{"key":"note"}]');
           INSERT INTO run_check VALUES (1, 0, 'disk', 'fail', '[{"key":"reason-met","args":{"value":{"text":"83.1 %"}}}]',
               '[{"measure":"used","subject":"/","value":{"value":83.1,"dimension":"percent"},"says":null,"lines":[]}]',
               '< 80 %', 1);"#,
    ),
    (
        2,
        r"INSERT INTO series VALUES (1, 'daily', 'gear-freak', 'disk', 'used', '/', '%');
          INSERT INTO measurement VALUES (1, 1795392000431, 1, 83.1);",
    ),
    (3, "INSERT INTO note VALUES ('registered', 'abc');"),
    (
        4,
        "INSERT INTO word VALUES (1, 'security', 'gear-freak', 'nginx', 'version', NULL, '1.22.1', 1795392000431,
                                  1795392000431);",
    ),
    (
        5,
        r#"INSERT INTO baseline VALUES (1, 'gear-freak', 'security-group', '[]', 'jimin', 1795392000431);
           INSERT INTO bill VALUES ('2026-11-22', 'cost', '{"months":[]}');
           INSERT INTO exercise VALUES (1, 'gear-freak', 'drill', 1, 1795392000431, 2400000, 'jimin');"#,
    ),
    (
        6,
        r#"INSERT INTO vital VALUES (1, 'gear-freak', 'disk', '/');
           INSERT INTO sample VALUES (1, 1795392000431, 83.1);
           INSERT INTO sample_hour VALUES (1, 1795392000000, 1, 83.1, 83.1, 83.1);
           INSERT INTO alert (id, vital, begun_at, seen, threshold) VALUES (1, 1, 1795392000431, '[83.1]', '>= 80 %');
           INSERT INTO mute VALUES (1, 1, 1795392000431, 1795395600431, 7);"#,
    ),
    (
        10,
        r#"INSERT INTO schedule VALUES ('daily', 'gear-freak', '0 9 * * * Asia/Seoul Run', 1795392000000);
           INSERT INTO occurrence (checklist, host, day, named, due_at, state, claimed_at, run, channel, message, posted_at)
               VALUES ('daily', 'gear-freak', '2026-11-23', '2026-11-23', 1795392000000, 'posted', 1795392000100, 1, 8, 9,
                       1795392000500);
           INSERT INTO assignment (occurrence, assigned_at) VALUES (1, 1795392000100);
           INSERT INTO assignee VALUES (1, 7);
           INSERT INTO rota_change (change, changed_at, changed_by)
               VALUES ('{"kind":"away","person":7,"days":{"from":"2026-12-01","to":"2026-12-02"}}', 1795392000100, 7);
           INSERT INTO notice (key, kind, occurrence, channel, due_at)
               VALUES ('person-1', 'person', 1, 8, 1795395600000);"#,
    ),
    (
        20,
        r#"INSERT INTO sign_entry VALUES (1, 'daily', 'gear-freak', 'day', '2026-11-23', 1, 'signed', 1795392000431, 1,
               zeroblob(32), 7, '지민', NULL, NULL);
           INSERT INTO sign_check VALUES (1, 0, 'disk', '{"ko":"디스크","en":"Disk"}', 'fail', NULL, NULL, NULL, '봅니다');
           INSERT INTO sign_memo VALUES (1, 'memo', '메모입니다');
           INSERT INTO draft VALUES (1, 7, '{}', 1795392000431);"#,
    ),
    (
        21,
        r#"INSERT INTO finding VALUES (1, 1, 'daily', 'gear-freak', 'disk', '{"ko":"디스크","en":"Disk"}', 'fail', '83 %', 8);
           INSERT INTO finding_step VALUES (1, 0, 'filed', 1795392000431, 7, '지민', NULL, 'high', 7, '지민', NULL, NULL);
           INSERT INTO finding_ping VALUES (1, 0, 7, 1, 8, 9);
           INSERT INTO finding_hook VALUES (1, 0, 1, 1795392000431, 0);"#,
    ),
    (
        22,
        r#"INSERT INTO waiver VALUES (1, 'daily', 'gear-freak', 'disk', '{"ko":"디스크","en":"Disk"}', 'fail', '주문함', 7,
               '지민', 1795392000431, 1795996800431, 8);
           INSERT INTO waiver_end VALUES (1, 1795478400431, 7, '지민', '고침');
           INSERT INTO waiver_announced VALUES (1, 1795392000431);"#,
    ),
    (
        30,
        r#"INSERT INTO audit VALUES (1, 1795392000431, 'discord:7', 'request', 'request:1', '{"reason":"slow"}', zeroblob(32),
                                     randomblob(32));"#,
    ),
    (
        31,
        r#"INSERT INTO request (action, title, risk, host, host_title, arguments, interrupts, outlook, before, version, binding, needed,
                                approvals, requester, requester_name, reason, asked_at, expires_at, state, begun_at, ended_at,
                                channel)
               VALUES ('restart', '{"ko":"재시작","en":"Restart"}', 'high', 'gear-freak', '{"ko":"기어","en":"Gear"}',
                       '{"service":"serverpod"}', '{"ko":"","en":""}', '{"commands":[],"now":[],"goes":[],"identity":{}}',
                       '{"api":"pass"}', zeroblob(32), zeroblob(32), 'approvals', 1, 7, 'jimin', 'slow', 1795392000431, 1795392900431,
                       'verified', 1795392001431, 1795392002431, 8);
           INSERT INTO decision VALUES (1, 1, 'approve', 9, 'minsu', NULL, 1795392001000);
           INSERT INTO review (request) VALUES (1);"#,
    ),
    (
        35,
        r#"INSERT INTO request (action, title, risk, host, host_title, arguments, interrupts, outlook, before, version, binding, needed,
                                approvals, requester, requester_name, reason, asked_at, expires_at, state, begun_at, channel)
               VALUES ('reboot', '{"ko":"재부팅","en":"Reboot"}', 'critical', 'gear-freak', '{"ko":"기어","en":"Gear"}',
                       '{}', '{"ko":"","en":""}', '{"commands":[],"now":[],"goes":[],"identity":{}}',
                       '{}', zeroblob(32), zeroblob(32), 'approvals', 2, 7, 'jimin', 'slow', 1795392000431, 1795392900431,
                       'running', 1795392001431, 8);
           UPDATE request SET state = 'interrupted', ended_at = 1795392002431 WHERE action = 'reboot';"#,
    ),
    (
        36,
        "INSERT INTO service_image VALUES ('gear-freak', 'serverpod', 'sha256:a', 'app:latest', 1795392000431, 1795392000431);",
    ),
    (
        37,
        r#"INSERT INTO runbook (name, host, channel, message, thread) VALUES ('drill', 'gear-freak', 8, 9, 10);
           INSERT INTO happening VALUES (1, 1, '{"kind":"opened","note":"x"}', 7, 'jimin', 1795392000431);
           INSERT INTO happening VALUES (2, 1, '{"kind":"looked","step":"status","well":3,"bad":["fail API 응답"]}', 7, 'jimin',
                                         1795392060431);"#,
    ),
    (40, "INSERT INTO note VALUES ('retained-evidence', '1795392000431');"),
    (41, "UPDATE request SET parent = 8 WHERE id = 1; UPDATE runbook SET shown_in = 10 WHERE id = 1;"),
    (42, "INSERT INTO trusted_key VALUES (1, 'gear-freak', 'SHA256:a', 1, 7, 'jimin', 1795392000431);"),
    (43, "UPDATE occurrence SET done_at = 1795392001000, done_by = 7 WHERE id = 1;"),
    (45, r#"UPDATE request SET remedy_of = '{"checklist":"daily","checks":["disk"]}' WHERE id = 1;"#),
    (46, r#"UPDATE run SET during = '[{"request":1,"title":{"ko":"재시작","en":"Restart"}}]' WHERE id = 1;"#),
    (50, "INSERT INTO schedule VALUES ('weekly', 'gear-freak', '0 10 * * MON Asia/Seoul move', 1795392000000);"),
    (53, "INSERT INTO person_language VALUES (7, 'en', 1795392000431);"),
    (54, "INSERT INTO run_place (run, channel, message, target) VALUES (2, 8, 99, 'all');"),
    (55, "INSERT INTO notice (key, kind, channel, due_at) VALUES ('left-7-daily', 'log', 8, 1795392000431);"),
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations")
}

fn files() -> BTreeMap<String, String> {
    let file = |entry: std::io::Result<std::fs::DirEntry>| {
        let path = entry.unwrap().path();
        (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(path).unwrap())
    };
    std::fs::read_dir(folder()).unwrap().map(file).collect()
}

async fn connect(path: &Path) -> SqliteConnection {
    SqliteConnectOptions::new().filename(path).create_if_missing(true).connect().await.unwrap()
}

#[tokio::test]
async fn every_migration_keeps_what_was_there() {
    let home = TempDir::new().unwrap();
    let path = home.path().join("signoff.db");
    let migrator = Migrator::new(folder()).await.unwrap();
    let versions: Vec<i64> = migrator.iter().map(|migration| migration.version).collect();
    let samples: BTreeMap<i64, &str> = SAMPLES.iter().copied().collect();
    assert_eq!(versions, samples.keys().copied().collect::<Vec<_>>(), "each needs its sample rows");
    let mut db = connect(&path).await;
    for (version, rows) in &samples {
        migrator.run_to(*version, &mut db).await.unwrap();
        sqlx::raw_sql(*rows).execute(&mut db).await.unwrap();
    }
    db.close().await.unwrap();

    let store = Store::open(&path).await.unwrap();
    let run = store.kept_run(RunId(1)).await.unwrap().unwrap();
    assert_eq!(run.begun.origin, Origin::Discord { user: 7, channel: 8 });
    let report = run.report.unwrap();
    let disk = report.check("disk").unwrap();
    assert_eq!(
        (disk.grade, disk.row.as_deref(), disk.evidence.output.as_str()),
        (Grade::Fail, Some("D8"), "/dev/vda1 83%")
    );
    assert_eq!(disk.shown, disk.measurements);
    assert_eq!(store.places(RunId(1)).await.unwrap(), [MessagePlace { channel: 8, message: 9 }]);
    assert_eq!(store.kept_run(RunId(2)).await.unwrap().unwrap().state, RunState::Running);
    assert_eq!(disk.measurements.len(), 1);
    assert_eq!(store.note("registered").await.unwrap().as_deref(), Some("abc"));
    let runbook = store.runbook(1).await.unwrap().unwrap();
    match &runbook.happened[1].what {
        Happening::Looked { bad, .. } => {
            assert_eq!((bad[0].title.ko.as_str(), bad[0].grade), ("API 응답", Grade::Fail));
        }
        other => panic!("{other:?}"),
    }
    store.close().await;

    let mut db = connect(&path).await;
    let says: Vec<String> =
        sqlx::query_scalar("SELECT says FROM schedule ORDER BY checklist").fetch_all(&mut db).await.unwrap();
    assert_eq!(says, ["0 9 * * * Asia/Seoul run", "0 10 * * MON Asia/Seoul move"]);
    let sound: String = sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&mut db).await.unwrap();
    assert_eq!(sound, "ok");
    assert!(sqlx::query("PRAGMA foreign_key_check").fetch_all(&mut db).await.unwrap().is_empty());
}

/// A newer program that only looks must not change the database below a bot that does not know the new schema.
#[tokio::test]
async fn a_database_that_is_served_is_brought_to_a_new_schema_by_nobody_but_its_bot() {
    let home = TempDir::new().unwrap();
    let path = home.path().join("signoff.db");
    let migrator = Migrator::new(folder()).await.unwrap();
    let later: Vec<i64> = migrator.iter().map(|migration| migration.version).filter(|version| *version > 30).collect();
    let mut db = connect(&path).await;
    migrator.run_to(30, &mut db).await.unwrap();
    db.close().await.unwrap();
    // As the earlier bot holds it.
    let mut seat = std::fs::File::create(home.path().join("signoff.db-bot")).unwrap();
    writeln!(seat, "4711").unwrap();
    seat.lock().unwrap();

    let refused = Store::open(&path).await.unwrap_err();
    match &refused.fault {
        Fault::Older { missing, process } => assert_eq!((missing, process.as_str()), (&later, "4711")),
        other => panic!("{other:?}"),
    }
    assert!(refused.hint().is_some());
    let refused = Store::open_to_serve(&path).await.unwrap_err();
    assert!(matches!(refused.fault, Fault::Taken { .. }), "{refused:?}");
    let mut db = connect(&path).await;
    let found: i64 = sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations").fetch_one(&mut db).await.unwrap();
    assert_eq!(found, 30, "nothing was changed below it");
    db.close().await.unwrap();

    drop(seat);
    Store::open(&path).await.unwrap().close().await;
    // What is of this program's schema is shared with its bot.
    let (store, _seat) = Store::open_to_serve(&path).await.unwrap();
    Store::open(&path).await.unwrap().close().await;
    store.close().await;
}

#[test]
fn each_migration_begins_with_why() {
    let mut numbers = std::collections::BTreeSet::new();
    for (name, text) in files() {
        let number = name.get(..4).and_then(|number| number.parse::<u32>().ok());
        assert!(name.ends_with(".sql") && name.get(4..5) == Some("_"), "{name} has no number of four digits");
        assert!(numbers.insert(number.unwrap_or_else(|| panic!("{name} has no number"))), "{name}: a number twice");
        assert!(text.starts_with("-- Why: "), "{name} does not say why it is");
        assert!(text.lines().all(|line| line.len() <= 130), "{name} has a line that nobody can read");
    }
}

#[tokio::test]
async fn every_table_holds_its_columns_to_their_types() {
    let home = TempDir::new().unwrap();
    let path = home.path().join("signoff.db");
    Store::open(&path).await.unwrap().close().await;
    let mut db = connect(&path).await;
    let loose: Vec<String> = sqlx::query_scalar(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND NOT strict
         AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name <> '_sqlx_migrations'",
    )
    .fetch_all(&mut db)
    .await
    .unwrap();
    assert_eq!(loose, Vec::<String>::new(), "not STRICT");
}
