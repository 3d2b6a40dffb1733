//! How the use cases speak to people: they own the words, a chat system only carries them.

use std::collections::BTreeSet;
use std::future::Future;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::duty::DutyView;
use super::finding::{FindingForm, FindingView};
use super::sign::{Beside, SignForm, SignView};
use super::{GateForm, GateView, PastView, Reloaded, RemedyButton, RunbookForm, RunbookView};
use crate::domain::alert::KeptAlert;
use crate::domain::audit::Head;
use crate::domain::matrix::Matrix;
use crate::domain::message::{Language, Localised, Message};
use crate::domain::mine::Mine;
use crate::domain::report::Report;
use crate::domain::run::{MessagePlace, NewRun, RunId};

/// Where somebody speaks: a channel, or a thread with the channel that it hangs in. What a channel allows, its threads do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// The channel or thread, by id.
    pub channel: u64,
    /// The channel that it is a thread of; none: it is a channel itself.
    pub parent: Option<u64>,
}

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Their id in the chat.
    pub id: u64,
    /// What they are called in the guild: for people to read, never to decide by.
    pub name: String,
    /// The roles they hold, by id.
    pub roles: Vec<u64>,
    /// The language they read.
    pub language: Language,
    /// The channel or thread they ask in.
    pub channel: u64,
    /// The channel that this is a thread of.
    pub parent: Option<u64>,
}

impl Person {
    /// Where they speak.
    pub const fn room(&self) -> Room {
        Room { channel: self.channel, parent: self.parent }
    }
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
        /// What the record says beside it.
        beside: Arc<Beside>,
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
        /// The run's number.
        run: RunId,
        /// The report.
        report: Arc<Report>,
        /// The check's id.
        check: String,
        /// Its remedies that a button can ask for.
        remedies: Vec<RemedyButton>,
    },
    /// An alert, as it stands.
    Alert {
        /// The alert.
        alert: Arc<KeptAlert>,
        /// What its host is called.
        host_title: Localised,
        /// Whether a runbook fits it, to be opened from here.
        runbook: bool,
        /// What time it is.
        now: DateTime<Utc>,
    },
    /// An act behind the gate.
    Gate(GateView),
    /// A runbook.
    Runbook(RunbookView),
    /// A checklist on many hosts, side by side.
    Matrix {
        /// What was found so far, or at all.
        matrix: Arc<Matrix>,
        /// The end of the audit record.
        head: Option<Head>,
    },
    /// What was, looked back on.
    Past(PastView),
    /// Signing.
    Sign(SignView),
    /// Findings.
    Finding(FindingView),
    /// What is somebody's.
    Mine(Box<Mine>),
    /// What is due, and whose turn it is.
    Duty(DutyView),
    /// The same run is shown in this channel already: where, as far as that is known.
    ShownAlready(Option<MessagePlace>),
    /// What came of reading the files anew.
    Reloaded(Reloaded),
    /// Something is told in this language, whoever reads it.
    In(Language, Message),
    /// Something went wrong, and what to do about it.
    Told(Message, Option<Message>),
}

/// What a person is asked to fill in: one variant for each feature that asks.
#[derive(Clone, Debug)]
pub enum Form {
    /// Of the gate.
    Gate(GateForm),
    /// Of a runbook.
    Runbook(RunbookForm),
    /// Signing.
    Sign(SignForm),
    /// Findings.
    Finding(FindingForm),
}

/// Why a view did not get through.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{what}")]
pub struct ChatError {
    /// What happened, for the log.
    pub what: String,
    /// What happened, for people.
    pub says: Message,
    /// Trying again would change nothing.
    pub permanent: bool,
}

/// Somebody of the guild, as the chat knows them at this moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// What they are called in the guild.
    pub name: String,
    /// The roles they hold, by id.
    pub roles: Vec<u64>,
}

/// Who hears of a message. Nobody does by accident: only who is named here is pinged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ping {
    /// Everybody who holds one of these roles, by id.
    pub roles: Vec<u64>,
    /// These people, by id.
    pub people: Vec<u64>,
    /// Not even those hear of it who want to hear of every message: it can wait until somebody looks.
    pub quiet: bool,
}

impl Ping {
    /// Nobody, and without a sound.
    pub fn quiet() -> Self {
        Self { quiet: true, ..Self::default() }
    }
}

/// A message that the bot itself posted earlier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posted {
    /// Where it is.
    pub place: MessagePlace,
    /// What its buttons and selects bring back: the chat does not give back the nonce, and by these it is known again.
    pub ids: Vec<String>,
    /// What stands at its foot: what has no button of its own is known by that.
    pub foot: String,
}

/// A conversation that one person opened by a command, a click or a form. The first answer must come soon, and comes once:
/// it is one of [`post`](Self::post), [`whisper`](Self::whisper), [`replace`](Self::replace), [`ask`](Self::ask) and
/// [`hold`](Self::hold).
pub trait Chat: Send + Sync + 'static {
    /// Who opened it.
    fn person(&self) -> &Person;

    /// The message whose button was pressed, or from which the form was opened.
    fn pressed(&self) -> Option<MessagePlace>;

    /// Whether only this person sees the message that was pressed.
    fn pressed_alone(&self) -> bool;

    /// Answers for all to see.
    fn post(&self, view: &View) -> impl Future<Output = Result<(), ChatError>> + Send;

    /// Answers for the person alone.
    fn whisper(&self, view: &View) -> impl Future<Output = Result<(), ChatError>> + Send;

    /// Answers by changing the message whose button was pressed, for whoever sees it.
    fn replace(&self, view: &View) -> impl Future<Output = Result<(), ChatError>> + Send;

    /// Answers with a form to be filled in. What is filled in comes back as another conversation.
    fn ask(&self, form: &Form) -> impl Future<Output = Result<(), ChatError>> + Send;

    /// Answers that it is on its way: [`update`](Self::update) brings it, in a message for the person alone, or else for all
    /// to see and, where a button was pressed, into the message that it stands below.
    fn hold(&self, for_one: bool) -> impl Future<Output = Result<(), ChatError>> + Send;

    /// Says more to the person alone, after the first answer.
    fn whisper_more(&self, view: &View) -> impl Future<Output = Result<(), ChatError>> + Send;

    /// Changes the first answer.
    fn update(&self, view: &View) -> impl Future<Output = Result<(), ChatError>> + Send;

    /// Where the first answer is.
    fn place(&self) -> impl Future<Output = Result<MessagePlace, ChatError>> + Send;
}

/// The channels: what is posted unasked, and the messages that were posted earlier in whichever conversation.
pub trait Board: Send + Sync + 'static {
    /// Posts into `channel`, pinging whom `ping` names. Posting the same `nonce` (at most 25 characters) twice within
    /// minutes posts once.
    fn post(
        &self,
        channel: u64,
        view: &View,
        ping: &Ping,
        nonce: &str,
    ) -> impl Future<Output = Result<MessagePlace, ChatError>> + Send;

    /// Opens a thread at the message `at`. Gives its id, which is a channel's.
    fn thread(&self, at: MessagePlace, name: &str) -> impl Future<Output = Result<u64, ChatError>> + Send;

    /// The messages in `channel` that the bot itself posted since `since`, newest first. Of a channel in which very much was
    /// written since then only the latest are read.
    fn recent(&self, channel: u64, since: DateTime<Utc>)
    -> impl Future<Output = Result<Vec<Posted>, ChatError>> + Send;

    /// Who `person` is at this moment; none: they are not in the guild.
    fn member(&self, person: u64) -> impl Future<Output = Result<Option<Member>, ChatError>> + Send;

    /// The roles that there are at this moment, by id.
    fn roles(&self) -> impl Future<Output = Result<BTreeSet<u64>, ChatError>> + Send;

    /// Changes the message at `place`.
    fn edit(&self, place: MessagePlace, view: &View) -> impl Future<Output = Result<(), ChatError>> + Send;
}
