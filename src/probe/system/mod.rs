//! The machine itself: what it should be brought up to, what lies about on it, how fast it answers.

pub(super) mod benchmark;
pub(super) mod images;
pub(super) mod trivy;
pub(super) mod updates;
