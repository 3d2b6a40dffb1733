//! How the host is set up: its settings, its files, what guards it, what runs by the clock.

pub(super) mod fail2ban;
pub(super) mod files;
pub(super) mod settings;
pub(super) mod timer;
