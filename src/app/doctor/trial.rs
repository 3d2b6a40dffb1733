//! One thing that was tried.

use crate::domain::message::{Explain, Message};

/// One thing that was tried, and what was found.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Trial {
    /// What was tried.
    pub(crate) what: Message,
    /// What was found.
    pub(crate) found: Found,
}

/// What was found.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Found {
    /// It is as it should be.
    Fine,
    /// It is not.
    Wrong {
        /// What is wrong.
        why: Message,
        /// What to do, where something can be said.
        hint: Option<Message>,
        /// What mends it, to be copied: commands, a link, a policy.
        mend: Vec<String>,
    },
    /// It was not tried: why not.
    NotTried(Message),
}

impl Trial {
    pub(super) const fn fine(what: Message) -> Self {
        Self { what, found: Found::Fine }
    }

    pub(super) fn wrong(what: Message, why: Message, mend: Vec<String>) -> Self {
        Self { what, found: Found::Wrong { why, hint: None, mend } }
    }

    pub(super) fn failed(what: Message, error: &impl Explain) -> Self {
        Self { what, found: Found::Wrong { why: error.message(), hint: error.hint(), mend: Vec::new() } }
    }

    pub(super) const fn not_tried(what: Message, why: Message) -> Self {
        Self { what, found: Found::NotTried(why) }
    }

    pub(crate) const fn is_wrong(&self) -> bool {
        matches!(self.found, Found::Wrong { .. })
    }

    /// The same with what mends it, where it is wrong.
    #[must_use]
    pub(super) fn mended_by(mut self, more: impl IntoIterator<Item = String>) -> Self {
        if let Found::Wrong { mend, .. } = &mut self.found {
            mend.extend(more);
        }
        self
    }
}
