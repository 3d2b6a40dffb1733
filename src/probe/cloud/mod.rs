//! What Amazon says of the host: the copies of its backups, whom it lets in, what it costs, what rings.

use tokio::time::timeout_at;

use super::{Watch, Why, World, could_not};
use crate::aws::{Aws, AwsError};
use crate::domain::evidence::CouldNotLook;
use crate::domain::message::{Explain, Message};
use crate::domain::quantity::Quantity;
use crate::store::StoreError;

pub(super) mod alarms;
pub(super) mod cost;
pub(crate) mod drift;
pub(super) mod group;
pub(super) mod s3;

impl From<AwsError> for Why {
    fn from(error: AwsError) -> Self {
        Self { reason: error.message(), hint: error.hint() }
    }
}

impl From<StoreError> for Why {
    fn from(error: StoreError) -> Self {
        Self { reason: error.message(), hint: error.hint() }
    }
}

/// Who asks Amazon, where the deployment says how.
fn aws<'a>(what: &str, world: &'a World) -> Result<&'a Aws, CouldNotLook> {
    world.aws.as_ref().ok_or_else(|| {
        let hint = Some(Message::new("aws-not-configured-hint"));
        could_not(what, Why { reason: Message::new("aws-not-configured"), hint })
    })
}

/// What a host of Amazon's must have said in `bot.toml`: `key`.
fn named<'a>(what: &str, value: Option<&'a String>, key: &'static str) -> Result<&'a str, CouldNotLook> {
    value.map(String::as_str).ok_or_else(|| could_not(what, Message::new("aws-host-without").with("key", key)))
}

/// Waits for an answer for as long as the look may take.
async fn answer<T>(
    what: &str,
    watch: &Watch,
    asking: impl Future<Output = Result<T, AwsError>>,
) -> Result<T, CouldNotLook> {
    match timeout_at(watch.end(), asking).await {
        Ok(answer) => answer.map_err(|error| could_not(what, error)),
        Err(_) => {
            let late = Message::new("aws-too-late").with("after", Quantity::duration(watch.limit));
            Err(could_not(what, late))
        }
    }
}

/// So many of something.
fn count(number: usize) -> Quantity {
    Quantity::count(f64::from(u32::try_from(number).unwrap_or(u32::MAX)))
}
