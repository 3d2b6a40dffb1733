//! The templates of `docker inspect --format`, as far as scripts use them: paths, `json`, `index`, `if`, `range`. Source:
//! Docker's documentation, "Format command and log output".

use std::collections::BTreeMap;

use serde_json::Value;

/// A template, cut at its braces.
#[derive(Debug, PartialEq)]
enum Piece<'a> {
    Text(&'a str),
    Action(&'a str),
}

/// `format`, filled in from `json`.
pub(super) fn fill(format: &str, json: &Value) -> String {
    let mut pieces = Vec::new();
    let mut rest = format;
    while let Some((before, after)) = rest.split_once("{{") {
        let (inside, after) = after.split_once("}}").unwrap_or((after, ""));
        pieces.extend([Piece::Text(before), Piece::Action(inside.trim())]);
        rest = after;
    }
    pieces.push(Piece::Text(rest));
    let mut out = String::new();
    let names = BTreeMap::from([("$".to_owned(), json.clone())]);
    run(&pieces, json, &names, &mut out);
    out
}

type Names = BTreeMap<String, Value>;

fn run(pieces: &[Piece<'_>], dot: &Value, names: &Names, out: &mut String) {
    let mut at = 0;
    while let Some(piece) = pieces.get(at) {
        at += 1;
        let action = match piece {
            Piece::Text(text) => {
                out.push_str(text);
                continue;
            }
            Piece::Action(action) => *action,
        };
        let (word, of) = action.split_once(' ').unwrap_or((action, ""));
        match word {
            "if" | "range" => {
                let length = block(pieces.get(at..).unwrap_or_default());
                let inside = pieces.get(at..at + length).unwrap_or_default();
                at += length + 1;
                if word == "if" {
                    if is_true(&value(of, dot, names)) {
                        run(inside, dot, names, out);
                    }
                } else {
                    repeat(inside, of, dot, names, out);
                }
            }
            "end" | "else" => {}
            _ => match value(action, dot, names) {
                Value::String(text) => out.push_str(&text),
                Value::Null => out.push_str("<no value>"),
                other => out.push_str(&other.to_string()),
            },
        }
    }
}

/// How many pieces there are until the end of the block that they begin with.
fn block(pieces: &[Piece<'_>]) -> usize {
    let mut depth = 0;
    for (at, piece) in pieces.iter().enumerate() {
        if let Piece::Action(action) = piece {
            match action.split(' ').next() {
                Some("if" | "range") => depth += 1,
                Some("end") if depth == 0 => return at,
                Some("end") => depth -= 1,
                _ => {}
            }
        }
    }
    pieces.len()
}

fn repeat(inside: &[Piece<'_>], of: &str, dot: &Value, names: &Names, out: &mut String) {
    let (variables, path) = of.split_once(":=").unwrap_or(("", of));
    let variables: Vec<&str> = variables.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
    let entries: Vec<(Value, Value)> = match value(path.trim(), dot, names) {
        Value::Array(list) => list.into_iter().enumerate().map(|(at, one)| (Value::from(at), one)).collect(),
        Value::Object(map) => map.into_iter().map(|(key, one)| (Value::from(key), one)).collect(),
        _ => Vec::new(),
    };
    for (key, one) in entries {
        let mut names = names.clone();
        match variables.as_slice() {
            [each] => drop(names.insert((*each).to_owned(), one.clone())),
            [first, second] => {
                names.insert((*first).to_owned(), key);
                names.insert((*second).to_owned(), one.clone());
            }
            _ => {}
        }
        run(inside, &one, &names, out);
    }
}

/// `.State.Status`, `$n`, `$.Id`, `json .State`, `index .Config.Labels "key"`.
fn value(text: &str, dot: &Value, names: &Names) -> Value {
    let text = text.trim();
    if let Some(of) = text.strip_prefix("json ") {
        return Value::from(value(of, dot, names).to_string());
    }
    if let Some(of) = text.strip_prefix("index ") {
        let (path, key) = of.trim().split_once(' ').unwrap_or((of, ""));
        return value(path, dot, names).get(key.trim().trim_matches('"')).cloned().unwrap_or(Value::from(""));
    }
    let (from, path) = match text.strip_prefix('$') {
        Some(rest) => {
            let (name, path) = rest.split_once('.').unwrap_or((rest, ""));
            (names.get(&format!("${name}")).cloned().unwrap_or(Value::Null), path)
        }
        None => (dot.clone(), text.trim_start_matches('.')),
    };
    path.split('.')
        .filter(|key| !key.is_empty())
        .fold(from, |found, key| found.get(key).cloned().unwrap_or(Value::Null))
}

fn is_true(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(is) => *is,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(list) => !list.is_empty(),
        Value::Object(map) => !map.is_empty(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn templates_are_filled_in_as_docker_does() {
        let json = json!({
            "Id": "abc",
            "State": {"Status": "running", "Health": {"Status": "healthy"}},
            "Config": {"Labels": {"com.docker.compose.service": "redis"}},
            "RepoTags": ["a:1", "b:2"],
            "Networks": {"one": {}, "two": {}},
        });
        for (format, expected) in [
            ("{{.State.Status}}", "running"),
            ("{{.State.Status}}{{if .State.Health}} {{.State.Health.Status}}{{end}}", "running healthy"),
            ("{{if .State.Nothing}}x{{end}}y", "y"),
            ("{{index .Config.Labels \"com.docker.compose.service\"}}!", "redis!"),
            ("{{range $i, $n := .RepoTags}}{{if $i}},{{end}}{{$n}}{{end}}", "a:1,b:2"),
            ("{{range $n, $v := .Networks}}{{$.Id}}={{$n}} {{end}}", "abc=one abc=two "),
            ("{{json .State.Health}}", "{\"Status\":\"healthy\"}"),
            ("{{.Nothing}}", "<no value>"),
        ] {
            assert_eq!(fill(format, &json), expected, "{format}");
        }
    }
}
