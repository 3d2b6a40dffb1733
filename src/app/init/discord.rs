//! Asks where Discord is: each answer is tried at once.

use super::answers::{Answers, InitError};
use super::secret;
use crate::config::DiscordConfig;
use crate::config::secret::SecretRef;
use crate::dial::Reach;
use crate::discord::{connect, trial};
use crate::domain::message::{Explain, Message};

/// What is written of Discord.
pub(super) struct Discord {
    /// Where the token is.
    pub(super) token: SecretRef,
    /// The server.
    pub(super) guild: u64,
    /// The roles that may run commands: name and id.
    pub(super) roles: Vec<(String, u64)>,
    /// Where alerts are posted.
    pub(super) channel: Option<u64>,
    /// Another server that speaks Discord's API, with the only authority trusted there.
    pub(super) elsewhere: Option<(String, String)>,
}

pub(super) async fn ask(answers: &mut Answers) -> Result<Option<Discord>, InitError> {
    loop {
        let written = answers.ask("token", &Message::new("init-token"), Some("env:DISCORD_TOKEN"))?;
        let token = match secret(&written) {
            Some(token) => token,
            None if written == "none" => return Ok(None),
            None => {
                answers.again("token", Message::new("init-token-form"), None)?;
                continue;
            }
        };
        let elsewhere = answers.ask("connect_to", &Message::new("init-connect-to"), Some(""))?;
        let elsewhere = if elsewhere.is_empty() {
            None
        } else {
            Some((elsewhere, answers.ask("ca_file", &Message::new("init-ca-file"), None)?))
        };
        let mut config = DiscordConfig {
            reach: Reach::default(),
            guild: 1,
            token: token.clone(),
            connect_to: elsewhere.as_ref().and_then(|(address, _)| address.parse().ok()),
            ca_file: elsewhere.as_ref().map(|(_, file)| file.into()),
            clock: None,
        };
        let secret = match token.read() {
            Ok(secret) => secret,
            Err(error) => {
                answers.again("token", error.message(), error.hint())?;
                continue;
            }
        };
        let http = match connect(&config, &secret) {
            Ok(http) => http,
            Err(error) => {
                answers.again("token", error.message(), error.hint())?;
                continue;
            }
        };
        let servers = match trial::servers(&http).await {
            Ok(servers) => servers,
            Err(error) => {
                answers.again("token", error.message(), error.hint())?;
                continue;
            }
        };
        answers.tell(&Message::new("init-token-taken"));
        for server in &servers {
            answers.show(&format!("{}  {}", server.id, server.name));
        }
        let (guild, server) = server(answers, &http, servers.first().map(|server| server.id)).await?;
        config.guild = guild;
        let roles = roles(answers, &server)?;
        let channel = channel(answers, &server)?;
        return Ok(Some(Discord { token, guild, roles, channel, elsewhere }));
    }
}

/// The server, chosen among those that the bot is in.
async fn server(
    answers: &mut Answers,
    http: &trial::Http,
    first: Option<u64>,
) -> Result<(u64, trial::ServerSeen), InitError> {
    loop {
        let usual = first.map(|id| id.to_string());
        let written = answers.ask("guild", &Message::new("init-guild"), usual.as_deref())?;
        let Ok(guild) = written.parse::<u64>() else {
            answers.again("guild", Message::new("config-not-an-id").with("text", written), None)?;
            continue;
        };
        match trial::look(http, guild).await {
            Ok(seen) => match seen.server {
                Some(server) if server.commands => return Ok((guild, server)),
                found => {
                    let why = match found {
                        Some(_) => Message::new("doctor-no-scope"),
                        None => Message::new("doctor-not-invited").with("bot", seen.bot),
                    };
                    answers.again("guild", why, Some(Message::new("init-invite").with("link", seen.invite)))?;
                }
            },
            Err(error) => answers.again("guild", error.message(), error.hint())?,
        }
    }
}

/// The roles, by name or id.
fn roles(answers: &mut Answers, server: &trial::ServerSeen) -> Result<Vec<(String, u64)>, InitError> {
    for role in &server.roles {
        answers.show(&format!("{}  {}", role.id, role.name));
    }
    'asked: loop {
        let written = answers.ask("roles", &Message::new("init-roles"), None)?;
        let mut chosen = Vec::new();
        for word in written.split(',').map(str::trim).filter(|word| !word.is_empty()) {
            let fits = |role: &&trial::RoleSeen| role.id.to_string() == word || role.name.eq_ignore_ascii_case(word);
            match server.roles.iter().find(fits) {
                Some(role) => chosen.push((role.name.clone(), role.id)),
                None => {
                    answers.again("roles", Message::new("init-no-role").with("name", word), None)?;
                    continue 'asked;
                }
            }
        }
        if !chosen.is_empty() {
            return Ok(chosen);
        }
        answers.again("roles", Message::new("init-some-role"), None)?;
    }
}

/// The channel for alerts, by name or id, in which the bot may do what it must.
fn channel(answers: &mut Answers, server: &trial::ServerSeen) -> Result<Option<u64>, InitError> {
    for channel in server.channels.iter().filter(|channel| channel.missing.is_empty()) {
        answers.show(&format!("{}  #{}", channel.id, channel.name));
    }
    loop {
        let written = answers.ask("channel", &Message::new("init-channel"), Some(""))?;
        if written.is_empty() {
            return Ok(None);
        }
        let word = written.trim_start_matches('#');
        let found = server.channels.iter().find(|channel| channel.id.to_string() == word || channel.name == word);
        match found {
            Some(channel) if channel.missing.is_empty() => return Ok(Some(channel.id)),
            Some(channel) => {
                let why = Message::new("doctor-channel-forbidden").with("name", channel.name.as_str());
                answers.again("channel", why.with("missing", channel.missing.join(", ")), None)?;
            }
            None => answers.again("channel", Message::new("init-no-channel").with("name", word), None)?,
        }
    }
}
