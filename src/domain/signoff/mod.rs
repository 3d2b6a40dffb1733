//! Signing: what a sign-off is bound to, and how it stands. Rows are only ever added: signed, withdrawn with a reason,
//! opened again by a later run that is worse. What must be said before anything can be signed is in [`draft`].

pub mod draft;

use std::collections::BTreeMap;
use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use self::draft::{Memo, Stated};
use super::difference::{Difference, Kind};
use super::digest::Digest;
use super::message::{Explain, Localised, Message};
use super::period::Period;
use super::report::Report;
use super::run::RunId;
use super::words::{Who, Words};

/// The number of a sign-off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SignOffId(pub i64);

/// SHA-256 over the canonical form of a result: whoever changes anything of what was signed changes this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ResultHash(pub Digest);

impl ResultHash {
    /// Of what `report` found: which command on which host, when, and of every check its grade, why, its values, what was
    /// wanted, under which waiver, and what ran and printed. Titles and remedies are not in it: they are the file's. The
    /// first field names the form.
    pub fn of(report: &Report) -> Self {
        let millis = |at: DateTime<Utc>| at.timestamp_millis().to_string();
        let mut form = vec!["signoff result 1".to_owned(), report.command.clone(), report.host.clone()];
        form.extend([millis(report.started_at), millis(report.finished_at)]);
        for section in &report.sections {
            form.extend([section.id.clone(), section.checks.len().to_string()]);
            for check in &section.checks {
                form.extend([check.id.clone(), check.grade.name().to_owned()]);
                form.extend([json(&check.waived), json(&check.reasons), json(&check.shown), json(&check.threshold)]);
                let evidence = &check.evidence;
                form.extend([evidence.what.clone(), json(&evidence.status), evidence.output.clone()]);
            }
        }
        Self(Digest::of_fields(form.iter().map(String::as_bytes)))
    }
}

impl fmt::Display for ResultHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Keys of these values are sorted, and numbers are read back as they were written: one value has one form.
fn json(value: &impl Serialize) -> String {
    // Only a map whose keys are no texts can fail, and none is in a report.
    serde_json::to_string(value).unwrap_or_default()
}

/// What is signed once: a checklist on a host, for one day, week or month.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Case {
    /// The command.
    pub command: String,
    /// The host, by its name in `bot.toml`.
    pub host: String,
    /// The day, week or month.
    pub period: Period,
}

/// Who signed which result, and when.
#[derive(Clone, Debug, PartialEq)]
pub struct Signature {
    /// Its number.
    pub id: SignOffId,
    /// The run.
    pub run: RunId,
    /// What its result hashed to.
    pub hash: ResultHash,
    /// Who signed.
    pub by: Who,
    /// When.
    pub at: DateTime<Utc>,
}

/// A check that is worse than it was when somebody signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Worse {
    /// The check.
    pub check: String,
    /// What it is called.
    pub title: Localised,
}

/// What happens to a case. None is ever changed or taken back: the next one says what is true from then on.
#[derive(Clone, Debug, PartialEq)]
pub enum Entry {
    /// Somebody signed.
    Signed(Signature),
    /// Somebody took the sign-off back.
    Withdrawn {
        /// Who.
        by: Who,
        /// When.
        at: DateTime<Utc>,
        /// Why.
        reason: Words,
    },
    /// A later run in the same period was worse.
    Reopened {
        /// The run.
        run: RunId,
        /// When.
        at: DateTime<Utc>,
        /// What is worse.
        worse: Vec<Worse>,
    },
}

/// How a case stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Standing {
    /// Nobody has signed yet.
    #[default]
    Open,
    /// It is signed.
    Signed(Signature),
    /// It was signed, and is not any more.
    OpenAgain {
        /// The sign-off that holds no longer.
        was: Signature,
        /// Why.
        why: Entry,
    },
}

/// A sign-off as it is kept, whether it still holds or not.
#[derive(Clone, Debug, PartialEq)]
pub struct SignOff {
    /// What was signed.
    pub case: Case,
    /// By whom, when, and which result.
    pub signature: Signature,
    /// What was said of each check of which something had to be, in the order of the report.
    pub checks: Vec<Stated>,
    /// The free texts.
    pub memos: BTreeMap<Memo, Words>,
    /// Why it holds no longer; none while it does.
    pub ended: Option<Entry>,
}

/// Why something does not happen to a case.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Illegal {
    /// Somebody has signed.
    #[error("is signed by {}", .0.by.name)]
    Signed(Box<Signature>),
    /// Nobody has signed, or the sign-off holds no longer.
    #[error("is not signed")]
    NotSigned,
}

impl Standing {
    /// How a case stands after all of `entries`.
    ///
    /// # Errors
    /// [`Illegal`] when one of them cannot have happened.
    pub fn after(entries: impl IntoIterator<Item = Entry>) -> Result<Self, Illegal> {
        entries.into_iter().try_fold(Self::Open, Standing::next)
    }

    /// How it stands after `entry`.
    ///
    /// # Errors
    /// [`Illegal`]: signed is what is not signed, and only what is signed is withdrawn or opened again.
    pub fn next(self, entry: Entry) -> Result<Self, Illegal> {
        match (self, entry) {
            (Self::Signed(signature), Entry::Signed(_)) => Err(Illegal::Signed(Box::new(signature))),
            (_, Entry::Signed(signature)) => Ok(Self::Signed(signature)),
            (Self::Signed(was), why) => Ok(Self::OpenAgain { was, why }),
            (_, Entry::Withdrawn { .. } | Entry::Reopened { .. }) => Err(Illegal::NotSigned),
        }
    }

    /// The sign-off that holds.
    pub const fn signature(&self) -> Option<&Signature> {
        match self {
            Self::Signed(signature) => Some(signature),
            Self::Open | Self::OpenAgain { .. } => None,
        }
    }
}

/// What of `later` is worse than `signed` was: problems that are new, and those that grew.
pub fn worse(signed: &Report, later: &Report) -> Vec<Worse> {
    let changes = Difference::between(signed, later).changes;
    let worse = changes.into_iter().filter(|change| matches!(change.kind, Kind::New | Kind::Worse));
    worse.map(|change| Worse { check: change.check, title: change.title }).collect()
}

impl Explain for Illegal {
    fn message(&self) -> Message {
        match self {
            Self::Signed(signature) => Message::new("sign-taken")
                .with("person", signature.by.name.as_str())
                .with("at", format!("<t:{}:f>", signature.at.timestamp())),
            Self::NotSigned => Message::new("sign-not-signed"),
        }
    }
}

#[cfg(test)]
mod tests;
