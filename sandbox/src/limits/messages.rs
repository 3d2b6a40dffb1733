//! Limits of a message as a whole.

use serde_json::Value;

use super::{components, embeds, optional_text};
use crate::api_error::{ApiError, Place, Problems};

const CONTENT: (usize, usize) = (0, 2000);
const NONCE: usize = 25;
const MOST_ATTACHMENTS: usize = 10;

/// Checks the body of a message; `root` is where it stands in the request (`data` in an interaction's answer).
pub(crate) fn check(body: &Value, root: &Place) -> Result<(), ApiError> {
    let mut problems = Problems::default();
    optional_text(&mut problems, body, root, "content", CONTENT);
    embeds::check(&mut problems, body, root);
    components::check(&mut problems, body, root);
    check_nonce(&mut problems, body, root);
    check_mentions(&mut problems, &body["allowed_mentions"], &root.key("allowed_mentions"));
    if super::list(&mut problems, body, root, "attachments").len() > MOST_ATTACHMENTS {
        problems.length(&root.key("attachments"), (0, MOST_ATTACHMENTS));
    }
    problems.into_result()
}

fn check_nonce(problems: &mut Problems, body: &Value, root: &Place) {
    let length = match &body["nonce"] {
        Value::String(text) => text.chars().count(),
        Value::Number(number) => number.to_string().len(),
        _ => 0,
    };
    if length > NONCE {
        problems.add(&root.key("nonce"), "NONCE_TYPE_TOO_LONG", format!("Must be {NONCE} or fewer in length."));
    }
}

/// `parse` and a list of the same kind exclude each other.
fn check_mentions(problems: &mut Problems, allowed: &Value, place: &Place) {
    let parses = |kind: &str| allowed["parse"].as_array().is_some_and(|kinds| kinds.iter().any(|given| given == kind));
    for kind in ["users", "roles"] {
        let listed = allowed[kind].as_array().map_or(0, Vec::len);
        if listed > 100 {
            problems.length(&place.key(kind), (0, 100));
        }
        if listed > 0 && parses(kind) {
            let words = format!("parse:[\"{kind}\"] and {kind}: [ids...] are mutually exclusive.");
            problems.add(place, "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", words);
        }
    }
}
