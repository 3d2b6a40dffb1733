//! A database that may not be written, on a disk that is full: told for what it is, and nothing is half-kept. (That it is
//! busy stands beside what it keeps waiting: in `duty_faults` and `sign_faults`.)

use std::fs;
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::bot::{Bot, SMALL};
use crate::duty::{BEFORE_NINE, CHANNEL, DUTY, LOG, NINE, is_reminder, settled, signed};
use crate::signing::{opened, pressed, report, says};

/// Enough for a young database and its log.
const DISK: usize = 8_000_000;

/// A bot at ten to nine with its database on a small disk of its own; the disk as it is found from outside.
async fn on_a_small_disk() -> Option<(Bot, PathBuf)> {
    let mut bot = Bot::prepare_at(BEFORE_NINE, &[("daily", &signed())], DUTY).await;
    let config = fs::read_to_string(bot.path("bot.toml")).unwrap();
    bot.write("bot.toml", format!("database = \"disk/signoff.db\"\n{config}"));
    bot.write("calm", "12\n");
    let disk = bot.start_with_disk("disk", DISK)?;
    bot.ready().await;
    bot.until_logged("what is due is kept in mind").await;
    Some((bot, disk))
}

/// Fills it to the last byte.
fn fill(disk: &Path) {
    let mut filler = fs::File::create(disk.join("filler")).unwrap();
    for size in [65_536, 4096, 1] {
        let part = vec![7; size];
        let error = loop {
            if let Err(error) = filler.write_all(&part) {
                break error;
            }
        };
        assert_eq!(error.kind(), ErrorKind::StorageFull, "{error}");
    }
}

fn free(disk: &Path) {
    fs::remove_file(disk.join("filler")).unwrap();
}

#[tokio::test]
async fn on_a_full_disk_no_reminder_is_posted_and_the_log_channel_hears_why_until_there_is_room() {
    let Some((bot, disk)) = on_a_small_disk().await else { return };
    fill(&disk);
    bot.it_is(NINE);
    let told = bot.discord.channel(LOG).patient(Duration::from_secs(30));
    let told = told.wait_for(|message| message.text().contains("디스크가 가득 차")).await.unwrap();
    assert!(told.text().contains("💡") && told.pings().is_nobody(), "{}", told.text());
    assert_eq!(settled(&bot).await.len(), 0, "what cannot be claimed is not posted");
    free(&disk);
    let reminder = bot.discord.channel(CHANNEL).patient(Duration::from_secs(30)).wait_for(is_reminder).await.unwrap();
    assert_eq!(reminder.pings().users, ["지민"]);
    assert_eq!(settled(&bot).await.len(), 1);
    bot.finish_with(&["what is due cannot be done", "the disk is full", "could not be kept"]).await;
}

#[tokio::test]
async fn on_a_full_disk_nothing_is_signed_and_whoever_signs_hears_why() {
    let Some((bot, disk)) = on_a_small_disk().await else { return };
    bot.write("calm", "85\n");
    let jimin = bot.seat("지민");
    let report = report(&jimin).await;
    let walk = opened(&jimin, &report, "서명").await;
    let modal = jimin.click(&walk, "메모 남기기").await.unwrap().modal().await.unwrap();
    fill(&disk);
    let told = jimin.submit_modal(&modal, &[("text", "지켜봅니다")]).await.unwrap().message().await.unwrap();
    assert!(told.is_ephemeral() && told.text().contains("디스크가 가득 차"), "{}", told.text());
    free(&disk);
    let walk = opened(&jimin, &report, "서명").await;
    assert!(!walk.text().contains("지켜봅니다"), "what was said not to be kept is not:\n{}", walk.text());
    let walk = crate::signing::filled(&jimin, &walk, "메모 남기기", &[("text", "지켜봅니다")]).await;
    fill(&disk);
    let told = jimin.click(&walk, "서명하기").await.unwrap().message().await.unwrap();
    assert!(told.is_ephemeral() && told.text().contains("디스크가 가득 차"), "{}", told.text());
    assert!(report.reload().text().contains("서명 전"), "{}", report.reload().text());
    free(&disk);
    let done = pressed(&jimin, &walk, "서명하기").await;
    assert!(done.text().contains("**서명했습니다.**") && done.text().contains("지켜봅니다"), "{}", done.text());
    says(&bot, &report, "서명: 지민").await;
    bot.finish_with(&["the disk is full", "could not be kept", "cannot be done"]).await;
}

/// Files that nobody can write any more, not even who has them open: SQLite meets what it meets on a disk that the system has
/// turned read-only after a fault.
struct Frozen(Vec<PathBuf>);

impl Frozen {
    /// The database of `bot`, and its log. The third file is memory that is shared: on such a disk it stays in the cache. Nothing
    /// where this machine, or its file system, lets nobody do that.
    fn of(bot: &Bot) -> Option<Self> {
        let frozen = Self(vec![bot.path("signoff.db"), bot.path("signoff.db-wal")]);
        if frozen.set("+i") {
            return Some(frozen);
        }
        eprintln!("left out: chattr makes nothing immutable here");
        None
    }

    fn set(&self, flag: &str) -> bool {
        let chattr = Command::new("chattr").arg(flag).args(&self.0).stderr(Stdio::null()).status();
        chattr.is_ok_and(|status| status.success())
    }
}

impl Drop for Frozen {
    fn drop(&mut self) {
        self.set("-i");
    }
}

#[tokio::test]
async fn a_disk_that_turns_read_only_while_the_bot_runs_is_told_and_outwaited() {
    let bot = Bot::prepare_at(BEFORE_NINE, &[("daily", &signed())], DUTY).await;
    bot.write("calm", "12\n");
    let bot = bot.started().await;
    bot.until_logged("what is due is kept in mind").await;
    let Some(frozen) = Frozen::of(&bot) else { return bot.finish().await };
    bot.it_is(NINE);
    let told = bot.discord.channel(LOG).patient(Duration::from_secs(30));
    let told = told.wait_for(|message| message.text().contains("읽기 전용")).await.unwrap();
    assert!(told.text().contains("💡") && told.pings().is_nobody(), "{}", told.text());
    assert_eq!(settled(&bot).await.len(), 0, "what cannot be claimed is not posted");
    drop(frozen);
    let reminder = bot.discord.channel(CHANNEL).patient(Duration::from_secs(30)).wait_for(is_reminder).await.unwrap();
    assert_eq!(reminder.pings().users, ["지민"]);
    assert_eq!(settled(&bot).await.len(), 1);

    let jimin = bot.seat("지민");
    let walk = opened(&jimin, &reminder, "서명").await;
    let frozen = Frozen::of(&bot).unwrap();
    let told = jimin.click(&walk, "서명하기").await.unwrap().message().await.unwrap();
    let text = told.text();
    assert!(told.is_ephemeral() && text.contains("읽기 전용") && text.contains("💡"), "{text}");
    assert!(reminder.reload().text().contains("서명 전"), "{}", reminder.reload().text());
    drop(frozen);
    let done = pressed(&jimin, &walk, "서명하기").await;
    assert!(done.text().contains("**서명했습니다.**"), "{}", done.text());
    says(&bot, &reminder, "서명: 지민").await;
    // Nothing of what failed is in it.
    let verified = Command::new(env!("CARGO_BIN_EXE_signoff"))
        .args(["audit", "verify", "--config"])
        .arg(bot.path("bot.toml"))
        .output()
        .unwrap();
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
    bot.finish_with(&["what is due cannot be done", "the disk takes no change", "could not be kept", "cannot be done"])
        .await;
}

#[tokio::test]
async fn a_database_that_may_only_be_read_is_refused_before_anything_is_said_in_discord() {
    let mut bot = Bot::prepare_at(BEFORE_NINE, &[("daily", SMALL)], DUTY).await;
    bot.write("calm", "12\n");
    bot.start();
    bot.ready().await;
    bot.until_logged("what is due is kept in mind").await;
    assert_eq!(bot.stop().await, 0);
    fs::set_permissions(bot.path("signoff.db"), fs::Permissions::from_mode(0o444)).unwrap();
    fs::set_permissions(bot.folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let before = fs::read(bot.path("signoff.db")).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_signoff"));
    command
        .args(["run", "--config"])
        .arg(bot.path("bot.toml"))
        .env("DISCORD_TOKEN", bot.discord.token())
        .env("NO_COLOR", "1")
        .stdin(Stdio::null());
    // Rights do not bind the superuser, who often runs tests in containers.
    if Path::new("/proc/self").metadata().unwrap().uid() == 0 {
        command.uid(65534).gid(65534);
    }
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        !output.status.success() && said.contains("읽기 전용") && said.contains("💡"),
        "{:?}: {said}",
        output.status
    );
    assert_eq!(fs::read(bot.path("signoff.db")).unwrap(), before, "it is left as it was");
    // Who may write it goes on.
    fs::set_permissions(bot.path("signoff.db"), fs::Permissions::from_mode(0o600)).unwrap();
    bot.start();
    bot.ready().await;
    bot.it_is(NINE);
    bot.discord.channel(CHANNEL).wait_for(is_reminder).await.unwrap();
    bot.finish().await;
}
