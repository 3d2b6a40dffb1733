//! Command files, as text: what was planned, written as a person would.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use toml::{Table, Value};

use super::act::{Act, BACKUP_FILE, Line};
use super::form::{Form, assign};
use super::plan::{Planned, PlannedCheck, person};
use super::read_only::Effect;
use super::runbook::{Does, Step};
use crate::domain::message::{Language, Message};
use crate::domain::runbook::Severity;
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
        Some(format!("{key} = {}", value_text(value)))
    });
    format!("{{ {} }}", pairs.collect::<Vec<_>>().join(", "))
}

/// The lines of a comment.
fn comment(out: &mut String, message: &Message, language: Language) {
    for line in say(message, language).lines() {
        let _ = writeln!(out, "# {}", line.trim());
    }
}

/// What stands at the head of a checklist's file.
pub(super) struct Head<'a> {
    /// The file's name without its ending.
    pub(super) name: String,
    /// What it is called in Korean, where the chapter's title is.
    pub(super) name_ko: Option<String>,
    /// The chapter.
    pub(super) title: &'a str,
    /// The document.
    pub(super) source: &'a str,
    /// The language of comments.
    pub(super) language: Language,
    /// What it is signed for.
    pub(super) signed: Option<&'a str>,
}

/// A checklist's file, and the ids of the checks of each section.
pub(super) fn checklist(head: &Head<'_>, sections: &[Planned], form: Option<&Form>) -> (Written, Vec<Vec<String>>) {
    let Head { name, name_ko, title, source, language, signed } = head;
    let mut out = String::from(SCHEMA);
    comment(&mut out, &Message::new("import-file-head").with("source", *source), *language);
    let _ = writeln!(out, "\nkind        = \"checklist\"");
    if let Some(name_ko) = name_ko {
        let _ = writeln!(out, "name_ko     = {}", quoted(name_ko));
    }
    let _ = writeln!(out, "title       = {}", both(&fit(title, LONGEST_TITLE)));
    let _ = writeln!(out, "description = {}", both(&fit(title, LONGEST_DESCRIPTION)));
    if let Some(signed) = signed {
        let _ = writeln!(out, "signed      = {}", quoted(signed));
    }
    let mut ids = BTreeSet::new();
    let mut items: Vec<Vec<String>> = form.map(|form| vec![Vec::new(); form.items.len()]).unwrap_or_default();
    let places = form.map(|form| assign(form, sections)).unwrap_or_default();
    let mut own: Vec<_> = sections.iter().map(|section| (section, Vec::new())).collect();
    for (index, (section, named)) in own.iter_mut().enumerate() {
        for (at, planned) in section.checks.iter().enumerate() {
            let id = unique(&planned.id, &mut ids);
            let item = places.get(index).and_then(|places| places.get(at)).and_then(|item| items.get_mut(*item));
            item.into_iter().for_each(|item| item.push(id.clone()));
            named.push(id);
        }
    }
    // An item of the form that no check stands behind is asked of a person.
    let mut asked = Planned { title: form.map(|form| form.title.clone()).unwrap_or_default(), ..Planned::default() };
    let mut asked_ids = Vec::new();
    if let Some(form) = form {
        for (title, checks) in form.items.iter().zip(&mut items).filter(|(_, checks)| checks.is_empty()) {
            let planned = person(form.line, title);
            let id = unique(&planned.id, &mut ids);
            checks.push(id.clone());
            asked_ids.push(id);
            asked.checks.push(planned);
        }
        template(&mut out, form, &items, *language);
    }
    if !asked.checks.is_empty() {
        own.push((&asked, asked_ids));
    }
    let mut names = BTreeSet::new();
    let mut checks = 0;
    for (index, (section, ids)) in own.iter().enumerate() {
        let own: String = section.title.chars().map(|c| if c.is_ascii() { c } else { ' ' }).collect();
        let own = slug(&own).trim_matches(['-', '_']).to_owned();
        let id = unique(&if own.is_empty() { format!("section-{}", index + 1) } else { own }, &mut names);
        let title = both(&fit(&section.title, LONGEST_TITLE));
        let _ = write!(out, "\n\n[[section]]\nid    = {}\ntitle = {title}\n", quoted(&id));
        for (planned, id) in section.checks.iter().zip(ids) {
            checks += 1;
            check(&mut out, planned, id);
        }
    }
    let ids = own.into_iter().map(|(_, ids)| ids).collect();
    (Written { name: format!("{name}.toml"), text: out, enabled: true, checks }, ids)
}

/// The form by which it is signed.
fn template(out: &mut String, form: &Form, items: &[Vec<String>], language: Language) {
    let _ = writeln!(out);
    comment(out, &Message::new("import-form-head").with("line", form.line.to_string()), language);
    let _ = writeln!(out, "[template]\ntitle = {}", both(&fit(&form.title, LONGEST_TITLE)));
    for (title, checks) in form.items.iter().zip(items) {
        let checks = checks.iter().map(|id| quoted(id)).collect::<Vec<_>>().join(", ");
        let title = both(&fit(title, LONGEST_TITLE));
        let _ = write!(out, "\n  [[template.item]]\n  title  = {title}\n  checks = [{checks}]\n");
    }
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

/// A command's name that nothing else has: the same, or cut for a number behind it.
pub(super) fn unique_name(name: &str, taken: &mut BTreeSet<String>) -> String {
    let longest: String = name.chars().take(LONGEST_NAME - "-99".len()).collect();
    let whole = taken.contains(name) || name.is_empty();
    unique(if whole { longest.trim_end_matches('-') } else { name }, taken)
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

/// What a line is thought to do.
fn what(line: &Line) -> Message {
    match &line.effect {
        Effect::Changes(what) => Message::new("import-step-changes").with("what", what.as_str()),
        Effect::Unknown(what) => Message::new("import-step-unknown").with("what", what.as_str()),
        Effect::Reads | Effect::Context => Message::new("import-step-reads"),
    }
}

/// A line that a step stands for is told in full: who looks the file over compares the two.
const LONGEST_LINE: usize = 600;

/// The file of an action, which nobody can start until a person has turned it on.
pub(super) fn action(name: &str, title: &str, source: &str, acts: &[Act<'_>], language: Language) -> Written {
    let mut out = String::from(SCHEMA);
    comment(&mut out, &Message::new("import-action-head").with("source", source), language);
    let _ = writeln!(out, "\nkind        = \"action\"\nenabled     = false");
    let _ = writeln!(out, "title       = {}", both(&fit(title, LONGEST_TITLE)));
    let _ = writeln!(out, "description = {}", both(&fit(title, LONGEST_DESCRIPTION)));
    // Two others must agree until somebody says that it is less.
    let _ = writeln!(out, "risk        = \"critical\"");
    let _ = writeln!(out, "interrupts  = {}", translated("import-interrupts"));
    let _ = writeln!(out, "ask         = [\"operations\"]\napprove     = [\"devops\"]");
    let kind = |act: &Act<'_>| act.step.as_ref().and_then(|step| step.get("kind")?.as_str().map(str::to_owned));
    if acts.iter().any(|act| kind(act).is_some_and(|kind| kind == "restore")) {
        let title = translated("import-backup-file");
        let _ = write!(out, "\n[[parameter]]\nid    = {}\ntitle = {title}\nfrom  = \"backups\"\n", quoted(BACKUP_FILE));
    }
    for act in acts {
        let _ = writeln!(out);
        for line in act.lines {
            if act.known {
                let text = fit(&line.text, LONGEST_LINE);
                comment(&mut out, &Message::new("import-step-known").with("text", text), language);
            } else {
                comment(&mut out, &what(line), language);
            }
            if let Some(comment) = &line.comment {
                let _ = writeln!(out, "# {}", fit(comment, LONGEST_TITLE));
            }
            if act.step.is_none() {
                let _ = writeln!(out, "# {}", fit(&line.text, LONGEST_TITLE));
            }
        }
        if let Some(step) = &act.step {
            write_step(&mut out, step);
        }
    }
    Written { name: format!("{name}.toml"), text: out, enabled: false, checks: 0 }
}

/// What stands at the head of a runbook's file.
pub(super) struct RunbookHead<'a> {
    /// The file's name without its ending.
    pub(super) name: String,
    /// The part's heading.
    pub(super) title: &'a str,
    /// How the emergency is noticed, where the document tells it.
    pub(super) symptom: Option<&'a str>,
    /// Nobody can use the service.
    pub(super) critical: bool,
    /// The document.
    pub(super) source: &'a str,
    /// The language of comments.
    pub(super) language: Language,
}

/// The file of a runbook, which nobody can open until a person has turned it on: its actions are off.
pub(super) fn runbook(head: &RunbookHead<'_>, steps: &[Step]) -> Written {
    let mut out = String::from(SCHEMA);
    comment(&mut out, &Message::new("import-runbook-head").with("source", head.source), head.language);
    let _ = writeln!(out, "\nkind        = \"runbook\"\nenabled     = false");
    let _ = writeln!(out, "title       = {}", both(&fit(head.title, LONGEST_TITLE)));
    let _ = writeln!(out, "description = {}", both(&fit(head.title, LONGEST_DESCRIPTION)));
    let severity = if head.critical { Severity::Critical } else { Severity::High };
    let _ = writeln!(out, "severity    = {}", quoted(severity.name()));
    let symptom = head.symptom.map_or_else(|| translated("import-no-symptom"), |symptom| both(&fit(symptom, 200)));
    let _ = writeln!(out, "symptom     = {symptom}\nopen        = [\"operations\"]");
    for (number, step) in (1..).zip(steps) {
        let title = both(&fit(&format!("{number}. {}", step.title), LONGEST_TITLE));
        let _ = match &step.does {
            Does::Look { checklist, check } => write!(
                out,
                "\n[[step]]\nid        = \"step-{number}\"\ntitle     = {title}\nchecklist = {}\nchecks    = [{}]\n",
                quoted(checklist),
                quoted(check)
            ),
            Does::Act { action } => {
                write!(out, "\n[[step]]\nid     = \"step-{number}\"\ntitle  = {title}\naction = {}\n", quoted(action))
            }
        };
    }
    Written { name: format!("{}.toml", head.name), text: out, enabled: false, checks: 0 }
}

/// A text of signoff's own, in both languages.
fn translated(key: &'static str) -> String {
    let message = Message::new(key);
    let (ko, en) = (say(&message, Language::Ko), say(&message, Language::En));
    format!("{{ ko = {}, en = {} }}", quoted(&ko), quoted(&en))
}

fn write_step(out: &mut String, step: &Table) {
    let _ = writeln!(out, "[[step]]");
    let first = step.iter().filter(|(key, _)| *key == "kind");
    let width = step.keys().map(String::len).max().unwrap_or_default();
    for (key, value) in first.chain(step.iter().filter(|(key, _)| *key != "kind")) {
        let _ = writeln!(out, "{key:width$} = {}", value_text(value));
    }
}

fn value_text(value: &Value) -> String {
    match value {
        Value::Table(table) => inline(table),
        Value::Array(values) => {
            let texts = values.iter().map(value_text).collect::<Vec<_>>().join(", ");
            format!("[{texts}]")
        }
        value => value.to_string(),
    }
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
