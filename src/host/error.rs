//! Why a host could not be looked at. The texts here are for the log; what a person is told stands in `explain`.

use std::path::PathBuf;
use std::time::Duration;

use crate::dial::OutOfReach;
use crate::domain::message::{Arg, Message};

/// Why a host could not be looked at. `at` is always the address that was tried, as `name:port`.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum HostError {
    /// The host's name has no address.
    #[error("{at}: the name cannot be resolved: {cause}")]
    Unresolved {
        /// The address.
        at: String,
        /// What the resolver said.
        cause: String,
    },
    /// The bot may not reach so far.
    #[error(transparent)]
    OutOfReach(#[from] OutOfReach),
    /// Nothing answers there.
    #[error("{at}: {cause}")]
    Unreachable {
        /// The address.
        at: String,
        /// What the network said.
        cause: String,
    },
    /// The connection was not made and logged in within its time.
    #[error("{at}: not connected after {after:?}")]
    ConnectTimedOut {
        /// The address.
        at: String,
        /// How long was waited.
        after: Duration,
    },
    /// What answers there ended the SSH handshake, or speaks no SSH.
    #[error("{at}: the SSH handshake failed: {cause}")]
    Handshake {
        /// The address.
        at: String,
        /// Why.
        cause: String,
    },

    /// The host shows another key than the one that is pinned or known.
    #[error("{at}: the host key changed: expected {expected} ({from}), came {came}")]
    HostKeyChanged {
        /// The address.
        at: String,
        /// The fingerprints that would have been right.
        expected: String,
        /// The fingerprint that came.
        came: String,
        /// Where the expectation stands: `bot.toml`, or a `known_hosts` file.
        from: String,
    },
    /// The `known_hosts` file does not know the host.
    #[error("{at}: the host key {came} is not in {file}", file = file.display())]
    HostKeyUnknown {
        /// The address.
        at: String,
        /// The fingerprint that came.
        came: String,
        /// The file.
        file: PathBuf,
    },
    /// The `known_hosts` file revokes the key that the host shows.
    #[error("{at}: the host key {came} is revoked in {file}", file = file.display())]
    HostKeyRevoked {
        /// The address.
        at: String,
        /// The fingerprint that came.
        came: String,
        /// The file.
        file: PathBuf,
    },
    /// The pinned fingerprint is none.
    #[error("`{given}` is not a SHA256 fingerprint")]
    FingerprintInvalid {
        /// What was given.
        given: String,
    },
    /// The `known_hosts` file cannot be read.
    #[error("{file}: {cause}", file = file.display())]
    KnownHosts {
        /// The file.
        file: PathBuf,
        /// Why.
        cause: String,
    },

    /// There is no key file.
    #[error("{file}: no such key file", file = file.display())]
    KeyMissing {
        /// The file.
        file: PathBuf,
    },
    /// The key file cannot be read.
    #[error("{file}: {cause}", file = file.display())]
    KeyUnreadable {
        /// The file.
        file: PathBuf,
        /// Why.
        cause: String,
    },
    /// The key file holds no private key, or one of a kind that is not known.
    #[error("{file}: not a private key: {cause}", file = file.display())]
    KeyFormat {
        /// The file.
        file: PathBuf,
        /// Why.
        cause: String,
    },
    /// The key is encrypted, and no passphrase is configured.
    #[error("{file}: the key is encrypted, and there is no passphrase", file = file.display())]
    PassphraseMissing {
        /// The file.
        file: PathBuf,
    },
    /// The passphrase does not open the key.
    #[error("{file}: the passphrase is wrong", file = file.display())]
    PassphraseWrong {
        /// The file.
        file: PathBuf,
    },
    /// The passphrase is not where it should be.
    #[error("{file}: the passphrase cannot be read: {cause}", file = file.display())]
    PassphraseUnread {
        /// The key file.
        file: PathBuf,
        /// Why, for the log.
        cause: String,
        /// Why, for a person.
        says: Box<Message>,
    },
    /// `SSH_AUTH_SOCK` names no agent.
    #[error("SSH_AUTH_SOCK is not set")]
    AgentMissing,
    /// The agent does not answer.
    #[error("the SSH agent at {socket}: {cause}", socket = socket.display())]
    AgentUnreachable {
        /// Its socket.
        socket: PathBuf,
        /// Why.
        cause: String,
    },
    /// The agent holds no key.
    #[error("the SSH agent holds no key")]
    AgentEmpty,
    /// The host knows the user not, or not by these keys.
    #[error("{at}: login refused for {user} with {keys}")]
    LoginRefused {
        /// The address.
        at: String,
        /// Who tried to log in.
        user: String,
        /// The fingerprints of the keys that were tried.
        keys: String,
    },
    /// The host took the key and asks for more: a one-time password.
    #[error("{at}: the host takes the key of {user} and asks for {methods} besides")]
    LoginIncomplete {
        /// The address.
        at: String,
        /// Who tried to log in.
        user: String,
        /// What the host asks for.
        methods: String,
    },

    /// The host lets the user in and runs nothing for them.
    #[error("{at}: the host runs no command: {cause}")]
    SessionRefused {
        /// The address.
        at: String,
        /// What it said.
        cause: Why,
    },
    /// The host had no session left for the command (`MaxSessions`) for as long as the command may take.
    #[error("{at}: no session free for {after:?}")]
    SessionsTaken {
        /// The address.
        at: String,
        /// How long was waited.
        after: Duration,
    },
    /// The connection broke while the command ran. Whether the command came to its end is not known.
    #[error("{at}: the connection was lost: {cause}")]
    Lost {
        /// The address.
        at: String,
        /// Why.
        cause: Why,
    },
    /// The command did not end in time. It was ended on the host.
    #[error("no end after {0:?}")]
    TimedOut(Duration),
    /// The bot's own machine could not run the command.
    #[error("cannot be run: {cause}")]
    NotRun {
        /// Why.
        cause: String,
    },
    /// The approval is for another host.
    #[error("approved for {approved}, not for {host}")]
    NotApproved {
        /// The host that it is for.
        approved: String,
        /// The host that was to act.
        host: String,
    },
    /// The job was begun before, or sealed.
    #[error("the job {job} was begun before")]
    AlreadyBegun {
        /// The job.
        job: String,
    },
    /// The host did not begin a job, or could not say how far it is.
    #[error("not begun: {cause}")]
    NotBegun {
        /// Why.
        cause: String,
    },
    /// The bot itself was stopping.
    #[error("the bot stopped: {cause}")]
    Stopped {
        /// Why.
        cause: String,
    },

    /// There is no Docker socket on the host.
    #[error("{socket}: no such socket")]
    DockerMissing {
        /// The socket.
        socket: String,
    },
    /// The user may not use the Docker socket.
    #[error("{socket}: no permission for {user} (group {group})")]
    DockerForbidden {
        /// The socket.
        socket: String,
        /// The user.
        user: String,
        /// The group that may use it.
        group: String,
    },
    /// The Docker socket is there, and no engine listens on it.
    #[error("{socket}: nothing listens")]
    DockerDown {
        /// The socket.
        socket: String,
    },
    /// The engine listens, and the host's SSH server does not forward to sockets.
    #[error("{socket}: the SSH server forwards to no socket")]
    DockerNotForwarded {
        /// The socket.
        socket: String,
    },
    /// The engine answered with an error.
    #[error("docker answered {status}: {says}")]
    DockerRefused {
        /// The HTTP status.
        status: u16,
        /// The engine's words.
        says: String,
    },
    /// The engine took too long to begin its answer.
    #[error("docker did not answer within {0:?}")]
    DockerTimedOut(Duration),
    /// The engine's answer broke off or cannot be understood.
    #[error("docker: {cause}")]
    DockerBroken {
        /// Why.
        cause: String,
    },
}

/// Why a connection was lost, or nothing is run: what the bot itself found, or what others said.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    /// The host opened no channel for the command.
    #[error("no channel was opened")]
    NoChannel,
    /// Nothing came any more, not even the answer to a ping.
    #[error("the host is silent")]
    Silent,
    /// It ended under the command.
    #[error("it ended while the command ran")]
    Ended,
    /// The host refused the command.
    #[error("the command was refused")]
    Refused,
    /// The login shell, or what stands in its place, ended without beginning the command, and said nothing.
    #[error("the login shell ended without running the command")]
    ShellEnded,
    /// In the words of the library or of the host.
    #[error("{0}")]
    Said(String),
}

impl From<&Why> for Arg {
    fn from(why: &Why) -> Self {
        match why {
            Why::NoChannel => Message::new("host-why-no-channel").into(),
            Why::Silent => Message::new("host-why-silent").into(),
            Why::Ended => Message::new("host-why-ended").into(),
            Why::Refused => Message::new("host-why-refused").into(),
            Why::ShellEnded => Message::new("host-why-shell-ended").into(),
            Why::Said(text) => text.as_str().into(),
        }
    }
}

impl HostError {
    /// Whether what was asked for may have happened all the same.
    pub const fn leaves_open(&self) -> bool {
        matches!(self, Self::Lost { .. } | Self::TimedOut(_) | Self::Stopped { .. })
    }

    /// Whether trying again is of no use until somebody has changed something: a key, a file, a permission. The others
    /// may pass by themselves.
    pub const fn permanent(&self) -> bool {
        match self {
            Self::HostKeyChanged { .. }
            | Self::HostKeyUnknown { .. }
            | Self::HostKeyRevoked { .. }
            | Self::FingerprintInvalid { .. }
            | Self::KnownHosts { .. }
            | Self::KeyMissing { .. }
            | Self::KeyUnreadable { .. }
            | Self::KeyFormat { .. }
            | Self::PassphraseMissing { .. }
            | Self::PassphraseWrong { .. }
            | Self::PassphraseUnread { .. }
            | Self::AgentMissing
            | Self::AgentEmpty
            | Self::LoginRefused { .. }
            | Self::LoginIncomplete { .. }
            | Self::SessionRefused { .. }
            | Self::NotRun { .. }
            | Self::NotApproved { .. }
            | Self::OutOfReach(_)
            | Self::AlreadyBegun { .. }
            | Self::NotBegun { .. }
            | Self::DockerMissing { .. }
            | Self::DockerForbidden { .. }
            | Self::DockerNotForwarded { .. } => true,
            Self::Unresolved { .. }
            | Self::Unreachable { .. }
            | Self::ConnectTimedOut { .. }
            | Self::Handshake { .. }
            | Self::AgentUnreachable { .. }
            | Self::SessionsTaken { .. }
            | Self::Lost { .. }
            | Self::TimedOut(_)
            | Self::Stopped { .. }
            | Self::DockerDown { .. }
            | Self::DockerRefused { .. }
            | Self::DockerTimedOut(_)
            | Self::DockerBroken { .. } => false,
        }
    }
}
