//! What actions do on a host: each kind of step looks before, is carried out as one job, and says what came of it.
//!
//! - [`outlook`]: what a step would run, what it would act on, and why it must not, where it must not. Read-only.
//! - [`offered`]: what a host has to choose from.
//! - [`perform`]: carries out the steps of an approved action, in order, and stops at the first that fails.
//!
//! The scripts stand in `scripts/`, one for each kind. What they are given comes as words of their own, never as a part of
//! a script, and what they take away is what was approved, by name: never what matches by then.

mod cloud;
mod compose;
mod database;
mod engine;
mod facts;
mod follow;
mod offer;
mod perform;
mod reboot;
pub mod rights;
mod scripts;
mod upkeep;

use std::time::Duration;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::aws::{Aws, AwsError};
use crate::domain::action::{Action, Arguments, Outlook, Step};
use crate::domain::mask::Masker;
use crate::domain::message::{Explain, Language, Message};
use crate::host::{Host, HostError};
use crate::store::{Store, StoreError};

pub use engine::record_images;
pub use offer::offered;
pub use perform::{begun, perform};

/// How long a look before an act may take.
const LOOK: Duration = Duration::from_secs(60);

/// Where an act takes place, and what it needs. Cheap to clone.
#[derive(Clone)]
pub struct Stage {
    /// The host.
    pub host: Host,
    /// Who asks Amazon, where the deployment says how.
    pub aws: Option<Aws>,
    /// What people approved or rehearsed, and which images were healthy.
    pub store: Store,
    /// What keeps secrets out of what is shown.
    pub masker: Masker,
    /// What time it is.
    pub now: DateTime<Utc>,
    /// The language in which progress is shown.
    pub language: Language,
    /// The zone in which progress is shown.
    pub zone: Tz,
}

/// Why something must not, or cannot, be done on a host as it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Unfit {
    /// Why.
    pub reason: Message,
    /// What to do about that, where something can be said.
    pub hint: Option<Message>,
}

impl From<Message> for Unfit {
    fn from(reason: Message) -> Self {
        Self { reason, hint: None }
    }
}

impl From<HostError> for Unfit {
    fn from(error: HostError) -> Self {
        Self { reason: error.message(), hint: error.hint() }
    }
}

impl From<StoreError> for Unfit {
    fn from(error: StoreError) -> Self {
        Self { reason: error.message(), hint: error.hint() }
    }
}

impl From<AwsError> for Unfit {
    fn from(error: AwsError) -> Self {
        Self { reason: error.message(), hint: error.hint() }
    }
}

impl Explain for Unfit {
    fn message(&self) -> Message {
        self.reason.clone()
    }

    fn hint(&self) -> Option<Message> {
        self.hint.clone()
    }
}

/// What `action` with `arguments` would do on the host as it is now: all of its steps, in order.
///
/// # Errors
/// [`Unfit`]: it cannot be looked at, or must not be done as things are.
pub async fn outlook(action: &Action, arguments: &Arguments, stage: &Stage) -> Result<Outlook, Unfit> {
    let mut whole = Outlook::default();
    for step in &action.steps {
        let part = match step {
            Step::Run(run) => upkeep::outlook_run(run, arguments)?,
            Step::Compose(step) => compose::outlook(step, arguments, stage).await?,
            Step::Reboot => reboot::outlook(stage).await?,
            Step::Rollback(step) => engine::outlook_rollback(step, arguments, stage).await?,
            Step::Prune(step) => engine::outlook_prune(step, stage).await?,
            Step::Backup(backups) => database::outlook_backup(backups, stage).await?,
            Step::Restore(step) => database::outlook_restore(step, arguments, stage).await?,
            Step::RestoreTest(step) => database::outlook_test(step, stage).await?,
            Step::DeleteBackups(step) => database::outlook_delete(step, stage).await?,
            Step::Renew(step) => upkeep::outlook_renew(*step, stage).await?,
            Step::VacuumJournal { keep } => upkeep::outlook_vacuum(*keep, stage).await?,
            Step::ArchiveLogs(step) => upkeep::outlook_archive(step, stage).await?,
            Step::Update => upkeep::outlook_update(stage).await?,
            Step::PutAlarm(step) => cloud::outlook_alarm(step, arguments, stage).await?,
            Step::ApproveBaseline => cloud::outlook_baseline(stage).await?,
        };
        whole.commands.extend(part.commands);
        whole.now.extend(part.now.into_iter().filter(|message| !whole.now.contains(message)).collect::<Vec<_>>());
        whole.goes.extend(part.goes);
        whole.identity.0.extend(part.identity.0);
    }
    // What the host says of itself is shown to people: no secret goes with it.
    for line in whole.commands.iter_mut().chain(&mut whole.goes) {
        *line = stage.masker.mask(line).into_owned();
    }
    Ok(whole)
}
