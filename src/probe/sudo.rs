//! What sudo says when it refuses, and the right that is missing.

use super::{Why, World};
use crate::config::Transport;
use crate::domain::message::Message;

/// What sudo prints where `-n` would have to ask, or the rule is not there.
const REFUSALS: [&str; 5] = [
    "a password is required",
    "a terminal is required",
    "is not allowed to execute",
    "is not in the sudoers file",
    "may not run sudo",
];

/// Whether `text` is sudo's refusal; then, what would have to be allowed: `commands` as they stand in a sudoers file.
pub(super) fn refusal(text: &str, world: &World, commands: &str) -> Option<Why> {
    let missing = text.contains("sudo: not found") || text.contains("sudo: command not found");
    if !missing && !REFUSALS.iter().any(|refusal| text.contains(refusal)) {
        return None;
    }
    let user = match &world.host.config().transport {
        Transport::Ssh(ssh) => ssh.user.clone(),
        Transport::Local => "USER".to_owned(),
    };
    let rule = format!("{user} ALL=(root) NOPASSWD: {commands}");
    Some(Why {
        reason: Message::new("probe-sudo-refused"),
        hint: Some(Message::new("probe-sudo-hint").with("rule", rule)),
    })
}
