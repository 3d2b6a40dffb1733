//! Limits of modals and of autocompletion.

use std::collections::HashSet;

use serde_json::Value;

use super::components::unique_custom_id;
use super::{list, optional_number, optional_text, required_text};
use crate::api_error::{ApiError, Place, Problems};
use crate::payload::kind;

const MOST_INPUTS: usize = 5;
const TITLE: (usize, usize) = (1, 45);
const CUSTOM_ID: (usize, usize) = (1, 100);
const LABEL: (usize, usize) = (1, 45);
const PLACEHOLDER: (usize, usize) = (0, 100);
const VALUE: (usize, usize) = (0, 4000);
const MOST_CHOICES: usize = 25;

/// Checks the `data` of a modal answer.
pub(crate) fn check_modal(data: &Value) -> Result<(), ApiError> {
    let mut problems = Problems::default();
    let place = Place::default().key("data");
    required_text(&mut problems, data, &place, "title", TITLE);
    required_text(&mut problems, data, &place, "custom_id", CUSTOM_ID);
    let inner = place.key("components");
    let rows = list(&mut problems, data, &place, "components");
    if rows.is_empty() || rows.len() > MOST_INPUTS {
        problems.length(&inner, (1, MOST_INPUTS));
    }
    let mut seen = HashSet::new();
    for (index, row) in rows.iter().enumerate() {
        check_row(&mut problems, row, &inner.at(index), &mut seen);
    }
    problems.into_result()
}

fn check_row<'a>(problems: &mut Problems, row: &'a Value, place: &Place, seen: &mut HashSet<&'a str>) {
    if row["type"] == kind::LABEL {
        required_text(problems, row, place, "label", LABEL);
        let here = place.key("component");
        check_input(problems, &row["component"], &here, false);
        unique_custom_id(problems, &row["component"], &here, seen);
        return;
    }
    if row["type"] != kind::ROW {
        problems.add(&place.key("type"), "UNION_TYPE_CHOICES", "Value of field \"type\" must be one of (1, 18).");
        return;
    }
    let inner = place.key("components");
    let children = list(problems, row, place, "components");
    if children.len() != 1 {
        problems.length(&inner, (1, 1));
    }
    for (index, child) in children.iter().enumerate() {
        check_input(problems, child, &inner.at(index), true);
        unique_custom_id(problems, child, &inner.at(index), seen);
    }
}

fn check_input(problems: &mut Problems, input: &Value, place: &Place, labelled: bool) {
    required_text(problems, input, place, "custom_id", CUSTOM_ID);
    if input["type"] != kind::TEXT_INPUT {
        if labelled {
            problems.add(&place.key("type"), "UNION_TYPE_CHOICES", "Value of field \"type\" must be one of (4,).");
        }
        return;
    }
    if labelled {
        required_text(problems, input, place, "label", LABEL);
    }
    if !matches!(input["style"].as_u64(), Some(1 | 2)) {
        problems.add(&place.key("style"), "BASE_TYPE_CHOICES", "Value must be one of {1, 2}.");
    }
    optional_text(problems, input, place, "placeholder", PLACEHOLDER);
    optional_text(problems, input, place, "value", VALUE);
    optional_number(problems, input, place, "min_length", (0, 4000));
    optional_number(problems, input, place, "max_length", (1, 4000));
}

/// Checks the `data` of an autocompletion answer.
pub(crate) fn check_choices(data: &Value) -> Result<(), ApiError> {
    let mut problems = Problems::default();
    let place = Place::default().key("data");
    let inner = place.key("choices");
    let choices = list(&mut problems, data, &place, "choices");
    if choices.len() > MOST_CHOICES {
        problems.length(&inner, (0, MOST_CHOICES));
    }
    for (index, choice) in choices.iter().enumerate() {
        required_text(&mut problems, choice, &inner.at(index), "name", (1, 100));
        match &choice["value"] {
            Value::Number(_) => {}
            _ => required_text(&mut problems, choice, &inner.at(index), "value", (1, 100)),
        }
    }
    problems.into_result()
}
