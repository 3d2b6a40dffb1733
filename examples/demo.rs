//! Plays `/daily` as a member of the team against the box, and prints what the channel shows: once while all is well, once
//! with a stopped container. `tests/box/demo` brings up what it needs and runs it.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use signoff_sandbox::{Message, PracticeDiscord, Seat};
use tempfile::TempDir;

#[path = "../tests/support/deployment.rs"]
mod deployment;

type Failed = Box<dyn std::error::Error>;

#[tokio::main]
async fn main() -> Result<(), Failed> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let discord = PracticeDiscord::start().await?;
    let folder = TempDir::new()?;
    let _bot = Bot(start(&root, &discord, folder.path())?);
    discord.wait_for_command("daily").await?;
    let jimin = discord.as_user("지민").in_channel("운영");

    say("지민 types /daily in #운영, and all is well:")?;
    show(&daily(&jimin).await?)?;

    say("Somebody stops redis on the server, and 지민 types /daily again:")?;
    on_the_box(&root, &["docker", "stop", "gear_freak_redis"])?;
    let report = daily(&jimin).await;
    on_the_box(&root, &["docker", "start", "gear_freak_redis"])?;
    let report = report?;
    show(&report)?;

    say("지민 taps [자세히] and chooses redis; nobody else sees this:")?;
    let details = jimin.click(&report, "자세히").await?.message().await?;
    let select = details.components().iter().flat_map(|row| &row.components).find_map(|part| part.custom_id.clone());
    let chosen = jimin.select(&details, &select.ok_or("no choice in the details")?, &["redis"]).await?;
    show(&chosen.message().await?)?;
    Ok(())
}

/// Ends the bot when the demo ends, however it does.
struct Bot(Child);

impl Drop for Bot {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts the program that was built beside this one, on the box's deployment and the practice Discord.
fn start(root: &Path, discord: &PracticeDiscord, folder: &Path) -> Result<Child, Failed> {
    let config = deployment::of_box(root, folder, &root.join("commands"), Some(discord))?;
    std::fs::write(folder.join("bot.toml"), config)?;
    let here = std::env::current_exe()?;
    let program = here.parent().and_then(Path::parent).ok_or("where am I?")?.join("signoff");
    Ok(Command::new(program)
        .args(["run", "--config"])
        .arg(folder.join("bot.toml"))
        .env("DISCORD_TOKEN", discord.token())
        .env("SIGNOFF_LOG", "error")
        .spawn()?)
}

async fn daily(seat: &Seat) -> Result<Message, Failed> {
    let asked = seat.slash("daily", &[]).await?.patient(Duration::from_secs(40));
    Ok(asked.wait_for(|message| message.buttons().iter().any(|button| button == "다시 점검")).await?)
}

fn on_the_box(root: &Path, command: &[&str]) -> Result<(), Failed> {
    let status = Command::new(root.join("tests/box/sh")).args(command).stdout(Stdio::null()).status()?;
    if status.success() { Ok(()) } else { Err(format!("{command:?} failed on the box").into()) }
}

fn say(text: &str) -> Result<(), Failed> {
    Ok(writeln!(std::io::stdout().lock(), "\n── {text}")?)
}

fn show(message: &Message) -> Result<(), Failed> {
    let mut out = std::io::stdout().lock();
    for line in message.text().lines() {
        writeln!(out, "   │ {line}")?;
    }
    Ok(())
}
