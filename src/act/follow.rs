//! One job on the host, from its beginning to its end, however often the connection is lost meanwhile.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::facts::{self, Line};
use super::{Stage, Unfit};
use crate::domain::approval::Approved;
use crate::domain::log_line::plain;
use crate::domain::message::{Explain, Message};
use crate::domain::quantity::Quantity;
use crate::host::HostError;
use crate::host::job::{Job, JobId, JobState};
use crate::text;

/// For how long a host may be out of reach before nobody waits for it any more.
const OUTAGE: Duration = Duration::from_secs(600);

/// How long after its own limit a job that still runs is followed.
const GRACE: Duration = Duration::from_secs(60);

/// The pauses between attempts to reach a host that is gone: the first, and the longest.
const PAUSES: (Duration, Duration) = (Duration::from_millis(500), Duration::from_secs(5));

/// How much of the output is kept, in bytes: its end.
const KEPT: usize = 16 * 1024;

/// How much of the output is shown, in characters.
pub(super) const SHOWN: usize = 1400;

/// The most facts that are kept of one act: a clean-up may delete hundreds of files.
const MOST_FACTS: usize = 40;

/// How a job ended.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum End {
    /// It did all that it should.
    Done,
    /// It gave up, for this reason.
    Failed(Unfit),
    /// Its machine was started anew under it.
    Rebooted,
    /// It may have done some of what it should: somebody must look.
    Unknown(Unfit),
}

/// What came of the jobs of an act so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Heard {
    /// What people are told, in order.
    pub(super) facts: Vec<Message>,
    reason: Option<Message>,
    printed: String,
    line: String,
}

impl Heard {
    /// Takes a piece of output.
    fn push(&mut self, piece: &str, stage: &Stage) {
        for part in piece.split_inclusive('\n') {
            self.line.push_str(part);
            if part.ends_with('\n') {
                self.end_line(stage);
            }
            // A line without an end is cut: nobody reads so far.
            if self.line.len() > KEPT {
                self.end_line(stage);
            }
        }
    }

    fn end_line(&mut self, stage: &Stage) {
        let line = std::mem::take(&mut self.line);
        let line = line.trim_end();
        let shown = match facts::line(line) {
            Line::Fact(fact) => {
                let said = text::say_in(stage.zone, &fact, stage.language);
                if self.facts.len() < MOST_FACTS {
                    self.facts.push(fact);
                }
                said
            }
            Line::Reason(reason) => {
                let said = text::say_in(stage.zone, &reason, stage.language);
                self.reason = Some(reason);
                said
            }
            // What a progress bar overwrote was never meant to stay.
            Line::Printed => plain(line.rsplit('\r').next().unwrap_or(line)).into_owned(),
        };
        if shown.trim().is_empty() {
            return;
        }
        self.printed.push_str(shown.trim_end());
        self.printed.push('\n');
        if self.printed.len() > 2 * KEPT {
            let from = self.printed.len() - KEPT;
            let from = self.printed.get(from..).and_then(|rest| rest.find('\n')).map_or(from, |at| from + at + 1);
            self.printed = self.printed.get(from..).unwrap_or_default().to_owned();
        }
    }

    /// The end of the output, masked.
    pub(super) fn shown(&self, stage: &Stage) -> String {
        let masked = stage.masker.mask(&self.printed);
        let masked = masked.trim_end();
        let skip = masked.chars().count().saturating_sub(SHOWN);
        masked.chars().skip(skip).collect()
    }

    /// Adds something that the bot itself found.
    pub(super) fn add(&mut self, fact: Message, stage: &Stage) {
        self.printed.push_str(&text::say_in(stage.zone, &fact, stage.language));
        self.printed.push('\n');
        self.facts.push(fact);
    }
}

/// Begins `job` and follows it to its end; `progress` hears whenever something was printed.
pub(super) async fn run(
    approved: &Approved,
    job: &Job,
    stage: &Stage,
    heard: &mut Heard,
    mut progress: impl FnMut(&Heard),
) -> End {
    let host = &stage.host;
    match host.begin(approved, job).await {
        Ok(()) => {}
        Err(error) if error.leaves_open() => match settle(job, stage).await {
            // It was sealed: it never began and never will.
            Ok(false) => return End::Failed(not_begun(&error)),
            Ok(true) => {}
            Err(last) => return End::Unknown(unknown(Message::new("act-unknown-begun"), &last)),
        },
        Err(error @ HostError::AlreadyBegun { .. }) => return End::Unknown(error.into()),
        Err(error) => return End::Failed(not_begun(&error)),
    }
    let (begun, mut from) = (Instant::now(), 0_u64);
    let mut away = Away::default();
    loop {
        let seen = match host.follow(&job.id, from).await {
            Ok(seen) => seen,
            Err(error) => match away.wait(&error).await {
                Some(last) => return End::Unknown(unknown(Message::new("act-unknown-end"), &last)),
                None => continue,
            },
        };
        away = Away::default();
        let came = seen.size.saturating_sub(from).min(32 * 1024);
        from += came;
        if !seen.text.is_empty() {
            heard.push(&seen.text, stage);
            progress(heard);
        }
        let end = match seen.state {
            JobState::Running if begun.elapsed() > job.limit + GRACE => {
                End::Unknown(Message::new("act-unknown-runs").with("after", Quantity::duration(begun.elapsed())).into())
            }
            JobState::Running => continue,
            // There is more of what it printed.
            _ if from < seen.size => continue,
            JobState::Ended(status) => ended(status, job, heard, stage),
            JobState::Rebooted => End::Rebooted,
            JobState::Gone | JobState::Absent => End::Unknown(Message::new("act-unknown-gone").into()),
            JobState::Sealed => End::Failed(Message::new("act-sealed").into()),
        };
        heard.end_line(stage);
        progress(heard);
        return end;
    }
}

fn ended(status: u32, job: &Job, heard: &mut Heard, stage: &Stage) -> End {
    heard.end_line(stage);
    match (status, heard.reason.take()) {
        (0, _) => End::Done,
        (_, Some(reason)) => End::Failed(facts::with_hint(reason)),
        // `timeout` ended it: nobody knows how far it was.
        (124 | 137, None) => {
            End::Unknown(Message::new("act-timed-out").with("after", Quantity::duration(job.limit)).into())
        }
        (status, None) => End::Failed(Message::new("act-status").with("status", status.to_string()).into()),
    }
}

/// Whether a job began of which that is not known.
async fn settle(job: &Job, stage: &Stage) -> Result<bool, HostError> {
    let mut away = Away::default();
    loop {
        match stage.host.seal(&job.id).await {
            Ok(began) => return Ok(began),
            Err(error) => {
                if let Some(last) = away.wait(&error).await {
                    return Err(last);
                }
            }
        }
    }
}

/// How long a host has been out of reach.
#[derive(Default)]
struct Away {
    since: Option<Instant>,
    pause: Option<Duration>,
}

impl Away {
    /// Waits before the next attempt; gives the error back when it is time to give up.
    async fn wait(&mut self, error: &HostError) -> Option<HostError> {
        let since = *self.since.get_or_insert_with(Instant::now);
        if since.elapsed() > OUTAGE || error.permanent() {
            return Some(error.clone());
        }
        let pause = self.pause.map_or(PAUSES.0, |pause| (pause * 2).min(PAUSES.1));
        self.pause = Some(pause);
        tracing::warn!(%error, ?pause, "the host cannot be reached; its job goes on without us");
        sleep(pause).await;
        None
    }
}

fn not_begun(error: &HostError) -> Unfit {
    Unfit { reason: Message::new("act-not-begun").with("cause", error.message()), hint: error.hint() }
}

fn unknown(reason: Message, error: &HostError) -> Unfit {
    Unfit { reason: reason.with("cause", error.message()), hint: error.hint() }
}

/// What is known of a job that an earlier life of the bot may have begun; where it did not begin, it never will.
///
/// # Errors
/// [`HostError`] when the host cannot be asked.
pub(super) async fn sealed(id: &JobId, stage: &Stage) -> Result<(JobState, Heard), HostError> {
    if stage.host.seal(id).await? { look(id, stage).await } else { Ok((JobState::Sealed, Heard::default())) }
}

/// What is known of a job that was begun.
///
/// # Errors
/// [`HostError`] when the host cannot be asked.
async fn look(id: &JobId, stage: &Stage) -> Result<(JobState, Heard), HostError> {
    let mut heard = Heard::default();
    let mut from = 0;
    loop {
        let seen = stage.host.follow(id, from).await?;
        heard.push(&seen.text, stage);
        from += seen.size.saturating_sub(from).min(32 * 1024);
        if from >= seen.size || seen.text.is_empty() {
            heard.end_line(stage);
            return Ok((seen.state, heard));
        }
    }
}
