//! The REST face: every request walks the same way here.
//!
//! Found, faulted (if a test wants so), authorised, counted, read, judged, handled, noted.

mod call;
mod commands;
mod files;
mod guild;
mod interactions;
mod messages;
mod routes;
mod threads;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body as HttpBody, to_bytes};
use axum::extract::{Request as HttpRequest, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use serde_json::{Value, json};

use crate::api_error::ApiError;
use crate::core::{Core, locked};
use crate::faults::Fault;
use crate::journal::{Request, excerpt};
use crate::judge::{Case, Rule, Violation};
use crate::limiter::{Standing, Verdict};
use crate::server::Hangup;
use call::{Body, Call, Outcome};
use routes::{Found, Route, find};

/// Largest request that Discord takes, in bytes.
const LARGEST_REQUEST: usize = 25 * 1024 * 1024;

pub(crate) fn router(core: Arc<Core>) -> Router {
    Router::new()
        .route("/attachments/{channel}/{id}/{name}", axum::routing::get(files::download))
        .fallback(handle)
        .with_state(core)
}

/// Percent-decoding of a part of a path, as far as emoji need it.
pub(crate) fn decoded(part: &str) -> String {
    let mut bytes = vec![];
    let mut rest = part.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = after.get(..2).filter(|_| *first == b'%').and_then(|two| std::str::from_utf8(two).ok());
        match hex.and_then(|two| u8::from_str_radix(two, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// What is known of a request before its body is read.
struct Head {
    method: String,
    path: String,
    query: String,
    headers: HeaderMap,
    hangup: Hangup,
    began: Instant,
}

async fn handle(State(core): State<Arc<Core>>, request: HttpRequest) -> Response {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path();
    let head = Head {
        method: parts.method.to_string(),
        path: path.strip_prefix("/api/v10").unwrap_or(path).to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        hangup: parts.extensions.get::<Hangup>().cloned().unwrap_or_default(),
        headers: parts.headers,
        began: Instant::now(),
    };
    let found = if path.starts_with("/api/v10/") { find(&head.method, &head.path) } else { Found::Nothing };
    let fault = locked(&core.faults).take(&head.method, &head.path);
    let (route, params) = match found {
        Found::Route(route, params) => (route, params),
        other => return unknown(&core, &head, &other),
    };
    if let Some(early) = early_fault(&core, &head, route, fault.as_ref()).await {
        return early;
    }
    let (outcome, standing, body) = walk(&core, &head, route, params, body).await;
    let response = match &outcome {
        Ok(reply) => answer(reply.status, reply.json.as_ref()),
        Err(refusal) => answer(refusal.status, Some(&refusal.body)),
    };
    let (status, code) =
        outcome.as_ref().map_or_else(|refusal| (refusal.status, refusal.code()), |reply| (reply.status, 0));
    match fault {
        Some(Fault::LoseAnswer) => {
            note(&core, &head, Some(route), &body, 0, 0);
            hang_up(&head).await
        }
        Some(Fault::HoldAnswer(time)) => {
            note(&core, &head, Some(route), &body, status, code);
            hold(&core, time).await;
            with_standing(response, standing.as_ref())
        }
        Some(Fault::AnswerWith(instead)) => {
            note(&core, &head, Some(route), &body, instead, 0);
            broken(instead)
        }
        _ => {
            note(&core, &head, Some(route), &body, status, code);
            with_standing(response, standing.as_ref())
        }
    }
}

fn unknown(core: &Core, head: &Head, found: &Found) -> Response {
    tracing::warn!(method = %head.method, path = %head.path, "a route that the practice Discord does not have");
    let refusal = match found {
        Found::OtherMethod => ApiError::method_not_allowed(),
        _ => ApiError::not_found(),
    };
    note(core, head, None, "", refusal.status, 0);
    answer(refusal.status, Some(&refusal.body))
}

/// Faults that strike before anything is done.
async fn early_fault(core: &Core, head: &Head, route: &Route, fault: Option<&Fault>) -> Option<Response> {
    match fault? {
        Fault::Status(status) => {
            note(core, head, Some(route), "", *status, 0);
            Some(broken(*status))
        }
        Fault::RateLimited { retry_after, global } => {
            note(core, head, Some(route), "", 429, 0);
            Some(too_many(*retry_after, *global, None))
        }
        Fault::Hang(time) => {
            hold(core, *time).await;
            None
        }
        Fault::Close => {
            note(core, head, Some(route), "", 0, 0);
            Some(hang_up(head).await)
        }
        Fault::LoseAnswer | Fault::HoldAnswer(_) | Fault::AnswerWith(_) => None,
    }
}

/// Lets a request wait, and says that it does.
async fn hold(core: &Core, time: Duration) {
    core.held.fetch_add(1, Ordering::SeqCst);
    core.nudge();
    tokio::time::sleep(time).await;
}

/// Ends the connection; never comes back, since the connection's task is dropped with this future in it.
async fn hang_up(head: &Head) -> Response {
    head.hangup.0.notify_one();
    std::future::pending().await
}

async fn walk(
    core: &Core,
    head: &Head,
    route: &'static Route,
    params: Vec<(&'static str, String)>,
    body: HttpBody,
) -> (Outcome, Option<Standing>, String) {
    if let Err(refusal) = authorise(core, head, route) {
        return (Err(refusal), None, String::new());
    }
    let now = core.clock.now();
    let standing = match locked(&core.limiter).count(route.bucket, &route.major(&params), now) {
        Verdict::Pass(standing) => standing,
        Verdict::Wait { after, global, standing } => {
            return (Err(too_many_error(after, global)), standing, String::new());
        }
    };
    let body = match read(head, body).await {
        Ok(body) => body,
        Err(refusal) => return (Err(refusal), standing, String::new()),
    };
    let kept = if body.json.is_null() { String::new() } else { excerpt(&body.json.to_string()) };
    if let Some(refusal) = judge(core, head, route, &body.json).await {
        return (Err(refusal), standing, kept);
    }
    let query = head.query.split('&').filter_map(|pair| pair.split_once('='));
    let query = query.map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
    let outcome = (route.handler)(&Call { core, params, query, body });
    if let Err(refusal) = &outcome
        && matches!(refusal.code(), 50035 | 50006)
    {
        core.judge.note(Violation {
            at: now,
            route: format!("{} {}", head.method, route.template),
            problem: refusal.body.to_string(),
            body: kept.clone(),
            rule: Rule::Documentation,
        });
    }
    (outcome, standing, kept)
}

fn authorise(core: &Core, head: &Head, route: &Route) -> Result<(), ApiError> {
    if !route.needs_token {
        return Ok(());
    }
    let given = head.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if core.look(|world| given == format!("Bot {}", world.token)) { Ok(()) } else { Err(ApiError::unauthorized()) }
}

async fn read(head: &Head, body: HttpBody) -> Result<Body, ApiError> {
    let bytes = to_bytes(body, LARGEST_REQUEST).await.map_err(|_| ApiError::too_large())?;
    let content_type = head.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    Body::read(content_type, bytes).await
}

/// Has the body judged beside the request, or, if the judge is strict, before it.
async fn judge(core: &Core, head: &Head, route: &Route, body: &Value) -> Option<ApiError> {
    if body.is_null() || !core.judge.sits() {
        return None;
    }
    let case = Case { at: core.clock.now(), method: head.method.clone(), route: route.template, body: body.clone() };
    if !core.judge.is_strict() {
        core.judge.hear(case);
        return None;
    }
    let problem = core.judge.decide(case).await?;
    Some(ApiError::invalid_form(json!({"_errors": [{"code": "SCHEMA", "message": problem}]})))
}

fn note(core: &Core, head: &Head, route: Option<&Route>, body: &str, status: u16, code: u64) {
    core.journal.add(Request {
        at: core.clock.now(),
        method: head.method.clone(),
        path: head.path.clone(),
        query: head.query.clone(),
        route: route.map(|route| route.template),
        body: body.to_owned(),
        status,
        code,
        took: head.began.elapsed(),
    });
    core.nudge();
}

fn answer(status: u16, json: Option<&Value>) -> Response {
    let mut response = Response::new(json.map_or_else(HttpBody::empty, |json| HttpBody::from(json.to_string())));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if json.is_some() {
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    if status == 429
        && let Some(after) = json.and_then(|json| json["retry_after"].as_f64())
    {
        let global = json.is_some_and(|json| json["global"] == true);
        add_wait(&mut response, after, global);
    }
    response
}

/// A failure of Discord itself, as its edge sends it.
fn broken(status: u16) -> Response {
    if status >= 502 {
        let page = format!("<html><head><title>{status}</title></head><body>cloudflare</body></html>");
        let mut response = Response::new(HttpBody::from(page));
        *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/html"));
        return response;
    }
    let text = StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason()).unwrap_or("Error");
    answer(status, Some(&json!({"message": format!("{status}: {text}"), "code": 0})))
}

fn too_many_error(after: Duration, global: bool) -> ApiError {
    let body = json!({"message": "You are being rate limited.", "retry_after": after.as_secs_f64(), "global": global});
    ApiError { status: 429, body }
}

fn too_many(after: Duration, global: bool, standing: Option<&Standing>) -> Response {
    let refusal = too_many_error(after, global);
    with_standing(answer(refusal.status, Some(&refusal.body)), standing)
}

/// `Retry-After` is in whole seconds, rounded up; the body has the fraction.
fn add_wait(response: &mut Response, after: f64, global: bool) {
    let scope = if global { "global" } else { "user" };
    insert(response, "retry-after", &format!("{}", after.ceil()));
    insert(response, "x-ratelimit-scope", scope);
    if global {
        insert(response, "x-ratelimit-global", "true");
    }
}

fn with_standing(mut response: Response, standing: Option<&Standing>) -> Response {
    if let Some(standing) = standing {
        let reset = format!("{}.{:03}", standing.reset.timestamp(), standing.reset.timestamp_subsec_millis());
        insert(&mut response, "x-ratelimit-limit", &standing.limit.to_string());
        insert(&mut response, "x-ratelimit-remaining", &standing.remaining.to_string());
        insert(&mut response, "x-ratelimit-reset", &reset);
        insert(&mut response, "x-ratelimit-reset-after", &format!("{:.3}", standing.reset_after.as_secs_f64()));
        insert(&mut response, "x-ratelimit-bucket", &standing.bucket);
    }
    response
}

fn insert(response: &mut Response, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(HeaderName::from_static(name), value);
    }
}
