//! Builds it all from the configuration, and does what the command line asks.

mod approve;
mod audit;
mod backup;
mod check;
mod colours;
mod cross;
mod doctor;
mod error;
mod export;
mod health;
mod import;
mod init;
mod reload;
mod sample;
#[cfg(feature = "sandbox")]
pub mod sandbox;
mod serve;
mod tool;
mod who;

use std::path::Path;
use std::process::ExitCode;

pub use colours::colours;
pub use error::AppError;

use crate::aws::Aws;
use crate::cli::{Cli, Command};
use crate::clock::Clock;
use crate::commands::Commands;
use crate::config::{Config, Login, SecretRef, Transport};
use crate::domain::mask::Masker;
use crate::domain::message::{Language, Message};
use crate::probe::HttpProber;
use crate::service::{Outside, Service};
use crate::store::Store;
use crate::text::say;
use crate::webhook::Webhook;
use who::login;

/// The exit status of a command line, a configuration or a database that is wrong: nothing could be looked at.
pub const COULD_NOT_LOOK: u8 = 3;

/// Does what `cli` asks. Errors are printed here, once, with their hints.
pub async fn run(cli: Cli) -> ExitCode {
    let path = match &cli.command {
        Command::Tool(asked) => return tool::run(asked).await,
        Command::Check(check) => check.config.config.clone(),
        Command::Baseline(baseline) => baseline.config.config.clone(),
        Command::Record(record) => record.config.config.clone(),
        Command::Keys(keys) => keys.config.config.clone(),
        Command::Sample(sample) => sample.config.config.clone(),
        Command::Audit(audit) => audit.config().clone(),
        Command::Backup(backup) => backup.config.config.clone(),
        Command::Restore(restore) => restore.config.config.clone(),
        Command::Validate(config) | Command::Doctor(config) | Command::Run(config) => config.config.clone(),
        Command::Export(export) => export.config.config.clone(),
        #[cfg(feature = "sandbox")]
        Command::Sandbox(asked) => return practise(asked).await,
    };
    let (config, commands) = match cross::load(&path) {
        Ok(loaded) => loaded,
        Err(problems) => {
            error::print(&AppError::Files(problems), language_of_terminal());
            return ExitCode::from(COULD_NOT_LOOK);
        }
    };
    let language = match &cli.command {
        Command::Check(check) => check::language(check.language, &config),
        Command::Export(export) => check::language(export.language, &config),
        _ => config.language,
    };
    let done = match cli.command {
        Command::Tool(asked) => return tool::run(&asked).await,
        Command::Check(check) => check::run(&check, config, commands).await,
        Command::Baseline(baseline) => approve::baseline(&baseline, config, commands).await,
        Command::Record(record) => approve::record(&record, config, commands).await,
        Command::Keys(keys) => approve::keys(&keys, config, commands).await,
        Command::Sample(sample) => sample::run(&sample, config, commands).await,
        Command::Doctor(_) => doctor::run(config, commands).await,
        Command::Backup(asked) => backup::backup(&asked, &config).await,
        Command::Restore(asked) => backup::restore(&asked, &config).await,
        Command::Export(export) => export::run(&export, config, commands, language).await,
        Command::Validate(_) => validate(&path, &config, &commands, language),
        Command::Audit(audit) => audit::run(&audit, config).await,
        Command::Run(_) => serve::run(&path, config, commands).await.map(|()| ExitCode::SUCCESS),
        // It has its own way above.
        #[cfg(feature = "sandbox")]
        Command::Sandbox(_) => Ok(ExitCode::SUCCESS),
    };
    done.unwrap_or_else(|error| {
        error::print(&error, language);
        ExitCode::from(COULD_NOT_LOOK)
    })
}

/// Tells how much there is, where nothing is wrong with it.
fn validate(path: &Path, config: &Config, commands: &Commands, language: Language) -> Result<ExitCode, AppError> {
    let problems = cross::unusable(path, config);
    if !problems.is_empty() {
        return Err(AppError::Files(problems));
    }
    let checks = commands.checklists.values().map(|command| command.checks().count()).sum::<usize>();
    let text = Message::new("validate-ok")
        .with("commands", commands.names().count().to_string())
        .with("checks", checks.to_string())
        .with("hosts", config.hosts.len().to_string());
    print(&say(&text, language)).map(|()| ExitCode::SUCCESS)
}

/// Rehearses, in the terminal's language: the deployment's own is that of the world it rehearses in.
#[cfg(feature = "sandbox")]
async fn practise(asked: &crate::cli::Sandbox) -> ExitCode {
    let language = language_of_terminal();
    match sandbox::run(asked, language).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            error::print(&error, language);
            ExitCode::from(COULD_NOT_LOOK)
        }
    }
}

/// Wires the use cases to their parts.
async fn service(config: Config, commands: Commands, store: Store) -> Result<Service, AppError> {
    let practice = config.discord.as_ref().and_then(|discord| discord.clock.clone());
    let clock = practice.map_or_else(Clock::system, Clock::ahead_by);
    let outside = outside(&config)?;
    let masker = Masker::new(secrets(&config));
    let service = Service::new(config, commands, outside, store, clock, masker);
    service.trust_approved_keys().await;
    Ok(service)
}

/// What is reached besides the hosts.
fn outside(config: &Config) -> Result<Outside, AppError> {
    let webhook = config.sampling.as_ref().and_then(|sampling| sampling.webhook.clone());
    Ok(Outside {
        // One file that is wrong must not keep from looking at all else.
        http: HttpProber::despite_faults(&config.http),
        aws: config.aws.clone().map(|aws| Aws::new(aws, Clock::system())).transpose()?,
        webhook: webhook.map(|url| Webhook::new(url, config.reach)).transpose()?,
        tracker: config.findings.webhook.clone().map(|url| Webhook::new(url, config.reach)).transpose()?,
    })
}

/// Every secret that the configuration names and that can be read, to be masked wherever it turns up.
fn secrets(config: &Config) -> Vec<String> {
    let token = config.discord.as_ref().map(|discord| &discord.token);
    let passphrases = config.hosts.values().filter_map(|host| match &host.transport {
        Transport::Ssh(ssh) => match &ssh.login {
            Login::Key { passphrase, .. } => passphrase.as_ref(),
            Login::Agent => None,
        },
        Transport::Local => None,
    });
    let acting = config.hosts.values().filter_map(|host| match &host.act.as_ref()?.login {
        Login::Key { passphrase, .. } => passphrase.as_ref(),
        Login::Agent => None,
    });
    let keys = config.aws.iter().flat_map(|aws| [Some(&aws.secret_key), aws.session_token.as_ref()]).flatten();
    token
        .into_iter()
        .chain(passphrases)
        .chain(acting)
        .chain(keys)
        .chain(addresses(config).map(|(_, address)| address))
        .filter_map(|secret| Some(secret.read().ok()?.expose().to_owned()))
        .collect()
}

/// Each address that is a secret, with the key of `bot.toml` that says where it is.
fn addresses(config: &Config) -> impl Iterator<Item = (String, &SecretRef)> {
    let sampling = config.sampling.iter().flat_map(|sampling| {
        [("sampling.webhook", sampling.webhook.as_ref()), ("sampling.watchdog", sampling.watchdog.as_ref())]
    });
    let fixed = sampling.chain([("findings.webhook", config.findings.webhook.as_ref())]);
    let fixed = fixed.filter_map(|(key, address)| Some((key.to_owned(), address?)));
    let of_all = config.schedules.iter().map(|(name, schedule)| (format!("schedule.{name}"), schedule));
    let of_host = config.hosts.iter().flat_map(|(host, config)| {
        config.own.schedules.iter().map(move |(name, schedule)| (format!("hosts.{host}.schedule.{name}"), schedule))
    });
    let watched = of_all.chain(of_host);
    fixed.chain(watched.filter_map(|(key, schedule)| Some((format!("{key}.watchdog"), schedule.watchdog.as_ref()?))))
}

/// The language of the terminal, for what is wrong before the configuration could tell.
fn language_of_terminal() -> Language {
    ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
        .and_then(|value| Language::from_code(&value))
        .unwrap_or(Language::En)
}

/// Prints `text` and ends the line. A reader who went away is no error; an output that cannot take it is.
fn print(text: &str) -> Result<(), AppError> {
    use std::io::{ErrorKind, Write};
    let mut out = std::io::stdout().lock();
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(AppError::Output(error)),
        _ => Ok(()),
    }
}
