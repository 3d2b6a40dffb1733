//! `signoff check`: one run, on a terminal or in a pipe.

use std::process::ExitCode;
use std::time::Duration;

use chrono_tz::Tz;
use indicatif::{ProgressBar, ProgressStyle};

use super::{AppError, colours, error, print};
use crate::cli::{Check, CliLanguage, Format};
use crate::commands::Commands;
use crate::config::Config;
use crate::domain::grade::Grade;
use crate::domain::message::{Language, Message};
use crate::domain::report::Report;
use crate::domain::run::Origin;
use crate::domain::target::Target;
use crate::render::{json, list, table, terminal};
use crate::service::{Ongoing, Progress, Service, command_named};
use crate::store::Store;
use crate::text::say;

/// How long what goes on in the background may hold back the exit, once the report is printed.
const LEAVING: Duration = Duration::from_secs(2);

/// The language that was asked for, or that of the configuration.
pub(super) fn language(asked: Option<CliLanguage>, config: &Config) -> Language {
    match asked {
        Some(CliLanguage::Ko) => Language::Ko,
        Some(CliLanguage::En) => Language::En,
        None => config.language,
    }
}

pub(super) async fn run(check: &Check, config: Config, commands: Commands) -> Result<ExitCode, AppError> {
    let language = language(check.language, &config);
    let Some(command) = check.command.as_deref().filter(|_| !check.list) else {
        return print_list(check, &commands, language);
    };
    let zone = config.timezone;
    let store = match Store::open(&config.database).await {
        Ok(store) => store,
        // Whoever asks in an incident wants to see: the disk may be full, and that is what there is to be seen.
        Err(error) => {
            error::print_unkept(&error, language);
            Store::forgetful().await?
        }
    };
    let service = super::service(config, commands, store).await?;
    service.interrupt_overdue().await?;
    let user = super::login();
    let origin = || Origin::Terminal { user: user.clone() };
    let target = check.host.as_deref().map(Target::of);
    if let Some(target @ (Target::All | Target::Tagged(_))) = &target {
        let begun = service.hosts_of(target)?.into_iter().map(|host| service.run(command, Some(&host), origin()));
        let mut ongoing = begun.collect::<Result<Vec<_>, _>>()?;
        let ended = futures::future::join_all(ongoing.iter_mut().map(Ongoing::end)).await;
        let printed = print_all(check, &ended, zone, language);
        leave(&service).await;
        return printed;
    }
    let ongoing = service.run(command, check.host.as_deref(), origin())?;
    let last = watch(ongoing, language).await;
    let printed = print_one(check, &last, zone, language);
    leave(&service).await;
    printed
}

/// Lets what goes on in the background come to its end, but for a short while only: what was asked for is printed and kept
/// already, and an engine that hangs must not hold back whoever waits for the exit status.
async fn leave(service: &Service) {
    if tokio::time::timeout(LEAVING, service.finish()).await.is_err() {
        tracing::debug!("what still went on in the background was left");
    }
}

/// Prints the report of one host. The exit status is that of its grade.
fn print_one(check: &Check, last: &Progress, zone: Tz, language: Language) -> Result<ExitCode, AppError> {
    let report = &last.report;
    print(&match check.format {
        Format::Text => terminal::report(report, zone, language, colours(&std::io::stdout())),
        Format::Json => format!("{:#}", json::report(report, language)),
        Format::Markdown => table::markdown(report, zone, language),
    })?;
    warn_unkept(last, language);
    Ok(ExitCode::from(report.grade().exit_status()))
}

fn warn_unkept(last: &Progress, language: Language) {
    if let Some(why) = last.not_kept() {
        let warning = Message::new("run-not-kept").with("why", why.clone());
        tracing::error!("{}", say(&warning, language));
    }
}

/// Prints the reports of several hosts, one after the other; as JSON they are a list. The exit status is that of the worst.
fn print_all(check: &Check, ended: &[Progress], zone: Tz, language: Language) -> Result<ExitCode, AppError> {
    let reports = || ended.iter().map(|last| &last.report);
    let texts = |one: &dyn Fn(&Report) -> String| reports().map(|report| one(report)).collect::<Vec<_>>().join("\n");
    let colours = colours(&std::io::stdout());
    print(&match check.format {
        Format::Text => texts(&|report| terminal::report(report, zone, language, colours)),
        Format::Markdown => texts(&|report| table::markdown(report, zone, language)),
        Format::Json => {
            let all: Vec<_> = reports().map(|report| json::report(report, language)).collect();
            format!("{:#}", serde_json::Value::Array(all))
        }
    })?;
    ended.iter().for_each(|last| warn_unkept(last, language));
    Ok(ExitCode::from(Grade::worst(reports().map(|report| report.grade())).exit_status()))
}

/// Prints what would be looked at.
fn print_list(check: &Check, commands: &Commands, language: Language) -> Result<ExitCode, AppError> {
    let wanted: Vec<_> = match &check.command {
        Some(name) => vec![command_named(commands, name)?],
        None => commands.checklists.values().collect(),
    };
    match check.format {
        Format::Text => print(&list::text(&wanted, language))?,
        Format::Json => print(&format!("{:#}", list::json(&wanted, language)))?,
        Format::Markdown => print(&list::markdown(&wanted, language))?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Waits for the end, and shows on a terminal how far the run is.
async fn watch(mut ongoing: Ongoing, language: Language) -> Progress {
    if !colours::redraws(&std::io::stderr()) {
        return ongoing.end().await;
    }
    let total = ongoing.progress.borrow().report.checks().count();
    let bar = ProgressBar::new(u64::try_from(total).unwrap_or_default());
    if let Ok(style) = ProgressStyle::with_template(" {spinner} {msg}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(100));
    loop {
        let progress = ongoing.progress.borrow_and_update().clone();
        if progress.end.is_some() {
            break;
        }
        let message = Message::new("run-progress")
            .with("done", progress.came_in.len().to_string())
            .with("total", total.to_string());
        bar.set_message(say(&message, language));
        if ongoing.progress.changed().await.is_err() {
            break;
        }
    }
    bar.finish_and_clear();
    ongoing.end().await
}

#[cfg(test)]
mod tests {
    use tokio::time::Instant;

    use super::*;
    use crate::config;

    #[tokio::test]
    async fn what_goes_on_in_the_background_holds_the_exit_back_for_a_short_while_only() {
        let folder = tempfile::TempDir::new().unwrap();
        let here = "[hosts.here]\ntitle = { ko = \"여기\", en = \"Here\" }\ntransport = \"local\"";
        let config = config::parse(&folder.path().join("bot.toml"), here.to_owned()).unwrap();
        let store = Store::open(&folder.path().join("signoff.db")).await.unwrap();
        let service = crate::app::service(config, Commands::default(), store).await.unwrap();
        let hangs = service.track(std::future::pending::<()>());
        tokio::time::pause();
        let asked = Instant::now();
        leave(&service).await;
        assert!((LEAVING..LEAVING * 2).contains(&asked.elapsed()), "{:?}", asked.elapsed());
        drop(hangs);
        let asked = Instant::now();
        leave(&service).await;
        assert_eq!(asked.elapsed(), Duration::ZERO, "nothing goes on: nobody waits");
    }
}
