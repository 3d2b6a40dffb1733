//! A modal in front of a person.

use crate::id::Id;
use crate::payload::ModalForm;

/// A modal that the bot opened; [`Seat::submit_modal`](crate::Seat::submit_modal) fills it in.
#[derive(Clone, Debug)]
pub struct Modal {
    pub(crate) form: ModalForm,
    pub(crate) trigger: Id,
    pub(crate) message: Option<Id>,
    pub(crate) channel: Id,
}

impl Modal {
    /// Its heading.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.form.title
    }

    /// What the bot gave it as `custom_id`.
    #[must_use]
    pub fn custom_id(&self) -> &str {
        &self.form.custom_id
    }

    /// The words above its inputs, in order.
    #[must_use]
    pub fn labels(&self) -> Vec<String> {
        self.form.inputs().into_iter().map(|(label, _)| label).collect()
    }

    /// The modal as the bot sent it.
    #[must_use]
    pub fn form(&self) -> &ModalForm {
        &self.form
    }

    /// What stands in the input with that label already.
    #[must_use]
    pub fn value(&self, label: &str) -> &str {
        let input = self.form.inputs().into_iter().find(|(found, _)| found == label);
        input.and_then(|(_, input)| input.value.as_deref()).unwrap_or_default()
    }
}
