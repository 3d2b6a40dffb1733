//! What the checklists check: every check with its probe and thresholds, before anything is looked at.

use serde_json::{Value as Json, json};

use super::line::{columns, mark};
use super::markdown::visible;
use super::table::row;
use crate::domain::command::{Check, Checklist, Rule};
use crate::domain::condition::Condition;
use crate::domain::condition::past::Against;
use crate::domain::grade::Grade;
use crate::domain::message::{Language, Message};
use crate::domain::quantity::Quantity;
use crate::text::{say, word};

/// The widest title that others are set to.
const WIDEST_TITLE: usize = 34;

/// As lines for a terminal.
pub fn text(checklists: &[&Checklist], language: Language) -> String {
    let checks = || checklists.iter().flat_map(|list| list.checks());
    let title = |check: &Check| columns(check.title.get(language));
    let widest = checks().map(title).max().unwrap_or(0).min(WIDEST_TITLE);
    let kind = checks().map(|check| check.probe.kind().len()).max().unwrap_or(0);
    let mut lines = Vec::new();
    for list in checklists {
        lines.extend([String::new(), format!(" {}  /{}", list.title.get(language), list.id)]);
        for section in &list.sections {
            lines.extend([String::new(), format!("   {}", section.title.get(language))]);
            lines.extend(section.checks.iter().map(|check| {
                let blank = " ".repeat(widest.saturating_sub(title(check)));
                let number = check.row.as_deref().unwrap_or_default();
                let kind = format!("{:kind$}", check.probe.kind());
                let line = format!("     {number:<4}{}{blank}  {kind}  ", visible(check.title.get(language)));
                format!("{line}{}", thresholds(check, language)).trim_end().to_owned()
            }));
        }
    }
    lines.push(String::new());
    lines.join("\n")
}

/// As Markdown tables.
pub fn markdown(checklists: &[&Checklist], language: Language) -> String {
    let head = ["list-row", "report-check", "list-probe", "report-threshold-head"];
    let mut lines = Vec::new();
    for list in checklists {
        lines.extend([format!("# {} (`/{}`)", list.title.get(language), list.id), String::new()]);
        lines.push(row(head.iter().map(|key| word(key, language))));
        lines.push("|---".repeat(head.len()) + "|");
        lines.extend(list.checks().map(|check| {
            row([
                check.row.clone().unwrap_or_default(),
                check.title.get(language).to_owned(),
                format!("`{}`", check.probe.kind()),
                thresholds(check, language),
            ])
        }));
        lines.push(String::new());
    }
    lines.join("\n")
}

/// As JSON: conditions as they are written.
pub fn json(checklists: &[&Checklist], language: Language) -> Json {
    let written = |condition: &Option<Condition>| condition.as_ref().map(ToString::to_string);
    let rule = |rule: &Rule| {
        json!({
            "measure": rule.measure,
            "warn": written(&rule.warn),
            "fail": written(&rule.fail),
            "optional": rule.optional,
        })
    };
    let check = |section: &str, check: &Check| {
        json!({
            "id": check.id,
            "row": check.row,
            "section": section,
            "title": check.title.get(language),
            "probe": check.probe.kind(),
            "rules": check.rules.iter().map(rule).collect::<Vec<_>>(),
            "deadline_s": check.deadline.as_secs_f64(),
        })
    };
    let list = |list: &&Checklist| {
        let checks =
            list.sections.iter().flat_map(|section| section.checks.iter().map(|found| check(&section.id, found)));
        json!({ "command": list.id, "title": list.title.get(language), "checks": checks.collect::<Vec<_>>() })
    };
    Json::Array(checklists.iter().map(list).collect())
}

/// `응답 코드 ❌ != 200 · 걸린 시간 ⚠️ >= 2 s`.
fn thresholds(check: &Check, language: Language) -> String {
    let rule = |rule: &Rule| {
        let measure = say(&Message::new("measure").with("name", rule.measure.as_str()), language);
        let conditions = [(Grade::Warn, &rule.warn), (Grade::Fail, &rule.fail)];
        let said = conditions
            .into_iter()
            .filter_map(|(grade, condition)| Some(format!("{} {}", mark(grade), said(condition.as_ref()?, rule))));
        format!("{measure} {}", said.collect::<Vec<_>>().join(" "))
    };
    check.rules.iter().map(rule).collect::<Vec<_>>().join(" · ")
}

/// A condition as it is written, and what "usual" needs.
fn said(condition: &Condition, rule: &Rule) -> String {
    if !condition.against().is_some_and(Against::asks_usual) {
        return condition.to_string();
    }
    let days = |span: chrono::TimeDelta| Quantity::seconds(span.as_seconds_f64());
    format!("{condition} ({}, {} x {})", days(rule.usual.over), rule.usual.least, days(rule.usual.every))
}
