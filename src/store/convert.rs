//! Between values and columns. Whatever does not fit a column is no reason to lose a report; whatever a column holds that
//! is no value is told by the row.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::Fault;
use crate::domain::evidence::{Measurement, Value};
use crate::domain::message::{Arg, Message};

/// Milliseconds since 1970-01-01T00:00Z; what is finer is dropped.
pub(super) const fn millis(time: DateTime<Utc>) -> i64 {
    time.timestamp_millis()
}

/// Whole milliseconds; what is finer is dropped.
pub(super) fn elapsed_millis(elapsed: Duration) -> i64 {
    i64::try_from(elapsed.as_millis()).unwrap_or(i64::MAX)
}

/// Discord's ids have no sign, SQLite's integers have one: the bits are the same.
pub(super) const fn column(id: u64) -> i64 {
    id.cast_signed()
}

/// The reverse of [`column`].
pub(super) const fn id(column: i64) -> u64 {
    column.cast_unsigned()
}

/// JSON of a value that is text, numbers and lists of them.
pub(super) fn json(value: &impl Serialize) -> Result<String, Fault> {
    // Only a map whose keys are no texts can fail, and none is kept.
    serde_json::to_string(value).map_err(|error| Fault::Other(sqlx::Error::Encode(Box::new(error))))
}

/// JSON of a list, and nothing of an empty one, as most are.
pub(super) fn json_list<T: Serialize>(list: &[T]) -> Result<Option<String>, Fault> {
    if list.is_empty() { Ok(None) } else { json(&list).map(Some) }
}

/// JSON has no word for what is no finite number, and would read `null` where a number stands: such a value is kept as the
/// text that a person would have read.
pub(super) fn finite_measurement(measurement: &Measurement) -> Measurement {
    let mut measurement = measurement.clone();
    if let Value::Quantity(quantity) = &measurement.value
        && !quantity.value.is_finite()
    {
        measurement.value = Value::Text(quantity.to_string());
    }
    measurement.says = measurement.says.as_ref().map(finite_message);
    measurement
}

/// The same for the numbers in a sentence.
pub(super) fn finite_message(message: &Message) -> Message {
    let mut message = message.clone();
    for arg in message.args.values_mut() {
        match arg {
            Arg::Quantity(quantity) if !quantity.value.is_finite() => *arg = Arg::Text(quantity.to_string()),
            Arg::Message(inner) => *inner = finite_message(inner),
            Arg::Quantity(_) | Arg::Text(_) | Arg::Localised(_) | Arg::Time(_) => {}
        }
    }
    message
}

/// Reads the columns of one row, and names the row when one of them is no value.
pub(super) struct Reader {
    table: &'static str,
    key: String,
}

impl Reader {
    /// Of the row `key` of `table`.
    pub(super) fn new(table: &'static str, key: impl std::fmt::Display) -> Self {
        Self { table, key: key.to_string() }
    }

    /// The row cannot be read: `cause`.
    pub(super) fn fault(&self, cause: impl std::fmt::Display) -> Fault {
        Fault::unreadable(self.table, &self.key, cause)
    }

    /// The value in `column`, where there must be one.
    pub(super) fn given<T>(&self, column: &str, value: Option<T>) -> Result<T, Fault> {
        value.ok_or_else(|| self.fault(format_args!("{column} is missing")))
    }

    /// The value whose name stands in `column`.
    pub(super) fn named<T>(&self, column: &str, name: &str, from_name: fn(&str) -> Option<T>) -> Result<T, Fault> {
        from_name(name).ok_or_else(|| self.fault(format_args!("{column} is `{name}`")))
    }

    /// The time in `column`.
    pub(super) fn time(&self, column: &str, millis: i64) -> Result<DateTime<Utc>, Fault> {
        DateTime::from_timestamp_millis(millis).ok_or_else(|| self.fault(format_args!("{column} is {millis}")))
    }

    /// The span of time in `column`.
    pub(super) fn elapsed(&self, column: &str, millis: i64) -> Result<Duration, Fault> {
        u64::try_from(millis).map(Duration::from_millis).map_err(|_| self.fault(format_args!("{column} is {millis}")))
    }

    /// The value in the JSON of `column`.
    pub(super) fn json<T: DeserializeOwned>(&self, column: &str, json: &str) -> Result<T, Fault> {
        serde_json::from_str(json).map_err(|error| self.fault(format_args!("{column}: {error}")))
    }

    /// The list in the JSON of `column`; the reverse of [`json_list`].
    pub(super) fn json_list<T: DeserializeOwned>(&self, column: &str, json: Option<&str>) -> Result<Vec<T>, Fault> {
        json.map_or_else(|| Ok(Vec::new()), |json| self.json(column, json))
    }
}
