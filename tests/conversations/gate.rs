//! Acts behind the gate: asked for, decided on, carried out once; and every way around it that somebody could try.

use std::os::unix::fs::PermissionsExt;
use std::process::Command;
use std::time::Duration;

use signoff_sandbox::{Message, Seat};
use sqlx::ConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;

use crate::bot::{Bot, SMALL};

pub const RESTART: &str = include_str!("../data/restart.toml");

/// Counts its calls, and waits for as long as `hold` is there.
pub const ACT: &str = r#"#!/bin/sh
echo "$1" >> FOLDER/acts
echo "restarting $1"
while [ -e FOLDER/hold ]; do sleep 0.05; done
[ ! -e FOLDER/broken ]
"#;

struct Gated {
    bot: Bot,
}

impl Gated {
    async fn with(restart: &str, more: &str) -> Self {
        let bot = Bot::prepare(&[("daily", SMALL), ("restart", restart)]).await;
        let config = std::fs::read_to_string(bot.path("bot.toml")).unwrap();
        bot.write("bot.toml", format!("{config}\n{more}"));
        bot.write("calm", "12\n");
        bot.write("act", ACT.replace("FOLDER", &bot.folder.path().display().to_string()));
        std::fs::set_permissions(bot.path("act"), std::fs::Permissions::from_mode(0o755)).unwrap();
        bot.discord.give_role("Alex", "devops").unwrap();
        Self { bot: bot.started().await }
    }

    async fn new() -> Self {
        Self::with(RESTART, "").await
    }

    /// What was done, by the calls of the script.
    fn acts(&self) -> Vec<String> {
        let acts = std::fs::read_to_string(self.bot.path("acts")).unwrap_or_default();
        acts.lines().map(str::to_owned).collect()
    }

    /// 지민 asks; gives the card.
    async fn asked(&self) -> Message {
        self.asks("지민", &[("사유", "API가 5분째 응답하지 않습니다")]).await
    }

    async fn asks(&self, who: &str, texts: &[(&str, &str)]) -> Message {
        let seat = self.bot.seat(who);
        let before = cards(&seat);
        let modal = seat.slash("restart", &[("service", "serverpod")]).await.unwrap().modal().await.unwrap();
        seat.submit_modal(&modal, texts).await.unwrap().wait_for(|m| m.text().contains("올렸습니다")).await.unwrap();
        seat.wait_for(|m| is_card(m) && !before.contains(&m.id())).await.unwrap()
    }

    async fn clicks(&self, who: &str, card: &Message, button: &str) -> String {
        self.bot.seat(who).click(card, button).await.unwrap().message().await.unwrap().text()
    }

    /// Waits until the card says `words`.
    async fn until(&self, card: &Message, words: &str) -> Message {
        let fits = |m: &Message| m.id() == card.id() && m.text().contains(words);
        self.bot.seat("지민").wait_for(fits).await.unwrap()
    }

    async fn sql(&self, sql: &'static str) {
        let mut db = SqliteConnectOptions::new().filename(self.bot.path("signoff.db")).connect().await.unwrap();
        sqlx::raw_sql(sql).execute(&mut db).await.unwrap();
    }

    async fn audit(&self, sql: &'static str) -> Vec<String> {
        let mut db = SqliteConnectOptions::new().filename(self.bot.path("signoff.db")).connect().await.unwrap();
        sqlx::query_scalar(sql).fetch_all(&mut db).await.unwrap()
    }

    /// `signoff audit …`: what it printed, and its exit status.
    fn audit_command(&self, args: &[&str]) -> (String, i32) {
        let output = Command::new(env!("CARGO_BIN_EXE_signoff"))
            .arg("audit")
            .args(args)
            .arg("--config")
            .arg(self.bot.path("bot.toml"))
            .output()
            .unwrap();
        (String::from_utf8_lossy(&output.stdout).into_owned(), output.status.code().unwrap_or(-1))
    }
}

fn is_card(message: &Message) -> bool {
    message.text().contains("실행할 명령")
}

fn cards(seat: &Seat) -> Vec<signoff_sandbox::Id> {
    seat.messages().unwrap().iter().filter(|m| is_card(m)).map(Message::id).collect()
}

#[tokio::test]
async fn one_asks_another_approves_and_it_runs_once() {
    let gated = Gated::new().await;
    let card = gated.asked().await;
    let text = card.text();
    for part in
        ["승인 대기 · 재시작 serverpod · 여기", "API가 5분째", "잠시 중단됩니다", "/act serverpod", "승인 0/1", "#1"]
    {
        assert!(text.contains(part), "{part} is missing in:\n{text}");
    }
    assert_eq!(card.buttons(), ["승인", "거절", "요청 취소"]);
    assert!(!card.pings().is_nobody(), "the approvers hear of it");

    // Not oneself, not a guest; and nothing was done by asking.
    assert!(gated.clicks("지민", &card, "승인").await.contains("자신의 요청은"));
    assert!(gated.clicks("손님", &card, "승인").await.contains("권한이 없습니다"));
    assert_eq!(gated.acts(), Vec::<String>::new());

    gated.bot.seat("현우").click(&card, "승인").await.unwrap();
    let done = gated.until(&card, "✅ 검증됨").await;
    let text = done.text();
    for part in ["승인 ·", "잔잔함: ✅ 정상 → ✅ 정상", "restarting serverpod", "시작", "종료"] {
        assert!(text.contains(part), "{part} is missing in:\n{text}");
    }
    assert_eq!(gated.acts(), ["serverpod"]);
    // The old buttons, pressed from a client that still shows them.
    for forged in ["gate:approve:1", "gate:deny:1", "gate:cancel:1", "gate:begin:1", "gate:confirm:1"] {
        let seat = gated.bot.seat("현우");
        let told = seat.forge_click(&card, forged, |_| {}).await.unwrap().message().await.unwrap();
        assert!(told.is_ephemeral(), "{}", told.text());
    }
    assert_eq!(gated.acts(), ["serverpod"]);

    let deeds = gated.audit("SELECT deed FROM audit ORDER BY seq").await;
    for deed in ["configuration", "request", "refusal", "decision", "act", "result"] {
        assert!(deeds.iter().any(|found| found == deed), "{deed} is missing in {deeds:?}");
    }
    let (said, status) = gated.audit_command(&["verify"]);
    assert_eq!((said.contains("온전합니다"), status), (true, 0), "{said}");
    let (lines, status) = gated.audit_command(&["export"]);
    assert_eq!((lines.lines().count(), status), (deeds.len(), 0));
    // One byte of one row.
    gated.sql("DROP TRIGGER audit_is_not_changed; UPDATE audit SET details = replace(details, 'API', 'APJ') WHERE seq = 2").await;
    let (said, status) = gated.audit_command(&["verify"]);
    assert_eq!((said.contains("2행에서 끊겼습니다"), status), (true, 2), "{said}");
    let told = gated.bot.seat("지민").slash("audit verify", &[]).await.unwrap().message().await.unwrap();
    assert!(told.text().contains("2행에서 끊겼습니다"), "{}", told.text());
    gated.bot.finish().await;
}

#[tokio::test]
async fn forged_buttons_and_other_places_do_nothing() {
    let gated = Gated::new().await;
    let first = gated.asked().await;
    let seat = gated.bot.seat("현우");
    let report = seat.slash("daily", &[]).await.unwrap().wait_for(crate::bot::is_report).await.unwrap();
    // Below another message than the request's own.
    let told = seat.forge_click(&report, "gate:approve:1", |_| {}).await.unwrap().message().await.unwrap();
    assert!(told.is_ephemeral() && told.text().contains("더 이상 사용할 수 없는"), "{}", told.text());
    // Of a request that never was, and ids that nobody made.
    for forged in
        ["gate:approve:99", "gate:approve:-1", "gate:approve:01", "gate:reason:1", "gate:reviewed:1", "gate:run:1"]
    {
        let told = seat.forge_click(&first, forged, |_| {}).await.unwrap().message().await.unwrap();
        assert!(told.is_ephemeral(), "{forged}: {}", told.text());
    }
    // From another guild, from a direct message.
    let elsewhere = seat.forge_click(&first, "gate:approve:1", |event| event["guild_id"] = "7".into()).await.unwrap();
    assert!(elsewhere.message().await.unwrap().text().contains("정해진 서버"));
    let direct = seat
        .forge_click(&first, "gate:approve:1", |event| {
            let member = event["member"].take();
            event["user"] = member["user"].clone();
            event.as_object_mut().unwrap().remove("guild_id");
            event.as_object_mut().unwrap().remove("member");
        })
        .await
        .unwrap();
    assert!(direct.message().await.unwrap().text().contains("정해진 서버"));
    // From another channel: the message it says to stand below is not the request's.
    let other = seat
        .forge_click(&first, "gate:approve:1", |event| event["message"]["channel_id"] = "1000000000000000102".into())
        .await
        .unwrap();
    assert!(other.message().await.unwrap().text().contains("더 이상"));
    assert_eq!(gated.acts(), Vec::<String>::new());
    let refused = gated.audit("SELECT subject FROM audit WHERE deed = 'refusal'").await;
    assert!(refused.len() >= 2, "{refused:?}");
    gated.bot.finish().await;
}

#[tokio::test]
async fn two_who_press_at_the_same_instant_run_it_once() {
    let gated = Gated::new().await;
    for round in 1..=5 {
        let card = gated.asked().await;
        let (one, two) = (gated.bot.seat("현우"), gated.bot.seat("Alex"));
        // Twice by each of them, all at once.
        let clicks =
            [one.click(&card, "승인"), two.click(&card, "승인"), one.click(&card, "승인"), two.click(&card, "승인")];
        for click in futures::future::join_all(clicks).await {
            click.unwrap().first_answer().await.unwrap();
        }
        gated.until(&card, "✅ 검증됨").await;
        assert_eq!(gated.acts().len(), round);
    }
    gated.bot.finish().await;
}

#[tokio::test]
async fn no_stays_no_and_taking_back_is_the_requesters() {
    let gated = Gated::new().await;
    let card = gated.asked().await;
    assert!(gated.clicks("현우", &card, "요청 취소").await.contains("요청자만"));
    gated.bot.seat("현우").click(&card, "거절").await.unwrap();
    let denied = gated.until(&card, "⛔ 거절됨").await;
    assert_eq!(denied.buttons(), Vec::<String>::new(), "what is over has no button that lives");
    let told =
        gated.bot.seat("Alex").forge_click(&card, "gate:approve:1", |_| {}).await.unwrap().message().await.unwrap();
    assert!(told.text().contains("This request was denied"), "{}", told.text());

    let card = gated.asked().await;
    gated.bot.seat("지민").click(&card, "요청 취소").await.unwrap();
    gated.until(&card, "↩️ 취소됨").await;

    // The same, asked again by the same: the newer one counts. By somebody else: it waits already.
    let older = gated.asked().await;
    let newer = gated.asked().await;
    gated.until(&older, "🔁 대체됨").await;
    let seat = gated.bot.seat("현우");
    let modal = seat.slash("restart", &[("service", "serverpod")]).await.unwrap().modal().await.unwrap();
    let told = seat.submit_modal(&modal, &[("사유", "저도요")]).await.unwrap();
    told.wait_for(|m| m.text().contains("이미 기다리고")).await.unwrap();

    // Nobody decided in time.
    gated.sql("UPDATE request SET asked_at = asked_at - 900000, expires_at = expires_at - 900000 WHERE state = 'requested'").await;
    gated.until(&newer, "⌛ 만료됨").await;
    let told =
        gated.bot.seat("현우").forge_click(&newer, "gate:approve:4", |_| {}).await.unwrap().message().await.unwrap();
    assert!(told.text().contains("만료된"), "{}", told.text());
    assert_eq!(gated.acts(), Vec::<String>::new());
    gated.bot.finish().await;
}

#[tokio::test]
async fn whoever_lost_the_right_meanwhile_does_not_count() {
    let critical = RESTART.replace("\"high\"", "\"critical\"");
    let gated = Gated::with(&critical, "").await;
    let reason = [("사유", "복구가 필요합니다"), ("대상을 그대로 입력해 주세요", "serverpod")];
    // The target is another.
    let seat = gated.bot.seat("지민");
    let modal = seat.slash("restart", &[("service", "serverpod")]).await.unwrap().modal().await.unwrap();
    let wrong = seat.submit_modal(&modal, &[reason[0], (reason[1].0, "redis")]).await.unwrap().message().await.unwrap();
    assert!(wrong.is_ephemeral() && wrong.text().contains("입력한 대상이 다릅니다"), "{}", wrong.text());

    // One approved, and is no approver any more when the other does.
    let card = gated.asks("지민", &reason).await;
    gated.bot.seat("현우").click(&card, "승인").await.unwrap();
    gated.until(&card, "승인 1/2").await;
    assert!(gated.clicks("현우", &card, "승인").await.contains("이미 승인했습니다"));
    gated.bot.discord.take_role("현우", "devops").unwrap();
    gated.bot.seat("Alex").click(&card, "승인").await.unwrap();
    let void = gated.until(&card, "🚫 무효").await;
    assert!(void.text().contains("승인자 현우에게 더 이상 권한이 없습니다"), "{}", void.text());

    // The role is gone between the request and the click: the click itself says so.
    let card = gated.asks("지민", &reason).await;
    assert!(gated.clicks("현우", &card, "승인").await.contains("권한이 없습니다"));
    // One approved, and left.
    gated.bot.discord.give_role("현우", "devops").unwrap();
    gated.bot.seat("현우").click(&card, "승인").await.unwrap();
    gated.until(&card, "승인 1/2").await;
    gated.bot.discord.remove_member("현우").unwrap();
    gated.bot.seat("Alex").click(&card, "승인").await.unwrap();
    gated.until(&card, "🚫 무효").await;

    // The requester, under another name and with an approver's role as well, is still the requester.
    gated.bot.discord.give_role("지민", "devops").unwrap();
    let card = gated.asks("지민", &reason).await;
    gated.bot.discord.rename_member("지민", "관리자").unwrap();
    let told = gated.bot.seat("관리자").click(&card, "승인").await;
    let told = match told {
        Ok(sent) => sent.message().await.unwrap().text(),
        Err(_) => gated.clicks("지민", &card, "승인").await,
    };
    assert!(told.contains("자신의 요청은"), "{told}");
    assert_eq!(gated.acts(), Vec::<String>::new());
    gated.bot.finish().await;
}

#[tokio::test]
async fn a_definition_that_changed_while_it_waited_voids_it() {
    let mut gated = Gated::new().await;
    let card = gated.asked().await;
    assert_eq!(gated.bot.stop().await, 0);
    gated.bot.write_command("restart", &RESTART.replace("\"{service}\"]", "\"{service}\", \"--force\"]"));
    gated.bot.start();
    gated.bot.ready().await;
    gated.bot.seat("현우").click(&card, "승인").await.unwrap();
    let void = gated.until(&card, "🚫 무효").await;
    assert!(void.text().contains("정의가 바뀌었습니다"), "{}", void.text());
    assert_eq!(gated.acts(), Vec::<String>::new());
    let changed = gated.audit("SELECT details FROM audit WHERE deed = 'configuration' ORDER BY seq DESC LIMIT 1").await;
    assert!(changed[0].contains("commands/restart.toml") && changed[0].contains("changed"), "{changed:?}");
    gated.bot.finish().await;
}

#[tokio::test]
async fn who_goes_ahead_alone_waits_can_be_stopped_and_is_reviewed() {
    let alone = "[gate.break_glass]\nroles = [\"operations\"]\nwait = \"30 s\"\n";
    let gated = Gated::with(RESTART, alone).await;
    let breaks = async |card: &Message| {
        let seat = gated.bot.seat("지민");
        let before = cards(&seat);
        let modal = seat.click(card, "긴급 단독 실행").await.unwrap().modal().await.unwrap();
        seat.submit_modal(&modal, &[("사유", "새벽이라 아무도 없습니다")]).await.unwrap();
        seat.wait_for(|m| is_card(m) && !before.contains(&m.id())).await.unwrap()
    };
    let card = gated.asked().await;
    assert!(gated.clicks("현우", &card, "긴급 단독 실행").await.contains("요청자만"));
    let glass = breaks(&card).await;
    gated.until(&card, "🔁 대체됨").await;
    assert!(glass.text().contains("🚨 긴급 단독 실행입니다") && !glass.pings().is_nobody(), "{}", glass.text());
    // The button is there to be read; who presses it all the same is told to wait.
    assert!(gated.bot.seat("지민").click(&glass, "단독 실행").await.is_err(), "it is greyed out");
    let early =
        gated.bot.seat("지민").forge_click(&glass, "gate:confirm:2", |_| {}).await.unwrap().message().await.unwrap();
    assert!(early.text().contains("아직 대기 시간"), "{}", early.text());
    gated.bot.seat("현우").click(&glass, "중지").await.unwrap();
    gated.until(&glass, "⛔ 거절됨").await;

    let card = gated.asked().await;
    let glass = breaks(&card).await;
    gated.sql("UPDATE request SET not_before = not_before - 60000 WHERE state = 'requested'").await;
    gated.until(&glass, "대기 시간이 끝나").await;
    gated.bot.seat("지민").click(&glass, "단독 실행").await.unwrap();
    let done = gated.until(&glass, "✅ 검증됨").await;
    assert_eq!(gated.acts(), ["serverpod"]);
    assert!(done.text().contains("다른 사람이 검토해야 합니다"), "{}", done.text());

    // It stands in the daily check until somebody else reviewed it, and the end of the record stands below.
    let daily = async || {
        let asked = gated.bot.seat("현우").slash("daily", &[]).await.unwrap();
        asked.wait_for(crate::bot::is_report).await.unwrap().text()
    };
    let report = daily().await;
    assert!(report.contains("사후 검토 대기 1건") && report.contains("#4 재시작"), "{report}");
    let head = gated.audit("SELECT lower(substr(hex(hash), 1, 12)) FROM audit ORDER BY seq DESC LIMIT 1").await;
    assert!(report.contains(&head[0]), "{head:?} is missing in:\n{report}");
    let (said, status) = gated.audit_command(&["verify", "--hash", &head[0]]);
    assert_eq!(status, 0, "{said}");
    assert_eq!(gated.audit_command(&["verify", "--hash", "ffffffffffff"]).1, 2);

    assert!(gated.clicks("지민", &done, "사후 검토").await.contains("다른 사람이 검토해야"));
    let seat = gated.bot.seat("현우");
    let modal = seat.click(&done, "사후 검토").await.unwrap().modal().await.unwrap();
    seat.submit_modal(&modal, &[("검토 결과", "로그를 보니 필요했습니다")]).await.unwrap();
    gated.until(&glass, "로그를 보니 필요했습니다").await;
    assert!(!daily().await.contains("사후 검토 대기"));
    gated.bot.finish().await;
}

#[tokio::test]
async fn a_bot_that_dies_under_an_act_says_so_and_never_repeats_it() {
    let mut gated = Gated::new().await;
    gated.bot.write("hold", "");
    let card = gated.asked().await;
    gated.bot.seat("현우").click(&card, "승인").await.unwrap();
    gated.until(&card, "▶️ 실행 중").await;
    let patience = std::time::Instant::now() + Duration::from_secs(10);
    while gated.acts().is_empty() {
        assert!(std::time::Instant::now() < patience, "it never began");
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
    let waits = gated.until(&second, "아직 아무도 확인하지 않아").await;
    assert!(gated.clicks("지민", &told, "확인했습니다").await.contains("권한이 없습니다"));
    let seat = gated.bot.seat("현우");
    let modal = seat.click(&told, "확인했습니다").await.unwrap().modal().await.unwrap();
    let released = seat.submit_modal(&modal, &[("확인한 내용", "컨테이너가 정상입니다")]).await.unwrap();
    assert!(released.message().await.unwrap().text().contains("다시 조치를 실행할 수"));
    // An approved act that had to wait is begun by a person, not by itself.
    assert_eq!(gated.acts().len(), 1);
    seat.click(&waits, "지금 실행").await.unwrap();
    gated.until(&second, "✅ 검증됨").await;
    assert_eq!(gated.acts(), ["serverpod", "serverpod"]);
    gated.bot.finish().await;
}

#[tokio::test]
async fn a_failure_says_what_to_do_next() {
    let gated = Gated::new().await;
    gated.bot.write("broken", "");
    let card = gated.asked().await;
    gated.bot.seat("현우").click(&card, "승인").await.unwrap();
    let failed = gated.until(&card, "❌ 실패").await;
    assert!(failed.text().contains("로그를 봅니다."), "{}", failed.text());

    // Done, but not well: the check that proves it says so.
    std::fs::remove_file(gated.bot.path("broken")).unwrap();
    gated.bot.finish().await;
}

#[tokio::test]
async fn values_that_are_no_names_never_get_anywhere() {
    let from_host = RESTART.replace("choices = [\"serverpod\", \"redis\"]", "from    = \"containers\"");
    let gated = Gated::with(&from_host, "").await;
    let seat = gated.bot.seat("지민");
    for attack in ["a;b", "a`b`", "$(reboot)", "a\nb", "../../etc/passwd", "-rf", "a b", "a|b", "\u{202e}a"] {
        let told = seat.slash("restart", &[("service", attack)]).await.unwrap().message().await.unwrap();
        assert!(told.is_ephemeral() && told.text().contains("쓸 수 없습니다"), "{attack:?}: {}", told.text());
    }
    assert_eq!(gated.acts(), Vec::<String>::new());
    let refused = gated.audit("SELECT details FROM audit WHERE deed = 'refusal'").await;
    assert_eq!(refused.len(), 9);
    gated.bot.finish().await;
}

#[tokio::test]
async fn a_channel_that_does_not_allow_it_refuses_and_can_and_why_tell() {
    let channels = "[gate.channels]\n\"1000000000000000102\" = \"critical\"\n\"1000000000000000101\" = \"low\"\n";
    let gated = Gated::with(RESTART, channels).await;
    let told = gated.bot.seat("지민").slash("restart", &[("service", "redis")]).await.unwrap().message().await.unwrap();
    assert!(
        told.text().contains("이 채널에서 쓸 수 없습니다") && told.text().contains("#signoff-log"),
        "{}",
        told.text()
    );
    let can = async |who: &str| {
        let asked = gated.bot.seat("지민").slash("can", &[("user", who), ("command", "restart")]).await.unwrap();
        asked.message().await.unwrap().text()
    };
    let jimin = can("지민").await;
    assert!(
        jimin.contains("요청할 수 있습니다") && jimin.contains("승인할 수 없습니다") && jimin.contains("devops"),
        "{jimin}"
    );
    assert!(jimin.contains("1명의 승인이 필요합니다"), "{jimin}");
    assert!(can("현우").await.contains("승인할 수 있습니다"));
    assert!(can("손님").await.contains("요청할 수 없습니다"));

    let seat = gated.bot.discord.as_user("지민").in_channel("signoff-log");
    let modal = seat.slash("restart", &[("service", "redis")]).await.unwrap().modal().await.unwrap();
    seat.submit_modal(&modal, &[("사유", "느립니다")]).await.unwrap();
    seat.wait_for(is_card).await.unwrap();
    let why = async |who: &str| {
        let asked = gated.bot.seat(who).slash("why", &[("request", "1")]).await.unwrap();
        asked.message().await.unwrap().text()
    };
    assert!(why("지민").await.contains("자신의 요청은"));
    let hyunwoo = why("현우").await;
    assert!(hyunwoo.contains("승인 0/1") && hyunwoo.contains("지금 승인하거나"), "{hyunwoo}");
    gated.bot.finish().await;
}
