//! Limits of embeds.

use serde_json::Value;

use super::{length_of, list, optional_text, required_text};
use crate::api_error::{Place, Problems};

/// Characters over all embeds of a message.
const TOTAL: usize = 6000;
const MOST_EMBEDS: usize = 10;
const MOST_FIELDS: usize = 25;
const TITLE: (usize, usize) = (0, 256);
const DESCRIPTION: (usize, usize) = (0, 4096);
const FIELD_NAME: (usize, usize) = (1, 256);
const FIELD_VALUE: (usize, usize) = (1, 1024);
const FOOTER: (usize, usize) = (1, 2048);
const AUTHOR: (usize, usize) = (1, 256);
const LARGEST_COLOR: u64 = 0xFF_FFFF;

pub(super) fn check(problems: &mut Problems, body: &Value, root: &Place) {
    let place = root.key("embeds");
    let embeds = list(problems, body, root, "embeds");
    if embeds.len() > MOST_EMBEDS {
        problems.length(&place, (0, MOST_EMBEDS));
    }
    for (index, embed) in embeds.iter().enumerate() {
        check_one(problems, embed, &place.at(index));
    }
    if embeds.iter().map(size).sum::<usize>() > TOTAL {
        problems.add(&place, "MAX_EMBED_SIZE_EXCEEDED", format!("Embed size exceeds maximum size of {TOTAL}"));
    }
}

fn check_one(problems: &mut Problems, embed: &Value, place: &Place) {
    if !embed.is_object() {
        problems.add(place, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType");
        return;
    }
    optional_text(problems, embed, place, "title", TITLE);
    optional_text(problems, embed, place, "description", DESCRIPTION);
    super::optional_number(problems, embed, place, "color", (0, LARGEST_COLOR));
    if !embed["footer"].is_null() {
        required_text(problems, &embed["footer"], &place.key("footer"), "text", FOOTER);
    }
    if !embed["author"].is_null() {
        required_text(problems, &embed["author"], &place.key("author"), "name", AUTHOR);
    }
    for key in ["image", "thumbnail"] {
        if !embed[key].is_null() {
            required_text(problems, &embed[key], &place.key(key), "url", (1, 2048));
            check_address(problems, &embed[key]["url"], &place.key(key).key("url"));
        }
    }
    check_address(problems, &embed["url"], &place.key("url"));
    check_timestamp(problems, &embed["timestamp"], &place.key("timestamp"));
    let fields_place = place.key("fields");
    let fields = list(problems, embed, place, "fields");
    if fields.len() > MOST_FIELDS {
        problems.length(&fields_place, (0, MOST_FIELDS));
    }
    for (index, field) in fields.iter().enumerate() {
        required_text(problems, field, &fields_place.at(index), "name", FIELD_NAME);
        required_text(problems, field, &fields_place.at(index), "value", FIELD_VALUE);
    }
    if is_empty(embed) {
        problems.missing(&place.key("description"));
    }
}

/// An embed must show something.
fn is_empty(embed: &Value) -> bool {
    let texts = [&embed["title"], &embed["description"], &embed["footer"]["text"], &embed["author"]["name"]];
    texts.into_iter().all(|text| length_of(text) == 0)
        && ["image", "thumbnail"].iter().all(|key| embed[*key].is_null())
        && embed["fields"].as_array().is_none_or(Vec::is_empty)
}

fn check_address(problems: &mut Problems, address: &Value, place: &Place) {
    let Some(text) = address.as_str().filter(|text| !text.is_empty()) else { return };
    if !["http://", "https://", "attachment://"].iter().any(|scheme| text.starts_with(scheme)) {
        problems.add(
            place,
            "URL_TYPE_INVALID_SCHEME",
            format!("Scheme \"{}\" is not supported. Scheme must be one of ('http', 'https').", scheme_of(text)),
        );
    }
}

fn scheme_of(address: &str) -> &str {
    address.split_once(':').map_or("None", |(scheme, _)| scheme)
}

fn check_timestamp(problems: &mut Problems, timestamp: &Value, place: &Place) {
    let Some(text) = timestamp.as_str() else { return };
    if chrono::DateTime::parse_from_rfc3339(text).is_err() {
        problems.add(place, "DATE_TIME_TYPE_PARSE", format!("Could not parse {text}. Should be ISO8601."));
    }
}

fn size(embed: &Value) -> usize {
    let fields = embed["fields"]
        .as_array()
        .map_or(0, |fields| fields.iter().map(|field| length_of(&field["name"]) + length_of(&field["value"])).sum());
    length_of(&embed["title"])
        + length_of(&embed["description"])
        + length_of(&embed["footer"]["text"])
        + length_of(&embed["author"]["name"])
        + fields
}
