//! What a person is told when a host cannot be looked at, and what they can do about it.

use std::path::Path;

use super::HostError;
use crate::domain::message::{Explain, Message};
use crate::domain::quantity::Quantity;

impl Explain for HostError {
    fn message(&self) -> Message {
        match self {
            Self::Unresolved { at, cause } => caused("host-unresolved", at, cause),
            Self::OutOfReach(error) => error.message(),
            Self::Unreachable { at, cause } => caused("host-unreachable", at, cause),
            Self::ConnectTimedOut { at, after } => {
                Message::new("host-connect-timed-out").with("at", at.as_str()).with("after", Quantity::duration(*after))
            }
            Self::Handshake { at, cause } => caused("host-handshake-failed", at, cause),
            Self::HostKeyChanged { at, expected, came, from } => Message::new("host-key-changed")
                .with("at", at.as_str())
                .with("expected", expected.as_str())
                .with("came", came.as_str())
                .with("from", from.as_str()),
            Self::HostKeyUnknown { at, came, file } => host_key("host-key-unknown", at, came, file),
            Self::HostKeyRevoked { at, came, file } => host_key("host-key-revoked", at, came, file),
            Self::FingerprintInvalid { given } => {
                Message::new("host-fingerprint-invalid").with("given", given.as_str())
            }
            Self::KnownHosts { file, cause } => {
                about("host-known-hosts-unreadable", file).with("cause", cause.as_str())
            }
            Self::KeyMissing { file } => about("host-login-key-missing", file),
            Self::KeyUnreadable { file, cause } => {
                about("host-login-key-unreadable", file).with("cause", cause.as_str())
            }
            Self::KeyFormat { file, cause } => about("host-login-key-invalid", file).with("cause", cause.as_str()),
            Self::PassphraseMissing { file } => about("host-passphrase-missing", file),
            Self::PassphraseWrong { file } => about("host-passphrase-wrong", file),
            Self::PassphraseUnread { file, says, .. } => {
                about("host-passphrase-unread", file).with("cause", says.as_ref().clone())
            }
            Self::AgentMissing => Message::new("host-agent-missing"),
            Self::AgentUnreachable { socket, cause } => {
                about("host-agent-unreachable", socket).with("cause", cause.as_str())
            }
            Self::AgentEmpty => Message::new("host-agent-empty"),
            Self::LoginRefused { at, user, keys } => Message::new("host-login-refused")
                .with("at", at.as_str())
                .with("user", user.as_str())
                .with("keys", keys.as_str()),
            Self::LoginIncomplete { at, user, methods } => Message::new("host-login-incomplete")
                .with("at", at.as_str())
                .with("user", user.as_str())
                .with("methods", methods.as_str()),
            Self::SessionRefused { at, cause } => {
                Message::new("host-session-refused").with("at", at.as_str()).with("cause", cause)
            }
            Self::SessionsTaken { at, after } => {
                Message::new("host-sessions-taken").with("at", at.as_str()).with("after", Quantity::duration(*after))
            }
            Self::Lost { at, cause } => Message::new("host-lost").with("at", at.as_str()).with("cause", cause),
            Self::TimedOut(after) => Message::new("host-timed-out").with("after", Quantity::duration(*after)),
            Self::NotRun { cause } => Message::new("host-not-run").with("cause", cause.as_str()),
            Self::NotApproved { approved, host } => {
                Message::new("host-not-approved").with("approved", approved.as_str()).with("host", host.as_str())
            }
            Self::AlreadyBegun { job } => Message::new("host-already-begun").with("job", job.as_str()),
            Self::NotBegun { cause } => Message::new("host-not-begun").with("cause", cause.as_str()),
            Self::Stopped { .. } => Message::new("host-stopped"),
            Self::DockerMissing { socket } => docker("host-docker-missing", socket),
            Self::DockerForbidden { socket, user, .. } => {
                docker("host-docker-forbidden", socket).with("user", user.as_str())
            }
            Self::DockerDown { socket } => docker("host-docker-down", socket),
            Self::DockerNotForwarded { socket } => docker("host-docker-not-forwarded", socket),
            Self::DockerRefused { status, says } => Message::new("host-docker-refused")
                .with("status", Quantity::count(f64::from(*status)))
                .with("says", says.as_str()),
            Self::DockerTimedOut(after) => {
                Message::new("host-docker-timed-out").with("after", Quantity::duration(*after))
            }
            Self::DockerBroken { cause } => Message::new("host-docker-broken").with("cause", cause.as_str()),
        }
    }

    fn hint(&self) -> Option<Message> {
        let hint = match self {
            Self::Unresolved { .. } => Message::new("host-unresolved-hint"),
            Self::OutOfReach(error) => return error.hint(),
            Self::Unreachable { .. } => Message::new("host-unreachable-hint"),
            Self::ConnectTimedOut { .. } => Message::new("host-connect-timed-out-hint"),
            Self::Handshake { .. } => Message::new("host-handshake-failed-hint"),
            Self::HostKeyChanged { came, from, .. } => {
                Message::new("host-key-changed-hint").with("came", came.as_str()).with("from", from.as_str())
            }
            Self::HostKeyUnknown { came, .. } => Message::new("host-key-unknown-hint").with("came", came.as_str()),
            Self::HostKeyRevoked { .. } => Message::new("host-key-revoked-hint"),
            Self::FingerprintInvalid { .. } => Message::new("host-fingerprint-invalid-hint"),
            Self::KnownHosts { .. } => Message::new("host-known-hosts-unreadable-hint"),
            Self::KeyMissing { .. } => Message::new("host-login-key-missing-hint"),
            Self::KeyUnreadable { .. } => Message::new("host-login-key-unreadable-hint"),
            Self::KeyFormat { .. } => Message::new("host-login-key-invalid-hint"),
            Self::PassphraseMissing { .. } => Message::new("host-passphrase-missing-hint"),
            Self::PassphraseWrong { .. } => Message::new("host-passphrase-wrong-hint"),
            Self::AgentMissing | Self::AgentUnreachable { .. } => Message::new("host-agent-missing-hint"),
            Self::AgentEmpty => Message::new("host-agent-empty-hint"),
            Self::LoginRefused { user, .. } => Message::new("host-login-refused-hint").with("user", user.as_str()),
            Self::LoginIncomplete { .. } => Message::new("host-login-incomplete-hint"),
            Self::SessionRefused { .. } => Message::new("host-session-refused-hint"),
            Self::SessionsTaken { .. } => Message::new("host-sessions-taken-hint"),
            Self::Lost { .. } => Message::new("host-lost-hint"),
            Self::NotRun { .. } => Message::new("host-not-run-hint"),
            Self::DockerMissing { .. } | Self::DockerDown { .. } => Message::new("host-docker-down-hint"),
            // Where the engine found no group of its own, nobody is to be made a member of root's.
            Self::DockerForbidden { user, group, .. } if group == "root" => {
                Message::new("host-docker-no-group-hint").with("user", user.as_str())
            }
            Self::DockerForbidden { user, group, .. } => {
                Message::new("host-docker-forbidden-hint").with("user", user.as_str()).with("group", group.as_str())
            }
            Self::DockerNotForwarded { .. } => Message::new("host-docker-not-forwarded-hint"),
            Self::NotBegun { .. } => Message::new("host-not-begun-hint"),
            Self::PassphraseUnread { .. }
            | Self::NotApproved { .. }
            | Self::AlreadyBegun { .. }
            | Self::TimedOut(_)
            | Self::Stopped { .. }
            | Self::DockerRefused { .. }
            | Self::DockerTimedOut(_)
            | Self::DockerBroken { .. } => return None,
        };
        Some(hint)
    }
}

fn caused(key: &'static str, at: &str, cause: &str) -> Message {
    Message::new(key).with("at", at).with("cause", cause)
}

fn about(key: &'static str, file: &Path) -> Message {
    Message::new(key).with("file", file.display().to_string())
}

fn host_key(key: &'static str, at: &str, came: &str, file: &Path) -> Message {
    about(key, file).with("at", at).with("came", came)
}

fn docker(key: &'static str, socket: &str) -> Message {
    Message::new(key).with("socket", socket)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::message::Language;
    use crate::host::error::Why;
    use crate::text::say;

    /// What the bot itself finds is said in the reader's language, not in the log's.
    #[test]
    fn why_a_connection_was_lost_is_said_in_both_languages() {
        let at = || "server:22".to_owned();
        for why in [Why::NoChannel, Why::Silent, Why::Ended, Why::Refused] {
            let logged = why.to_string();
            for error in
                [HostError::Lost { at: at(), cause: why.clone() }, HostError::SessionRefused { at: at(), cause: why }]
            {
                let told = say(&error.message(), Language::Ko);
                assert!(!told.contains(&logged) && told.contains('('), "{told}");
            }
        }
        let said = HostError::Lost { at: at(), cause: Why::Said("Disconnect".to_owned()) };
        assert!(say(&said.message(), Language::Ko).contains("Disconnect"));
    }
}
