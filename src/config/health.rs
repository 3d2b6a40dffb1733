//! Reads where the bot tells how it is: `[health]`.

use super::HealthConfig;
use super::parse::address;
use crate::document::Table;

/// `[health]`.
pub(super) fn health(table: &Table<'_>) -> Option<HealthConfig> {
    let listen = table.required_text("listen").and_then(|text| address(table, &text));
    Some(HealthConfig { listen: listen? })
}
