//! What a look gives, the same by SSH and on the bot's own machine.

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

use std::path::Path;
use std::time::{Duration, Instant};

use signoff::config::Transport;
use signoff::domain::evidence::Status;
use signoff::host::{Host, HostError, OUTPUT_LIMIT};
use sshd::Sshd;

const SOON: Duration = Duration::from_secs(10);

/// Both kinds of host; by SSH, where there is a server to be had.
struct Hosts {
    all: Vec<Host>,
    _sshd: Option<Sshd>,
}

impl Hosts {
    fn new() -> Self {
        let sshd = Sshd::start(&[]);
        let mut all = vec![sshd::host(Transport::Local)];
        all.extend(sshd.as_ref().map(Sshd::host));
        Self { all, _sshd: sshd }
    }
}

fn exists(process: &str) -> bool {
    // A zombie has ended.
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", process.trim())).unwrap_or_default();
    !stat.is_empty() && !stat.contains(") Z ")
}

async fn wait_for(what: &str, mut condition: impl FnMut() -> bool) {
    let started = Instant::now();
    while !condition() {
        assert!(started.elapsed() < SOON, "waited in vain: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn output_and_status_are_those_of_the_command() {
    for host in &Hosts::new().all {
        for (command, status, stdout, stderr) in [
            ("echo out; echo err >&2", Status::Exit(0), "out\n", "err\n"),
            ("exit 3", Status::Exit(3), "", ""),
            ("exit 124", Status::Exit(124), "", ""),
            ("no-such-program 2>/dev/null", Status::Exit(127), "", ""),
            ("kill -KILL $$", Status::Signal("KILL".into()), "", ""),
            ("kill -TERM $$", Status::Signal("TERM".into()), "", ""),
            // Whatever is in a command is the command's own.
            ("echo \"it's\" 'a $HOME' `echo b`\necho \"$((1 + 1))\"", Status::Exit(0), "it's a $HOME b\n2\n", ""),
            ("printf '%s' '한글 🦀 \\ \" !'", Status::Exit(0), "한글 🦀 \\ \" !", ""),
            ("# only a comment", Status::Exit(0), "", ""),
            ("cat <<'END'\na 'b' $c\nEND", Status::Exit(0), "a 'b' $c\n", ""),
            // Nobody types anything: a command that reads finds the end at once.
            ("cat; echo done", Status::Exit(0), "done\n", ""),
            ("echo $LC_ALL", Status::Exit(0), "C\n", ""),
            // The environment of the bot, where its secrets may be, is not the command's.
            ("env | grep -c CARGO; test -n \"$PATH\"", Status::Exit(0), "0\n", ""),
            (r"printf '\000\377\376'", Status::Exit(0), "\0\u{fffd}\u{fffd}", ""),
        ] {
            let output = host.look(command, SOON).await.expect(command);
            assert_eq!(output.status, Some(status), "{command}: {output:?}");
            assert_eq!((&*output.stdout.text, &*output.stderr.text), (stdout, stderr), "{command}");
            assert_eq!((output.stdout.dropped, output.stderr.dropped), (0, 0), "{command}");
        }
        let wrong = host.look("if", SOON).await.expect("an answer");
        assert_eq!(wrong.status, Some(Status::Exit(2)));
        assert!(wrong.stderr.text.contains("yntax error"), "{}", wrong.stderr.text);
    }
}

#[tokio::test]
async fn output_without_bound_costs_neither_memory_nor_the_others() {
    for host in &Hosts::new().all {
        let flood = host.look("head -c 10000000 /dev/zero | tr '\\0' x; head -c 3000000 /dev/zero >&2", SOON);
        let others = async {
            for _ in 0..20 {
                let output = host.look("echo still here", SOON).await.expect("an answer");
                assert_eq!(output.stdout.text, "still here\n");
            }
        };
        let (flood, ()) = tokio::join!(flood, others);
        let flood = flood.expect("an answer");
        assert_eq!(flood.stdout.text.len(), OUTPUT_LIMIT);
        assert_eq!(flood.stdout.dropped, 10_000_000 - OUTPUT_LIMIT as u64);
        assert_eq!(flood.stderr.dropped, 3_000_000 - OUTPUT_LIMIT as u64);
        assert_eq!(flood.status, Some(Status::Exit(0)));
    }
}

#[tokio::test]
async fn a_command_that_does_not_end_is_ended_on_the_host() {
    let deadline = Duration::from_millis(300);
    for host in &Hosts::new().all {
        for stubborn in ["", "trap '' TERM; "] {
            let folder = tempfile::tempdir().expect("a folder");
            let noted = folder.path().join("process");
            let command = format!("{stubborn}echo $$ > {}; sleep 60 & wait; sleep 60", noted.display());
            let started = Instant::now();
            let error = host.look(&command, deadline).await.expect_err("no end");
            assert_eq!(error, HostError::TimedOut(deadline));
            assert!(started.elapsed() < Duration::from_secs(3), "{:?}", started.elapsed());
            gone(&noted).await;
        }
    }
}

#[tokio::test]
async fn a_command_that_nobody_waits_for_any_more_is_ended_on_the_host() {
    for host in &Hosts::new().all {
        host.look("true", SOON).await.expect("an answer");
        let folder = tempfile::tempdir().expect("a folder");
        let noted = folder.path().join("process");
        let command = format!("echo $$ > {}; sleep 60", noted.display());
        let look = tokio::spawn({
            let host = host.clone();
            async move { host.look(&command, SOON * 6).await }
        });
        wait_for("the command runs", || std::fs::read_to_string(&noted).is_ok_and(|text| text.ends_with('\n'))).await;
        look.abort();
        let started = Instant::now();
        gone(&noted).await;
        assert!(started.elapsed() < Duration::from_secs(3), "{:?}", started.elapsed());
    }
}

/// Waits until the process whose number stands in `noted` has ended.
async fn gone(noted: &Path) {
    let process = std::fs::read_to_string(noted).expect("the number of a process");
    wait_for("the process ends", || !exists(&process)).await;
}

#[tokio::test]
async fn a_command_that_leaves_a_child_with_its_output_open_does_not_end() {
    let deadline = Duration::from_millis(300);
    for host in &Hosts::new().all {
        let error = host.look("sleep 5 & echo left", deadline).await.expect_err("no end");
        assert_eq!(error, HostError::TimedOut(deadline));
        let output = host.look("sleep 5 > /dev/null 2>&1 & echo left", SOON).await.expect("an answer");
        assert_eq!(output.stdout.text, "left\n");
    }
}
