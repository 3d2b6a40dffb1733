//! What a person asked. Pure: an interaction goes in, an intent comes out.

use std::collections::BTreeMap;

use serenity::all::{
    ActionRowComponent, ChannelId, ChannelType, CommandInteraction, ComponentInteraction, ComponentInteractionDataKind,
    GuildId, Member, ModalInteraction, PartialChannel, User,
};

use super::asked::{Asked, Typing};
use super::custom_id::CustomId;
use super::duty::DutyCommand;
use super::gate::{self, GateIntent};
use super::matrix::{self, MatrixIntent};
use super::own::{self, OwnIntent};
use super::past::{self, PastIntent};
use super::{finding, runbook, sign};
use crate::commands::Commands;
use crate::domain::alert::AlertId;
use crate::domain::message::Language;
use crate::domain::run::RunId;
use crate::service::{FindingStep, Person, Press, Room, RunbookAsked, SignStep};

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
    /// Something of several hosts side by side.
    Matrix(MatrixIntent),
    /// Something of the gate.
    Gate(GateIntent),
    /// Something of a runbook.
    Runbook(RunbookAsked),
    /// Something of the bot itself.
    Own(OwnIntent),
    /// To look back.
    Past(PastIntent),
    /// A step of signing.
    Sign(SignStep),
    /// A step of writing, reading or changing a finding.
    Finding(FindingStep),
    /// What is theirs.
    Mine,
    /// A button or select of duty, with the person who was chosen.
    Duty(Press, Option<u64>),
    /// A command of duty.
    DutyCommand(DutyCommand),
    /// A button that this program never made, or no longer knows.
    Dead,
    /// It did not come from the guild that this bot serves.
    Elsewhere,
}

pub(super) fn of_command(interaction: &CommandInteraction, guild: GuildId, commands: &Commands) -> Intent {
    if interaction.guild_id != Some(guild) {
        return Intent::Elsewhere;
    }
    let asked = Asked::of(&interaction.data);
    if let Some(intent) = own::of_command(&asked, language(&interaction.locale)) {
        return Intent::Own(intent);
    }
    if let Some(intent) = past::of_command(&asked) {
        return Intent::Past(intent);
    }
    if let Some(asked) = runbook::of_command(&asked) {
        return Intent::Runbook(asked);
    }
    match asked.command.as_str() {
        finding::FINDINGS => return Intent::Finding(finding::of_command(&asked)),
        finding::ME => return Intent::Mine,
        _ => {}
    }
    if let Some(intent) = gate::of_command(&asked, commands) {
        return Intent::Gate(intent);
    }
    if let Some(command) = DutyCommand::of(&asked) {
        return Intent::DutyCommand(command);
    }
    Intent::Run { command: asked.command.clone(), host: asked.text("host").map(str::to_owned) }
}

/// What could be meant by what somebody is typing.
pub(super) fn of_autocomplete(interaction: &CommandInteraction, guild: GuildId) -> Option<(Asked, Typing)> {
    let typing = interaction.data.autocomplete()?;
    let typing = Typing { option: typing.name.to_owned(), so_far: typing.value.to_owned() };
    (interaction.guild_id == Some(guild)).then(|| (Asked::of(&interaction.data), typing))
}

pub(super) fn of_component(interaction: &ComponentInteraction, guild: GuildId) -> Intent {
    if interaction.guild_id != Some(guild) {
        return Intent::Elsewhere;
    }
    let chosen = chosen(&interaction.data.kind);
    if let Some(intent) = past::of_component(&interaction.data.custom_id) {
        return Intent::Past(intent);
    }
    if let Some(step) = sign::of_component(&interaction.data.custom_id, chosen.as_deref()) {
        return Intent::Sign(step);
    }
    if let Some(step) = finding::of_component(&interaction.data.custom_id, chosen.as_deref()) {
        return Intent::Finding(step);
    }
    if let Some(intent) = gate::of_component(&interaction.data.custom_id) {
        return Intent::Gate(intent);
    }
    if let Ok(press) = interaction.data.custom_id.parse() {
        return Intent::Duty(press, chosen.and_then(|chosen| chosen.parse().ok()));
    }
    if let Some(asked) = runbook::of_component(&interaction.data.custom_id, chosen.as_deref()) {
        return Intent::Runbook(asked);
    }
    if let Some(intent) = matrix::of_component(&interaction.data.custom_id, chosen.as_deref()) {
        return Intent::Matrix(intent);
    }
    match (interaction.data.custom_id.parse(), chosen) {
        (Ok(CustomId::Details(run)), _) => Intent::Details { run, check: None },
        (Ok(CustomId::Again(run)), _) => Intent::Again(run),
        (Ok(CustomId::Mute(alert, hours)), _) => Intent::Mute { alert, hours },
        (Ok(CustomId::Check(run)), Some(check)) => Intent::Details { run, check: Some(check) },
        (Ok(CustomId::Check(_)) | Err(_), _) => Intent::Dead,
    }
}

/// What was chosen first in a select: an option's value, or a person's id.
fn chosen(kind: &ComponentInteractionDataKind) -> Option<String> {
    match kind {
        ComponentInteractionDataKind::StringSelect { values } => values.first().cloned(),
        ComponentInteractionDataKind::UserSelect { values } => values.first().map(ToString::to_string),
        _ => None,
    }
}

/// A form that was filled in.
pub(super) fn of_modal(interaction: &ModalInteraction, guild: GuildId) -> Intent {
    if interaction.guild_id != Some(guild) {
        return Intent::Elsewhere;
    }
    let (id, texts) = (&interaction.data.custom_id, filled_in(interaction));
    let sign = || sign::of_form(id, &texts).map(Intent::Sign);
    let finding = || finding::of_form(id, &texts).map(Intent::Finding);
    let gate = || gate::of_form(id, &texts).map(Intent::Gate);
    let runbook = || runbook::of_form(id, &texts).map(Intent::Runbook);
    sign().or_else(finding).or_else(gate).or_else(runbook).unwrap_or(Intent::Dead)
}

/// The texts of a form, by the names of its inputs.
fn filled_in(interaction: &ModalInteraction) -> BTreeMap<String, String> {
    let inputs = interaction.data.components.iter().flat_map(|row| &row.components);
    let texts = inputs.filter_map(|component| match component {
        ActionRowComponent::InputText(input) => Some((input.custom_id.clone(), input.value.clone()?)),
        _ => None,
    });
    texts.collect()
}

/// Where somebody asked: an interaction brings the channel with it. Of a thread its parent is the channel it hangs in; of a
/// channel it is a category, which says nothing here.
pub(super) fn room(id: ChannelId, channel: Option<&PartialChannel>) -> Room {
    let is_thread = |channel: &&PartialChannel| {
        matches!(channel.kind, ChannelType::PublicThread | ChannelType::PrivateThread | ChannelType::NewsThread)
    };
    let parent = channel.filter(|channel| channel.id == id).filter(is_thread).and_then(|thread| thread.parent_id);
    Room { channel: id.get(), parent: parent.map(ChannelId::get) }
}

/// Who asked. Roles come with the interaction; somebody outside a guild has none.
pub(super) fn person(user: &User, member: Option<&Member>, locale: &str, room: Room) -> Person {
    Person {
        id: user.id.get(),
        name: member.map_or_else(|| user.display_name(), |member| member.display_name()).to_owned(),
        roles: member.map(|member| member.roles.iter().map(|role| role.get()).collect()).unwrap_or_default(),
        language: language(locale),
        channel: room.channel,
        parent: room.parent,
    }
}

/// The language in which somebody is answered whose Discord speaks `locale`.
fn language(locale: &str) -> Language {
    Language::from_code(locale).unwrap_or(Language::En)
}
