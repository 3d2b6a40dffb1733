//! Every limit at its edge: what is just right passes, one more does not.

use serde_json::{Value, json};

use super::{commands, messages, modals};
use crate::api_error::{ApiError, Place};

fn long(length: usize) -> String {
    "가".repeat(length)
}

fn many(count: usize, item: impl Fn(usize) -> Value) -> Value {
    (0..count).map(item).collect()
}

fn message(body: &Value) -> Result<(), ApiError> {
    messages::check(body, &Place::default())
}

/// The codes of an errors tree, with their places.
fn problems(outcome: Result<(), ApiError>) -> Vec<String> {
    fn walk(node: &Value, place: &str, found: &mut Vec<String>) {
        for (key, inner) in node.as_object().into_iter().flatten() {
            if key == "_errors" {
                let codes = inner.as_array().into_iter().flatten();
                found.extend(codes.map(|error| format!("{place}: {}", error["code"].as_str().unwrap())));
            } else {
                walk(inner, &format!("{place}.{key}"), found);
            }
        }
    }
    let mut found = vec![];
    if let Err(refusal) = outcome {
        walk(&refusal.body["errors"], "", &mut found);
    }
    found
}

fn button(n: usize) -> Value {
    json!({"type": 2, "style": 1, "label": "b", "custom_id": n.to_string()})
}

fn row(children: &Value) -> Value {
    json!({"components": [{"type": 1, "components": children}]})
}

fn embed(part: &Value) -> Value {
    json!({"embeds": [part]})
}

#[test]
fn messages_at_their_limits() {
    let field = |name: usize, value: usize| json!({"fields": [{"name": long(name), "value": long(value)}]});
    let select = |part: Value| {
        let mut select = json!({"type": 3, "custom_id": "s", "options": [{"label": "a", "value": "a"}]});
        for (key, value) in part.as_object().unwrap() {
            select[key] = value.clone();
        }
        row(&json!([select]))
    };
    let option = |n: usize| json!({"label": "o", "value": n.to_string()});
    let cases: Vec<(&str, Value, Value)> = vec![
        ("content", json!({"content": long(2000)}), json!({"content": long(2001)})),
        (
            "ten embeds",
            json!({"embeds": many(10, |_| json!({"title": "t"}))}),
            json!({"embeds": many(11, |_| json!({"title": "t"}))}),
        ),
        ("title", embed(&json!({"title": long(256)})), embed(&json!({"title": long(257)}))),
        ("trimmed first", embed(&json!({"title": format!("  {}  ", long(256))})), embed(&json!({"title": "   "}))),
        ("description", embed(&json!({"description": long(4096)})), embed(&json!({"description": long(4097)}))),
        ("footer", embed(&json!({"footer": {"text": long(2048)}})), embed(&json!({"footer": {"text": long(2049)}}))),
        ("author", embed(&json!({"author": {"name": long(256)}})), embed(&json!({"author": {"name": long(257)}}))),
        ("field name", embed(&field(256, 1)), embed(&field(257, 1))),
        ("field value", embed(&field(1, 1024)), embed(&field(1, 1025))),
        ("empty field value", embed(&field(1, 1)), embed(&field(1, 0))),
        (
            "fields",
            embed(&json!({"fields": many(25, |_| json!({"name": "n", "value": "v"}))})),
            embed(&json!({"fields": many(26, |_| json!({"name": "n", "value": "v"}))})),
        ),
        ("empty embed", embed(&json!({"title": "t"})), embed(&json!({}))),
        ("undefined title", embed(&json!({"title": "t"})), embed(&json!({"title": null}))),
        (
            "6000 in all",
            json!({"embeds": [{"description": long(3000)}, {"description": long(3000)}]}),
            json!({"embeds": [{"description": long(3000)}, {"description": long(3000), "title": "x"}]}),
        ),
        (
            "color",
            embed(&json!({"title": "t", "color": 0xFF_FFFF})),
            embed(&json!({"title": "t", "color": 0x100_0000})),
        ),
        (
            "timestamp",
            embed(&json!({"title": "t", "timestamp": "2026-11-02T00:00:00Z"})),
            embed(&json!({"title": "t", "timestamp": "today"})),
        ),
        (
            "picture",
            embed(&json!({"image": {"url": "attachment://a.png"}})),
            embed(&json!({"image": {"url": "file:///etc"}})),
        ),
        (
            "rows",
            json!({"components": many(5, |n| json!({"type": 1, "components": [button(n)]}))}),
            json!({"components": many(6, |n| json!({"type": 1, "components": [button(n)]}))}),
        ),
        ("buttons in a row", row(&many(5, button)), row(&many(6, button))),
        ("an empty row", row(&many(1, button)), row(&json!([]))),
        (
            "custom_id",
            row(&json!([{"type": 2, "style": 1, "label": "b", "custom_id": long(100)}])),
            row(&json!([{"type": 2, "style": 1, "label": "b", "custom_id": long(101)}])),
        ),
        ("custom_id is unique", row(&many(2, button)), row(&many(2, |_| button(0)))),
        (
            "label",
            row(&json!([{"type": 2, "style": 1, "label": long(80), "custom_id": "x"}])),
            row(&json!([{"type": 2, "style": 1, "label": long(81), "custom_id": "x"}])),
        ),
        (
            "button without words",
            row(&json!([{"type": 2, "style": 1, "emoji": {"name": "✅"}, "custom_id": "x"}])),
            row(&json!([{"type": 2, "style": 1, "custom_id": "x"}])),
        ),
        (
            "link",
            row(&json!([{"type": 2, "style": 5, "label": "l", "url": "https://discord.com"}])),
            row(&json!([{"type": 2, "style": 5, "label": "l"}])),
        ),
        ("a select alone", select(json!({})), row(&json!([{"type": 5, "custom_id": "u"}, button(1)]))),
        ("options", select(json!({"options": many(25, option)})), select(json!({"options": many(26, option)}))),
        ("no options", select(json!({})), select(json!({"options": []}))),
        (
            "option values differ",
            select(json!({"options": many(2, option)})),
            select(json!({"options": many(2, |_| option(1))})),
        ),
        (
            "option label",
            select(json!({"options": [{"label": long(100), "value": "v"}]})),
            select(json!({"options": [{"label": long(101), "value": "v"}]})),
        ),
        ("placeholder", select(json!({"placeholder": long(150)})), select(json!({"placeholder": long(151)}))),
        ("max_values", select(json!({"max_values": 1})), select(json!({"max_values": 2}))),
        ("nonce", json!({"nonce": "n".repeat(25)}), json!({"nonce": "n".repeat(26)})),
        (
            "mentions exclude each other",
            json!({"allowed_mentions": {"parse": ["roles"], "users": ["1"]}}),
            json!({"allowed_mentions": {"parse": ["users"], "users": ["1"]}}),
        ),
    ];
    for (name, good, bad) in cases {
        assert_eq!(problems(message(&good)), Vec::<String>::new(), "{name}");
        assert!(message(&bad).is_err(), "{name}: one more passes");
    }
}

#[test]
fn the_place_is_named() {
    let twice = message(&row(&many(2, |_| button(0))));
    assert_eq!(problems(twice), [".components.0.components.1.custom_id: COMPONENT_CUSTOM_ID_DUPLICATED"]);
    let sum = message(&json!({"embeds": [{"description": long(4096)}, {"description": long(4096)}]}));
    assert_eq!(problems(sum), [".embeds: MAX_EMBED_SIZE_EXCEEDED"]);
}

#[test]
fn modals_at_their_limits() {
    let input = |part: Value| {
        let mut input = json!({"type": 4, "custom_id": "i", "style": 1, "label": "l"});
        for (key, value) in part.as_object().unwrap() {
            input[key] = value.clone();
        }
        json!({"type": 1, "components": [input]})
    };
    let modal = |title: usize, rows: Value| json!({"custom_id": "m", "title": long(title), "components": rows});
    let one = |part: Value| modal(1, json!([input(part)]));
    let numbered = |n: usize| input(json!({"custom_id": n.to_string()}));
    for (name, good, bad) in [
        ("title", modal(45, json!([input(json!({}))])), modal(46, json!([input(json!({}))]))),
        ("inputs", modal(1, many(5, numbered)), modal(1, many(6, numbered))),
        ("no inputs", modal(1, many(1, numbered)), modal(1, json!([]))),
        ("label", one(json!({"label": long(45)})), one(json!({"label": long(46)}))),
        ("placeholder", one(json!({"placeholder": long(100)})), one(json!({"placeholder": long(101)}))),
        ("value", one(json!({"value": long(4000)})), one(json!({"value": long(4001)}))),
        ("max_length", one(json!({"max_length": 4000})), one(json!({"max_length": 4001}))),
        ("style", one(json!({"style": 2})), one(json!({"style": 3}))),
        ("a button in a modal", one(json!({})), modal(1, json!([{"type": 1, "components": [button(1)]}]))),
    ] {
        assert_eq!(problems(modals::check_modal(&good)), Vec::<String>::new(), "{name}");
        assert!(modals::check_modal(&bad).is_err(), "{name}: one more passes");
    }
    let choices = |count: usize| json!({"choices": many(count, |n| json!({"name": "n", "value": n}))});
    assert!(modals::check_choices(&choices(25)).is_ok());
    assert!(modals::check_choices(&choices(26)).is_err());
}

#[test]
fn commands_at_their_limits() {
    let command = |part: Value| {
        let mut command = json!({"name": "daily", "description": "d"});
        for (key, value) in part.as_object().unwrap() {
            command[key] = value.clone();
        }
        command
    };
    let option = |n: usize| json!({"type": 3, "name": format!("o{n}"), "description": "d"});
    let choice = |n: usize| json!({"name": n.to_string(), "value": n.to_string()});
    let choosing = |count: usize| json!({"options": [{"type": 3, "name": "o", "description": "d", "choices": many(count, choice)}]});
    let heavy = |values: usize| {
        let option = |n: usize| {
            json!({"type": 3, "name": format!("o{n}"), "description": "d",
                "choices": many(25, |c| json!({"name": format!("{c:02}"), "value": "v".repeat(values)}))})
        };
        json!({"options": many(4, option)})
    };
    for (name, good, bad) in [
        ("name", json!({"name": long(32)}), json!({"name": long(33)})),
        ("lower case", json!({"name": "점검-2"}), json!({"name": "Daily"})),
        ("no blanks", json!({"name": "a_b'c"}), json!({"name": "a b"})),
        ("description", json!({"description": long(100)}), json!({"description": long(101)})),
        ("there is one", json!({}), json!({"description": ""})),
        ("options", json!({"options": many(25, option)}), json!({"options": many(26, option)})),
        ("option names differ", json!({"options": many(2, option)}), json!({"options": many(2, |_| option(1))})),
        ("choices", choosing(25), choosing(26)),
        (
            "required first",
            json!({"options": [{"type": 3, "name": "a", "description": "d", "required": true}, option(1)]}),
            json!({"options": [option(1), {"type": 3, "name": "a", "description": "d", "required": true}]}),
        ),
        (
            "translated name",
            json!({"name_localizations": {"ko": "점검"}}),
            json!({"name_localizations": {"ko": "점 검"}}),
        ),
        ("known language", json!({"name_localizations": {"en-GB": "a"}}), json!({"name_localizations": {"kr": "a"}})),
        ("8000 in all", heavy(77), heavy(79)),
    ] {
        assert_eq!(problems(commands::check(&command(good), &Place::default())), Vec::<String>::new(), "{name}");
        assert!(commands::check(&command(bad), &Place::default()).is_err(), "{name}: one more passes");
    }
}
