//! The forms at a document's end, by which the team signs a checklist off: `[ ] API responds`, line by line.

use std::collections::{BTreeMap, BTreeSet};

use super::code::SHELLS;
use super::markdown::{BlockKind, Chapter};
use super::plan::Planned;

/// A form of the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Form {
    /// Its first line in the document, from 1.
    pub(super) line: usize,
    /// The heading above it.
    pub(super) title: String,
    /// Its items, in their order.
    pub(super) items: Vec<String>,
}

/// Every form of the document.
pub(super) fn forms(chapters: &[Chapter]) -> Vec<Form> {
    let parts = chapters.iter().flat_map(|chapter| &chapter.parts);
    let blocks = parts.flat_map(|part| part.blocks.iter().map(|block| (part.title.as_str(), block)));
    let found = blocks.filter_map(|(title, block)| {
        let BlockKind::Code { language, text, .. } = &block.kind else { return None };
        let items = boxes(language, text);
        (!items.is_empty()).then(|| Form { line: block.line, title: title.to_owned(), items })
    });
    found.collect()
}

/// The items of a code block that is no shell's: `[ ] text`, `- [ ] text`.
pub(super) fn boxes(language: &str, text: &str) -> Vec<String> {
    if SHELLS.contains(&language) {
        return Vec::new();
    }
    let item = |line: &str| {
        let line = line.trim_start().trim_start_matches(['-', '*', ' ']);
        let text = line.strip_prefix("[ ]").or_else(|| line.strip_prefix("[x]"))?.trim();
        (!text.is_empty()).then(|| text.to_owned())
    };
    text.lines().filter_map(item).collect()
}

/// Which item of `form` stands for which check: for each check of each section, the item by its place in the form. A
/// section's checks go to the item that shares the most telling words with it; one that is left without any takes those
/// checks that speak of it themselves.
pub(super) fn assign(form: &Form, sections: &[Planned]) -> Vec<Vec<usize>> {
    let all: Vec<BTreeSet<String>> = sections.iter().map(section_words).collect();
    let mut known: BTreeMap<&str, usize> = BTreeMap::new();
    for word in all.iter().flatten() {
        *known.entry(word).or_default() += 1;
    }
    // A word that stands in every section tells nothing.
    let weight = |word: &str| known.get(word).map_or(0, |count| 60 / (*count).max(1));
    let items: Vec<BTreeSet<String>> = form.items.iter().map(|item| words(item)).collect();
    let score = |item: &BTreeSet<String>, text: &BTreeSet<String>| -> usize {
        let shared = text.iter().filter(|word| item.iter().any(|own| alike(own, word)));
        shared.map(|word| weight(word)).sum()
    };
    let best = |text: &BTreeSet<String>, title: &BTreeSet<String>| {
        let scores = items.iter().enumerate().map(|(at, item)| (score(item, text) + score(item, title), at));
        scores.max_by_key(|(score, at)| (*score, std::cmp::Reverse(*at))).filter(|(score, _)| *score > 0)
    };
    let last = form.items.len().saturating_sub(1);
    let mut assigned: Vec<Vec<usize>> = Vec::new();
    for (index, (section, own)) in sections.iter().zip(&all).enumerate() {
        // Where no word is shared, the order is all there is.
        let item = best(own, &words(&section.title)).map_or(index.min(last), |(_, item)| item);
        assigned.push(vec![item; section.checks.len()]);
    }
    for (item, own) in items.iter().enumerate() {
        if assigned.iter().flatten().any(|assigned| *assigned == item) {
            continue;
        }
        for (section, places) in sections.iter().zip(&mut assigned) {
            for (check, place) in section.checks.iter().zip(places.iter_mut()) {
                let text = words(&check.title);
                let before = items.get(*place).map_or(0, |item| score(item, &text));
                if score(own, &text) > before {
                    *place = item;
                }
            }
        }
    }
    assigned
}

fn section_words(section: &Planned) -> BTreeSet<String> {
    let titles = section.checks.iter().map(|check| check.title.as_str());
    titles.chain([section.title.as_str()]).flat_map(words).collect()
}

/// The words of a text that can tell it from another one.
fn words(text: &str) -> BTreeSet<String> {
    let text = text.to_lowercase();
    let words = text.split(|c: char| !c.is_alphanumeric());
    words
        .filter(|word| word.chars().count() > 1 && !word.chars().all(|c| c.is_ascii_digit()))
        .map(str::to_owned)
        .collect()
}

/// The same word, or with an ending that Korean puts behind it: 백업, 백업은.
fn alike(one: &str, other: &str) -> bool {
    let begins = |long: &str, short: &str| long.strip_prefix(short).is_some_and(|end| end.chars().count() == 1);
    one == other || (!one.is_ascii() && !other.is_ascii() && (begins(one, other) || begins(other, one)))
}

#[cfg(test)]
mod tests {
    use super::super::plan::person;
    use super::*;

    fn section(title: &str, checks: &[&str]) -> Planned {
        let checks = checks.iter().map(|check| person(1, check)).collect();
        Planned { title: title.into(), checks, ..Planned::default() }
    }

    #[test]
    fn a_sections_checks_go_where_its_words_are() {
        let form = |items: &[&str]| Form {
            line: 1,
            title: "Daily".into(),
            items: items.iter().map(|item| (*item).to_owned()).collect(),
        };
        let sections = [
            section("1. 서비스 상태 확인", &["API 응답 200 OK", "Web 서버 응답 확인"]),
            section("2. 로그 에러 확인", &["DB 연결 에러 없음"]),
            section("3. 리소스 사용량", &["CPU < 80%"]),
        ];
        let all = form(&["에러 로그 없음", "API 응답 정상", "리소스 사용률 정상", "훈련"]);
        assert_eq!(assign(&all, &sections), [vec![1, 1], vec![0], vec![2]]);
        // Two items speak of one section: each takes the checks that speak of it.
        let split = form(&["API 응답", "web 서버", "로그"]);
        assert_eq!(assign(&split, &sections)[0], [0, 1]);
        // Nothing is shared: the order, and the last for what is left over.
        assert_eq!(assign(&form(&["x1", "x2"]), &sections), [vec![0, 0], vec![1], vec![1]]);
    }

    #[test]
    fn boxes_are_those_of_a_block_that_is_no_shells() {
        assert_eq!(boxes("", "날짜: __\n\n[ ] API 응답 정상\n - [x] 둘\n[ ]\n메모:"), ["API 응답 정상", "둘"]);
        assert!(boxes("bash", "[ ] x").is_empty());
    }
}
