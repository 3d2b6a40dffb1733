//! One command on a channel of its own.
//!
//! A task of its own drives the channel from its opening to its end: the session of russh stands still while any one
//! channel is not read, so reading must wait for nothing, and a caller that goes away must not leave a channel behind.

use std::future::pending;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use russh::client::Msg;
use russh::{Channel, ChannelMsg, ChannelOpenFailure, ChannelWriteHalf, Sig};
use tokio::sync::{OwnedSemaphorePermit, oneshot};
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tracing::{Instrument, debug, warn};

use super::Connection;
use crate::domain::evidence::Status;
use crate::domain::log_line::plain;
use crate::domain::mask::Masker;
use crate::host::capture::Capture;
use crate::host::error::Why;
use crate::host::shell::{self, GRACE, KILL_AFTER};
use crate::host::{HostError, Output};

/// The first pause before a refused channel is asked for again, and the longest.
const BACKOFF: (Duration, Duration) = (Duration::from_millis(5), Duration::from_millis(200));

/// How long a host that gave no sign of life at all may take to answer a ping before the connection counts as dead.
const PING: Duration = Duration::from_secs(1);

/// How many characters of what stands in a command's way are told.
const SAID: usize = 200;

/// How long a command that was told to end may take before its channel is closed without it.
const STOPPING: Duration = KILL_AFTER.saturating_add(Duration::from_secs(2));

type Answer = oneshot::Sender<Result<Output, HostError>>;

/// Runs `command`, once. When the future is dropped, the command is ended on the host.
///
/// # Errors
/// [`HostError`]; [`HostError::Lost`] when the connection is dead.
pub(in crate::host) async fn run(
    connection: &Arc<Connection>,
    command: &str,
    deadline: Duration,
) -> Result<Output, HostError> {
    let slot = Arc::clone(&connection.slots).acquire_owned().await.map_err(|error| connection.lost_by(error))?;
    let (answer, answered) = oneshot::channel();
    let line = shell::line(command, deadline);
    tokio::spawn(drive(Arc::clone(connection), slot, line, deadline, answer).in_current_span());
    answered.await.map_err(|error| connection.lost_by(error))?
}

/// Opens a channel, runs `line` on it, answers, and holds the slot until the host has let go of the channel: a slot that
/// was free earlier would be refused.
async fn drive(
    connection: Arc<Connection>,
    _slot: OwnedSemaphorePermit,
    line: String,
    deadline: Duration,
    answer: Answer,
) {
    let channel = match open(&connection, deadline, &answer).await {
        Ok(channel) => channel,
        Err(error) => {
            let _ = answer.send(Err(error));
            return;
        }
    };
    let (mut read, write) = channel.split();
    let mut heard = Heard::new();
    let mut answer = Some(answer);
    let mut told_to_end = false;
    // The host's own start may take its time; the command's begins with its output.
    let mut patience = heard.asked + deadline + GRACE;
    let mut asking = pin!(ask(&write, line));
    loop {
        if answer.is_none()
            && !told_to_end
            && let Some(process) = heard.running()
        {
            told_to_end = true;
            tokio::spawn(end(Arc::clone(&connection), process).in_current_span());
        }
        tokio::select! {
            message = read.wait() => match message {
                Some(ChannelMsg::Failure) => {
                    heard.refused = true;
                    break;
                }
                Some(message) => if heard.take(message) && answer.is_some() {
                    patience = Instant::now() + deadline + GRACE;
                },
                None => break,
            },
            () = &mut asking => {}
            () = gone(&mut answer) => {
                answer = None;
                patience = Instant::now() + STOPPING;
            }
            () = sleep_until(patience) => {
                let Some(answer) = answer.take() else { break };
                debug!("the command does not end");
                tokio::spawn(give_up(Arc::clone(&connection), heard.anything, deadline, answer).in_current_span());
                patience = Instant::now() + STOPPING;
            }
        }
    }
    let closed = heard.closed;
    if let Some(answer) = answer {
        let _ = answer.send(heard.result(&connection, deadline));
    }
    if !closed {
        // Nobody reads any more, so russh must not wait for it.
        drop(read);
        let _ = write.close().await;
    }
}

/// Opens a session channel; where the host has none left, asks again and again until the command would have had its
/// time. An answer of the host is always waited for, or the channel it opens would be nobody's.
async fn open(connection: &Connection, deadline: Duration, answer: &Answer) -> Result<Channel<Msg>, HostError> {
    let started = Instant::now();
    let mut pause = BACKOFF.0;
    loop {
        let opening = timeout(deadline + GRACE, connection.handle.channel_open_session());
        match opening.await.map_err(|_| connection.lost(Why::NoChannel))? {
            Ok(channel) => return Ok(channel),
            // The one refusal that passes: `MaxSessions`. OpenSSH gives this reason for it.
            Err(russh::Error::ChannelOpenFailure(
                ChannelOpenFailure::ConnectFailed | ChannelOpenFailure::ResourceShortage,
            )) => {
                if answer.is_closed() || started.elapsed() >= deadline {
                    return Err(HostError::SessionsTaken { at: connection.at.to_string(), after: started.elapsed() });
                }
                debug!(?pause, "no session free on the host");
                sleep(pause).await;
                pause = (pause * 2).min(BACKOFF.1);
            }
            Err(russh::Error::ChannelOpenFailure(reason)) => {
                let cause = Why::Said(format!("{reason:?}"));
                return Err(HostError::SessionRefused { at: connection.at.to_string(), cause });
            }
            Err(error) => return Err(connection.lost_by(error)),
        }
    }
}

/// Asks for the command, and says that it will be told nothing more. Never comes to an end: what became of it is for the
/// reading to find. Apart from the reading, which must not wait for what is sent.
async fn ask(write: &ChannelWriteHalf<Msg>, line: String) {
    if write.exec(true, line).await.is_ok() {
        let _ = write.eof().await;
    }
    pending::<()>().await;
}

/// Ends the `timeout` that is `process` on the host, which ends all that it started. Neither the end of a channel nor of a
/// connection does that, and a channel's own way to send signals is not open to every user.
async fn end(connection: Arc<Connection>, process: u32) {
    let opened = timeout(STOPPING, connection.handle.channel_open_session()).await;
    let Ok(Ok(mut channel)) = opened else {
        debug!(process, "no channel to end a command by; it ends by its own time");
        return;
    };
    let ending = async {
        let _ = channel.exec(false, format!("kill -TERM {process}")).await;
        while channel.wait().await.is_some() {}
    };
    if timeout(STOPPING, ending).await.is_err() {
        let _ = channel.close().await;
    }
    debug!(process, "told a command to end that nobody waits for");
}

/// When the one who waits for the answer has gone away.
async fn gone(answer: &mut Option<Answer>) {
    match answer {
        Some(answer) => answer.closed().await,
        None => pending().await,
    }
}

/// Answers that there was no end in time; or, when nothing was heard of the host at all and it answers no ping either,
/// that it is gone.
async fn give_up(connection: Arc<Connection>, heard_anything: bool, deadline: Duration, answer: Answer) {
    let alive = heard_anything || matches!(timeout(PING, connection.handle.send_ping()).await, Ok(Ok(())));
    let error = if alive && !connection.is_gone() {
        HostError::TimedOut(deadline)
    } else {
        warn!("the host is silent");
        connection.lost(Why::Silent)
    };
    let _ = answer.send(Err(error));
}

/// What came of a command. Messages come in no fixed order: the status before, between or after the last output.
struct Heard {
    asked: Instant,
    /// When the command's output began.
    began: Option<Instant>,
    /// The `timeout` that it runs under.
    process: Option<u32>,
    stdout: Capture,
    stderr: Capture,
    status: Option<Status>,
    anything: bool,
    refused: bool,
    closed: bool,
}

impl Heard {
    fn new() -> Self {
        Self {
            asked: Instant::now(),
            began: None,
            process: None,
            stdout: Capture::after_marker(),
            stderr: Capture::after_marker(),
            status: None,
            anything: false,
            refused: false,
            closed: false,
        }
    }

    /// Takes a message, and tells whether the command began with it.
    fn take(&mut self, message: ChannelMsg) -> bool {
        self.anything = true;
        match message {
            ChannelMsg::Data { data } => {
                if let Some(process) = self.stdout.push(&data) {
                    self.process = process.parse().ok();
                    self.began = Some(Instant::now());
                    return true;
                }
            }
            ChannelMsg::ExtendedData { data, .. } => {
                self.stderr.push(&data);
            }
            ChannelMsg::ExitStatus { exit_status } => self.status = Some(Status::Exit(exit_status)),
            ChannelMsg::ExitSignal { signal_name, .. } => self.status = Some(Status::Signal(name(&signal_name))),
            ChannelMsg::Close => self.closed = true,
            _ => {}
        }
        false
    }

    /// The process to end, while it is there: after its end its number may be another's.
    fn running(&self) -> Option<u32> {
        self.process.filter(|_| self.status.is_none() && !self.closed)
    }

    fn result(self, connection: &Connection, deadline: Duration) -> Result<Output, HostError> {
        if self.refused {
            return Err(HostError::SessionRefused { at: connection.at.to_string(), cause: Why::Refused });
        }
        if !self.closed {
            return Err(connection.lost(Why::Ended));
        }
        if shell::timed_out(self.status.as_ref(), self.asked.elapsed(), deadline) {
            return Err(HostError::TimedOut(deadline));
        }
        let Some(began) = self.began else { return Err(self.not_begun(connection)) };
        Ok(Output {
            status: self.status,
            stdout: self.stdout.finish(),
            stderr: self.stderr.finish(),
            elapsed: began.elapsed(),
        })
    }

    /// Its marker never came: whatever was printed is not the command's, nor is the status. A login shell that ends at once
    /// does so with 0.
    fn not_begun(self, connection: &Connection) -> HostError {
        // Without an end of the shell's own it may have begun, and its first words got lost.
        if self.status.is_none() {
            return connection.lost(Why::Ended);
        }
        let (stdout, stderr) = (self.stdout.finish().text, self.stderr.finish().text);
        let said = [stderr, stdout].into_iter().find(|text| !text.trim().is_empty());
        let cause = said.map_or(Why::ShellEnded, |text| Why::Said(first_words(&text)));
        HostError::SessionRefused { at: connection.at.to_string(), cause }
    }
}

/// The beginning of what a login shell said, on one line.
fn first_words(text: &str) -> String {
    let words = plain(text).split_whitespace().collect::<Vec<_>>().join(" ");
    // A start-up file that is wrong is quoted, and may set a password.
    Masker::default().mask(&words).chars().take(SAID).collect()
}

/// A signal's name without `SIG`, and without what OpenSSH appends to the ones the protocol does not know.
fn name(signal: &Sig) -> String {
    match signal {
        Sig::Custom(name) => name.trim_end_matches("@openssh.com").trim_start_matches("SIG").to_owned(),
        known => format!("{known:?}"),
    }
}
