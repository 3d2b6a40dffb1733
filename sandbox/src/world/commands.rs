//! The slash commands that the bot has registered.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::World;
use super::feed::Change;
use crate::api_error::{ApiError, Place};
use crate::id::Id;
use crate::limits::commands as limits;
use crate::permissions::Permissions;

/// Creations in a guild within a day.
const MOST_CREATIONS: usize = 200;

/// One registered command.
#[derive(Clone, Debug)]
pub(crate) struct Command {
    pub(crate) id: Id,
    pub(crate) version: Id,
    /// `None` for a global command.
    pub(crate) guild: Option<Id>,
    /// As Discord keeps it: every key filled in.
    pub(crate) spec: Value,
}

impl Command {
    pub(crate) fn name(&self) -> &str {
        self.spec["name"].as_str().unwrap_or_default()
    }

    fn kind(&self) -> u64 {
        self.spec["type"].as_u64().unwrap_or(1)
    }

    /// Whether people with these permissions are shown the command.
    pub(crate) fn is_shown_to(&self, granted: Permissions) -> bool {
        let bits = &self.spec["default_member_permissions"];
        let needed = bits.as_str().and_then(|text| text.parse().ok());
        match needed {
            None => true,
            Some(0) => granted.has(Permissions::ADMINISTRATOR),
            Some(bits) => granted.has(Permissions(bits)),
        }
    }
}

/// All commands, and the creations of the last day.
#[derive(Debug, Default)]
pub(crate) struct CommandBook {
    list: Vec<Command>,
    created: Vec<DateTime<Utc>>,
}

impl CommandBook {
    pub(crate) fn of(&self, guild: Option<Id>) -> impl Iterator<Item = &Command> {
        self.list.iter().filter(move |command| command.guild == guild)
    }

    pub(crate) fn get(&self, guild: Option<Id>, id: Id) -> Result<&Command, ApiError> {
        self.of(guild).find(|command| command.id == id).ok_or_else(ApiError::unknown_command)
    }

    /// All slash commands, the guild's before the global ones.
    pub(crate) fn slash(&self) -> impl Iterator<Item = &Command> {
        let guild = self.list.iter().filter(|command| command.guild.is_some());
        let global = self.list.iter().filter(|command| command.guild.is_none());
        guild.chain(global).filter(|command| command.kind() == 1)
    }
}

impl World {
    /// PUT: these and no others. A command that was there before under its name keeps its id.
    pub(crate) fn replace_commands(&mut self, guild: Option<Id>, specs: &[Value]) -> Result<(), ApiError> {
        limits::check_all(specs)?;
        if specs.iter().filter(|spec| spec["type"].as_u64().unwrap_or(1) == 1).count() > limits::MOST_COMMANDS {
            return Err(ApiError::too_many_commands());
        }
        let known = |spec: &Value, book: &CommandBook| find(book, guild, spec).cloned();
        let new = specs.iter().filter(|spec| known(spec, &self.commands).is_none()).count();
        self.count_creations(guild, new)?;
        let mut list: Vec<Command> = self.commands.list.iter().filter(|c| c.guild != guild).cloned().collect();
        for spec in specs {
            let before = known(spec, &self.commands);
            list.push(self.settled(guild, spec, before));
        }
        self.commands.list = list;
        self.feed.note(Change::Commands);
        Ok(())
    }

    /// POST: makes a command or replaces the one of that name; tells whether it is new.
    pub(crate) fn upsert_command(&mut self, guild: Option<Id>, spec: &Value) -> Result<(Id, bool), ApiError> {
        limits::check(spec, &Place::default())?;
        let before = find(&self.commands, guild, spec).cloned();
        let is_new = before.is_none();
        if is_new && self.commands.of(guild).count() >= limits::MOST_COMMANDS {
            return Err(ApiError::too_many_commands());
        }
        self.count_creations(guild, usize::from(is_new))?;
        let command = self.settled(guild, spec, before);
        let id = command.id;
        self.commands.list.retain(|kept| kept.id != id);
        self.commands.list.push(command);
        self.feed.note(Change::Commands);
        Ok((id, is_new))
    }

    /// PATCH: changes the keys that are given.
    pub(crate) fn change_command(&mut self, guild: Option<Id>, id: Id, changes: &Value) -> Result<(), ApiError> {
        let before = self.commands.get(guild, id)?.clone();
        let mut spec = before.spec.clone();
        for (key, value) in changes.as_object().into_iter().flatten() {
            spec[key] = value.clone();
        }
        limits::check(&spec, &Place::default())?;
        let command = self.settled(guild, &spec, Some(before));
        self.commands.list.retain(|kept| kept.id != id);
        self.commands.list.push(command);
        self.feed.note(Change::Commands);
        Ok(())
    }

    pub(crate) fn delete_command(&mut self, guild: Option<Id>, id: Id) -> Result<(), ApiError> {
        self.commands.get(guild, id)?;
        self.commands.list.retain(|kept| kept.id != id);
        self.feed.note(Change::Commands);
        Ok(())
    }

    fn count_creations(&mut self, guild: Option<Id>, new: usize) -> Result<(), ApiError> {
        let now = self.now();
        self.commands.created.retain(|when| now - *when < TimeDelta::days(1));
        if guild.is_some() && self.commands.created.len() + new > MOST_CREATIONS {
            return Err(ApiError::too_many_creations());
        }
        self.commands.created.extend(std::iter::repeat_n(now, new));
        Ok(())
    }

    /// A command as Discord keeps it. Its version changes only if it does.
    fn settled(&mut self, guild: Option<Id>, sent: &Value, before: Option<Command>) -> Command {
        let spec = normal(sent);
        match before {
            Some(before) if before.spec == spec => before,
            Some(before) => Command { version: self.next_id(), spec, ..before },
            None => Command { id: self.next_id(), version: self.next_id(), guild, spec },
        }
    }
}

fn find<'a>(book: &'a CommandBook, guild: Option<Id>, spec: &Value) -> Option<&'a Command> {
    let kind = spec["type"].as_u64().unwrap_or(1);
    book.of(guild).find(|command| spec["name"] == *command.name() && command.kind() == kind)
}

/// Every key of a command, filled in where the sender left it out.
fn normal(sent: &Value) -> Value {
    let or = |key: &str, default: Value| sent.get(key).filter(|v| !v.is_null()).cloned().unwrap_or(default);
    let permissions = match &sent["default_member_permissions"] {
        Value::Number(number) => json!(number.to_string()),
        other => other.clone(),
    };
    json!({
        "type": or("type", json!(1)),
        "name": sent["name"],
        "name_localizations": sent["name_localizations"],
        "description": or("description", json!("")),
        "description_localizations": sent["description_localizations"],
        "options": or("options", json!([])),
        "default_member_permissions": permissions,
        "dm_permission": or("dm_permission", json!(true)),
        "contexts": sent["contexts"],
        "integration_types": or("integration_types", json!([0])),
        "nsfw": or("nsfw", json!(false)),
    })
}
