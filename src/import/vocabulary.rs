//! The words by which a checklist is understood: `vocabulary.toml` beside this file.

use std::collections::BTreeMap;

use serde::Deserialize;

/// `vocabulary.toml`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Vocabulary {
    expected: Vec<String>,
    symptom: Vec<String>,
    critical: Vec<String>,
    units: BTreeMap<String, Vec<String>>,
    before: BTreeMap<String, Vec<String>>,
    after: BTreeMap<String, Vec<String>>,
    chapter: Vec<ChapterName>,
    /// What an item may ask, the first that fits counts.
    pub(super) check: Vec<Asked>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ChapterName {
    /// The file's name.
    pub(super) name: String,
    words: Vec<String>,
    /// What it is signed for: `day`, `week`, `month`.
    pub(super) signed: Option<String>,
    /// What its parts tell to do is done in an emergency, step by step.
    #[serde(default)]
    pub(super) runbooks: bool,
}

/// What an item may ask.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    /// The kind of look that answers it.
    pub(super) look: String,
    /// What the check is called in JSON.
    pub(super) id: String,
    /// Of each group one word stands in the item.
    #[serde(default)]
    words: Vec<Vec<String>>,
    /// What the command must contain besides.
    #[serde(default)]
    pub(super) has: Vec<String>,
    /// The look may stand in another part of the document.
    #[serde(default)]
    pub(super) anywhere: bool,
    /// What a command of this kind becomes that no item asks for.
    #[serde(default)]
    pub(super) alone: bool,
    /// What is asked.
    pub(super) rules: Vec<AskedRule>,
    /// What stands beside the title.
    #[serde(default)]
    pub(super) show: Vec<String>,
    /// How long the look may take.
    pub(super) deadline: Option<String>,
}

/// A rule of an asked check.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AskedRule {
    /// The measure.
    pub(super) measure: String,
    /// When it is a warning, unless the item says it.
    pub(super) warn: Option<String>,
    /// When it is a failure, unless the item says it.
    pub(super) fail: Option<String>,
    /// What is usual.
    pub(super) usual: Option<toml::Table>,
    /// The host may not have it.
    #[serde(default)]
    pub(super) optional: bool,
    /// Which of the item's thresholds it takes, from 1.
    pub(super) number: Option<usize>,
}

impl Vocabulary {
    /// The shipped words. Nothing where the file is broken, which a test forbids.
    pub(super) fn shipped() -> Self {
        toml::from_str(include_str!("vocabulary.toml")).unwrap_or_else(|error| {
            tracing::error!(%error, "src/import/vocabulary.toml");
            Self::default()
        })
    }

    /// Every spelling of a unit with the unit of command files, the longest first.
    pub(super) fn units(&self) -> impl Iterator<Item = (&str, &'static str)> {
        longest_first(&self.units).into_iter().filter_map(|(word, unit)| {
            let known = ["", "%", "TB", "GB", "MB", "kB", "ms", "s", "min", "h", "d"];
            Some((word, known.into_iter().find(|known| *known == unit)?))
        })
    }

    /// Every word that stands before a number with what it wants of it, the longest first.
    pub(super) fn before(&self) -> impl Iterator<Item = (&str, &'static str)> {
        wanted(&self.before)
    }

    /// Every word that stands behind a number with what it wants of it, the longest first.
    pub(super) fn after(&self) -> impl Iterator<Item = (&str, &'static str)> {
        wanted(&self.after)
    }

    /// Whether a comment tells what a command prints.
    pub(super) fn tells_output(&self, comment: &str) -> bool {
        let comment = comment.to_lowercase();
        self.expected.iter().any(|word| comment.starts_with(word))
    }

    /// How an emergency is noticed, where `text` tells it: `증상: API 응답 없음`.
    pub(super) fn symptom<'a>(&self, text: &'a str) -> Option<&'a str> {
        let (head, told) = text.split_once([':', '：'])?;
        let head = head.trim().to_lowercase();
        self.symptom.contains(&head).then(|| told.trim()).filter(|told| !told.is_empty())
    }

    /// Whether a heading says that nobody can use the service.
    pub(super) fn is_critical(&self, title: &str) -> bool {
        let title = title.to_lowercase();
        self.critical.iter().any(|word| has_word(&title, word))
    }

    /// What is known of a chapter, where its title has one of the known words.
    pub(super) fn chapter(&self, title: &str) -> Option<&ChapterName> {
        let title = title.to_lowercase();
        self.chapter.iter().find(|chapter| chapter.words.iter().any(|word| title.contains(word)))
    }
}

impl Asked {
    /// Whether an item of this text asks it.
    pub(super) fn fits(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        !self.words.is_empty() && self.words.iter().all(|group| group.iter().any(|word| has_word(&text, word)))
    }
}

/// Whether `word` stands in `text`: a Latin word on its own, a Korean one wherever it is.
fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        !word.is_ascii() || !before.is_some_and(|c| c.is_ascii_alphanumeric())
    })
}

fn longest_first(words: &BTreeMap<String, Vec<String>>) -> Vec<(&str, &str)> {
    let pairs = words.iter().flat_map(|(key, words)| words.iter().map(move |word| (word.as_str(), key.as_str())));
    let mut all: Vec<_> = pairs.collect();
    all.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
    all
}

fn wanted(words: &BTreeMap<String, Vec<String>>) -> impl Iterator<Item = (&str, &'static str)> {
    longest_first(words)
        .into_iter()
        .filter_map(|(word, wanted)| Some((word, ["<=", ">=", "<", ">"].into_iter().find(|known| *known == wanted)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_words_can_be_read() {
        let words: Vocabulary = toml::from_str(include_str!("vocabulary.toml")).unwrap();
        assert!(words.check.len() > 30 && words.units().count() > 20);
        assert_eq!(words.chapter("### 주간 체크").map(|chapter| chapter.name.as_str()), Some("weekly"));
        assert!(words.tells_output("예상 응답: OK") && !words.tells_output("디스크 사용량"));
        assert_eq!(words.symptom("증상: API 응답 없음: 전부"), Some("API 응답 없음: 전부"));
        assert_eq!((words.symptom("조치: 재시작"), words.symptom("증상:")), (None, None));
        assert!(words.is_critical("서비스 다운 (Critical)") && !words.is_critical("디스크 풀 (High)"));
    }

    #[test]
    fn a_latin_word_begins_a_word() {
        assert!(has_word("check the ip address", "ip") && has_word("비정상적인 ip 접속", "ip"));
        assert!(!has_word("a script", "ip"));
    }
}
