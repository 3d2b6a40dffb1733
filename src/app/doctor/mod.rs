//! `signoff doctor`: tries what the bot needs, and tells what mends what is wrong.

mod cloud;
mod discord;
mod host;
mod trial;

use std::process::ExitCode;

use futures::future::join_all;
pub(super) use host::{looks, no_commands};
use trial::{Found, Trial};

use super::{AppError, print};
use crate::commands::Commands;
use crate::config::{Config, SecretRef};
use crate::domain::message::{Language, Message};
use crate::probe::HttpProber;
use crate::render::markdown::visible;
use crate::store::Store;
use crate::text::say;
use crate::webhook::is_url;

/// The exit status when something is wrong: that of a check that failed.
const WRONG: u8 = 2;

pub(super) async fn run(config: Config, commands: Commands) -> Result<ExitCode, AppError> {
    let language = config.language;
    let count = commands.checklists.len() + commands.actions.len() + commands.runbooks.len();
    let mut all = vec![Trial::fine(Message::new("doctor-files").with("count", count.to_string()))];
    all.push(database(&config).await);
    let authority = HttpProber::new(&config.http).err();
    all.extend(authority.map(|error| Trial::failed(Message::new("doctor-sites"), &error)));
    let hosts = join_all(config.hosts.values().map(|config| host::trials(config, &commands)));
    let (discord, hosts, cloud) = tokio::join!(discord::trials(&config), hosts, cloud::trials(&config, &commands));
    all.extend(discord);
    all.extend(addresses(&config));
    all.extend(hosts.into_iter().flatten());
    all.extend(cloud);
    for trial in &all {
        lines(trial, language).iter().try_for_each(|line| print(line))?;
    }
    let wrong = all.iter().filter(|trial| trial.is_wrong()).count();
    let told = match wrong {
        0 => Message::new("doctor-all-well").with("count", all.len().to_string()),
        _ => Message::new("doctor-wrong").with("count", wrong.to_string()),
    };
    print(&format!("\n{}", say(&told, language)))?;
    Ok(if wrong == 0 { ExitCode::SUCCESS } else { ExitCode::from(WRONG) })
}

/// Whether each address that is a secret is where it should be, and is one. Nobody is called: they would take it for real.
fn addresses(config: &Config) -> Vec<Trial> {
    let tried = |(key, address): (String, &SecretRef)| {
        let what = Message::new("doctor-address").with("key", key);
        match address.read() {
            Err(error) => Trial::failed(what, &error),
            Ok(secret) if !is_url(secret.expose()) => Trial::wrong(what, Message::new("doctor-no-address"), Vec::new()),
            Ok(_) => Trial::fine(what),
        }
    };
    super::addresses(config).map(tried).collect()
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
pub(super) fn lines(trial: &Trial, language: Language) -> Vec<String> {
    let said = |message: &Message| visible(&say(message, language));
    let what = said(&trial.what);
    match &trial.found {
        Found::Fine => vec![format!("✅ {what}")],
        Found::NotTried(why) => vec![format!("➖ {what}: {}", said(why))],
        Found::Wrong { why, hint, mend } => {
            let mut lines = vec![format!("❌ {what}: {}", said(why))];
            lines.extend(hint.iter().map(|hint| format!("    💡 {}", said(hint))));
            lines.extend(mend.iter().flat_map(|text| text.lines()).map(|line| format!("       {line}")));
            lines
        }
    }
}
