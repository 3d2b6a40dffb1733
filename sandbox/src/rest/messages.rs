//! Messages of a channel, by the bot's own rights.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::call::{Call, Outcome, Reply};
use crate::api_error::{ApiError, Place};
use crate::gateway::hub::Intent;
use crate::id::Id;
use crate::permissions::Permissions;
use crate::world::World;
use crate::world::draft::Draft;
use crate::world::feed::Change;
use crate::world::posting::{Posting, Reaction};

/// The bot may see the channel; what it may do there.
fn granted(world: &World, channel: Id) -> Result<Permissions, ApiError> {
    let granted = world.permissions_in(world.bot, world.channel(channel)?);
    if granted.has(Permissions::VIEW_CHANNEL) { Ok(granted) } else { Err(ApiError::missing_access()) }
}

/// A message that the bot can reach by the channel: it is there and it is not ephemeral.
fn reachable<'a>(world: &'a World, call: &Call<'_>) -> Result<&'a Posting, ApiError> {
    let channel = call.id("channel_id")?;
    granted(world, channel)?;
    let posting = world.posting(call.id("message_id")?)?;
    if posting.channel == channel && posting.only_for.is_none() {
        Ok(posting)
    } else {
        Err(ApiError::unknown_message())
    }
}

pub(super) fn list(call: &Call<'_>) -> Outcome {
    let channel = call.id("channel_id")?;
    let limit = call.query("limit").map_or(Ok(50), str::parse::<usize>).ok().filter(|n| (1..=100).contains(n));
    let place = Place::default().key("limit");
    let limit = limit
        .ok_or_else(|| ApiError::bad_field(&place, "NUMBER_TYPE_MAX", "int value should be between 1 and 100."))?;
    let bound = |name: &str| call.query(name).and_then(|text| text.parse::<Id>().ok());
    let (before, after, around) = (bound("before"), bound("after"), bound("around"));
    call.core.look(|world| {
        if !granted(world, channel)?.has(Permissions::READ_MESSAGE_HISTORY) {
            return Ok(Reply::ok(json!([])));
        }
        let all = world.public_postings(channel);
        let mut page: Vec<&Posting> = if let Some(after) = after {
            all.into_iter().filter(|posting| posting.id > after).take(limit).collect()
        } else {
            let middle = around.and_then(|id| all.iter().position(|posting| posting.id >= id));
            let end = match (middle, before) {
                (Some(middle), _) => (middle + limit / 2 + 1).min(all.len()),
                (None, Some(before)) => all.iter().take_while(|posting| posting.id < before).count(),
                (None, None) => all.len(),
            };
            all[end.saturating_sub(limit)..end].to_vec()
        };
        page.reverse();
        Ok(Reply::ok(page.into_iter().map(|posting| world.message_json(posting)).collect()))
    })
}

pub(super) fn create(call: &Call<'_>) -> Outcome {
    let channel = call.id("channel_id")?;
    call.core.look(|world| granted(world, channel))?;
    let draft = Draft::parse(&call.body.json, &call.body.files, &Place::default())?;
    call.core.change(|world| {
        let id = world.post_as_bot(channel, draft)?;
        Ok(Reply::ok(world.new_message_json(world.posting(id)?)))
    })
}

pub(super) fn one(call: &Call<'_>) -> Outcome {
    call.core.look(|world| Ok(Reply::ok(world.message_json(reachable(world, call)?))))
}

pub(super) fn edit(call: &Call<'_>) -> Outcome {
    let id = call.core.look(|world| {
        let posting = reachable(world, call)?;
        if posting.author == world.bot { Ok(posting.id) } else { Err(ApiError::not_the_author()) }
    })?;
    let draft = Draft::parse(&call.body.json, &call.body.files, &Place::default())?;
    call.core.change(|world| {
        world.edit(id, draft)?;
        Ok(Reply::ok(world.message_json(world.posting(id)?)))
    })
}

pub(super) fn delete(call: &Call<'_>) -> Outcome {
    call.core.change(|world| {
        let posting = reachable(world, call)?;
        let (id, own) = (posting.id, posting.author == world.bot);
        if !own && !granted(world, posting.channel)?.has(Permissions::MANAGE_MESSAGES) {
            return Err(ApiError::missing_permissions());
        }
        world.delete(id).map(|()| Reply::nothing())
    })
}

pub(super) fn typing(call: &Call<'_>) -> Outcome {
    let channel = call.id("channel_id")?;
    call.core.change(|world| {
        granted(world, channel)?;
        world.feed.note(Change::Typing { channel, user: world.bot });
        let event = json!({"channel_id": channel, "guild_id": world.guild.id, "user_id": world.bot,
            "timestamp": world.now().timestamp(), "member": world.member_json(world.bot)});
        world.emit("TYPING_START", Intent::Typing, &event);
        Ok(Reply::nothing())
    })
}

pub(super) fn react(call: &Call<'_>) -> Outcome {
    change_reaction(call, true)
}

pub(super) fn unreact(call: &Call<'_>) -> Outcome {
    change_reaction(call, false)
}

fn change_reaction(call: &Call<'_>, on: bool) -> Outcome {
    let emoji = call.text("emoji").to_owned();
    call.core.change(|world| {
        let posting = reachable(world, call)?;
        let (id, channel, author) = (posting.id, posting.channel, posting.author);
        if on && !granted(world, channel)?.has(Permissions::ADD_REACTIONS) {
            return Err(ApiError::missing_permissions());
        }
        let bot = world.bot;
        if let Some(posting) = world.postings.get_mut(&id) {
            toggle(&mut posting.reactions, &emoji, bot, on);
        }
        world.feed.note(Change::Message(id));
        let event: Value = json!({"user_id": bot, "channel_id": channel, "message_id": id, "guild_id": world.guild.id,
            "emoji": {"id": null, "name": emoji}, "message_author_id": author, "burst": false, "type": 0});
        let name = if on { "MESSAGE_REACTION_ADD" } else { "MESSAGE_REACTION_REMOVE" };
        world.emit(name, Intent::Reactions, &event);
        Ok(Reply::nothing())
    })
}

fn toggle(reactions: &mut Vec<Reaction>, emoji: &str, user: Id, on: bool) {
    match reactions.iter_mut().find(|reaction| reaction.emoji == emoji) {
        Some(reaction) if on => {
            reaction.users.insert(user);
        }
        Some(reaction) => {
            reaction.users.remove(&user);
        }
        None if on => reactions.push(Reaction { emoji: emoji.to_owned(), users: BTreeSet::from([user]) }),
        None => {}
    }
    reactions.retain(|reaction| !reaction.users.is_empty());
}
