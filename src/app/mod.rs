//! Builds it all from the configuration, and does what the command line asks.

mod approve;
mod audit;
mod backup;
mod check;
mod doctor;
mod error;
mod export;
mod health;
mod import;
mod init;
mod sample;
#[cfg(feature = "sandbox")]
pub mod sandbox;
mod serve;
mod tool;

use std::path::Path;
use std::process::ExitCode;

pub use error::AppError;

use crate::aws::Aws;
use crate::cli::{Cli, Command};
use crate::clock::Clock;
use crate::commands::{self, Commands};
use crate::config::{self, Config, Login, Transport};
use crate::document::{Problem, Problems, did_you_mean};
use crate::domain::action::Action;
use crate::domain::mask::Masker;
use crate::domain::message::{Language, Message};
use crate::probe::HttpProber;
use crate::service::{Outside, Service};
use crate::store::Store;
use crate::text::say;
use crate::webhook::Webhook;

/// The exit status of a command line, a configuration or a database that is wrong: nothing could be looked at.
pub const COULD_NOT_LOOK: u8 = 3;

/// Does what `cli` asks. Errors are printed here, once, with their hints.
pub async fn run(cli: Cli) -> ExitCode {
    let path = match &cli.command {
        Command::Tool(asked) => return tool::run(asked).await,
        Command::Check(check) => check.config.config.clone(),
        Command::Baseline(baseline) => baseline.config.config.clone(),
        Command::Record(record) => record.config.config.clone(),
        Command::Sample(sample) => sample.config.config.clone(),
        Command::Audit(audit) => audit.config().clone(),
        Command::Backup(backup) => backup.config.config.clone(),
        Command::Restore(restore) => restore.config.config.clone(),
        Command::Validate(config) | Command::Doctor(config) | Command::Run(config) => config.config.clone(),
        Command::Export(export) => export.config.config.clone(),
        #[cfg(feature = "sandbox")]
        Command::Sandbox(asked) => return practise(asked).await,
    };
    let (config, commands) = match load(&path) {
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
        Command::Sample(sample) => sample::run(&sample, config, commands).await,
        Command::Doctor(_) => doctor::run(config, commands).await,
        Command::Backup(asked) => backup::backup(&asked, &config).await,
        Command::Restore(asked) => backup::restore(&asked, &config).await,
        Command::Export(export) => export::run(&export, config, commands, language).await,
        Command::Validate(_) => {
            let text = Message::new("validate-ok")
                .with("commands", commands.names().count().to_string())
                .with(
                    "checks",
                    commands.checklists.values().map(|command| command.checks().count()).sum::<usize>().to_string(),
                )
                .with("hosts", config.hosts.len().to_string());
            print(&say(&text, language)).map(|()| ExitCode::SUCCESS)
        }
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

/// Reads the configuration and the commands it names. The problems of both are told together.
fn load(path: &Path) -> Result<(Config, Commands), Problems> {
    let config = config::load(path);
    let folder = match &config {
        Ok(config) => config.commands.clone(),
        Err(_) => path.parent().unwrap_or(Path::new("")).join("commands"),
    };
    match (config, commands::load(&folder)) {
        (Ok(config), Ok(commands)) => {
            let mut problems = unknown_in_may_run(path, &config, &commands);
            problems.0.append(&mut unknown_in_may_sign(path, &config, &commands).0);
            problems.0.append(&mut unknown_in_schedules(path, &config, &commands).0);
            problems.0.append(&mut unknown_in_actions(&config, &commands).0);
            if problems.is_empty() { Ok((config, commands)) } else { Err(problems) }
        }
        (Err(mut problems), Err(mut more)) => {
            problems.0.append(&mut more.0);
            Err(problems)
        }
        (Err(problems), Ok(_)) | (Ok(_), Err(problems)) => Err(problems),
    }
}

/// The commands of `[may_run]` that are none: a wrong name there would leave the right one open to every role.
fn unknown_in_may_run(path: &Path, config: &Config, commands: &Commands) -> Problems {
    let unknown = config.may_run.keys().filter(|name| !commands.names().any(|known| known == *name));
    let problem = |name: &String| Problem {
        hint: did_you_mean(name, commands.names()),
        ..Problem::of_file(path, Message::new("config-may-run-unknown").with("name", name.as_str()))
    };
    Problems(unknown.map(problem).collect())
}

/// The checklists of `[may_sign]` that are none, or that nobody signs.
fn unknown_in_may_sign(path: &Path, config: &Config, commands: &Commands) -> Problems {
    let signed = |name: &str| commands.checklists.get(name).is_some_and(|checklist| checklist.signed.is_some());
    let known = || commands.checklists.keys().map(String::as_str).filter(|name| signed(name));
    let problem = |name: &String| Problem {
        hint: did_you_mean(name, known()),
        ..Problem::of_file(path, Message::new("config-may-sign-unknown").with("name", name.as_str()))
    };
    Problems(config.may_sign.keys().filter(|name| !signed(name)).map(problem).collect())
}

/// The checklists of `[schedule]` and `[rota]` that are none: nobody would ever be reminded of the right ones.
fn unknown_in_schedules(path: &Path, config: &Config, commands: &Commands) -> Problems {
    let scheduled = config.schedules.iter().filter(|(_, schedule)| schedule.title.is_none());
    let scheduled = scheduled.map(|(name, _)| ("schedule", name));
    let titled = |name: &String| config.schedules.get(name).is_some_and(|schedule| schedule.title.is_some());
    let rotas = config.rotas.keys().filter(|name| !titled(name)).map(|name| ("rota", name));
    let problem = |(section, name): (&'static str, &String)| Problem {
        hint: did_you_mean(name, commands.checklists.keys().map(String::as_str))
            .or_else(|| Some(Message::new("config-schedule-unknown-hint"))),
        ..Problem::of_file(
            path,
            Message::new("config-schedule-unknown").with("section", section).with("name", name.as_str()),
        )
    };
    Problems(scheduled.chain(rotas).filter(|(_, name)| !commands.checklists.contains_key(*name)).map(problem).collect())
}

/// The roles that actions name and `[roles]` does not: nobody could ever ask for the action, or approve it.
fn unknown_in_actions(config: &Config, commands: &Commands) -> Problems {
    let named = commands.actions.values().flat_map(|action| {
        let mut names: Vec<&String> = action.ask.iter().chain(&action.approve).collect();
        names.sort_unstable();
        names.dedup();
        names.into_iter().map(move |name| (action, name))
    });
    let problem = |(action, name): (&Action, &String)| Problem {
        hint: did_you_mean(name, config.roles.keys().map(String::as_str)),
        ..Problem::of_file(
            &config.commands.join(format!("{}.toml", action.id)),
            Message::new("action-unknown-role").with("action", action.id.as_str()).with("name", name.as_str()),
        )
    };
    Problems(named.filter(|(_, name)| !config.roles.contains_key(*name)).map(problem).collect())
}

/// Wires the use cases to their parts.
fn service(config: Config, commands: Commands, store: Store) -> Result<Service, AppError> {
    let practice = config.discord.as_ref().and_then(|discord| discord.clock.clone());
    let clock = practice.map_or_else(Clock::system, Clock::ahead_by);
    let webhook = config.sampling.as_ref().and_then(|sampling| sampling.webhook.clone());
    let outside = Outside {
        http: HttpProber::new(&config.http)?,
        aws: config.aws.clone().map(|aws| Aws::new(aws, Clock::system())).transpose()?,
        webhook: webhook.map(|url| Webhook::new(url, config.reach)).transpose()?,
        tracker: config.findings.webhook.clone().map(|url| Webhook::new(url, config.reach)).transpose()?,
    };
    let masker = Masker::new(secrets(&config));
    Ok(Service::new(config, commands, outside, store, clock, masker))
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
    let hook = config.sampling.iter().filter_map(|sampling| sampling.webhook.as_ref());
    let hook = hook.chain(&config.findings.webhook);
    let hook = hook.chain(config.health.iter().filter_map(|health| health.ping.as_ref()));
    token
        .into_iter()
        .chain(passphrases)
        .chain(acting)
        .chain(keys)
        .chain(hook)
        .filter_map(|secret| Some(secret.read().ok()?.expose().to_owned()))
        .collect()
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
