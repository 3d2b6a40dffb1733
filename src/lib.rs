//! signoff runs an operations checklist against a production host, grades it, and keeps the record.

pub mod domain;

pub mod document;

pub mod commands;
pub mod config;

pub mod host;
pub mod store;

pub mod probe;
