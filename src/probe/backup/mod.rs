//! Backups on the host, and what makes them.

pub(super) mod files;
pub(super) mod schedule;
mod week;
