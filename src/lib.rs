//! signoff runs an operations checklist against a production host, grades it, and keeps the record.

pub mod cli;
pub mod domain;

pub mod document;

pub mod clock;
pub mod commands;
pub mod config;
pub mod text;

pub mod host;
pub mod render;
pub mod store;

pub mod probe;

pub mod runner;

pub mod service;

pub mod discord;

pub mod app;
