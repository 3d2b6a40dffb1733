//! Findings: filed from a bad check, listed, changed, closed. Urgent ones are told to who sees to them.

mod file;
mod list;
mod step;
mod tell;
mod view;

pub use view::{FindingForm, FindingView, Writing};

use super::sign::in_time;
use super::{Board, Chat, ChatError, Person, Service, View};
use crate::domain::finding::{FindingId, Urgency};
use crate::domain::run::RunId;

/// Where a person writes a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// The run.
    pub run: RunId,
    /// The check.
    pub check: String,
    /// They are signing, and go on with that afterwards.
    pub signing: bool,
}

/// One step of a person who writes, reads or changes a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FindingStep {
    /// Begins to write one, or goes on.
    Write(Spot),
    /// Chooses how soon somebody must look at it.
    WriteUrgency(Spot, Urgency),
    /// Chooses who sees to it.
    WriteOwner(Spot, u64),
    /// Chooses in how many days it is due; none: no day is named.
    WriteDue(Spot, Option<u32>),
    /// Wants to change what was copied.
    WriteWords(Spot),
    /// Changed it.
    Worded(Spot, String),
    /// Files it.
    File(Spot),
    /// Looks at all of them, in a message of its own or in the one that was pressed.
    List {
        /// Closed ones as well.
        closed: bool,
        /// In a message of its own.
        fresh: bool,
    },
    /// Looks at one, in a message of its own or in the one that was pressed.
    Show {
        /// Which.
        finding: FindingId,
        /// In a message of its own.
        fresh: bool,
    },
    /// Changes how soon somebody must look at it.
    Urgency(FindingId, Urgency),
    /// Hands it to somebody.
    Owner(FindingId, u64),
    /// Changes in how many days it is due.
    Due(FindingId, Option<u32>),
    /// Wants to write something on it.
    Ask(FindingId, Writing),
    /// Wrote it.
    Wrote(FindingId, Writing, String),
}

impl FindingStep {
    /// The filed finding that it changes.
    const fn changes(&self) -> Option<FindingId> {
        match self {
            Self::Urgency(id, _) | Self::Owner(id, _) | Self::Due(id, _) | Self::Wrote(id, ..) => Some(*id),
            _ => None,
        }
    }
}

impl Service {
    /// Answers one step of writing, reading or changing a finding.
    ///
    /// # Errors
    /// [`ChatError`] when not even the first answer got through.
    pub async fn answer_finding(
        &self,
        step: FindingStep,
        chat: &impl Chat,
        board: &impl Board,
    ) -> Result<(), ChatError> {
        let person = chat.person();
        match step {
            FindingStep::WriteWords(spot) => return self.ask_words(&spot, chat).await,
            FindingStep::Ask(finding, writing) => return self.ask_finding(finding, writing, chat).await,
            FindingStep::List { closed, fresh: true } => {
                let list = in_time(self.list(closed, person)).await;
                return chat.whisper(&list.unwrap_or_else(|told| told)).await;
            }
            FindingStep::Show { finding, fresh: true } => {
                let one = in_time(self.show_finding(finding, person)).await;
                return chat.whisper(&one.unwrap_or_else(|told| told)).await;
            }
            _ => {}
        }
        let changed = step.changes();
        let next = in_time(self.take(step, person, board)).await;
        self.go_on(next, chat).await?;
        if let Some(finding) = changed {
            self.show_where_posted(finding, board).await;
        }
        self.tell_findings(board).await;
        self.0.filed.notify_one();
        Ok(())
    }

    /// Takes a step that is answered in the message that was pressed.
    async fn take(&self, step: FindingStep, person: &Person, board: &impl Board) -> Result<View, View> {
        match step {
            FindingStep::Write(spot) => self.write(&spot, person, |_| ()).await,
            FindingStep::WriteUrgency(spot, urgency) => self.write(&spot, person, |form| form.urgency = urgency).await,
            FindingStep::WriteOwner(spot, owner) => {
                let owner = self.member_named(owner, board).await?;
                self.write(&spot, person, |form| form.owner = owner).await
            }
            FindingStep::WriteDue(spot, days) => {
                let due = self.day_in(days);
                self.write(&spot, person, |form| form.due = due).await
            }
            FindingStep::Worded(spot, text) => self.reword(&spot, &text, person).await,
            FindingStep::File(spot) => self.file(&spot, person).await,
            FindingStep::List { closed, .. } => self.list(closed, person).await,
            FindingStep::Show { finding, .. } => self.show_finding(finding, person).await,
            step => self.step(step, person, board).await,
        }
    }
}
