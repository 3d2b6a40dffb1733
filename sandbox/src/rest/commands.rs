//! Registering slash commands, for the guild or globally.

use serde_json::Value;

use super::call::{Call, Outcome, Reply};
use crate::api_error::ApiError;
use crate::id::Id;

/// Whose commands a path means; `None` is global.
fn scope(call: &Call<'_>) -> Result<Option<Id>, ApiError> {
    let (app, guild) = call.core.look(|world| (world.bot, world.guild.id));
    if call.id("application_id")? != app {
        return Err(ApiError::unknown_application());
    }
    if call.text("guild_id").is_empty() {
        return Ok(None);
    }
    if call.id("guild_id")? == guild { Ok(Some(guild)) } else { Err(ApiError::missing_access()) }
}

pub(super) fn list(call: &Call<'_>) -> Outcome {
    let guild = scope(call)?;
    let full = call.asks("with_localizations");
    Ok(Reply::ok(
        call.core.look(|world| world.commands.of(guild).map(|command| world.command_json(command, full)).collect()),
    ))
}

pub(super) fn replace(call: &Call<'_>) -> Outcome {
    let guild = scope(call)?;
    let specs = match &call.body.json {
        Value::Array(specs) => specs.as_slice(),
        Value::Null => &[],
        _ => return Err(ApiError::invalid_json()),
    };
    call.core.change(|world| {
        world.replace_commands(guild, specs)?;
        Ok(Reply::ok(world.commands.of(guild).map(|command| world.command_json(command, true)).collect()))
    })
}

pub(super) fn create(call: &Call<'_>) -> Outcome {
    let guild = scope(call)?;
    call.core.change(|world| {
        let (id, is_new) = world.upsert_command(guild, &call.body.json)?;
        let json = world.command_json(world.commands.get(guild, id)?, true);
        Ok(if is_new { Reply::created(json) } else { Reply::ok(json) })
    })
}

pub(super) fn one(call: &Call<'_>) -> Outcome {
    let (guild, id) = (scope(call)?, call.id("command_id")?);
    call.core.look(|world| Ok(Reply::ok(world.command_json(world.commands.get(guild, id)?, true))))
}

pub(super) fn change(call: &Call<'_>) -> Outcome {
    let (guild, id) = (scope(call)?, call.id("command_id")?);
    call.core.change(|world| {
        world.change_command(guild, id, &call.body.json)?;
        Ok(Reply::ok(world.command_json(world.commands.get(guild, id)?, true)))
    })
}

pub(super) fn delete(call: &Call<'_>) -> Outcome {
    let (guild, id) = (scope(call)?, call.id("command_id")?);
    call.core.change(|world| world.delete_command(guild, id)).map(|()| Reply::nothing())
}
