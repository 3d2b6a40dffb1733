//! Reads where the bot tells how it is: `[health]`.

use std::path::Path;
use std::time::Duration;

use super::HealthConfig;
use super::parse::{address, secret};
use super::sampling::every;
use crate::document::Table;
use crate::domain::message::Message;

/// How often whoever waits for it is told where nothing is said.
const EVERY: Duration = Duration::from_secs(5 * 60);

/// `[health]`.
pub(super) fn health(table: &Table<'_>, folder: &Path) -> Option<HealthConfig> {
    let listen = table.text("listen").map(|text| address(table, &text));
    let ping = table.table("ping").map(|section| secret(&section, folder));
    let every = table.text("every").map_or(Some(EVERY), |text| every(table, &text));
    if listen.is_none() && ping.is_none() && !table.has("listen") && !table.has("ping") {
        table.problem(table.span(), Message::new("config-health-nothing"));
    }
    Some(HealthConfig {
        listen: match listen {
            Some(listen) => Some(listen?),
            None => None,
        },
        ping: match ping {
            Some(ping) => Some(ping?),
            None => None,
        },
        every: every?,
    })
}
