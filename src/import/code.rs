//! The code blocks of a part: their statements, with what is known of each.

use super::alone::without_number;
use super::facts::Facts;
use super::look::{Look, looks};
use super::markdown::{BlockKind, Part};
use super::read_only::{Effect, effect};
use super::shell::{Remark, Statement, statements};
use super::vocabulary::Vocabulary;

/// A statement with what is known of it.
pub(super) struct Known {
    /// The statement.
    pub(super) statement: Statement,
    /// What it does.
    pub(super) effect: Effect,
    /// What it is known to look at.
    pub(super) looks: Vec<Look>,
    /// Its block changes something as well.
    pub(super) mixed: bool,
    /// An item is answered by it.
    pub(super) used: bool,
}

/// The languages of a fence whose content is the shell's.
pub(super) const SHELLS: &[&str] = &["bash", "sh", "shell", "zsh", "console", "shell-session", "terminal"];

/// Every statement of a part's code blocks, and the comments that belong to none.
pub(super) fn read_code(part: &Part, facts: &Facts, words: &Vocabulary) -> (Vec<Known>, Vec<Remark>) {
    let (mut known, mut remarks) = (Vec::new(), Vec::new());
    for block in &part.blocks {
        let BlockKind::Code { language, text, skip } = &block.kind else { continue };
        if !SHELLS.contains(&language.as_str()) {
            continue;
        }
        let prompts = text.lines().any(|line| line.starts_with("$ "));
        // In a recorded session only what stands behind a prompt is a command.
        let text = if prompts { session(text) } else { text.clone() };
        let (found, apart) = statements(&text, block.line + skip, |comment| words.tells_output(comment));
        remarks.extend(apart);
        let found = carried_on(found);
        let first = known.len();
        known.extend(found.into_iter().map(|statement| {
            let effect = effect(&statement);
            let looks = looks(&statement, facts);
            Known { statement, effect, looks, mixed: false, used: false }
        }));
        let mixed = known[first..].iter().any(Known::changes);
        known[first..].iter_mut().for_each(|known| known.mixed = mixed);
    }
    (known, remarks)
}

/// A step's number is for what is done in it: `# 1. Look` above `cd /opt/app` is for the command that runs there.
fn carried_on(mut found: Vec<Statement>) -> Vec<Statement> {
    for at in 1..found.len() {
        let (before, after) = found.split_at_mut(at);
        let (Some(place), Some(next)) = (before.last_mut(), after.first_mut()) else { continue };
        let numbered = place.comment.as_ref().is_some_and(|comment| without_number(comment) != comment);
        if numbered && next.comment.is_none() && effect(place) == Effect::Context && !place.shape.assigns {
            next.comment = place.comment.take();
        }
    }
    found
}

fn session(text: &str) -> String {
    let line = |line: &str| line.strip_prefix("$ ").map_or_else(|| format!("# {line}"), str::to_owned);
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

impl Known {
    /// It must not run as a check.
    pub(super) fn changes(&self) -> bool {
        let acts = matches!(self.effect, Effect::Changes(_) | Effect::Unknown(_));
        acts && (self.looks.is_empty() || self.looks.iter().any(|look| look.kind == "aws_alarms"))
    }
}
