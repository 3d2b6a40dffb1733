//! Runbooks: what is done in an emergency, step by step, who led, and what happened when. A runbook is opened on a host,
//! gathers happenings, and is closed; nothing of it is ever changed.

mod kept;
mod rules;
#[cfg(test)]
mod tests;

use std::time::Duration;

use serde::{Deserialize, Serialize};

pub use kept::{Event, Happened, KeptRunbook, Moment, Standing};
pub use rules::{NotNow, drill_passed, may_happen};

use super::action::Given;
use super::grade::Grade;
use super::message::Localised;
use super::vital::Vital;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The service, or an important part of it, does not work.
    High,
    /// Nobody can use the service.
    Critical,
}

impl Severity {
    /// All of them, the lesser first.
    pub const ALL: [Self; 2] = [Self::High, Self::Critical];

    /// Its name in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    /// The severity of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.name() == name)
    }
}

/// A runbook, as its file describes it.
#[derive(Clone, Debug, PartialEq)]
pub struct Runbook {
    /// The file's stem: `emergency-service-down`.
    pub id: String,
    /// What it is called.
    pub title: Localised,
    /// What Discord says of it.
    pub description: Localised,
    /// How bad what it is for is.
    pub severity: Severity,
    /// How people notice.
    pub symptom: Localised,
    /// The names of the roles that may open and lead it.
    pub open: Vec<String>,
    /// What the sampler watches that begins an alert which this runbook fits.
    pub fits: Vec<Vital>,
    /// A drill: in how much time it must be done. None: an emergency, which takes what it takes.
    pub within: Option<Duration>,
    /// What is done, in order. None needs to wait for the one before: who leads decides.
    pub steps: Vec<RunbookStep>,
}

/// One step of a runbook.
#[derive(Clone, Debug, PartialEq)]
pub struct RunbookStep {
    /// Names it in its runbook.
    pub id: String,
    /// What it is called.
    pub title: Localised,
    /// What is done.
    pub does: Does,
}

/// What a step of a runbook does.
#[derive(Clone, Debug, PartialEq)]
pub enum Does {
    /// Checks are run.
    Look {
        /// The checklist.
        checklist: String,
        /// The checks of it; none named: all.
        checks: Vec<String>,
    },
    /// An action is asked for, behind the same gate as everywhere.
    Act {
        /// The action.
        action: String,
        /// What is chosen already; the rest is asked.
        with: Given,
    },
    /// A person does it by hand, and says when it is done.
    Hand {
        /// What.
        how: Localised,
    },
    /// A new machine shows its host key, and a person says that it is the one on its console.
    HostKey {
        /// How it is seen on the console.
        how: Localised,
    },
}

impl Runbook {
    /// The step of that id.
    pub fn step(&self, id: &str) -> Option<&RunbookStep> {
        self.steps.iter().find(|step| step.id == id)
    }
}

/// A check that a step of a runbook ran, and that was not well.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "KeptNotWell")]
pub struct NotWell {
    /// What the check is called.
    pub title: Localised,
    /// How it was graded.
    pub grade: Grade,
}

/// How [`NotWell`] may stand in a row: such rows are never changed, and the oldest are read as well as the newest.
#[derive(Deserialize)]
#[serde(untagged)]
enum KeptNotWell {
    /// As it is written now.
    Check { title: Localised, grade: Grade },
    /// As it was written first: the grade's name and the title in the language of the bot, `fail API 응답`.
    Line(String),
}

impl From<KeptNotWell> for NotWell {
    fn from(kept: KeptNotWell) -> Self {
        let both = |title: &str| Localised { ko: title.to_owned(), en: title.to_owned() };
        match kept {
            KeptNotWell::Check { title, grade } => Self { title, grade },
            KeptNotWell::Line(line) => {
                let graded = line.split_once(' ').and_then(|(name, title)| Some((Grade::from_name(name)?, title)));
                // Of what names no grade nobody knows how it was.
                let (grade, title) = graded.unwrap_or((Grade::Unknown, &line));
                Self { title: both(title), grade }
            }
        }
    }
}

/// Something that happened in an open runbook.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Happening {
    /// It was opened, with what was seen.
    Opened {
        /// What the one who opened it says.
        note: String,
    },
    /// Somebody else leads from here on.
    Led,
    /// Checks of a step were run.
    Looked {
        /// The step.
        step: String,
        /// How many were well.
        well: usize,
        /// What was not.
        bad: Vec<NotWell>,
    },
    /// An act was asked for.
    Asked {
        /// The step; none: it is of no step.
        step: Option<String>,
        /// The request.
        request: i64,
    },
    /// A step was done by hand.
    Done {
        /// The step.
        step: String,
    },
    /// A machine showed its host key.
    Shown {
        /// The step.
        step: String,
        /// Where it is reached: `name:port`.
        address: String,
        /// The key's fingerprint: `SHA256:…`.
        fingerprint: String,
    },
    /// Somebody said that the key which was shown is the machine's.
    Trusted {
        /// The step.
        step: String,
        /// Where it was shown.
        address: String,
        /// The key's fingerprint.
        fingerprint: String,
    },
    /// A note.
    Noted {
        /// What it says.
        note: String,
    },
    /// It was closed.
    Closed {
        /// Whether what it was opened for is over.
        solved: bool,
        /// What is to be said at the end.
        note: String,
    },
}

impl Happening {
    /// The step it is of.
    pub fn step(&self) -> Option<&str> {
        match self {
            Self::Asked { step, .. } => step.as_deref(),
            Self::Looked { step, .. } | Self::Done { step } | Self::Shown { step, .. } | Self::Trusted { step, .. } => {
                Some(step)
            }
            Self::Opened { .. } | Self::Led | Self::Noted { .. } | Self::Closed { .. } => None,
        }
    }

    /// Its name in the audit record.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Opened { .. } => "opened",
            Self::Led => "led",
            Self::Looked { .. } => "looked",
            Self::Asked { .. } => "asked",
            Self::Done { .. } => "done",
            Self::Shown { .. } => "shown",
            Self::Trusted { .. } => "trusted",
            Self::Noted { .. } => "noted",
            Self::Closed { .. } => "closed",
        }
    }
}
