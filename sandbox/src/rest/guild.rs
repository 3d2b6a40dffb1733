//! The bot itself, the guild and its people.

use serde_json::{Value, json};

use super::call::{Call, Outcome, Reply};
use crate::api_error::ApiError;
use crate::id::Id;
use crate::world::World;

pub(super) fn gateway(call: &Call<'_>) -> Outcome {
    Ok(Reply::ok(json!({"url": call.core.gateway_url})))
}

pub(super) fn gateway_bot(call: &Call<'_>) -> Outcome {
    let day_ms = 86_400_000;
    let used = call.core.look(|world| world.hub.identified.len());
    let limit = json!({"total": 1000, "remaining": 1000_usize.saturating_sub(used), "reset_after": day_ms, "max_concurrency": 1});
    Ok(Reply::ok(json!({"url": call.core.gateway_url, "shards": 1, "session_start_limit": limit})))
}

pub(super) fn me(call: &Call<'_>) -> Outcome {
    Ok(Reply::ok(call.core.look(World::me_json)))
}

pub(super) fn my_guilds(call: &Call<'_>) -> Outcome {
    Ok(Reply::ok(call.core.look(|world| {
        let permissions = world.guild_permissions(world.bot).0.to_string();
        json!([{"id": world.guild.id, "name": world.guild.name, "icon": null, "banner": null, "owner": false,
            "permissions": permissions, "features": []}])
    })))
}

pub(super) fn user(call: &Call<'_>) -> Outcome {
    let id = call.id("user_id")?;
    call.core.look(|world| {
        world.users.contains_key(&id).then(|| Reply::ok(world.user_json(id))).ok_or_else(ApiError::unknown_user)
    })
}

pub(super) fn application(call: &Call<'_>) -> Outcome {
    Ok(Reply::ok(call.core.look(World::application_json)))
}

pub(super) fn open_direct_channel(call: &Call<'_>) -> Outcome {
    let person: Id =
        serde_json::from_value(call.body.json["recipient_id"].clone()).map_err(|_| ApiError::unknown_user())?;
    call.core.change(|world| {
        let id = world.direct_channel(person)?;
        world.channel(id).map(|channel| Reply::ok(world.channel_json(channel)))
    })
}

/// Fails for every guild but the one there is; a bot sees no others.
fn own_guild(call: &Call<'_>) -> Result<(), ApiError> {
    let id = call.id("guild_id")?;
    if call.core.look(|world| world.guild.id) == id { Ok(()) } else { Err(ApiError::unknown_guild()) }
}

pub(super) fn guild(call: &Call<'_>) -> Outcome {
    own_guild(call)?;
    let with_counts = call.asks("with_counts");
    Ok(Reply::ok(call.core.look(|world| {
        let mut guild = world.guild_json();
        if with_counts {
            guild["approximate_member_count"] = json!(world.members.len());
            guild["approximate_presence_count"] = json!(world.members.len());
        }
        guild
    })))
}

pub(super) fn channels(call: &Call<'_>) -> Outcome {
    own_guild(call)?;
    Ok(Reply::ok(call.core.look(|world| {
        let listed = world.channels.values().filter(|channel| !channel.is_dm() && !channel.is_thread());
        listed.map(|channel| world.channel_json(channel)).collect()
    })))
}

pub(super) fn roles(call: &Call<'_>) -> Outcome {
    own_guild(call)?;
    Ok(Reply::ok(call.core.look(World::roles_json)))
}

pub(super) fn role(call: &Call<'_>) -> Outcome {
    own_guild(call)?;
    let id = call.id("role_id")?;
    call.core.look(|world| {
        let role = world.roles.get(&id).ok_or_else(ApiError::unknown_role)?;
        Ok(Reply::ok(world.role_json(role)))
    })
}

pub(super) fn members(call: &Call<'_>) -> Outcome {
    own_guild(call)?;
    let limit = call.query("limit").and_then(|text| text.parse().ok()).unwrap_or(1_usize).clamp(1, 1000);
    let after: Id = call.query("after").and_then(|text| text.parse().ok()).unwrap_or(Id::new(0));
    Ok(Reply::ok(call.core.look(|world| {
        let page = world.members.keys().filter(|id| **id > after).take(limit);
        page.map(|id| world.member_json(*id)).collect::<Value>()
    })))
}

pub(super) fn member(call: &Call<'_>) -> Outcome {
    own_guild(call)?;
    let id = call.id("user_id")?;
    call.core.look(|world| match world.member_json(id) {
        Value::Null if !world.users.contains_key(&id) => Err(ApiError::unknown_user()),
        Value::Null => Err(ApiError::unknown_member()),
        member => Ok(Reply::ok(member)),
    })
}
