//! `signoff run`: the bot, until it is told to stop.

use tokio::signal::unix::{SignalKind, signal};

use super::AppError;
use crate::commands::Commands;
use crate::config::Config;
use crate::discord::{Gateway, connect};
use crate::store::Store;

pub(super) async fn run(config: Config, commands: Commands) -> Result<(), AppError> {
    let discord = config.discord.clone().ok_or(AppError::NoDiscord)?;
    let token = discord.token.read()?;
    let http = connect(&discord, &token)?;
    let store = Store::open(&config.database).await?;
    let service = super::service(config, commands, store)?;
    service.interrupt_left_behind().await?;
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
    let served = gateway.serve(stop()).await;
    warming.abort();
    watching.abort();
    retaining.abort();
    service.finish().await;
    tracing::info!("stopped");
    Ok(served?)
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
