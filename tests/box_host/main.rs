//! The box: every checklist against a real host, well and broken, one file for each part of the host.
//!
//! `tests/box/up` brings the host up and `tests/run` runs these. They share one host, so they take turns.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test fails by panicking, its helpers as well"
)]

mod act_door;
mod act_faults;
mod acting;

mod acts;
mod daily;
#[path = "../support/deployment.rs"]
mod deployment;
mod doctor;
mod host;
mod parts;
mod runbooks;
mod unseen;
mod watched;
