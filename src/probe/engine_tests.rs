//! The container probes against an engine on loopback that answers what a test tells it to.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use bollard::{API_DEFAULT_VERSION, Docker};
use chrono::{DateTime, Utc};
use regex::Regex;
use serde_json::{Value as Json, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::{HttpProber, Watch, World, container, cpu, log};
use crate::config::{HostConfig, HttpConfig, Instance, Own, Transport};
use crate::domain::evidence::{Evidence, Looked};
use crate::domain::mask::Masker;
use crate::domain::message::Localised;
use crate::domain::probe::{Container, ContainerLog};
use crate::host::Host;
use crate::store::Store;

const NOW: &str = "2026-11-22T09:00:00Z";

/// A piece of an answer's body.
#[derive(Clone)]
enum Piece {
    Bytes(Vec<u8>),
    /// Nothing comes any more.
    Hang,
    /// The connection is cut.
    Cut,
}

type Answer = (u16, Vec<Piece>);

/// An engine that answers each path as `answer` says, and the paths it was asked for.
struct Engine {
    docker: Docker,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Engine {
    async fn new(answer: impl Fn(&str) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (answer, asked) = (Arc::new(answer), Arc::new(Mutex::new(Vec::new())));
        let paths = Arc::clone(&asked);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (answer, paths) = (Arc::clone(&answer), Arc::clone(&paths));
                tokio::spawn(async move {
                    while let Some(path) = path(&mut stream).await {
                        paths.lock().unwrap().push(path.clone());
                        let (status, pieces) = answer(&path);
                        if reply(&mut stream, status, pieces).await.is_none() {
                            break;
                        }
                    }
                });
            }
        });
        Self { docker: Docker::connect_with_http(&url, 60, API_DEFAULT_VERSION).unwrap(), asked }
    }

    /// An engine with one container of the service, whose log is `answer`.
    async fn with_log(answer: impl Fn(&str) -> Answer + Send + Sync + 'static) -> Self {
        Self::new(move |path| if path.contains("/logs") { answer(path) } else { body(&one_container()) }).await
    }

    fn asked_for(&self, part: &str) -> Vec<String> {
        self.asked.lock().unwrap().iter().filter(|path| path.contains(part)).cloned().collect()
    }

    async fn read_log(&self, limit: Duration) -> Looked {
        let patterns = BTreeMap::from([("database".to_owned(), Regex::new("database.*refused").unwrap())]);
        let probe = ContainerLog { service: "serverpod".to_owned(), since: Duration::from_secs(1800), patterns };
        let watch = Watch { started: tokio::time::Instant::now(), limit };
        log::look_at(&self.docker, "listing".to_owned(), &probe, &world().await, &watch).await
    }

    async fn look_at_container(&self, limit: Duration) -> Looked {
        let probe = Container { service: "serverpod".to_owned() };
        let watch = Watch { started: tokio::time::Instant::now(), limit };
        container::look_at(&self.docker, "listing".to_owned(), &probe, &world().await, &watch).await
    }
}

/// The path of the next request; none when there is none any more.
async fn path(stream: &mut TcpStream) -> Option<String> {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        request.push(stream.read_u8().await.ok()?);
    }
    let request = String::from_utf8(request).unwrap();
    Some(request.split(' ').nth(1).unwrap().to_owned())
}

async fn reply(stream: &mut TcpStream, status: u16, pieces: Vec<Piece>) -> Option<()> {
    let head = format!("HTTP/1.1 {status} X\r\nTransfer-Encoding: chunked\r\n\r\n");
    stream.write_all(head.as_bytes()).await.ok()?;
    for piece in pieces {
        match piece {
            Piece::Bytes(bytes) => {
                stream.write_all(format!("{:x}\r\n", bytes.len()).as_bytes()).await.ok()?;
                stream.write_all(&bytes).await.ok()?;
                stream.write_all(b"\r\n").await.ok()?;
            }
            Piece::Hang => std::future::pending().await,
            Piece::Cut => return None,
        }
    }
    stream.write_all(b"0\r\n\r\n").await.ok()
}

fn body(json: &Json) -> Answer {
    (200, vec![Piece::Bytes(json.to_string().into_bytes())])
}

/// A container that was made a day ago.
fn one_container() -> Json {
    let created = time(NOW).timestamp() - 86_400;
    json!([{ "Id": "0123", "Names": ["/gear_freak_serverpod"], "State": "running", "Created": created, "Labels": {} }])
}

fn time(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

async fn world() -> World {
    let host = HostConfig {
        name: "test".to_owned(),
        title: Localised::default(),
        transport: Transport::Local,
        act: None,
        disks: Vec::new(),
        compose_project: "gear_freak".to_owned(),
        docker_socket: "/nowhere".to_owned(),
        site: None,
        instance: Instance::default(),
        own: Own::default(),
    };
    World {
        host: Host::new(host),
        http: HttpProber::new(&HttpConfig::default()).unwrap(),
        aws: None,
        store: Store::forgetful().await.unwrap(),
        masker: Masker::new(["hunter2"]),
        now: time(NOW),
        zone: chrono_tz::Asia::Seoul,
        every: Duration::from_secs(60),
    }
}

/// An entry of a log as the engine frames it: 1 is standard output, 2 standard error.
fn entry(stream: u8, text: &str) -> Vec<u8> {
    let text = format!("2026-11-22T08:50:00.000000001Z {text}");
    let mut entry = vec![stream, 0, 0, 0];
    entry.extend(u32::try_from(text.len()).unwrap().to_be_bytes());
    entry.extend(text.bytes());
    entry
}

/// The log is `pieces`; there was something before it, too.
fn log_of(path: &str, pieces: Vec<Piece>) -> Answer {
    if path.contains("until=0") { (200, pieces) } else { (200, vec![Piece::Bytes(entry(1, "older\n"))]) }
}

fn entries(texts: &[(u8, &str)]) -> Piece {
    Piece::Bytes(texts.iter().flat_map(|(stream, text)| entry(*stream, text)).collect())
}

fn values(evidence: &Evidence) -> BTreeMap<&str, String> {
    evidence.measurements.iter().map(|one| (one.measure.as_str(), one.value.to_string())).collect()
}

fn notes(evidence: &Evidence) -> Vec<&str> {
    evidence.notes.iter().map(|note| note.key.as_ref()).collect()
}

const SOON: Duration = Duration::from_secs(10);

#[tokio::test]
async fn a_log_is_counted_as_it_comes() {
    let engine = Engine::with_log(|path| {
        let texts = [
            (1, "[LOG] INFO 0 errors\n"),
            // A line in two entries, with one of the other stream in between.
            (1, "[LOG] ERROR half of "),
            (2, "[LOG] FATAL connection to database refused\n"),
            (1, "a line\n"),
            (1, "[LOG] ERROR half of a line\n"),
            (1, "no end"),
        ];
        log_of(path, vec![entries(&texts)])
    })
    .await;
    let evidence = engine.read_log(SOON).await.unwrap();
    let expected = [("critical", "1"), ("database", "1"), ("errors", "2"), ("lines", "5"), ("repeated", "2")];
    assert_eq!(values(&evidence), expected.map(|(measure, value)| (measure, value.to_owned())).into());
    assert_eq!(evidence.what, "docker logs --since 30m gear_freak_serverpod");
    assert!(evidence.notes.is_empty() && evidence.unread.is_empty());
    let since = format!("since={}&", time(NOW).timestamp() - 1800);
    let asked = engine.asked_for("until=0");
    assert!(asked.len() == 1 && asked[0].contains(&since) && asked[0].contains("tail=50000"), "{asked:?}");
}

#[tokio::test]
async fn a_line_of_ten_megabytes_is_one_line() {
    let engine = Engine::with_log(|path| {
        let part = entry(1, &"x".repeat(16 << 10));
        let mut pieces = vec![entries(&[(1, "[LOG] ERROR ")])];
        pieces.extend((0..640).map(|_| Piece::Bytes(part.clone())));
        pieces.push(entries(&[(1, "\n"), (1, "[LOG] ERROR next\n")]));
        log_of(path, pieces)
    })
    .await;
    let evidence = engine.read_log(SOON).await.unwrap();
    assert_eq!((values(&evidence)["lines"].as_str(), values(&evidence)["errors"].as_str()), ("2", "2"));
    assert_eq!(notes(&evidence), ["probe-log-long-lines"]);
    assert!(evidence.unread.iter().any(|(measure, _)| measure == "critical"), "what stands in its rest is not known");
    assert!(evidence.measurements.iter().flat_map(|one| &one.lines).all(|line| line.chars().count() <= 301));
}

#[tokio::test]
async fn what_the_engine_says_itself_is_no_line_of_the_log() {
    let says = || Piece::Bytes(entry(3, "Error grabbing logs: open x-json.log: no such file or directory\n"));
    let engine = Engine::with_log(move |path| log_of(path, vec![says()])).await;
    let unread = engine.read_log(SOON).await.unwrap_err();
    assert_eq!(unread.reason.key, "host-docker-broken");
    assert!(format!("{:?}", unread.reason).contains("no such file"), "{:?}", unread.reason);

    let engine = Engine::with_log(move |path| log_of(path, vec![entries(&[(1, "[LOG] INFO fine\n")]), says()])).await;
    let evidence = engine.read_log(SOON).await.unwrap();
    assert_eq!(values(&evidence)["lines"], "1");
    assert!(evidence.unread.iter().any(|(measure, _)| measure == "errors"), "it is not known what else there was");
}

#[tokio::test]
async fn of_too_much_the_newest_is_read() {
    let engine = Engine::with_log(|path| {
        if path.contains("tail=50000") {
            let megabyte: Vec<u8> = entry(1, &format!("{}\n", "x".repeat(1 << 20)));
            log_of(path, (0..40).map(|_| Piece::Bytes(megabyte.clone())).collect())
        } else {
            log_of(path, vec![entries(&[(1, "[LOG] ERROR new\n"), (1, "[LOG] INFO new\n")])])
        }
    })
    .await;
    let evidence = engine.read_log(SOON).await.unwrap();
    assert_eq!(values(&evidence)["errors"], "1");
    assert_eq!(notes(&evidence), ["probe-log-newest"]);
    assert!(evidence.unread.iter().any(|(measure, _)| measure == "errors"), "what is older was not looked at");
    assert!(engine.asked_for("until=0")[1].contains("tail=16"), "{:?}", engine.asked_for("until=0"));
}

#[tokio::test]
async fn what_was_not_reached_is_unread_and_said() {
    for (last, key) in [(Piece::Hang, "probe-log-too-late"), (Piece::Cut, "probe-log-broken")] {
        let engine = Engine::with_log(move |path| {
            log_of(path, vec![entries(&[(1, "[LOG] ERROR one\n"), (1, "[LOG] INFO two\n")]), last.clone()])
        })
        .await;
        let started = Instant::now();
        let evidence = engine.read_log(Duration::from_millis(300)).await.unwrap();
        assert!(started.elapsed() < Duration::from_secs(2));
        assert_eq!(values(&evidence)["errors"], "1");
        assert_eq!(notes(&evidence), [key]);
        let unread: Vec<_> =
            evidence.unread.iter().map(|(measure, why)| (measure.as_str(), why.key.as_ref())).collect();
        assert_eq!(unread, ["critical", "errors", "repeated", "lines", "database"].map(|measure| (measure, key)));
    }
}

#[tokio::test]
async fn a_log_that_cannot_be_read_was_not_looked_at() {
    let hangs = Engine::with_log(|_| (200, vec![Piece::Hang])).await;
    let refuses = Engine::with_log(|_| {
        let said = json!({ "message": "configured logging driver does not support reading" });
        (501, vec![Piece::Bytes(said.to_string().into_bytes())])
    })
    .await;
    let empty = Engine::new(|_| body(&json!([]))).await;
    for (engine, key) in
        [(hangs, "probe-docker-too-late"), (refuses, "host-docker-refused"), (empty, "probe-container-missing")]
    {
        let failed = engine.read_log(Duration::from_millis(300)).await.unwrap_err();
        assert_eq!(failed.reason.key, key);
    }
}

#[tokio::test]
async fn where_the_log_begins_later_than_asked_it_is_said() {
    let rotated = Engine::with_log(|path| {
        let pieces = if path.contains("until=0") { vec![entries(&[(1, "first\n")])] } else { Vec::new() };
        (200, pieces)
    })
    .await;
    let evidence = rotated.read_log(SOON).await.unwrap();
    assert_eq!(notes(&evidence), ["probe-log-begins-later"]);
    assert_eq!(serde_json::to_value(&evidence.notes[0].args["ago"]).unwrap()["quantity"]["value"], 599.999_999_999);

    let silent = Engine::with_log(|_| (200, Vec::new())).await;
    assert_eq!(notes(&silent.read_log(SOON).await.unwrap()), ["probe-log-empty"]);

    let made_since = Engine::new(|path| {
        let mut containers = one_container();
        containers[0]["Created"] = json!(time(NOW).timestamp() - 60);
        if path.contains("/logs") { log_of(path, Vec::new()) } else { body(&containers) }
    })
    .await;
    let evidence = made_since.read_log(SOON).await.unwrap();
    assert_eq!(serde_json::to_value(&evidence.notes[0].args["ago"]).unwrap()["quantity"]["value"], 60.0);
}

/// What is left of the log of a container that was made `age` seconds ago: one line of ten minutes ago.
async fn left_of(age: i64, options: Json) -> Evidence {
    let engine = Engine::new(move |path| {
        let mut containers = one_container();
        containers[0]["Created"] = json!(time(NOW).timestamp() - age);
        let logging = json!({ "HostConfig": { "LogConfig": { "Type": "json-file", "Config": options } } });
        match path {
            path if path.contains("/logs") && path.contains("until=0") => {
                (200, vec![entries(&[(1, "[LOG] INFO fine\n")])])
            }
            path if path.contains("/logs") => (200, Vec::new()),
            path if path.contains("/0123/json") => body(&logging),
            _ => body(&containers),
        }
    });
    engine.await.read_log(SOON).await.unwrap()
}

#[tokio::test]
async fn a_log_of_which_the_engine_let_go_was_not_looked_at() {
    for (age, options, rotated) in [
        (86_400, json!({ "max-size": "10k" }), true),
        // Its container is younger than what was asked for, and the log younger still.
        (1200, json!({ "max-size": "10k" }), true),
        // All of it, since it was made; and far less than is kept.
        (630, json!({ "max-size": "10k" }), false),
        (86_400, json!({ "max-size": "10m", "max-file": "3" }), false),
        (86_400, json!({}), false),
    ] {
        let evidence = left_of(age, options.clone()).await;
        let unread = evidence.unread.iter().any(|(measure, _)| measure == "critical");
        assert_eq!(unread, rotated, "{age} {options}");
        let key = if rotated { "probe-log-rotated" } else { "probe-log-begins-later" };
        assert_eq!(notes(&evidence), [key], "{age} {options}");
    }
}

#[tokio::test]
async fn a_container_with_a_terminal_has_a_log_too() {
    let engine = Engine::with_log(|path| {
        let line = |text: &str| format!("2026-11-22T08:50:00.000000001Z {text}\r\n");
        let text = line("\u{1b}[31m[LOG] ERROR\u{1b}[0m one") + &line("[LOG] INFO two");
        log_of(path, vec![Piece::Bytes(text.into_bytes())])
    })
    .await;
    let evidence = engine.read_log(SOON).await.unwrap();
    assert_eq!((values(&evidence)["lines"].as_str(), values(&evidence)["errors"].as_str()), ("2", "1"));
    assert_eq!(evidence.of("errors").next().unwrap().lines, ["[LOG] ERROR one"]);
}

#[tokio::test]
async fn a_container_is_listed_and_inspected() {
    let engine = Engine::new(|path| match path.contains("/containers/json") {
        true => {
            let mut containers = one_container();
            let labels = json!({ "com.docker.compose.oneoff": "True" });
            let one_off = json!({ "Id": "9", "Names": ["/gear_freak_serverpod_run_1"], "Labels": labels });
            containers.as_array_mut().unwrap().push(one_off);
            body(&containers)
        }
        false => body(&json!({ "State": { "Status": "exited", "ExitCode": 137 }, "RestartCount": 2 })),
    })
    .await;
    let evidence = engine.look_at_container(SOON).await.unwrap();
    assert_eq!(evidence.what, "docker inspect gear_freak_serverpod");
    assert_eq!((values(&evidence)["state"].as_str(), values(&evidence)["exit_code"].as_str()), ("exited", "137"));
    let listed = &engine.asked_for("/containers/json")[0];
    assert!(listed.contains("all=true") && listed.contains("com.docker.compose.service%3Dserverpod"), "{listed}");
}

#[tokio::test]
async fn a_container_that_is_not_there_is_missing() {
    let gone = Engine::new(|path| match path.contains("/containers/json") {
        true => body(&one_container()),
        false => (404, vec![Piece::Bytes(b"{\"message\":\"No such container\"}".to_vec())]),
    })
    .await;
    let never = Engine::new(|_| body(&json!([]))).await;
    for engine in [gone, never] {
        let evidence = engine.look_at_container(SOON).await.unwrap();
        assert_eq!(values(&evidence), BTreeMap::from([("state", "missing".to_owned())]));
        assert_eq!(evidence.what, "listing");
    }
}

#[tokio::test]
async fn an_engine_that_does_not_answer_was_not_looked_at() {
    let hangs = Engine::new(|_| (200, vec![Piece::Hang])).await;
    let cuts = Engine::new(|_| (200, vec![Piece::Cut])).await;
    let refuses = Engine::new(|_| (500, vec![Piece::Bytes(b"{\"message\":\"no space left\"}".to_vec())])).await;
    for (engine, key) in
        [(hangs, "probe-docker-too-late"), (cuts, "host-docker-broken"), (refuses, "host-docker-refused")]
    {
        let failed = engine.look_at_container(Duration::from_millis(300)).await.unwrap_err();
        assert_eq!((failed.reason.key.as_ref(), failed.what.as_str()), (key, "listing"));
    }
}

#[tokio::test]
async fn where_the_counters_lie_elsewhere_the_engine_is_asked() {
    let stats = |precpu: Json| {
        json!({
            "cpu_stats": { "cpu_usage": { "total_usage": 300 }, "system_cpu_usage": 2000, "online_cpus": 2 },
            "precpu_stats": precpu,
        })
    };
    let watch = Watch { started: tokio::time::Instant::now(), limit: SOON };
    let two = stats(json!({ "cpu_usage": { "total_usage": 100 }, "system_cpu_usage": 1000 }));
    let one = stats(json!({ "cpu_usage": { "total_usage": 0 } }));
    for (answer, expected) in [(two, Some(20.0)), (one, None)] {
        let engine = Engine::new(move |_| body(&answer)).await;
        let share = cpu::by_engine(&engine.docker, "0123", &watch).await;
        assert_eq!(share.ok(), expected);
    }
}
