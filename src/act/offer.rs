//! What a host has to choose from.

use std::collections::BTreeSet;

use super::{Stage, Unfit, cloud, compose, database, facts, scripts};
use crate::domain::action::{Action, Inventory, Step};
use crate::domain::message::Message;

/// What can be chosen from `inventory` for `action` now, the likeliest first.
///
/// # Errors
/// [`Unfit`] when that cannot be asked.
pub async fn offered(inventory: Inventory, action: &Action, stage: &Stage) -> Result<Vec<String>, Unfit> {
    let project = &stage.host.config().compose_project;
    let known = action.steps.iter().find(|step| step.knows(inventory));
    let unknown = || Unfit::from(Message::new("unfit-no-inventory").with("name", inventory.name()));
    let step = known.ok_or_else(unknown)?;
    let from = |text: &str, word: &str, value: &str| {
        let of = facts::facts(text).filter(|fact| fact.word == word);
        of.map(|fact| fact.get(value).trim_start_matches('/').to_owned()).collect::<BTreeSet<_>>()
    };
    match inventory {
        Inventory::Services => {
            let folder = step.compose_folder().ok_or_else(unknown)?;
            let text = facts::look(scripts::LOOK_SERVICES, &[project, folder], stage).await?;
            Ok(from(&text, "service", "name").into_iter().collect())
        }
        Inventory::Containers => {
            let text = facts::look(scripts::LOOK_CONTAINERS, &[project, "", ""], stage).await?;
            Ok(from(&text, "container", "name").into_iter().collect())
        }
        Inventory::Backups => database::names(step.backups().ok_or_else(unknown)?, stage).await,
        Inventory::Images => {
            let of_services = stage.store.rollback_images(&stage.host.config().name).await?;
            Ok(of_services.into_values().flatten().map(|image| compose::short(&image).to_owned()).collect())
        }
        Inventory::Certificates => {
            let text = facts::look(scripts::LOOK_CERTIFICATES, &[], stage).await?;
            Ok(from(&text, "certificate", "name").into_iter().collect())
        }
        Inventory::Alarms => match step {
            Step::PutAlarm(put) => cloud::missing(put, stage).await,
            _ => Err(unknown()),
        },
    }
}
