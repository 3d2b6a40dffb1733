//! Killed in mid-run: what was cut off is recorded as interrupted, and its message says so.

use crate::bot::{Bot, is_report};

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
            tokio::time::sleep(std::time::Duration::from_millis(300)).await;
            std::fs::remove_file(wait).unwrap();
        })
    };
    assert_eq!(bot.stop().await, 0);
    stopping.await.unwrap();
    asked.wait_for(is_report).await.unwrap();
    bot.finish().await;
}
