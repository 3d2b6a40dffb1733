//! The bot as a process of its own.

use std::path::Path;
use std::process::{Child, Command, Stdio};

use signoff_sandbox::PracticeDiscord;

use crate::Failed;

/// It ends when it is dropped.
pub(crate) struct Process(Child);

impl Process {
    /// Starts it with the `bot.toml` of `folder`, as the bot of `discord`.
    pub(crate) fn start(folder: &Path, discord: &PracticeDiscord) -> Result<Self, Failed> {
        let started = Command::new(env!("CARGO_BIN_EXE_signoff"))
            .args(["run", "--config"])
            .arg(folder.join("bot.toml"))
            .env("DISCORD_TOKEN", discord.token())
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
