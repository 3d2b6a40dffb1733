//! Killed at every step of a request's way, and started again: what was begun is never begun again and says so, what was not
//! begun still waits, and what is over says how it ended.
//!
//! The program has no hook for it. It is stopped by what is around it: Discord does not answer, the database's own trigger
//! never comes to its end, the host holds a command. There the test ends it as `kill -9` does.

use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::time::{Duration, Instant};

use signoff_sandbox::{Fault, Message};

use crate::gated::{Gated, is_card};

/// Longer than any test.
const FOR_EVER: Duration = Duration::from_secs(600);

/// Where the program is ended: after so many others of the same kind.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Stop {
    /// A request to Discord that is not carried out any more.
    Before(usize),
    /// A request that is carried out, and whose answer nobody hears.
    After(usize),
    /// In the midst of a change of a request in the database: nothing of it stays.
    Write(usize),
    /// The command that begins the act is on the host, and has done nothing yet.
    Begin,
    /// The act's folder is made, and nothing runs.
    Start,
    /// The act runs.
    Act,
    /// The act is over, and the check that proves it looks.
    Prove,
}

/// A view that never ends, and triggers that ask it when so many changes are over. A later trigger's changes are taken back
/// with the change that fired it.
const STALL: &str = "
    CREATE TABLE stop (left INTEGER NOT NULL);
    INSERT INTO stop VALUES (?);
    CREATE VIEW forever AS WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT 1000000000000)
        SELECT max(x) AS x FROM n;
    CREATE TRIGGER stop_insert BEFORE INSERT ON request BEGIN
        SELECT CASE (SELECT left FROM stop) WHEN 0 THEN (SELECT x FROM forever) END;
        UPDATE stop SET left = left - 1;
    END;
    CREATE TRIGGER stop_update BEFORE UPDATE OF state, told, message ON request BEGIN
        SELECT CASE (SELECT left FROM stop) WHEN 0 THEN (SELECT x FROM forever) END;
        UPDATE stop SET left = left - 1;
    END;";
const UNSTALL: &str = "DROP TRIGGER IF EXISTS stop_insert; DROP TRIGGER IF EXISTS stop_update;
     DROP VIEW IF EXISTS forever; DROP TABLE IF EXISTS stop;";

impl Stop {
    /// Prepares the stop.
    async fn arm(self, gated: &Gated) {
        let discord = &gated.bot.discord;
        match self {
            Self::Before(others) => {
                discord.faults().after(others, "/**", Fault::Hang(FOR_EVER));
            }
            Self::After(others) => {
                discord.faults().after(others, "/**", Fault::HoldAnswer(FOR_EVER));
            }
            Self::Write(others) => {
                let sql = STALL.replace('?', &others.to_string());
                sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut gated.db().await).await.unwrap();
            }
            Self::Begin => gated.bot.write("hold-find", ""),
            Self::Start => gated.bot.write("hold-setsid", ""),
            Self::Act => gated.bot.write("hold", ""),
            Self::Prove => gated.bot.write("hold-proof", ""),
        }
    }

    /// Comes when the program is there, and stands still.
    async fn reached(self, gated: &Gated) {
        let held = gated.bot.discord.faults().held();
        let mut busy = 0;
        loop {
            tokio::time::sleep(Duration::from_millis(20)).await;
            let is_there = match self {
                Self::Before(_) | Self::After(_) => gated.bot.discord.faults().held() > held,
                Self::Write(_) => {
                    busy = if is_locked(gated).await { busy + 1 } else { 0 };
                    // A change of the program's own takes no quarter of a second.
                    busy > 12
                }
                Self::Begin => gated.bot.path("held-find").exists(),
                Self::Start => gated.bot.path("held-setsid").exists(),
                Self::Act => !gated.acts().is_empty(),
                Self::Prove => is_pipe(gated),
            };
            if is_there {
                return;
            }
        }
    }

    /// Lets everything go on that was held.
    async fn release(self, gated: &Gated) {
        gated.bot.discord.faults().clear();
        sqlx::raw_sql(UNSTALL).execute(&mut gated.db().await).await.unwrap();
        for held in ["hold-find", "hold-setsid", "hold", "hold-proof"] {
            let _ = std::fs::remove_file(gated.bot.path(held));
        }
    }
}

async fn is_locked(gated: &Gated) -> bool {
    let mut db = gated.db().await;
    sqlx::raw_sql("PRAGMA busy_timeout = 0").execute(&mut db).await.unwrap();
    sqlx::raw_sql("BEGIN IMMEDIATE; ROLLBACK").execute(&mut db).await.is_err()
}

fn is_pipe(gated: &Gated) -> bool {
    std::fs::metadata(gated.bot.path("calm")).is_ok_and(|calm| calm.file_type().is_fifo())
}

/// A bot whose host can be held: two of the programs by which an act is begun wait for as long as a test says, and an act
/// turns what its check reads into a pipe that nobody writes.
async fn gated() -> Gated {
    held(Gated::new().await)
}

/// The same of any.
pub(crate) fn held(gated: Gated) -> Gated {
    let folder = gated.bot.folder.path().display().to_string();
    for (name, only) in [("find", "*-mtime*"), ("setsid", "*")] {
        let wrapper = format!(
            "#!/bin/sh\ncase \"$*\" in {only})\n  if [ -e {folder}/hold-{name} ]; then : >{folder}/held-{name}; fi\n  \
             while [ -e {folder}/hold-{name} ]; do sleep 0.05; done ;;\nesac\nexec /usr/bin/{name} \"$@\"\n"
        );
        gated.bot.write(&format!("bin/{name}"), wrapper);
        std::fs::set_permissions(gated.bot.path(&format!("bin/{name}")), std::fs::Permissions::from_mode(0o755))
            .unwrap();
    }
    gated
}

/// Ends the program at `stop` of `flow`, and starts it again. Gives how the request stood then; none: the flow came to its
/// end before.
pub(crate) async fn killed_at(gated: &mut Gated, stop: Stop, flow: impl AsyncFn(&Gated)) -> Option<Option<String>> {
    stop.arm(gated).await;
    let flow = async {
        flow(gated).await;
        // The last thing may be to note that all was told.
        tokio::time::sleep(Duration::from_secs(1)).await;
    };
    let reached = tokio::select! {
        () = flow => false,
        () = stop.reached(gated) => true,
    };
    if !reached {
        stop.release(gated).await;
        return None;
    }
    gated.bot.kill();
    let state = gated.state().await;
    // What holds the host goes on holding it: the bot comes back first.
    gated.bot.discord.faults().clear();
    sqlx::raw_sql(UNSTALL).execute(&mut gated.db().await).await.unwrap();
    if is_pipe(gated) {
        std::fs::remove_file(gated.bot.path("calm")).unwrap();
    }
    gated.bot.write("calm", "12\n");
    gated.bot.start();
    gated.bot.ready().await;
    Some(state)
}

/// The one card of the request.
async fn card(gated: &Gated) -> Message {
    let card = gated.bot.seat("지민").wait_for(is_card).await.unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
    let cards = gated.bot.seat("지민").messages().unwrap();
    assert_eq!(cards.iter().filter(|message| is_card(message)).count(), 1, "a request has one card");
    card
}

async fn asks_and_approves(gated: &Gated) {
    let card = gated.asked().await;
    gated.bot.seat("현우").click(&card, "승인").await.unwrap();
    gated.until(&card, "✅ 검증됨").await;
}

/// What must be true after a kill when the request stood at `state`; whoever sees it can go on.
async fn is_right(gated: &Gated, stop: Stop, state: Option<&str>) {
    match state {
        None => {
            stop.release(gated).await;
            assert_eq!(gated.acts(), Vec::<String>::new());
            asks_and_approves(gated).await;
        }
        Some("requested") => {
            let card = card(gated).await;
            assert_eq!(gated.acts(), Vec::<String>::new());
            gated.bot.seat("현우").click(&card, "승인").await.unwrap();
            gated.until(&card, "✅ 검증됨").await;
        }
        Some("approved") => {
            let card = card(gated).await;
            let waits = gated.until(&card, "☑️ 승인됨").await;
            assert_eq!(gated.acts(), Vec::<String>::new(), "nothing begins by itself");
            gated.bot.seat("지민").click(&waits, "지금 실행").await.unwrap();
            gated.until(&card, "✅ 검증됨").await;
        }
        Some("running") => {
            let card = card(gated).await;
            let told = gated.until(&card, "🆘 중단됨").await;
            assert!(told.text().contains("직접 확인"), "{}", told.text());
            let at_that_time = gated.acts();
            stop.release(gated).await;
            // What was still on its way to the host when the bot died must not begin now.
            tokio::time::sleep(Duration::from_millis(700)).await;
            match stop {
                Stop::Start => assert!(gated.acts().len() <= 1),
                _ => assert_eq!(gated.acts(), at_that_time),
            }
            if matches!(stop, Stop::Begin) {
                assert!(told.text().contains("시작된 적이 없습니다"), "{}", told.text());
                assert_eq!(gated.acts(), Vec::<String>::new());
            }
            assert_eq!(gated.state().await.as_deref(), Some("interrupted"));
            let held = gated.audit("SELECT host FROM host_lock WHERE released_at IS NULL").await;
            assert_eq!(held, ["here"], "nothing else is begun there before somebody has looked");
        }
        Some("verified") => {
            gated.until(&card(gated).await, "✅ 검증됨").await;
        }
        Some(other) => panic!("a request that is {other}"),
    }
    assert!(gated.acts().len() <= 1, "once, or not at all: {:?}", gated.acts());
    assert_eq!(gated.audit_command(&["verify"]).1, 0);
}

/// Walks every stop that `kind` makes of a number, to the last.
async fn walk(kind: impl Fn(usize) -> Stop, least: usize) {
    let mut states = Vec::new();
    for number in 0.. {
        let mut gated = gated().await;
        let stop = kind(number);
        let Some(state) = killed_at(&mut gated, stop, asks_and_approves).await else {
            gated.bot.finish().await;
            break;
        };
        is_right(&gated, stop, state.as_deref()).await;
        states.push(state);
        gated.bot.finish_killed().await;
    }
    assert!(states.len() >= least, "only {states:?}");
    for state in ["requested", "approved", "running"] {
        assert!(states.iter().any(|found| found.as_deref() == Some(state)), "never killed while {state}: {states:?}");
    }
}

#[tokio::test]
async fn killed_before_each_request_to_discord() {
    walk(Stop::Before, 8).await;
}

#[tokio::test]
async fn killed_after_each_request_to_discord() {
    walk(Stop::After, 8).await;
}

#[tokio::test]
async fn killed_in_each_change_of_the_record() {
    walk(Stop::Write, 6).await;
}

#[tokio::test]
async fn killed_while_the_host_begins_acts_and_is_looked_at() {
    for stop in [Stop::Begin, Stop::Start, Stop::Act, Stop::Prove] {
        let mut gated = gated().await;
        let state = killed_at(&mut gated, stop, asks_and_approves).await.expect("it stops there");
        assert_eq!(state.as_deref(), Some("running"), "{stop:?}");
        is_right(&gated, stop, Some("running")).await;
        gated.bot.finish_killed().await;
    }
}

/// The ways in which a request ends with nothing begun: who does what, and what its card says then.
async fn ends(name: &str, gated: &Gated, card: &Message) {
    match name {
        "denied" => drop(gated.bot.seat("현우").click(card, "거절").await.unwrap()),
        "cancelled" => drop(gated.bot.seat("지민").click(card, "요청 취소").await.unwrap()),
        "expired" => {
            gated.sql("UPDATE request SET asked_at = asked_at - 900000, expires_at = expires_at - 900000").await;
        }
        "void" => {
            gated.bot.discord.take_role("지민", "operations").unwrap();
            drop(gated.bot.seat("현우").click(card, "승인").await.unwrap());
        }
        other => panic!("no way {other}"),
    }
}

#[tokio::test]
async fn killed_while_a_request_comes_to_its_end_with_nothing_begun() {
    for (name, words) in
        [("denied", "⛔ 거절됨"), ("cancelled", "↩️ 취소됨"), ("expired", "⌛ 만료됨"), ("void", "🚫 무효")]
    {
        for kind in [Stop::Before, Stop::After, Stop::Write] {
            for number in 0.. {
                let mut gated = gated().await;
                let card = gated.asked().await;
                let stop = kind(number);
                let flow = async |gated: &Gated| {
                    ends(name, gated, &card).await;
                    gated.until(&card, words).await;
                };
                let Some(state) = killed_at(&mut gated, stop, flow).await else {
                    gated.bot.finish().await;
                    break;
                };
                match state.as_deref() {
                    // Nobody heard of it: it is done once more, where a person did it.
                    Some("requested") if name != "expired" => ends(name, &gated, &card).await,
                    Some("approved") => {
                        let waits = gated.until(&card, "☑️ 승인됨").await;
                        gated.bot.seat("현우").click(&waits, "지금 실행").await.unwrap();
                    }
                    _ => {}
                }
                gated.until(&card, words).await;
                assert_eq!(gated.acts(), Vec::<String>::new(), "{name} {stop:?}");
                assert_eq!(gated.audit_command(&["verify"]).1, 0);
                gated.bot.finish_killed().await;
            }
        }
    }
}

#[tokio::test]
async fn killed_between_a_request_and_the_one_that_it_supersedes() {
    for kind in [Stop::Before, Stop::Write] {
        for number in 0.. {
            let mut gated = gated().await;
            let older = gated.asked().await;
            let stop = kind(number);
            let again = async |gated: &Gated| {
                gated.asked().await;
                gated.until(&older, "🔁 대체됨").await;
            };
            let Some(_) = killed_at(&mut gated, stop, again).await else {
                gated.bot.finish().await;
                break;
            };
            let made = gated.audit("SELECT count(*) || '' FROM request").await;
            if made == ["2"] {
                gated.until(&older, "🔁 대체됨").await;
                let waiting = "SELECT count(*) || '' FROM request WHERE state = 'requested'";
                assert_eq!(gated.audit(waiting).await, ["1"], "one of the two waits");
                let newer = |m: &Message| is_card(m) && m.id() != older.id();
                let newer = gated.bot.seat("현우").wait_for(newer).await.unwrap();
                gated.bot.seat("현우").click(&newer, "승인").await.unwrap();
                gated.until(&newer, "✅ 검증됨").await;
            }
            gated.bot.finish_killed().await;
        }
    }
}

#[tokio::test]
async fn a_bot_that_dies_under_an_act_says_so_and_never_repeats_it() {
    let mut gated = Gated::new().await;
    gated.bot.write("hold", "");
    let card = gated.asked().await;
    gated.bot.seat("현우").click(&card, "승인").await.unwrap();
    gated.until(&card, "▶️ 실행 중").await;
    let patience = Instant::now() + Duration::from_secs(10);
    while gated.acts().is_empty() {
        assert!(Instant::now() < patience, "it never began");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    gated.bot.kill();
    std::fs::remove_file(gated.bot.path("hold")).unwrap();
    gated.bot.start();
    gated.bot.ready().await;
    let told = gated.until(&card, "🆘 중단됨").await;
    assert!(told.text().contains("직접 확인") && told.text().contains("로그를 봅니다."), "{}", told.text());
    assert_eq!(gated.acts(), ["serverpod"]);

    // Nothing else is begun there before somebody looked and said so.
    let second = gated.asked().await;
    gated.bot.seat("현우").click(&second, "승인").await.unwrap();
    let waits = gated.until(&second, "서버를 확인한 사람이 없어").await;
    assert!(gated.clicks("지민", &told, "확인했습니다").await.contains("권한이 없습니다"));
    let seat = gated.bot.seat("현우");
    let modal = seat.click(&told, "확인했습니다").await.unwrap().modal().await.unwrap();
    let released = seat.submit_modal(&modal, &[("확인한 내용", "컨테이너가 정상입니다")]).await.unwrap();
    assert!(released.message().await.unwrap().text().contains("다시 조치를 실행할 수"));
    let looked = gated.until(&told, "컨테이너가 정상입니다").await;
    assert!(looked.buttons().is_empty(), "{:?}", looked.buttons());
    // An approved act that had to wait is begun by a person, not by itself.
    assert_eq!(gated.acts().len(), 1);
    seat.click(&waits, "지금 실행").await.unwrap();
    gated.until(&second, "✅ 검증됨").await;
    assert_eq!(gated.acts(), ["serverpod", "serverpod"]);
    gated.bot.finish().await;
}
