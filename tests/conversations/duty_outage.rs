//! What becomes of reminders when Discord takes none for a while, when much was written meanwhile, and when a check is due
//! late at night or by the clocks of somewhere else: nobody is reminded twice, and nobody of what is signed.

use signoff_sandbox::Fault;

use crate::bot::Bot;
use crate::duty::{CHANNEL, DUTY, LOG, NINE, before_nine, is_reminder, next, settled, signed};
use crate::signing::{opened, pressed, sign};

const POST: &str = "POST /channels/*/messages";
const NOT_YET: &str = "what was to be told could not be posted yet";

/// A reminder of nine o'clock, after which Discord takes no message; the assignee was to be reminded at ten.
async fn untold_at_ten() -> (Bot, signoff_sandbox::Message) {
    let bot = before_nine().await;
    bot.it_is(NINE);
    let reminder = bot.discord.channel(CHANNEL).wait_for(is_reminder).await.unwrap();
    bot.until_logged("reminded").await;
    bot.discord.faults().always(POST, Fault::Status(503));
    bot.it_is("2026-12-03T01:00:01Z");
    bot.until_logged(NOT_YET).await;
    (bot, reminder)
}

#[tokio::test]
async fn after_an_outage_of_discord_only_the_step_that_goes_furthest_pings() {
    let (bot, reminder) = untold_at_ten().await;
    // The deputy was to hear of it at noon, and the role at three.
    for (moment, key) in [("2026-12-03T03:00:01Z", "key=\"deputy-1\""), ("2026-12-03T06:00:01Z", "key=\"role-1\"")] {
        bot.it_is(moment);
        bot.until_logged(&format!("{NOT_YET} {key}")).await;
    }
    bot.discord.faults().clear();
    let role = next(&bot, CHANNEL, &[&reminder]).await;
    assert_eq!((role.pings().users, role.pings().roles), (vec![], vec!["operations".to_owned()]));
    assert_eq!(settled(&bot).await.len(), 2, "{}", bot.discord.channel(CHANNEL).transcript());
    bot.finish().await;
}

#[tokio::test]
async fn what_was_signed_during_an_outage_reminds_nobody_after_it() {
    let (bot, reminder) = untold_at_ten().await;
    sign(&bot, &bot.seat("지민"), &reminder, "지민").await;
    // The try that goes on meanwhile is given up first.
    bot.until_logged("says nothing any more").await;
    bot.discord.faults().clear();
    assert_eq!(settled(&bot).await.len(), 1, "{}", bot.discord.channel(CHANNEL).transcript());
    bot.finish().await;
}

#[tokio::test]
async fn what_has_no_button_is_known_again_as_well() {
    let mut bot = before_nine().await;
    bot.discord.faults().always(POST, Fault::LoseAnswer);
    let options = [("checklist", "daily"), ("person", "현우"), ("from", "12/3")];
    bot.seat("지민").slash("assign", &options).await.unwrap().message().await.unwrap();
    let is_told = |message: &signoff_sandbox::Message| message.pings().users == ["현우"];
    bot.discord.channel(CHANNEL).wait_for(is_told).await.unwrap();
    bot.kill();
    bot.discord.faults().clear();
    // The nonce is forgotten.
    bot.it_is("2026-12-02T23:58:30Z");
    bot.start();
    bot.ready().await;
    bot.until_logged("was told already").await;
    let told = settled(&bot).await.into_iter().filter(is_told).count();
    assert_eq!(told, 1, "{}", bot.discord.channel(CHANNEL).transcript());
    bot.finish().await;
}

#[tokio::test]
async fn a_reminder_is_found_again_below_much_that_was_written_since() {
    let mut bot = before_nine().await;
    bot.discord.faults().always(POST, Fault::LoseAnswer);
    bot.it_is(NINE);
    bot.discord.channel(CHANNEL).wait_for(is_reminder).await.unwrap();
    bot.kill();
    bot.discord.faults().clear();
    bot.it_is("2026-12-03T00:40:00Z");
    let jimin = bot.seat("지민");
    for number in 0..230 {
        jimin.say(&format!("이야기 {number}")).await.unwrap();
    }
    bot.start();
    bot.ready().await;
    bot.until_logged("reminded").await;
    let reminders = settled(&bot).await.into_iter().filter(is_reminder).count();
    assert_eq!(reminders, 1, "it is posted once");
    bot.finish().await;
}

/// A bot whose daily check is due at another hour, at `moment`.
async fn due_at(moment: &str, cron: &str) -> Bot {
    let duty = DUTY.replace("cron = \"0 9 * * *\"", cron);
    assert_ne!(duty, DUTY);
    let bot = Bot::prepare_at(moment, &[("daily", &signed())], &duty).await;
    bot.write("calm", "12\n");
    let bot = bot.started().await;
    bot.until_logged("what is due is kept in mind").await;
    bot
}

/// Signs the reminder, and sees that nobody is reminded at `overdue`.
async fn signed_and_left_alone(bot: &Bot, overdue: &str) {
    let reminder = bot.discord.channel(CHANNEL).wait_for(is_reminder).await.unwrap();
    bot.until_logged("reminded").await;
    let jimin = bot.seat("지민");
    let walk = opened(&jimin, &reminder, "서명").await;
    pressed(&jimin, &walk, "서명하기").await;
    bot.discord.channel(CHANNEL).wait_for(|message| message.text().contains("서명: 지민")).await.unwrap();
    let again = jimin.forge_click(&reminder, "duty:snooze:1", |_| {}).await.unwrap().message().await.unwrap();
    assert!(again.text().contains("이미 완료되었습니다"), "{}", again.text());
    bot.it_is(overdue);
    let reminded = settled(bot).await.iter().any(|message| message.text().contains("지났습니다"));
    assert!(!reminded, "{}", bot.discord.channel(CHANNEL).transcript());
}

#[tokio::test]
async fn what_was_due_before_midnight_and_came_after_it_is_done_when_it_is_signed() {
    // Twenty past eleven at night in Seoul.
    let mut bot = due_at("2026-12-03T14:20:00Z", "cron = \"30 23 * * *\"").await;
    bot.kill();
    bot.it_is("2026-12-03T15:20:00Z");
    bot.start();
    bot.ready().await;
    signed_and_left_alone(&bot, "2026-12-03T15:40:00Z").await;
    bot.finish().await;
}

#[tokio::test]
async fn what_is_due_by_the_clocks_of_somewhere_else_is_done_when_it_is_signed() {
    // Eight in the evening of the 3rd in New York is ten in the morning of the 4th in Seoul.
    let bot = due_at("2026-12-04T00:50:00Z", "cron = \"0 20 * * *\"\n    zone = \"America/New_York\"").await;
    bot.it_is("2026-12-04T01:00:01Z");
    signed_and_left_alone(&bot, "2026-12-04T02:10:00Z").await;
    // It stands in the record under the day on which it was due there.
    let report = bot.seat("지민").slash("report", &[]).await.unwrap().message().await.unwrap();
    let form = report.files()[0].text();
    assert!(form.contains("2026-12-03") && !form.contains("2026-12-04"), "{form}");
    bot.finish().await;
}

#[tokio::test]
async fn who_asked_for_nothing_was_refused_nothing() {
    let bot = before_nine().await;
    bot.it_is(NINE);
    let reminder = bot.discord.channel(CHANNEL).wait_for(is_reminder).await.unwrap();
    let jimin = bot.seat("지민");
    // Somebody else names the guest.
    let whom = jimin.click(&reminder, "넘기기").await.unwrap().message().await.unwrap();
    jimin.select(&whom, "담당자 선택", &["손님"]).await.unwrap().first_answer().await.unwrap();
    assert!(whom.reload().text().contains("담당 권한이 없습니다"), "{}", whom.reload().text());
    // What is theirs, and what is listed, is empty for a guest.
    for command in ["me", "findings"] {
        bot.seat("손님").slash(command, &[]).await.unwrap().message().await.unwrap();
    }
    settled(&bot).await;
    bot.until_refused("손님", &[]).await;
    bot.seat("손님").click(&reminder, "넘기기").await.unwrap().message().await.unwrap();
    settled(&bot).await;
    // One act, one refusal.
    bot.until_refused("손님", &["run"]).await;
    assert_eq!(bot.discord.channel(LOG).messages().len(), 0);
    bot.finish().await;
}
