//! Conditions as they are written in a file, and what is wrong with one that cannot be understood.

use super::{Located, Table, did_you_mean};
use crate::domain::condition::{Condition, ConditionError, OPERATORS};
use crate::domain::message::Message;
use crate::domain::probe::Measure;
use crate::domain::quantity::{Dimension, QuantityError, unit_names};

/// The conditions that are one word.
const WORDS: [&str; 3] = ["rises", "changed", "new"];

/// The condition that `text` says.
pub fn condition(table: &Table<'_>, text: &Located<String>) -> Option<Condition> {
    match Condition::parse(&text.value) {
        Ok(condition) => Some(condition),
        Err(error) => {
            tell(table, text, &error, None);
            None
        }
    }
}

/// Tells what is wrong with a condition, or a part of one, where it stands.
pub fn tell<T: ToString>(table: &Table<'_>, condition: &Located<T>, error: &ConditionError, measure: Option<&Measure>) {
    let (message, hint) = explain(&condition.value.to_string(), error, measure);
    table.problem_with_hint(condition.span.clone(), message, hint);
}

/// What is wrong with the condition `written`, and how it could be right.
pub fn explain(written: &str, error: &ConditionError, measure: Option<&Measure>) -> (Message, Option<Message>) {
    let (why, hint) = why(error, measure);
    (Message::new("condition-wrong").with("condition", written).with("why", why), hint)
}

fn why(error: &ConditionError, measure: Option<&Measure>) -> (Message, Option<Message>) {
    match error {
        ConditionError::NoOperator(text) => (
            Message::new("condition-no-operator"),
            did_you_mean(text, WORDS).or_else(|| Some(Message::new("condition-operators").with("list", OPERATORS))),
        ),
        ConditionError::NoBound => (Message::new("condition-no-bound"), None),
        ConditionError::MixedRange(_) => (Message::new("condition-mixed-range"), None),
        ConditionError::Quantity(QuantityError::UnknownUnit(unit)) => (
            Message::new("condition-unknown-unit").with("unit", unit.as_str()),
            did_you_mean(unit, unit_names()).or_else(|| {
                let names = unit_names().collect::<Vec<_>>().join(", ");
                Some(Message::new("condition-units").with("names", names))
            }),
        ),
        ConditionError::Quantity(QuantityError::NotANumber(text)) => {
            (Message::new("condition-not-a-number").with("text", text.as_str()), None)
        }
        ConditionError::Pattern(cause) => (Message::new("condition-bad-pattern").with("cause", last_line(cause)), None),
        ConditionError::TextHasNoOrder(text) => {
            (Message::new("condition-text-order").with("text", text.as_str()), None)
        }
        ConditionError::EmptyRange(_) => (Message::new("condition-empty-range"), None),
        ConditionError::UnknownWord { word, known } => (
            Message::new("condition-unknown-word").with("word", word.as_str()),
            did_you_mean(word, known.iter().copied())
                .or_else(|| Some(Message::new("condition-words").with("names", known.join(", ")))),
        ),
        ConditionError::Impossible(_) => (Message::new("condition-impossible"), None),
        ConditionError::WrongDimension { measure: expected, .. } => {
            let name = measure.map_or_else(String::new, |measure| measure.name.clone());
            let what = expected.map_or("dimension-text", dimension_key);
            (Message::new("condition-dimension").with("measure", name).with("dimension", Message::new(what)), None)
        }
    }
}

/// A regular expression's error draws the place over several lines; the last one says what is wrong.
pub fn last_line(cause: &str) -> String {
    cause.lines().last().unwrap_or(cause).trim_start_matches("error: ").to_owned()
}

const fn dimension_key(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::Count => "dimension-count",
        Dimension::Percent => "dimension-percent",
        Dimension::Bytes => "dimension-bytes",
        Dimension::Time => "dimension-time",
        Dimension::Dollars => "dimension-dollars",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_is_nearly_a_condition_is_told_as_that() {
        let hint = |text: &str| explain(text, &Condition::parse(text).unwrap_err(), None).1.unwrap();
        for (written, meant) in [("rise", "rises"), ("changes", "changed")] {
            assert_eq!(hint(written), Message::new("file-did-you-mean").with("word", meant));
        }
        for text in ["soon", "80 %", "<> 80 %"] {
            assert_eq!(hint(text).key, "condition-operators", "{text}");
        }
    }
}
