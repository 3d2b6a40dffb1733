//! Reads the team's own form for signing a checklist off: `[template]`.

use std::collections::BTreeSet;

use crate::document::{Table, did_you_mean};
use crate::domain::command::Section;
use crate::domain::message::Message;
use crate::domain::period::Every;
use crate::domain::template::{Item, Template};

/// `[template]` of a checklist with these sections. Every check stands behind an item: a form that leaves one out could be
/// full of crosses while something is broken.
pub(super) fn template(table: &Table<'_>, sections: &[Section], signed: Option<Every>) -> Option<Template> {
    if signed.is_none() {
        table.problem(table.span(), Message::new("template-unsigned"));
    }
    let title = table.required_localised("title");
    let title = title.filter(|title| super::has_length(table, title, super::LONGEST_TITLE));
    let known: Vec<&str> = sections.iter().flat_map(|section| &section.checks).map(|check| check.id.as_str()).collect();
    let mut mapped = BTreeSet::new();
    let items: Vec<_> = table.tables("item").iter().filter_map(|table| item(table, &known, &mut mapped)).collect();
    if !table.has("item") {
        table.problem(table.span(), Message::new("file-missing-key").with("key", "item"));
    }
    let missing: Vec<_> = known.iter().filter(|id| !mapped.contains(**id)).copied().collect();
    if !missing.is_empty() && !items.is_empty() {
        table.problem(table.span(), Message::new("template-unmapped").with("checks", missing.join(", ")));
    }
    Some(Template { title: title?.value, items })
}

fn item(table: &Table<'_>, known: &[&str], mapped: &mut BTreeSet<String>) -> Option<Item> {
    let title = table.required_localised("title");
    let title = title.filter(|title| super::has_length(table, title, super::LONGEST_TITLE));
    let written = table.texts("checks");
    if written.is_empty() {
        table.problem(table.span(), Message::new("template-empty-item"));
    }
    let mut checks = Vec::new();
    for check in written {
        if known.contains(&check.value.as_str()) {
            mapped.insert(check.value.clone());
            checks.push(check.value);
        } else {
            table.problem_with_hint(
                check.span,
                Message::new("template-unknown-check").with("id", check.value.as_str()),
                did_you_mean(&check.value, known.iter().copied()),
            );
        }
    }
    Some(Item { title: title?.value, checks })
}
