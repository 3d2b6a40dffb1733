//! `signoff backup` and `signoff restore`: the database, copied and put back.

use std::process::ExitCode;

use super::{AppError, print};
use crate::cli::{Backup, Restore};
use crate::clock::Clock;
use crate::config::Config;
use crate::domain::message::Message;
use crate::store::Store;
use crate::text::say;

pub(super) async fn backup(asked: &Backup, config: &Config) -> Result<ExitCode, AppError> {
    Store::open(&config.database).await?.copy_to(&asked.to).await?;
    let done = Message::new("backup-done").with("path", asked.to.display().to_string());
    print(&say(&done, config.language))?;
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn restore(asked: &Restore, config: &Config) -> Result<ExitCode, AppError> {
    let stamp = Clock::system().now().format("%Y%m%d-%H%M%S").to_string();
    let kept = Store::put_back(&asked.from, &config.database, &stamp).await?;
    let done = match kept {
        Some(kept) => Message::new("restore-done-kept").with("kept", kept.display().to_string()),
        None => Message::new("restore-done"),
    };
    print(&say(&done.with("path", asked.from.display().to_string()), config.language))?;
    Ok(ExitCode::SUCCESS)
}
