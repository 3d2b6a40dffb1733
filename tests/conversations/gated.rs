//! The harness of the gate: an action whose calls are counted, and the people around it.

use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use signoff_sandbox::{Id, Message, Seat};
use sqlx::ConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

use crate::bot::{Bot, SMALL};

pub const RESTART: &str = include_str!("../data/restart.toml");

/// Counts its calls, and waits for as long as `hold` is there.
pub const ACT: &str = r#"#!/bin/sh
echo "$1" >> FOLDER/acts
echo "restarting $1"
while [ -e FOLDER/hold ]; do sleep 0.05; done
[ ! -e FOLDER/hold-proof ] || { rm FOLDER/calm; mkfifo FOLDER/calm; }
[ ! -e FOLDER/broken ]
"#;

/// A deployment with an action that counts its calls, and somebody of each role.
pub struct Gated {
    pub bot: Bot,
}

/// What tests whose clock was moved did on this machine an hour ago: its name is of another time than its folder. A bot whose
/// clock is right has none such.
fn forget_jobs_of_moved_clocks() {
    let jobs = format!("/var/tmp/signoff-{}", rustix::process::getuid().as_raw());
    let hour = std::time::Duration::from_secs(3600);
    for entry in std::fs::read_dir(jobs).into_iter().flatten().flatten() {
        let made = entry.metadata().and_then(|folder| folder.modified());
        let claimed = entry.file_name().to_string_lossy().split('-').nth(1).and_then(|millis| millis.parse().ok());
        let (Ok(made), Some(claimed)) = (made, claimed) else { continue };
        let claimed = std::time::UNIX_EPOCH + std::time::Duration::from_millis(claimed);
        let apart = claimed.duration_since(made).unwrap_or_else(|error| error.duration());
        if apart > hour && made.elapsed().is_ok_and(|age| age > hour) {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

impl Gated {
    pub async fn with(restart: &str, more: &str) -> Self {
        let bot = Bot::prepare(&[("daily", SMALL), ("restart", restart)]).await;
        let config = std::fs::read_to_string(bot.path("bot.toml")).unwrap();
        bot.write("bot.toml", format!("{config}\n{more}"));
        Self::on(bot).await
    }

    /// On a deployment that is prepared.
    pub async fn on(bot: Bot) -> Self {
        forget_jobs_of_moved_clocks();
        bot.write("calm", "12\n");
        bot.write("act", ACT.replace("FOLDER", &bot.folder.path().display().to_string()));
        std::fs::set_permissions(bot.path("act"), std::fs::Permissions::from_mode(0o755)).unwrap();
        bot.discord.give_role("Alex", "devops").unwrap();
        Self { bot: bot.started().await }
    }

    pub async fn new() -> Self {
        Self::with(RESTART, "").await
    }

    /// With further commands.
    pub async fn besides(more: &[(&str, &str)]) -> Self {
        let gated = Self::new().await;
        for (name, text) in more {
            gated.bot.write_command(name, text);
        }
        std::fs::create_dir_all(gated.bot.path("backups")).unwrap();
        let gated = gated.restarted().await;
        for (name, _) in more {
            gated.bot.discord.wait_for_command(name).await.unwrap();
        }
        gated
    }

    /// The same bot with its files read anew.
    pub async fn restarted(mut self) -> Self {
        assert_eq!(self.bot.stop().await, 0);
        self.bot.start();
        self.bot.ready().await;
        self
    }

    /// A whole backup of `megabytes` that was made on `stamp`, so many days ago.
    pub fn backup(&self, stamp: &str, days: u32, megabytes: u32) {
        let folder = self.bot.path("backups");
        std::fs::create_dir_all(&folder).unwrap();
        let make = format!(
            "{{ head -c {megabytes}000000 /dev/urandom; echo; echo '-- PostgreSQL database dump complete'; }} | gzip -1 \
             >postgres_{stamp}_030000.sql.gz && touch -d '{days} days ago' postgres_{stamp}_030000.sql.gz"
        );
        assert!(Command::new("sh").args(["-c", &make]).current_dir(folder).status().unwrap().success());
    }

    /// The files in a folder of the deployment, by name.
    pub fn files(&self, folder: &str) -> Vec<String> {
        let entries = std::fs::read_dir(self.bot.path(folder)).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    /// What was done, by the calls of the script.
    pub fn acts(&self) -> Vec<String> {
        let acts = std::fs::read_to_string(self.bot.path("acts")).unwrap_or_default();
        acts.lines().map(str::to_owned).collect()
    }

    /// 지민 asks; gives the card.
    pub async fn asked(&self) -> Message {
        self.asks("지민", &[("사유", "API가 5분째 응답하지 않습니다")]).await
    }

    pub async fn asks(&self, who: &str, texts: &[(&str, &str)]) -> Message {
        self.asks_as(who, "restart", &[("service", "serverpod")], texts).await
    }

    /// 지민 asks for any command.
    pub async fn asks_for(&self, command: &str, options: &[(&str, &str)], why: &str) -> Message {
        self.asks_as("지민", command, options, &[("사유", why)]).await
    }

    async fn asks_as(&self, who: &str, command: &str, options: &[(&str, &str)], texts: &[(&str, &str)]) -> Message {
        let seat = self.bot.seat(who);
        let before = cards(&seat);
        let modal = seat.slash(command, options).await.unwrap().modal().await.unwrap();
        seat.submit_modal(&modal, texts).await.unwrap().wait_for(|m| m.text().contains("올렸습니다")).await.unwrap();
        seat.wait_for(|m| is_card(m) && !before.contains(&m.id())).await.unwrap()
    }

    pub async fn clicks(&self, who: &str, card: &Message, button: &str) -> String {
        self.bot.seat(who).click(card, button).await.unwrap().message().await.unwrap().text()
    }

    /// Waits until the card says `words`.
    pub async fn until(&self, card: &Message, words: &str) -> Message {
        let fits = |m: &Message| m.id() == card.id() && m.text().contains(words);
        let found = self.bot.seat("지민").wait_for(fits).await;
        found.unwrap_or_else(|error| panic!("{words}: {error}\n{}", self.bot.log()))
    }

    /// The bot's database, opened by somebody else.
    pub async fn db(&self) -> SqliteConnection {
        SqliteConnectOptions::new().filename(self.bot.path("signoff.db")).connect().await.unwrap()
    }

    /// Changes the database behind the bot's back.
    pub async fn sql(&self, sql: &'static str) {
        sqlx::raw_sql(sql).execute(&mut self.db().await).await.unwrap();
    }

    /// Asks the database for texts.
    pub async fn audit(&self, sql: &'static str) -> Vec<String> {
        sqlx::query_scalar(sql).fetch_all(&mut self.db().await).await.unwrap()
    }

    /// How the latest request stands; none: there is none.
    pub async fn state(&self) -> Option<String> {
        self.audit("SELECT state FROM request ORDER BY id DESC LIMIT 1").await.pop()
    }

    /// `signoff audit …`: what it printed, and its exit status.
    pub fn audit_command(&self, args: &[&str]) -> (String, i32) {
        self.signoff(&[&["audit"], args].concat())
    }

    /// The same beside the practice Discord, which must go on meanwhile.
    pub async fn signoff_here(&self, args: &[&str]) -> (String, i32) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_signoff"));
        command.args(args).arg("--config").arg(self.bot.path("bot.toml"));
        command.env("DISCORD_TOKEN", self.bot.discord.token());
        let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
        (String::from_utf8_lossy(&output.stdout).into_owned(), output.status.code().unwrap_or(-1))
    }

    /// `signoff …` at a terminal: what it printed, and its exit status.
    pub fn signoff(&self, args: &[&str]) -> (String, i32) {
        let output = Command::new(env!("CARGO_BIN_EXE_signoff"))
            .args(args)
            .arg("--config")
            .arg(self.bot.path("bot.toml"))
            .output()
            .unwrap();
        (String::from_utf8_lossy(&output.stdout).into_owned(), output.status.code().unwrap_or(-1))
    }
}

pub fn is_card(message: &Message) -> bool {
    message.text().contains("위험도 ")
}

pub fn cards(seat: &Seat) -> Vec<Id> {
    seat.messages().unwrap().iter().filter(|m| is_card(m)).map(Message::id).collect()
}
