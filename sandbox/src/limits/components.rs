//! Limits of buttons and selects in a message.

use std::collections::HashSet;

use serde_json::Value;

use super::{list, optional_number, optional_text, required_text};
use crate::api_error::{Place, Problems};
use crate::payload::kind;

const MOST_ROWS: usize = 5;
const MOST_IN_ROW: usize = 5;
const MOST_OPTIONS: usize = 25;
const CUSTOM_ID: (usize, usize) = (1, 100);
const BUTTON_LABEL: (usize, usize) = (0, 80);
const PLACEHOLDER: (usize, usize) = (0, 150);
const OPTION_TEXT: (usize, usize) = (1, 100);

pub(super) fn check(problems: &mut Problems, body: &Value, root: &Place) {
    let place = root.key("components");
    let rows = list(problems, body, root, "components");
    if rows.len() > MOST_ROWS {
        problems.length(&place, (1, MOST_ROWS));
    }
    let mut seen = HashSet::new();
    for (index, row) in rows.iter().enumerate() {
        check_row(problems, row, &place.at(index), &mut seen);
    }
}

fn check_row<'a>(problems: &mut Problems, row: &'a Value, place: &Place, seen: &mut HashSet<&'a str>) {
    if row["type"] != kind::ROW {
        let words = format!("Value of field \"type\" must be one of ({},).", kind::ROW);
        problems.add(&place.key("type"), "UNION_TYPE_CHOICES", words);
        return;
    }
    let inner = place.key("components");
    let children = list(problems, row, place, "components");
    if children.is_empty() || children.len() > MOST_IN_ROW {
        problems.length(&inner, (1, MOST_IN_ROW));
    }
    let selects = children.iter().filter(|child| is_select(child)).count();
    if selects > 1 || (selects == 1 && children.len() > 1) {
        problems.add(
            &inner.at(1),
            "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
            "The specified component exceeds the maximum width",
        );
    }
    for (index, child) in children.iter().enumerate() {
        let here = inner.at(index);
        if is_select(child) {
            check_select(problems, child, &here);
        } else if child["type"] == kind::BUTTON {
            check_button(problems, child, &here);
        } else {
            let words = "Value of field \"type\" must be one of (2, 3, 5, 6, 7, 8).";
            problems.add(&here.key("type"), "UNION_TYPE_CHOICES", words);
        }
        unique_custom_id(problems, child, &here, seen);
    }
}

fn is_select(component: &Value) -> bool {
    component["type"].as_u64().and_then(|number| u8::try_from(number).ok()).is_some_and(kind::is_select)
}

pub(super) fn unique_custom_id<'a>(
    problems: &mut Problems,
    component: &'a Value,
    place: &Place,
    seen: &mut HashSet<&'a str>,
) {
    let Some(custom_id) = component["custom_id"].as_str() else { return };
    if !seen.insert(custom_id) {
        problems.add(
            &place.key("custom_id"),
            "COMPONENT_CUSTOM_ID_DUPLICATED",
            "Component custom id cannot be duplicated",
        );
    }
}

fn check_button(problems: &mut Problems, button: &Value, place: &Place) {
    optional_text(problems, button, place, "label", BUTTON_LABEL);
    match button["style"].as_u64() {
        Some(1..=4) => required_text(problems, button, place, "custom_id", CUSTOM_ID),
        Some(5) => required_text(problems, button, place, "url", (1, 512)),
        Some(6) => required_text(problems, button, place, "sku_id", (1, 20)),
        _ => {
            let words = "Value must be one of {1, 2, 3, 4, 5, 6}.";
            problems.add(&place.key("style"), "BASE_TYPE_CHOICES", words);
        }
    }
    let wordless = super::length_of(&button["label"]) == 0;
    if wordless && button["emoji"].is_null() && button["style"] != 6 {
        problems.add(
            place,
            "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED",
            "A button must have either a label or an emoji",
        );
    }
}

fn check_select(problems: &mut Problems, select: &Value, place: &Place) {
    required_text(problems, select, place, "custom_id", CUSTOM_ID);
    optional_text(problems, select, place, "placeholder", PLACEHOLDER);
    optional_number(problems, select, place, "min_values", (0, 25));
    optional_number(problems, select, place, "max_values", (1, 25));
    if select["type"] != kind::STRING_SELECT {
        return;
    }
    let inner = place.key("options");
    let options = list(problems, select, place, "options");
    if options.is_empty() || options.len() > MOST_OPTIONS {
        problems.length(&inner, (1, MOST_OPTIONS));
    }
    if select["max_values"].as_u64().is_some_and(|most| usize::try_from(most).is_ok_and(|most| most > options.len())) {
        let words = format!("Must be {} or fewer, the number of options.", options.len());
        problems.add(&place.key("max_values"), "SELECT_COMPONENT_MAX_VALUES_TOO_LARGE", words);
    }
    let mut values = HashSet::new();
    for (index, option) in options.iter().enumerate() {
        let here = inner.at(index);
        required_text(problems, option, &here, "label", OPTION_TEXT);
        required_text(problems, option, &here, "value", OPTION_TEXT);
        optional_text(problems, option, &here, "description", (0, 100));
        if option["value"].as_str().is_some_and(|value| !values.insert(value)) {
            problems.add(
                &here.key("value"),
                "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
                "The specified option value is already used",
            );
        }
    }
}
