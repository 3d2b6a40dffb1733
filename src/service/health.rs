//! How the bot itself is, for whoever watches it.

use super::Service;
use crate::domain::report::Report;
use crate::store::StoreError;

/// How the bot is.
#[derive(Debug)]
pub struct Health {
    /// The latest report of each checklist on each host, or why the database cannot be read.
    pub latest: Result<Vec<Report>, StoreError>,
}

impl Service {
    /// Looks how the bot is. Nothing is looked at on any host.
    pub async fn health(&self) -> Health {
        let mut latest = Vec::new();
        for command in self.commands().checklists.keys() {
            for host in self.config().hosts.keys() {
                match self.0.store.latest_finished(command, host).await {
                    Ok(kept) => latest.extend(kept.and_then(|kept| kept.report)),
                    Err(error) => return Health { latest: Err(error) },
                }
            }
        }
        Health { latest: Ok(latest) }
    }
}
