//! Backups on the host, and what makes them.

pub(super) mod files;
pub(super) mod rehearsed;
pub(super) mod schedule;
pub(super) mod week;
