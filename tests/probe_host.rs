//! The probes that run commands on a host, by SSH and on the bot's own machine.

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

use std::time::Duration;

use chrono::Utc;
use signoff::config::{HttpConfig, Transport};
use signoff::domain::evidence::{Evidence, Looked, Status, Value};
use signoff::domain::mask::Masker;
use signoff::domain::probe::{Cpu, Disk, Probe, Shell};
use signoff::domain::quantity::Dimension;
use signoff::host::Host;
use signoff::probe::{HttpProber, World, look};
use signoff::store::Store;
use sshd::Sshd;

/// The bot's own machine, and the same by SSH where there is a server to be had.
struct Worlds {
    all: Vec<World>,
    _sshd: Option<Sshd>,
}

impl Worlds {
    async fn new() -> Self {
        let sshd = Sshd::start(&[]);
        let mut hosts = vec![sshd::host(Transport::Local)];
        hosts.extend(sshd.as_ref().map(Sshd::host));
        Self { all: futures::future::join_all(hosts.into_iter().map(world)).await, _sshd: sshd }
    }
}

async fn world(host: Host) -> World {
    let http = HttpProber::new(&HttpConfig::default()).unwrap();
    World {
        host,
        http,
        aws: None,
        store: Store::forgetful().await.unwrap(),
        masker: Masker::new(["hunter2"]),
        now: Utc::now(),
        zone: chrono_tz::Asia::Seoul,
        every: Duration::from_secs(60),
    }
}

async fn ask(probe: Probe, world: &World) -> Looked {
    look(&probe, world, Duration::from_secs(10)).await
}

fn number(evidence: &Evidence, measure: &str) -> f64 {
    match evidence.of(measure).next().map(|measurement| &measurement.value) {
        Some(Value::Quantity(quantity)) => quantity.value,
        other => panic!("{measure} is {other:?}: {evidence:?}"),
    }
}

#[tokio::test]
async fn a_command_is_run_and_its_secrets_are_masked() {
    let shell = Shell { command: "echo 3 of hunter2; exit 4".to_owned(), number: Dimension::Count };
    for world in &Worlds::new().await.all {
        let evidence = ask(Probe::Shell(shell.clone()), world).await.unwrap();
        assert_eq!(evidence.status, Some(Status::Exit(4)));
        assert_eq!((number(&evidence, "exit"), number(&evidence, "number")), (4.0, 3.0));
        assert_eq!((evidence.output.as_str(), evidence.what.as_str()), ("3 of •••", "echo 3 of •••; exit 4"));
    }
}

#[tokio::test]
async fn a_command_that_hangs_was_not_looked_at() {
    let shell = Probe::Shell(Shell { command: "sleep 60".to_owned(), number: Dimension::Count });
    for world in &Worlds::new().await.all {
        let failed = look(&shell, world, Duration::from_millis(600)).await.unwrap_err();
        assert!(failed.elapsed < Duration::from_secs(5), "{failed:?}");
    }
}

#[tokio::test]
async fn memory_is_that_of_the_kernel() {
    for world in &Worlds::new().await.all {
        let evidence = ask(Probe::Memory, world).await.unwrap();
        let meminfo = std::fs::read_to_string("/proc/meminfo").unwrap();
        let total: f64 = meminfo.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() * 1024.0;
        assert!((0.1..100.0).contains(&number(&evidence, "used")), "{evidence:?}");
        assert!((1.0..total).contains(&number(&evidence, "available")), "{evidence:?}");
        assert!(evidence.output.lines().count() >= 6, "{}", evidence.output);
    }
}

#[tokio::test]
async fn a_disk_is_measured_beside_what_is_none() {
    let folder = env!("CARGO_MANIFEST_DIR").to_owned();
    let paths = [folder.clone(), "/proc".to_owned(), "/it is not there".to_owned(), folder];
    let disk = Probe::Disk(Disk { paths: paths.to_vec(), folders: Vec::new() });
    for world in &Worlds::new().await.all {
        let evidence = match ask(disk.clone(), world).await {
            Ok(evidence) => evidence,
            // In some containers even this is an overlay.
            Err(failed) => {
                assert_eq!(failed.reason.key, "probe-disk-unreadable", "{failed:?}");
                continue;
            }
        };
        assert_eq!(evidence.of("used").count(), 1);
        assert!((0.0..=100.0).contains(&number(&evidence, "used")), "{evidence:?}");
        let notes: Vec<_> = evidence.notes.iter().map(|note| note.key.as_ref()).collect();
        assert_eq!(notes, ["probe-disk-left-out", "probe-disk-unreadable"], "{evidence:?}");
    }
}

#[tokio::test]
async fn processors_are_measured_without_an_engine() {
    let cpu = Probe::Cpu(Cpu { over: Duration::from_millis(250) });
    for world in &Worlds::new().await.all {
        let evidence = ask(cpu.clone(), world).await.unwrap();
        assert!((0.0..=100.0).contains(&number(&evidence, "host")), "{evidence:?}");
        assert!(evidence.elapsed >= Duration::from_millis(250), "{evidence:?}");
        let cores = std::thread::available_parallelism().unwrap();
        assert!(evidence.output.starts_with(&format!("cores {cores}, load ")), "{}", evidence.output);
        assert!(evidence.unread.iter().any(|(measure, _)| measure == "container"), "{evidence:?}");
    }
}
