//! What a part about an emergency becomes: a runbook, whose looks are checks of the chapter's checklist and whose acts are
//! actions of their own. One action of them all would restart, take down and reboot one after the other, though each is only
//! wanted where the one before did not help.

use toml::Table;

use super::act::{Act, Line, acts};
use super::alone::without_number;
use super::facts::Facts;
use super::plan::{PlannedCheck, short};

/// A step of a runbook.
pub(super) struct Step {
    /// Without its number.
    pub(super) title: String,
    /// What it does.
    pub(super) does: Does,
}

/// What a step does.
pub(super) enum Does {
    /// It looks at a check.
    Look {
        /// The checklist's name.
        checklist: String,
        /// The check's id.
        check: String,
    },
    /// It asks for an action.
    Act {
        /// Its name.
        action: String,
    },
}

/// What stands between two looks, or below a comment of its own.
pub(super) struct Deed<'a> {
    /// What the document calls it.
    pub(super) title: String,
    /// What is done, with the lines that only say something to who reads them.
    pub(super) acts: Vec<Act<'a>>,
}

impl Deed<'_> {
    /// What is done.
    pub(super) fn steps(&self) -> impl Iterator<Item = &Table> {
        self.acts.iter().filter_map(|act| act.step.as_ref())
    }
}

/// A look or a deed.
pub(super) enum Entry<'a> {
    /// A check.
    Look(&'a PlannedCheck),
    /// What changes something.
    Deed(Deed<'a>),
}

/// `checks` and `lines` in the order of the document.
pub(super) fn entries<'a>(checks: &'a [PlannedCheck], lines: &'a [Line], facts: &Facts) -> Vec<Entry<'a>> {
    let mut looks = checks.iter().peekable();
    let mut entries = Vec::new();
    // Lines that do nothing by themselves stand above the deed that follows them.
    let mut waiting = Vec::new();
    for act in acts(lines, facts) {
        let Some(first) = act.lines.first() else { continue };
        while let Some(check) = looks.next_if(|check| check.line < first.line) {
            entries.push(Entry::Look(check));
        }
        if act.step.is_none() {
            waiting.push(act);
            continue;
        }
        match entries.last_mut() {
            Some(Entry::Deed(deed)) if first.comment.is_none() => deed.acts.extend(waiting.drain(..).chain([act])),
            _ => {
                let title = first.comment.clone().unwrap_or_else(|| short(&first.text));
                let title = without_number(&title).to_owned();
                entries.push(Entry::Deed(Deed { title, acts: waiting.drain(..).chain([act]).collect() }));
            }
        }
    }
    let last = entries.iter_mut().rev().find_map(|entry| if let Entry::Deed(deed) = entry { Some(deed) } else { None });
    if let Some(deed) = last {
        deed.acts.append(&mut waiting);
    }
    entries.extend(looks.map(Entry::Look));
    entries
}
