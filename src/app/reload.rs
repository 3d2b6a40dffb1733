//! New files for the bot that runs: read, tried, and taken only when it could serve with them.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use tokio::signal::unix::Signal;
use tokio::time::timeout;

use super::{AppError, audit, cross, error};
use crate::commands::Commands;
use crate::config::Config;
use crate::discord::{ConnectError, connect, trial};
use crate::document::{Problem, Problems};
use crate::domain::digest::Digest;
use crate::service::{FileChange, Reloaded, Service};
use crate::store::Store;

/// How long Discord may take to say whether it knows the bot.
const KNOCK: Duration = Duration::from_secs(10);

/// Comes with files that the bot can serve with, asked for by SIGHUP or in Discord. `old` are the digests of those that it
/// serves with now. What is wrong is told to whoever asked, and nothing comes.
pub(super) async fn reload(
    path: &Path,
    mut hangups: Option<&mut Signal>,
    service: &Service,
    old: &BTreeMap<String, Digest>,
) -> (Config, Commands) {
    loop {
        let asked = tokio::select! {
            () = hung_up(hangups.as_deref_mut()) => None,
            asked = service.reload_asked() => Some(asked),
        };
        let read = read(path, service.config()).await;
        let reloaded = match &read {
            Ok((config, _)) => match changes(old, &audit::files(path, config)) {
                // Whoever sends a signal may have changed what only a look shows, as a secret.
                none if none.is_empty() && asked.is_some() => Reloaded::Same,
                changes => Reloaded::Taken(changes),
            },
            Err(AppError::Files(problems)) => Reloaded::Wrong(near(path, problems)),
            Err(unfit) => {
                let (why, hint) = unfit.told();
                Reloaded::Unfit(why, hint)
            }
        };
        if let Err(refused) = &read {
            tracing::error!("the new configuration is wrong; the old one stays");
            error::print(refused, super::language_of_terminal());
        }
        let taken = matches!(reloaded, Reloaded::Taken(_));
        match asked {
            Some(asked) => asked.answer(reloaded),
            None => service.note_signal(&reloaded).await,
        }
        if let (Ok(read), true) = (read, taken) {
            return read;
        }
    }
}

/// Comes with SIGHUP; never where it cannot be heard.
async fn hung_up(hangups: Option<&mut Signal>) {
    let Some(hangups) = hangups else { return std::future::pending().await };
    if hangups.recv().await.is_none() {
        std::future::pending::<()>().await;
    }
}

/// Reads the files, and tries what would end the bot if it only turned out when the old ones are gone: secrets that cannot
/// be read, a token that Discord does not take, a database that cannot be opened.
async fn read(path: &Path, old: &Config) -> Result<(Config, Commands), AppError> {
    let (config, commands) = cross::load(path).map_err(AppError::Files)?;
    let discord = config.discord.as_ref().ok_or(AppError::NoDiscord)?;
    let http = connect(discord, &discord.token.read()?)?;
    super::outside(&config)?;
    let unusable = cross::unusable(path, &config);
    if !unusable.is_empty() {
        return Err(AppError::Files(unusable));
    }
    if !is_same(&config.database, &old.database) {
        Store::open_to_serve(&config.database).await?;
    }
    match timeout(KNOCK, trial::knock(&http)).await {
        Ok(known) => known?,
        Err(_) => return Err(ConnectError::NoAnswer("no answer in time".to_owned()).into()),
    }
    Ok((config, commands))
}

/// Whether both are one file, however each is written: this bot has the seat of its own, and would take itself for another.
fn is_same(one: &Path, other: &Path) -> bool {
    let real = |path: &Path| std::fs::canonicalize(path).ok();
    one == other || real(one).is_some_and(|path| real(other) == Some(path))
}

/// What became of each file that is not as it was.
fn changes(old: &BTreeMap<String, Digest>, new: &BTreeMap<String, Digest>) -> BTreeMap<String, FileChange> {
    let changed = new.iter().filter_map(|(name, digest)| match old.get(name) {
        Some(same) if same == digest => None,
        Some(_) => Some((name.clone(), FileChange::Changed)),
        None => Some((name.clone(), FileChange::New)),
    });
    let gone = old.keys().filter(|name| !new.contains_key(*name)).map(|name| (name.clone(), FileChange::Gone));
    changed.chain(gone).collect()
}

/// The same problems with their files named as the people of the team know them: from the folder of `bot.toml` on. Where on
/// the machine that folder is, is nobody's business in Discord.
fn near(path: &Path, problems: &Problems) -> Problems {
    let folder = path.parent().unwrap_or(Path::new(""));
    let near = |file: &Path| match file.strip_prefix(folder) {
        Ok(inside) => inside.to_owned(),
        Err(_) => {
            let names: Vec<_> = file.components().rev().take(2).map(|name| name.as_os_str().to_owned()).collect();
            names.into_iter().rev().collect()
        }
    };
    Problems(problems.0.iter().map(|problem| Problem { path: near(&problem.path), ..problem.clone() }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::message::Message;

    #[test]
    fn a_problem_names_its_file_from_the_folder_on() {
        let problem = |path: &str| Problem::of_file(Path::new(path), Message::new("commands-none"));
        let problems = Problems(vec![
            problem("/srv/signoff/bot.toml"),
            problem("/srv/signoff/commands/daily.toml"),
            problem("/etc/signoff/commands/daily.toml"),
        ]);
        let near = near(Path::new("/srv/signoff/bot.toml"), &problems);
        let paths: Vec<_> = near.0.iter().map(|problem| problem.path.display().to_string()).collect();
        assert_eq!(paths, ["bot.toml", "commands/daily.toml", "commands/daily.toml"]);
    }

    #[test]
    fn a_database_is_the_same_however_its_path_is_written() {
        let folder = tempfile::TempDir::new().unwrap();
        let [plain, round, linked, other] =
            ["signoff.db", "inner/../signoff.db", "link.db", "other.db"].map(|name| folder.path().join(name));
        assert!(!is_same(&plain, &other), "where neither is there");
        assert!(is_same(&plain, &plain));
        std::fs::create_dir(folder.path().join("inner")).unwrap();
        std::fs::write(&plain, "").unwrap();
        assert!(!is_same(&plain, &other));
        std::fs::write(&other, "").unwrap();
        std::os::unix::fs::symlink(&plain, &linked).unwrap();
        assert!(is_same(&plain, &round) && is_same(&linked, &plain));
        assert!(!is_same(&plain, &other) && !is_same(&other, &linked));
    }

    #[test]
    fn each_file_that_is_not_as_it_was_is_told() {
        let files = |all: &[(&str, &str)]| {
            all.iter().map(|(name, text)| ((*name).to_owned(), Digest::of(text.as_bytes()))).collect()
        };
        let old = files(&[("bot.toml", "1"), ("holidays", "1"), ("commands/a.toml", "1"), ("commands/b.toml", "1")]);
        let new = files(&[("bot.toml", "1"), ("holidays", "2"), ("commands/b.toml", "2"), ("commands/c.toml", "1")]);
        let found: Vec<_> = changes(&old, &new).into_iter().collect();
        let of = |name: &str, change| (name.to_owned(), change);
        assert_eq!(
            found,
            [
                of("commands/a.toml", FileChange::Gone),
                of("commands/b.toml", FileChange::Changed),
                of("commands/c.toml", FileChange::New),
                of("holidays", FileChange::Changed)
            ]
        );
    }
}
