//! The bot as a process of its own.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use signoff_sandbox::PracticeDiscord;

use crate::Failed;

/// The program: the one that was built for the benchmark, or another that `SIGNOFF_PROGRAM` names.
pub(crate) fn program() -> PathBuf {
    std::env::var_os("SIGNOFF_PROGRAM").map_or_else(|| env!("CARGO_BIN_EXE_signoff").into(), PathBuf::from)
}

/// It ends when it is dropped.
pub(crate) struct Process(Child);

impl Process {
    /// Starts it with the `bot.toml` of `folder`, as the bot of `discord`, and as `docs/signoff.service` does: with one heap,
    /// of which what is not needed is given back.
    pub(crate) fn start(folder: &Path, discord: &PracticeDiscord) -> Result<Self, Failed> {
        let started = Command::new(program())
            .args(["run", "--config"])
            .arg(folder.join("bot.toml"))
            .env("DISCORD_TOKEN", discord.token())
            .env("MALLOC_ARENA_MAX", "1")
            .env("MALLOC_TOP_PAD_", "4096")
            .env("MALLOC_TRIM_THRESHOLD_", "32768")
            .stderr(Stdio::null())
            .spawn()?;
        Ok(Self(started))
    }

    /// Its number.
    #[allow(dead_code, reason = "not every benchmark asks")]
    pub(crate) fn id(&self) -> u32 {
        self.0.id()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
