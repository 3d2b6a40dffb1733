//! Why a host could not be looked at.

use std::time::Duration;

use crate::domain::message::{Explain, Message};
use crate::domain::quantity::Quantity;

/// Why a host could not be looked at.
#[derive(Clone, Debug, thiserror::Error)]
pub enum HostError {
    /// The command did not end in time.
    #[error("no end after {0:?}")]
    TimedOut(Duration),
}

impl Explain for HostError {
    fn message(&self) -> Message {
        match self {
            Self::TimedOut(after) => Message::new("host-timed-out").with("after", Quantity::duration(*after)),
        }
    }
}
