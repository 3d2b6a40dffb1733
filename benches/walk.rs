//! How fast the walk is, and how much memory the bot takes: `cargo bench --bench walk`, with the box up.
//!
//! Prints figures and asserts none: a machine is as fast as it is. What is compared is measured in the same run.
//! `WALK_RUNS` (1000) and `WALK_SECONDS` (60) make it shorter.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use signoff::store::Store;
use signoff_sandbox::Seat;

#[macro_use]
mod support;

use support::{Bot, Failed, median, number, run, spread};

/// How often each whole command is timed.
const TIMES: usize = 15;
const TIMES_NAIVE: usize = 5;

#[tokio::main]
async fn main() -> Result<(), Failed> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    if !root.join("target/box/bot.toml").exists() {
        tell!("left out: the box is not up (tests/box/up)");
        return Ok(());
    }
    let bot = Bot::start(&root, |config| config).await?;
    let seat = bot.discord.as_user("지민").in_channel("운영");
    run(&seat, "daily").await?;
    tokio::time::sleep(Duration::from_secs(1)).await;
    tell!("memory after one /daily           {:>8.1} MB", bot.memory()?);
    let walk = walk(&bot, &seat).await?;
    compare(&root, walk)?;
    acknowledge(&bot, &seat).await?;
    long_run(&bot, &seat).await?;
    let size = std::fs::metadata(support::program())?.len();
    tell!("the program itself                {:>8.1} MB", megabytes(size));
    Ok(())
}

async fn walk(bot: &Bot, seat: &Seat) -> Result<Duration, Failed> {
    let store = Store::open(&bot.folder.path().join("signoff.db")).await?;
    let mut walks = Vec::new();
    let mut over = Vec::new();
    let mut slowest = Vec::new();
    for _ in 0..TIMES {
        let (took, report) = run(seat, "daily").await?;
        let run = number(&report).ok_or("no number in the report")?;
        let kept = store.kept_run(run).await?.and_then(|kept| kept.report).ok_or("the run is not kept")?;
        let probe = kept.checks().map(|check| check.evidence.elapsed).max().unwrap_or_default();
        walks.push(took);
        slowest.push(probe);
        over.push(took.saturating_sub(probe.mul_f64(1.25)));
    }
    spread("/daily, interaction to final edit", &mut walks);
    spread("  its slowest probe", &mut slowest);
    spread("  over 1.25 x the slowest probe", &mut over);
    Ok(median(&walks))
}

fn compare(root: &Path, walk: Duration) -> Result<(), Failed> {
    for (what, script) in [("one ssh for each command", "separate.sh"), ("all in one ssh", "one-ssh.sh")] {
        let mut times = Vec::new();
        for _ in 0..TIMES_NAIVE {
            let started = Instant::now();
            let status = Command::new(root.join("tests/box/naive").join(script))
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status()?;
            if !status.success() {
                return Err(format!("{script} failed").into());
            }
            times.push(started.elapsed());
        }
        spread(&format!("by hand, {what}"), &mut times);
        tell!("  /daily is faster by             {:>8.1} x", median(&times).as_secs_f64() / walk.as_secs_f64());
    }
    Ok(())
}

/// Fifty interactions a second.
async fn acknowledge(bot: &Bot, seat: &Seat) -> Result<(), Failed> {
    let seconds: u64 = std::env::var("WALK_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(60);
    let mut every = tokio::time::interval(Duration::from_millis(20));
    let mut waiting = Vec::new();
    for _ in 0..seconds * 50 {
        every.tick().await;
        let asked = seat.slash("daily", &[]).await?;
        waiting.push(tokio::spawn(async move { asked.first_answer().await.map(|answer| answer.after) }));
    }
    let mut answers = Vec::new();
    for answer in waiting {
        answers.push(answer.await??);
    }
    spread(&format!("first answer, {} interactions at 50/s", answers.len()), &mut answers);
    tell!("memory after them                 {:>8.1} MB", bot.memory()?);
    Ok(())
}

async fn long_run(bot: &Bot, seat: &Seat) -> Result<(), Failed> {
    // The last of the runs that were asked for at once comes to its end.
    tokio::time::sleep(Duration::from_secs(3)).await;
    let runs: usize = std::env::var("WALK_RUNS").ok().and_then(|text| text.parse().ok()).unwrap_or(1000);
    for number in 1..=runs {
        run(seat, "daily").await?;
        if number == 1 || number == runs || number % (runs / 4).max(1) == 0 {
            tell!("memory after {number:>5} more runs      {:>8.1} MB", bot.memory()?);
        }
    }
    Ok(())
}

#[allow(clippy::cast_precision_loss)]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
