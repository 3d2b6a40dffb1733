//! `signoff export`: the team's forms of a checklist, filled in, for an archive or an audit.

use std::process::ExitCode;

use super::{AppError, login, print};
use crate::cli::{Export, ExportFormat};
use crate::clock::Clock;
use crate::commands::Commands;
use crate::config::Config;
use crate::domain::audit::{Actor, Deed, Entry};
use crate::domain::message::{Language, Message};
use crate::render::form;
use crate::service::RecordAsked;
use crate::store::Store;
use crate::text::say;

pub(super) async fn run(
    asked: &Export,
    config: Config,
    commands: Commands,
    language: Language,
) -> Result<ExitCode, AppError> {
    let store = Store::open(&config.database).await?;
    let zone = config.timezone;
    let service = super::service(config, commands, store.clone()).await?;
    let record = RecordAsked {
        checklist: Some(asked.checklist.clone()),
        period: asked.period.clone(),
        host: asked.host.clone(),
    };
    let (period, forms) = service.record(&record).await?;
    let entry = Entry::new(
        Clock::system().now(),
        Actor::Terminal(login()),
        Deed::Export,
        format!("record:{}", asked.checklist),
    );
    store.audit(&entry.with("from", period.first().to_string()).with("to", period.last().to_string())).await?;
    let forms = [forms];
    let text = match asked.format {
        ExportFormat::Markdown => {
            let heading = say(&Message::new("record-title").with("period", period.message()), language);
            form::markdown(&forms, &heading, zone, language)
        }
        ExportFormat::Csv => form::csv(&forms, language).map_err(|error| AppError::Output(error.into()))?,
        ExportFormat::Json => format!("{:#}", form::json(&forms, language)),
    };
    print(text.trim_end())?;
    Ok(ExitCode::SUCCESS)
}
