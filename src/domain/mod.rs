//! The rules of the house: pure values and pure functions. No async, no IO, no clock; time is an argument.

pub mod action;
pub mod alert;
pub mod approval;
pub mod audit;
pub mod command;
pub mod condition;
pub mod difference;
pub mod digest;
pub mod duty;
pub mod evidence;
pub mod exercise;
pub mod finding;
pub mod forecast;
pub mod grade;
pub mod history;
pub mod log_line;
pub mod mask;
pub mod message;
pub mod mine;
pub mod period;
pub mod probe;
pub mod quantity;
pub mod report;
pub mod retention;
pub mod rota;
pub mod run;
#[cfg(test)]
pub(crate) mod sample;
pub mod schedule;
pub mod signoff;
pub mod template;
pub mod trend;
pub mod vital;
pub mod waiver;
pub mod watched;
pub mod words;
