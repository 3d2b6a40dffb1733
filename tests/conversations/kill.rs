//! Killed in mid-run: what was cut off is recorded as interrupted, and its message says so.

use std::time::Duration;

use crate::bot::{Bot, SMALL, is_report};

#[tokio::test]
async fn a_run_that_was_cut_off_says_so() {
    let mut bot = Bot::small().await;
    bot.write("wait", "");
    let asked = bot.seat("지민").slash("daily", &[]).await.unwrap();
    // The second change proves that the run and its place are kept.
    let message = asked.wait_for(|message| message.text().contains("1/2")).await.unwrap();
    bot.kill();
    std::fs::remove_file(bot.path("wait")).unwrap();
    bot.start();
    bot.ready().await;
    let message = bot
        .discord
        .channel("운영")
        .wait_for(|found| found.id() == message.id() && found.text().contains("중단됨"))
        .await
        .unwrap();
    assert!(message.text().contains("직접 확인 필요"), "{}", message.text());
    assert_eq!(message.buttons(), ["다시 점검"]);

    // It is never begun again by itself; whoever asks gets a run of their own.
    let report = bot.seat("지민").slash("daily", &[]).await.unwrap().wait_for(is_report).await.unwrap();
    assert!(report.text().contains("#2"), "{}", report.text());
    bot.finish().await;
}

#[tokio::test]
async fn asked_to_stop_in_mid_run_it_finishes_first() {
    let mut bot = Bot::small().await;
    bot.write("wait", "");
    let asked = bot.seat("지민").slash("daily", &[]).await.unwrap();
    asked.wait_for(|message| message.text().contains("1/2")).await.unwrap();
    let stopping = {
        let wait = bot.path("wait");
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(300)).await;
            std::fs::remove_file(wait).unwrap();
        })
    };
    assert_eq!(bot.stop().await, 0);
    stopping.await.unwrap();
    asked.wait_for(is_report).await.unwrap();
    bot.finish().await;
}

/// A bot in the middle of a run that takes a minute, and the message of it.
async fn in_a_long_run() -> (Bot, signoff_sandbox::Message) {
    let long = SMALL.replace("id     = \"patience\"", "id     = \"patience\"\n  deadline = \"60 s\"");
    assert_ne!(long, SMALL);
    let bot = Bot::prepare(&[("daily", &long)]).await;
    bot.write("calm", "12\n");
    let bot = bot.started().await;
    bot.write("wait", "");
    let asked = bot.seat("지민").slash("daily", &[]).await.unwrap();
    let message = asked.wait_for(|message| message.text().contains("1/2")).await.unwrap();
    (bot, message)
}

/// Two signals of a kind that come together are one.
async fn a_moment() {
    tokio::time::sleep(Duration::from_secs(1)).await;
}

/// Asks a second time to stop, and sees that what was cut off is told when the bot is back.
async fn stops_at_once((mut bot, message): (Bot, signoff_sandbox::Message)) {
    bot.signal("-TERM");
    a_moment().await;
    bot.signal("-TERM");
    assert_eq!(bot.ended().await, 0);
    assert!(bot.log().contains("not all has ended"), "{}", bot.log());
    std::fs::remove_file(bot.path("wait")).unwrap();
    bot.start();
    bot.ready().await;
    let told = |found: &signoff_sandbox::Message| found.id() == message.id() && found.text().contains("중단됨");
    bot.discord.channel("운영").wait_for(told).await.unwrap();
    bot.finish().await;
}

#[tokio::test]
async fn asked_twice_to_stop_it_waits_for_no_run_and_says_so_when_it_is_back() {
    stops_at_once(in_a_long_run().await).await;
}

#[tokio::test]
async fn it_can_be_stopped_while_it_waits_for_a_run_to_take_new_files() {
    let (bot, message) = in_a_long_run().await;
    bot.write_command("nightly", &SMALL.replace("일일체크", "야간체크"));
    bot.signal("-HUP");
    a_moment().await;
    stops_at_once((bot, message)).await;
}
