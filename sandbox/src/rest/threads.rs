//! Channels and threads.

use serde_json::{Value, json};

use super::call::{Call, Outcome, Reply};
use crate::api_error::ApiError;
use crate::id::Id;
use crate::permissions::Permissions;
use crate::world::World;

fn shown(world: &World, id: Id) -> Outcome {
    Ok(Reply::ok(world.channel_json(world.channel(id)?)))
}

pub(super) fn channel(call: &Call<'_>) -> Outcome {
    let id = call.id("channel_id")?;
    call.core.look(|world| {
        if !world.permissions_in(world.bot, world.channel(id)?).has(Permissions::VIEW_CHANNEL) {
            return Err(ApiError::missing_access());
        }
        shown(world, id)
    })
}

pub(super) fn change(call: &Call<'_>) -> Outcome {
    let id = call.id("channel_id")?;
    call.core.change(|world| {
        world.change_channel(id, &call.body.json)?;
        shown(world, id)
    })
}

pub(super) fn delete(call: &Call<'_>) -> Outcome {
    let id = call.id("channel_id")?;
    call.core.change(|world| {
        let channel = world.channel(id)?;
        let needed = if channel.is_thread() { Permissions::MANAGE_THREADS } else { Permissions::MANAGE_CHANNELS };
        if !world.permissions_in(world.bot, channel).has(needed) {
            return Err(ApiError::missing_permissions());
        }
        world.delete_channel(id).map(Reply::ok)
    })
}

pub(super) fn open(call: &Call<'_>) -> Outcome {
    open_in(call, None)
}

pub(super) fn open_from_message(call: &Call<'_>) -> Outcome {
    open_in(call, Some(call.id("message_id")?))
}

fn open_in(call: &Call<'_>, message: Option<Id>) -> Outcome {
    let parent = call.id("channel_id")?;
    call.core.change(|world| {
        let id = world.open_thread(parent, message, &call.body.json)?;
        world.channel(id).map(|thread| Reply::created(world.channel_json(thread)))
    })
}

pub(super) fn join(call: &Call<'_>) -> Outcome {
    let id = call.id("channel_id")?;
    let bot = call.core.look(|world| world.bot);
    let user = if call.text("user_id") == "@me" { bot } else { call.id("user_id")? };
    call.core.change(|world| world.join_thread(id, user)).map(|()| Reply::nothing())
}

pub(super) fn active(call: &Call<'_>) -> Outcome {
    let guild = call.id("guild_id")?;
    call.core.look(|world| {
        if world.guild.id != guild {
            return Err(ApiError::unknown_guild());
        }
        let open = |state: &crate::world::people::ThreadState| !state.archived;
        let threads = world.channels.values().filter(|channel| channel.thread.as_ref().is_some_and(open));
        let list: Value = threads.map(|thread| world.channel_json(thread)).collect();
        Ok(Reply::ok(json!({"threads": list, "members": []})))
    })
}
