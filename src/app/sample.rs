//! `signoff sample`: one sample, for who starts the program by the clock, or wants to see what is sampled.

use std::process::ExitCode;

use super::{AppError, print};
use crate::cli::SampleOf;
use crate::commands::Commands;
use crate::config::Config;
use crate::store::Store;

pub(super) async fn run(asked: &SampleOf, config: Config, commands: Commands) -> Result<ExitCode, AppError> {
    let store = Store::open(&config.database).await?;
    let service = super::service(config, commands, store).await?;
    let sample = service.sample(asked.host.as_deref()).await?;
    for (series, value) in &sample.values {
        let name = format!("{} {}", series.vital.name(), series.subject);
        print(&format!("  {:<24} {}", name.trim_end(), series.vital.quantity(*value)))?;
    }
    Ok(ExitCode::SUCCESS)
}
