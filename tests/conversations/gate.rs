//! Acts behind the gate: asked for, decided on, carried out once.

use signoff_sandbox::Message;

use crate::bot::{Bot, SMALL};
use crate::duty::{BEFORE_NINE, DUTY, NINE, is_reminder, signed};
use crate::gated::{Gated, RESTART, cards, is_card};

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
    for part in ["승인 ·", "잔잔함: ✅ 정상 12 → ✅ 정상 12", "restarting serverpod", "시작", "종료"]
    {
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
    assert_eq!((lines.lines().count(), status), (deeds.len() + 1, 0), "all of them, and that they were exported");
    // One byte of one row.
    gated.sql("DROP TRIGGER audit_is_not_changed; UPDATE audit SET details = replace(details, 'API', 'APJ') WHERE seq = 2").await;
    let (said, status) = gated.audit_command(&["verify"]);
    assert_eq!((said.contains("2행에서 끊겼습니다"), status), (true, 2), "{said}");
    let told = gated.bot.seat("지민").slash("audit verify", &[]).await.unwrap().message().await.unwrap();
    assert!(told.text().contains("2행에서 끊겼습니다"), "{}", told.text());
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
async fn who_goes_ahead_alone_waits_can_be_stopped_and_is_reviewed() {
    let alone = "[gate.break_glass]\nroles = [\"operations\"]\nwait = \"30 s\"\n";
    let mut gated = Gated::with(RESTART, alone).await;
    gated.bot.write_command("daily", &SMALL.replace("kind        =", "signed = \"day\"\nkind        ="));
    gated = gated.restarted().await;
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
    assert!(
        report.contains("❌ **재시작 serverpod**") && report.contains("❌ 이상 1"),
        "never well while it is open: {report}"
    );
    let (graded, status) = gated.signoff(&["check", "daily", "--format", "json"]);
    assert!(status != 0 && graded.contains("\"review-4\"") && graded.contains("\"reviews\""), "{graded}");
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
    let report = daily().await;
    assert!(!report.contains("사후 검토") && report.contains("해결 1: 재시작 serverpod"), "{report}");
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

#[tokio::test]
async fn a_check_during_an_act_says_so() {
    let gated = Gated::new().await;
    gated.bot.write("hold", "");
    let card = gated.asked().await;
    gated.bot.seat("현우").click(&card, "승인").await.unwrap();
    gated.until(&card, "▶️ 실행 중").await;
    // Somebody asks now: they get an answer now, and are told that it may be passing.
    let asked = gated.bot.seat("현우").slash("daily", &[]).await.unwrap();
    let report = asked.wait_for(crate::bot::is_report).await.unwrap();
    assert!(report.text().contains("#1의 조치(재시작)가 실행 중"), "{}", report.text());
    let (json, _) = gated.signoff(&["check", "daily", "--format", "json"]);
    assert!(json.contains("\"during\"") && json.contains("\"request\": 1"), "{json}");

    std::fs::remove_file(gated.bot.path("hold")).unwrap();
    gated.until(&card, "✅ 검증됨").await;
    let asked = gated.bot.seat("현우").slash("daily", &[]).await.unwrap();
    let report = asked.wait_for(crate::bot::is_report).await.unwrap();
    assert!(!report.text().contains("실행 중"), "{}", report.text());
    gated.bot.finish().await;
}

#[tokio::test]
async fn a_check_that_is_due_waits_for_the_act_on_its_host() {
    let commands = [("daily", &*signed()), ("restart", RESTART)];
    let gated = Gated::on(Bot::prepare_at(BEFORE_NINE, &commands, DUTY).await).await;
    gated.bot.until_logged("what is due is kept in mind").await;
    gated.bot.write("hold", "");
    let card = gated.asked().await;
    gated.bot.seat("현우").click(&card, "승인").await.unwrap();
    gated.until(&card, "▶️ 실행 중").await;
    gated.bot.it_is(NINE);
    gated.bot.until_logged("a check that is due waits for an act").await;
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    assert_eq!(gated.bot.runs(), 0, "nothing looks while the act runs");
    std::fs::remove_file(gated.bot.path("hold")).unwrap();
    gated.until(&card, "✅ 검증됨").await;
    let reminder = gated.bot.seat("지민").wait_for(is_reminder).await.unwrap();
    assert!(reminder.text().contains("✅ 정상 2") && !reminder.text().contains("실행 중"), "{}", reminder.text());
    assert_eq!(gated.bot.runs(), 1);
    gated.bot.finish().await;
}
