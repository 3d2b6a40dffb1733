//! Thresholds as people write them in a checklist: `< 80%`, `30일 이상`, `$15 이하`, `at least 10 GB`.

use super::vocabulary::Vocabulary;
use crate::domain::quantity::Quantity;

/// A threshold: what is wanted.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Threshold {
    /// What is wanted of the number: one of `<`, `<=`, `>`, `>=`.
    pub(super) wanted: &'static str,
    /// The number, as a command file writes it: `80 %`.
    pub(super) written: String,
    /// The number.
    pub(super) quantity: Quantity,
}

impl Threshold {
    /// The condition that a command file has: what is wrong.
    pub(super) fn wrong(&self) -> String {
        let operator = match self.wanted {
            "<" => ">=",
            "<=" => ">",
            ">" => "<=",
            _ => "<",
        };
        format!("{operator} {}", self.written)
    }
}

/// Every threshold of `text`, in its order. Numbers that nothing compares are none.
pub(super) fn thresholds(text: &str, words: &Vocabulary) -> Vec<Threshold> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) =
        text.get(at..).and_then(|rest| rest.find(|c: char| c.is_ascii_digit())).map(|found| at + found)
    {
        let rest = &text[start..];
        let length = rest.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ','))).unwrap_or(rest.len());
        let number = rest[..length].trim_end_matches(['.', ',']);
        at = start + length;
        // A digit in a name, such as the 2 of S3 or of t3.micro, is no number of its own.
        if text[..start].chars().next_back().is_some_and(char::is_alphanumeric) {
            continue;
        }
        let (unit, after) = unit(&rest[number.len()..], words);
        let dollars = text[..start].trim_end().ends_with('$');
        let before = text[..start].trim_end().trim_end_matches('$').trim_end();
        let Some(wanted) = comparison(before, after, words) else { continue };
        let number = number.replace(',', "");
        let written = match (dollars, unit) {
            (true, _) => format!("${number}"),
            (false, "") => number,
            (false, unit) => format!("{number} {unit}"),
        };
        if let Ok(quantity) = Quantity::parse(&written) {
            found.push(Threshold { wanted, written, quantity });
        }
    }
    found
}

/// The unit at the start of `text`, and what follows it.
fn unit<'a>(text: &'a str, words: &Vocabulary) -> (&'static str, &'a str) {
    let trimmed = text.trim_start();
    for (spelling, unit) in words.units() {
        if let Some(rest) = trimmed.strip_prefix(spelling) {
            // `5 minutes` is not `5 m` and the rest of a word; Korean sets its words directly behind a unit.
            let latin = spelling.is_ascii() && rest.starts_with(|c: char| c.is_ascii_alphabetic());
            if !latin {
                return (unit, rest);
            }
        }
    }
    ("", text)
}

/// What is wanted, by the sign or word before the number or the word behind it.
fn comparison(before: &str, after: &str, words: &Vocabulary) -> Option<&'static str> {
    let lower = before.to_lowercase();
    let sign = [("<=", "<="), (">=", ">="), ("≤", "<="), ("≥", ">="), ("<", "<"), (">", ">")];
    let sign = sign.into_iter().find(|(sign, _)| before.ends_with(sign)).map(|(_, wanted)| wanted);
    sign.or_else(|| {
        let found = words.before().find(|(word, _)| lower.ends_with(word));
        found.map(|(_, wanted)| wanted)
    })
    .or_else(|| {
        let after = after.trim_start().to_lowercase();
        let found = words.after().find(|(word, _)| after.starts_with(word));
        found.map(|(_, wanted)| wanted)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(String, String)> {
        let words = Vocabulary::shipped();
        thresholds(text, &words).iter().map(|found| (found.wanted.to_owned(), found.written.clone())).collect()
    }

    fn one(wanted: &str, written: &str) -> Vec<(String, String)> {
        vec![(wanted.into(), written.into())]
    }

    #[test]
    fn reads_signs_and_words_of_both_languages() {
        for (text, expected) in [
            ("CPU 사용률 < 80%", one("<", "80 %")),
            ("메모리 사용률 < 85% (t3.micro 850MB/1GB)", one("<", "85 %")),
            ("인증서 만료까지 30일 이상 남음", one(">=", "30 d")),
            ("디스크 공간 10GB 이상 확보", one(">=", "10 GB")),
            ("월간 비용 예산 내 ($15 이하)", one("<=", "$15")),
            ("Uptime > 99.9%", one(">", "99.9 %")),
            ("평균 쿼리 시간 < 100ms", one("<", "100 ms")),
            ("Docker 로그 크기 < 500MB", one("<", "500 MB")),
            ("5분 미만", one("<", "5 min")),
            ("80% 초과", one(">", "80 %")),
            ("3초 이내", one("<=", "3 s")),
            ("at least 30 days left", one(">=", "30 d")),
            ("under 1,000 errors", one("<", "1000")),
            ("no more than 5 minutes", one("<=", "5 min")),
            ("≤ 2 hours", one("<=", "2 h")),
            ("80% or less", one("<=", "80 %")),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn numbers_that_nothing_compares_are_no_thresholds() {
        for text in [
            "매일 백업 파일 생성 확인 (7개 파일)",
            "API 응답 200 OK",
            "S3 업로드",
            "t3.micro",
            "0 바이트 아님",
            "",
            "TLS",
        ] {
            assert_eq!(read(text), [], "{text}");
        }
    }

    #[test]
    fn several_come_in_their_order_and_each_is_turned_round() {
        let words = Vocabulary::shipped();
        let found = thresholds("CPU 평균 < 50%, 최대 < 80%", &words);
        assert_eq!(found.iter().map(Threshold::wrong).collect::<Vec<_>>(), [">= 50 %", ">= 80 %"]);
        let turned = |text: &str| thresholds(text, &words)[0].wrong();
        assert_eq!(turned("30일 이상"), "< 30 d");
        assert_eq!(turned("> 99.9%"), "<= 99.9 %");
        assert_eq!(turned("$15 이하"), "> $15");
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,40}") {
            let _ = thresholds(&text, &Vocabulary::shipped());
        }
    }
}
