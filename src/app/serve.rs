//! `signoff run`: the bot, until it is told to stop.

use std::path::Path;
use std::time::Duration;

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::timeout;

use super::reload::reload;
use super::{AppError, health};
use crate::commands::Commands;
use crate::config::Config;
use crate::discord::{Gateway, connect};
use crate::store::Store;

/// How long a bot that is to stop waits for what runs, checks and acts: less than `docs/signoff.service` gives it. Asked a
/// second time, it stops at once.
const PATIENCE: Duration = Duration::from_secs(45);

/// How long new files wait at most for a moment in which nothing runs. People are answered as ever until then; after that
/// Discord is left, and nobody is answered while what runs comes to its end.
const CHANGE_OVER: Duration = Duration::from_secs(120);

/// Why the bot ended.
enum End {
    /// It was told to.
    Stopped,
    /// It goes on with another configuration.
    Reloaded(Box<(Config, Commands)>),
}

/// What the program is told from outside. Heard once for all rounds: what comes between two of them, while what ran in the
/// first one comes to its end, counts in the next.
struct Signals {
    hangup: Option<Signal>,
    ends: Vec<Signal>,
}

impl Signals {
    fn new() -> Self {
        let heard = |kind| match signal(kind) {
            Ok(signal) => Some(signal),
            Err(error) => {
                tracing::error!(%error, ?kind, "a signal cannot be heard");
                None
            }
        };
        let ends = [SignalKind::terminate(), SignalKind::interrupt()].into_iter().filter_map(heard).collect();
        Self { hangup: heard(SignalKind::hangup()), ends }
    }
}

/// Serves until it is told to stop. On SIGHUP, and when somebody asks for it, the files are read again: right ones take the
/// place of the old ones, at a moment in which nothing runs; wrong ones are told, and the old ones stay.
pub(super) async fn run(path: &Path, config: Config, commands: Commands) -> Result<(), AppError> {
    let mut files = (config, commands);
    let mut signals = Signals::new();
    loop {
        match serve(path, files.0, files.1, &mut signals).await? {
            End::Stopped => return Ok(()),
            End::Reloaded(read) => files = *read,
        }
    }
}

async fn serve(path: &Path, config: Config, commands: Commands, signals: &mut Signals) -> Result<End, AppError> {
    let files = super::audit::files(path, &config);
    let discord = config.discord.clone().ok_or(AppError::NoDiscord)?;
    let token = discord.token.read()?;
    let http = connect(&discord, &token)?;
    let (store, seat) = Store::open_to_serve(&config.database).await?;
    let service = super::service(config, commands, store).await?;
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
            if let Some(config) = service.config().health {
                health::tell(config, service).await;
            }
        }
    });
    let mut end = End::Stopped;
    let ended = async {
        tokio::select! {
            () = stop(&mut signals.ends) => return,
            read = reload(path, signals.hangup.as_mut(), &service, &files) => end = End::Reloaded(Box::new(read)),
        }
        tokio::select! {
            () = stop(&mut signals.ends) => end = End::Stopped,
            _ = timeout(CHANGE_OVER, service.at_rest()) => {}
            never = service.turn_reloads_away() => match never {},
        }
    };
    let served = gateway.serve(ended).await;
    warming.abort();
    watching.abort();
    retaining.abort();
    telling.abort();
    if matches!(end, End::Reloaded(_)) {
        // The acts go on under another configuration.
        tokio::select! {
            () = service.finish() => {}
            () = stop(&mut signals.ends) => end = End::Stopped,
            never = service.turn_reloads_away() => match never {},
        }
    }
    if matches!(end, End::Stopped) {
        let ending = async { tokio::join!(service.finish(), service.acts_ended()) };
        let ended = tokio::select! {
            ended = timeout(PATIENCE, ending) => ended.is_ok(),
            () = stop(&mut signals.ends) => false,
        };
        if !ended {
            tracing::warn!(
                "not all has ended; when the bot is back it says what is known of it, and acts go on on their hosts"
            );
        }
    }
    drop(seat);
    served?;
    match &end {
        End::Stopped => tracing::info!("stopped"),
        End::Reloaded(_) => tracing::info!("going on with the new configuration"),
    }
    Ok(end)
}

/// Comes with SIGINT or SIGTERM.
async fn stop(ends: &mut [Signal]) {
    if ends.is_empty() {
        return std::future::pending().await;
    }
    let heard = ends.iter_mut().map(|signal| Box::pin(signal.recv()));
    futures::future::select_all(heard).await;
}
