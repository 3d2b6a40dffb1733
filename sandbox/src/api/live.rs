//! The live connection of the page: one websocket, which says everything since the cursor it came with, and then whatever
//! happens. After a cut the page comes back with the last cursor it has, and nothing is lost.

use std::time::Duration;

use axum::extract::ws::{Message, WebSocket};
use axum::extract::{Query, State, WebSocketUpgrade};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

use super::{As, Desk};
use crate::id::Id;

/// How often a silent connection says that it lives, and what time it is.
const PULSE: Duration = Duration::from_secs(10);
/// Changes are gathered this long, so that a flood of them becomes few batches. Below what anybody notices.
const GATHER: Duration = Duration::from_millis(8);

#[derive(Debug, Deserialize)]
pub(super) struct Opening {
    #[serde(flatten)]
    who: As,
    #[serde(default)]
    after: String,
}

pub(super) async fn open(
    State(desk): State<Desk>,
    Query(opening): Query<Opening>,
    upgrade: WebSocketUpgrade,
) -> Response {
    match opening.who.id(&desk.core) {
        Ok(viewer) => upgrade.on_upgrade(move |socket| tell(desk, viewer, opening.after, socket)),
        Err(problem) => problem.into_response(),
    }
}

async fn tell(desk: Desk, viewer: Id, mut cursor: String, mut socket: WebSocket) {
    let mut ticks = desk.core.ticks();
    let mut cuts = desk.cuts.clone();
    cuts.mark_unchanged();
    loop {
        ticks.mark_unchanged();
        let batch = desk.since(viewer, &cursor);
        cursor.clone_from(&batch.cursor);
        if !batch.events.is_empty() && socket.send(Message::text(batch.json().to_string())).await.is_err() {
            return;
        }
        tokio::select! {
            _ = ticks.changed() => tokio::time::sleep(GATHER).await,
            _ = cuts.changed() => return,
            word = socket.recv() => if !matches!(word, Some(Ok(Message::Text(_) | Message::Ping(_) | Message::Pong(_)))) {
                return;
            },
            () = tokio::time::sleep(PULSE) => {
                let now = desk.core.look(super::super::world::World::clock_view);
                let pulse = json!({"cursor": cursor, "events": [{"type": "clock", "now": now}]});
                if socket.send(Message::text(pulse.to_string())).await.is_err() {
                    return;
                }
            }
        }
    }
}
