//! Amazon's interfaces, as far as a checklist asks them: S3 by its own client, and four requests signed by hand, since the
//! clients for them take longer to build than all of the bot.

mod cost;
mod ec2;
mod error;
mod request;
mod s3;
mod watch;

use std::sync::Arc;

pub use cost::{Costs, Month};
pub use ec2::{Direction, Rule};
pub use error::AwsError;
pub use s3::Object;
pub use watch::MetricAlarm;

use crate::clock::Clock;
use crate::config::AwsConfig;

/// Asks Amazon. Cheap to clone; keys are read when something is asked.
#[derive(Clone, Debug)]
pub struct Aws {
    config: Arc<AwsConfig>,
    clock: Clock,
    http: reqwest::Client,
}

impl Aws {
    /// Asks as `config` says; requests are signed with the time of `clock`.
    ///
    /// # Errors
    /// [`AwsError`] when the client itself cannot be made.
    pub fn new(config: AwsConfig, clock: Clock) -> Result<Self, AwsError> {
        let http = reqwest::Client::builder()
            .connect_timeout(std::time::Duration::from_secs(5))
            .user_agent(concat!("signoff/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|error| AwsError::Unreachable { cause: error.to_string() })?;
        Ok(Self { config: Arc::new(config), clock, http })
    }
}
