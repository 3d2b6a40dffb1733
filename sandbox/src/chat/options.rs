//! What a person types after a slash command, as the client turns it into options.

use serde_json::{Value, json};

use super::resolve::Resolved;
use crate::id::Id;
use crate::world::World;

/// The option that is being typed, when completing.
pub(crate) struct Typed<'a> {
    pub(crate) pairs: &'a [(&'a str, &'a str)],
    /// The last pair is not finished: its text goes out as it is, marked.
    pub(crate) last_is_open: bool,
    pub(crate) asker: Id,
    pub(crate) locale: &'a str,
}

/// Whether a person with this locale would call the thing so.
pub(crate) fn is_called(thing: &Value, name: &str, locale: &str) -> bool {
    thing["name"] == name || thing["name_localizations"][locale] == name
}

/// The `data` of a command: `words` are the subcommands after its name.
pub(crate) fn command_data(
    world: &World,
    id: Id,
    spec: &Value,
    words: &[&str],
    typed: &Typed<'_>,
    guild: Option<Id>,
) -> Result<Value, String> {
    let mut resolved = Resolved::default();
    let mut data = json!({"id": id, "name": spec["name"], "type": 1});
    if let Some(guild) = guild {
        data["guild_id"] = json!(guild);
    }
    let options = level(world, spec, words, typed, &mut resolved)?;
    if options.as_array().is_some_and(|options| !options.is_empty()) {
        data["options"] = options;
    }
    resolved.add_to(&mut data);
    Ok(data)
}

fn level(
    world: &World,
    holder: &Value,
    words: &[&str],
    typed: &Typed<'_>,
    resolved: &mut Resolved,
) -> Result<Value, String> {
    let defined = holder["options"].as_array().map(Vec::as_slice).unwrap_or_default();
    let has_subcommands = defined.iter().any(|option| matches!(option["type"].as_u64(), Some(1 | 2)));
    match words.split_first() {
        Some((word, rest)) => {
            let sub = defined
                .iter()
                .find(|option| matches!(option["type"].as_u64(), Some(1 | 2)) && is_called(option, word, typed.locale));
            let sub = sub.ok_or_else(|| format!("there is no subcommand {word}; there are: {}", names(defined)))?;
            let inner = level(world, sub, rest, typed, resolved)?;
            Ok(json!([{"type": sub["type"], "name": sub["name"], "options": inner}]))
        }
        None if has_subcommands => Err(format!("one of its subcommands must be named: {}", names(defined))),
        None => plain_options(world, defined, typed, resolved),
    }
}

fn plain_options(
    world: &World,
    defined: &[Value],
    typed: &Typed<'_>,
    resolved: &mut Resolved,
) -> Result<Value, String> {
    let mut sent = vec![];
    for (index, (name, text)) in typed.pairs.iter().enumerate() {
        let option = defined.iter().find(|option| is_called(option, name, typed.locale));
        let option = option.ok_or_else(|| format!("there is no option {name}; there are: {}", names(defined)))?;
        let open = typed.last_is_open && index + 1 == typed.pairs.len();
        let mut entry = json!({"type": option["type"], "name": option["name"]});
        if open {
            if option["autocomplete"] != true {
                return Err(format!("the option {name} does not complete"));
            }
            (entry["value"], entry["focused"]) = (json!(text), json!(true));
        } else {
            entry["value"] =
                value(world, option, text, typed, resolved).map_err(|why| format!("option {name}: {why}"))?;
        }
        sent.push(entry);
    }
    let given = |option: &&Value| sent.iter().any(|entry| entry["name"] == option["name"]);
    let missing = defined.iter().find(|option| option["required"] == true && !given(option));
    match missing {
        Some(option) if !typed.last_is_open => Err(format!("the option {} is required", option["name"])),
        _ => Ok(Value::Array(sent)),
    }
}

fn value(
    world: &World,
    option: &Value,
    text: &str,
    typed: &Typed<'_>,
    resolved: &mut Resolved,
) -> Result<Value, String> {
    let choices = option["choices"].as_array().map(Vec::as_slice).unwrap_or_default();
    if !choices.is_empty() {
        let taken = choices.iter().find(|c| is_called(c, text, typed.locale) || shows(&c["value"], text));
        return taken
            .map(|choice| choice["value"].clone())
            .ok_or_else(|| format!("{text} is no choice; there are: {}", names(choices)));
    }
    let nobody = |kind: &str| format!("there is no {kind} {text}");
    match option["type"].as_u64() {
        Some(3) => bounded_text(option, text),
        Some(4) => text
            .parse::<i64>()
            .map(|n| json!(n))
            .map_err(|_| format!("{text} is no whole number"))
            .and_then(|n| bounded_number(option, n)),
        Some(10) => text
            .parse::<f64>()
            .map(|n| json!(n))
            .map_err(|_| format!("{text} is no number"))
            .and_then(|n| bounded_number(option, n)),
        Some(5) => text.parse::<bool>().map(|b| json!(b)).map_err(|_| format!("{text} is neither true nor false")),
        Some(6) => resolved.user(world, text).map(|id| json!(id)).ok_or_else(|| nobody("user")),
        Some(7) => resolved.channel(world, text, typed.asker).map(|id| json!(id)).ok_or_else(|| nobody("channel")),
        Some(8) => resolved.role(world, text).map(|id| json!(id)).ok_or_else(|| nobody("role")),
        Some(9) => {
            let found = resolved.user(world, text).or_else(|| resolved.role(world, text));
            found.map(|id| json!(id)).ok_or_else(|| nobody("user or role"))
        }
        _ => Err("options of this type cannot be typed here".to_owned()),
    }
}

/// A choice may be named by its value, too.
fn shows(value: &Value, text: &str) -> bool {
    value.as_str().map_or_else(|| format!("{value}") == text, |own| own == text)
}

fn bounded_text(option: &Value, text: &str) -> Result<Value, String> {
    let length = text.chars().count() as u64;
    let (least, most) = (option["min_length"].as_u64().unwrap_or(0), option["max_length"].as_u64().unwrap_or(6000));
    if (least..=most).contains(&length) {
        Ok(json!(text))
    } else {
        Err(format!("must have {least} to {most} characters"))
    }
}

fn bounded_number(option: &Value, number: Value) -> Result<Value, String> {
    let given = number.as_f64().unwrap_or_default();
    let (least, most) = (option["min_value"].as_f64(), option["max_value"].as_f64());
    let inside = least.is_none_or(|least| given >= least) && most.is_none_or(|most| given <= most);
    if inside { Ok(number) } else { Err(format!("{given} is out of bounds {least:?} to {most:?}")) }
}

fn names(things: &[Value]) -> String {
    let names: Vec<&str> = things.iter().filter_map(|thing| thing["name"].as_str()).collect();
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}
