//! Looking: the world, a channel's messages, one message, a command list, an interaction, a file.

use std::time::Duration;

use axum::extract::{Path, Query, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, json};

use super::problem::Problem;
use super::{As, Desk, Outcome, Reply};
use crate::id::Id;
use crate::permissions::Permissions;
use crate::world::World;
use crate::world::people::Channel;
use crate::world::posting::Posting;

/// Messages of one page of a channel's past.
const PAGE: usize = 50;
/// Longest wait for an answer, in milliseconds.
const LONGEST_WAIT: u64 = 30_000;
/// Pictures that a browser shows by itself and that can carry no script.
const PICTURES: [&str; 5] = ["image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"];

pub(super) async fn world(State(desk): State<Desk>, Query(who): Query<As>) -> Outcome {
    let viewer = who.who.as_deref().map(|_| who.id(&desk.core)).transpose()?;
    let panel = desk.panel.as_ref().map(|panel| panel.view());
    let zone = desk.panel.as_ref().and_then(|panel| panel.timezone());
    Ok(Reply(desk.core.look(|world| {
        // Without a name one is given: somebody who may do something.
        let first = || world.members.values().find(|member| member.user != world.bot && !member.roles.is_empty());
        let me = viewer.or_else(|| first().map(|member| member.user)).unwrap_or(world.guild.owner);
        json!({
            "cursor": desk.cursor(world),
            "me": me,
            "guild": {"id": world.guild.id, "name": world.guild.name},
            "bot": world.bot_view(),
            "people": world.people_view(),
            "roles": world.roles_view(),
            "channels": world.channels_view(me),
            "clock": world.clock_view(),
            "panel": panel,
            "timezone": zone,
        })
    })))
}

/// A channel by name or id that a person is shown.
pub(super) fn channel<'a>(world: &'a World, viewer: Id, wanted: &str) -> Result<&'a Channel, Problem> {
    let found = world.find_channel(wanted).and_then(|id| world.channels.get(&id));
    found.filter(|channel| world.sees(viewer, channel)).ok_or_else(|| Problem::unknown("channel", wanted))
}

#[derive(Debug, Deserialize)]
pub(super) struct InChannel {
    #[serde(flatten)]
    who: As,
    channel: String,
}

pub(super) async fn commands(State(desk): State<Desk>, Query(place): Query<InChannel>) -> Outcome {
    let viewer = place.who.id(&desk.core)?;
    let list: Result<Value, Problem> = desk.core.look(|world| {
        let granted = world.permissions_in(viewer, channel(world, viewer, &place.channel)?);
        if !granted.has(Permissions::USE_APPLICATION_COMMANDS) {
            return Ok(json!([]));
        }
        let shown = world.commands.slash().filter(|command| command.is_shown_to(granted));
        Ok(shown.map(|command| world.command_json(command, true)).collect())
    });
    list.map(Reply)
}

#[derive(Debug, Deserialize)]
pub(super) struct Page {
    #[serde(flatten)]
    who: As,
    before: Option<String>,
    limit: Option<String>,
}

pub(super) async fn messages(
    State(desk): State<Desk>,
    Path(wanted): Path<String>,
    Query(page): Query<Page>,
) -> Outcome {
    let viewer = page.who.id(&desk.core)?;
    let before: Option<Id> = page.before.and_then(|text| text.parse().ok());
    let limit = page.limit.and_then(|text| text.parse().ok()).unwrap_or(PAGE).clamp(1, 100);
    let view: Result<Value, Problem> = desk.core.look(|world| {
        let channel = channel(world, viewer, &wanted)?;
        let ids = channel.messages.iter().rev().filter(|id| before.is_none_or(|before| **id < before));
        let mut seen = ids.filter_map(|id| world.postings.get(id)).filter(|posting| world.visible_to(viewer, posting));
        let mut list: Vec<&Posting> = seen.by_ref().take(limit).collect();
        list.reverse();
        let more = seen.next().is_some();
        let list: Value = list.into_iter().map(|posting| world.message_view(viewer, posting)).collect();
        Ok(json!({"cursor": desk.cursor(world), "channel": channel.id, "messages": list, "more": more}))
    });
    view.map(Reply)
}

/// A message that this person sees.
fn visible(world: &World, viewer: Id, id: Id) -> Result<&Posting, Problem> {
    let posting = world.postings.get(&id).filter(|posting| world.visible_to(viewer, posting));
    let seen = |posting: &&Posting| world.channels.get(&posting.channel).is_some_and(|place| world.sees(viewer, place));
    posting.filter(seen).ok_or_else(|| Problem::unknown("message", &id.to_string()))
}

pub(super) async fn message(State(desk): State<Desk>, Path(id): Path<Id>, Query(who): Query<As>) -> Outcome {
    let viewer = who.id(&desk.core)?;
    desk.core.look(|world| visible(world, viewer, id).map(|posting| Reply(world.message_view(viewer, posting))))
}

#[derive(Debug, Deserialize)]
pub(super) struct Patient {
    #[serde(flatten)]
    who: As,
    wait: Option<String>,
}

/// What became of something that a person did. With `wait` (milliseconds) it waits for the first answer.
pub(super) async fn interaction(
    State(desk): State<Desk>,
    Path(id): Path<Id>,
    Query(patient): Query<Patient>,
) -> Outcome {
    let viewer = patient.who.id(&desk.core)?;
    let wait = patient.wait.and_then(|text| text.parse().ok()).unwrap_or(0).min(LONGEST_WAIT);
    let look = |settled: bool| {
        desk.core.look(|world| {
            let own = world.interactions.get(&id).filter(|interaction| interaction.user == viewer)?;
            let view = world.interaction_view(own);
            (!settled || view["state"] != "waiting").then_some(view)
        })
    };
    look(false).ok_or_else(|| Problem::unknown("interaction", &id.to_string()))?;
    desk.core.wait(Duration::from_millis(wait), || look(true)).await;
    look(false).map(Reply).ok_or_else(|| Problem::unknown("interaction", &id.to_string()))
}

/// A file of a message. Only harmless pictures are shown by the browser; everything else is a download, whatever the bot called
/// it, and can run nothing.
pub(super) async fn file(
    State(desk): State<Desk>,
    Path((_, id, name)): Path<(Id, Id, String)>,
    Query(who): Query<As>,
) -> Result<Response, Problem> {
    let viewer = who.who.as_deref().map(|_| who.id(&desk.core)).transpose()?;
    let found = desk.core.look(|world| {
        let postings = world.postings.values().filter(|posting| {
            viewer.map_or(posting.only_for.is_none(), |viewer| visible(world, viewer, posting.id).is_ok())
        });
        let mut files = postings.flat_map(|posting| posting.face.attachments.iter());
        files.find(|file| file.id == id).map(|file| {
            (Bytes::copy_from_slice(&file.bytes), file.content_type.clone().unwrap_or_default(), file.name.clone())
        })
    });
    let (bytes, kind, name) = found.ok_or_else(|| Problem::unknown("file", &name))?;
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let guessed = || PICTURES.into_iter().find(|picture| name.to_ascii_lowercase().ends_with(&picture[6..]));
    let picture =
        PICTURES.into_iter().find(|picture| *picture == kind).or_else(|| guessed().filter(|_| kind.is_empty()));
    let safe_name: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '_' }).collect();
    let manner = if picture.is_some() { "inline" } else { "attachment" };
    let headers = [
        (CONTENT_TYPE, picture.unwrap_or("application/octet-stream").to_owned()),
        (CONTENT_DISPOSITION, format!("{manner}; filename=\"{safe_name}\"")),
        (CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".to_owned()),
        (CACHE_CONTROL, "private, max-age=3600".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}
