//! The bot's own machine as a host.

use std::os::unix::process::ExitStatusExt;
use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::{Child, Command};

use super::capture::Capture;
use super::{Captured, HostError, Output, shell};
use crate::domain::evidence::Status;

/// What of the bot's own environment a command gets to see. Not all of it: the bot's secrets may be there.
const HANDED_ON: &[&str] = &["HOME", "LOGNAME", "PATH", "SHELL", "TMPDIR", "TZ", "USER"];

/// Runs `command` by `sh`. When the future is dropped, the command ends, with all its children.
///
/// # Errors
/// [`HostError::NotRun`] when it cannot be started, [`HostError::TimedOut`] when it does not end in time.
pub(super) async fn run(command: &str, deadline: Duration) -> Result<Output, HostError> {
    let not_run = |error: std::io::Error| HostError::NotRun { cause: error.to_string() };
    let started = Instant::now();
    let mut child = Command::new("timeout")
        .args(shell::arguments(command, deadline))
        .env_clear()
        .envs(HANDED_ON.iter().filter_map(|name| Some((name, std::env::var_os(name)?))))
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .kill_on_drop(true)
        .spawn()
        .map_err(not_run)?;
    let mut group = Group::of(&child);
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    // The end of the outputs comes before the end of the child is asked for: until then its number is its own, and the
    // group can be killed without hitting a stranger.
    let reading = async {
        let (stdout, stderr) = tokio::join!(read(stdout), read(stderr));
        let status = child.wait().await;
        group.forget();
        (stdout, stderr, status)
    };
    let Ok((stdout, stderr, status)) = tokio::time::timeout(deadline + shell::GRACE, reading).await else {
        return Err(HostError::TimedOut(deadline));
    };
    let status = status.map_err(not_run).map(status_of)?;
    let elapsed = started.elapsed();
    if shell::timed_out(status.as_ref(), elapsed, deadline) {
        return Err(HostError::TimedOut(deadline));
    }
    Ok(Output { status, stdout, stderr, elapsed })
}

async fn read(output: Option<impl AsyncRead + Unpin>) -> Captured {
    let mut capture = Capture::new();
    if let Some(mut output) = output {
        let mut buffer = vec![0; 16 * 1024];
        while let Ok(count @ 1..) = output.read(&mut buffer).await {
            capture.push(buffer.get(..count).unwrap_or_default());
        }
    }
    capture.finish()
}

fn status_of(status: ExitStatus) -> Option<Status> {
    let exit = status.code().and_then(|code| u32::try_from(code).ok()).map(Status::Exit);
    exit.or_else(|| status.signal().map(|signal| Status::Signal(signal_name(signal))))
}

/// The name as SSH gives it, without `SIG`.
fn signal_name(number: i32) -> String {
    const NAMES: &[(Signal, &str)] = &[
        (Signal::ABORT, "ABRT"),
        (Signal::ALARM, "ALRM"),
        (Signal::FPE, "FPE"),
        (Signal::HUP, "HUP"),
        (Signal::ILL, "ILL"),
        (Signal::INT, "INT"),
        (Signal::KILL, "KILL"),
        (Signal::PIPE, "PIPE"),
        (Signal::QUIT, "QUIT"),
        (Signal::SEGV, "SEGV"),
        (Signal::TERM, "TERM"),
        (Signal::USR1, "USR1"),
        (Signal::USR2, "USR2"),
    ];
    let named = NAMES.iter().find(|(signal, _)| signal.as_raw() == number);
    named.map_or_else(|| number.to_string(), |(_, name)| (*name).to_owned())
}

/// A group of processes that is killed when this is dropped.
struct Group(Option<Pid>);

impl Group {
    /// The group that `child` leads.
    fn of(child: &Child) -> Self {
        Self(child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw))
    }

    /// It has ended; its number may be another's.
    fn forget(&mut self) {
        self.0 = None;
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(leader) = self.0 {
            // Nothing is lost when it has just ended by itself.
            let _ = kill_process_group(leader, Signal::KILL);
        }
    }
}
