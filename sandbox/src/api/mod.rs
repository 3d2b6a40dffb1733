//! The face to the page and to scripts: a JSON API under `/sandbox/api` that does all that the page does.
//!
//! `README.md` beside this file is its documentation, which it serves itself. Everything that a person does goes the same way
//! as in a test ([`Seat`](crate::Seat)); everything that a person sees is what their own eyes see, ephemeral answers of others
//! left out.

mod act;
mod events;
mod guard;
mod host;
mod live;
mod moderate;
mod problem;
mod read;
mod view;

use std::fmt;
use std::sync::Arc;

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, patch, post, put};
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::watch;

use crate::core::Core;
use crate::id::Id;
use crate::panel::Panel;
pub(crate) use guard::{Key, place};
use problem::Problem;

/// The documentation, served at the API's root.
const DOCUMENTATION: &str = include_str!("README.md");

/// What every handler of the page's server has.
#[derive(Clone)]
pub(crate) struct Desk {
    pub(crate) core: Arc<Core>,
    pub(crate) panel: Option<Arc<dyn Panel>>,
    pub(crate) key: Key,
    /// Names this run of the world, so that a cursor of another one is recognised.
    pub(crate) run: Arc<str>,
    /// Ticks when every live connection is to be cut.
    pub(crate) cuts: watch::Receiver<u64>,
}

impl fmt::Debug for Desk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Desk").field("run", &self.run).finish_non_exhaustive()
    }
}

/// What a handler answers.
type Outcome = Result<Reply, Problem>;

/// JSON that went well.
#[derive(Debug)]
struct Reply(Value);

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        ([(CONTENT_TYPE, "application/json")], self.0.to_string()).into_response()
    }
}

/// The `as` of an address: who looks or acts, by shown name, user name or id.
#[derive(Debug, Deserialize)]
struct As {
    #[serde(rename = "as")]
    who: Option<String>,
}

impl As {
    /// The person, who must be named.
    fn named(&self) -> Result<&str, Problem> {
        self.who.as_deref().filter(|who| !who.is_empty()).ok_or_else(Problem::nobody_named)
    }

    /// The person's id.
    fn id(&self, core: &Core) -> Result<Id, Problem> {
        let who = self.named()?;
        core.look(|world| world.find_user(who)).ok_or_else(|| Problem::unknown("person", who))
    }
}

pub(crate) fn router(desk: Desk) -> Router {
    Router::new()
        .route("/", get(documentation))
        .route("/world", get(read::world))
        .route("/commands", get(read::commands))
        .route("/channels/{channel}/messages", get(read::messages).post(act::say))
        .route("/channels/{channel}/commands", post(act::command))
        .route("/channels/{channel}/completions", post(act::complete))
        .route("/messages/{message}", get(read::message))
        .route("/messages/{message}/press", post(act::press))
        .route("/messages/{message}/choose", post(act::choose))
        .route("/interactions/{interaction}", get(read::interaction))
        .route("/interactions/{interaction}/submit", post(act::submit))
        .route("/files/{channel}/{file}/{name}", get(read::file))
        .route("/people", post(moderate::add_person))
        .route("/people/{person}", patch(moderate::change_person).delete(moderate::remove_person))
        .route("/people/{person}/roles/{role}", put(moderate::give_role).delete(moderate::take_role))
        .route("/roles", post(moderate::add_role))
        .route("/roles/{role}", delete(moderate::delete_role))
        .route("/clock", get(host::clock).post(host::move_clock))
        .route("/panel", get(host::panel))
        .route("/panel/faults/{fault}", put(host::set_fault))
        .route("/panel/scenes/{scene}", put(host::set_scene))
        .route("/events", get(events::wait))
        .route("/live", get(live::open))
        .fallback(async || Problem::no_such_route())
        .layer(axum::middleware::from_fn_with_state(desk.clone(), guard::api))
        .with_state(desk)
}

async fn documentation() -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/markdown; charset=utf-8")], DOCUMENTATION)
}
