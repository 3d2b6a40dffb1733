//! Command files, as text: what was planned, written as a person would.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use toml::{Table, Value};

use super::plan::{Planned, PlannedCheck, Step};
use super::read_only::Effect;
use crate::domain::message::{Language, Message};
use crate::text::say;

/// A command file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The name of the file: `daily.toml`.
    pub name: String,
    /// Its content.
    pub text: String,
    /// Whether it is a command now, or waits for a person to turn it on.
    pub enabled: bool,
    /// How many checks it has.
    pub checks: usize,
}

/// By this line editors find the schema, which is written beside the files.
const SCHEMA: &str = "#:schema command.schema.json\n";

/// Discord's limits, as the loader has them: of a command's name and description, of a check's title, of sections.
const LONGEST_NAME: usize = 32;
const LONGEST_DESCRIPTION: usize = 100;
pub(super) const LONGEST_TITLE: usize = 100;
/// One embed takes so many sections.
pub(super) const MOST_SECTIONS: usize = 25;

/// A title as a command's name: in lower case, with a dash for whatever no name has.
pub(super) fn slug(title: &str) -> String {
    let mut slug = String::new();
    for c in title.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() && !c.is_uppercase() || c == '_' {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let cut: String =
        slug.trim_start_matches(|c: char| c.is_numeric() || c == '-').chars().take(LONGEST_NAME).collect();
    cut.trim_matches('-').to_owned()
}

/// `text` in at most `most` characters.
fn fit(text: &str, most: usize) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    // Discord takes no empty text, and an item of nothing but a box is an item.
    let text = if text.is_empty() { "[ ]".to_owned() } else { text };
    if text.chars().count() <= most { text } else { format!("{}…", text.chars().take(most - 1).collect::<String>()) }
}

fn quoted(text: &str) -> String {
    Value::String(text.to_owned()).to_string()
}

/// A text of the document stands in both languages until somebody translates it.
fn both(text: &str) -> String {
    let text = quoted(text);
    format!("{{ ko = {text}, en = {text} }}")
}

fn inline(table: &Table) -> String {
    // Kind and measure first, as one reads.
    let mut keys: Vec<_> = table.keys().collect();
    keys.sort_by_key(|key| match key.as_str() {
        "kind" | "measure" => 0,
        "warn" => 1,
        "optional" => 9,
        _ => 2,
    });
    let pairs = keys.into_iter().filter_map(|key| {
        let value = table.get(key)?;
        let value = match value {
            Value::Table(table) => inline(table),
            value => value.to_string(),
        };
        Some(format!("{key} = {value}"))
    });
    format!("{{ {} }}", pairs.collect::<Vec<_>>().join(", "))
}

/// The lines of a comment.
fn comment(out: &mut String, message: &Message, language: Language) {
    for line in say(message, language).lines() {
        let _ = writeln!(out, "# {}", line.trim());
    }
}

/// A checklist's file.
pub(super) fn checklist(name: &str, title: &str, source: &str, sections: &[Planned], language: Language) -> Written {
    let mut out = String::from(SCHEMA);
    comment(&mut out, &Message::new("import-file-head").with("source", source), language);
    let _ = writeln!(out, "\nkind        = \"checklist\"");
    let own = slug(&title.replace(' ', ""));
    if !own.is_ascii() && own != name {
        let _ = writeln!(out, "name_ko     = {}", quoted(&own));
    }
    let _ = writeln!(out, "title       = {}", both(&fit(title, LONGEST_TITLE)));
    let _ = writeln!(out, "description = {}", both(&fit(title, LONGEST_DESCRIPTION)));
    let mut ids = BTreeSet::new();
    let mut names = BTreeSet::new();
    let mut checks = 0;
    for (index, section) in sections.iter().enumerate() {
        let own: String = slug(&section.title).chars().filter(char::is_ascii).collect();
        let own = own.trim_matches(['-', '_']).to_owned();
        let id = unique(&if own.is_empty() { format!("section-{}", index + 1) } else { own }, &mut names);
        let _ = write!(
            out,
            "\n\n[[section]]\nid    = {}\ntitle = {}\n",
            quoted(&id),
            both(&fit(&section.title, LONGEST_TITLE))
        );
        for planned in &section.checks {
            checks += 1;
            check(&mut out, planned, &unique(&planned.id, &mut ids));
        }
    }
    Written { name: format!("{name}.toml"), text: out, enabled: true, checks }
}

/// `id`, with a number behind it where it is taken.
pub(super) fn unique(id: &str, taken: &mut BTreeSet<String>) -> String {
    let mut own = id.to_owned();
    let mut number = 1;
    while !taken.insert(own.clone()) {
        number += 1;
        own = format!("{id}-{number}");
    }
    own
}

fn check(out: &mut String, planned: &PlannedCheck, id: &str) {
    let _ = write!(
        out,
        "\n  [[section.check]]\n  id     = {}\n  title  = {}\n  probe  = {}\n",
        quoted(id),
        both(&fit(&planned.title, LONGEST_TITLE)),
        inline(&planned.probe)
    );
    if let Some(deadline) = &planned.deadline {
        let _ = writeln!(out, "  deadline = {}", quoted(deadline));
    }
    if !planned.show.is_empty() {
        let show = planned.show.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", ");
        let _ = writeln!(out, "  show   = [{show}]");
    }
    if !planned.rules.is_empty() {
        let rules = planned.rules.iter().map(|rule| format!("    {},\n", inline(rule))).collect::<String>();
        let _ = writeln!(out, "  rules  = [\n{rules}  ]");
    }
    if !planned.remedies.is_empty() {
        let all =
            planned.remedies.iter().map(|remedy| format!("    {},\n", both(&fit(remedy, 200)))).collect::<String>();
        let _ = writeln!(out, "  remedy = [\n{all}  ]");
    }
}

/// What a step is thought to do.
fn what(step: &Step) -> Message {
    match &step.effect {
        Effect::Changes(what) => Message::new("import-step-changes").with("what", what.as_str()),
        Effect::Unknown(what) => Message::new("import-step-unknown").with("what", what.as_str()),
        Effect::Reads | Effect::Context => Message::new("import-step-reads"),
    }
}

/// The file of an action, which nobody can start until a person has turned it on.
pub(super) fn action(name: &str, title: &str, source: &str, steps: &[Step], language: Language) -> Written {
    let mut out = String::from(SCHEMA);
    comment(&mut out, &Message::new("import-action-head").with("source", source), language);
    let interrupts = Message::new("import-interrupts");
    let _ = writeln!(out, "\nkind        = \"action\"\nenabled     = false");
    let _ = writeln!(out, "title       = {}", both(&fit(title, LONGEST_TITLE)));
    let _ = writeln!(out, "description = {}", both(&fit(title, LONGEST_DESCRIPTION)));
    // Two others must agree until somebody says that it is less.
    let _ = writeln!(out, "risk        = \"critical\"");
    let (ko, en) = (say(&interrupts, Language::Ko), say(&interrupts, Language::En));
    let _ = writeln!(out, "interrupts  = {{ ko = {}, en = {} }}", quoted(&ko), quoted(&en));
    let _ = writeln!(out, "ask         = [\"operations\"]\napprove     = [\"devops\"]");
    for step in steps {
        let _ = writeln!(out);
        comment(&mut out, &what(step), language);
        if let Some(comment) = &step.comment {
            let _ = writeln!(out, "# {}", fit(comment, LONGEST_TITLE));
        }
        if step.effect == Effect::Context {
            let _ = writeln!(out, "# {}", fit(&step.text, LONGEST_TITLE));
            continue;
        }
        let _ = writeln!(out, "[[step]]");
        let mut words = step.argv.clone().unwrap_or_else(|| vec!["sh".into(), "-c".into(), step.text.clone()]);
        if let Some(place) = step.place.as_ref().filter(|_| words.first().is_some_and(|word| word == "docker-compose"))
        {
            words.splice(1..1, ["-f".to_owned(), format!("{place}/docker-compose.yml")]);
        }
        let sudo =
            words.first().is_some_and(|word| word == "sudo") && words.get(1).is_some_and(|word| !word.starts_with('-'));
        let words = words.iter().skip(usize::from(sudo)).map(|word| quoted(word)).collect::<Vec<_>>().join(", ");
        let _ = writeln!(out, "run  = [{words}]");
        if sudo {
            let _ = writeln!(out, "sudo = true");
        }
    }
    Written { name: format!("{name}.toml"), text: out, enabled: false, checks: 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_becomes_a_name_that_discord_takes() {
        for (title, expected) in [
            ("Nightly  Check!", "nightly-check"),
            ("2. Docker 이미지 정리", "docker-이미지-정리"),
            ("서비스 다운 (Critical)", "서비스-다운-critical"),
            ("---", ""),
        ] {
            assert_eq!(slug(title), expected);
        }
        assert_eq!(slug(&"가".repeat(99)).chars().count(), 32);
    }
}
