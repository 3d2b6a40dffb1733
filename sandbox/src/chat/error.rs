//! What can go wrong in a conversation, told so that a failed test explains itself.

use std::fmt;
use std::time::Duration;

/// A conversation did not go as the test wanted. Its debug form is its message, so that `unwrap` prints it readably.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum ChatError {
    /// Nobody of that name.
    #[error("there is no person called {wanted}; there are: {there}")]
    NoSuchPerson {
        /// The name that was asked for.
        wanted: String,
        /// Who there is.
        there: String,
    },
    /// No channel or thread of that name.
    #[error("there is no channel called {wanted}; there are: {there}")]
    NoSuchChannel {
        /// The name that was asked for.
        wanted: String,
        /// Which there are.
        there: String,
    },
    /// The person may not do that there.
    #[error("{who} may not do that in #{channel}: {why}")]
    Forbidden {
        /// Who wanted to.
        who: String,
        /// Where.
        channel: String,
        /// What is missing.
        why: String,
    },
    /// The slash command is not registered, or this person is not shown it.
    #[error("{who} sees no command /{wanted}; they see: {there}")]
    NoSuchCommand {
        /// Who typed it.
        who: String,
        /// The command that was typed.
        wanted: String,
        /// What they see.
        there: String,
    },
    /// An option is unknown, missing, or has a value that Discord's client would not let through.
    #[error("/{command}: {problem}")]
    BadOption {
        /// The command.
        command: String,
        /// What is wrong, and what would be right.
        problem: String,
    },
    /// The message is not there for this person: deleted, or an ephemeral one of somebody else.
    #[error("{who} does not see that message (deleted, or for somebody else only): {text}")]
    NotVisible {
        /// Who looks.
        who: String,
        /// What the message said.
        text: String,
    },
    /// No such button or select on the message.
    #[error("there is no {wanted} to use on the message; there are: {there}\nthe message:\n{text}")]
    NoSuchComponent {
        /// The label or `custom_id` that was asked for.
        wanted: String,
        /// What there is.
        there: String,
        /// The message.
        text: String,
    },
    /// It is there, but greyed out, or not to be used so.
    #[error("{wanted} cannot be used: {why}\nthe message:\n{text}")]
    Unusable {
        /// The label or `custom_id`.
        wanted: String,
        /// Why not.
        why: String,
        /// The message.
        text: String,
    },
    /// The modal cannot be submitted with these values.
    #[error("the modal \"{title}\" cannot be submitted so: {problem}")]
    BadSubmission {
        /// The modal's title.
        title: String,
        /// What is wrong.
        problem: String,
    },
    /// The bot did not answer, or not with what was waited for.
    #[error("{waited:.1?} passed and {what} did not come.\n{scene}")]
    TooLate {
        /// What was waited for.
        what: String,
        /// How long, in real time.
        waited: Duration,
        /// What the channel shows, and what the bot asked of Discord last.
        scene: String,
    },
    /// The message is longer than people may write.
    #[error("a message has at most {most} characters, this one has {has}")]
    TooLong {
        /// Its length, in characters.
        has: usize,
        /// The most.
        most: usize,
    },
    /// Discord itself would refuse this.
    #[error("Discord refuses: {0}")]
    Refused(String),
}

impl fmt::Debug for ChatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
