//! `/daily`: asked, answered at once, filled in, looked into, run again.

use std::time::Duration;

use crate::bot::{Bot, is_report};

#[tokio::test]
async fn a_report_comes_at_once_and_in_good_order() {
    let bot = Bot::small().await;
    let jimin = bot.seat("지민");
    let asked = jimin.slash("daily", &[]).await.unwrap();
    assert!(asked.first_answer().await.unwrap().after < Duration::from_secs(1));

    let report = asked.wait_for(is_report).await.unwrap();
    let text = report.text();
    for part in ["일일 체크 · 여기", "✅ 정상 2", "✅ 잔잔함", "12", "기준 < 80", "첫째", "둘째", "#1"]
    {
        assert!(text.contains(part), "{part} is missing in:\n{text}");
    }
    assert!(report.pings().is_nobody());
    assert_eq!(report.buttons(), ["자세히", "다시 점검"]);
    bot.finish().await;
}

#[tokio::test]
async fn what_is_wrong_says_so_and_shows_its_evidence_to_who_taps() {
    let bot = Bot::small().await;
    bot.write("calm", "83 of 100 nerves\n");
    let jimin = bot.seat("지민");
    let report = jimin.slash("daily", &[]).await.unwrap().wait_for(is_report).await.unwrap();
    let text = report.text();
    assert!(text.contains("❌ 이상 1 · ✅ 정상 1"), "{text}");
    assert!(text.contains("↳ 값 83 (기준 < 80)"), "{text}");

    let details = jimin.click(&report, "자세히").await.unwrap().message().await.unwrap();
    assert!(details.is_ephemeral());
    assert!(details.text().contains("83 of 100 nerves"), "{}", details.text());
    assert_eq!(details.files().len(), 1, "the whole report comes as a file");

    let check = jimin.select(&details, "check:1", &["calm"]).await.unwrap().message().await.unwrap();
    for part in ["잔잔함 · 이상", "cat ", "종료 코드 0", "83 of 100 nerves", "쉬어 갑니다."] {
        assert!(check.text().contains(part), "{part} is missing in:\n{}", check.text());
    }

    // Alex reads English.
    let alex = bot.seat("Alex");
    bot.discord.give_role("Alex", "devops").unwrap();
    let details = alex.click(&report, "자세히").await.unwrap().message().await.unwrap();
    assert!(details.text().contains("threshold < 80"), "{}", details.text());
    bot.finish().await;
}

#[tokio::test]
async fn nobody_without_the_role_may_run_or_look() {
    let bot = Bot::small().await;
    let report = bot.seat("지민").slash("daily", &[]).await.unwrap().wait_for(is_report).await.unwrap();
    let guest = bot.seat("손님");
    let refused = guest.slash("daily", &[]).await.unwrap().message().await.unwrap();
    assert!(refused.is_ephemeral());
    assert!(refused.text().contains("/일일체크 명령을 실행할 권한이 없습니다"), "{}", refused.text());
    assert!(refused.text().contains("필요한 역할: devops, operations"), "{}", refused.text());
    for button in ["자세히", "다시 점검"] {
        let refused = guest.click(&report, button).await.unwrap().message().await.unwrap();
        assert!(refused.is_ephemeral() && refused.text().contains("권한이 없습니다"), "{}", refused.text());
    }
    assert_eq!(bot.runs(), 1);
    bot.finish().await;
}

#[tokio::test]
async fn the_buttons_still_work_after_a_restart() {
    let mut bot = Bot::small().await;
    bot.write("calm", "90\n");
    let jimin = bot.seat("지민");
    let report = jimin.slash("daily", &[]).await.unwrap().wait_for(is_report).await.unwrap();
    assert_eq!(bot.stop().await, 0);
    let registered = bot.discord.count("PUT /applications/*/guilds/*/commands");
    bot.start();
    bot.ready().await;

    let details = jimin.click(&report, "자세히").await.unwrap().message().await.unwrap();
    assert!(details.text().contains("90"), "{}", details.text());
    bot.write("calm", "10\n");
    let again = jimin.click(&report, "다시 점검").await.unwrap().wait_for(is_report).await.unwrap();
    assert!(again.text().contains("✅ 정상 2"), "{}", again.text());
    assert!(again.text().contains("#2"), "{}", again.text());
    assert!(report.reload().text().contains("❌"), "the old report stays as it was");
    assert_eq!(bot.discord.count("PUT /applications/*/guilds/*/commands"), registered, "nothing had changed");
    bot.finish().await;
}

#[tokio::test]
async fn a_long_run_shows_how_far_it_is() {
    let bot = Bot::small().await;
    bot.write("wait", "");
    let asked = bot.seat("지민").slash("daily", &[]).await.unwrap();
    let half = asked.wait_for(|message| message.text().contains("점검 중입니다 · 1/2")).await.unwrap();
    assert!(half.text().contains("✅ 잔잔함") && half.text().contains("▫️ 기다림"), "{}", half.text());
    std::fs::remove_file(bot.path("wait")).unwrap();
    asked.wait_for(is_report).await.unwrap();
    bot.finish().await;
}

#[tokio::test]
async fn a_report_opens_with_what_became_of_the_last_ones_problems() {
    let bot = Bot::small().await;
    let daily = async |calm: &str| {
        bot.write("calm", calm);
        let asked = bot.seat("지민").slash("daily", &[]).await.unwrap();
        asked.wait_for(is_report).await.unwrap().text()
    };
    let first = daily("75").await;
    assert!(!first.contains("새 문제") && !first.contains("해결"), "there was none before:\n{first}");
    for (calm, expected) in [
        ("85", "⏫ 악화 1: 잔잔함"),
        ("75", "🔽 나아짐 1: 잔잔함"),
        ("12", "🟢 해결 1: 잔잔함"),
        ("85", "🔺 새 문제 1: 잔잔함"),
    ] {
        let text = daily(calm).await;
        assert!(text.contains(expected), "{expected} is missing in:\n{text}");
    }
    let same = daily("85").await;
    assert!(!same.contains("새 문제") && !same.contains("악화"), "{same}");
    bot.finish().await;
}
