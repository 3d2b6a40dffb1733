//! Registers the slash commands for the guild, when something changed since they were last registered.

use std::collections::BTreeMap;

use serde_json::Value;
use serenity::all::{CreateCommand, GuildId, Http};

use super::hosts::{self, Meant};
use super::{duty, gate, own, past, runbook};
use crate::config::Config;
use crate::domain::command::Checklist;
use crate::service::Service;

/// What makes a command, or an option of one, another than it was. Whatever else Discord tells of it is Discord's own.
const ESSENTIAL: [&str; 14] = [
    "type",
    "name",
    "name_localizations",
    "description",
    "description_localizations",
    "required",
    "autocomplete",
    "choices",
    "value",
    "min_value",
    "max_value",
    "min_length",
    "max_length",
    "options",
];

/// Registers the commands `wanted`, unless the guild has just these already. Tells whether it had to.
///
/// # Errors
/// serenity's error when Discord could not be asked or did not take them.
pub(super) async fn register(http: &Http, guild: GuildId, wanted: &[CreateCommand]) -> Result<bool, serenity::Error> {
    let there = http.get_guild_commands_with_localizations(guild).await?;
    if essence(wanted)? == essence(&there)? {
        return Ok(false);
    }
    http.create_guild_commands(guild, &wanted).await?;
    Ok(true)
}

/// Every command of the deployment's files, and the built-in ones.
pub(super) fn wanted(service: &Service) -> Vec<CreateCommand> {
    let (commands, config) = (service.commands(), service.config());
    let mut wanted: Vec<CreateCommand> =
        commands.checklists.values().map(|command| checklist(command, config)).collect();
    wanted.extend(commands.actions.values().map(|action| gate::command(action, hosts::option(config, Meant::One))));
    wanted.extend(gate::built_in(!commands.actions.is_empty()));
    wanted.extend(past::commands(commands, config));
    wanted.extend(super::finding::commands());
    wanted.extend(runbook::commands(commands, config));
    wanted.extend(duty::commands(config, &|name| service.title_of(name)));
    wanted.extend(own::commands(config));
    wanted
}

/// The slash command of a checklist.
fn checklist(command: &Checklist, config: &Config) -> CreateCommand {
    let mut shown = CreateCommand::new(&command.id)
        .description(&command.description.en)
        .description_localized("ko", &command.description.ko);
    if let Some(name) = &command.name_ko {
        shown = shown.name_localized("ko", name);
    }
    match hosts::option(config, Meant::Several) {
        Some(option) => shown.add_option(option),
        None => shown,
    }
}

/// What is compared of the commands, by their names.
fn essence<T: serde::Serialize>(commands: &[T]) -> Result<BTreeMap<String, Value>, serenity::Error> {
    let essence = |command: &T| {
        let mut command = essential(&serde_json::to_value(command)?);
        if let Value::Object(fields) = &mut command {
            // A command without a type is a slash command.
            fields.entry("type").or_insert_with(|| 1.into());
        }
        let name = command.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
        Ok((name, command))
    };
    commands.iter().map(essence).collect()
}

/// The same without what does not make it another; what is left out is as good as `null`, `false` or empty.
fn essential(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let kept = fields.iter().filter(|(name, _)| ESSENTIAL.contains(&name.as_str()));
            kept.map(|(name, field)| {
                // Its keys are languages.
                let kept = if name.ends_with("_localizations") { field.clone() } else { essential(field) };
                (name.clone(), kept)
            })
            .filter(|(_, field)| !is_nothing(field))
            .collect()
        }
        Value::Array(items) => items.iter().map(essential).collect(),
        other => other.clone(),
    }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        Value::Bool(true) | Value::Number(_) | Value::String(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_discord_adds_makes_no_command_another() {
        let sent =
            json!({ "name": "daily", "description": "d", "options": [], "name_localizations": { "ko": "일일" } });
        let there = json!({
            "id": "1", "application_id": "2", "version": "3", "type": 1, "name": "daily", "description": "d",
            "name_localizations": { "ko": "일일" }, "description_localizations": null, "nsfw": false,
        });
        assert_eq!(essence(&[sent]).unwrap(), essence(&[there]).unwrap());
    }

    #[test]
    fn another_text_choice_or_option_makes_it_another() {
        let with = |option: Value| essential(&json!({ "name": "daily", "options": [option] }));
        let one =
            with(json!({ "type": 3, "name": "host", "description": "d", "choices": [{ "name": "a", "value": "a" }] }));
        for other in [
            json!({ "type": 3, "name": "host", "description": "e", "choices": [{ "name": "a", "value": "a" }] }),
            json!({ "type": 3, "name": "host", "description": "d", "choices": [{ "name": "a", "value": "b" }] }),
            json!({ "type": 3, "name": "host", "description": "d", "description_localizations": { "ko": "가" },
                    "choices": [{ "name": "a", "value": "a" }] }),
            json!({ "type": 3, "name": "host", "description": "d",
                    "choices": [{ "name": "a", "value": "a", "name_localizations": { "ko": "가" } }] }),
            json!({ "type": 3, "name": "host", "description": "d", "autocomplete": true }),
            json!({ "type": 3, "name": "host", "description": "d", "max_length": 20,
                    "choices": [{ "name": "a", "value": "a" }] }),
            json!({ "type": 3, "name": "host", "description": "d", "required": true,
                    "choices": [{ "name": "a", "value": "a" }] }),
        ] {
            assert_ne!(one, with(other));
        }
    }
}
