//! Discord's documented limits, checked on the raw body so that each refusal names its place as Discord does.
//!
//! The figures are those of Discord's API documentation; where its OpenAPI document is laxer, the documentation's stand.
//! Lengths are counted in Unicode characters.

pub(crate) mod commands;
pub(crate) mod components;
pub(crate) mod embeds;
pub(crate) mod messages;
pub(crate) mod modals;
#[cfg(test)]
mod tests;

use serde_json::Value;

use crate::api_error::{Place, Problems};

/// Checks an optional text: absent and null pass, another type or a bad length does not.
pub(crate) fn optional_text(problems: &mut Problems, holder: &Value, place: &Place, key: &str, bounds: (usize, usize)) {
    match &holder[key] {
        Value::Null => {}
        Value::String(text) => bounded(problems, &place.key(key), text, bounds),
        _ => problems.add(&place.key(key), "BASE_TYPE_STRING", "Could not interpret value as string."),
    }
}

/// Checks a text that must be there.
pub(crate) fn required_text(problems: &mut Problems, holder: &Value, place: &Place, key: &str, bounds: (usize, usize)) {
    match &holder[key] {
        Value::Null => problems.missing(&place.key(key)),
        _ => optional_text(problems, holder, place, key, bounds),
    }
}

fn bounded(problems: &mut Problems, place: &Place, text: &str, (least, most): (usize, usize)) {
    let length = text.trim().chars().count();
    if length == 0 && least > 0 {
        problems.missing(place);
    } else if length < least || length > most {
        problems.length(place, (least, most));
    }
}

/// The list at a key; absent and null are the empty list, anything else is a problem.
pub(crate) fn list<'a>(problems: &mut Problems, holder: &'a Value, place: &Place, key: &str) -> &'a [Value] {
    match &holder[key] {
        Value::Null => &[],
        Value::Array(items) => items,
        _ => {
            problems.add(&place.key(key), "BASE_TYPE_LIST", "Only iterables may be used in a ListType");
            &[]
        }
    }
}

/// Checks an optional whole number against bounds.
pub(crate) fn optional_number(problems: &mut Problems, holder: &Value, place: &Place, key: &str, bounds: (u64, u64)) {
    match (&holder[key], holder[key].as_u64()) {
        (Value::Null, _) => {}
        (_, Some(number)) if (bounds.0..=bounds.1).contains(&number) => {}
        (_, Some(number)) if number < bounds.0 => problems.add(
            &place.key(key),
            "NUMBER_TYPE_MIN",
            format!("int value should be greater than or equal to {}.", bounds.0),
        ),
        (Value::Number(_), _) => problems.add(
            &place.key(key),
            "NUMBER_TYPE_MAX",
            format!("int value should be less than or equal to {}.", bounds.1),
        ),
        _ => problems.add(&place.key(key), "NUMBER_TYPE_COERCE", format!("Value \"{}\" is not int.", holder[key])),
    }
}

/// Length of an optional text in characters, after trimming.
pub(crate) fn length_of(value: &Value) -> usize {
    value.as_str().map_or(0, |text| text.trim().chars().count())
}
