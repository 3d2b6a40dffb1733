//! What a person has still to be told: the changes since a cursor, as they look now to this person.

use std::time::Duration;

use axum::extract::{Query, State};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{As, Desk, Outcome, Reply};
use crate::id::Id;
use crate::world::World;
use crate::world::feed::Change;

/// Longest wait of one request, in milliseconds.
const LONGEST_WAIT: u64 = 30_000;

/// A batch of events and the place after it.
pub(super) struct Batch {
    pub(super) cursor: String,
    pub(super) events: Vec<Value>,
}

impl Batch {
    pub(super) fn json(self) -> Value {
        json!({"cursor": self.cursor, "events": self.events})
    }
}

impl Desk {
    /// The place of the newest change, as text: the run, and the number within it.
    pub(super) fn cursor(&self, world: &World) -> String {
        format!("{}.{}", self.run, world.feed.newest())
    }

    /// What changed since a cursor. A cursor that means nothing here gets one event: look at everything anew.
    pub(super) fn since(&self, viewer: Id, cursor: &str) -> Batch {
        let mut batch = self.core.look(|world| self.changes(world, viewer, cursor));
        // The host is asked without the world in hand: it may want to look at it.
        batch.events.retain_mut(|event| match (&self.panel, event["type"] == "panel") {
            (_, false) => true,
            (Some(panel), true) => {
                event["panel"] = json!(panel.view());
                true
            }
            (None, true) => false,
        });
        batch
    }

    fn changes(&self, world: &World, viewer: Id, cursor: &str) -> Batch {
        let number = cursor.rsplit_once('.').filter(|(run, _)| *run == &*self.run);
        let number = number.and_then(|(_, number)| number.parse().ok());
        let events = match number.and_then(|number| world.feed.since(number)) {
            Some(changes) => changes.into_iter().filter_map(|change| event(world, viewer, change)).collect(),
            None => vec![json!({"type": "reset"})],
        };
        Batch { cursor: self.cursor(world), events }
    }
}

fn event(world: &World, viewer: Id, change: Change) -> Option<Value> {
    let event = match change {
        Change::Message(id) => return message(world, viewer, id),
        Change::Channel(id) => match world.channels.get(&id).filter(|channel| world.sees(viewer, channel)) {
            Some(channel) => json!({"type": "channel", "channel": world.channel_view(viewer, channel)}),
            None => json!({"type": "channel_gone", "id": id}),
        },
        Change::Typing { channel, user } => {
            world.channels.get(&channel).filter(|channel| world.sees(viewer, channel))?;
            json!({"type": "typing", "channel": channel, "user": user})
        }
        Change::Interaction(id) => {
            let interaction = world.interactions.get(&id).filter(|interaction| interaction.user == viewer)?;
            json!({"type": "interaction", "interaction": world.interaction_view(interaction)})
        }
        Change::People => {
            json!({"type": "people", "people": world.people_view(), "roles": world.roles_view()})
        }
        Change::Commands => json!({"type": "commands"}),
        Change::Bot => json!({"type": "bot", "bot": world.bot_view()}),
        Change::Clock => json!({"type": "clock", "now": world.clock_view()}),
        Change::Panel => json!({"type": "panel"}),
    };
    Some(event)
}

/// A message that this person never saw is not told of when it goes.
fn message(world: &World, viewer: Id, id: Id) -> Option<Value> {
    let posting = world.postings.get(&id)?;
    if posting.only_for.is_some_and(|only| only != viewer) {
        return None;
    }
    let channel = world.channels.get(&posting.channel);
    let seen = channel.is_some_and(|channel| world.sees(viewer, channel));
    if posting.deleted.is_none() && seen {
        return Some(json!({"type": "message", "message": world.message_view(viewer, posting)}));
    }
    Some(json!({"type": "message_gone", "id": id, "channel": posting.channel}))
}

#[derive(Debug, Deserialize)]
pub(super) struct Since {
    #[serde(flatten)]
    who: As,
    #[serde(default)]
    after: String,
    /// Milliseconds; as text, since flattened numbers of an address stay text.
    wait: Option<String>,
}

/// The same as the live connection, for scripts: waits until there is something to tell.
pub(super) async fn wait(State(desk): State<Desk>, Query(since): Query<Since>) -> Outcome {
    let viewer = since.who.id(&desk.core)?;
    let wait = since.wait.and_then(|text| text.parse().ok()).unwrap_or(0).min(LONGEST_WAIT);
    let look = || {
        let batch = desk.since(viewer, &since.after);
        (!batch.events.is_empty()).then_some(batch)
    };
    let found = desk.core.wait(Duration::from_millis(wait), look).await;
    let batch = found.unwrap_or_else(|| desk.since(viewer, &since.after));
    Ok(Reply(batch.json()))
}
