//! Reports as people and programs read them. Pure: a report goes in, a text or a card comes out.

pub mod alert_card;
pub mod card;
pub mod chart;
pub mod details;
pub mod duty_card;
pub mod finding_card;
pub mod form;
pub mod gate_card;
pub mod help_card;
pub mod history_card;
pub mod json;
pub mod line;
pub mod list;
pub mod markdown;
pub mod matrix_card;
pub mod mine_card;
pub mod record_card;
pub mod reload_card;
pub mod report_card;
pub mod runbook_card;
pub mod sign_card;
pub mod table;
pub mod terminal;
pub mod trend_card;
