//! `signoff doctor`: tries what the bot needs, and tells what mends what is wrong.

mod cloud;
mod discord;
mod host;
mod trial;

use std::process::ExitCode;

use futures::future::join_all;
use trial::{Found, Trial};

use super::{AppError, print};
use crate::commands::Commands;
use crate::config::Config;
use crate::domain::message::{Language, Message};
use crate::render::markdown::visible;
use crate::store::Store;
use crate::text::say;

/// The exit status when something is wrong: that of a check that failed.
const WRONG: u8 = 2;

pub(super) async fn run(config: Config, commands: Commands) -> Result<ExitCode, AppError> {
    let language = config.language;
    let count = commands.checklists.len() + commands.actions.len() + commands.runbooks.len();
    let mut all = vec![Trial::fine(Message::new("doctor-files").with("count", count.to_string()))];
    all.push(database(&config).await);
    let hosts = join_all(config.hosts.values().map(|config| host::trials(config, &commands)));
    let (discord, hosts, cloud) = tokio::join!(discord::trials(&config), hosts, cloud::trials(&config, &commands));
    all.extend(discord);
    all.extend(hosts.into_iter().flatten());
    all.extend(cloud);
    for trial in &all {
        tell(trial, language)?;
    }
    let wrong = all.iter().filter(|trial| matches!(trial.found, Found::Wrong { .. })).count();
    let told = match wrong {
        0 => Message::new("doctor-all-well").with("count", all.len().to_string()),
        _ => Message::new("doctor-wrong").with("count", wrong.to_string()),
    };
    print(&format!("\n{}", say(&told, language)))?;
    Ok(if wrong == 0 { ExitCode::SUCCESS } else { ExitCode::from(WRONG) })
}

async fn database(config: &Config) -> Trial {
    let what = Message::new("doctor-database").with("path", config.database.display().to_string());
    let tried = match Store::open(&config.database).await {
        Ok(store) => store.try_writing().await,
        Err(error) => Err(error),
    };
    match tried {
        Ok(()) => Trial::fine(what),
        Err(error) => Trial::failed(what, &error),
    }
}

/// One line for what is fine; below what is wrong stands what mends it, to be copied.
fn tell(trial: &Trial, language: Language) -> Result<(), AppError> {
    let what = visible(&say(&trial.what, language));
    match &trial.found {
        Found::Fine => print(&format!("✅ {what}")),
        Found::NotTried(why) => print(&format!("➖ {what}: {}", visible(&say(why, language)))),
        Found::Wrong { why, hint, mend } => {
            print(&format!("❌ {what}: {}", visible(&say(why, language))))?;
            if let Some(hint) = hint {
                print(&format!("    💡 {}", visible(&say(hint, language))))?;
            }
            mend.iter().flat_map(|text| text.lines()).try_for_each(|line| print(&format!("       {line}")))
        }
    }
}
