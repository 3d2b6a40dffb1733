//! Signing, step by step: an ephemeral message walks through what is open, and what was said is kept after each step, so
//! that it can be gone on with after a restart and from another device. Nothing is signed before everything is said.

mod record;
mod say;
mod seal;
mod view;
mod waive;
mod walk;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;

pub use record::Beside;
pub(super) use say::wrong_words;
pub use view::{SignForm, SignView, Walk};

use super::show::told;
use super::{Board, Chat, ChatError, Person, Service, View};
use crate::domain::calendar::Calendar;
use crate::domain::message::{Explain, Message};
use crate::domain::period::Every;
use crate::domain::report::{Report, ReportedCheck};
use crate::domain::run::RunId;
use crate::domain::signoff::draft::{Attested, Memo};
use crate::domain::signoff::{Case, SignOffId};
use crate::domain::waiver::WaiverId;
use crate::domain::words::Who;

/// One step of a person who signs. Checks are named by their ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignStep {
    /// Begins, goes on, or looks at what was signed.
    Open(RunId),
    /// Speaks of this check next.
    Item(RunId, String),
    /// Says what they saw.
    Attest(RunId, String, Attested),
    /// The finding of this check that is open already says it.
    Link(RunId, String),
    /// Wants to write a note.
    Note(RunId, String),
    /// Wrote it.
    Noted(RunId, String, String),
    /// Wants to take a check on.
    Waive(RunId, String),
    /// Took it on.
    Waived {
        /// The run.
        run: RunId,
        /// The check.
        check: String,
        /// Why.
        reason: String,
        /// Until when, as it was written.
        until: String,
    },
    /// Wants to end a waiver before its time.
    EndWaiver(WaiverId),
    /// Ended it, for this reason.
    WaiverEnded(WaiverId, String),
    /// Wants to write the texts of the template.
    Memo(RunId),
    /// Wrote them.
    Memos(RunId, BTreeMap<Memo, String>),
    /// Signs.
    Sign(RunId),
    /// Wants to take a sign-off back.
    Withdraw(SignOffId),
    /// Took it back, for this reason.
    Withdrawn(SignOffId, String),
}

/// A result that somebody may sign.
#[derive(Clone, Debug)]
pub(super) struct Signable {
    pub(super) run: RunId,
    pub(super) report: Arc<Report>,
    pub(super) case: Case,
}

impl Signable {
    /// The check named `id`, if it is one to speak of.
    pub(super) fn check(&self, id: &str) -> Option<&ReportedCheck> {
        self.report.check(id).filter(|check| crate::domain::signoff::draft::asks(check))
    }
}

impl Service {
    /// Answers one step of signing.
    ///
    /// # Errors
    /// [`ChatError`] when not even the first answer got through.
    pub async fn answer_sign(&self, step: SignStep, chat: &impl Chat, board: &impl Board) -> Result<(), ChatError> {
        let person = chat.person();
        let next = match step {
            SignStep::Open(run) => {
                let walk = in_time(async {
                    let signable = self.signable(run, person).await?;
                    self.walk(&signable, person, None, None).await
                });
                return chat.whisper(&walk.await.unwrap_or_else(|told| told)).await;
            }
            SignStep::Note(run, check) => return self.ask_note(run, &check, chat).await,
            SignStep::Waive(run, check) => return self.ask_waiver(run, &check, chat).await,
            SignStep::EndWaiver(waiver) => return self.ask_waiver_end(waiver, chat).await,
            SignStep::Memo(run) => return self.ask_memos(run, chat).await,
            SignStep::Withdraw(id) => return self.ask_withdrawal(id, chat).await,
            SignStep::Sign(run) => {
                self.go_on(in_time(self.sign(run, person)).await, chat).await?;
                // The report says who signed; where it cannot be told now it is told later.
                self.tell_ends(board).await;
                return Ok(());
            }
            SignStep::Withdrawn(id, reason) => {
                self.go_on(in_time(self.withdraw(id, &reason, person)).await, chat).await?;
                self.tell_ends(board).await;
                return Ok(());
            }
            SignStep::Item(run, check) => {
                in_time(async {
                    let signable = self.signable(run, person).await?;
                    self.walk(&signable, person, Some(check), None).await
                })
                .await
            }
            SignStep::Attest(run, check, seen) => in_time(self.attest(run, &check, seen, person)).await,
            SignStep::Link(run, check) => in_time(self.link(run, &check, person)).await,
            SignStep::WaiverEnded(waiver, reason) => in_time(self.end_waiver(waiver, &reason, person)).await,
            SignStep::Noted(run, check, text) => in_time(self.note(run, &check, &text, person)).await,
            SignStep::Memos(run, texts) => in_time(self.memos(run, &texts, person)).await,
            SignStep::Waived { run, check, reason, until } => {
                in_time(self.waive(run, &check, &reason, &until, person)).await
            }
        };
        self.go_on(next, chat).await
    }

    /// Shows how it goes on in the message that was pressed. Where that is gone, or what is to be told must not take its
    /// place, it is a message of its own: what was said is kept in either case.
    pub(super) async fn go_on(&self, next: Result<View, View>, chat: &impl Chat) -> Result<(), ChatError> {
        let view = match next {
            Ok(view) => view,
            Err(told) => return chat.whisper(&told).await,
        };
        // What everybody sees is never replaced by what one person does, not even by a press that nothing offered.
        if !chat.pressed_alone() {
            return chat.whisper(&view).await;
        }
        match chat.replace(&view).await {
            Err(error) if error.permanent => {
                tracing::info!(%error, "the message that was pressed is gone");
                chat.whisper(&view).await
            }
            replaced => replaced,
        }
    }

    /// The result of `run` as something that `person` may sign, or what to tell them instead.
    pub(super) async fn signable(&self, run: RunId, person: &Person) -> Result<Signable, View> {
        let report = self.report_of(run).await?;
        let every = self
            .signed(&report.command)
            .ok_or_else(|| View::Told(Message::new("sign-not-for").with("title", report.title.clone()), None))?;
        self.may_sign(person, &report.command, &report.host).await.map_err(|refusal| told(&refusal))?;
        Ok(Signable { run, case: self.case(&report, every), report })
    }

    /// For how long a sign-off of `command` holds, where it is signed.
    pub(super) fn signed(&self, command: &str) -> Option<Every> {
        self.commands().checklists.get(command)?.signed
    }

    /// What a sign-off of `report` would be one of.
    pub(super) fn case(&self, report: &Report, every: Every) -> Case {
        let period = self.calendar(&report.command, &report.host).period_at(every, report.started_at);
        Case { command: report.command.clone(), host: report.host.clone(), period }
    }

    /// The days, weeks and months of `command` on `host`, by which it is due, signed and looked back on.
    pub(super) fn calendar(&self, command: &str, host: &str) -> Calendar<'_> {
        let config = self.config();
        match config.schedule_of(command, host) {
            Some(due) => Calendar::of(&due.schedule, due.window, &config.holidays),
            None => Calendar::plain(config.timezone),
        }
    }

    /// The kept report of `run`, or what to tell instead.
    pub(super) async fn report_of(&self, run: RunId) -> Result<Arc<Report>, View> {
        let missing = || View::Told(Message::new("run-has-no-report").with("run", run.to_string()), None);
        let kept = self.kept(run).await.map_err(|(message, hint)| View::Told(message, hint))?;
        kept.report.map(Arc::new).ok_or_else(missing)
    }
}

/// How long a step may take before the person is told that nothing came of it yet: Discord waits for three seconds.
const STEP: Duration = Duration::from_secs(2);

/// What comes of a step, or what to tell of one that takes too long, as when somebody else holds the database. A change that
/// is given up is taken back whole.
pub(super) async fn in_time<T>(step: impl Future<Output = Result<T, View>>) -> Result<T, View> {
    let slow = |_| Err(View::Told(Message::new("sign-slow"), Some(Message::new("sign-slow-hint"))));
    timeout(STEP, step).await.unwrap_or_else(slow)
}

/// Who does it, as the record knows them.
pub(super) fn who(person: &Person) -> Who {
    Who { id: person.id, name: person.name.clone() }
}

/// What to tell of something that went wrong.
pub(super) fn failed(error: &impl Explain) -> View {
    told(error)
}
