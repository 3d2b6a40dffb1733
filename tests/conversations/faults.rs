//! Discord at its worst: errors, silence, limits, a gateway that goes away. Nothing is lost, and nothing is said twice.

use std::time::Duration;

use signoff_sandbox::Fault;

use crate::bot::{Bot, is_report};

/// The edits of an interaction's first answer.
const EDIT: &str = "PATCH /webhooks/*/*/messages/@original";

#[tokio::test]
async fn errors_at_the_last_change_are_outlasted() {
    for fault in
        [Fault::Status(500), Fault::Status(503), Fault::Close, Fault::LoseAnswer, Fault::Hang(Duration::from_secs(2))]
    {
        let bot = Bot::small().await;
        bot.discord.faults().next(2, EDIT, fault);
        let asked = bot.seat("지민").slash("daily", &[]).await.unwrap();
        let report = asked.wait_for(is_report).await.unwrap();
        assert!(report.text().contains("✅ 정상 2"), "{}", report.text());
        bot.finish().await;
    }
}

#[tokio::test]
async fn a_limit_is_waited_out() {
    let bot = Bot::small().await;
    bot.discord.faults().next(1, EDIT, Fault::RateLimited { retry_after: Duration::from_secs(1), global: false });
    let asked = bot.seat("지민").slash("daily", &[]).await.unwrap();
    asked.wait_for(is_report).await.unwrap();
    bot.finish().await;
}

#[tokio::test]
async fn a_first_answer_that_got_lost_is_not_given_twice() {
    let bot = Bot::small().await;
    bot.discord.faults().next(1, "POST /interactions/*/*/callback", Fault::LoseAnswer);
    let asked = bot.seat("지민").slash("daily", &[]).await.unwrap();
    asked.wait_for(is_report).await.unwrap();
    let shown = bot.discord.channel("운영").messages();
    assert_eq!(shown.len(), 1, "{}", bot.discord.channel("운영").transcript());
    bot.finish().await;
}

#[tokio::test]
async fn a_run_whose_first_answer_never_got_through_is_shown_to_who_asks_next() {
    let bot = Bot::small().await;
    bot.write("wait", "");
    bot.discord.faults().always("POST /interactions/*/*/callback", Fault::Status(500));
    let asked = bot.seat("지민").slash("daily", &[]).await.unwrap();
    bot.until_logged("an interaction could not be answered").await;
    asked.expect_no_answer();
    bot.discord.faults().clear();
    // It goes on all the same, and the channel that did not come to show it is free to.
    let asked = bot.seat("현우").slash("daily", &[]).await.unwrap();
    asked.message().await.unwrap();
    std::fs::remove_file(bot.path("wait")).unwrap();
    let report = asked.wait_for(is_report).await.unwrap();
    assert!(report.text().contains("#1"), "{}", report.text());
    assert_eq!(bot.runs(), 1);
    bot.finish_with(&["an interaction could not be answered"]).await;
}

/// Takes a minute: that is how often the bot looks for what was not told.
#[tokio::test]
async fn an_end_that_discord_refused_is_told_a_minute_later() {
    let bot = Bot::small().await;
    bot.discord.faults().always(EDIT, Fault::Status(404));
    let asked = bot.seat("지민").slash("daily", &[]).await.unwrap();
    bot.until_logged("a report could not be shown yet").await;
    bot.discord.faults().clear();
    let report = asked.patient(Duration::from_secs(75)).wait_for(is_report).await.unwrap();
    assert!(report.text().contains("✅ 정상 2"), "{}", report.text());
    bot.finish().await;
}

#[tokio::test]
async fn the_gateway_dropped_in_mid_run_costs_nothing() {
    let bot = Bot::small().await;
    bot.write("wait", "");
    let asked = bot.seat("지민").slash("daily", &[]).await.unwrap();
    asked.message().await.unwrap();
    bot.discord.faults().drop_gateway(None);
    std::fs::remove_file(bot.path("wait")).unwrap();
    asked.wait_for(is_report).await.unwrap();
    bot.discord.wait_for_bot().await.unwrap();
    let report = bot.seat("현우").slash("daily", &[]).await.unwrap().wait_for(is_report).await.unwrap();
    assert!(report.text().contains("#2"));
    bot.finish().await;
}

#[tokio::test]
async fn a_session_that_cannot_be_resumed_registers_nothing_anew() {
    let bot = Bot::small().await;
    let registered = bot.discord.count("PUT /applications/*/guilds/*/commands");
    let identified = bot.discord.identifies();
    bot.discord.faults().refuse_resumes(1).drop_gateway(None);
    let patience = std::time::Instant::now() + Duration::from_secs(30);
    while bot.discord.identifies() == identified || !bot.discord.bot_is_online() {
        assert!(std::time::Instant::now() < patience, "it never came back:\n{}", bot.log());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    bot.seat("지민").slash("daily", &[]).await.unwrap().wait_for(is_report).await.unwrap();
    assert_eq!(bot.discord.count("PUT /applications/*/guilds/*/commands"), registered);
    bot.finish().await;
}

#[tokio::test]
async fn a_wrong_token_is_told_and_ends_it() {
    let mut bot = Bot::prepare(&[("daily", crate::bot::SMALL)]).await;
    bot.write("token", "not.the.token");
    let config = std::fs::read_to_string(bot.path("bot.toml")).unwrap();
    bot.write("bot.toml", config.replace(r#"{ env = "DISCORD_TOKEN" }"#, r#"{ file = "token" }"#));
    bot.start();
    let patience = std::time::Instant::now() + Duration::from_secs(20);
    while !bot.log().contains("봇 토큰을 받아들이지 않았습니다") {
        assert!(std::time::Instant::now() < patience, "{}", bot.log());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(!bot.log().contains("not.the.token"));
}

#[tokio::test]
async fn an_unknown_event_is_noticed() {
    let bot = Bot::small().await;
    bot.discord.send_raw_event("GUILD_BAN_ADD", &serde_json::json!({ "nonsense": true }));
    let patience = std::time::Instant::now() + Duration::from_secs(10);
    while !bot.log().contains("An unknown event was received") {
        assert!(std::time::Instant::now() < patience, "the harness would not notice:\n{}", bot.log());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
