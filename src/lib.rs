//! signoff.
pub mod domain;
