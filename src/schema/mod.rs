//! What may stand in `bot.toml` and in command files, for editors and for the reference: JSON Schemas, made of `keys.toml`.
//!
//! The loader asks key by key and says more than a schema can; the two are held together by a test, which compares the
//! keys that the loader asks for with those of `keys.toml`, table by table.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value, json};

/// One key: what stands there, and what it says.
#[derive(Clone, Debug, Deserialize)]
#[serde(from = "(String, String)")]
pub struct Key {
    /// What stands there, in the words of `keys.toml`.
    pub form: String,
    /// Whether it must be there.
    pub required: bool,
    /// What it says.
    pub about: String,
}

impl From<(String, String)> for Key {
    fn from((form, about): (String, String)) -> Self {
        let required = form.ends_with('!');
        Self { form: form.trim_end_matches('!').to_owned(), required, about }
    }
}

/// The keys of one table, by name.
pub type Keys = BTreeMap<String, Key>;

/// Every table.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Tables {
    /// The probes, by kind; `kind` itself is left out.
    pub probe: BTreeMap<String, Keys>,
    /// The steps of actions, by kind; `kind` itself is left out.
    pub doing: BTreeMap<String, Keys>,
    /// The other tables, by name: `bot` and those in it, `checklist`, `action`, `runbook`.
    #[serde(flatten)]
    pub table: BTreeMap<String, Keys>,
}

/// Every key of every table.
pub fn tables() -> Tables {
    toml::from_str(include_str!("keys.toml")).unwrap_or_else(|error| {
        tracing::error!(%error, "src/schema/keys.toml");
        Tables::default()
    })
}

/// The kinds of command files.
pub const KINDS: [&str; 3] = ["checklist", "action", "runbook"];

const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// The schema of `bot.toml`.
pub fn bot() -> Value {
    let tables = tables();
    json!({
        "$schema": DIALECT,
        "title": "signoff: bot.toml",
        "$ref": "#/$defs/bot",
        "$defs": definitions(&tables),
    })
}

/// The schema of a command file. What is off may hold anything.
pub fn command() -> Value {
    let tables = tables();
    let of_kind = |kind: &str| {
        json!({
            "if": { "properties": { "kind": { "const": kind } }, "required": ["kind"] },
            "then": { "$ref": format!("#/$defs/{kind}") },
        })
    };
    json!({
        "$schema": DIALECT,
        "title": "signoff: a command file",
        "type": "object",
        "required": ["kind"],
        "properties": { "kind": { "enum": KINDS } },
        "if": { "properties": { "enabled": { "const": false } }, "required": ["enabled"] },
        "else": { "allOf": KINDS.map(of_kind) },
        "$defs": definitions(&tables),
    })
}

fn definitions(tables: &Tables) -> Map<String, Value> {
    let mut all: Map<String, Value> =
        tables.table.iter().map(|(name, keys)| (name.clone(), object(keys, None))).collect();
    all.extend(by_kind("probe", &tables.probe, None));
    all.extend(by_kind("step", &tables.doing, Some(USUAL_STEP)));
    all
}

/// The kind of a step that says none.
const USUAL_STEP: &str = "run";

/// A table whose keys are those of its kind; where it says none, it is of the `usual` one.
fn by_kind(name: &str, kinds: &BTreeMap<String, Keys>, usual: Option<&str>) -> Map<String, Value> {
    let must: &[&str] = if usual.is_none() { &["kind"] } else { &[] };
    let of_kind = kinds.keys().map(|kind| {
        let must: &[&str] = if usual == Some(kind) { &[] } else { &["kind"] };
        json!({
            "if": { "properties": { "kind": { "const": kind } }, "required": must },
            "then": { "$ref": format!("#/$defs/{name}.{kind}") },
        })
    });
    let whole = json!({
        "type": "object",
        "required": must,
        "properties": { "kind": { "enum": kinds.keys().collect::<Vec<_>>() } },
        "allOf": of_kind.collect::<Vec<_>>(),
    });
    let of_each = kinds.iter().map(|(kind, keys)| {
        let mut table = object(keys, Some(kind));
        if usual == Some(kind)
            && let Some(required) = table.get_mut("required").and_then(Value::as_array_mut)
        {
            required.retain(|key| key != "kind");
        }
        (format!("{name}.{kind}"), table)
    });
    of_each.chain([(name.to_owned(), whole)]).collect()
}

/// A table. One that is a probe says of which `kind`.
fn object(keys: &Keys, kind: Option<&str>) -> Value {
    let mut properties: Map<String, Value> = keys.iter().map(|(name, key)| (name.clone(), property(key))).collect();
    let mut required: Vec<&str> = keys.iter().filter(|(_, key)| key.required).map(|(name, _)| name.as_str()).collect();
    if let Some(kind) = kind {
        properties.insert("kind".into(), json!({ "const": kind }));
        required.push("kind");
    }
    json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

fn property(key: &Key) -> Value {
    let mut value = form(&key.form);
    if let Value::Object(value) = &mut value {
        value.insert("description".into(), key.about.clone().into());
    }
    value
}

/// What stands in a place of this form.
fn form(form: &str) -> Value {
    if let Some(each) = form.strip_suffix("-of-each") {
        return json!({ "type": "object", "additionalProperties": self::form(each) });
    }
    if let Some(name) = form.strip_prefix("[[").and_then(|rest| rest.strip_suffix("]]")) {
        return json!({ "type": "array", "items": { "$ref": format!("#/$defs/{name}") } });
    }
    if let Some(name) = form.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return json!({ "$ref": format!("#/$defs/{name}") });
    }
    match form {
        "flag" => json!({ "type": "boolean" }),
        "integer" => json!({ "type": "integer" }),
        "texts" => json!({ "type": "array", "items": { "type": "string" } }),
        "localised" | "secret" => json!({ "$ref": format!("#/$defs/{form}") }),
        "probe" => json!({ "anyOf": [{ "type": "string" }, { "$ref": "#/$defs/probe" }] }),
        "id" => json!({ "type": "string", "pattern": "^[0-9]{1,20}$" }),
        "url" => json!({ "type": "string", "pattern": "^https?://" }),
        "duration" => json!({ "type": "string", "pattern": r"^\s*[0-9][0-9._]*\s*(ms|s|min|h|d)\s*$" }),
        "text" | "path" | "condition" | "amount" => json!({ "type": "string" }),
        words => {
            let words: Vec<&str> = words.split('|').collect();
            json!({ "enum": words })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::action::Step;
    use crate::domain::probe::Probe;

    #[test]
    fn every_kind_of_probe_has_its_keys_and_every_form_is_known() {
        let tables: Tables = toml::from_str(include_str!("keys.toml")).unwrap();
        let mut kinds = Probe::KINDS.to_vec();
        kinds.sort_unstable();
        assert_eq!(tables.probe.keys().map(String::as_str).collect::<Vec<_>>(), kinds);
        let mut steps = Step::KINDS.to_vec();
        steps.sort_unstable();
        assert_eq!(tables.doing.keys().map(String::as_str).collect::<Vec<_>>(), steps);
        for (name, key) in tables.table.values().chain(tables.probe.values()).chain(tables.doing.values()).flatten() {
            let told = form(&key.form).to_string();
            for named in told.split("#/$defs/").skip(1).filter_map(|rest| rest.split('"').next()) {
                let known = tables.table.contains_key(named) || matches!(named, "probe" | "step");
                assert!(known, "{name} names {named}, which is no table");
            }
            assert!(
                !key.about.is_empty() && key.about.ends_with(['.', '…']) || key.about.contains(':'),
                "{name}: {}",
                key.about
            );
        }
    }
}
