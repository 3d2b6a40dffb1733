//! What was chosen and filled in, as far as it can be judged before the host is asked.

use super::super::Service;
use super::Draft;
use super::ask::Reason;
use super::hands::Cannot;
use crate::domain::action::{Action, ArgumentError, Given, Parameter, Source, is_name};
use crate::domain::message::Message;

impl Service {
    /// What must be typed in to show that somebody knows what it is about. What is chosen in the form is typed in already.
    pub(super) fn to_type<'a>(&self, action: &Action, given: &'a Given, host: &'a str) -> Option<&'a str> {
        let typed = self.config().gate.policy.tier(action.risk).typed;
        (typed && left_open(action, given).next().is_none()).then(|| target(given, host))
    }

    /// Whether the form says enough.
    pub(super) fn filled_in(&self, action: &Action, draft: &Draft, reason: &Reason) -> Result<(), Cannot> {
        let again = || Some(Message::new("gate-ask-again").with("command", self.commands().called(&draft.action)));
        if reason.why.trim().is_empty() {
            return Err((Message::new("gate-no-reason"), again()));
        }
        if let Some(wanted) = self.to_type(action, &draft.given, &draft.host)
            && reason.target.as_deref().map(str::trim) != Some(wanted)
        {
            return Err((Message::new("gate-wrong-target").with("target", wanted), again()));
        }
        Ok(())
    }
}

/// What must be typed in: the last thing chosen, or else the host.
fn target<'a>(given: &'a Given, host: &'a str) -> &'a str {
    given.values().next_back().map_or(host, String::as_str)
}

/// What is still to be chosen.
pub(super) fn left_open<'a>(action: &'a Action, given: &'a Given) -> impl Iterator<Item = &'a Parameter> {
    action.parameters.iter().filter(|parameter| !given.contains_key(&parameter.id))
}

/// What can be said of the values of `parameters` before the host is asked.
pub(super) fn plausible<'a>(
    parameters: impl IntoIterator<Item = &'a Parameter>,
    given: &Given,
) -> Result<(), ArgumentError> {
    for parameter in parameters {
        let id = || parameter.id.clone();
        let value = given.get(&parameter.id).ok_or_else(|| ArgumentError::Missing { parameter: id() })?;
        if !is_name(value) {
            return Err(ArgumentError::NoName { parameter: id(), value: value.clone() });
        }
        if let Source::Choices(offered) = &parameter.source
            && !offered.contains(value)
        {
            return Err(ArgumentError::NotOffered { parameter: id(), value: value.clone(), offered: offered.clone() });
        }
    }
    Ok(())
}
