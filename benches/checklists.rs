//! How fast the other checklists are, what a large log costs, and what sampling costs the host:
//! `cargo bench --bench checklists`, with the box up and calm.
//!
//! Prints figures and asserts none. What is compared is measured in the same run.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use signoff::store::Store;
use signoff_sandbox::Seat;

#[macro_use]
mod support;

use support::{Bot, Failed, median, number, run, spread};

const TIMES: usize = 9;
const TIMES_NAIVE: usize = 3;

/// How long sampling is watched.
const SAMPLING: Duration = Duration::from_secs(60);

#[tokio::main]
async fn main() -> Result<(), Failed> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    if !root.join("target/box/bot.toml").exists() {
        tell!("left out: the box is not up (tests/box/up)");
        return Ok(());
    }
    let bot = Bot::start(&root, |config| config).await?;
    let seat = bot.discord.as_user("지민").in_channel("운영");
    let mut weekly = Duration::ZERO;
    for command in ["weekly", "monthly", "backup", "security", "monitoring"] {
        let took = time(&bot, &seat, command).await?;
        if command == "weekly" {
            weekly = took;
        }
    }
    by_hand(&root, weekly)?;
    large_logs(&root, &bot, &seat).await?;
    drop(bot);
    sampling(&root).await
}

async fn time(bot: &Bot, seat: &Seat, command: &str) -> Result<Duration, Failed> {
    let store = Store::open(&bot.folder.path().join("signoff.db")).await?;
    let (mut walks, mut slowest, mut over) = (Vec::new(), Vec::new(), Vec::new());
    let mut slow = String::new();
    for _ in 0..TIMES {
        let (took, report) = run(seat, command).await?;
        let number = number(&report).ok_or("no number in the report")?;
        let kept = store.kept_run(number).await?.and_then(|kept| kept.report).ok_or("the run is not kept")?;
        let probe = kept.checks().max_by_key(|check| check.evidence.elapsed).ok_or("no check")?;
        slow.clone_from(&probe.id);
        walks.push(took);
        slowest.push(probe.evidence.elapsed);
        over.push(took.saturating_sub(probe.evidence.elapsed.mul_f64(1.25)));
    }
    spread(&format!("/{command}, interaction to final edit"), &mut walks);
    spread(&format!("  its slowest probe ({slow})"), &mut slowest);
    spread("  over 1.25 x the slowest probe", &mut over);
    Ok(median(&walks))
}

/// The weekly commands of the checklist, one after the other.
fn by_hand(root: &Path, weekly: Duration) -> Result<(), Failed> {
    let mut times = Vec::new();
    for _ in 0..TIMES_NAIVE {
        let started = Instant::now();
        let script = root.join("tests/box/naive/weekly.sh");
        let status = Command::new(script).stdout(Stdio::null()).stderr(Stdio::null()).status()?;
        if !status.success() {
            return Err("weekly.sh failed".into());
        }
        times.push(started.elapsed());
    }
    spread("weekly by hand, one ssh each", &mut times);
    tell!("  /weekly is faster by            {:>8.1} x", median(&times).as_secs_f64() / weekly.as_secs_f64());
    Ok(())
}

/// A gigabyte in the log of the server, and one in nginx's.
async fn large_logs(root: &Path, bot: &Bot, seat: &Seat) -> Result<(), Failed> {
    let sh = |script: &str| {
        let status = Command::new(root.join("tests/box/sh")).args(["sh", "-c", script]).status()?;
        if status.success() { Ok(()) } else { Err(Failed::from(format!("{script} failed"))) }
    };
    run(seat, "weekly").await?;
    let before = bot.memory()?;
    sh("box-large-logs 1000000000")?;
    let (took, report) = run(seat, "weekly").await?;
    let peak = bot.peak()?;
    tell!("/weekly with 1 GB in each log     {:>8.1} s", took.as_secs_f64());
    tell!("  memory before it, most in it    {before:>8.1} MB, {peak:.1} MB");
    let store = Store::open(&bot.folder.path().join("signoff.db")).await?;
    let number = number(&report).ok_or("no number in the report")?;
    let kept = store.kept_run(number).await?.and_then(|kept| kept.report).ok_or("the run is not kept")?;
    for id in ["errors", "addresses"] {
        let check = kept.check(id).ok_or("no such check")?;
        tell!("  {id}: {:?} in {:.1} s", check.grade, check.evidence.elapsed.as_secs_f64());
        for note in &check.evidence.notes {
            tell!("    {}", signoff::text::say(note, signoff::domain::message::Language::En));
        }
    }
    sh("box-large-logs 0")
}

/// The processor time that the host spends on a sample, as its own control group counts it.
async fn sampling(root: &Path) -> Result<(), Failed> {
    let every =
        |span: &'static str| move |config: String| config.replace("every = \"1 min\"", &format!("every = \"{span}\""));
    let mut spent = Vec::new();
    for span in ["1 h", "1 s"] {
        let bot = Bot::start(root, every(span)).await?;
        tokio::time::sleep(Duration::from_secs(3)).await;
        let before = spent_by_host()?;
        tokio::time::sleep(SAMPLING).await;
        spent.push(spent_by_host()? - before);
        drop(bot);
    }
    let each = (spent.get(1).copied().unwrap_or_default() - spent.first().copied().unwrap_or_default())
        / SAMPLING.as_secs_f64();
    tell!("a sample costs the host           {:>8.1} ms of one core", each * 1e3);
    tell!("  once a minute that is           {:>8.3} % of it", each / 60.0 * 100.0);
    Ok(())
}

/// Seconds of processor time that the box has taken so far, its containers included.
fn spent_by_host() -> Result<f64, Failed> {
    let id = Command::new("docker")
        .args(["-H", "unix:///var/run/docker.sock", "inspect", "--format", "{{.Id}}", "signoff-box"])
        .output()?;
    let id = String::from_utf8(id.stdout)?.trim().to_owned();
    let old = format!("/sys/fs/cgroup/cpuacct/docker/{id}/cpuacct.usage");
    if let Ok(text) = std::fs::read_to_string(&old) {
        return Ok(text.trim().parse::<f64>()? / 1e9);
    }
    let new = std::fs::read_to_string(format!("/sys/fs/cgroup/system.slice/docker-{id}.scope/cpu.stat"))?;
    let line = new.lines().find_map(|line| line.strip_prefix("usage_usec ")).ok_or("no usage")?;
    Ok(line.trim().parse::<f64>()? / 1e6)
}
