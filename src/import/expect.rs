//! The rules of an imported check: those of the vocabulary, with the item's own thresholds in their place.

use toml::{Table, Value};

use super::look::Look;
use super::shell::Statement;
use super::threshold::{Threshold, thresholds};
use super::vocabulary::{Asked, AskedRule, Vocabulary};
use crate::domain::condition::Condition;
use crate::domain::quantity::Quantity;

/// The rules for an item of this text, and whether they are its own: no threshold was taken from the vocabulary where
/// people might want another.
pub(super) fn asked_rules(text: &str, asked: Option<&&Asked>, look: &Look, words: &Vocabulary) -> (Vec<Table>, bool) {
    let own = match look.kind.as_str() {
        "http" => Some(site_rules(text, look)),
        "container" => Some(container_rules(text)),
        _ => None,
    };
    if let Some(rules) = own {
        return (rules, true);
    }
    let Some(asked) = asked else { return (Vec::new(), false) };
    let found = thresholds(text, words);
    let mut sure = true;
    let rules = asked.rules.iter().map(|rule| {
        let given = rule.number.and_then(|number| found.get(number - 1));
        let fits = given.filter(|given| can_be(given, shipped(rule)));
        sure &= rule.number.is_none() || fits.is_some();
        let mut table = Table::new();
        table.insert("measure".into(), rule.measure.clone().into());
        for (key, condition) in [("warn", &rule.warn), ("fail", &rule.fail)] {
            if let Some(condition) = condition {
                let condition = fits.map_or_else(|| condition.clone(), Threshold::wrong);
                table.insert(key.into(), condition.into());
            }
        }
        if let Some(usual) = &rule.usual {
            table.insert("usual".into(), Value::Table(usual.clone()));
        }
        if rule.optional {
            table.insert("optional".into(), true.into());
        }
        table
    });
    let rules = rules.collect();
    (rules, sure)
}

/// Whether an item's threshold counts what the shipped one counts, and can be met and missed: `CPU < 0 %` cannot.
fn can_be(given: &Threshold, shipped: Option<Quantity>) -> bool {
    let Some(dimension) = shipped.map(|own| own.dimension) else { return false };
    let condition = Condition::parse(&given.wrong());
    given.quantity.dimension == dimension && condition.is_ok_and(|wrong| wrong.check_dimension(Some(dimension)).is_ok())
}

/// What a shipped threshold counts.
fn shipped(rule: &AskedRule) -> Option<Quantity> {
    let written = rule.fail.as_ref().or(rule.warn.as_ref())?;
    Quantity::parse(written.trim_start_matches(['<', '>', '=', ' '])).ok()
}

fn rule(measure: &str, key: &str, condition: String) -> Table {
    let mut table = Table::new();
    table.insert("measure".into(), measure.into());
    table.insert(key.into(), condition.into());
    table
}

fn site_rules(text: &str, look: &Look) -> Vec<Table> {
    let exact = text
        .split(|c: char| !c.is_ascii_digit())
        .find(|number| matches!(*number, "200" | "201" | "204" | "301" | "302" | "401" | "403"));
    let status = exact.map_or_else(|| "not in 200..399".to_owned(), |status| format!("!= {status}"));
    let mut rules = vec![rule("status", "fail", status)];
    if let Some(pattern) = body_pattern(&look.expected) {
        rules.push(rule("body", "fail", format!("!~ {pattern}")));
    }
    rules
}

fn container_rules(text: &str) -> Vec<Table> {
    let mut rules = vec![rule("state", "fail", "!= running".to_owned())];
    if text.to_lowercase().contains("healthy") {
        rules.push(rule("health", "fail", "not in healthy, starting".to_owned()));
    }
    let mut restarts = rule("restarts", "warn", "rises".to_owned());
    restarts.insert("optional".into(), true.into());
    rules.push(restarts);
    rules
}

/// The rules of a command that is known for nothing: it ends well, prints what it should, and does not change unseen.
pub(super) fn shell_rules(statement: &Statement, expected: &Option<String>) -> Vec<Table> {
    let last = statement.programs.last().and_then(|words| words.first()).map(|word| word.text.as_str());
    // grep ends with 1 where it finds nothing, which is an answer.
    let exit = if matches!(last, Some("grep" | "egrep" | "zgrep")) { "not in 0..1" } else { "!= 0" };
    let mut rules = vec![rule("exit", "fail", exit.to_owned())];
    if let Some(pattern) = expected {
        rules.push(rule("output", "fail", format!("!~ {pattern}")));
    }
    if ["version", " -v", " -V"].iter().any(|word| statement.text.contains(word)) {
        let mut changed = rule("output", "warn", "changed".to_owned());
        changed.insert("optional".into(), true.into());
        rules.push(changed);
    }
    rules
}

/// A pattern for the output that a comment tells: `예상 응답: "OK [timestamp]"` is text that begins with `OK `. What stands
/// in brackets is a place, and what follows it unknown.
pub(super) fn body_pattern(expected: &[String]) -> Option<String> {
    let first = expected.first()?;
    let told = first.split_once(':').map(|(_, told)| told.trim()).filter(|told| !told.is_empty());
    let told = told.or_else(|| expected.get(1).map(|line| line.trim()))?;
    let told = told.trim_matches(['"', '\'', '`']);
    let fixed = told.split(['[', '<', '{', '…']).next().unwrap_or_default().trim_end_matches("...");
    let trimmed = fixed.trim_end();
    // A blank at a condition's end is no part of it.
    let blank = if trimmed.len() < fixed.len() { r"\s" } else { "" };
    (!trimmed.is_empty()).then(|| format!("^{}{blank}", regex::escape(trimmed)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expected_output_is_known_as_far_as_its_first_place() {
        let of = |lines: &[&str]| body_pattern(&lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>());
        assert_eq!(of(&["예상 응답: \"OK [timestamp]\""]).as_deref(), Some(r"^OK\s"));
        assert_eq!(of(&["expected:", "pong"]).as_deref(), Some("^pong"));
        assert_eq!(of(&["expected: a.b"]).as_deref(), Some("^a\\.b"));
        assert_eq!(of(&["expected: [timestamp]"]), None);
        assert_eq!(of(&["expected:"]), None);
        assert_eq!(of(&[]), None);
    }
}
