//! `signoff baseline`, `signoff record` and `signoff keys`: what a person approves, says or takes back, from a terminal.

use std::process::ExitCode;

use super::{AppError, login, print};
use crate::cli::{Baseline, ExerciseName, Keys, Record};
use crate::clock::Clock;
use crate::commands::Commands;
use crate::config::Config;
use crate::domain::exercise::{Exercise, ExerciseKind};
use crate::domain::message::Message;
use crate::store::Store;
use crate::text::{say, say_in, word};

pub(super) async fn baseline(asked: &Baseline, config: Config, commands: Commands) -> Result<ExitCode, AppError> {
    let language = config.language;
    let store = Store::open(&config.database).await?;
    let service = super::service(config, commands, store).await?;
    let rules = service.approve_security_group(asked.host.as_deref(), &login()).await?;
    for rule in &rules {
        print(&format!("  {rule}"))?;
    }
    let done = Message::new("baseline-approved").with("count", rules.len().to_string());
    print(&say(&done, language))?;
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn record(asked: &Record, config: Config, commands: Commands) -> Result<ExitCode, AppError> {
    let language = config.language;
    let store = Store::open(&config.database).await?;
    let service = super::service(config, commands, store).await?;
    let exercise = Exercise {
        kind: match asked.exercise {
            ExerciseName::RestoreTest => ExerciseKind::RestoreTest,
            ExerciseName::Drill => ExerciseKind::Drill,
        },
        passed: !asked.failed,
        ended_at: Clock::system().now(),
        took: asked.took,
        told_by: login(),
    };
    service.record_exercise(asked.host.as_deref(), &exercise).await?;
    print(&say(&Message::new("exercise-recorded").with("kind", exercise.kind.name()), language))?;
    Ok(ExitCode::SUCCESS)
}

/// Lists the approved host keys, or takes one back. A bot that runs hears of it within half a minute.
pub(super) async fn keys(asked: &Keys, config: Config, commands: Commands) -> Result<ExitCode, AppError> {
    let (language, zone) = (config.language, config.timezone);
    let store = Store::open(&config.database).await?;
    let Some(fingerprint) = &asked.forget else {
        let keys = store.approved_keys().await?;
        if keys.is_empty() {
            print(&word("keys-none", language))?;
        }
        for key in keys {
            let approved = Message::new("keys-approved")
                .with("host", key.host)
                .with("fingerprint", key.fingerprint)
                .with("runbook", key.runbook.to_string())
                .with("by", key.by.1)
                .with("at", key.at);
            print(&say_in(zone, &approved, language))?;
        }
        return Ok(ExitCode::SUCCESS);
    };
    let service = super::service(config, commands, store).await?;
    let forgotten = service.forget_key(asked.host.as_deref(), fingerprint, login()).await?;
    let told = Message::new(if forgotten { "keys-forgotten" } else { "keys-unknown" });
    print(&say(&told.with("fingerprint", fingerprint.as_str()), language))?;
    Ok(if forgotten { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
