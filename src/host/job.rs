//! The second door: what changes something on the host.
//!
//! A job is begun by [`Host::begin`] with the witness that an approval gives, and then goes on by itself: under systemd
//! where that is to be had, else in a session of its own. A connection that is lost loses nothing, and the bot finds the
//! job again by its id. Its folder on the host is made exactly once, so nothing is ever begun twice; a job of which nobody
//! knows whether it was begun is [sealed](Host::seal), and from then on it either was or never will be.

use std::sync::Arc;
use std::time::Duration;

use tracing::{Instrument, warn};

use super::{Host, HostError, Output, Reached, shell};
use crate::config::Transport;
use crate::domain::approval::Approved;

const BEGIN: &str = include_str!("job/begin.sh");
const FOLLOW: &str = include_str!("job/follow.sh");
const SEAL: &str = include_str!("job/seal.sh");
const DOOR: &str = include_str!("job/door.sh");

/// How long the host may take to begin a job, to say how far it is, or to seal it.
const ANSWER: Duration = Duration::from_secs(15);

/// Names a job on its host: a request, when it was claimed, and which of its steps.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct JobId(String);

impl JobId {
    /// The job of a step. Two records that count from one do not meet: the moment of the claim is part of it.
    pub fn new(request: i64, claimed_at_millis: i64, step: usize) -> Self {
        Self(format!("{request}-{claimed_at_millis}-{step}"))
    }

    /// As it stands on the host.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Something to do: a script of the bot's own, and words for it.
#[derive(Clone, Debug)]
pub struct Job {
    /// Its name.
    pub id: JobId,
    /// The script, for the host's `sh`. It is part of the program: nothing that anybody typed can be in it.
    pub script: &'static str,
    /// What it finds as `$1`, `$2`, …, each one word whatever is in it.
    pub words: Vec<String>,
    /// How long it may take; then it is ended on the host.
    pub limit: Duration,
}

/// How far a job is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JobState {
    /// There is no such job on the host.
    Absent,
    /// It goes on.
    Running,
    /// It ended by itself, with this status; `timeout` gives 124.
    Ended(u32),
    /// Its machine was started anew under it.
    Rebooted,
    /// It ended without a word: killed.
    Gone,
    /// It never began and never will.
    Sealed,
}

/// What is known of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// How far it is.
    pub state: JobState,
    /// How many bytes of its output are kept.
    pub size: u64,
    /// What it printed since the last time, at most 32 KiB; of a job that ended, the end of its output as well.
    pub text: String,
}

/// What the second door leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Door {
    /// Who acts there.
    pub user: String,
    /// Whether the folder of a job can be made.
    pub has_room: bool,
    /// Whether the host can end what takes too long.
    pub has_timeout: bool,
    /// Whether systemd keeps a job apart from the login; else it gets a session of its own.
    pub has_systemd: bool,
}

impl Host {
    /// Tries the second door. Changes nothing.
    ///
    /// # Errors
    /// [`HostError`] when it does not open.
    pub async fn door(&self) -> Result<Door, HostError> {
        async {
            let reached = self.acting_connection().await?;
            let output = self.act(&reached, DOOR, &[]).await?;
            let said: Vec<_> = output.stdout.text.lines().map(str::trim).collect();
            let user = said.iter().find_map(|line| line.strip_prefix("user "));
            let user = user.ok_or_else(|| HostError::NotBegun { cause: last_line(&output) })?.to_owned();
            let has = |word| said.contains(&word);
            Ok(Door { user, has_room: has("room"), has_timeout: has("timeout"), has_systemd: has("systemd") })
        }
        .instrument(self.span())
        .await
    }

    /// Begins `job`, once. Nothing is repeated: after an error that [leaves open](HostError::leaves_open) whether it
    /// began, [`Host::seal`] tells.
    ///
    /// # Errors
    /// [`HostError`]; [`HostError::NotApproved`] when the approval is for another host.
    pub async fn begin(&self, approved: &Approved, job: &Job) -> Result<(), HostError> {
        if approved.host() != self.config.name {
            return Err(HostError::NotApproved {
                approved: approved.host().to_owned(),
                host: self.config.name.clone(),
            });
        }
        let limit = job.limit.as_secs().max(1).to_string();
        let mut words = vec![job.id.as_str(), &limit, job.script];
        words.extend(job.words.iter().map(String::as_str));
        async {
            // A connection that died unnoticed is found out before anything is at stake.
            let reached = self.acting_connection().await?;
            let output = self.act(&reached, BEGIN, &words).await?;
            match output.stdout.text.trim() {
                "begun" => Ok(()),
                "already" => Err(HostError::AlreadyBegun { job: job.id.0.clone() }),
                _ => Err(HostError::NotBegun { cause: last_line(&output) }),
            }
        }
        .instrument(self.span())
        .await
    }

    /// How far a job is, and what it printed after the first `from` bytes. Waits a moment for news. Changes nothing.
    ///
    /// # Errors
    /// [`HostError`] when the host could not be asked.
    pub async fn follow(&self, job: &JobId, from: u64) -> Result<Seen, HostError> {
        async {
            let reached = self.acting_connection().await?;
            let output = self.act(&reached, FOLLOW, &[job.as_str(), &from.to_string()]).await?;
            read(&output.stdout.text).ok_or_else(|| HostError::NotBegun { cause: last_line(&output) })
        }
        .instrument(self.span())
        .await
    }

    /// Makes sure that a job which may not have begun never will, and tells whether it did begin.
    ///
    /// # Errors
    /// [`HostError`] when the host could not be asked.
    pub async fn seal(&self, job: &JobId) -> Result<bool, HostError> {
        async {
            let reached = self.acting_connection().await?;
            let output = self.act(&reached, SEAL, &[job.as_str()]).await?;
            match output.stdout.text.trim() {
                "begun" => Ok(true),
                "sealed" => Ok(false),
                _ => Err(HostError::NotBegun { cause: last_line(&output) }),
            }
        }
        .instrument(self.span())
        .await
    }

    /// A connection of the second door that answered just now.
    pub(super) async fn acting_connection(&self) -> Result<Arc<Reached>, HostError> {
        let (reached, kept) = self.by_second_door().await?;
        if !kept {
            return Ok(reached);
        }
        match self.run(&reached, "true", ANSWER).await {
            Err(HostError::Lost { cause, .. }) => {
                warn!(%cause, "the kept connection was dead; acting on a new one");
                Ok(self.by_second_door().await?.0)
            }
            result => result.map(|_| reached),
        }
    }

    async fn by_second_door(&self) -> Result<(Arc<Reached>, bool), HostError> {
        let transport = match (&self.config.transport, &self.config.act) {
            (Transport::Ssh(ssh), Some(door)) => {
                let mut ssh = ssh.clone();
                ssh.user.clone_from(&door.user);
                ssh.login = door.login.clone();
                Transport::Ssh(ssh)
            }
            (transport, _) => transport.clone(),
        };
        self.connected(self.acting.as_ref().unwrap_or(&self.reached), transport).await
    }

    /// Runs one of the scripts above, whatever comes.
    async fn act(&self, reached: &Arc<Reached>, script: &'static str, words: &[&str]) -> Result<Output, HostError> {
        self.run(reached, &shell::with_words(script, words), ANSWER).await
    }
}

fn last_line(output: &Output) -> String {
    let said = [&output.stderr.text, &output.stdout.text].map(|text| text.trim().lines().last().unwrap_or_default());
    let cause = said.into_iter().find(|line| !line.is_empty()).unwrap_or_default();
    format!("{cause} ({:?})", output.status)
}

/// What the script for following prints: a state, a size, and the rest.
fn read(text: &str) -> Option<Seen> {
    let (state, rest) = text.split_once('\n')?;
    let (size, text) = rest.split_once('\n').unwrap_or((rest, ""));
    let state = match state.split_once(' ').unwrap_or((state, "")) {
        ("absent", _) => JobState::Absent,
        ("running", _) => JobState::Running,
        ("ended", status) => JobState::Ended(status.trim().parse().ok()?),
        ("rebooted", _) => JobState::Rebooted,
        ("gone", _) => JobState::Gone,
        ("sealed", _) => JobState::Sealed,
        _ => return None,
    };
    Some(Seen { state, size: size.trim().parse().ok()?, text: text.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_host_says_of_a_job_is_read() {
        let seen = |state, size, text: &str| Some(Seen { state, size, text: text.to_owned() });
        assert_eq!(read("running\n12\nhello\nworld"), seen(JobState::Running, 12, "hello\nworld"));
        assert_eq!(read("ended 3\n0\n"), seen(JobState::Ended(3), 0, ""));
        assert_eq!(read("ended 124\n7"), seen(JobState::Ended(124), 7, ""));
        assert_eq!(read("rebooted\n0\n"), seen(JobState::Rebooted, 0, ""));
        for garbage in ["", "running", "ended\n1\n", "ended x\n1\n", "sh: not found\n\n"] {
            assert_eq!(read(garbage), None, "{garbage:?}");
        }
    }

    #[test]
    fn a_job_has_one_name() {
        assert_eq!(JobId::new(12, 1_795_392_000_123, 2).as_str(), "12-1795392000123-2");
    }
}
