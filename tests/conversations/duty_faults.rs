//! Duty at its worst: kills, silence, a second bot, people and roles that are gone. Each reminder is posted exactly once.

use std::process::{Command, Stdio};
use std::time::Duration;

use signoff_sandbox::{Fault, Permissions};
use sqlx::ConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;

use crate::bot::{Bot, SMALL};
use crate::duty::{BEFORE_NINE, CHANNEL, DUTY, LOG, NINE, before_nine, is_reminder, next, settled};

const POST: &str = "POST /channels/*/messages";

#[tokio::test]
async fn killed_before_nine_it_is_posted_once_afterwards() {
    let mut bot = before_nine().await;
    bot.kill();
    bot.it_is("2026-12-03T00:01:00Z");
    bot.start();
    bot.ready().await;
    bot.discord.channel(CHANNEL).wait_for(is_reminder).await.unwrap();
    assert_eq!(settled(&bot).await.len(), 1);
    bot.finish().await;
}

#[tokio::test]
async fn killed_between_claim_and_post_it_is_posted_once() {
    let mut bot = before_nine().await;
    bot.discord.faults().always(POST, Fault::Status(503));
    bot.it_is(NINE);
    bot.until_logged("trying again").await;
    bot.kill();
    bot.discord.faults().clear();
    bot.start();
    bot.ready().await;
    bot.discord.channel(CHANNEL).wait_for(is_reminder).await.unwrap();
    assert_eq!(settled(&bot).await.len(), 1);
    bot.finish().await;
}

#[tokio::test]
async fn killed_after_the_post_it_is_not_posted_again_not_even_when_the_nonce_is_forgotten() {
    for (later, minutes) in [("2026-12-03T00:00:40Z", 0), ("2026-12-03T00:40:00Z", 40), ("2026-12-03T05:00:00Z", 300)] {
        let mut bot = before_nine().await;
        // It is posted, and the bot never learns of it.
        bot.discord.faults().always(POST, Fault::LoseAnswer);
        bot.it_is(NINE);
        let reminder = bot.discord.channel(CHANNEL).wait_for(is_reminder).await.unwrap();
        bot.kill();
        bot.discord.faults().clear();
        bot.it_is(later);
        bot.start();
        bot.ready().await;
        bot.until_logged("reminded").await;
        let shown = settled(&bot).await;
        let reminders = shown.iter().filter(|message| is_reminder(message)).count();
        assert_eq!(reminders, 1, "{minutes}: {}", bot.discord.channel(CHANNEL).transcript());
        assert_eq!(shown.iter().find(|message| is_reminder(message)).unwrap().id(), reminder.id());
        assert!(!shown.iter().any(|message| message.text().contains("누락")), "it was not missed");
        bot.finish().await;
    }
}

#[tokio::test]
async fn killed_at_whatever_moment_around_nine_it_is_posted_once() {
    // From before it is looked what is due, over the claim, the run and the post, until all is written down.
    for moment in [0, 150, 400, 650, 900, 1150, 1400, 1700] {
        let mut bot = before_nine().await;
        bot.it_is(NINE);
        tokio::time::sleep(Duration::from_millis(moment)).await;
        bot.kill();
        bot.it_is("2026-12-03T00:00:20Z");
        bot.start();
        bot.ready().await;
        let found = bot.discord.channel(CHANNEL).patient(Duration::from_secs(20)).wait_for(is_reminder).await.unwrap();
        assert_eq!(found.pings().users, ["지민"], "killed after {moment} ms");
        let shown = settled(&bot).await;
        assert_eq!(shown.len(), 1, "killed after {moment} ms: {}", bot.discord.channel(CHANNEL).transcript());
        bot.finish().await;
    }
}

#[tokio::test]
async fn a_clock_that_was_ahead_for_a_moment_leaves_no_day_out_and_posts_none_twice() {
    let bot = before_nine().await;
    // Two days ahead, and set right again before anybody saw it.
    bot.it_is("2026-12-05T00:00:30Z");
    bot.discord.channel(CHANNEL).wait_for(is_reminder).await.unwrap();
    bot.it_is("2026-12-02T23:59:00Z");
    settled(&bot).await;
    for nine in [NINE, "2026-12-04T00:00:01Z", "2026-12-05T00:00:01Z", "2026-12-06T00:00:01Z"] {
        bot.it_is(nine);
        settled(&bot).await;
    }
    // What the clock said was missed is not: each day has its reminder, the 5th the one that came early.
    let shown = bot.discord.channel(CHANNEL).messages();
    let reminders = shown.iter().filter(|message| is_reminder(message)).count();
    let missed = shown.iter().filter(|message| message.text().contains("누락")).count();
    assert_eq!((reminders, missed), (4, 1), "{}", bot.discord.channel(CHANNEL).transcript());
    bot.finish().await;
}

#[tokio::test]
async fn a_notice_is_not_told_twice_either() {
    let mut bot = before_nine().await;
    bot.it_is(NINE);
    let reminder = bot.discord.channel(CHANNEL).wait_for(is_reminder).await.unwrap();
    bot.until_logged("reminded").await;
    bot.discord.faults().always(POST, Fault::LoseAnswer);
    bot.it_is("2026-12-03T01:00:01Z");
    let overdue = next(&bot, CHANNEL, &[&reminder]).await;
    bot.kill();
    bot.discord.faults().clear();
    bot.it_is("2026-12-03T01:40:00Z");
    bot.start();
    bot.ready().await;
    bot.until_logged("was told already").await;
    let shown = settled(&bot).await;
    assert_eq!(shown.len(), 2, "{}", bot.discord.channel(CHANNEL).transcript());
    assert!(shown.iter().any(|message| message.id() == overdue.id()));
    bot.finish().await;
}

#[tokio::test]
async fn discord_down_from_five_to_nine_to_twenty_past_costs_twenty_minutes() {
    let bot = before_nine().await;
    bot.it_is("2026-12-02T23:55:00Z");
    bot.discord.go_down().await;
    bot.it_is(NINE);
    bot.until_logged("a reminder could not be posted yet").await;
    bot.it_is("2026-12-03T00:20:00Z");
    // The try that began before the clock was moved does not say yet that it is late.
    bot.until_logged_times("a reminder could not be posted yet", 2).await;
    bot.discord.come_up().await.unwrap();
    let found = bot.discord.channel(CHANNEL).patient(Duration::from_secs(30)).wait_for(is_reminder).await.unwrap();
    assert!(found.text().contains("늦은 알림입니다"), "{}", found.text());
    assert_eq!(found.pings().users, ["지민"]);
    assert_eq!(settled(&bot).await.len(), 1);
    bot.finish().await;
}

#[tokio::test]
async fn a_second_bot_on_the_same_database_refuses() {
    let bot = before_nine().await;
    let second = Command::new(env!("CARGO_BIN_EXE_signoff"))
        .args(["run", "--config"])
        .arg(bot.path("bot.toml"))
        .env("DISCORD_TOKEN", bot.discord.token())
        .env("NO_COLOR", "1")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert_eq!(second.status.code(), Some(3));
    let said = String::from_utf8_lossy(&second.stderr);
    assert!(said.contains("다른 봇이 이미 쓰고 있습니다") && said.contains("💡"), "{said}");
    // The first goes on, and posts once.
    bot.it_is(NINE);
    bot.discord.channel(CHANNEL).wait_for(is_reminder).await.unwrap();
    assert_eq!(settled(&bot).await.len(), 1);
    bot.finish().await;
}

#[tokio::test]
async fn who_left_the_server_is_passed_over_and_the_log_channel_hears_of_it() {
    let bot = before_nine().await;
    bot.discord.remove_member("지민").unwrap();
    bot.it_is(NINE);
    let reminder = bot.discord.channel(CHANNEL).wait_for(is_reminder).await.unwrap();
    assert_eq!(reminder.pings().users, ["현우"]);
    let told = bot.discord.channel(LOG).wait_for(|message| message.text().contains("떠났습니다")).await.unwrap();
    assert!(told.pings().is_nobody());
    bot.finish().await;
}

#[tokio::test]
async fn with_nobody_there_the_role_hears_of_it_and_without_the_role_the_log_channel() {
    let bot = before_nine().await;
    for name in ["지민", "현우"] {
        let away = bot.seat(name).slash("away", &[("from", "2026-12-03"), ("to", "2026-12-04")]).await.unwrap();
        assert!(away.message().await.unwrap().text().contains("부재"));
    }
    bot.it_is(NINE);
    let reminder = bot.discord.channel(CHANNEL).wait_for(is_reminder).await.unwrap();
    assert!(reminder.text().contains("담당자가 없습니다"), "{}", reminder.text());
    assert_eq!((reminder.pings().users, reminder.pings().roles), (vec![], vec!["operations".to_owned()]));
    bot.discord.channel(LOG).wait_for(|message| message.text().contains("가능한 사람이 없습니다")).await.unwrap();

    bot.discord.delete_role("operations").unwrap();
    bot.it_is("2026-12-04T00:00:01Z");
    bot.discord
        .channel(CHANNEL)
        .wait_for(|message| is_reminder(message) && message.id() != reminder.id())
        .await
        .unwrap();
    bot.discord.channel(LOG).wait_for(|message| message.text().contains("역할(operations)")).await.unwrap();
    bot.finish().await;
}

#[tokio::test]
async fn a_channel_that_refuses_for_good_is_told_and_stops_no_other() {
    let other = format!(
        "{DUTY}
        [schedule.drill]
        title = {{ ko = \"재해 복구 훈련\", en = \"Drill\" }}
        cron = \"0 9 * * *\"
        channel = \"1000000000000000102\"
        role = \"operations\""
    );
    let bot = Bot::prepare_at(BEFORE_NINE, &[("daily", SMALL)], &other).await;
    bot.write("calm", "12\n");
    let bot = bot.started().await;
    bot.until_logged("what is due is kept in mind").await;
    bot.discord.deny("signoff", CHANNEL, Permissions::SEND_MESSAGES).unwrap();
    bot.it_is(NINE);
    bot.discord.channel(LOG).wait_for(is_reminder).await.unwrap();
    let told =
        bot.discord.channel(LOG).wait_for(|message| message.text().contains("Discord가 거부했습니다")).await.unwrap();
    assert!(told.text().contains("일일 체크"), "{}", told.text());
    assert!(told.pings().is_nobody());
    bot.discord.allow_again("signoff", CHANNEL).unwrap();
    // The next day is another one.
    bot.it_is("2026-12-04T00:00:01Z");
    bot.discord.channel(CHANNEL).wait_for(is_reminder).await.unwrap();
    bot.finish().await;
}

#[tokio::test]
async fn a_database_that_is_busy_is_told_and_outwaited() {
    let bot = before_nine().await;
    let mut db = SqliteConnectOptions::new().filename(bot.path("signoff.db")).connect().await.unwrap();
    sqlx::query("BEGIN IMMEDIATE").execute(&mut db).await.unwrap();
    bot.it_is(NINE);
    // It waits ten seconds for the other writer, and says then what is the matter.
    let told = bot.discord.channel(LOG).patient(Duration::from_secs(30));
    told.wait_for(|message| message.text().contains("다른 프로세스가 계속 쓰고 있어")).await.unwrap();
    assert_eq!(bot.discord.channel(CHANNEL).messages().len(), 0, "what cannot be claimed is not posted");
    sqlx::query("ROLLBACK").execute(&mut db).await.unwrap();
    bot.discord.channel(CHANNEL).patient(Duration::from_secs(20)).wait_for(is_reminder).await.unwrap();
    assert_eq!(settled(&bot).await.len(), 1);
    bot.finish_with(&["what is due cannot be done", "cannot be kept", "could not be kept", "busy"]).await;
}
