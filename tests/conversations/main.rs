//! Conversations: the real program against the practice Discord. Each file is one conversation; `bot` starts the program and,
//! at the end, insists that nothing was left pending and nothing was misunderstood.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test fails by panicking, its helpers as well"
)]
#![allow(unreachable_pub)]

#[path = "../support/sshd.rs"]
mod sshd;

mod bot;
mod daily;
mod database;
mod duty;
mod duty_faults;
mod duty_outage;
mod elsewhere;
mod faults;
mod finding;
mod gate;
mod gate_attacks;
mod gate_door;
mod gate_kills;
mod gate_kills_alone;
mod gate_kills_steps;
mod gate_picture;
mod gated;
mod hostile;
mod hosts;
mod kill;
mod language;
mod mine;
mod month;
mod past;
mod record;
mod register;
mod reload;
mod rota;
mod runbook;
mod runbook_faults;
mod sign;
mod sign_faults;
mod signing;
mod templates;
mod together;
mod verify;
mod waiver;
mod watch;
mod watchdog;
