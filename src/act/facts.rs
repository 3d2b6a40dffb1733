//! What scripts say besides what programs print: a line `::word` and one `!!word`, each with `name=value` behind tabs, is a
//! fact or the reason for a failure.

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::DateTime;

use super::{Stage, Unfit};
use crate::domain::evidence::Status;
use crate::domain::message::{Arg, Message};
use crate::domain::quantity::Quantity;
use crate::host::Output;

/// The facts that people are told, and the sentence of each.
const FACTS: &[(&str, &str)] = &[
    ("backup-made", "act-backup-made"),
    ("boot", "act-boot"),
    ("chosen", "act-chosen"),
    ("compose-down-failed", "act-compose-down-failed"),
    ("compressed", "act-compressed"),
    ("counted", "act-counted"),
    ("deleted", "act-deleted"),
    ("down", "act-down"),
    ("dropped", "act-dropped"),
    ("dry-run", "act-dry-run"),
    ("forcing", "act-forcing"),
    ("freed", "act-freed"),
    ("gone-already", "act-gone-already"),
    ("healthy", "act-healthy"),
    ("issued", "act-issued"),
    ("kept", "act-kept"),
    ("loading", "act-loading"),
    ("not-started", "act-not-started"),
    ("nothing-due", "act-nothing-due"),
    ("old-kept", "act-old-kept"),
    ("reboot-asked", "act-reboot-asked"),
    ("reboot-due-no", "act-reboot-due-no"),
    ("reboot-due-unknown", "act-reboot-due-unknown"),
    ("reboot-due-yes", "act-reboot-due-yes"),
    ("reloaded", "act-reloaded"),
    ("removed", "act-removed"),
    ("renewing", "act-renewing"),
    ("room", "act-room"),
    ("spared", "act-spared"),
    ("started", "act-started"),
    ("step-chosen", "act-step-chosen"),
    ("step-counted", "act-step-counted"),
    ("step-list", "act-step-list"),
    ("step-load", "act-step-load"),
    ("step-safety", "act-step-safety"),
    ("step-swap", "act-step-swap"),
    ("swapped", "act-swapped"),
    ("tagged", "act-tagged"),
    ("updated", "act-updated"),
    ("vacuumed", "act-vacuumed"),
    ("vacuumed-unmeasured", "act-vacuumed-unmeasured"),
];

/// The reasons for which a script gives up, and the sentence of each.
const REASONS: &[(&str, &str)] = &[
    ("backup-broken", "unfit-backup-broken"),
    ("backup-failed", "unfit-backup-failed"),
    ("backup-no-file", "unfit-backup-no-file"),
    ("backup-no-script", "unfit-backup-no-script"),
    ("compose-failed", "unfit-compose-failed"),
    ("create-failed", "unfit-create-failed"),
    ("dry-run-failed", "unfit-dry-run-failed"),
    ("file-changed", "unfit-file-changed"),
    ("five-a-week", "unfit-five-a-week"),
    ("image-changed", "unfit-image-changed"),
    ("image-gone", "unfit-image-gone"),
    ("image-without-tag", "unfit-image-without-tag"),
    ("load-failed", "unfit-load-failed"),
    ("nginx-config", "unfit-nginx-config"),
    ("no-backup", "unfit-no-backup"),
    ("no-certificates", "unfit-no-certificates"),
    ("no-compose", "unfit-no-compose"),
    ("no-container", "unfit-no-container"),
    ("no-database", "unfit-no-database"),
    ("no-docker", "unfit-no-docker"),
    ("no-file", "unfit-no-file"),
    ("no-folder", "unfit-no-folder"),
    ("no-manager", "unfit-no-manager"),
    ("no-room", "unfit-no-room"),
    ("no-rows", "unfit-no-rows"),
    ("no-table", "unfit-no-table"),
    ("none-whole", "unfit-none-whole"),
    ("not-compressed", "unfit-not-compressed"),
    ("not-deleted", "unfit-not-deleted"),
    ("not-renewed", "unfit-not-renewed"),
    ("not-restarted", "unfit-not-restarted"),
    ("not-rolled-back", "unfit-not-rolled-back"),
    ("reload-failed", "unfit-reload-failed"),
    ("renew-failed", "unfit-renew-failed"),
    ("room-unknown", "unfit-room-unknown"),
    ("scratch-exists", "unfit-scratch-exists"),
    ("sudo-refused", "unfit-sudo-refused"),
    ("swap-failed", "unfit-swap-failed"),
    ("tag-failed", "unfit-tag-failed"),
    ("unhealthy", "unfit-unhealthy"),
    ("update-failed", "unfit-update-failed"),
    ("updates-unknown", "unfit-updates-unknown"),
    ("vacuum-failed", "unfit-vacuum-failed"),
];

/// The values that count bytes.
const BYTES: &[&str] = &["size", "need", "free"];

/// The values that are moments.
const TIMES: &[&str] = &["since"];

/// A moment as Docker writes it, or the text as it is.
pub(super) fn moment(text: &str) -> Arg {
    DateTime::parse_from_rfc3339(text).map_or_else(|_| Arg::from(text), |at| Arg::Time(at.to_utc()))
}

/// A line of a script that means something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fact<'a> {
    /// Which.
    pub(super) word: &'a str,
    values: BTreeMap<&'a str, &'a str>,
}

impl<'a> Fact<'a> {
    /// The value `name`; nothing where there is none.
    pub(super) fn get(&self, name: &str) -> &'a str {
        self.values.get(name).copied().unwrap_or_default()
    }

    /// The value `name` as a number; 0 where it is none.
    #[expect(clippy::cast_precision_loss, reason = "sizes are shown to people, in MB")]
    pub(super) fn bytes(&self, name: &str) -> f64 {
        self.get(name).parse::<i64>().map_or(0.0, |bytes| bytes as f64)
    }

    fn message(&self, sentences: &[(&'static str, &'static str)]) -> Option<Message> {
        let (_, key) = sentences.iter().find(|(word, _)| *word == self.word)?;
        let arg = |(name, value): (&&str, &&str)| {
            let arg = match *name {
                name if BYTES.contains(&name) => Quantity::bytes(self.bytes(name)).into(),
                name if TIMES.contains(&name) => moment(value),
                _ => Arg::from(*value),
            };
            (Cow::Owned((*name).to_owned()), arg)
        };
        Some(Message { key: Cow::Borrowed(key), args: self.values.iter().map(arg).collect() })
    }
}

/// What a line of a script's output is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Line {
    /// A fact that people are told.
    Fact(Message),
    /// Why it gives up.
    Reason(Message),
    /// What a program printed.
    Printed,
}

/// Reads one line.
pub(super) fn line(text: &str) -> Line {
    if let Some(fact) = read(text, "::") {
        return fact.message(FACTS).map_or(Line::Printed, Line::Fact);
    }
    read(text, "!!").and_then(|fact| fact.message(REASONS)).map_or(Line::Printed, Line::Reason)
}

fn read<'a>(line: &'a str, mark: &str) -> Option<Fact<'a>> {
    let mut parts = line.strip_prefix(mark)?.split('\t');
    let word = parts.next()?;
    let values = parts.filter_map(|pair| pair.split_once('=')).collect();
    Some(Fact { word, values })
}

/// The facts of a look's output.
pub(super) fn facts(text: &str) -> impl Iterator<Item = Fact<'_>> {
    text.lines().filter_map(|line| read(line, "::"))
}

/// Looks by `script`, and gives its output, which holds facts to its end.
///
/// # Errors
/// [`Unfit`]: the host could not be asked, or says why it must not be done.
pub(super) async fn look(script: &'static str, words: &[&str], stage: &Stage) -> Result<String, Unfit> {
    let output = stage.host.look_with(script, words, super::LOOK).await?;
    judge(output, stage)
}

fn judge(output: Output, stage: &Stage) -> Result<String, Unfit> {
    let text = output.stdout.text;
    for one in text.lines() {
        if let Line::Reason(reason) = line(one) {
            return Err(with_hint(reason));
        }
    }
    if output.status == Some(Status::Exit(0)) && facts(&text).any(|fact| fact.word == "end") {
        return Ok(text);
    }
    let said = output.stderr.text.trim();
    let cause = stage.masker.mask(said.lines().last().unwrap_or_default()).chars().take(200).collect::<String>();
    Err(Message::new("unfit-unread").with("cause", cause).into())
}

/// What can be done about the reasons for which that is known.
pub(super) fn with_hint(reason: Message) -> Unfit {
    let hint = match &*reason.key {
        "unfit-sudo-refused" => Some(Message::new("unfit-sudo-refused-hint")),
        "unfit-no-room" => Some(Message::new("unfit-no-room-hint")),
        "unfit-unhealthy" => Some(Message::new("unfit-unhealthy-hint")),
        "unfit-dry-run-failed" | "unfit-renew-failed" => Some(Message::new("unfit-renew-failed-hint")),
        "unfit-five-a-week" => Some(Message::new("unfit-five-a-week-hint")),
        "unfit-image-without-tag" => Some(Message::new("unfit-image-without-tag-hint")),
        _ => None,
    };
    Unfit { reason, hint }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::message::Language;
    use crate::text::say;

    #[test]
    fn a_fact_is_told_and_what_programs_print_is_not_mistaken_for_one() {
        let made = line("::backup-made\tname=postgres_1.sql.gz\tsize=130552");
        let Line::Fact(made) = made else { panic!("{made:?}") };
        assert!(say(&made, Language::En).contains("130.6 kB"), "{}", say(&made, Language::En));
        for printed in ["", "::", "::unheard-of", "!!", "!!unheard-of\ta=b", ": no", "  ::backup-made"] {
            assert_eq!(line(printed), Line::Printed, "{printed:?}");
        }
        assert!(matches!(line("!!no-room\tneed=10\tfree=5"), Line::Reason(_)));
    }

    #[test]
    fn every_word_of_a_script_has_its_sentence_and_every_sentence_its_word() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/act/scripts");
        let word = regex::Regex::new(r"\b(say|fail) ([a-z-]+)").unwrap();
        let (mut facts, mut reasons) = (Vec::new(), Vec::new());
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let looks = path.file_name().unwrap().to_string_lossy().starts_with("look_");
            let text = std::fs::read_to_string(&path).unwrap();
            let code: Vec<_> = text.lines().filter(|line| !line.trim_start().starts_with('#')).collect();
            for found in word.captures_iter(&code.join("\n")) {
                match &found[1] {
                    "fail" => reasons.push(found[2].to_owned()),
                    _ if !looks => facts.push(found[2].to_owned()),
                    _ => {}
                }
            }
        }
        for word in &reasons {
            assert!(REASONS.iter().any(|(known, _)| known == word), "{word}");
        }
        for word in facts.iter().filter(|word| !word.ends_with('-')) {
            assert!(FACTS.iter().any(|(known, _)| known == word), "{word}");
        }
        for (known, _) in REASONS {
            assert!(reasons.iter().any(|word| word == known), "no script gives up for {known}");
        }
        for (known, _) in FACTS.iter().filter(|(known, _)| !known.starts_with("reboot-due")) {
            assert!(facts.iter().any(|word| word == known), "no script says {known}");
        }
    }
}
