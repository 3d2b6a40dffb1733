//! Limits of slash commands.

use std::collections::HashSet;

use serde_json::Value;

use super::{length_of, list, optional_text, required_text};
use crate::api_error::{ApiError, Place, Problems};

const MOST_OPTIONS: usize = 25;
const MOST_CHOICES: usize = 25;
const DESCRIPTION: (usize, usize) = (1, 100);
const CHOICE_NAME: (usize, usize) = (1, 100);
/// Name, description and values of a command with everything in it.
const WHOLE_COMMAND: usize = 8000;
/// Commands of one kind in a guild.
pub(crate) const MOST_COMMANDS: usize = 100;
const LOCALES: [&str; 34] = [
    "ar", "bg", "cs", "da", "de", "el", "en-GB", "en-US", "es-419", "es-ES", "fi", "fr", "he", "hi", "hr", "hu", "id",
    "it", "ja", "ko", "lt", "nl", "no", "pl", "pt-BR", "ro", "ru", "sv-SE", "th", "tr", "uk", "vi", "zh-CN", "zh-TW",
];

/// Checks one command as sent; `root` is where it stands in the request.
pub(crate) fn check(command: &Value, root: &Place) -> Result<(), ApiError> {
    let mut problems = Problems::default();
    check_into(&mut problems, command, root);
    problems.into_result()
}

/// Checks the list of a bulk overwrite.
pub(crate) fn check_all(commands: &[Value]) -> Result<(), ApiError> {
    let mut problems = Problems::default();
    let mut seen = HashSet::new();
    for (index, command) in commands.iter().enumerate() {
        let place = Place::default().at(index);
        check_into(&mut problems, command, &place);
        if !seen.insert((command["name"].as_str(), command["type"].as_u64().unwrap_or(1))) {
            let words = "Application command names must be unique";
            problems.add(&place.key("name"), "APPLICATION_COMMANDS_DUPLICATE_NAME", words);
        }
    }
    problems.into_result()
}

fn check_into(problems: &mut Problems, command: &Value, root: &Place) {
    let is_slash = command["type"].as_u64().unwrap_or(1) == 1;
    if is_slash {
        check_name(problems, command, root);
        required_text(problems, command, root, "description", DESCRIPTION);
    } else {
        required_text(problems, command, root, "name", (1, 32));
        optional_text(problems, command, root, "description", (0, 0));
    }
    check_localizations(problems, command, root, is_slash);
    check_options(problems, command, root, 0);
    if weight(command) > WHOLE_COMMAND {
        let words = format!("Command exceeds maximum size ({WHOLE_COMMAND})");
        problems.add(root, "APPLICATION_COMMAND_TOO_LARGE", words);
    }
}

fn check_name(problems: &mut Problems, holder: &Value, place: &Place) {
    match holder["name"].as_str() {
        None => problems.missing(&place.key("name")),
        Some(name) if !is_name(name) => name_problem(problems, &place.key("name"), name),
        Some(_) => {}
    }
}

fn name_problem(problems: &mut Problems, place: &Place, name: &str) {
    if (1..=32).contains(&name.chars().count()) {
        problems.add(place, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid");
    } else {
        problems.length(place, (1, 32));
    }
}

/// The documented pattern `^[-_'\p{L}\p{N}]{1,32}$`; letters that have a lower case must be in it. Hangul has none and is fine.
fn is_name(name: &str) -> bool {
    (1..=32).contains(&name.chars().count())
        && name.chars().all(|c| c.is_alphanumeric() || "-_'".contains(c))
        && name.to_lowercase() == name
}

fn check_localizations(problems: &mut Problems, holder: &Value, place: &Place, strict_names: bool) {
    for (key, bounds) in [("name_localizations", (1, 32)), ("description_localizations", DESCRIPTION)] {
        let Some(translations) = holder[key].as_object() else { continue };
        for (locale, words) in translations {
            let here = place.key(key).key(locale);
            if !LOCALES.contains(&locale.as_str()) {
                problems.add(&place.key(key), "DICT_TYPE_KEY_INVALID", format!("Unknown locale \"{locale}\""));
            }
            optional_text(problems, &holder[key], &place.key(key), locale, bounds);
            let is_bad = |name: &str| strict_names && bounds.1 == 32 && !is_name(name);
            if let Some(name) = words.as_str().filter(|name| is_bad(name)) {
                name_problem(problems, &here, name);
            }
        }
    }
}

fn check_options(problems: &mut Problems, holder: &Value, place: &Place, depth: usize) {
    let inner = place.key("options");
    let options = list(problems, holder, place, "options");
    if options.len() > MOST_OPTIONS {
        problems.length(&inner, (0, MOST_OPTIONS));
    }
    let mut names = HashSet::new();
    let mut optional_came = false;
    for (index, option) in options.iter().enumerate() {
        let here = inner.at(index);
        let kind = option["type"].as_u64().unwrap_or(0);
        if !(1..=11).contains(&kind) || (kind == 2 && depth > 0) || (kind == 1 && depth > 1) {
            problems.add(&here.key("type"), "BASE_TYPE_CHOICES", "Value must be one of the option types.");
        }
        check_name(problems, option, &here);
        required_text(problems, option, &here, "description", DESCRIPTION);
        check_localizations(problems, option, &here, true);
        check_choices(problems, option, &here, kind);
        if !names.insert(option["name"].as_str()) {
            let words = "Option names must be unique";
            problems.add(&here.key("name"), "APPLICATION_COMMAND_OPTIONS_NAME_DUPLICATED", words);
        }
        let required = option["required"] == true;
        if required && optional_came {
            let words = "Required options must be placed before non-required options";
            problems.add(&here, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", words);
        }
        optional_came |= !required && kind > 2;
        if kind <= 2 {
            check_options(problems, option, &here, depth + 1);
        }
    }
}

fn check_choices(problems: &mut Problems, option: &Value, place: &Place, kind: u64) {
    let inner = place.key("choices");
    let choices = list(problems, option, place, "choices");
    if choices.len() > MOST_CHOICES {
        problems.length(&inner, (0, MOST_CHOICES));
    }
    if !choices.is_empty() && option["autocomplete"] == true {
        let words = "Autocomplete may not be used together with choices";
        problems.add(&place.key("autocomplete"), "APPLICATION_COMMAND_OPTION_AUTOCOMPLETE_CHOICES", words);
    }
    for (index, choice) in choices.iter().enumerate() {
        required_text(problems, choice, &inner.at(index), "name", CHOICE_NAME);
        if kind == 3 {
            required_text(problems, choice, &inner.at(index), "value", (1, 100));
        }
    }
}

/// The characters that count toward the limit of a whole command. Of translations the longest counts.
fn weight(holder: &Value) -> usize {
    let own = ["name", "description"]
        .iter()
        .map(|key| {
            let translations = holder[format!("{key}_localizations")].as_object();
            let longest = translations.and_then(|t| t.values().map(length_of).max()).unwrap_or(0);
            length_of(&holder[*key]).max(longest)
        })
        .sum::<usize>();
    let choices = holder["choices"].as_array().map_or(0, |choices| {
        choices.iter().map(|choice| length_of(&choice["name"]) + length_of(&choice["value"])).sum()
    });
    let options = holder["options"].as_array().map_or(0, |options| options.iter().map(weight).sum());
    own + choices + options
}
