//! How the use cases speak to people: they own the words, a chat system only carries them.

use std::collections::BTreeSet;
use std::future::Future;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::domain::alert::KeptAlert;
use crate::domain::message::{Language, Localised, Message};
use crate::domain::report::Report;
use crate::domain::run::{MessagePlace, NewRun, RunId};

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Their id in the chat.
    pub id: u64,
    /// The roles they hold, by id.
    pub roles: Vec<u64>,
    /// The language they read.
    pub language: Language,
    /// The channel they ask in.
    pub channel: u64,
}

/// What is shown.
#[derive(Clone, Debug)]
pub enum View {
    /// A run that goes on.
    Running {
        /// The report as it stands.
        report: Arc<Report>,
        /// The ids of the checks that came in.
        came_in: Arc<BTreeSet<String>>,
    },
    /// A finished run.
    Finished {
        /// Its number; none where it could not be kept.
        run: Option<RunId>,
        /// What it found.
        report: Arc<Report>,
        /// Who asked for it in Discord.
        asked_by: Option<u64>,
        /// Why it could not be kept.
        not_kept: Option<Message>,
    },
    /// A run that ended before its time.
    Interrupted {
        /// Its number.
        run: RunId,
        /// As it was begun.
        begun: NewRun,
    },
    /// What lies behind a report's grades, with a choice of its checks.
    Details {
        /// The run's number.
        run: RunId,
        /// Its report.
        report: Arc<Report>,
    },
    /// What lies behind one check's grade.
    Check {
        /// The report.
        report: Arc<Report>,
        /// The check's id.
        check: String,
    },
    /// An alert, as it stands.
    Alert {
        /// The alert.
        alert: Arc<KeptAlert>,
        /// What its host is called.
        host_title: Localised,
        /// What time it is.
        now: DateTime<Utc>,
    },
    /// The same run is shown in this channel already: where, as far as that is known.
    ShownAlready(Option<MessagePlace>),
    /// Something went wrong, and what to do about it.
    Told(Message, Option<Message>),
}

/// Why a view did not get through.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{what}")]
pub struct ChatError {
    /// What happened, for the log.
    pub what: String,
    /// Trying again would change nothing.
    pub permanent: bool,
}

/// A conversation that one person opened by a command or a click. The first answer must come soon, and comes once.
pub trait Chat: Send + Sync + 'static {
    /// Who opened it.
    fn person(&self) -> &Person;

    /// Answers for all to see.
    fn post(&self, view: &View) -> impl Future<Output = Result<(), ChatError>> + Send;

    /// Answers for the person alone.
    fn whisper(&self, view: &View) -> impl Future<Output = Result<(), ChatError>> + Send;

    /// Changes what was posted.
    fn update(&self, view: &View) -> impl Future<Output = Result<(), ChatError>> + Send;

    /// Where the post is.
    fn place(&self) -> impl Future<Output = Result<MessagePlace, ChatError>> + Send;
}

/// The channels: what is posted unasked, and the messages that were posted earlier in whichever conversation.
pub trait Board: Send + Sync + 'static {
    /// Posts into `channel`, pinging the roles `ping`. Posting the same `nonce` twice within minutes posts once.
    fn post(
        &self,
        channel: u64,
        view: &View,
        ping: &[u64],
        nonce: &str,
    ) -> impl Future<Output = Result<MessagePlace, ChatError>> + Send;

    /// Changes the message at `place`.
    fn edit(&self, place: MessagePlace, view: &View) -> impl Future<Output = Result<(), ChatError>> + Send;
}
