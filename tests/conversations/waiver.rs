//! A waiver from its beginning to its end, by the moved clock: waived and never pass, announced a day before, and over.

use signoff_sandbox::{Fault, Message};

use crate::bot::{Bot, is_report};
use crate::signing::{CHANNEL, filled, opened, pressed};

const SIGNED: &str = include_str!("../data/signed.toml");

/// Monday, ten in the morning in Seoul.
const MONDAY: &str = "2026-11-23T10:00:00+09:00";

/// A bot whose only trouble is waived until Friday, nine o'clock.
async fn waived() -> Bot {
    let bot = Bot::prepare_at(MONDAY, &[("daily", SIGNED)], "").await;
    bot.write("calm", "75\n");
    bot.write("steady", "fine\n");
    let bot = bot.started().await;
    let jimin = bot.seat("지민");
    let walk = opened(&jimin, &report(&bot).await, "서명").await;
    let texts = [("유예 사유", "목요일에 디스크를 늘립니다"), ("until", "2026-11-27 09:00")];
    let walk = filled(&jimin, &walk, "유예", &texts).await;
    let done = pressed(&jimin, &walk, "서명하기").await;
    assert!(done.text().contains("서명했습니다") && done.text().contains("⏳"), "{}", done.text());
    bot
}

async fn report(bot: &Bot) -> Message {
    bot.seat("지민").slash("daily", &[]).await.unwrap().wait_for(is_report).await.unwrap()
}

/// What was posted of the end of waivers, after time for one more.
async fn ends(bot: &Bot) -> Vec<Message> {
    tokio::time::sleep(std::time::Duration::from_millis(2500)).await;
    let all = bot.discord.channel(CHANNEL).messages().into_iter();
    all.filter(|message| message.text().contains("유예 종료")).collect()
}

#[tokio::test]
async fn it_is_waived_and_never_pass_until_its_end_which_is_announced_a_day_before() {
    let bot = waived().await;
    bot.it_is("2026-11-26T08:59:00+09:00");
    assert_eq!(ends(&bot).await.len(), 0, "more than a day before");
    bot.it_is("2026-11-26T09:00:05+09:00");
    let told = bot.discord.channel(CHANNEL).wait_for(|found| found.text().contains("유예 종료 예정")).await.unwrap();
    assert_eq!(told.pings().users, ["지민"], "who took it on");
    for part in ["잔잔함", "목요일에 디스크를 늘립니다", "<t:1795737600:f>"] {
        assert!(told.text().contains(part), "{part} is missing in:\n{}", told.text());
    }
    bot.it_is("2026-11-27T08:59:50+09:00");
    let last = report(&bot).await;
    assert!(last.text().contains("⏳ 유예 1") && last.text().contains("✅ 정상 1"), "{}", last.text());
    // A form of that day does not tick its item either.
    let form = bot.seat("지민").slash("report", &[("period", "2026-11-27")]).await.unwrap().message().await.unwrap();
    let form = form.files()[0].text();
    assert!(form.contains("[ ]") && form.contains("유예") && !form.contains("[x] 첫째"), "{form}");
    bot.it_is("2026-11-27T09:00:01+09:00");
    let over = report(&bot).await;
    assert!(over.text().contains("주의 1") && !over.text().contains("유예 1"), "{}", over.text());
    // What was said of it then is not said of it now.
    let walk = opened(&bot.seat("지민"), &over, "서명").await;
    assert!(!walk.buttons().contains(&"서명하기".to_owned()), "{}", walk.text());
    assert_eq!(ends(&bot).await.len(), 1, "it is announced once");
    bot.finish().await;
}

#[tokio::test]
async fn killed_after_it_was_announced_it_is_not_announced_again_when_the_nonce_is_forgotten() {
    let mut bot = waived().await;
    // It is posted, and the bot never learns of it.
    bot.discord.faults().always("POST /channels/*/messages", Fault::LoseAnswer);
    bot.it_is("2026-11-26T09:00:05+09:00");
    bot.discord.channel(CHANNEL).wait_for(|found| found.text().contains("유예 종료 예정")).await.unwrap();
    bot.kill();
    bot.discord.faults().clear();
    bot.it_is("2026-11-26T15:00:00+09:00");
    bot.start();
    bot.ready().await;
    assert_eq!(ends(&bot).await.len(), 1, "{}", bot.discord.channel(CHANNEL).transcript());
    bot.finish().await;
}

#[tokio::test]
async fn an_end_that_came_while_the_bot_was_away_is_told_late_and_once() {
    let mut bot = waived().await;
    assert_eq!(bot.stop().await, 0);
    bot.it_is("2026-11-28T10:00:00+09:00");
    bot.start();
    bot.ready().await;
    let told = bot.discord.channel(CHANNEL).wait_for(|found| found.text().contains("유예가 끝났습니다")).await.unwrap();
    assert_eq!(told.pings().users, ["지민"]);
    bot.kill();
    bot.start();
    bot.ready().await;
    assert_eq!(ends(&bot).await.len(), 1);
    bot.finish().await;
}
