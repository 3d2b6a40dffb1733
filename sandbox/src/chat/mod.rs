//! The face to tests: people who type, press and read.

pub(crate) mod channel;
pub(crate) mod error;
pub(crate) mod message;
pub(crate) mod modal;
pub(crate) mod options;
pub(crate) mod person;
pub(crate) mod resolve;
pub(crate) mod sent;
mod text;
