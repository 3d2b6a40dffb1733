//! The Docker engine's HTTP interface, as it answers on the host's socket, from the model.

pub(crate) mod json;

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Query, State};
use axum::http::{HeaderName, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::core::Host;
use super::leaves::docker_act;
use super::model::container::Container;
use super::model::logs::Line;

/// What the engine speaks.
const API_VERSION: &str = "1.44";

/// The interface.
pub(crate) fn router(host: Arc<Host>) -> Router {
    Router::new().fallback(answer).with_state(host)
}

/// Answers on the engine's own socket until the task is dropped.
pub(crate) async fn serve(host: Arc<Host>, listener: tokio::net::UnixListener) {
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        let router = router(Arc::clone(&host));
        tokio::spawn(crate::server::talk_http(stream, router));
    }
}

type Asked = HashMap<String, String>;

async fn answer(
    State(host): State<Arc<Host>>,
    method: Method,
    uri: Uri,
    Query(asked): Query<Asked>,
    _body: Bytes,
) -> Response {
    let path = uri.path().trim_matches('/').to_owned();
    // `v1.44/containers/json`, or without the version.
    let versioned = path.split('/').next().is_some_and(|first| first.starts_with('v') && first.contains('.'));
    let path = if versioned { path.split_once('/').map_or("", |(_, rest)| rest) } else { &path };
    let parts: Vec<&str> = path.split('/').collect();
    match (method.as_str(), parts.as_slice()) {
        ("GET" | "HEAD", ["_ping"]) => "OK".into_response(),
        ("GET", ["version"]) => reply(json!({
            "Version": "25.0.8", "ApiVersion": API_VERSION, "MinAPIVersion": "1.24", "Os": "linux", "Arch": "amd64",
            "KernelVersion": super::files::KERNEL, "GitCommit": "practice", "GoVersion": "go1.23"
        })),
        ("GET", ["info"]) => reply(host.look(|model| {
            json!({
                "ID": "practice", "Name": "gear-freak", "ServerVersion": "25.0.8", "DockerRootDir": "/var/lib/docker",
                "Driver": "overlay2", "NCPU": 2, "Images": model.images.len(), "Containers": model.containers.len(),
                "OperatingSystem": "Amazon Linux 2023"
            })
        })),
        ("GET", ["containers", "json"]) => list(&host, &asked),
        ("GET", ["containers", id, "json"]) => with(&host, id, |_, container, now| json::inspect(container, now)),
        ("GET", ["containers", id, "stats"]) => {
            host.count();
            with(&host, id, |model, one, _| json::stats(model, one))
        }
        ("GET", ["containers", id, "logs"]) => logs(&host, id, &asked),
        ("POST", ["containers", id, act @ ("start" | "stop" | "restart" | "kill" | "pause" | "unpause")]) => {
            acted(&host, act, id)
        }
        ("POST", ["containers" | "build" | "volumes" | "networks", "prune"]) => reply(json!({"SpaceReclaimed": 0})),
        ("GET", ["images", "json"]) => {
            reply(host.look(|model| model.images.iter().map(|image| json::image_json(model, image)).collect()))
        }
        ("POST", ["images", "prune"]) => {
            // Only images without a name, unless it is said otherwise.
            let all = asked.get("filters").is_some_and(|filters| {
                filters.contains("\"dangling\":{\"false\"") || filters.contains("\"dangling\":[\"false\"")
            });
            let gone = host.change(|model| model.prune(all));
            let deleted: Vec<_> = gone.iter().map(|image| json!({"Deleted": image.id})).collect();
            reply(json!({"ImagesDeleted": deleted, "SpaceReclaimed": gone.iter().map(|image| image.size).sum::<u64>()}))
        }
        ("DELETE", ["images", name @ ..]) => {
            let name = name.join("/").replace("%3A", ":");
            let gone = host.change(|model| {
                let found = model.images.iter().find(|image| image.id == name || image.tag.as_deref() == Some(&name));
                let gone = found.filter(|image| !model.is_used(image)).cloned();
                model.images.retain(|image| Some(image) != gone.as_ref());
                model.mend_disk();
                gone
            });
            match gone {
                Some(image) => reply(json!([{"Deleted": image.id}])),
                None => refuse(
                    StatusCode::CONFLICT,
                    format!("conflict: unable to delete {name}: it is used, or is not there"),
                ),
            }
        }
        ("GET", ["system", "df"]) => reply(host.look(|model| {
            json!({
                "LayersSize": model.images.iter().map(|image| image.size).sum::<u64>(),
                "Images": model.images.iter().map(|image| json::image_json(model, image)).collect::<Vec<_>>(),
                "Containers": [], "Volumes": [], "BuildCache": []
            })
        })),
        _ => {
            tracing::warn!(%method, path, "the practice engine does not implement this");
            refuse(StatusCode::NOT_FOUND, "page not found".to_owned())
        }
    }
}

#[expect(clippy::needless_pass_by_value, reason = "what is made for it ends here")]
fn reply(value: Value) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (HeaderName::from_static("api-version"), API_VERSION),
        (HeaderName::from_static("server"), "Docker/25.0.8 (linux)"),
    ];
    (headers, value.to_string()).into_response()
}

#[expect(clippy::needless_pass_by_value, reason = "what is made for it ends here")]
fn refuse(status: StatusCode, message: String) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], json!({"message": message}).to_string()).into_response()
}

fn missing(id: &str) -> Response {
    refuse(StatusCode::NOT_FOUND, format!("No such container: {id}"))
}

fn with(
    host: &Host,
    id: &str,
    tell: impl FnOnce(&super::model::Model, &Container, DateTime<Utc>) -> Value,
) -> Response {
    let now = host.clock.now();
    let told = host.look(|model| model.container(id).map(|one| tell(model, one, now)));
    told.map_or_else(|| missing(id), reply)
}

/// Filters come as `{"label": ["a=b"]}` or as `{"label": {"a=b": true}}`.
fn filter(asked: &Asked, name: &str) -> Vec<String> {
    let filters: Value = asked.get("filters").and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    match filters.get(name) {
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        Some(Value::Object(map)) => map.keys().cloned().collect(),
        _ => Vec::new(),
    }
}

fn list(host: &Host, asked: &Asked) -> Response {
    let now = host.clock.now();
    let all = asked.get("all").is_some_and(|all| matches!(all.as_str(), "1" | "true"));
    let (labels, names) = (filter(asked, "label"), filter(asked, "name"));
    let fits = |one: &Container| {
        let label = |label: &String| match label.split_once('=') {
            Some(("com.docker.compose.project", project)) => project == "gear_freak",
            Some(("com.docker.compose.service", service)) => service == one.service,
            Some(_) => false,
            None => label.starts_with("com.docker.compose."),
        };
        labels.iter().all(label)
            && (names.is_empty() || names.iter().any(|name| one.name.contains(name.trim_start_matches('/'))))
    };
    reply(host.look(|model| {
        let there =
            model.containers.iter().filter(|one| one.exists() && (all || one.is_up() || one.status() == "restarting"));
        there.filter(|one| fits(one)).map(|one| json::summary(one, now)).collect()
    }))
}

fn acted(host: &Host, act: &str, id: &str) -> Response {
    let now = host.clock.now();
    let Some(up) = host.look(|model| model.container(id).map(Container::is_up)) else { return missing(id) };
    // The engine's own word for "it is so already".
    if (act == "start" && up) || (act == "stop" && !up) {
        return StatusCode::NOT_MODIFIED.into_response();
    }
    docker_act(host, act, id, now);
    StatusCode::NO_CONTENT.into_response()
}

fn logs(host: &Host, id: &str, asked: &Asked) -> Response {
    let now = host.clock.now();
    let time = |name: &str| {
        let text = asked.get(name)?;
        let seconds: f64 = text.parse().ok()?;
        #[expect(clippy::cast_possible_truncation, reason = "seconds since 1970")]
        let whole = seconds as i64;
        DateTime::from_timestamp(whole, 0).filter(|_| whole > 0)
    };
    let flag = |name: &str| asked.get(name).is_some_and(|value| matches!(value.as_str(), "1" | "true"));
    let Some(service) = host.look(|model| model.container(id).map(|one| one.service.clone())) else {
        return missing(id);
    };
    let (from, until) = (time("since").unwrap_or_default(), time("until").unwrap_or(now));
    let mut lines = host.look(|model| model.container_log(&service, from, until));
    lines.retain(|line| flag(if line.to_error { "stderr" } else { "stdout" }));
    if let Some(tail) = asked.get("tail").and_then(|tail| tail.parse::<usize>().ok()) {
        lines.drain(..lines.len().saturating_sub(tail));
    }
    let stamps = flag("timestamps");
    let body: Vec<u8> = lines.iter().flat_map(|line| frame(line, stamps)).collect();
    ([(header::CONTENT_TYPE, "application/vnd.docker.multiplexed-stream")], Body::from(body)).into_response()
}

/// A line as the engine sends it: which stream, how long, the line.
fn frame(line: &Line, stamps: bool) -> Vec<u8> {
    let stamp = if stamps { line.at.to_rfc3339_opts(chrono::SecondsFormat::Nanos, true) + " " } else { String::new() };
    let text = format!("{stamp}{}\n", line.text);
    let mut frame = vec![if line.to_error { 2 } else { 1 }, 0, 0, 0];
    frame.extend(u32::try_from(text.len()).unwrap_or_default().to_be_bytes());
    frame.extend(text.into_bytes());
    frame
}
