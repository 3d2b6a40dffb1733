//! Answering interactions: the callback, `@original` and followups.

use super::call::{Call, Outcome, Reply};
use crate::api_error::{ApiError, Place};
use crate::id::Id;
use crate::world::World;
use crate::world::draft::Draft;

pub(super) fn answer(call: &Call<'_>) -> Outcome {
    let (id, token) = (call.id("interaction_id")?, call.text("token"));
    let full = call.asks("with_response");
    call.core.change(|world| {
        world.answer(id, token, &call.body.json, &call.body.files)?;
        match world.interactions.get(&id).filter(|_| full) {
            Some(interaction) => Ok(Reply::ok(world.callback_json(interaction))),
            None => Ok(Reply::nothing()),
        }
    })
}

/// The address must carry the application's own id.
fn own_application(call: &Call<'_>) -> Result<(), ApiError> {
    let id = call.id("application_id")?;
    if call.core.look(|world| world.bot) == id { Ok(()) } else { Err(ApiError::unknown_webhook()) }
}

/// `@original` is `None`.
fn named(call: &Call<'_>) -> Result<Option<Id>, ApiError> {
    own_application(call)?;
    if call.text("message_id") == "@original" { Ok(None) } else { call.id("message_id").map(Some) }
}

fn shown(world: &World, id: Id) -> Outcome {
    Ok(Reply::ok(world.message_json(world.posting(id)?)))
}

pub(super) fn follow_up(call: &Call<'_>) -> Outcome {
    own_application(call)?;
    let draft = |call: &Call<'_>| Draft::parse(&call.body.json, &call.body.files, &Place::default());
    call.core.change(|world| {
        world.by_live_token(call.text("token"))?;
        let id = world.follow_up(call.text("token"), draft(call)?)?;
        shown(world, id)
    })
}

pub(super) fn message(call: &Call<'_>) -> Outcome {
    let message = named(call)?;
    call.core.look(|world| shown(world, world.answer_message(call.text("token"), message)?))
}

pub(super) fn edit(call: &Call<'_>) -> Outcome {
    let message = named(call)?;
    call.core.change(|world| {
        let id = world.answer_message(call.text("token"), message)?;
        let draft = Draft::parse(&call.body.json, &call.body.files, &Place::default())?;
        world.edit(id, draft)?;
        shown(world, id)
    })
}

pub(super) fn delete(call: &Call<'_>) -> Outcome {
    let message = named(call)?;
    call.core.change(|world| {
        let id = world.answer_message(call.text("token"), message)?;
        world.delete(id).map(|()| Reply::nothing())
    })
}
