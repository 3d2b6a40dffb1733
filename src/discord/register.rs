//! Registers the slash commands of `commands/` for the guild, when something changed since they were last registered.

use std::collections::BTreeMap;

use serenity::all::{Command, CommandOptionType, CreateCommand, CreateCommandOption, GuildId, Http};

use crate::commands::Commands;
use crate::config::HostConfig;
use crate::domain::message::Language;
use crate::text::word;

/// The most choices that an option may have.
const MOST_CHOICES: usize = 25;

/// What a command looks like in Discord: what is compared, and what is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Shown {
    name: String,
    name_ko: Option<String>,
    description: String,
    description_ko: Option<String>,
    hosts: Vec<(String, String)>,
}

/// Registers `commands`, unless the guild has just these already. Tells whether it had to.
///
/// # Errors
/// serenity's error when Discord could not be asked or did not take them.
pub(super) async fn register(
    http: &Http,
    guild: GuildId,
    commands: &Commands,
    hosts: &BTreeMap<String, HostConfig>,
) -> Result<bool, serenity::Error> {
    let mut wanted = shown(commands, hosts);
    let mut there: Vec<_> = http
        .get_guild_commands_with_localizations(guild)
        .await?
        .into_iter()
        .map(|command| registered(&command))
        .collect();
    wanted.sort_by(|one, other| one.name.cmp(&other.name));
    there.sort_by(|one, other| one.name.cmp(&other.name));
    if wanted == there {
        return Ok(false);
    }
    let sent: Vec<_> = wanted.iter().map(Shown::create).collect();
    http.create_guild_commands(guild, &sent).await?;
    Ok(true)
}

fn shown(commands: &Commands, hosts: &BTreeMap<String, HostConfig>) -> Vec<Shown> {
    // With one host there is nothing to choose.
    let choices = if hosts.len() > 1 { hosts.values().take(MOST_CHOICES).collect() } else { Vec::new() };
    let hosts: Vec<_> = choices.into_iter().map(|host| (host.title.en.clone(), host.name.clone())).collect();
    let one = |command: &crate::domain::command::Checklist| Shown {
        name: command.id.clone(),
        name_ko: command.name_ko.clone(),
        description: command.description.en.clone(),
        description_ko: Some(command.description.ko.clone()),
        hosts: hosts.clone(),
    };
    commands.values().map(one).collect()
}

fn registered(command: &Command) -> Shown {
    let korean = |names: &Option<std::collections::HashMap<String, String>>| names.as_ref()?.get("ko").cloned();
    let hosts = command
        .options
        .iter()
        .flat_map(|option| &option.choices)
        .map(|choice| (choice.name.clone(), choice.value.as_str().unwrap_or_default().to_owned()));
    Shown {
        name: command.name.clone(),
        name_ko: korean(&command.name_localizations),
        description: command.description.clone(),
        description_ko: korean(&command.description_localizations),
        hosts: hosts.collect(),
    }
}

impl Shown {
    fn create(&self) -> CreateCommand {
        let mut command = CreateCommand::new(&self.name).description(&self.description);
        if let Some(name) = &self.name_ko {
            command = command.name_localized("ko", name);
        }
        if let Some(description) = &self.description_ko {
            command = command.description_localized("ko", description);
        }
        if !self.hosts.is_empty() {
            let mut option =
                CreateCommandOption::new(CommandOptionType::String, "host", word("option-host", Language::En))
                    .description_localized("ko", word("option-host", Language::Ko));
            for (title, name) in &self.hosts {
                option = option.add_string_choice(title, name);
            }
            command = command.add_option(option);
        }
        command
    }
}
