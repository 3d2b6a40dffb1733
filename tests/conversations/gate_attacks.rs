//! Every way around the gate that somebody could try.

use std::time::{Duration, Instant};

use signoff_sandbox::Fault;

use crate::gated::{Gated, RESTART};

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
    assert!(elsewhere.message().await.unwrap().text().contains("정해진 Discord 서버"));
    let direct = seat
        .forge_click(&first, "gate:approve:1", |event| {
            let member = event["member"].take();
            event["user"] = member["user"].clone();
            event.as_object_mut().unwrap().remove("guild_id");
            event.as_object_mut().unwrap().remove("member");
        })
        .await
        .unwrap();
    assert!(direct.message().await.unwrap().text().contains("정해진 Discord 서버"));
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

/// Deletes old backups of FOLDER, as the shipped action does.
const DELETE: &str = r#"
kind        = "action"
title       = { ko = "오래된 백업 삭제", en = "Delete old backups" }
description = { ko = "7일 넘은 백업을 삭제합니다", en = "Delete backups older than 7 days" }
risk        = "high"
interrupts  = { ko = "멈추는 것은 없습니다.", en = "Nothing is interrupted." }
ask         = ["operations"]
approve     = ["devops"]

[[step]]
kind            = "delete_backups"
backups         = { script = "FOLDER/backup.sh", folder = "FOLDER/backups", name = "postgres_%Y%m%d_%H%M%S.sql.gz" }
older_than_days = 7
"#;

#[tokio::test]
async fn what_it_acts_on_changed_while_it_waited_and_that_voids_it() {
    let gated = Gated::besides(&[("delete-backups", DELETE)]).await;
    for day in 1..=4 {
        gated.backup(&format!("2026010{day}"), 20, 1);
    }
    let there = || gated.files("backups");
    let card = gated.asks_for("delete-backups", &[], "디스크가 찼습니다").await;
    assert!(card.text().contains("postgres_20260101_030000.sql.gz"), "{}", card.text());
    // One more is old by now: what was approved is not what would be deleted.
    gated.backup("20251231", 20, 1);
    gated.bot.seat("현우").click(&card, "승인").await.unwrap();
    let void = gated.until(&card, "🚫 무효").await;
    assert!(void.text().contains("20251231"), "{}", void.text());
    assert_eq!(there().len(), 5, "nothing is deleted");

    // Asked again, it is what people saw that goes.
    let card = gated.asks_for("delete-backups", &[], "디스크가 찼습니다").await;
    gated.bot.seat("현우").click(&card, "승인").await.unwrap();
    gated.until(&card, "✅ 검증됨").await;
    assert_eq!(there(), [2, 3, 4].map(|day| format!("postgres_2026010{day}_030000.sql.gz")));
    gated.bot.finish().await;
}

#[tokio::test]
async fn no_after_yes_and_yes_after_no_and_who_is_late_is_told() {
    let gated = Gated::new().await;
    // The host is taken, so that an approved one waits.
    gated.bot.write("hold", "");
    let first = gated.asked().await;
    gated.bot.seat("현우").click(&first, "승인").await.unwrap();
    gated.until(&first, "▶️ 실행 중").await;
    let forged = async |who: &str, id: &str| {
        gated.bot.seat(who).forge_click(&first, id, |_| {}).await.unwrap().message().await.unwrap().text()
    };
    for late in ["gate:deny:1", "gate:cancel:1", "gate:approve:1"] {
        let who = if late.contains("cancel") { "지민" } else { "현우" };
        assert!(forged(who, late).await.contains("이미 실행"), "{late}");
    }

    let second = gated.asks_for("restart", &[("service", "redis")], "느립니다").await;
    gated.bot.seat("현우").click(&second, "승인").await.unwrap();
    let waits = gated.until(&second, "#1").await;
    assert_eq!(waits.buttons(), ["지금 실행", "거절", "요청 취소"]);
    // Not twice, not by another, and no is still possible.
    let on_second = async |who: &str, id: &str| {
        gated.bot.seat(who).forge_click(&second, id, |_| {}).await.unwrap().message().await.unwrap().text()
    };
    assert!(on_second("현우", "gate:approve:2").await.contains("이미 승인했습니다"));
    assert!(on_second("Alex", "gate:approve:2").await.contains("approved"), "it has all that it takes");
    let still = gated.until(&second, "☑️ 승인됨").await;
    assert!(still.text().contains("다른 요청(#1)을 실행하고 있어"), "why it waits stays: {}", still.text());
    gated.bot.seat("Alex").click(&second, "거절").await.unwrap();
    gated.until(&second, "⛔ 거절됨").await;
    for dead in ["gate:approve:2", "gate:begin:2", "gate:deny:2"] {
        assert!(on_second("현우", dead).await.contains("거절되어 끝난"), "{dead}");
    }
    std::fs::remove_file(gated.bot.path("hold")).unwrap();
    gated.until(&first, "✅ 검증됨").await;
    assert_eq!(gated.acts(), ["serverpod"]);
    gated.bot.finish().await;
}

#[tokio::test]
async fn a_role_that_is_taken_between_approval_and_execution_voids_it() {
    let gated = Gated::new().await;
    for (who, role, words) in
        [("현우", "devops", "승인자 현우에게 더 이상 권한이 없습니다"), ("지민", "operations", "지민")]
    {
        let card = gated.asked().await;
        // Discord takes its time to say who they are, and in that time the role goes.
        let held = gated.bot.discord.faults().held();
        gated.bot.discord.faults().next(2, "GET /guilds/*/members/*", Fault::Hang(Duration::from_secs(1)));
        gated.bot.seat("현우").click(&card, "승인").await.unwrap();
        gated.bot.discord.wait_until("both looks", || gated.bot.discord.faults().held() == held + 2).await.unwrap();
        gated.bot.discord.take_role(who, role).unwrap();
        let void = gated.until(&card, "🚫 무효").await;
        assert!(void.text().contains(words), "{}", void.text());
        gated.bot.discord.give_role(who, role).unwrap();
    }
    assert_eq!(gated.acts(), Vec::<String>::new());
    gated.bot.finish().await;
}

#[tokio::test]
async fn a_file_that_is_not_on_the_host_is_none_to_choose() {
    let step = "[[step]]\nrun = [\"FOLDER/act\", \"{service}\"]";
    let backup = "[[step]]\nkind = \"backup\"\nbackups = { script = \"FOLDER/backup.sh\", folder = \"FOLDER/backups\", \
                  name = \"postgres_%Y%m%d_%H%M%S.sql.gz\" }";
    let choose = RESTART
        .replace("choices = [\"serverpod\", \"redis\"]", "from    = \"backups\"")
        .replace(step, &format!("{step}\n{backup}"));
    let gated = Gated::with(&choose, "").await;
    gated.backup("20260101", 1, 1);
    let seat = gated.bot.seat("지민");
    for (value, words) in [
        ("postgres_20990101_030000.sql.gz", "postgres_20260101_030000.sql.gz"),
        ("postgres_20260101_030000.sql", "postgres_20260101_030000.sql.gz"),
        ("/etc/passwd", "postgres_20260101_030000.sql.gz"),
    ] {
        let modal = seat.slash("restart", &[("service", value)]).await.unwrap().modal().await.unwrap();
        let told = seat.submit_modal(&modal, &[("사유", "복원")]).await.unwrap();
        let told = told.wait_for(|message| message.text().contains(words)).await.unwrap();
        assert!(told.is_ephemeral(), "{}", told.text());
    }
    let told = seat.slash("restart", &[("service", "../backups/postgres_20260101_030000.sql.gz")]).await.unwrap();
    assert!(told.message().await.unwrap().text().contains("쓸 수 없습니다"));
    assert_eq!(gated.state().await, None, "no request was made");
    gated.bot.finish().await;
}

#[tokio::test]
async fn an_act_ends_and_is_recorded_while_discord_is_gone_and_is_told_when_it_is_back() {
    let gated = Gated::new().await;
    gated.bot.write("hold", "");
    let card = gated.asked().await;
    gated.bot.seat("현우").click(&card, "승인").await.unwrap();
    gated.until(&card, "▶️ 실행 중").await;
    gated.bot.discord.faults().always("/**", Fault::Status(503)).drop_gateway(None);
    std::fs::remove_file(gated.bot.path("hold")).unwrap();
    let patience = Instant::now() + Duration::from_secs(20);
    while gated.state().await.as_deref() != Some("verified") {
        assert!(Instant::now() < patience, "it is never recorded:\n{}", gated.bot.log());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let results = "SELECT details FROM audit WHERE deed = 'result'";
    assert!(gated.audit(results).await[0].contains("verified"));
    gated.bot.discord.faults().clear();
    let done = gated.bot.seat("지민").patient(Duration::from_secs(60));
    done.wait_for(|m| m.id() == card.id() && m.text().contains("✅ 검증됨")).await.unwrap();
    assert_eq!(gated.acts(), ["serverpod"]);
    gated.bot.finish().await;
}
