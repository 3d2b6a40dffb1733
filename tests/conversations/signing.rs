//! What the conversations about signing share: a bot whose daily check is signed, its reports, and the walk.

use signoff_sandbox::{Message, Seat, Sent};

use crate::bot::{Bot, is_report};

pub const CHANNEL: &str = "운영";
const SIGNED: &str = include_str!("../data/signed.toml");
const SEEN: &str = include_str!("../data/seen.toml");

/// A bot with a checklist that is signed once a day, all of it well.
pub async fn bot() -> Bot {
    with(SIGNED, "").await
}

/// The same with a check for a person to look at.
pub async fn bot_that_asks() -> Bot {
    with(&format!("{SIGNED}{SEEN}"), "").await
}

/// The same with more in `bot.toml`.
pub async fn with(daily: &str, config: &str) -> Bot {
    let bot = Bot::prepare(&[("daily", daily)]).await;
    bot.write("calm", "12\n");
    bot.write("steady", "fine\n");
    let written = std::fs::read_to_string(bot.path("bot.toml")).unwrap();
    bot.write("bot.toml", format!("{config}\n{written}"));
    bot.discord.give_role("Alex", "devops").unwrap();
    bot.started().await
}

pub async fn with_config(config: &str) -> Bot {
    with(SIGNED, config).await
}

/// A new report.
pub async fn report(seat: &Seat) -> Message {
    seat.slash("daily", &[]).await.unwrap().wait_for(is_report).await.unwrap()
}

/// The ephemeral message that a press opens.
pub async fn opened(seat: &Seat, message: &Message, button: &str) -> Message {
    let opened = seat.click(message, button).await.unwrap().message().await.unwrap();
    assert!(opened.is_ephemeral(), "{}", opened.text());
    opened
}

/// Presses a button of an ephemeral message that changes it, and gives it back changed.
pub async fn pressed(seat: &Seat, message: &Message, button: &str) -> Message {
    answered(&seat.click(message, button).await.unwrap(), message).await
}

/// Opens a form by a button, fills it in, and gives back the message changed.
pub async fn filled(seat: &Seat, message: &Message, button: &str, values: &[(&str, &str)]) -> Message {
    let modal = seat.click(message, button).await.unwrap().modal().await.unwrap();
    answered(&seat.submit_modal(&modal, values).await.unwrap(), message).await
}

/// Waits for the answer to what was sent, which changed `message`.
pub async fn answered(sent: &Sent, message: &Message) -> Message {
    sent.first_answer().await.unwrap();
    message.reload()
}

/// Waits until the report says so.
pub async fn says(bot: &Bot, report: &Message, words: &str) -> Message {
    let fits = |found: &Message| found.id() == report.id() && found.text().contains(words);
    bot.discord.channel(CHANNEL).wait_for(fits).await.unwrap()
}

/// Signs a report of which nothing is open.
pub async fn sign(bot: &Bot, seat: &Seat, report: &Message, name: &str) -> Message {
    let walk = opened(seat, report, "서명").await;
    let done = pressed(seat, &walk, "서명하기").await;
    assert!(done.text().contains("**서명했습니다.**"), "{}", done.text());
    says(bot, report, &format!("서명: {name}")).await
}

/// Kills the bot and starts it again; comes when it is in Discord.
pub async fn restart(bot: &mut Bot) {
    let lives = bot.log().matches("in Discord").count();
    bot.kill();
    bot.start();
    // The session of the killed one may not have been missed yet: only its own word counts.
    bot.until_logged_times("in Discord", lives + 1).await;
}

/// Runs SQL on the bot's database, behind its back.
pub async fn sql(bot: &Bot, sql: &str) {
    use sqlx::{ConnectOptions, Connection, sqlite::SqliteConnectOptions};
    let mut db = SqliteConnectOptions::new().filename(bot.path("signoff.db")).connect().await.unwrap();
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned())).execute(&mut db).await.unwrap();
    db.close().await.unwrap();
}
