//! What a person asked. Pure: an interaction goes in, an intent comes out.

use serenity::all::{
    CommandDataOptionValue, CommandInteraction, ComponentInteraction, ComponentInteractionDataKind, GuildId, Member,
    User,
};

use super::custom_id::CustomId;
use crate::domain::alert::AlertId;
use crate::domain::message::Language;
use crate::domain::run::RunId;
use crate::service::Person;

/// What a person asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Intent {
    /// A slash command.
    Run {
        /// The command.
        command: String,
        /// The host, where one was chosen.
        host: Option<String>,
    },
    /// The same as an earlier run, once more.
    Again(RunId),
    /// What lies behind a report, or behind one check of it.
    Details {
        /// The run.
        run: RunId,
        /// The check, where one was chosen.
        check: Option<String>,
    },
    /// Silence for what an alert is about.
    Mute {
        /// The alert.
        alert: AlertId,
        /// For how long.
        hours: u32,
    },
    /// A button that this program never made, or no longer knows.
    Dead,
    /// It did not come from the guild that this bot serves.
    Elsewhere,
}

pub(super) fn of_command(interaction: &CommandInteraction, guild: GuildId) -> Intent {
    if interaction.guild_id != Some(guild) {
        return Intent::Elsewhere;
    }
    let host =
        interaction.data.options.iter().find(|option| option.name == "host").and_then(|option| match &option.value {
            CommandDataOptionValue::String(host) => Some(host.clone()),
            _ => None,
        });
    Intent::Run { command: interaction.data.name.clone(), host }
}

pub(super) fn of_component(interaction: &ComponentInteraction, guild: GuildId) -> Intent {
    if interaction.guild_id != Some(guild) {
        return Intent::Elsewhere;
    }
    let chosen = match &interaction.data.kind {
        ComponentInteractionDataKind::StringSelect { values } => values.first().cloned(),
        _ => None,
    };
    match (interaction.data.custom_id.parse(), chosen) {
        (Ok(CustomId::Details(run)), _) => Intent::Details { run, check: None },
        (Ok(CustomId::Again(run)), _) => Intent::Again(run),
        (Ok(CustomId::Mute(alert, hours)), _) => Intent::Mute { alert, hours },
        (Ok(CustomId::Check(run)), Some(check)) => Intent::Details { run, check: Some(check) },
        (Ok(CustomId::Check(_)) | Err(_), _) => Intent::Dead,
    }
}

/// Who asked. Roles come with the interaction; somebody outside a guild has none.
pub(super) fn person(user: &User, member: Option<&Member>, locale: &str, channel: u64) -> Person {
    Person {
        id: user.id.get(),
        roles: member.map(|member| member.roles.iter().map(|role| role.get()).collect()).unwrap_or_default(),
        language: Language::from_code(locale).unwrap_or(Language::En),
        channel,
    }
}
