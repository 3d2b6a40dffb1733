//! The clock of the world, and the panel of the host beside the channel.

use axum::extract::{Path, State};
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::{Value, json};

use super::act::body;
use super::problem::Problem;
use super::{Desk, Outcome, Reply};
use crate::world::feed::Change;

/// Farthest move at once, in seconds: ten years.
const FARTHEST: i64 = 10 * 366 * 86_400;

pub(super) async fn clock(State(desk): State<Desk>) -> Outcome {
    Ok(Reply(json!({"now": desk.core.look(super::super::world::World::clock_view)})))
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Move {
    /// Seconds; a negative number goes back.
    Advance(i64),
    /// A moment, RFC 3339.
    To(DateTime<Utc>),
}

pub(super) async fn move_clock(State(desk): State<Desk>, bytes: Bytes) -> Outcome {
    let now = desk.core.clock.now();
    let moment = match body(&bytes)? {
        Move::To(moment) => moment,
        Move::Advance(seconds) => now + TimeDelta::seconds(seconds.clamp(-FARTHEST, FARTHEST)),
    };
    if (moment - now).num_seconds().abs() > FARTHEST {
        return Err(Problem::bad_body("the clock moves by ten years at most"));
    }
    desk.core.clock.set(moment);
    let open: Value = desk.core.change(|world| {
        world.feed.note(Change::Clock);
        // What waited for its answer may have failed by now.
        let waiting: Vec<_> = world.unanswered().iter().map(|interaction| interaction.id).collect();
        for id in waiting {
            world.feed.note(Change::Interaction(id));
        }
        world.clock_view()
    });
    Ok(Reply(json!({"now": open})))
}

fn shown(desk: &Desk) -> Outcome {
    let panel = desk.panel.as_ref().ok_or_else(Problem::no_panel)?;
    serde_json::to_value(panel.view()).map(Reply).map_err(Problem::bad_body)
}

pub(super) async fn panel(State(desk): State<Desk>) -> Outcome {
    shown(&desk)
}

#[derive(Debug, Deserialize)]
struct Switch {
    on: bool,
}

pub(super) async fn set_fault(State(desk): State<Desk>, Path(fault): Path<String>, bytes: Bytes) -> Outcome {
    let switch: Switch = body(&bytes)?;
    desk.panel.as_ref().ok_or_else(Problem::no_panel)?.set_fault(&fault, switch.on)?;
    shown(&desk)
}

pub(super) async fn set_scene(State(desk): State<Desk>, Path(scene): Path<String>) -> Outcome {
    desk.panel.as_ref().ok_or_else(Problem::no_panel)?.set_scene(&scene)?;
    shown(&desk)
}
