//! Nine o'clock: who is on is named and notified with the result, once; what nobody signs is not forgotten.

use std::time::Duration;

use signoff_sandbox::Message;

use crate::bot::{Bot, SMALL};
use crate::signing::{opened, pressed};

pub const CHANNEL: &str = "운영";
pub const LOG: &str = "signoff-log";

/// Thursday, 3 December 2026: Jimin's day. Seoul is nine hours ahead, so that nine o'clock is midnight here.
pub const DUTY: &str = r#"
    [people.jimin]
    id = "1000000000000000201"
    [people.hyunwoo]
    id = "1000000000000000202"
    [rota.daily]
    order = ["jimin", "hyunwoo"]
    turn = "day"
    handover = "09:00"
    starts = "2026-12-03"
    [schedule.daily]
    cron = "0 9 * * *"
    window = "2 h"
    channel = "1000000000000000101"
    overdue = { person = "1 h", deputy = "3 h", role = "6 h" }
    role = "operations"
    [digest]
    cron = "0 17 * * FRI"
    channel = "1000000000000000101"
    [log]
    channel = "1000000000000000102"
"#;

pub const BEFORE_NINE: &str = "2026-12-02T23:50:00Z";
pub const NINE: &str = "2026-12-03T00:00:01Z";
/// Twenty to eleven of that day in Seoul.
pub const LATE: &str = "2026-12-03T01:40:00Z";

/// The small checklist, signed every day.
pub fn signed() -> String {
    format!("signed = \"day\"\n{SMALL}")
}

/// A bot that was away from before nine until [`LATE`], and the reminder that it posted then.
pub async fn back_late() -> (Bot, Message) {
    let mut bot = before_nine().await;
    assert_eq!(bot.stop().await, 0);
    bot.it_is(LATE);
    bot.start();
    bot.ready().await;
    let reminder = bot.discord.channel(CHANNEL).wait_for(is_reminder).await.unwrap();
    (bot, reminder)
}

/// A bot at ten to nine.
pub async fn before_nine() -> Bot {
    let bot = Bot::prepare_at(BEFORE_NINE, &[("daily", &signed())], DUTY).await;
    bot.write("calm", "12\n");
    let bot = bot.started().await;
    // Schedules count from when they were first seen.
    bot.until_logged("what is due is kept in mind").await;
    bot
}

pub fn is_reminder(message: &Message) -> bool {
    message.buttons().iter().any(|button| button == "넘기기")
}

/// The messages in the team's channel, after time for one more.
pub async fn settled(bot: &Bot) -> Vec<Message> {
    tokio::time::sleep(Duration::from_millis(2500)).await;
    bot.discord.channel(CHANNEL).messages()
}

/// Waits for the next message in `channel` that is none of `known`.
pub async fn next(bot: &Bot, channel: &str, known: &[&Message]) -> Message {
    let ids: Vec<_> = known.iter().map(|message| message.id()).collect();
    let channel = bot.discord.channel(channel).patient(Duration::from_secs(20));
    channel.wait_for(|message| !ids.contains(&message.id())).await.unwrap()
}

#[tokio::test]
async fn at_nine_the_result_is_there_and_names_who_is_on() {
    let bot = before_nine().await;
    assert_eq!(settled(&bot).await.len(), 0, "nothing before nine");
    bot.it_is(NINE);
    let reminder = bot.discord.channel(CHANNEL).wait_for(is_reminder).await.unwrap();
    let pings = reminder.pings();
    assert_eq!((pings.users, pings.roles, pings.everyone), (vec!["지민".to_owned()], vec![], false));
    let text = reminder.text();
    for part in ["일일 체크 · 여기", "✅ 정상 2", "담당자", "기한"] {
        assert!(text.contains(part), "{part} is missing in:\n{text}");
    }
    assert!(!text.contains("늦은"), "{text}");
    assert_eq!(reminder.buttons(), ["자세히", "다시 점검", "서명", "넘기기", "1시간 뒤"]);
    assert_eq!(bot.runs(), 1);
    assert_eq!(settled(&bot).await.len(), 1);

    // The next day it is somebody else's turn.
    bot.it_is("2026-12-04T00:00:01Z");
    let tomorrow = next(&bot, CHANNEL, &[&reminder]).await;
    assert_eq!(tomorrow.pings().users, ["현우"]);
    bot.finish().await;
}

#[tokio::test]
async fn a_clock_that_goes_back_posts_nothing_twice() {
    let bot = before_nine().await;
    bot.it_is(NINE);
    bot.discord.channel(CHANNEL).wait_for(is_reminder).await.unwrap();
    bot.it_is("2026-12-02T23:30:00Z");
    assert_eq!(settled(&bot).await.len(), 1);
    bot.it_is("2026-12-03T00:00:30Z");
    assert_eq!(settled(&bot).await.len(), 1);
    bot.finish().await;
}

#[tokio::test]
async fn what_could_not_be_posted_in_time_comes_late_and_says_so() {
    let (bot, reminder) = back_late().await;
    assert_eq!(reminder.pings().users, ["지민"]);
    assert!(reminder.text().contains("늦은 알림입니다"), "{}", reminder.text());
    bot.finish().await;
}

#[tokio::test]
async fn what_is_too_late_is_told_as_missed_in_one_message_and_pings_nobody() {
    let mut bot = before_nine().await;
    assert_eq!(bot.stop().await, 0);
    // Two and a half hours after the second of them.
    bot.it_is("2026-12-04T02:30:00Z");
    bot.start();
    bot.ready().await;
    let missed = next(&bot, CHANNEL, &[]).await;
    assert!(missed.text().contains("알림 2건") && missed.text().contains("누락"), "{}", missed.text());
    // Whose days they were: Jimin's, then Hyunwoo's.
    let whose: Vec<_> = missed.text().lines().filter(|line| line.contains("• ")).map(str::to_owned).collect();
    assert!(whose.len() == 2 && whose[0].contains("@지민") && whose[1].contains("@현우"), "{}", missed.text());
    assert!(missed.pings().is_nobody());
    // It is looked at when somebody asks for it, and never by itself.
    assert_eq!(bot.runs(), 0);
    let run = bot.seat("지민").click(&missed, "지금 점검").await.unwrap();
    run.wait_for(crate::bot::is_report).await.unwrap();
    assert_eq!(bot.runs(), 1);
    bot.kill();
    bot.start();
    bot.ready().await;
    assert_eq!(settled(&bot).await.len(), 2, "{}", bot.discord.channel(CHANNEL).transcript());
    bot.finish().await;
}

#[tokio::test]
async fn what_nobody_signs_goes_to_the_person_the_deputy_and_the_role() {
    let bot = before_nine().await;
    bot.it_is(NINE);
    let reminder = bot.discord.channel(CHANNEL).wait_for(is_reminder).await.unwrap();
    bot.it_is("2026-12-03T00:59:00Z");
    assert_eq!(settled(&bot).await.len(), 1);
    bot.it_is("2026-12-03T01:00:01Z");
    let person = next(&bot, CHANNEL, &[&reminder]).await;
    assert_eq!(person.pings().users, ["지민"]);
    assert!(person.text().contains("기한이 지났습니다"), "{}", person.text());
    bot.it_is("2026-12-03T03:00:01Z");
    let deputy = next(&bot, CHANNEL, &[&reminder, &person]).await;
    assert_eq!(deputy.pings().users, ["현우"], "the next of the rota");
    bot.it_is("2026-12-03T06:00:01Z");
    let role = next(&bot, CHANNEL, &[&reminder, &person, &deputy]).await;
    assert_eq!((role.pings().users, role.pings().roles), (vec![], vec!["operations".to_owned()]));
    assert_eq!(settled(&bot).await.len(), 4);
    bot.finish().await;
}

#[tokio::test]
async fn after_a_long_silence_only_the_step_that_goes_furthest_is_posted() {
    let mut bot = before_nine().await;
    bot.it_is(NINE);
    let reminder = bot.discord.channel(CHANNEL).wait_for(is_reminder).await.unwrap();
    bot.kill();
    bot.it_is("2026-12-03T07:00:00Z");
    bot.start();
    bot.ready().await;
    let role = next(&bot, CHANNEL, &[&reminder]).await;
    assert_eq!(role.pings().roles, ["operations"]);
    assert_eq!(settled(&bot).await.len(), 2);
    bot.finish().await;
}

#[tokio::test]
async fn who_asks_for_an_hour_has_it() {
    let bot = before_nine().await;
    bot.it_is(NINE);
    let reminder = bot.discord.channel(CHANNEL).wait_for(is_reminder).await.unwrap();
    bot.it_is("2026-12-03T00:30:00Z");
    let snoozed = bot.seat("지민").click(&reminder, "1시간 뒤").await.unwrap().message().await.unwrap();
    assert!(snoozed.is_ephemeral() && snoozed.text().contains("다시 알리겠습니다"), "{}", snoozed.text());
    // Ten o'clock, when nobody has signed, falls into that hour.
    bot.it_is("2026-12-03T01:10:00Z");
    assert_eq!(settled(&bot).await.len(), 1);
    bot.it_is("2026-12-03T01:30:30Z");
    let again = next(&bot, CHANNEL, &[&reminder, &snoozed]).await;
    assert_eq!(again.pings().users, ["지민"]);
    assert!(again.text().contains("다시 알림 · 기한"), "{}", again.text());
    // Another hour, from there.
    bot.seat("지민").click(&again, "1시간 뒤").await.unwrap().message().await.unwrap();
    bot.it_is("2026-12-03T02:31:30Z");
    next(&bot, CHANNEL, &[&reminder, &snoozed, &again]).await;
    bot.finish().await;
}

#[tokio::test]
async fn handed_over_it_is_the_others_and_they_hear_of_it() {
    let bot = before_nine().await;
    bot.it_is(NINE);
    let reminder = bot.discord.channel(CHANNEL).wait_for(is_reminder).await.unwrap();
    let refused = bot.seat("손님").click(&reminder, "넘기기").await.unwrap().message().await.unwrap();
    assert!(refused.is_ephemeral() && refused.text().contains("권한이 없습니다"), "{}", refused.text());

    let jimin = bot.seat("지민");
    let whom = jimin.click(&reminder, "넘기기").await.unwrap().message().await.unwrap();
    assert!(whom.is_ephemeral() && whom.text().contains("누구에게"), "{}", whom.text());
    let cannot = jimin.select(&whom, "담당자 선택", &["손님"]).await.unwrap();
    cannot.first_answer().await.unwrap();
    assert!(whom.reload().text().contains("담당 권한이 없습니다"), "{}", whom.reload().text());

    let whom = jimin.click(&reminder, "넘기기").await.unwrap().message().await.unwrap();
    jimin.select(&whom, "담당자 선택", &["현우"]).await.unwrap().first_answer().await.unwrap();
    let told = bot.discord.channel(CHANNEL).wait_for(|message| message.pings().users == ["현우"]).await.unwrap();
    assert!(told.text().contains("@지민 → @현우"), "{}", told.text());
    bot.discord
        .channel(CHANNEL)
        .wait_for(|message| message.id() == reminder.id() && message.text() != reminder.text())
        .await
        .unwrap();
    assert!(reminder.reload().text().contains("✅ 정상 2"), "the result stays: {}", reminder.reload().text());
    // An hour after it was due it is the other who is reminded.
    bot.it_is("2026-12-03T01:00:01Z");
    let overdue = bot.discord.channel(CHANNEL).wait_for(|message| message.text().contains("지났습니다")).await.unwrap();
    assert_eq!(overdue.pings().users, ["현우"]);
    bot.finish().await;
}

#[tokio::test]
async fn once_signed_nobody_is_reminded_and_the_reminder_says_so() {
    let bot = before_nine().await;
    bot.it_is(NINE);
    let reminder = bot.discord.channel(CHANNEL).wait_for(is_reminder).await.unwrap();
    bot.until_logged("reminded").await;
    let jimin = bot.seat("지민");
    let walk = opened(&jimin, &reminder, "서명").await;
    pressed(&jimin, &walk, "서명하기").await;
    let shown = bot
        .discord
        .channel(CHANNEL)
        .wait_for(|message| message.id() == reminder.id() && message.text().contains("서명: 지민"))
        .await
        .unwrap();
    assert!(shown.text().contains("담당자"), "it is still a reminder: {}", shown.text());
    assert_eq!(shown.buttons(), ["자세히", "다시 점검", "서명 보기"]);
    let late = jimin.forge_click(&reminder, "duty:snooze:1", |_| {}).await.unwrap().message().await.unwrap();
    assert!(late.text().contains("이미 완료되었습니다"), "{}", late.text());
    for later in ["2026-12-03T01:00:05Z", "2026-12-03T03:00:05Z", "2026-12-03T06:00:05Z"] {
        bot.it_is(later);
        let reminded = settled(&bot).await.iter().any(|message| message.text().contains("지났습니다"));
        assert!(!reminded, "{later}: {}", bot.discord.channel(CHANNEL).transcript());
    }
    bot.finish().await;
}

#[tokio::test]
async fn once_a_week_what_is_overdue_is_listed_quietly() {
    let bot = before_nine().await;
    bot.it_is(NINE);
    bot.discord.channel(CHANNEL).wait_for(is_reminder).await.unwrap();
    bot.it_is("2026-12-04T00:00:01Z");
    bot.discord
        .channel(CHANNEL)
        .wait_for(|message| is_reminder(message) && message.pings().users == ["현우"])
        .await
        .unwrap();
    bot.it_is("2026-12-04T08:00:01Z");
    let digest = bot.discord.channel(CHANNEL).wait_for(|message| message.text().contains("🗒️")).await.unwrap();
    assert!(digest.text().contains("서명되지 않은 점검 2건"), "{}", digest.text());
    assert!(digest.pings().is_nobody() && digest.is_silent(), "it can wait until somebody looks");
    let others = bot.discord.channel(CHANNEL).messages().into_iter().filter(|message| message.id() != digest.id());
    assert!(others.into_iter().all(|message| !message.is_silent()), "a reminder cannot");
    let again = bot.seat("지민").click(&digest, "다시 보기").await.unwrap().message().await.unwrap();
    assert!(again.is_ephemeral() && again.text().contains("2건"), "{}", again.text());
    bot.finish().await;
}

#[tokio::test]
async fn what_is_no_checklist_is_done_with_one_tap() {
    let drill = format!(
        "{DUTY}
        [schedule.drill]
        title = {{ ko = \"재해 복구 훈련\", en = \"Drill\" }}
        cron = \"0 9 3 * *\"
        channel = \"1000000000000000102\"
        overdue = {{ role = \"1 h\" }}
        role = \"operations\""
    );
    let bot = Bot::prepare_at(BEFORE_NINE, &[("daily", SMALL)], &drill).await;
    bot.write("calm", "12\n");
    let bot = bot.started().await;
    bot.until_logged("what is due is kept in mind").await;
    bot.it_is(NINE);
    let due = bot.discord.channel(LOG).wait_for(is_reminder).await.unwrap();
    assert!(due.text().contains("재해 복구 훈련"), "{}", due.text());
    assert_eq!(due.pings().roles, ["operations"]);
    let jimin = bot.discord.as_user("지민").in_channel(LOG);
    let done = jimin.click(&due, "완료").await.unwrap().message().await.unwrap();
    assert!(done.text().contains("완료했습니다"), "{}", done.text());
    let twice = jimin.forge_click(&due, "duty:done:2", |_| {}).await.unwrap().message().await.unwrap();
    assert!(twice.is_ephemeral(), "{}", twice.text());
    bot.discord
        .channel(LOG)
        .wait_for(|message| message.id() == due.id() && message.buttons().is_empty())
        .await
        .unwrap();
    // Nobody is reminded of what is done.
    bot.it_is("2026-12-03T01:00:05Z");
    tokio::time::sleep(Duration::from_millis(2500)).await;
    assert!(!bot.discord.channel(LOG).messages().iter().any(|message| message.text().contains("지났습니다")));
    bot.finish().await;
}
