//! What one host is held to where that is other than what the checklist says of all: another threshold for a smaller disk.

use std::borrow::Cow;

use super::command::{Check, Checklist, Rule};
use super::condition::Condition;

/// What stands in a condition's place on one host.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Instead {
    /// The checklist's own condition stays.
    #[default]
    Own,
    /// There is none on this host.
    Never,
    /// This one.
    Other(Condition),
}

impl Instead {
    fn of(&self, own: &mut Option<Condition>) {
        match self {
            Self::Own => {}
            Self::Never => *own = None,
            Self::Other(condition) => *own = Some(condition.clone()),
        }
    }
}

/// What one host is held to instead.
#[derive(Clone, Debug, PartialEq)]
pub struct Refined {
    /// The checklist.
    pub checklist: String,
    /// The check.
    pub check: String,
    /// The measure.
    pub measure: String,
    /// In place of the warning.
    pub warn: Instead,
    /// In place of the failure.
    pub fail: Instead,
}

impl Refined {
    /// Whether it speaks of this rule.
    pub fn is_of(&self, checklist: &str, check: &Check, rule: &Rule) -> bool {
        self.checklist == checklist && self.check == check.id && self.measure == rule.measure
    }

    /// The rule as it holds on the host.
    #[must_use]
    pub fn refine(&self, rule: &Rule) -> Rule {
        let mut refined = rule.clone();
        self.warn.of(&mut refined.warn);
        self.fail.of(&mut refined.fail);
        refined
    }
}

impl Checklist {
    /// The checklist as it holds on a host that has `refined` of its own. Of several rules for one measure each is refined.
    pub fn refined(&self, refined: &[Refined]) -> Cow<'_, Self> {
        if !refined.iter().any(|one| one.checklist == self.id) {
            return Cow::Borrowed(self);
        }
        let mut checklist = self.clone();
        for check in checklist.sections.iter_mut().flat_map(|section| &mut section.checks) {
            let id = check.id.clone();
            for rule in &mut check.rules {
                let own = |one: &&Refined| one.checklist == self.id && one.check == id && one.measure == rule.measure;
                if let Some(one) = refined.iter().find(own) {
                    *rule = one.refine(rule);
                }
            }
        }
        Cow::Owned(checklist)
    }
}
