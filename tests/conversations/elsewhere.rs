//! Clicks that this program never offered: forged, from direct messages, about runs that are not there.

use crate::bot::{Bot, is_report};

#[tokio::test]
async fn a_forged_click_does_nothing_and_says_so() {
    let bot = Bot::small().await;
    let jimin = bot.seat("지민");
    let report = jimin.slash("daily", &[]).await.unwrap().wait_for(is_report).await.unwrap();
    for (forged, answer) in [
        ("details:999", "#999 점검 기록이 없습니다"),
        ("again:999", "#999 점검 기록이 없습니다"),
        ("restart:1", "더 이상 사용할 수 없는 버튼입니다"),
        ("details:1; DROP TABLE run", "더 이상 사용할 수 없는 버튼입니다"),
    ] {
        let told = jimin.forge_click(&report, forged, |_| {}).await.unwrap().message().await.unwrap();
        assert!(told.is_ephemeral());
        assert!(told.text().contains(answer), "{forged}: {}", told.text());
    }
    assert_eq!(bot.runs(), 1);
    bot.finish().await;
}

#[tokio::test]
async fn another_guild_gets_nothing_out_of_it() {
    let bot = Bot::small().await;
    let jimin = bot.seat("지민");
    let report = jimin.slash("daily", &[]).await.unwrap().wait_for(is_report).await.unwrap();
    let elsewhere = |event: &mut serde_json::Value| event["guild_id"] = "2000000000000000001".into();
    for id in ["details:1", "again:1"] {
        let told = jimin.forge_click(&report, id, elsewhere).await.unwrap().message().await.unwrap();
        assert!(told.text().contains("정해진 Discord 서버에서만"), "{}", told.text());
    }
    assert_eq!(bot.runs(), 1);
    bot.finish().await;
}
