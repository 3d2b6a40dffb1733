//! A whole December: every day's reminder exactly once, in turns, the weekly one moved by Christmas, with a bot that is
//! killed now and then.

use crate::bot::{Bot, SMALL};
use crate::duty::{CHANNEL, is_reminder};

const MONTH: &str = r#"
    holidays = "kr.toml"
    [people.jimin]
    id = "1000000000000000201"
    [people.hyunwoo]
    id = "1000000000000000202"
    [rota.daily]
    order = ["jimin", "hyunwoo"]
    turn = "day"
    starts = "2026-12-01"
    [schedule.daily]
    cron = "0 9 * * *"
    run = "on-demand"
    channel = "1000000000000000101"
    [schedule.weekly]
    cron = "0 10 * * FRI"
    run = "on-demand"
    channel = "1000000000000000102"
    role = "operations"
"#;

/// How many reminders stand in `channel`.
fn reminders(bot: &Bot, channel: &str) -> usize {
    bot.discord.channel(channel).messages().iter().filter(|message| is_reminder(message)).count()
}

#[tokio::test]
async fn a_month_brings_each_reminder_once() {
    let (holidays, rest) = MONTH.trim_start().split_once('\n').unwrap();
    let mut bot = Bot::prepare_at("2026-11-30T12:00:00Z", &[("daily", SMALL), ("weekly", SMALL)], rest).await;
    // A key of the file itself stands before its tables.
    let config = std::fs::read_to_string(bot.path("bot.toml")).unwrap();
    bot.write("bot.toml", format!("{holidays}\n{config}"));
    bot.write("kr.toml", include_str!("../../holidays/kr.toml"));
    bot.start();
    bot.ready().await;
    bot.until_logged("what is due is kept in mind").await;
    let mut weekly = 0;
    for day in 1..=31_usize {
        if day % 10 == 0 {
            bot.kill();
        }
        // Nine o'clock in Seoul is midnight here.
        bot.it_is(&format!("2026-12-{day:02}T00:00:01Z"));
        if day % 10 == 0 {
            bot.start();
            bot.ready().await;
        }
        let due = || reminders(&bot, CHANNEL) >= day;
        bot.discord.wait_until("the daily reminder", due).await.unwrap();
        bot.it_is(&format!("2026-12-{day:02}T01:00:01Z"));
        if [4, 11, 18, 28].contains(&day) {
            weekly += 1;
            let due = || reminders(&bot, "signoff-log") >= weekly;
            bot.discord.wait_until("the weekly reminder", due).await.unwrap();
        }
    }
    tokio::time::sleep(std::time::Duration::from_millis(2500)).await;
    let shown = bot.discord.channel(CHANNEL).messages();
    assert_eq!(shown.len(), 31, "{}", bot.discord.channel(CHANNEL).transcript());
    let mut ids: Vec<_> = shown.iter().map(|message| (message.id(), message.pings().users)).collect();
    ids.sort();
    for (day, (_, people)) in (1..).zip(&ids) {
        assert_eq!(*people, [if day % 2 == 1 { "지민" } else { "현우" }], "the {day}.");
    }
    let weekly = bot.discord.channel("signoff-log").messages();
    assert_eq!(weekly.len(), 4, "{}", bot.discord.channel("signoff-log").transcript());
    let christmas = weekly.iter().find(|message| message.text().contains("2026-12-25 일정이 휴일이라")).unwrap();
    assert_eq!(christmas.pings().roles, ["operations"]);
    bot.finish().await;
}
