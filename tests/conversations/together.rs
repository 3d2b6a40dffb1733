//! Several people at once: one run on a host at a time, shared by all who ask.

use crate::bot::{Bot, is_report};

#[tokio::test]
async fn two_who_press_again_together_share_one_run() {
    let bot = Bot::small().await;
    let (jimin, hyunwoo) = (bot.seat("지민"), bot.seat("현우"));
    let report = jimin.slash("daily", &[]).await.unwrap().wait_for(is_report).await.unwrap();
    assert_eq!(bot.runs(), 1);

    bot.write("wait", "");
    let (one, other) = tokio::join!(jimin.click(&report, "다시 점검"), hyunwoo.click(&report, "다시 점검"));
    let (one, other) = (one.unwrap(), other.unwrap());
    let (first, second) = (one.message().await.unwrap(), other.message().await.unwrap());
    let (shown, told) = if first.is_ephemeral() { (&other, first) } else { (&one, second) };
    assert!(told.is_ephemeral());
    assert!(told.text().contains("이미 점검 중입니다"), "{}", told.text());
    std::fs::remove_file(bot.path("wait")).unwrap();
    shown.wait_for(is_report).await.unwrap();
    assert_eq!(bot.runs(), 2);
    bot.finish().await;
}

#[tokio::test]
async fn another_channel_sees_the_same_run() {
    let bot = Bot::small().await;
    bot.write("wait", "");
    let here = bot.seat("지민").slash("daily", &[]).await.unwrap();
    here.message().await.unwrap();
    let there = bot.discord.as_user("현우").in_channel("signoff-log").slash("daily", &[]).await.unwrap();
    there.message().await.unwrap();
    std::fs::remove_file(bot.path("wait")).unwrap();
    let (here, there) = (here.wait_for(is_report).await.unwrap(), there.wait_for(is_report).await.unwrap());
    assert!(here.text().contains("#1") && there.text().contains("#1"), "{}\n{}", here.text(), there.text());
    assert_eq!(bot.runs(), 1);
    bot.finish().await;
}
