//! What the gate asks of [`act`](crate::act): what could be chosen, what would happen, to do it, how it ended.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::timeout;

use super::super::{Person, Right, Service};
use crate::act::{self, Stage, Unfit};
use crate::domain::action::{Action, Arguments, Given, Outcome, Outlook, Parameter, Progress, Source, Step};
use crate::domain::approval::{Approved, KeptRequest};
use crate::domain::message::{Explain, Message};
use crate::domain::words::Who;
use crate::host::Host;

/// Discord waits for three seconds for what is offered to somebody who types.
const OFFER: Duration = Duration::from_millis(2500);

/// Why something could not be looked at, or must not be done: what is told, and a hint.
pub(super) type Cannot = (Message, Option<Message>);

pub(super) fn cannot(error: &impl Explain) -> Cannot {
    (error.message(), error.hint())
}

impl Service {
    pub(in crate::service) fn stage(&self, host: &Host) -> Stage {
        Stage {
            host: host.clone(),
            aws: self.0.aws.clone(),
            store: self.0.store.clone(),
            masker: self.0.masker.clone(),
            now: self.0.clock.now(),
            language: self.0.config.language,
            zone: self.0.config.timezone,
        }
    }

    /// What can be chosen for `parameter` on `host` now.
    pub(super) async fn offered(
        &self,
        host: &Host,
        action: &Action,
        parameter: &Parameter,
    ) -> Result<Vec<String>, Unfit> {
        match &parameter.source {
            Source::Choices(choices) => Ok(choices.clone()),
            Source::From(inventory) => act::offered(*inventory, action, &self.stage(host)).await,
        }
    }

    /// What can be chosen for the option `parameter` of `action`, for somebody who types: nothing for who may not ask, and
    /// nothing where the host takes too long.
    pub async fn offer(&self, action: &str, host: Option<&str>, parameter: &str, person: &Person) -> Vec<String> {
        let Some(action) = self.commands().actions.get(action) else { return Vec::new() };
        let (Some(parameter), Ok(host)) = (action.parameter(parameter), self.host(host)) else { return Vec::new() };
        if self.may_act(Right::Ask, action, &person.roles).is_err() {
            return Vec::new();
        }
        match timeout(OFFER, self.offered(host, action, parameter)).await {
            Ok(Ok(offered)) => offered,
            Ok(Err(unfit)) => {
                tracing::warn!(action = action.id, why = %unfit.message().key, "nothing can be offered");
                Vec::new()
            }
            Err(_) => Vec::new(),
        }
    }

    /// The actions, for somebody who types.
    pub fn offer_actions(&self, person: &Person) -> Vec<String> {
        if self.lets(person, "can") { self.commands().actions.keys().cloned().collect() } else { Vec::new() }
    }

    /// What was chosen, held against what there is, and what it would do as the host is now.
    pub(super) async fn look_ahead(
        &self,
        host: &Host,
        action: &Action,
        given: &Given,
    ) -> Result<(Arguments, Outlook), Cannot> {
        let mut offered = Vec::with_capacity(action.parameters.len());
        for parameter in &action.parameters {
            let choices = self.offered(host, action, parameter).await.map_err(|unfit| cannot(&unfit))?;
            offered.push((parameter.id.as_str(), choices));
        }
        let of = |parameter: &Parameter| {
            let found = offered.iter().find(|(id, _)| *id == parameter.id);
            found.map_or(&[][..], |(_, choices)| choices.as_slice())
        };
        let arguments = Arguments::check(action, given, of).map_err(|error| cannot(&error))?;
        let outlook = act::outlook(action, &arguments, &self.stage(host)).await.map_err(|unfit| cannot(&unfit))?;
        Ok((arguments, outlook))
    }

    /// Does what was approved; `progress` hears of it.
    pub(super) async fn perform(
        &self,
        host: &Host,
        action: &Action,
        approved: &Approved,
        kept: &KeptRequest,
        progress: &watch::Sender<Option<Progress>>,
    ) -> Outcome {
        let begun = kept.begun_at.unwrap_or(kept.asked.terms.asked_at).timestamp_millis();
        let tell = |now: Progress| {
            progress.send_replace(Some(now));
        };
        let by = Who { id: kept.asked.terms.requester, name: kept.asked.requester_name.clone() };
        act::perform(action, approved, begun, &by, &self.stage(host), tell).await
    }

    /// How an act ended that an earlier life of the bot began.
    pub(super) async fn find_again(&self, host: &Host, steps: &[Step], kept: &KeptRequest) -> Outcome {
        let begun = kept.begun_at.unwrap_or(kept.asked.terms.asked_at).timestamp_millis();
        act::begun(steps, kept.id, begun, &self.stage(host)).await
    }
}
