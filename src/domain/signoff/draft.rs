//! A sign-off in the making: what a person has said so far of one result, and what is still open. Only what is complete
//! becomes a [`Statement`], and only a statement can be signed.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::ResultHash;
use crate::domain::finding::{FindingId, Urgency};
use crate::domain::grade::Grade;
use crate::domain::message::Localised;
use crate::domain::period::Every;
use crate::domain::report::{Report, ReportedCheck};
use crate::domain::run::RunId;
use crate::domain::waiver::WaiverId;
use crate::domain::words::{Who, Words};

/// What a person saw where only a person can look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Attested {
    /// It is as it should be.
    Yes,
    /// It is not.
    No,
    /// It does not apply.
    NotApplicable,
}

impl Attested {
    /// Each, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Yes, Self::No, Self::NotApplicable];

    /// Its name in rows and in buttons.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::NotApplicable => "not-applicable",
        }
    }

    /// The one that is called `name`.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|attested| attested.name() == name)
    }
}

/// What was said of a bad check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Said {
    /// It stands as a finding.
    Finding(FindingId),
    /// It was taken on for a while.
    Waiver(WaiverId),
    /// A word is enough.
    Note(Words),
}

/// A free text of the team's templates (rows T1-T3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Memo {
    /// Daily: memo.
    Memo,
    /// Weekly: findings.
    Findings,
    /// Weekly: actions.
    Actions,
    /// Monthly: improvements.
    Improvements,
    /// Monthly: plan for next month.
    Plan,
}

impl Memo {
    /// Each, in the order of the templates.
    pub const ALL: [Self; 5] = [Self::Memo, Self::Findings, Self::Actions, Self::Improvements, Self::Plan];

    /// Those of the template of what is signed once in so long a time.
    pub const fn of(every: Every) -> &'static [Self] {
        match every {
            Every::Day => &[Self::Memo],
            Every::Week => &[Self::Findings, Self::Actions],
            Every::Month => &[Self::Improvements, Self::Plan],
        }
    }

    /// Its name in rows and in modals.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Memo => "memo",
            Self::Findings => "findings",
            Self::Actions => "actions",
            Self::Improvements => "improvements",
            Self::Plan => "plan",
        }
    }

    /// The one that is called `name`.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|memo| memo.name() == name)
    }
}

/// A finding that is being written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingForm {
    /// What was found, with secrets masked.
    pub message: Words,
    /// How soon somebody must look at it.
    pub urgency: Urgency,
    /// Who sees to it.
    pub owner: Who,
    /// By when.
    pub due: Option<NaiveDate>,
}

/// What a person has said so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Draft {
    /// What they saw, by check.
    pub attested: BTreeMap<String, Attested>,
    /// What they said, by check.
    pub said: BTreeMap<String, Said>,
    /// The free texts.
    pub memos: BTreeMap<Memo, Words>,
    /// The findings that they are writing, by check.
    pub forms: BTreeMap<String, FindingForm>,
}

/// What is still to be said of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Need {
    /// What a person sees.
    Attestation,
    /// A finding, a waiver or a note.
    Word,
}

/// Whether a check is for a person to speak of, said already or not.
pub const fn asks(check: &ReportedCheck) -> bool {
    check.grade.needs_attention() || matches!(check.grade, Grade::Manual)
}

impl Draft {
    /// What is still to be said of `check`. A person who saw that something is not as it should be says what of it.
    pub fn need(&self, check: &ReportedCheck) -> Option<Need> {
        let bad = match (check.grade, self.attested.get(&check.id)) {
            (Grade::Manual, None) => return Some(Need::Attestation),
            (Grade::Manual, Some(Attested::No)) => true,
            (Grade::Manual, Some(Attested::Yes | Attested::NotApplicable)) => false,
            (grade, _) => grade.needs_attention(),
        };
        (bad && !self.said.contains_key(&check.id)).then_some(Need::Word)
    }

    /// The checks of `report` of which something is still to be said, in its order.
    pub fn open<'a>(&self, report: &'a Report) -> Vec<(&'a ReportedCheck, Need)> {
        report.checks().filter_map(|check| Some((check, self.need(check)?))).collect()
    }

    /// The draft as something that can be signed: of every bad check of `report`, the result of `run`, something is said.
    ///
    /// # Errors
    /// The ids of the checks of which nothing is.
    pub fn complete(&self, run: RunId, report: &Report) -> Result<Statement, Vec<String>> {
        let open = self.open(report);
        if !open.is_empty() {
            return Err(open.into_iter().map(|(check, _)| check.id.clone()).collect());
        }
        let checks = report.checks().filter(|check| asks(check)).map(|check| {
            let attested = self.attested.get(&check.id).filter(|_| check.grade == Grade::Manual).copied();
            let good = matches!(attested, Some(Attested::Yes | Attested::NotApplicable));
            Stated {
                check: check.id.clone(),
                title: check.title.clone(),
                grade: check.grade,
                attested,
                said: self.said.get(&check.id).filter(|_| !good).cloned(),
            }
        });
        let checks = checks.collect();
        Ok(Statement { run, hash: ResultHash::of(report), checks, memos: self.memos.clone() })
    }

    /// What of this draft of `old` holds for `new`, a later result of the same: the memos, and what was said of checks
    /// that are not worse than they were.
    #[must_use]
    pub fn carried_over(&self, old: &Report, new: &Report) -> Self {
        let holds = |id: &String| match (old.check(id), new.check(id)) {
            (Some(old), Some(new)) => asks(new) && new.grade.badness() <= old.grade.badness(),
            _ => false,
        };
        let mut draft = self.clone();
        draft.attested.retain(|id, _| holds(id));
        draft.said.retain(|id, _| holds(id));
        draft.forms.retain(|id, _| holds(id));
        draft
    }
}

/// What is signed of one check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stated {
    /// The check.
    pub check: String,
    /// What it is called.
    pub title: Localised,
    /// What it was graded.
    pub grade: Grade,
    /// What a person saw.
    pub attested: Option<Attested>,
    /// What was said of it.
    pub said: Option<Said>,
}

/// Everything that a sign-off says, bound to the result of which it says it. Made by [`Draft::complete`] alone: whoever
/// holds one knows that nothing was left unsaid.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    run: RunId,
    hash: ResultHash,
    checks: Vec<Stated>,
    memos: BTreeMap<Memo, Words>,
}

impl Statement {
    /// The run whose result is signed.
    pub const fn run(&self) -> RunId {
        self.run
    }

    /// What that result hashes to.
    pub const fn hash(&self) -> ResultHash {
        self.hash
    }

    /// What is said of each check of which something had to be, in the order of the report.
    pub fn checks(&self) -> &[Stated] {
        &self.checks
    }

    /// The free texts.
    pub const fn memos(&self) -> &BTreeMap<Memo, Words> {
        &self.memos
    }
}
