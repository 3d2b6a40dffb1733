//! What is mine: the requests that wait for my word; and what was filed as urgent and is overdue, told again each morning.

use std::time::Duration;

use signoff_sandbox::Message;

use crate::bot::Bot;
use crate::gated::RESTART;
use crate::signing::{CHANNEL, filled, opened, pressed, report};

const SIGNED: &str = include_str!("../data/signed.toml");

/// Friday, 27 November 2026, ten in the morning in Seoul.
const FRIDAY: &str = "2026-11-27T10:00:00+09:00";

async fn bot(more: &str) -> Bot {
    let bot = Bot::prepare_at(FRIDAY, &[("daily", SIGNED), ("restart", RESTART)], more).await;
    bot.write("calm", "85\n");
    bot.write("steady", "fine\n");
    bot.discord.give_role("Alex", "devops").unwrap();
    let bot = bot.started().await;
    bot.until_logged("what is due is kept in mind").await;
    bot
}

#[tokio::test]
async fn me_shows_what_waits_for_my_word_and_never_what_is_my_own() {
    let bot = bot("").await;
    let jimin = bot.seat("지민");
    let modal = jimin.slash("restart", &[("service", "serverpod")]).await.unwrap().modal().await.unwrap();
    let asked = jimin.submit_modal(&modal, &[("사유", "API가 응답하지 않습니다")]).await.unwrap();
    asked.wait_for(|message| message.text().contains("올렸습니다")).await.unwrap();
    let card = jimin.wait_for(|message| message.text().contains("위험도 ")).await.unwrap();
    let mine = async |who: &str| bot.seat(who).slash("me", &[]).await.unwrap().message().await.unwrap().text();
    let waits = mine("현우").await;
    assert!(waits.contains("내 승인을 기다리는 요청") && waits.contains("재시작 serverpod"), "{waits}");
    assert!(waits.contains("요청 지민") && waits.contains("https://discord.com/channels/"), "{waits}");
    for who in ["지민", "손님"] {
        let nothing = mine(who).await;
        assert!(!nothing.contains("재시작 serverpod"), "{who}: {nothing}");
    }
    let english = mine("Alex").await;
    assert!(english.contains("Restart serverpod · Here"), "{english}");
    bot.seat("현우").click(&card, "거절").await.unwrap().first_answer().await.unwrap();
    bot.finish().await;
}

/// Files the check that fails as urgent for 현우, due tomorrow.
async fn filed(bot: &Bot) {
    let jimin = bot.seat("지민");
    let report = report(&jimin).await;
    let walk = opened(&jimin, &report, "서명").await;
    let form = pressed(&jimin, &walk, "이슈로 등록").await;
    jimin.select(&form, "긴급도 바꾸기", &["높음"]).await.unwrap().first_answer().await.unwrap();
    jimin.select(&form, "담당자 바꾸기", &["현우"]).await.unwrap().first_answer().await.unwrap();
    jimin.select(&form, "기한 바꾸기", &["내일"]).await.unwrap().first_answer().await.unwrap();
    pressed(&jimin, &form.reload(), "등록").await;
    bot.discord.channel(CHANNEL).wait_for(|message| message.pings().users == ["현우"]).await.unwrap();
}

fn is_overdue(message: &Message) -> bool {
    message.text().contains("기한이 지난 긴급도 높음 이슈")
}

async fn overdue(bot: &Bot) -> Vec<Message> {
    tokio::time::sleep(Duration::from_millis(2500)).await;
    bot.discord.channel(CHANNEL).messages().into_iter().filter(is_overdue).collect()
}

#[tokio::test]
async fn what_is_urgent_and_overdue_pings_again_each_working_morning_until_it_is_closed() {
    let mut bot = bot("").await;
    filed(&bot).await;
    // Due on Saturday: not before it is over, and not at the weekend.
    for quiet in ["2026-11-28T09:00:05+09:00", "2026-11-29T09:00:05+09:00"] {
        bot.it_is(quiet);
        assert_eq!(overdue(&bot).await.len(), 0, "{quiet}");
    }
    bot.it_is("2026-11-30T09:00:05+09:00");
    let monday = bot.discord.channel(CHANNEL).wait_for(is_overdue).await.unwrap();
    assert_eq!(monday.pings().users, ["현우"]);
    assert!(monday.text().contains("1건") && monday.text().contains("**F1** 잔잔함"), "{}", monday.text());
    // Once a morning, whatever happens to the bot.
    bot.kill();
    bot.it_is("2026-11-30T13:00:00+09:00");
    bot.start();
    bot.ready().await;
    assert_eq!(overdue(&bot).await.len(), 1);
    bot.it_is("2026-12-01T09:00:05+09:00");
    let tuesday = |message: &Message| is_overdue(message) && message.id() != monday.id();
    let tuesday = bot.discord.channel(CHANNEL).wait_for(tuesday).await.unwrap();
    assert_eq!(tuesday.pings().users, ["현우"]);
    let hyunwoo = bot.seat("현우");
    let list = opened(&hyunwoo, &tuesday, "목록").await;
    hyunwoo.select(&list, "이슈 고르기", &["F1 잔잔함"]).await.unwrap().first_answer().await.unwrap();
    let closed = filled(&hyunwoo, &list.reload(), "닫기", &[("조치한 내용", "로그를 지웠습니다")]).await;
    assert!(closed.text().contains("닫힘"), "{}", closed.text());
    bot.it_is("2026-12-02T09:00:05+09:00");
    assert_eq!(overdue(&bot).await.len(), 2);
    bot.finish().await;
}

#[tokio::test]
async fn where_it_is_off_nobody_hears_of_it_again_and_who_left_is_not_pinged() {
    let off = bot("[findings]\noverdue = \"never\"").await;
    filed(&off).await;
    off.it_is("2026-11-30T09:00:05+09:00");
    assert_eq!(overdue(&off).await.len(), 0);
    off.finish().await;

    let at_noon = bot("[findings]\noverdue = \"0 12 * * *\"").await;
    filed(&at_noon).await;
    at_noon.discord.remove_member("현우").unwrap();
    at_noon.it_is("2026-11-29T12:00:05+09:00");
    let told = at_noon.discord.channel(CHANNEL).wait_for(is_overdue).await.unwrap();
    assert!(told.pings().is_nobody(), "{}", told.text());
    at_noon.finish().await;
}
