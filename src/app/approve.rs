//! `signoff baseline` and `signoff record`: what a person approves or says, from a terminal.

use std::process::ExitCode;

use super::{AppError, print};
use crate::cli::{Baseline, ExerciseName, Record};
use crate::clock::Clock;
use crate::commands::Commands;
use crate::config::Config;
use crate::domain::exercise::{Exercise, ExerciseKind};
use crate::domain::message::Message;
use crate::store::Store;
use crate::text::say;

pub(super) async fn baseline(asked: &Baseline, config: Config, commands: Commands) -> Result<ExitCode, AppError> {
    let language = config.language;
    let store = Store::open(&config.database).await?;
    let service = super::service(config, commands, store).await?;
    let rules = service.approve_security_group(asked.host.as_deref(), &user()).await?;
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
        told_by: user(),
    };
    service.record_exercise(asked.host.as_deref(), &exercise).await?;
    print(&say(&Message::new("exercise-recorded").with("kind", exercise.kind.name()), language))?;
    Ok(ExitCode::SUCCESS)
}

fn user() -> String {
    std::env::var("USER").or_else(|_| std::env::var("LOGNAME")).unwrap_or_default()
}
