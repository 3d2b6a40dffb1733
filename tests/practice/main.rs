//! The practice world: every fault turns the checks that it should and recovers, acts change the host, and nothing of it reaches
//! the machine it runs on.
//!
//! Commands are really run, where the machine allows namespaces to an ordinary user. Elsewhere the tests that need it say so and
//! are left out; on a machine that checks changes that is an error.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test fails by panicking, its helpers as well"
)]
#![cfg(feature = "sandbox")]

mod acts;
mod confined;
mod drill;
mod faults;
mod hands;
mod imported;
mod program;
mod world;
