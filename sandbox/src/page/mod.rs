//! The page in a browser: a channel as in Discord, with the host's panel beside it, served on loopback.
//!
//! No framework and no request to anywhere else. What the browser may do is said in one content security policy: scripts and
//! styles of this server only, nothing inline, and no text may ever become markup (`require-trusted-types-for`), so that
//! whatever stands in a name, a log line or an embed is shown and never run.

mod assets;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Query, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, SET_COOKIE};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use serde::Deserialize;
use tokio::sync::watch;

use crate::api::{self, Desk, Key};
use crate::core::Core;
use crate::discord::PracticeDiscord;
use crate::panel::Panel;
use crate::world::feed::Change;
use crate::{StartError, server};
use assets::{Asset, asset};

/// What the browser may do with anything of this server.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

/// The page of a practice Discord. It ends when it is dropped.
#[derive(Debug)]
pub struct Page {
    addr: SocketAddr,
    key: Key,
    stop: watch::Sender<bool>,
    cut: watch::Sender<u64>,
}

impl Drop for Page {
    fn drop(&mut self) {
        self.stop.send_replace(true);
    }
}

impl Page {
    /// The link to be opened, with the key in it. Whoever has it can do everything in this practice world.
    #[must_use]
    pub fn link(&self) -> String {
        format!("http://{}/sandbox/?key={}", self.addr, self.key.secret())
    }

    /// Where it listens.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The key, for `Authorization: Bearer`.
    #[must_use]
    pub fn key(&self) -> &str {
        self.key.secret()
    }

    /// Cuts every live connection, as a bad network does.
    pub fn cut(&self) {
        self.cut.send_modify(|count| *count += 1);
    }
}

impl PracticeDiscord {
    /// Serves the page on a port of loopback (0: any), with a host's panel beside it if there is one.
    ///
    /// # Errors
    /// The port is taken, or the machine gives no randomness for the key.
    pub async fn open_page(&self, port: u16, panel: Option<Arc<dyn Panel>>) -> Result<Page, StartError> {
        let (listener, addr) = server::bind(port).await?;
        let key = Key::new(addr.port())?;
        let (stop, stopped) = watch::channel(false);
        let (cut, cuts) = watch::channel(0);
        let core = self.core();
        if let Some(panel) = &panel {
            tokio::spawn(follow(Arc::clone(&core), panel.changes(), stopped.clone()));
        }
        let run = format!("{:x}", core.clock.now().timestamp_micros());
        let desk = Desk { core, panel, key: key.clone(), run: run.into(), cuts };
        tokio::spawn(server::serve(listener, None, router(desk), stopped));
        Ok(Page { addr, key, stop, cut })
    }
}

/// Whoever watches is told whenever the panel changes.
async fn follow(core: Arc<Core>, mut changes: watch::Receiver<u64>, mut stop: watch::Receiver<bool>) {
    loop {
        tokio::select! {
            changed = changes.changed() => match changed {
                Ok(()) => core.change(|world| world.feed.note(Change::Panel)),
                Err(_) => return,
            },
            _ = stop.wait_for(|stop| *stop) => return,
        }
    }
}

fn router(desk: Desk) -> Router {
    Router::new()
        .route("/", get(async || Redirect::temporary("/sandbox/")))
        .route("/sandbox", get(async || Redirect::temporary("/sandbox/")))
        .route("/sandbox/", get(front))
        .route("/sandbox/{name}", get(part))
        .with_state(desk.clone())
        .nest("/sandbox/api", api::router(desk.clone()))
        .layer(from_fn_with_state(desk, api::place))
        .layer(from_fn(with_policy))
}

#[derive(Debug, Deserialize)]
struct Visit {
    key: Option<String>,
}

/// The page itself, for whoever has the key. The first visit brings it in the address and leaves it as a cookie.
async fn front(State(desk): State<Desk>, Query(visit): Query<Visit>, request: Request) -> Response {
    let in_address = visit.key.is_some_and(|given| desk.key.is(&given));
    if !in_address && !desk.key.came_with(request.headers()) {
        return (StatusCode::UNAUTHORIZED, shown(&assets::NO_KEY)).into_response();
    }
    let mut response = shown(&assets::FRONT);
    if in_address && let Ok(cookie) = HeaderValue::from_str(&desk.key.cookie()) {
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
    response
}

async fn part(Path(name): Path<String>) -> Response {
    asset(&name).map_or_else(|| StatusCode::NOT_FOUND.into_response(), shown)
}

/// Never kept by the browser: after an update the parts must fit each other.
fn shown(asset: &Asset) -> Response {
    ([(CONTENT_TYPE, asset.kind), (CACHE_CONTROL, "no-store")], asset.bytes).into_response()
}

async fn with_policy(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        ("content-security-policy", POLICY),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-resource-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
    ] {
        // A file of a message comes with a stricter policy of its own.
        headers.entry(HeaderName::from_static(name)).or_insert(HeaderValue::from_static(value));
    }
    response
}
