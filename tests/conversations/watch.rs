//! Nobody waits for nine o'clock: three bad samples in a row post an alert, three good ones its end; it can be muted.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use signoff_sandbox::{Fault, Message};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use crate::bot::{Bot, SMALL};

const CHANNEL: &str = "운영";

/// A site that answers well or not at a word, and keeps what is posted to it.
struct Site {
    address: String,
    /// How many requests are still answered badly.
    bad: Arc<AtomicU32>,
    posted: mpsc::UnboundedReceiver<serde_json::Value>,
}

impl Site {
    async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let bad = Arc::new(AtomicU32::new(0));
        let (sender, posted) = mpsc::unbounded_channel();
        let answers = Arc::clone(&bad);
        tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut request = Vec::new();
                let mut buffer = [0; 4096];
                // All of a small request comes at once, its body with it or right behind.
                while let Ok(read) = stream.read(&mut buffer).await {
                    request.extend_from_slice(&buffer[..read]);
                    let text = String::from_utf8_lossy(&request);
                    // Whoever was killed says no more.
                    if read == 0 {
                        break;
                    }
                    let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
                    let length = head.to_lowercase();
                    let length =
                        length.split("content-length: ").nth(1).and_then(|rest| rest.lines().next()?.parse().ok());
                    if body.len() >= length.unwrap_or(0) {
                        if let Ok(body) = serde_json::from_str(body) {
                            let _ = sender.send(body);
                        }
                        break;
                    }
                }
                let hook = request.starts_with(b"POST");
                let one_less = |left: u32| if left == u32::MAX { Some(left) } else { left.checked_sub(1) };
                let well = hook || answers.fetch_update(Ordering::SeqCst, Ordering::SeqCst, one_less).is_err();
                let status = if well { "200 OK" } else { "502 Bad Gateway" };
                let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 2\r\nconnection: close\r\n\r\nOK");
                let _ = stream.write_all(answer.as_bytes()).await;
            }
        });
        Self { address, bad, posted }
    }

    fn set(&self, well: bool) {
        self.bad.store(if well { 0 } else { u32::MAX }, Ordering::SeqCst);
    }

    /// Answers one request badly, and comes when that was asked.
    async fn fail_once(&self) {
        self.bad.store(1, Ordering::SeqCst);
        let patience = std::time::Instant::now() + std::time::Duration::from_secs(20);
        while self.bad.load(Ordering::SeqCst) > 0 {
            assert!(std::time::Instant::now() < patience, "nobody samples it");
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    }
}

async fn watching(site: &Site) -> Bot {
    watching_with(site, &[], "").await
}

/// Another host with the same site.
const OTHER_HOST: &str = r#"
    [hosts.there]
    title = { ko = "저기", en = "There" }
    transport = "local"
    site = "http://SITE"
"#;

/// The same with more commands, and `more` in its configuration.
async fn watching_with(site: &Site, commands: &[(&str, &str)], more: &str) -> Bot {
    let bot = Bot::prepare(&[("daily", SMALL)]).await;
    for (name, text) in commands {
        bot.write_command(name, text);
        bot.write_command("restart", crate::gated::RESTART);
        bot.write_command("rebuild", crate::gated::RESTART);
    }
    bot.write("calm", "12\n");
    let config = std::fs::read_to_string(bot.path("bot.toml")).unwrap();
    let config = config.replace("ca_file = \"ca.pem\"", "ca_file = \"ca.pem\"\nclock = \"clock\"");
    bot.write("clock", "0");
    let channel = bot.discord.channel_id(CHANNEL).unwrap();
    // The machine of the tests may be busy, small and full.
    let sampling = format!(
        r#"
        site = "http://{0}"
        [sampling]
        every = "1 s"
        channel = "{channel}"
        ping = ["operations"]
        webhook = {{ file = "hook" }}
        bad = {{ cpu = "never", memory = "never", disk = "never", response = "never" }}
        "#,
        site.address
    );
    bot.write("hook", format!("http://{}/hooks/verysecret", site.address));
    bot.write("bot.toml", format!("{config}{sampling}\n{}", more.replace("SITE", &site.address)));
    bot.started().await
}

fn is_alert(message: &Message) -> bool {
    message.text().contains("🚨 API 응답 없음")
}

fn is_over(message: &Message) -> bool {
    message.text().contains("✅ 회복 · API 응답 없음")
}

#[tokio::test]
async fn an_outage_is_posted_once_and_so_is_its_end() {
    let mut site = Site::new().await;
    let bot = watching(&site).await;
    site.set(false);
    let alert = bot.discord.channel(CHANNEL).wait_for(is_alert).await.unwrap();
    let pinged = alert.pings();
    assert!(!pinged.is_nobody() && alert.content().starts_with("<@&"), "{pinged:?}");
    assert!(alert.text().contains("3회 연속"), "{}", alert.text());
    let begun = site.posted.recv().await.unwrap();
    assert_eq!((begun["state"].as_str(), begun["vital"].as_str()), (Some("begun"), Some("site")));
    assert_eq!(begun["text"], "🚨 API 응답 없음 · 여기");

    site.set(true);
    let over = bot.discord.channel(CHANNEL).wait_for(|message| is_over(message) && message.id() != alert.id()).await;
    let over = over.unwrap();
    assert!(over.pings().is_nobody(), "an end wakes nobody");
    let edited = alert.reload();
    assert!(is_over(&edited) && edited.buttons().is_empty(), "{}", edited.text());
    assert_eq!(site.posted.recv().await.unwrap()["state"], "ended");
    assert_eq!(bot.discord.channel(CHANNEL).messages().len(), 2, "{}", bot.discord.channel(CHANNEL).transcript());
    assert!(!bot.log().contains("verysecret"));
    bot.finish().await;
}

#[tokio::test]
async fn one_bad_sample_wakes_nobody() {
    let site = Site::new().await;
    let bot = watching(&site).await;
    site.fail_once().await;
    tokio::time::sleep(std::time::Duration::from_secs(4)).await;
    assert_eq!(bot.discord.channel(CHANNEL).messages().len(), 0);
    bot.finish().await;
}

#[tokio::test]
async fn who_may_can_mute_it_and_nobody_else() {
    let site = Site::new().await;
    let bot = watching(&site).await;
    site.set(false);
    let alert = bot.discord.channel(CHANNEL).wait_for(is_alert).await.unwrap();
    assert_eq!(alert.buttons(), ["1시간 끄기", "8시간 끄기"]);
    let refused = bot.seat("손님").click(&alert, "8시간 끄기").await.unwrap().message().await.unwrap();
    assert!(refused.is_ephemeral() && refused.text().contains("권한이 없습니다"), "{}", refused.text());
    let muted = bot.seat("지민").click(&alert, "8시간 끄기").await.unwrap().message().await.unwrap();
    assert!(muted.is_ephemeral() && muted.text().contains("🔕"), "{}", muted.text());
    bot.discord.channel(CHANNEL).wait_for(|message| message.text().contains("🔕")).await.unwrap();
    // Its end is shown where it stands, and is no message of its own.
    site.set(true);
    bot.discord.channel(CHANNEL).wait_for(is_over).await.unwrap();
    // The next outage is kept, and not posted.
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    site.set(false);
    bot.until_logged_times("an alert begins", 2).await;
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    assert_eq!(bot.discord.channel(CHANNEL).messages().len(), 1, "{}", bot.discord.channel(CHANNEL).transcript());
    bot.finish().await;
}

#[tokio::test]
async fn an_outage_offers_the_runbook_that_fits_once() {
    let site = Site::new().await;
    let bot = watching_with(&site, &[("emergency-service-down", crate::runbook::RUNBOOK)], OTHER_HOST).await;
    site.set(false);
    let channel = bot.discord.channel(CHANNEL);
    let alert = channel.wait_for(|m| is_alert(m) && m.text().contains("여기")).await.unwrap();
    assert_eq!(alert.buttons(), ["긴급 대응 시작", "1시간 끄기", "8시간 끄기"]);
    // Another host has an outage of its own.
    let other = channel.wait_for(|m| is_alert(m) && m.text().contains("저기")).await.unwrap();
    assert_eq!(other.buttons()[0], "긴급 대응 시작");
    let refused = bot.seat("손님").click(&other, "긴급 대응 시작").await.unwrap().message().await.unwrap();
    assert!(refused.is_ephemeral(), "{}", refused.text());

    let board = bot.seat("지민").click(&other, "긴급 대응 시작").await.unwrap().message().await.unwrap();
    assert!(board.text().contains("#1 긴급: 서비스 다운 · 저기"), "of the alert's host: {}", board.text());
    assert!(board.text().contains("🚨 API 응답 없음 · 저기"), "with what was seen: {}", board.text());
    let again = bot.seat("현우").click(&other, "긴급 대응 시작").await.unwrap().message().await.unwrap();
    assert!(again.is_ephemeral() && again.text().contains("#1"), "{}", again.text());
    // While it is open, what comes next offers nothing: muting shows the alert anew.
    bot.seat("지민").click(&other, "1시간 끄기").await.unwrap().message().await.unwrap();
    let muted = channel.wait_for(|m| m.id() == other.id() && m.text().contains("🔕")).await.unwrap();
    assert_eq!(muted.buttons(), ["1시간 끄기", "8시간 끄기"]);
    bot.finish().await;
}

#[tokio::test]
async fn a_restart_in_the_middle_tells_nothing_twice() {
    let site = Site::new().await;
    let mut bot = watching(&site).await;
    site.set(false);
    let alert = bot.discord.channel(CHANNEL).wait_for(is_alert).await.unwrap();
    bot.kill();
    bot.start();
    bot.ready().await;
    tokio::time::sleep(std::time::Duration::from_secs(5)).await;
    assert_eq!(bot.discord.channel(CHANNEL).messages().len(), 1, "{}", bot.discord.channel(CHANNEL).transcript());
    // It still knows of which alert this is the end.
    site.set(true);
    bot.discord.channel(CHANNEL).wait_for(|message| is_over(message) && message.id() == alert.id()).await.unwrap();
    bot.finish().await;
}

#[tokio::test]
async fn an_answer_that_got_lost_posts_nothing_twice() {
    let site = Site::new().await;
    let bot = watching(&site).await;
    bot.discord.faults().next(1, "POST /channels/*/messages", Fault::LoseAnswer);
    site.set(false);
    bot.discord.channel(CHANNEL).wait_for(is_alert).await.unwrap();
    tokio::time::sleep(std::time::Duration::from_secs(3)).await;
    assert_eq!(bot.discord.channel(CHANNEL).messages().len(), 1, "{}", bot.discord.channel(CHANNEL).transcript());
    bot.finish().await;
}

#[tokio::test]
async fn killed_after_the_post_neither_its_beginning_nor_its_end_is_posted_again_when_the_nonce_is_forgotten() {
    let site = Site::new().await;
    let mut bot = watching(&site).await;
    for (well, posted) in [(false, 1), (true, 2)] {
        bot.discord.faults().always("POST /channels/*/messages", Fault::LoseAnswer);
        site.set(well);
        bot.discord
            .wait_until("it is posted", || bot.discord.channel(CHANNEL).messages().len() == posted)
            .await
            .unwrap();
        bot.kill();
        bot.discord.faults().clear();
        bot.discord.clock().advance(std::time::Duration::from_secs(400));
        bot.start();
        bot.ready().await;
        tokio::time::sleep(std::time::Duration::from_secs(5)).await;
        let channel = bot.discord.channel(CHANNEL);
        assert_eq!(channel.messages().len(), posted, "{}", channel.transcript());
    }
    bot.finish().await;
}

/// A database that was put back numbers its alerts again from where it was.
#[tokio::test]
async fn an_alert_with_the_number_of_an_older_message_is_posted_all_the_same() {
    let site = Site::new().await;
    let mut bot = watching_with(&site, &[], "").await;
    site.set(false);
    let old = bot.discord.channel(CHANNEL).wait_for(is_alert).await.unwrap();
    assert_eq!(bot.stop().await, 0);
    for file in ["signoff.db", "signoff.db-wal", "signoff.db-shm"] {
        let _ = std::fs::remove_file(bot.path(file));
    }
    bot.it_is(&(chrono::Utc::now() + chrono::TimeDelta::hours(1)).to_rfc3339());
    bot.start();
    bot.ready().await;
    let again = |message: &Message| is_alert(message) && message.id() != old.id();
    bot.discord.channel(CHANNEL).patient(std::time::Duration::from_secs(20)).wait_for(again).await.unwrap();
    bot.finish().await;
}

#[tokio::test]
async fn a_webhook_that_hangs_keeps_no_alert_waiting() {
    let site = Site::new().await;
    let bot = watching_with(&site, &[], OTHER_HOST).await;
    // It takes every connection, and answers none.
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    bot.write("hook", format!("http://{}/hooks/verysecret", silent.local_addr().unwrap()));
    site.set(false);
    // The webhook is given up after ten seconds: both are here long before.
    let channel = bot.discord.channel(CHANNEL).patient(std::time::Duration::from_secs(8));
    for host in ["여기", "저기"] {
        channel.wait_for(|message| is_alert(message) && message.text().contains(host)).await.unwrap();
    }
    bot.finish_with(&["the webhook did not hear of an alert"]).await;
}

/// A site and a sample each second, and an act that was begun and holds until its file is gone. The clock is the test's.
async fn in_an_act(site: &Site) -> crate::gated::Gated {
    use crate::gated::{Gated, RESTART};
    let bot = Bot::prepare_at(&chrono::Utc::now().to_rfc3339(), &[("daily", SMALL), ("restart", RESTART)], "").await;
    let config = std::fs::read_to_string(bot.path("bot.toml")).unwrap();
    let channel = bot.discord.channel_id(CHANNEL).unwrap();
    let sampling = format!(
        "site = \"http://{}\"\n[sampling]\nevery = \"1 s\"\nchannel = \"{channel}\"\n\
         bad = {{ cpu = \"never\", memory = \"never\", disk = \"never\", response = \"never\" }}\n",
        site.address
    );
    bot.write("bot.toml", format!("{config}\n{sampling}"));
    let gated = Gated::on(bot).await;
    gated.bot.write("hold", "");
    let card = gated.asked().await;
    gated.bot.seat("현우").click(&card, "승인").await.unwrap();
    gated.until(&card, "▶️ 실행 중").await;
    gated
}

fn alerts(bot: &Bot) -> usize {
    bot.discord.channel(CHANNEL).messages().iter().filter(|message| is_alert(message)).count()
}

#[tokio::test]
async fn what_an_act_causes_is_no_alert_and_what_is_bad_after_it_is() {
    let site = Site::new().await;
    let gated = in_an_act(&site).await;
    site.set(false);
    tokio::time::sleep(std::time::Duration::from_secs(6)).await;
    assert_eq!(alerts(&gated.bot), 0, "the act is what stops it");
    std::fs::remove_file(gated.bot.path("hold")).unwrap();
    let found = gated.bot.discord.channel(CHANNEL).patient(std::time::Duration::from_secs(20));
    found.wait_for(is_alert).await.unwrap();
    assert_eq!(alerts(&gated.bot), 1);
    gated.bot.finish().await;
}

#[tokio::test]
async fn an_act_that_hangs_keeps_its_host_quiet_for_ten_minutes_only() {
    let site = Site::new().await;
    let gated = in_an_act(&site).await;
    site.set(false);
    let minutes = |minutes| (chrono::Utc::now() + chrono::TimeDelta::minutes(minutes)).to_rfc3339();
    gated.bot.it_is(&minutes(8));
    tokio::time::sleep(std::time::Duration::from_secs(6)).await;
    assert_eq!(alerts(&gated.bot), 0, "a reboot may take as long");
    gated.bot.it_is(&minutes(11));
    let found = gated.bot.discord.channel(CHANNEL).patient(std::time::Duration::from_secs(20));
    found.wait_for(is_alert).await.unwrap();
    std::fs::remove_file(gated.bot.path("hold")).unwrap();
    gated.bot.finish().await;
}
