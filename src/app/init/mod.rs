//! `signoff init`: asks what `bot.toml` must say, tries each answer at once, and writes it.

mod answers;
mod cloud;
mod discord;
mod host;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use answers::Answers;
pub(super) use answers::InitError;

use super::language_of_terminal;
use crate::cli::{CliLanguage, Init};
use crate::config::AwsConfig;
use crate::config::secret::SecretRef;
use crate::domain::message::{Language, Message};

/// The language that was asked for, or that of the terminal.
pub(super) fn language(asked: &Init) -> Language {
    match asked.language {
        Some(CliLanguage::Ko) => Language::Ko,
        Some(CliLanguage::En) => Language::En,
        None => language_of_terminal(),
    }
}

pub(super) async fn run(asked: &Init) -> Result<(), InitError> {
    if asked.config.config.exists() && !asked.force {
        return Err(InitError::Exists(asked.config.config.clone()));
    }
    let kept = beside(&asked.config.config, ".answers");
    let mut answers = Answers::of(asked.answers.as_deref(), kept, language(asked))?;
    let zone = zone(&mut answers)?;
    let discord = discord::ask(&mut answers).await?;
    let path = &asked.config.config;
    let server = host::ask(&mut answers, &path.with_file_name("commands")).await?;
    let cloud = cloud::ask(&mut answers).await?;
    answers.all_used()?;
    let text = written(answers.language(), &zone, discord.as_ref(), &server, cloud.as_ref());
    let unwritable = |cause: String| InitError::Unwritable { path: path.clone(), cause };
    // What is written is read before anybody has it: a name of a role may hold anything.
    crate::config::parse(path, text.clone()).map_err(|problems| unwritable(problems.to_string()))?;
    let write = |path: &Path, text: &str| std::fs::write(path, text).map_err(|error| unwritable(error.to_string()));
    write(&path.with_file_name("bot.schema.json"), &format!("{:#}\n", crate::schema::bot()))?;
    // Whoever looks sees the whole file or none of it.
    let new = beside(path, ".new");
    write(&new, &text)?;
    std::fs::rename(&new, path).map_err(|error| unwritable(error.to_string()))?;
    answers.done();
    answers.tell(&Message::new("init-written").with("path", path.display().to_string()));
    if let Some(discord) = &discord {
        let place = match &discord.token {
            SecretRef::Env(name) => Message::new("init-secret-env").with("name", name.as_str()),
            SecretRef::File(path) => Message::new("init-secret-file").with("path", path.display().to_string()),
        };
        answers.tell(&place);
    }
    if let Some(cloud) = &cloud {
        let place = |secret: &SecretRef| match secret {
            SecretRef::Env(name) => name.clone(),
            SecretRef::File(path) => path.display().to_string(),
        };
        let told = Message::new("init-secret-aws").with("id", place(&cloud.key_id));
        answers.tell(&told.with("secret", place(&cloud.secret_key)));
    }
    answers.tell(&Message::new("init-next"));
    Ok(())
}

/// The path of a file beside `path` with more behind its name.
fn beside(path: &Path, more: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(more);
    path.with_file_name(name)
}

/// Where a secret is, as people answer it: `env:NAME` or `file:PATH`.
fn secret(written: &str) -> Option<SecretRef> {
    match written.split_once(':') {
        Some(("env", name)) => Some(SecretRef::Env(name.to_owned())),
        Some(("file", path)) => Some(SecretRef::File(path.into())),
        _ => None,
    }
}

fn zone(answers: &mut Answers) -> Result<String, InitError> {
    loop {
        let zone = answers.ask("timezone", &Message::new("init-timezone"), Some("Asia/Seoul"))?;
        if zone.parse::<chrono_tz::Tz>().is_ok() {
            return Ok(zone);
        }
        let names = chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name());
        let hint = crate::document::did_you_mean(&zone, names);
        answers.again("timezone", Message::new("config-unknown-timezone").with("name", zone), hint)?;
    }
}

/// The file, as a person would write it.
fn written(
    language: Language,
    zone: &str,
    discord: Option<&discord::Discord>,
    server: &host::Server,
    cloud: Option<&AwsConfig>,
) -> String {
    let text = |text: &str| toml::Value::String(text.to_owned()).to_string();
    // A key is in quotes only where it must be.
    let key = |name: &str| {
        let bare = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
        if bare { name.to_owned() } else { text(name) }
    };
    let place = |secret: &SecretRef| match secret {
        SecretRef::Env(name) => format!("{{ env = {} }}", text(name)),
        SecretRef::File(path) => format!("{{ file = {} }}", text(&path.display().to_string())),
    };
    let mut out =
        format!("#:schema bot.schema.json\n\ntimezone = {}\nlanguage = {}\n", text(zone), text(language.code()));
    if let Some(discord) = discord {
        let token = place(&discord.token);
        let _ = write!(out, "\n[discord]\nguild = {}\ntoken = {token}\n", text(&discord.guild.to_string()));
        if let Some((address, file)) = &discord.elsewhere {
            let _ = write!(out, "connect_to = {}\nca_file = {}\n", text(address), text(file));
        }
        let _ = writeln!(out, "\n[roles]");
        for (name, id) in &discord.roles {
            let _ = writeln!(out, "{} = {}", key(name), text(&id.to_string()));
        }
        if let Some(channel) = discord.channel {
            let _ = write!(out, "\n[sampling]\nevery   = \"1 min\"\nchannel = {}\n", text(&channel.to_string()));
        }
    }
    if let Some(cloud) = cloud {
        let (id, secret) = (place(&cloud.key_id), place(&cloud.secret_key));
        let _ =
            write!(out, "\n[aws]\nregion     = {}\nkey_id     = {id}\nsecret_key = {secret}\n", text(&cloud.region));
        if let Some(endpoint) = &cloud.endpoint {
            let _ = writeln!(out, "endpoint   = {}", text(endpoint));
        }
    }
    let _ = write!(out, "\n[hosts.{}]\n", key(&server.name));
    match &server.ssh {
        None => out.push_str("transport       = \"local\"\n"),
        Some(ssh) => {
            let _ = write!(
                out,
                "transport       = \"ssh\"\naddress         = {}\nuser            = {}\nkey             = {{ file = {} }}\nhost_key        = {}\n",
                text(&ssh.address),
                text(&ssh.user),
                text(&ssh.key),
                text(&ssh.fingerprint)
            );
        }
    }
    let disks = server.disks.iter().map(|disk| text(disk)).collect::<Vec<_>>().join(", ");
    let _ = write!(out, "disks           = [{disks}]\ncompose_project = {}\n", text(&server.project));
    out
}
