//! The JSON Schemas and the loader agree: they know the same keys, and where one says that a file is built wrongly, so does
//! the other. The schemas and the reference in `docs/` are what the program prints: `BLESS=1 cargo test --test schema` writes
//! them anew.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test fails by panicking, its helpers as well"
)]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use jsonschema::Validator;
use serde_json::Value;
use signoff::document::{Document, Problems};
use signoff::domain::message::{Arg, Message};
use signoff::schema::{self, Keys};
use signoff::{commands, config};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn validator(schema: &Value) -> Validator {
    jsonschema::draft202012::new(schema).unwrap()
}

fn toml_files(folder: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<_> =
        entries.filter(|path| path.extension().is_some_and(|extension| extension == "toml")).collect();
    paths.sort();
    paths
}

/// What the schema has against a TOML text; none where that is no TOML.
fn against(validator: &Validator, text: &str) -> Option<Vec<String>> {
    let value: toml::Table = toml::from_str(text).ok()?;
    let value = serde_json::to_value(value).unwrap();
    Some(validator.iter_errors(&value).map(|error| format!("{}: {error}", error.instance_path())).collect())
}

#[test]
fn the_shipped_files_fit_their_schemas() {
    let (bot, command) = (validator(&schema::bot()), validator(&schema::command()));
    let text = fs::read_to_string(root().join("bot.toml")).unwrap();
    assert_eq!(against(&bot, &text).unwrap(), Vec::<String>::new());
    for path in toml_files("commands") {
        let found = against(&command, &fs::read_to_string(&path).unwrap()).unwrap();
        assert_eq!(found, Vec::<String>::new(), "{}", path.display());
    }
}

/// Faults of a file's build, which a schema can see; others need to know more than one place.
const STRUCTURAL: &[&str] = &["file-unknown-key", "file-wrong-type", "file-missing-key", "commands-unknown-probe"];

#[test]
fn what_the_loader_finds_built_wrongly_the_schema_does_too() {
    let command = validator(&schema::command());
    let bot = validator(&schema::bot());
    let mut seen = 0;
    let mut hold = |path: &Path, validator: &Validator, problems: &Problems| {
        let structural = problems.0.iter().any(|problem| STRUCTURAL.contains(&problem.message.key.as_ref()));
        if let (true, Some(found)) = (structural, against(validator, &fs::read_to_string(path).unwrap())) {
            seen += 1;
            assert!(!found.is_empty(), "the schema has nothing against {}", path.display());
        }
    };
    for path in toml_files("tests/data/commands") {
        let problems = Document::open(&path).map_err(Problems::from).and_then(commands::parse);
        let Err(problems) = problems else { continue };
        hold(&path, &command, &problems);
    }
    for path in toml_files("tests/data/config") {
        if let Err(problems) = config::load(&path) {
            hold(&path, &bot, &problems);
        }
    }
    assert!(seen > 4);
}

/// The key that no table has. The loader answers with those that it asked for.
const NOBODY: &str = "qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq";

/// The keys that the loader says a table has.
fn asked(problems: &Problems) -> BTreeSet<String> {
    let unknown = |message: &Message| message.args.get("key") == Some(&Arg::from(NOBODY));
    let problem =
        problems.0.iter().find(|problem| problem.message.key == "file-unknown-key" && unknown(&problem.message));
    let hint = problem.unwrap_or_else(|| panic!("{NOBODY} was let through: {problems}")).hint.clone().unwrap();
    let Some(Arg::Text(names)) = hint.args.get("names") else { panic!("{hint:?}") };
    names.split(", ").map(str::to_owned).collect()
}

fn named(keys: &Keys) -> BTreeSet<String> {
    keys.keys().cloned().collect()
}

const HEAD: &str =
    "kind = \"checklist\"\ntitle = { ko = \"a\", en = \"a\" }\ndescription = { ko = \"a\", en = \"a\" }\n";

fn of_command(text: &str) -> BTreeSet<String> {
    let document = Document::new(Path::new("a.toml"), text.to_owned());
    asked(&commands::parse(document).unwrap_err())
}

#[test]
fn every_probe_has_the_keys_that_the_loader_asks_for() {
    for (kind, keys) in schema::tables().probe {
        let mut found = of_command(&format!("{HEAD}[probes.p]\nkind = \"{kind}\"\n{NOBODY} = 1\n{}", samples(&keys)));
        assert!(found.remove("kind"), "{kind}");
        assert_eq!(found, named(&keys), "the probe {kind}");
    }
}

/// A value for each key that must be there, so that the loader reads on.
fn samples(keys: &Keys) -> String {
    let mut text = String::new();
    for (name, key) in keys.iter().filter(|(_, key)| key.required) {
        let value = match (name.as_str(), key.form.as_str()) {
            ("unit", _) => "\"a.timer\"",
            ("name", _) => "\"a_%Y%m%d.gz\"",
            ("at", _) if keys.contains_key("command") => "\"0 3 * * *\"",
            ("at", _) => "\"03:00\"",
            ("query", _) => "\"SELECT 1\"",
            ("of", _) => "\"drill\"",
            (_, "text") => "\"a\"",
            (_, "path") => "\"/a\"",
            (_, "url") => "\"https://a.b\"",
            (_, "duration") => "\"1 h\"",
            (_, "texts") => "[\"/a\"]",
            (_, "localised") => "{ ko = \"a\", en = \"a\" }",
            ("how", _) => "\"plain\"",
            (_, "integer") => "7",
            (_, "[live_database]") => "{ service = \"a\", user = \"a\", name = \"a\", table = \"a\" }",
            (_, "[backup_place]") => "{ script = \"/a\", folder = \"/a\", name = \"a_%Y%m%d.gz\" }",
            (_, "[[alarm_to_put]]") => "[{ name = \"a\", metric = \"a\", namespace = \"a\", threshold = 1 }]",
            (_, "[[alarm]]") => "[{ namespace = \"a\", metric = \"a\", threshold = 1 }]",
            (name, form) => panic!("no sample for {name}: {form}"),
        };
        let _ = writeln!(text, "{name} = {value}");
    }
    text
}

#[test]
fn every_table_of_a_command_file_has_the_keys_that_the_loader_asks_for() {
    let tables = schema::tables().table;
    let section = format!("{HEAD}[[section]]\nid = \"s\"\ntitle = {{ ko = \"a\", en = \"a\" }}\n");
    let check = "[[section.check]]\nid = \"c\"\ntitle = { ko = \"a\", en = \"a\" }\nprobe = { kind = \"disk\" }\n";
    let rule = "measure = \"used\", fail = \">= 80 %\"";
    let bogus = format!("{NOBODY} = 1\n");
    let bogus_title = format!("kind = \"checklist\"\ntitle = {{ ko = \"a\", en = \"a\", {NOBODY} = 1 }}\n");
    for (name, text) in [
        ("checklist", format!("{bogus}{HEAD}")),
        ("template", format!("{section}[template]\n{bogus}")),
        ("item", format!("{section}[[template.item]]\n{bogus}")),
        ("section", format!("{section}{bogus}")),
        ("check", format!("{section}{check}{bogus}")),
        ("rule", format!("{section}{check}rules = [{{ {rule}, {NOBODY} = 1 }}]")),
        ("usual", format!("{section}{check}rules = [{{ {rule}, usual = {{ {NOBODY} = 1 }} }}]")),
        ("remedy", format!("{section}{check}remedy = [{{ ko = \"a\", en = \"a\", {NOBODY} = 1 }}]")),
        ("localised", format!("{bogus_title}description = {{ ko = \"a\", en = \"a\" }}\n")),
        ("alarm", format!("{HEAD}[probes.p]\nkind = \"aws_alarms\"\nalarm = [{{ {NOBODY} = 1 }}]")),
    ] {
        assert_eq!(of_command(&text), named(&tables[name]), "{name}");
    }
    let of_action = |text: String| of_command(&format!("kind = \"action\"\n{text}"));
    for (name, text) in [
        ("action", bogus.clone()),
        ("parameter", format!("[[parameter]]\nid = \"a\"\n{bogus}")),
        ("proof", format!("[proves]\n{bogus}")),
        ("live_database", format!("[[step]]\nkind = \"restore\"\n[step.database]\n{bogus}")),
        ("backup_place", format!("[[step]]\nkind = \"backup\"\n[step.backups]\n{bogus}")),
        ("alarm_to_put", format!("[[step]]\nkind = \"put_alarm\"\n[[step.alarms]]\n{bogus}")),
    ] {
        assert_eq!(of_action(text), named(&tables[name]), "{name}");
    }
    for (kind, keys) in schema::tables().doing {
        let mut found = of_action(format!("[[step]]\nkind = \"{kind}\"\n{bogus}{}", samples(&keys)));
        assert!(found.remove("kind"), "{kind}");
        assert_eq!(found, named(&keys), "the step {kind}");
    }
    for (name, text) in [("runbook", bogus.clone()), ("runbook_step", format!("[[step]]\n{bogus}"))] {
        let found = of_command(&format!("kind = \"runbook\"\n{text}"));
        assert_eq!(found, named(&tables[name]), "{name}");
    }
}

#[test]
fn every_table_of_bot_toml_has_the_keys_that_the_loader_asks_for() {
    let tables = schema::tables().table;
    let of = |text: String| asked(&config::parse(Path::new("bot.toml"), text).unwrap_err());
    let bogus = format!("{NOBODY} = 1\n");
    for (name, head) in [
        ("bot", ""),
        ("discord", "[discord]\n"),
        ("secret", "[discord.token]\n"),
        ("person", "[people.a]\n"),
        ("rota", "[rota.a]\n"),
        ("schedule", "[schedule.a]\n"),
        ("overdue", "[schedule.a.overdue]\n"),
        ("digest", "[digest]\n"),
        ("log", "[log]\n"),
        ("findings", "[findings]\n"),
        ("health", "[health]\n"),
        ("http", "[http]\n"),
        ("sampling", "[sampling]\n"),
        ("aws", "[aws]\n"),
        ("gate", "[gate]\n"),
        ("retention", "[retention]\n"),
        ("act", "[hosts.a]\ntransport = \"ssh\"\n[hosts.a.act]\n"),
        ("tier", "[gate.high]\n"),
        ("break_glass", "[gate.break_glass]\n"),
        ("host", "[hosts.a]\ntransport = \"ssh\"\n"),
        ("host_rule", "[hosts.a]\ntransport = \"local\"\n[hosts.a.rules.b.c.d]\n"),
        ("key", "[hosts.a]\ntransport = \"ssh\"\n[hosts.a.key]\n"),
    ] {
        assert_eq!(of(format!("{head}{bogus}")), named(&tables[name]), "[{name}]");
    }
}

/// Holds a file of `docs/` against what it should be.
fn kept(name: &str, wanted: &str) {
    let path = root().join("docs").join(name);
    if std::env::var_os("BLESS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, wanted).unwrap();
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert!(found == wanted, "{} is out of date: BLESS=1 cargo test --test schema", path.display());
}

#[test]
fn the_schemas_in_docs_are_those_that_the_program_prints() {
    kept("schema/bot.schema.json", &format!("{:#}\n", schema::bot()));
    kept("schema/command.schema.json", &format!("{:#}\n", schema::command()));
}

/// One table of the reference.
fn table(out: &mut String, keys: &Keys) {
    if keys.is_empty() {
        out.push_str("\nNo keys besides `kind`.\n");
        return;
    }
    out.push_str("\n| key | what stands there | says |\n|---|---|---|\n");
    for (name, key) in keys {
        let form = key.form.replace('|', "` or `").replace("-of-each", "` for each name");
        let form = format!("`{form}`").replace("for each name`", "for each name");
        let must = if key.required { " **must be there**" } else { "" };
        let _ = writeln!(out, "| `{name}` | {form}{must} | {} |", key.about.replace('|', "\\|"));
    }
}

/// The measures of a probe, as the loader tells them to who asks for one that it has not.
fn measures(kind: &str, keys: &Keys) -> String {
    let text = format!(
        "{HEAD}[probes.p]\nkind = \"{kind}\"\n{}\n[[section]]\nid = \"s\"\ntitle = {{ ko = \"a\", en = \"a\" }}\n[[section.check]]\nid = \"c\"\ntitle = {{ ko = \"a\", en = \"a\" }}\nprobe = \"p\"\nrules = [{{ measure = \"{NOBODY}\", fail = \">= 1\" }}]\n",
        samples(keys)
    );
    let problems = commands::parse(Document::new(Path::new("a.toml"), text)).unwrap_err();
    let problem = problems.0.iter().find(|problem| problem.message.key == "commands-unknown-measure");
    let hint = problem.unwrap_or_else(|| panic!("{kind}: {problems}")).hint.clone().unwrap();
    let Some(Arg::Text(names)) = hint.args.get("names") else { panic!("{kind}: {hint:?}") };
    names.split(", ").filter(|name| *name != "/a").map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

#[test]
fn the_reference_is_made_of_the_same_keys() {
    let tables = schema::tables();
    let mut out = String::from(
        "# Reference\n\nEvery key of `bot.toml` and of command files. This page is made of the schema that `signoff schema` prints; a test \
         keeps it true. How to write a check or an action is told in [commands.md](commands.md).\n\n\
         What stands there: `text`; `path`; `id` (of Discord, as a text); `url`; `duration` as `30 min`; `condition` as `>= 80 %`; `amount` as \
         `100 MB`; `integer`; `flag` (`true`, `false`); `texts` (a list); `localised` (`{ ko = \"…\", en = \"…\" }`); `secret` (`{ env = \"NAME\" }` or \
         `{ file = \"PATH\" }`); `[name]` a table, `[[name]]` a list of tables, told below.\n",
    );
    let of_commands = [
        "checklist",
        "template",
        "item",
        "section",
        "check",
        "remedy",
        "rule",
        "usual",
        "localised",
        "alarm",
        "action",
        "parameter",
        "proof",
        "live_database",
        "backup_place",
        "alarm_to_put",
        "runbook",
        "runbook_step",
    ];
    out.push_str("\n## bot.toml\n");
    table(&mut out, &tables.table["bot"]);
    for (name, keys) in tables.table.iter().filter(|(name, _)| *name != "bot" && !of_commands.contains(&name.as_str()))
    {
        let _ = write!(out, "\n### `[{name}]`\n");
        table(&mut out, keys);
    }
    out.push_str("\n## Command files\n");
    for name in of_commands {
        if let Some(keys) = tables.table.get(name) {
            let _ = write!(out, "\n### `{name}`\n");
            table(&mut out, keys);
        }
    }
    out.push_str(
        "\n## Probes\n\nA probe is a table with its `kind`, the keys below, and measures that rules may ask.\n",
    );
    for (kind, keys) in &tables.probe {
        let _ = write!(out, "\n### `{kind}`\n");
        table(&mut out, keys);
        match kind.as_str() {
            "manual" => out.push_str("\nIt measures nothing: a person says.\n"),
            "settings" => out.push_str("\nIt measures its `keys`.\n"),
            _ => {
                let _ = write!(out, "\nMeasures: {}.\n", measures(kind, keys));
            }
        }
    }
    out.push_str(
        "\n## Steps of actions\n\nA step is a table with its `kind`, `run` where it says none, and the keys below.\n",
    );
    for (kind, keys) in &tables.doing {
        let _ = write!(out, "\n### `{kind}`\n");
        table(&mut out, keys);
    }
    kept("reference.md", &out);
}
