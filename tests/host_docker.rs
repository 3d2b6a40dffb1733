//! Docker's API over a connection to a host: an engine that only pretends to be one, behind a real UNIX socket.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test fails by panicking, its helpers as well"
)]

#[path = "support/sshd.rs"]
mod sshd;

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use bollard::query_parameters::{ListContainersOptions, LogsOptionsBuilder};
use futures::StreamExt;
use signoff::config::{HostConfig, SshConfig, Transport};
use signoff::host::{Host, HostError, docker_error};
use sshd::Sshd;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};

/// An engine that knows a version, no containers, and logs without end.
struct Engine {
    folder: tempfile::TempDir,
    asked: Arc<Mutex<Vec<String>>>,
    task: tokio::task::JoinHandle<()>,
}

impl Engine {
    fn start(version: &'static str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let listener = UnixListener::bind(folder.path().join("docker.sock")).expect("a socket");
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let noted = Arc::clone(&asked);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, version, Arc::clone(&noted)));
            }
        });
        Self { folder, asked, task }
    }

    fn socket(&self) -> PathBuf {
        self.folder.path().join("docker.sock")
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("no panic").clone()
    }
}

async fn serve(stream: UnixStream, version: &str, asked: Arc<Mutex<Vec<String>>>) {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    while let Ok(Some(request)) = lines.next_line().await {
        while lines.next_line().await.is_ok_and(|line| line.is_some_and(|line| !line.is_empty())) {}
        let path = request.split(' ').nth(1).unwrap_or_default().to_owned();
        asked.lock().expect("no panic").push(path.clone());
        let sent = if path.contains("/logs") {
            endless_logs(&mut write).await
        } else {
            let (status, body) = match path.split_once("/version") {
                Some(_) => ("200 OK", format!(r#"{{"Version": "20.10.24", "ApiVersion": "{version}"}}"#)),
                None if path.contains("/containers/json") => ("200 OK", "[]".to_owned()),
                None => ("404 Not Found", r#"{"message": "No such container: x"}"#.to_owned()),
            };
            let head = format!("HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}", body.len());
            write.write_all(format!("{head}\r\n\r\n{body}").as_bytes()).await
        };
        if sent.is_err() {
            return;
        }
    }
}

async fn endless_logs(write: &mut (impl AsyncWriteExt + Unpin)) -> std::io::Result<()> {
    write.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n").await?;
    let line = format!("{}\n", "x".repeat(8191));
    let mut frame = vec![1, 0, 0, 0, 0, 0, 0x20, 0];
    frame.extend(line.as_bytes());
    loop {
        write.write_all(format!("{:x}\r\n", frame.len()).as_bytes()).await?;
        write.write_all(&frame).await?;
        write.write_all(b"\r\n").await?;
    }
}

fn at(socket: &Path, transport: Transport) -> Host {
    Host::new(HostConfig { docker_socket: socket.display().to_string(), ..sshd::config(transport) })
}

/// Both kinds of host; by SSH, where there is a server to be had.
fn hosts(socket: &Path, sshd: Option<&Sshd>) -> Vec<Host> {
    let transports = sshd.map(|sshd| Transport::Ssh(sshd.ssh())).into_iter().chain([Transport::Local]);
    transports.map(|transport| at(socket, transport)).collect()
}

#[tokio::test]
async fn every_request_names_the_version_that_both_know() {
    let sshd = Sshd::start(&[]);
    for (knows, spoken) in [("1.41", "1.41"), ("9.99", "1.53"), ("1.9", "1.9")] {
        let engine = Engine::start(knows);
        for host in hosts(&engine.socket(), sshd.as_ref()) {
            engine.asked.lock().expect("no panic").clear();
            let clients = futures::future::join_all((0..5).map(|_| host.docker())).await;
            for client in clients {
                let client = client.expect("a client");
                assert!(client.list_containers(None::<ListContainersOptions>).await.expect("a list").is_empty());
            }
            let mut expected = vec!["/version".to_owned()];
            expected.extend((0..5).map(|_| format!("/v{spoken}/containers/json")));
            let asked: Vec<String> =
                engine.asked().iter().map(|path| path.split('?').next().unwrap_or_default().to_owned()).collect();
            assert_eq!(asked, expected);
        }
        engine.task.abort();
    }
}

#[tokio::test]
async fn what_the_engine_refuses_is_told() {
    let sshd = Sshd::start(&[]);
    let engine = Engine::start("1.41");
    for host in hosts(&engine.socket(), sshd.as_ref()) {
        let client = host.docker().await.expect("a client");
        let error = docker_error(client.inspect_container("x", None).await.expect_err("no such container"));
        assert_eq!(error, HostError::DockerRefused { status: 404, says: "No such container: x".into() });
    }
}

#[tokio::test]
async fn a_socket_that_is_not_there_or_not_listening_is_told_apart() {
    let sshd = Sshd::start(&[]);
    let folder = tempfile::tempdir().expect("a folder");
    let missing = folder.path().join("missing.sock");
    let silent = folder.path().join("it's silent.sock");
    drop(UnixListener::bind(&silent).expect("a socket"));
    for host in hosts(&missing, sshd.as_ref()) {
        let error = host.docker().await.expect_err("no socket");
        assert_eq!(error, HostError::DockerMissing { socket: missing.display().to_string() });
    }
    for host in hosts(&silent, sshd.as_ref()) {
        let error = host.docker().await.expect_err("nobody listens");
        assert_eq!(error, HostError::DockerDown { socket: silent.display().to_string() });
    }
}

#[tokio::test]
async fn a_server_that_forwards_to_no_socket_is_told_of() {
    let Some(sshd) = Sshd::start(&["AllowStreamLocalForwarding no"]) else { return };
    let engine = Engine::start("1.41");
    let error = at(&engine.socket(), Transport::Ssh(sshd.ssh())).docker().await.expect_err("no forwarding");
    assert_eq!(error, HostError::DockerNotForwarded { socket: engine.socket().display().to_string() });
}

#[tokio::test]
async fn a_socket_that_is_forbidden_is_told_of() {
    if sshd::user() == "root" {
        println!("nothing is forbidden to root: what a forbidden socket looks like is tested elsewhere");
        return;
    }
    let sshd = Sshd::start(&[]);
    let engine = Engine::start("1.41");
    std::fs::set_permissions(engine.socket(), std::fs::Permissions::from_mode(0o000)).expect("a socket");
    for host in hosts(&engine.socket(), sshd.as_ref()) {
        let error = host.docker().await.expect_err("forbidden");
        assert!(matches!(&error, HostError::DockerForbidden { user, .. } if *user == sshd::user()), "{error}");
    }
}

#[tokio::test]
async fn an_engine_that_comes_back_is_found_again() {
    let sshd = Sshd::start(&[]);
    let folder = tempfile::tempdir().expect("a folder");
    let socket = folder.path().join("docker.sock");
    for host in hosts(&socket, sshd.as_ref()) {
        assert!(matches!(host.docker().await, Err(HostError::DockerMissing { .. })));
        let engine = Engine::start("1.41");
        std::os::unix::fs::symlink(engine.socket(), &socket).expect("a link");
        tokio::time::sleep(Duration::from_millis(400)).await;
        let client = host.docker().await.expect("a client");
        // The client of an engine that went away again tells so.
        std::fs::remove_file(&socket).expect("a link");
        engine.task.abort();
        tokio::time::sleep(Duration::from_millis(100)).await;
        let gone = client.list_containers(None::<ListContainersOptions>).await;
        if let Err(error) = gone {
            assert!(matches!(docker_error(error), HostError::DockerMissing { .. } | HostError::DockerBroken { .. }));
        }
    }
}

#[tokio::test]
async fn a_client_whose_connection_died_says_so_and_a_new_one_is_made() {
    let Some(sshd) = Sshd::start(&[]) else { return };
    let engine = Engine::start("1.41");
    let host = at(&engine.socket(), Transport::Ssh(sshd.ssh()));
    let client = host.docker().await.expect("a client");
    sshd.cut();
    let error = docker_error(client.list_containers(None::<ListContainersOptions>).await.expect_err("no connection"));
    assert!(matches!(error, HostError::Lost { .. } | HostError::DockerBroken { .. }), "{error}");
    let error = docker_error(client.list_containers(None::<ListContainersOptions>).await.expect_err("no connection"));
    assert!(matches!(error, HostError::Lost { .. }), "{error}");
    let renewed = host.docker().await.expect("a client");
    assert!(renewed.list_containers(None::<ListContainersOptions>).await.expect("a list").is_empty());
    // When nobody needs it any more, the connection ends.
    drop((host, client, renewed));
    let started = Instant::now();
    while !sshd.connections().is_empty() {
        assert!(started.elapsed() < Duration::from_secs(10), "the connection stays");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_log_that_nobody_reads_freezes_nothing() {
    let Some(sshd) = Sshd::start(&[]) else { return };
    let engine = Engine::start("1.41");
    let host = at(&engine.socket(), Transport::Ssh(SshConfig { max_channels: 2, ..sshd.ssh() }));
    let client = host.docker().await.expect("a client");
    let options = LogsOptionsBuilder::new().stdout(true).follow(true).build();
    // One that is read, one that is dropped, one that is forgotten.
    let mut read = client.logs("x", Some(options.clone())).take(1000);
    let mut lines = 0;
    while let Some(line) = read.next().await {
        assert_eq!(line.expect("a line").into_bytes().len(), 8192);
        lines += 1;
    }
    assert_eq!(lines, 1000);
    drop(read);
    let mut forgotten = client.logs("x", Some(options));
    assert!(forgotten.next().await.is_some());
    let started = Instant::now();
    for _ in 0..20 {
        let output = host.look("echo here", Duration::from_secs(10)).await.expect("an answer");
        assert_eq!(output.stdout.text, "here\n");
        assert!(client.list_containers(None::<ListContainersOptions>).await.expect("a list").is_empty());
    }
    assert!(started.elapsed() < Duration::from_secs(8), "{:?}", started.elapsed());
    // What had come in is still there; then it ends, and does not seem to end well.
    let mut last = None;
    while let Some(line) = forgotten.next().await {
        last = Some(line.is_err());
    }
    assert_eq!(last, Some(true));
}
