//! The bot watched: somebody waits for its runs, the first post after an outage says how long there was none, its log says
//! what belongs together and no secret, and the log channel is never flooded.

use std::fs;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::bot::{Bot, SMALL, is_report};
use crate::duty::{BEFORE_NINE, CHANNEL, DUTY, LATE, LOG, NINE, back_late, before_nine, is_reminder, signed};

const SECRET: &str = "a-uuid-that-nobody-may-know";

/// Hears the paths of what is posted to it.
struct Waiting {
    address: String,
    heard: mpsc::UnboundedReceiver<String>,
}

impl Waiting {
    async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (sender, heard) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut request = vec![0; 4096];
                let read = stream.read(&mut request).await.unwrap_or(0);
                let text = String::from_utf8_lossy(&request[..read]).into_owned();
                let path = text.split_whitespace().take(2).collect::<Vec<_>>().join(" ");
                let _ = sender.send(path);
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").await;
            }
        });
        Self { address, heard }
    }

    async fn next(&mut self) -> String {
        timeout(Duration::from_secs(20), self.heard.recv()).await.expect("nobody heard").unwrap()
    }

    fn url(&self) -> String {
        format!("http://{}/ping/{SECRET}", self.address)
    }
}

/// A bot at ten to nine whose daily run somebody waits for.
async fn waited_for(waiting: &Waiting, more: &str) -> Bot {
    let duty = DUTY.replace("window = \"2 h\"", "window = \"2 h\"\n    watchdog = { file = \"watchdog\" }");
    let bot = Bot::prepare_at(BEFORE_NINE, &[("daily", &signed())], &format!("{duty}\n{more}")).await;
    bot.write("calm", "12\n");
    bot.write("watchdog", waiting.url());
    let bot = bot.started().await;
    bot.until_logged("what is due is kept in mind").await;
    bot
}

#[tokio::test]
async fn who_waits_for_the_run_at_nine_hears_that_it_begins_and_was_done() {
    let mut waiting = Waiting::new().await;
    let bot = waited_for(&waiting, "").await;
    bot.it_is(NINE);
    assert_eq!(waiting.next().await, format!("POST /ping/{SECRET}/start"));
    assert_eq!(waiting.next().await, format!("POST /ping/{SECRET}"));
    bot.discord.channel(CHANNEL).wait_for(is_reminder).await.unwrap();
    // What somebody runs by hand is no run by the clock, and what a check finds is no matter of the watchdog's.
    bot.write("calm", "95\n");
    bot.seat("지민").slash("daily", &[]).await.unwrap().wait_for(is_report).await.unwrap();
    bot.it_is("2026-12-04T00:00:01Z");
    assert_eq!(waiting.next().await, format!("POST /ping/{SECRET}/start"));
    assert_eq!(waiting.next().await, format!("POST /ping/{SECRET}"));
    assert!(!bot.log().contains(SECRET), "{}", bot.log());
    bot.finish().await;
}

#[tokio::test]
async fn who_waits_hears_that_the_run_was_missed() {
    let mut waiting = Waiting::new().await;
    let mut bot = waited_for(&waiting, "").await;
    assert_eq!(bot.stop().await, 0);
    bot.it_is("2026-12-03T02:30:00Z");
    bot.start();
    bot.ready().await;
    assert_eq!(waiting.next().await, format!("POST /ping/{SECRET}/fail"));
    bot.finish().await;
}

#[tokio::test]
async fn who_waits_hears_that_discord_does_not_take_the_result() {
    let mut waiting = Waiting::new().await;
    let bot = waited_for(&waiting, "").await;
    bot.discord.delete_channel(CHANNEL).unwrap();
    bot.it_is(NINE);
    let mut heard = vec![waiting.next().await, waiting.next().await, waiting.next().await];
    heard.sort();
    let path = format!("POST /ping/{SECRET}");
    assert_eq!(heard, [path.clone(), format!("{path}/fail"), format!("{path}/start")]);
    // In words that people read, not in Discord's.
    let told = bot.discord.channel(LOG).wait_for(|message| message.text().contains("채널")).await.unwrap();
    assert!(told.text().contains("없어졌습니다") && !told.text().contains("HTTP"), "{}", told.text());
    bot.finish_with(&["refused", "not taken", "no such channel", "could not"]).await;
}

#[tokio::test]
async fn who_waits_for_the_samples_hears_that_every_host_had_one() {
    let mut waiting = Waiting::new().await;
    let bot = Bot::prepare(&[("daily", SMALL)]).await;
    let config = fs::read_to_string(bot.path("bot.toml")).unwrap();
    bot.write("watchdog", waiting.url());
    bot.write("bot.toml", format!("{config}\n[sampling]\nevery = \"1 s\"\nwatchdog = {{ file = \"watchdog\" }}\n"));
    let bot = bot.started().await;
    assert_eq!(waiting.next().await, format!("POST /ping/{SECRET}"));
    assert!(timeout(Duration::from_secs(3), waiting.heard.recv()).await.is_err(), "once a minute at most");
    bot.finish().await;
}

#[tokio::test]
async fn the_first_post_after_an_outage_says_how_long_there_was_none() {
    let (bot, reminder) = back_late().await;
    let text = reminder.text();
    assert!(text.contains("🔇") && text.contains("아무것도 알리지 못했습니다"), "{text}");
    let until = LATE.parse::<chrono::DateTime<chrono::Utc>>().unwrap().timestamp();
    // It is shown on each reader's own clock.
    let json = reminder.json().to_string();
    let stamp = |second: i64| json.contains(&format!("<t:{second}:f>까지"));
    assert!((until..until + 30).any(stamp), "{json}");

    // Only the first.
    bot.it_is("2026-12-03T03:00:00Z");
    let nudge = crate::duty::next(&bot, CHANNEL, &[&reminder]).await;
    assert!(!nudge.text().contains("🔇"), "{}", nudge.text());
    bot.finish().await;
}

#[tokio::test]
async fn a_short_restart_is_no_silence() {
    let mut bot = before_nine().await;
    assert_eq!(bot.stop().await, 0);
    bot.it_is("2026-12-02T23:53:00Z");
    bot.start();
    bot.ready().await;
    bot.it_is(NINE);
    let reminder = bot.discord.channel(CHANNEL).wait_for(is_reminder).await.unwrap();
    assert!(!reminder.text().contains("🔇"), "{}", reminder.text());
    bot.finish().await;
}

#[tokio::test]
async fn the_log_says_what_belongs_together_and_no_secret_at_any_level() {
    let mut waiting = Waiting::new().await;
    let leaky = signed().replace("echo done", "echo done; echo PASSWORD=hunter2-of-the-host; cat FOLDER/watchdog");
    let duty = DUTY.replace("window = \"2 h\"", "window = \"2 h\"\n    watchdog = { file = \"watchdog\" }");
    let mut bot = Bot::prepare_at(BEFORE_NINE, &[("daily", &leaky)], &duty).await;
    bot.write("calm", "12\n");
    bot.write("watchdog", waiting.url());
    bot.start_with(&[("SIGNOFF_LOG", "trace,mio=off,polling=off"), ("SIGNOFF_LOG_FORMAT", "json")]);
    bot.ready().await;
    bot.until_logged("what is due is kept in mind").await;
    bot.it_is(NINE);
    waiting.next().await;
    waiting.next().await;
    let reminder = bot.discord.channel(CHANNEL).wait_for(is_reminder).await.unwrap();
    let asked = bot.seat("지민").slash("daily", &[]).await.unwrap();
    let token = asked.token();
    asked.wait_for(is_report).await.unwrap();
    let details = bot.seat("지민").click(&reminder, "자세히").await.unwrap();
    let click = details.token();
    details.message().await.unwrap();
    // What Discord refuses is told in the log, with the reason.
    bot.discord.delete_channel(LOG).unwrap();
    assert_eq!(bot.stop().await, 0);

    let log = bot.log();
    let mut of_run = 0;
    for line in log.lines() {
        let event: serde_json::Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        let spans = event["spans"].as_array().cloned().unwrap_or_default();
        let run = spans.iter().find(|span| span["name"] == "run" && span["run"] == 1);
        if run.is_some_and(|run| run["command"] == "daily" && run["host"] == "here") {
            of_run += 1;
        }
    }
    assert!(of_run > 0, "nothing names the run");
    for (what, secret) in [
        ("the bot's token", bot.discord.token()),
        ("an interaction's token", token),
        ("a click's token", click),
        ("the watchdog's URL", SECRET.to_owned()),
        ("what the host printed", "hunter2-of-the-host".to_owned()),
    ] {
        let line = log.lines().find(|line| line.contains(&secret));
        assert!(line.is_none(), "{what} is in the log: {line:?}");
    }
}

#[tokio::test]
async fn the_log_channel_is_not_flooded() {
    let mut more = String::new();
    let mut commands = vec![("daily".to_owned(), signed())];
    // Fourteen checklists whose person has left.
    for number in 0..14 {
        let name = format!("list-{number}");
        more.push_str(&format!(
            "[rota.{name}]\norder = [\"gone\"]\n[schedule.{name}]\ncron = \"0 9 * * *\"\nchannel = \"1000000000000000101\"\nrun = \"on-demand\"\n"
        ));
        commands.push((name, signed().replace("일일체크", &format!("목록-{number}"))));
    }
    let commands: Vec<_> = commands.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let config = format!("{DUTY}\n[people.gone]\nid = \"1000000000000000999\"\n{more}");
    let bot = Bot::prepare_at(BEFORE_NINE, &commands, &config).await;
    bot.write("calm", "12\n");
    let bot = bot.started().await;
    bot.until_logged("what is due is kept in mind").await;
    bot.it_is(NINE);
    let last = bot.discord.channel(LOG).patient(Duration::from_secs(60));
    last.wait_for(|message| message.text().contains("10건을 넘게 알렸습니다")).await.unwrap();
    // Discord takes five in five seconds, in whatever order they come; and then there may be no further one.
    let until = std::time::Instant::now() + Duration::from_secs(30);
    while bot.discord.channel(LOG).messages().len() < 11 && std::time::Instant::now() < until {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    tokio::time::sleep(Duration::from_secs(6)).await;
    let told = bot.discord.channel(LOG).messages();
    assert_eq!(told.len(), 11, "{}", bot.discord.channel(LOG).transcript());
    bot.finish().await;
}
