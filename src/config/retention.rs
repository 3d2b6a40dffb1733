//! Reads how long what is kept is kept: `[retention]`.

use chrono::TimeDelta;

use crate::document::{Located, Table};
use crate::domain::message::Message;
use crate::domain::quantity::{Dimension, Quantity};
use crate::domain::retention::Retention;

/// `[retention]`. What is not said is as shipped.
pub(super) fn retention(table: &Table<'_>) -> Option<Retention> {
    let shipped = Retention::default();
    let read =
        |key, shipped| table.text(key).map_or(Some((shipped, None)), |text| Some((span(table, &text)?, Some(text))));
    let (evidence, runs, numbers) =
        (read("evidence", shipped.evidence), read("runs", shipped.runs), read("numbers", shipped.numbers));
    let ((evidence, _), (runs, written), (numbers, _)) = (evidence?, runs?, numbers?);
    if runs < evidence {
        let span = written.map_or_else(|| table.span(), |text| text.span);
        table.problem(span, Message::new("config-retention-order"));
        return None;
    }
    Some(Retention { evidence, runs, numbers })
}

fn span(table: &Table<'_>, text: &Located<String>) -> Option<TimeDelta> {
    let span = Quantity::parse(&text.value).ok().filter(|quantity| quantity.dimension == Dimension::Time);
    // A century: whoever writes more means for ever.
    let span = span.filter(|quantity| quantity.value <= 36_525.0 * 86_400.0);
    #[allow(clippy::cast_possible_truncation, reason = "it is less than a century")]
    let span = span.map(|quantity| TimeDelta::seconds(quantity.value as i64)).filter(|span| *span >= Retention::LEAST);
    if span.is_none() {
        let message = Message::new("config-retention-span")
            .with("text", text.value.as_str())
            .with("least", Quantity::seconds(Retention::LEAST.as_seconds_f64()));
        table.problem(text.span.clone(), message);
    }
    span
}
