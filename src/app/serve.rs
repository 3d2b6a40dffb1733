//! `signoff run`: the bot, until it is told to stop.

use std::path::Path;

use tokio::signal::unix::{Signal, SignalKind, signal};

use super::{AppError, error, health};
use crate::commands::Commands;
use crate::config::Config;
use crate::discord::{Gateway, connect};
use crate::store::Store;

/// Why the bot ended.
enum End {
    /// It was told to.
    Stopped,
    /// It goes on with another configuration.
    Reloaded(Box<(Config, Commands)>),
}

/// Serves until it is told to stop. On SIGHUP the files are read again: right ones take the place of the old ones, once what
/// runs has come to its end; wrong ones are told in the log, and the old ones stay.
pub(super) async fn run(path: &Path, config: Config, commands: Commands) -> Result<(), AppError> {
    let mut files = (config, commands);
    // One for all rounds: a signal that comes between two of them must not end the program.
    let mut reloads = signal(SignalKind::hangup()).ok();
    loop {
        match serve(path, files.0, files.1, reloads.as_mut()).await? {
            End::Stopped => return Ok(()),
            End::Reloaded(read) => files = *read,
        }
    }
}

async fn serve(path: &Path, config: Config, commands: Commands, reloads: Option<&mut Signal>) -> Result<End, AppError> {
    let files = super::audit::files(path, &config);
    let discord = config.discord.clone().ok_or(AppError::NoDiscord)?;
    let token = discord.token.read()?;
    let http = connect(&discord, &token)?;
    let store = Store::open(&config.database).await?;
    let seat = store.take_seat()?;
    let service = super::service(config, commands, store)?;
    service.interrupt_left_behind().await?;
    service.note_configuration(&files).await?;
    let gateway = Gateway::open(http, &discord, service.clone()).await?;
    let warming = tokio::spawn({
        let service = service.clone();
        async move { service.warm_up().await }
    });
    let watching = tokio::spawn({
        let service = service.clone();
        async move { service.watch().await }
    });
    let retaining = tokio::spawn({
        let service = service.clone();
        async move { service.retain().await }
    });
    let telling = tokio::spawn({
        let service = service.clone();
        async move {
            if let Some(config) = service.config().health.clone() {
                health::tell(config, service).await;
            }
        }
    });
    let mut end = End::Stopped;
    let ended = async {
        tokio::select! {
            () = stop() => {}
            read = reload(path, reloads) => end = End::Reloaded(Box::new(read)),
        }
    };
    let served = gateway.serve(ended).await;
    warming.abort();
    watching.abort();
    retaining.abort();
    telling.abort();
    service.finish().await;
    drop(seat);
    served?;
    match &end {
        End::Stopped => tracing::info!("stopped"),
        End::Reloaded(_) => tracing::info!("going on with the new configuration"),
    }
    Ok(end)
}

/// Comes with SIGHUP and files that are right.
async fn reload(path: &Path, reloads: Option<&mut Signal>) -> (Config, Commands) {
    let Some(reloads) = reloads else { return std::future::pending().await };
    loop {
        if reloads.recv().await.is_none() {
            return std::future::pending().await;
        }
        match super::load(path) {
            Ok(read) => return read,
            Err(problems) => {
                tracing::error!(count = problems.0.len(), "the new configuration is wrong; the old one stays");
                error::print(&AppError::Files(problems), super::language_of_terminal());
            }
        }
    }
}

/// Comes with SIGINT or SIGTERM.
async fn stop() {
    let terminated = async {
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(error) => {
                tracing::error!(%error, "SIGTERM cannot be heard");
                std::future::pending::<()>().await;
            }
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminated => {}
    }
}
