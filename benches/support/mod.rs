//! What the benchmarks share: the bot as a process against the box, and how figures are told.

use std::path::Path;
use std::time::{Duration, Instant};

use signoff::domain::run::RunId;
use signoff_sandbox::{Message, PracticeDiscord, RateLimits, Seat};
use tempfile::TempDir;

#[path = "../../tests/support/deployment.rs"]
mod deployment;

mod process;

#[macro_use]
#[path = "tell.rs"]
mod tell;

use process::Process;
#[allow(unused_imports, reason = "not every benchmark asks")]
pub(crate) use process::program;
pub(crate) use tell::{Failed, median, spread};

/// The bot as a process of its own, against the box and a practice Discord without limits.
pub(crate) struct Bot {
    pub(crate) discord: PracticeDiscord,
    pub(crate) folder: TempDir,
    process: Process,
}

impl Bot {
    /// Against the box below `root`; `change` may change its configuration.
    pub(crate) async fn start(root: &Path, change: impl Fn(String) -> String) -> Result<Self, Failed> {
        let discord = PracticeDiscord::builder().rate_limits(RateLimits::none()).start().await?;
        let folder = TempDir::new()?;
        let config = deployment::of_box(root, folder.path(), &root.join("commands"), Some(&discord))?;
        std::fs::write(folder.path().join("bot.toml"), change(config))?;
        let process = Process::start(folder.path(), &discord)?;
        discord.wait_for_command("daily").await?;
        Ok(Self { discord, folder, process })
    }

    /// The memory it has resident, in MB.
    pub(crate) fn memory(&self) -> Result<f64, Failed> {
        self.status("VmRSS:")
    }

    /// The most it ever had, in MB.
    #[allow(dead_code, reason = "not every benchmark asks")]
    pub(crate) fn peak(&self) -> Result<f64, Failed> {
        self.status("VmHWM:")
    }

    fn status(&self, name: &str) -> Result<f64, Failed> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix(name)).ok_or("no such line")?;
        let kilobytes: f64 = line.trim().trim_end_matches(" kB").trim().parse()?;
        Ok(kilobytes * 1024.0 / 1e6)
    }
}

/// One command, from the interaction to the final edit.
pub(crate) async fn run(seat: &Seat, command: &str) -> Result<(Duration, Message), Failed> {
    let started = Instant::now();
    let asked = seat.slash(command, &[]).await?.patient(Duration::from_secs(90));
    let report = asked.wait_for(|message| message.buttons().iter().any(|button| button == "다시 점검")).await?;
    Ok((started.elapsed(), report))
}

/// The number of the run that a report shows: `#12`.
pub(crate) fn number(report: &Message) -> Option<RunId> {
    let text = report.text();
    let digits: String = text.split('#').next_back()?.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok().map(RunId)
}
