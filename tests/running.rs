//! The bot as it runs: how it tells that it is well, and how it takes new files.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test fails by panicking, its helpers as well"
)]

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use signoff_sandbox::PracticeDiscord;
use tempfile::TempDir;

const SMALL: &str = include_str!("data/small.toml");

struct Running {
    discord: PracticeDiscord,
    folder: TempDir,
    child: Child,
    port: u16,
}

impl Running {
    /// A bot with a small `/daily` that tells its health on a port of loopback.
    async fn start() -> Self {
        let discord = PracticeDiscord::builder().heartbeat_every(Duration::from_secs(2)).start().await.unwrap();
        let folder = TempDir::new().unwrap();
        discord.write_ca(folder.path().join("ca.pem")).unwrap();
        fs::create_dir(folder.path().join("commands")).unwrap();
        let small = SMALL.replace("FOLDER", &folder.path().display().to_string());
        fs::write(folder.path().join("commands/daily.toml"), small).unwrap();
        fs::write(folder.path().join("calm"), "12\n").unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        fs::write(folder.path().join("bot.toml"), config(&discord, port)).unwrap();
        let child = Command::new(env!("CARGO_BIN_EXE_signoff"))
            .args(["run", "--config"])
            .arg(folder.path().join("bot.toml"))
            .env("DISCORD_TOKEN", discord.token())
            .env("LANG", "en_US.UTF-8")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(fs::File::create(folder.path().join("log")).unwrap())
            .spawn()
            .unwrap();
        let new = Self { discord, folder, child, port };
        if let Err(error) = new.discord.wait_for_command("daily").await {
            panic!("{error}\n{}", new.log());
        }
        new
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap()
    }

    fn signal(&self, signal: &str) {
        assert!(Command::new("kill").args([signal, &self.child.id().to_string()]).status().unwrap().success());
    }

    /// The answer to a GET, with its head; empty where nobody answers.
    async fn get(&self, path: &str) -> String {
        let (port, path) = (self.port, path.to_owned());
        let ask = move || {
            let mut answer = String::new();
            if let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)) {
                let head = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
                stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
                let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.read_to_string(&mut answer).map(drop));
            }
            answer
        };
        tokio::task::spawn_blocking(ask).await.unwrap()
    }

    /// Waits until `holds`.
    async fn until(&self, what: &str, mut holds: impl AsyncFnMut(&Self) -> bool) {
        for _ in 0..600 {
            if holds(self).await {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{what}\n{}", self.log());
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn config(discord: &PracticeDiscord, port: u16) -> String {
    format!(
        "language = \"en\"\n[discord]\nguild = \"{}\"\ntoken = {{ env = \"DISCORD_TOKEN\" }}\nconnect_to = \"{}\"\nca_file = \"ca.pem\"\n\
         [roles]\noperations = \"1000000000000000011\"\n[health]\nlisten = \"127.0.0.1:{port}\"\n[hosts.here]\ntransport = \"local\"\n",
        discord.guild_id(),
        discord.addr()
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_watches_the_bot_is_told_how_it_is() {
    let bot = Running::start().await;
    bot.until("no health", async |bot| bot.get("/healthz").await.starts_with("HTTP/1.1 200")).await;
    let metrics = bot.get("/metrics").await;
    assert!(metrics.contains("signoff_database_up 1"), "{metrics}");
    assert!(!metrics.contains("signoff_checks{"), "nothing ran yet: {metrics}");
    let check = Command::new(env!("CARGO_BIN_EXE_signoff"))
        .args(["check", "daily", "--config"])
        .arg(bot.folder.path().join("bot.toml"))
        .output()
        .unwrap();
    assert_eq!(check.status.code(), Some(0));
    let metrics = bot.get("/metrics").await;
    for line in [
        "signoff_checks{command=\"daily\",host=\"here\",grade=\"pass\"} 2",
        "grade=\"fail\"} 0",
        "signoff_last_run_timestamp_seconds{",
    ] {
        assert!(metrics.contains(line), "{line} is missing in:\n{metrics}");
    }
    assert!(!metrics.contains(&bot.discord.token()), "the token is told");
    assert!(bot.get("/elsewhere").await.starts_with("HTTP/1.1 404"));
}

/// A bot that runs and hears nobody is not well, however well it can read its database.
#[tokio::test(flavor = "multi_thread")]
async fn a_bot_that_hears_nothing_from_discord_says_so() {
    let bot = Running::start().await;
    let silent = async |bot: &Running| -> u64 {
        let metrics = bot.get("/metrics").await;
        let line = metrics.lines().find_map(|line| line.strip_prefix("signoff_discord_silent_seconds "));
        line.and_then(|seconds| seconds.trim().parse().ok()).unwrap_or(0)
    };
    // Whoever comes in anew has answered no heartbeat yet: that counts from the start of the bot.
    bot.discord.faults().silence_heartbeats(true);
    bot.until("it says that it hears Discord", async |bot| silent(bot).await > 10).await;
    assert!(bot.get("/healthz").await.starts_with("HTTP/1.1 200"), "it may hear it again");
    bot.discord.faults().silence_heartbeats(false);
    bot.until("it hears nothing again", async |bot| silent(bot).await < 10).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn new_files_are_taken_on_a_signal_and_wrong_ones_leave_the_old() {
    let mut bot = Running::start().await;
    let path = bot.folder.path().join("bot.toml");
    let right = fs::read_to_string(&path).unwrap();

    fs::write(&path, right.replace("transport = \"local\"", "transport = \"lokal\"")).unwrap();
    bot.signal("-HUP");
    bot.until("wrong files are not told", async |bot| bot.log().contains("lokal")).await;
    assert!(bot.log().contains("did you mean local?") && bot.log().contains("the old one stays"), "{}", bot.log());
    assert!(bot.get("/healthz").await.starts_with("HTTP/1.1 200"), "it goes on");

    fs::write(&path, &right).unwrap();
    let daily = fs::read_to_string(bot.folder.path().join("commands/daily.toml")).unwrap();
    fs::write(bot.folder.path().join("commands/nightly.toml"), daily.replace("일일체크", "야간체크")).unwrap();
    bot.signal("-HUP");
    if let Err(error) = bot.discord.wait_for_command("nightly").await {
        panic!("{error}\n{}", bot.log());
    }
    bot.until("no health", async |bot| bot.get("/healthz").await.starts_with("HTTP/1.1 200")).await;

    bot.signal("-TERM");
    let status = bot.child.wait().unwrap();
    assert!(status.success() && bot.log().contains("stopped"), "{}", bot.log());
}
