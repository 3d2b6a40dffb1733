//! Discord: what people asked, and what they are shown. `gateway` alone talks to it.

mod asked;
mod connect;
mod conversation;
mod custom_id;
mod duty;
mod embed;
mod finding;
mod gate;
mod gateway;
mod hosts;
mod intent;
mod matrix;
mod own;
mod past;
mod register;
mod runbook;
mod sign;
pub mod trial;

pub use connect::{ConnectError, connect};
pub use gateway::Gateway;
