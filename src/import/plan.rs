//! What each part of a checklist becomes: checks, steps of an action, or nothing.

use toml::{Table, Value};

use super::act::Line;
use super::alone::{alone, look_of_runbook};
use super::code::{Known, SHELLS};
use super::expect::asked_rules;
use super::facts::{Facts, urls};
use super::form::boxes;
use super::look::{Look, from_facts, looks, shell};
use super::markdown::{Block, BlockKind, Part};
use super::note::{Mark, Note};
use super::read_only::Effect;
use super::shell::{Remark, statements};
use super::vocabulary::{Asked, Vocabulary};
use crate::domain::message::Message;

/// A section of a command file, and what of its part must not be a check.
#[derive(Debug, Default)]
pub(super) struct Planned {
    /// Its heading.
    pub(super) title: String,
    /// Its checks, in the order of the document.
    pub(super) checks: Vec<PlannedCheck>,
    /// The command lines that are no check, in their order.
    pub(super) lines: Vec<Line>,
    /// It tells what to do in an emergency: its checks and lines are steps, in the order of the document.
    pub(super) runbook: bool,
    /// How that emergency is noticed.
    pub(super) symptom: Option<String>,
}

/// What the commands of a part are for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Purpose {
    /// To look: what changes something stands beside it.
    Look,
    /// To change something, from the first to the last.
    Procedure,
    /// To look and to change something, for as long as it takes until the emergency is over.
    Runbook,
}

/// One check.
#[derive(Clone, Debug)]
pub(super) struct PlannedCheck {
    /// Where the document asks for it.
    pub(super) line: usize,
    /// What it is called in JSON, before it is made unique.
    pub(super) id: String,
    /// The item's text, or the command's.
    pub(super) title: String,
    /// The probe.
    pub(super) probe: Table,
    /// The rules.
    pub(super) rules: Vec<Table>,
    /// What stands beside the title.
    pub(super) show: Vec<String>,
    /// How long it may take.
    pub(super) deadline: Option<String>,
    /// It stands for an item of the document.
    pub(super) item: bool,
    /// What to do.
    pub(super) remedies: Vec<String>,
}

/// What all parts share.
pub(super) struct Around<'a> {
    /// What the document says of its host.
    pub(super) facts: &'a Facts,
    /// The words.
    pub(super) words: &'a Vocabulary,
    /// Every look of the document, in its order.
    pub(super) looks: &'a [Look],
}

/// What `part` becomes; `emergency` says that its chapter is about what is done in one.
pub(super) fn plan(
    part: &Part,
    mut known: Vec<Known>,
    remarks: Vec<Remark>,
    around: &Around<'_>,
    emergency: bool,
    notes: &mut Vec<Note>,
) -> Planned {
    let has_items = part.blocks.iter().any(|block| matches!(block.kind, BlockKind::Item { .. }));
    let purpose = match !has_items && known.iter().any(Known::changes) {
        true if emergency => Purpose::Runbook,
        true => Purpose::Procedure,
        false => Purpose::Look,
    };
    let runbook = purpose == Purpose::Runbook;
    let mut planned = Planned { title: part.title.clone(), runbook, ..Planned::default() };
    let mut bullets = Vec::new();
    for block in &part.blocks {
        match &block.kind {
            BlockKind::Item { text, code } => {
                planned.checks.push(item(block.line, text, code, &mut known, around, notes));
            }
            BlockKind::Bullet { text, .. } if has_items => {
                notes.push(Note::new(block.line, Mark::Understood, Message::new("import-remedy")));
                bullets.push(text.clone());
            }
            BlockKind::Text(text) if runbook && planned.symptom.is_none() => match around.words.symptom(text) {
                Some(symptom) => {
                    planned.symptom = Some(symptom.to_owned());
                    let told = Message::new("import-symptom").with("text", short(symptom));
                    notes.push(Note::new(block.line, Mark::Understood, told));
                }
                None => notes.extend(left(block)),
            },
            _ => notes.extend(left(block)),
        }
    }
    notes.extend(
        remarks
            .into_iter()
            .map(|remark| Note::new(remark.line, Mark::Left, Message::new("import-remark").with("text", remark.text))),
    );
    for known in known {
        statement(&known, purpose, &mut planned, around, notes);
    }
    planned.checks.sort_by_key(|check| check.line);
    for check in &mut planned.checks {
        check.remedies = remedies(&check.title, &bullets);
    }
    planned
}

/// What is told of a block that becomes nothing.
fn left(block: &Block) -> Option<Note> {
    let (mark, message) = match &block.kind {
        BlockKind::Text(text) => (Mark::Left, Message::new("import-text").with("text", short(text))),
        BlockKind::Bullet { link: true, .. } => (Mark::Left, Message::new("import-link")),
        BlockKind::Bullet { text, .. } => (Mark::Left, Message::new("import-text").with("text", short(text))),
        BlockKind::Table(rows) => (Mark::Left, Message::new("import-table").with("rows", rows.len().to_string())),
        BlockKind::Html => (Mark::Left, Message::new("import-html")),
        // What becomes of a form is told where it is known which checklist it is for.
        BlockKind::Code { language, text, .. } if !SHELLS.contains(&language.as_str()) => {
            let form = !boxes(language, text).is_empty();
            return (!form).then(|| {
                let code = Message::new("import-code").with("language", language.as_str());
                Note::new(block.line, Mark::Left, code)
            });
        }
        BlockKind::Code { .. } | BlockKind::Item { .. } => return None,
    };
    Some(Note::new(block.line, mark, message))
}

/// A text that is only named, not told.
pub(super) fn short(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    if line.chars().count() <= 50 {
        line.to_owned()
    } else {
        format!("{}…", line.chars().take(49).collect::<String>())
    }
}

/// The remedies that speak of what a check's title speaks of; those that name no check are of all.
fn remedies(title: &str, bullets: &[String]) -> Vec<String> {
    let head = |bullet: &str| bullet.split_whitespace().next().unwrap_or_default().trim_end_matches(':').to_lowercase();
    let title = title.to_lowercase();
    let own: Vec<_> = bullets.iter().filter(|bullet| title.starts_with(&head(bullet))).cloned().collect();
    // Discord's fields are short: the first few, in the order of the document.
    let all = if own.is_empty() { bullets.to_vec() } else { own };
    all.into_iter().take(3).collect()
}

/// An item becomes a check: of a machine where one of the commands answers it, else of a person.
fn item(
    line: usize,
    text: &str,
    code: &[String],
    known: &mut [Known],
    around: &Around<'_>,
    notes: &mut Vec<Note>,
) -> PlannedCheck {
    let own: Vec<Look> = code
        .iter()
        .flat_map(|code| statements(code, line, |_| false).0)
        .flat_map(|statement| looks(&statement, around.facts))
        .collect();
    let answer =
        site(text).or_else(|| container(text, known, around.facts)).or_else(|| answer(text, &own, known, around));
    let Some((look, asked, source)) = answer else {
        notes.push(Note::new(line, Mark::Left, Message::new("import-manual").with("item", text)));
        return person(line, text);
    };
    for known in known.iter_mut().filter(|known| known.statement.line == look.line) {
        known.used = true;
    }
    let (rules, sure) = asked_rules(text, asked.as_ref(), &look, around.words);
    let (mark, key) = match (source, sure) {
        (Source::Item | Source::Part, true) => (Mark::Understood, Message::new("import-item")),
        (Source::Item | Source::Part, false) => (Mark::Guessed, Message::new("import-item-shipped")),
        (Source::Elsewhere, _) => (Mark::Guessed, Message::new("import-item-elsewhere")),
    };
    let conditions = conditions(&rules);
    notes.push(Note::new(line, mark, key.with("item", text).with("probe", kind(&look)).with("rules", conditions)));
    PlannedCheck {
        line,
        id: asked.as_ref().map_or(look.kind.clone(), |asked| asked.id.clone()),
        title: text.to_owned(),
        probe: look.probe,
        rules,
        show: asked.as_ref().map(|asked| asked.show.clone()).unwrap_or_default(),
        deadline: asked.and_then(|asked| asked.deadline.clone()),
        item: true,
        remedies: Vec::new(),
    }
}

/// Where a look was found.
enum Source {
    Item,
    Part,
    Elsewhere,
}

type Answer<'a> = (Look, Option<&'a Asked>, Source);

/// `Insights reachable (https://…)`.
fn site<'a>(text: &str) -> Option<Answer<'a>> {
    let url = urls(text).next()?;
    let mut probe = Table::new();
    probe.insert("kind".into(), "http".into());
    probe.insert("url".into(), url.into());
    let look = Look { kind: "http".into(), probe, line: 0, text: String::new(), comment: None, expected: Vec::new() };
    Some((look, None, Source::Item))
}

/// `gear_freak_redis: Up (healthy)`, beside a command that lists containers.
fn container<'a>(text: &str, known: &[Known], facts: &Facts) -> Option<Answer<'a>> {
    let list = known.iter().flat_map(|known| &known.looks).find(|look| look.kind == "containers")?;
    let (name, state) = text.split_once(':')?;
    let state = state.to_lowercase();
    let names = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
    if !names || !["up", "running", "healthy"].iter().any(|word| state.contains(word)) {
        return None;
    }
    let mut probe = Table::new();
    probe.insert("kind".into(), "container".into());
    probe.insert("service".into(), facts.service(name).into());
    Some((Look { kind: "container".into(), probe, ..list.clone() }, None, Source::Part))
}

fn answer<'a>(text: &str, own: &[Look], known: &[Known], around: &Around<'a>) -> Option<Answer<'a>> {
    around.words.check.iter().filter(|asked| asked.fits(text)).find_map(|asked| {
        let wanted = |look: &&Look| look.kind == asked.look;
        if let Some(look) = own.iter().find(wanted) {
            return Some((look.clone(), Some(asked), Source::Item));
        }
        if let Some(look) = known.iter().flat_map(|known| &known.looks).find(wanted) {
            return Some((look.clone(), Some(asked), Source::Part));
        }
        if asked.look == "shell" {
            let reads = known.iter().filter(|known| known.effect == Effect::Reads && known.looks.is_empty());
            let mut fitting = reads.filter(|known| asked.has.iter().all(|has| known.statement.text.contains(has)));
            return fitting.next().map(|known| (shell(&known.statement, around.facts), Some(asked), Source::Part));
        }
        let elsewhere = || around.looks.iter().find(wanted).cloned().or_else(|| from_facts(&asked.look, around.facts));
        // It answers from another place: that place's command is not used up by it.
        let look = asked.anywhere.then(elsewhere).flatten()?;
        Some((Look { line: 0, ..look }, Some(asked), Source::Elsewhere))
    })
}

/// A check that is asked of a person.
pub(super) fn person(line: usize, text: &str) -> PlannedCheck {
    let mut probe = Table::new();
    probe.insert("kind".into(), "manual".into());
    let mut ask = Table::new();
    ask.insert("ko".into(), text.into());
    ask.insert("en".into(), text.into());
    probe.insert("ask".into(), Value::Table(ask));
    PlannedCheck {
        line,
        id: "ask".into(),
        title: text.to_owned(),
        probe,
        rules: Vec::new(),
        show: Vec::new(),
        deadline: None,
        item: true,
        remedies: Vec::new(),
    }
}

/// A command that no item used: a step, a check of its own, or a place.
fn statement(known: &Known, purpose: Purpose, planned: &mut Planned, around: &Around<'_>, notes: &mut Vec<Note>) {
    let line = known.statement.line;
    let text = short(&known.statement.text);
    let changes = known.changes();
    let step = |planned: &mut Planned| planned.lines.push(Line::new(&known.statement, &known.effect));
    match &known.effect {
        // What a variable holds is nothing to a step, but something to who looks the file over.
        Effect::Context if known.statement.shape.assigns && (purpose != Purpose::Look || known.mixed) => {
            step(planned);
            notes.push(Note::new(line, Mark::Understood, Message::new("import-where").with("text", text)));
        }
        Effect::Context => {
            notes.push(Note::new(line, Mark::Understood, Message::new("import-where").with("text", text)));
        }
        Effect::Changes(what) if changes => {
            step(planned);
            let message = Message::new("import-changes").with("text", text).with("what", what.as_str());
            notes.push(Note::new(line, Mark::Understood, message));
            // That an alarm is there as it was put is a check, wherever the document puts it.
            if purpose == Purpose::Look || known.looks.iter().any(|look| look.kind == "aws_alarms") {
                alone(known, planned, around, notes);
            }
        }
        Effect::Unknown(what) if changes => {
            step(planned);
            let message = Message::new("import-unknown").with("text", text).with("what", what.as_str());
            notes.push(Note::new(line, Mark::Left, message));
        }
        // What fills a variable is for the act that uses it.
        _ if purpose == Purpose::Runbook && !fills_variable(&known.statement.text) => {
            look_of_runbook(known, planned, around, notes);
        }
        _ if purpose != Purpose::Look => {
            step(planned);
            notes.push(Note::new(line, Mark::Understood, Message::new("import-step").with("text", text)));
        }
        // Another command that shows the same is no check of its own.
        _ if known.used || shows_nothing_new(known, planned, around) => {
            notes.push(Note::new(line, Mark::Understood, Message::new("import-used").with("text", text)));
        }
        _ if known.looks.is_empty() && known.mixed => {
            step(planned);
            notes.push(Note::new(line, Mark::Understood, Message::new("import-step").with("text", text)));
        }
        _ => alone(known, planned, around, notes),
    }
}

/// `LATEST=$(ls -t | head -1)`.
fn fills_variable(text: &str) -> bool {
    let is_name = |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    text.split_once('=').is_some_and(|(name, _)| is_name(name))
}

/// Whether everything that a command would be asked for is asked by a check of this part already.
fn shows_nothing_new(known: &Known, planned: &Planned, around: &Around<'_>) -> bool {
    let asked = |look: &Look| {
        let alone = around.words.check.iter().find(|asked| asked.alone && asked.look == look.kind);
        let measures =
            |measure: &str| alone.is_some_and(|asked| asked.rules.iter().any(|rule| rule.measure == measure));
        let same = |rule: &Table| rule.get("measure").and_then(Value::as_str).is_some_and(measures);
        planned.checks.iter().any(|check| check.probe == look.probe && check.rules.iter().any(same))
    };
    !known.looks.is_empty() && known.looks.iter().all(asked)
}

fn kind(look: &Look) -> String {
    look.probe.get("kind").and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// The rules' conditions, as they are told: `used >= 80 %`.
pub(super) fn conditions(rules: &[Table]) -> String {
    let text = |rule: &Table, key: &str| rule.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let told = rules.iter().map(|rule| {
        let condition = if rule.contains_key("fail") { text(rule, "fail") } else { text(rule, "warn") };
        format!("{} {condition}", text(rule, "measure"))
    });
    told.collect::<Vec<_>>().join(", ")
}
