use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};
use signoff_sandbox::{Fault, Page, PracticeDiscord};
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

const RUN: &str = "http://{addr}/sandbox/api";

/// The folder in which npm has put discord.js; kept from run to run.
fn installed() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("foreign-client");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("package.json"), r#"{"name": "foreign-client", "private": true, "type": "module"}"#)
        .unwrap();
    if !folder.join("node_modules/discord.js/package.json").is_file() {
        let arguments = ["install", "--no-audit", "--no-fund", "--no-save", "--loglevel=error", "discord.js@14"];
        let status = std::process::Command::new("npm").args(arguments).current_dir(&folder).status();
        assert!(status.unwrap().success(), "npm could not install discord.js");
    }
    std::fs::write(folder.join("client.mjs"), include_str!("client.mjs")).unwrap();
    folder
}

struct Bot {
    _process: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Bot {
    async fn start(discord: &PracticeDiscord) -> Self {
        let folder = installed();
        let authority = folder.join(format!("authority-{}.pem", discord.addr().port()));
        discord.write_ca(&authority).unwrap();
        let mut process = Command::new("node")
            .arg("client.mjs")
            .current_dir(&folder)
            .env("NODE_EXTRA_CA_CERTS", &authority)
            .env("API", format!("https://{}/api", discord.addr()))
            .env("TOKEN", discord.token())
            .env("APP", discord.application_id().to_string())
            .env("GUILD", discord.guild_id().to_string())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        Self { _process: process, lines }
    }

    /// The next thing that the client tells of this name.
    async fn tells(&mut self, what: &str) -> Value {
        let listen = async {
            loop {
                let line = self.lines.next_line().await.unwrap().expect("the client ended");
                let told: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("it said: {line}"));
                assert_ne!(told["what"], "error", "{told}");
                if told["what"] == what {
                    return told;
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(40), listen).await.unwrap_or_else(|_| panic!("it never told: {what}"))
    }
}

/// A script that is 지민.
struct Script<'a> {
    page: &'a Page,
    http: reqwest::Client,
}

impl Script<'_> {
    async fn ask(&self, method: &str, path: &str, body: Value) -> Value {
        let mark = if path.contains('?') { '&' } else { '?' };
        let url = format!("{}{path}{mark}as=지민", RUN.replace("{addr}", &self.page.addr().to_string()));
        let request = self.http.request(method.parse().unwrap(), url).bearer_auth(self.page.key());
        let request = if body.is_null() { request } else { request.body(body.to_string()) };
        let answer = request.send().await.unwrap();
        let status = answer.status();
        let json: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
        assert!(status.is_success(), "{method} {path}: {status} {json}");
        json
    }

    /// Does something and waits for what became of it.
    async fn act(&self, path: &str, body: Value) -> Value {
        let sent = self.ask("POST", path, body).await;
        let id = sent["interaction"].as_str().unwrap().to_owned();
        let view = self.ask("GET", &format!("/interactions/{id}?wait=5000"), Value::Null).await;
        assert_eq!(view["state"], "answered", "{view}");
        view
    }

    /// Waits until 지민 sees a message that fits.
    async fn sees(&self, fits: impl Fn(&Value) -> bool) -> Value {
        for _ in 0..100 {
            let page = self.ask("GET", "/channels/운영/messages", Value::Null).await;
            if let Some(found) = page["messages"].as_array().unwrap().iter().find(|message| fits(message)) {
                return found.clone();
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("no message fits");
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs node and npm: tests/run installs them"]
async fn discord_js_lives_here_as_in_the_real_one() {
    let discord = PracticeDiscord::start().await.unwrap();
    let page = discord.open_page(0, None).await.unwrap();
    let mut bot = Bot::start(&discord).await;
    let ready = bot.tells("ready").await;
    assert_eq!((text(&ready["user"]), text(&ready["guild"])), ("signoff", "Gear Freak"));
    let script = Script { page: &page, http: reqwest::Client::new() };

    let commands = script.ask("GET", "/commands?channel=운영", Value::Null).await;
    assert_eq!(commands[0]["name_localizations"]["ko"], "점검");
    let typed = json!({"command": "check", "options": [["host", "st"]]});
    let offered = script.ask("POST", "/channels/운영/completions", typed).await;
    assert_eq!(offered["choices"], json!([{"name": "staging", "value": "staging"}]));

    // A deferred answer, its edit, an ephemeral follow-up.
    let asked =
        script.act("/channels/운영/commands", json!({"command": "check", "options": {"host": "production"}})).await;
    bot.tells("edited").await;
    let report = script.sees(|message| message["id"] == asked["answer"]["message"]).await;
    assert_eq!(report["embeds"][0]["fields"][0]["value"], "production");
    let follow_up = script.sees(|message| text(&message["content"]).starts_with("보는 사람: 지민")).await;
    assert_eq!(follow_up["only_you"], true);

    // A press that opens a modal, and the modal, with Korean text of the full length.
    let press = format!("/messages/{}/press", text(&report["id"]));
    let opened = script.act(&press, json!({"custom_id": "note"})).await;
    assert_eq!(opened["answer"]["modal"]["title"], "메모 남기기");
    let long = format!("새벽 장애 ✍️ {}", "가".repeat(1500));
    let submit = format!("/interactions/{}/submit", text(&opened["id"]));
    script.act(&submit, json!({"values": {"text": long}})).await;
    script.sees(|message| text(&message["content"]) == format!("적은 것: {long}")).await;

    // A select, which changes its own message.
    let details = script.act(&press, json!({"custom_id": "more"})).await;
    let choose = format!("/messages/{}/choose", text(&details["answer"]["message"]));
    script.act(&choose, json!({"custom_id": "part", "values": ["disk"]})).await;
    let chosen = script.sees(|message| text(&message["content"]) == "고른 것: disk").await;
    assert_eq!(chosen["id"], details["answer"]["message"]);

    discord.assert_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs node and npm: tests/run installs them"]
async fn discord_js_honours_the_rate_limits_and_resumes() {
    let discord = PracticeDiscord::start().await.unwrap();
    let page = discord.open_page(0, None).await.unwrap();
    let mut bot = Bot::start(&discord).await;
    bot.tells("ready").await;
    let script = Script { page: &page, http: reqwest::Client::new() };

    // Eight messages where five are allowed in five seconds, and a refusal out of the blue on the first.
    let refusal = Fault::RateLimited { retry_after: Duration::from_millis(1300), global: false };
    discord.faults().next(1, "POST /channels/*/messages", refusal);
    script.act("/channels/운영/commands", json!({"command": "flood"})).await;
    let flooded = bot.tells("flooded").await;
    let took = flooded["took"].as_u64().unwrap();
    assert!((5_000..30_000).contains(&took), "eight messages took {took} ms");
    let sent = discord.requests().into_iter().filter(|request| request.is("POST /channels/*/messages"));
    let statuses: Vec<u16> = sent.map(|request| request.status).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 8, "{statuses:?}");
    assert_eq!(statuses[0], 429);
    let texts: Vec<String> =
        discord.channel("운영").messages().iter().map(|message| message.content().to_owned()).collect();
    assert_eq!(texts.iter().filter(|text| text.starts_with("글 ")).count(), 8, "each once: {texts:?}");

    // A cut gateway is taken up where it ended.
    discord.faults().drop_gateway(None);
    bot.tells("resumed").await;
    script.act("/channels/운영/commands", json!({"command": "check"})).await;
    bot.tells("edited").await;
    assert_eq!((discord.identifies(), discord.resumes()), (1, 1));
    discord.assert_clean().await;
}
