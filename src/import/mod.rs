//! Makes command files out of a checklist in Markdown, as teams write them.
//!
//! A chapter becomes a file, a heading below it a section, an item a check. A command that is known becomes a probe of its
//! own; any other runs as a check only if every program in it is on an allow-list of those that read. Whatever else there
//! is goes into the file of an action that is turned off; in a chapter about emergencies, each act into one of its own, with a
//! runbook that leads through looks and acts. No item is lost: what no command answers is asked of a person.

mod act;
mod alone;
mod code;
mod expect;
mod facts;
mod form;
mod look;
mod markdown;
mod note;
mod plan;
mod read_only;
mod runbook;
mod shell;
mod threshold;
mod vocabulary;
mod write;

use std::collections::BTreeSet;

pub use facts::Facts;
pub use note::{Mark, Note};
pub use write::Written;

use form::Form;
use look::Look;
use markdown::{BlockKind, Chapter};
use plan::{Around, Planned};
use runbook::{Does, Entry, Step};
use vocabulary::{ChapterName, Vocabulary};

use crate::commands::runbook::MOST_STEPS;
use crate::domain::help::BUILT_IN;
use crate::domain::message::{Explain, Language, Message};

/// The largest document that is read, in bytes. The longest checklist that people keep is a hundredth of it.
pub const LARGEST: u64 = 2_000_000;

/// What was made of a document.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The command files.
    pub files: Vec<Written>,
    /// What became of each line, in the order of the document.
    pub notes: Vec<Note>,
    /// What the document says of its host.
    pub facts: Facts,
    /// How many items it has; each is a check.
    pub items: usize,
    /// How many of them are asked of a person.
    pub asked: usize,
}

/// Why nothing could be made of a document.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// It is larger than [`LARGEST`].
    #[error("the document has {0} bytes")]
    TooLarge(u64),
    /// It is HTML.
    #[error("the document is HTML")]
    Html,
    /// It has neither an item nor a command.
    #[error("the document has neither items nor commands")]
    Nothing,
    /// A fence that is never closed.
    #[error("line {line}: the fence is never closed")]
    OpenFence {
        /// Its line.
        line: usize,
    },
    /// A fence that is only closed by the end of another one.
    #[error("line {line}: the fence goes on to that of line {next}")]
    SwallowedFence {
        /// Its line.
        line: usize,
        /// The line of the fence that it swallows.
        next: usize,
    },
}

impl Explain for ImportError {
    fn message(&self) -> Message {
        match self {
            Self::TooLarge(bytes) => Message::new("import-too-large")
                .with("size", crate::domain::quantity::Quantity::bytes(approximately(*bytes)))
                .with("most", crate::domain::quantity::Quantity::bytes(approximately(LARGEST))),
            Self::Html => Message::new("import-is-html"),
            Self::Nothing => Message::new("import-nothing"),
            Self::OpenFence { line } => Message::new("import-open-fence").with("line", line.to_string()),
            Self::SwallowedFence { line, next } => {
                Message::new("import-swallowed-fence").with("line", line.to_string()).with("next", next.to_string())
            }
        }
    }

    fn hint(&self) -> Option<Message> {
        Some(Message::new(match self {
            Self::TooLarge(_) => "import-too-large-hint",
            Self::Html => "import-is-html-hint",
            Self::Nothing => "import-nothing-hint",
            Self::OpenFence { .. } | Self::SwallowedFence { .. } => "import-fence-hint",
        }))
    }
}

#[expect(clippy::cast_precision_loss, reason = "a size that a person reads")]
const fn approximately(bytes: u64) -> f64 {
    bytes as f64
}

/// Makes command files out of `source`, a document called `name`. Their comments are in `language`.
///
/// # Errors
/// [`ImportError`] where nothing can be made of it.
pub fn import(source: &str, name: &str, language: Language) -> Result<Imported, ImportError> {
    let size = u64::try_from(source.len()).unwrap_or(u64::MAX);
    if size > LARGEST {
        return Err(ImportError::TooLarge(size));
    }
    let head = source.trim_start().get(..200).unwrap_or(source.trim_start()).to_lowercase();
    if head.starts_with("<!doctype html") || head.starts_with("<html") {
        return Err(ImportError::Html);
    }
    let words = Vocabulary::shipped();
    let outline = markdown::outline(&source.replace("\r\n", "\n"))?;
    let facts = learn(&outline.chapters, &words);
    let code: Vec<Vec<_>> = outline
        .chapters
        .iter()
        .map(|chapter| chapter.parts.iter().map(|part| code::read_code(part, &facts, &words)).collect())
        .collect();
    let all = code.iter().flatten().flat_map(|(known, _)| known).flat_map(|known| known.looks.iter().cloned());
    let all: Vec<Look> = all.collect();
    let around = Around { facts: &facts, words: &words, looks: &all };
    let forms = form::forms(&outline.chapters);
    let mut writer = Writer { source: name, words: &words, facts: &facts, language, forms, names: BTreeSet::new() };
    let (mut files, mut notes) = (Vec::new(), Vec::new());
    let (mut items, mut asked) = (0, 0);
    for (chapter, code) in outline.chapters.iter().zip(code) {
        let mut planned: Vec<Planned> = Vec::new();
        let emergency = words.chapter(&chapter.title).is_some_and(|known| known.runbooks);
        for (part, (known, remarks)) in chapter.parts.iter().zip(code) {
            let part = plan::plan(part, known, remarks, &around, emergency, &mut notes);
            items += part.checks.iter().filter(|check| check.item).count();
            asked += part.checks.iter().filter(|check| check.rules.is_empty()).count();
            planned.push(part);
        }
        files.extend(writer.chapter(chapter, planned, &mut notes));
    }
    notes.extend(writer.unused_forms());
    if files.is_empty() {
        return Err(ImportError::Nothing);
    }
    notes.sort_by_key(|note| (note.line, note.mark));
    Ok(Imported { files, notes, facts, items, asked })
}

/// What the document says in passing, wherever it says it.
fn learn(chapters: &[Chapter], words: &Vocabulary) -> Facts {
    let mut facts = Facts::default();
    for part in chapters.iter().flat_map(|chapter| &chapter.parts) {
        // The site that a command asks is the one meant where none is named; items come after it.
        let (known, _) = code::read_code(part, &Facts::default(), words);
        known.iter().for_each(|known| facts.learn(&known.statement));
        for block in &part.blocks {
            if let BlockKind::Item { text, .. } = &block.kind {
                facts.read(text);
            }
        }
    }
    facts
}

/// A part that tells what to do in an emergency.
struct Emergency {
    title: String,
    symptom: Option<String>,
    lines: Vec<act::Line>,
    /// Which of the chapter's sections has its looks.
    section: Option<usize>,
}

/// Where a section was written.
struct Place<'a> {
    section: &'a Planned,
    checklist: String,
    ids: Vec<String>,
}

/// Makes files of what was planned.
struct Writer<'a> {
    source: &'a str,
    words: &'a Vocabulary,
    facts: &'a Facts,
    language: Language,
    /// The forms that no chapter has taken yet.
    forms: Vec<Form>,
    /// The names that are taken.
    names: BTreeSet<String>,
}

impl Writer<'_> {
    /// The files of a chapter: its checks, and what its parts do that is no check.
    fn chapter(&mut self, chapter: &Chapter, planned: Vec<Planned>, notes: &mut Vec<Note>) -> Vec<Written> {
        let title = if chapter.title.is_empty() { self.source } else { &chapter.title };
        let known = self.words.chapter(title);
        let of_title = || Some(write::slug(title)).filter(|slug| !slug.is_empty());
        let base = known.map(|known| known.name.clone()).or_else(of_title).unwrap_or_else(|| "checklist".into());
        let (mut sections, mut acts, mut runbooks) = (Vec::new(), Vec::new(), Vec::new());
        for mut part in planned {
            if part.title.is_empty() {
                title.clone_into(&mut part.title);
            }
            let lines = std::mem::take(&mut part.lines);
            if part.runbook {
                let section = (!part.checks.is_empty()).then_some(sections.len());
                runbooks.push(Emergency { title: part.title.clone(), symptom: part.symptom.take(), lines, section });
            } else if !lines.is_empty() {
                acts.push((part.title.clone(), lines));
            }
            if !part.checks.is_empty() {
                sections.push(part);
            }
        }
        // A form is for the whole of a checklist: one that is cut into files has none.
        let whole = !sections.is_empty() && sections.len() < write::MOST_SECTIONS && !self.names.contains(&base);
        let form = known.filter(|_| whole).and_then(|known| self.take_form(known, notes));
        let signed = known.and_then(|known| known.signed.as_deref());
        let (mut files, mut places) = (Vec::new(), Vec::new());
        // A command that is there without a file keeps its name.
        let stem = if BUILT_IN.contains(&base.as_str()) { format!("{base}-checks") } else { base.clone() };
        for sections in sections.chunks(write::MOST_SECTIONS) {
            let name = write::unique_name(&stem, &mut self.names);
            let own = write::slug(&title.replace(' ', ""));
            let korean = !own.is_ascii() && own != name;
            let head = write::Head {
                name: name.clone(),
                name_ko: korean.then(|| write::unique_name(&own, &mut self.names)),
                title,
                source: self.source,
                language: self.language,
                signed,
            };
            let (file, ids) = write::checklist(&head, sections, form.as_ref());
            files.push(file);
            places.extend(sections.iter().zip(ids).map(|(section, ids)| Place {
                section,
                checklist: name.clone(),
                ids,
            }));
        }
        for (part, lines) in acts {
            let own = part.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
            let acts = act::acts(&lines, self.facts);
            files.push(self.action(&format!("{base}-{own}"), &part, &acts));
        }
        let mut written = Vec::new();
        for emergency in &runbooks {
            let place = emergency.section.and_then(|section| places.get(section));
            files.extend(self.runbook(&base, emergency, place, &mut written));
        }
        files
    }

    fn action(&mut self, name: &str, title: &str, acts: &[act::Act<'_>]) -> Written {
        let name = write::unique_name(&write::slug(name), &mut self.names);
        write::action(&name, title, self.source, acts, self.language)
    }

    /// A runbook with the actions that it asks for, unless they are `written` for another one.
    fn runbook(
        &mut self,
        base: &str,
        emergency: &Emergency,
        place: Option<&Place<'_>>,
        written: &mut Vec<(Vec<toml::Table>, String)>,
    ) -> Vec<Written> {
        let checks = place.map(|place| place.section.checks.as_slice()).unwrap_or_default();
        let mut ids = place.into_iter().flat_map(|place| place.ids.iter().map(|id| (&place.checklist, id)));
        let (mut steps, mut files) = (Vec::new(), Vec::new());
        for entry in runbook::entries(checks, &emergency.lines, self.facts) {
            let (title, does) = match entry {
                Entry::Look(check) => {
                    let Some((checklist, check_id)) = ids.next() else { continue };
                    let does = Does::Look { checklist: checklist.clone(), check: check_id.clone() };
                    (check.title.clone(), does)
                }
                Entry::Deed(deed) => {
                    let own: Vec<_> = deed.steps().cloned().collect();
                    let known = written.iter().find(|(steps, _)| *steps == own).map(|(_, name)| name.clone());
                    let action = known.unwrap_or_else(|| {
                        let file = self.action(&format!("{base}-{}", deed.title), &deed.title, &deed.acts);
                        let name = file.name.trim_end_matches(".toml").to_owned();
                        files.push(file);
                        written.push((own, name.clone()));
                        name
                    });
                    (deed.title, Does::Act { action })
                }
            };
            steps.push(Step { title, does });
        }
        let title = &emergency.title;
        for steps in steps.chunks(MOST_STEPS) {
            let head = write::RunbookHead {
                name: write::unique_name(&write::slug(&format!("{base}-{title}")), &mut self.names),
                title,
                symptom: emergency.symptom.as_deref(),
                critical: self.words.is_critical(title),
                source: self.source,
                language: self.language,
            };
            files.push(write::runbook(&head, steps));
        }
        files
    }

    /// The form for the chapter that is known by this name.
    fn take_form(&mut self, known: &ChapterName, notes: &mut Vec<Note>) -> Option<Form> {
        let signed = known.signed.as_ref()?;
        let is_its =
            |form: &Form| self.words.chapter(&form.title).is_some_and(|own| own.signed.as_ref() == Some(signed));
        let at = self.forms.iter().position(is_its)?;
        let form = self.forms.remove(at);
        let told = Message::new("import-form").with("items", form.items.len().to_string());
        notes.push(Note::new(form.line, Mark::Guessed, told.with("command", known.name.as_str())));
        Some(form)
    }

    /// What is told of the forms that are for no checklist of the document.
    fn unused_forms(&self) -> impl Iterator<Item = Note> + '_ {
        self.forms.iter().map(|form| {
            let told = Message::new("import-template").with("items", form.items.len().to_string());
            Note::new(form.line, Mark::Left, told)
        })
    }
}

#[cfg(test)]
mod tests;
