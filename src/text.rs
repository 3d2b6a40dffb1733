//! Puts messages into words: the sentences of `locales/`, in the reader's language.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use chrono_tz::Tz;
use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use crate::domain::message::{Arg, Language, Message};
use crate::domain::quantity::Quantity;

/// The files of `locales/`, in both languages, by the part of the program that speaks them.
macro_rules! sources {
    ($($part:literal),+ $(,)?) => {
        [
            [$(include_str!(concat!("../locales/ko/", $part, ".ftl"))),+],
            [$(include_str!(concat!("../locales/en/", $part, ".ftl"))),+],
        ]
    };
}

/// Every sentence of `locales/` as it is written, by its key.
///
/// A sentence is parsed when it is said: parsed ahead, those of both languages take 2.4 MB, and most are never said. It can
/// be, since no sentence refers to another (a test holds it).
struct Sentences {
    ko: HashMap<&'static str, &'static str>,
    en: HashMap<&'static str, &'static str>,
}

static SENTENCES: LazyLock<Sentences> = LazyLock::new(|| {
    let [ko, en] = sources!(
        "act",
        "aws",
        "backup",
        "cli",
        "discord",
        "doctor",
        "duty",
        "duty-setup",
        "files",
        "finding",
        "gate",
        "host",
        "host-setup",
        "import",
        "init",
        "logs",
        "own",
        "past",
        "probe",
        "report",
        "sandbox",
        "runbook",
        "sign",
        "store",
        "watch"
    );
    Sentences { ko: ko.into_iter().flat_map(sentences).collect(), en: en.into_iter().flat_map(sentences).collect() }
});

/// The sentences of a file, each with its key. A key stands at the beginning of a line, and what follows, indented, is its.
fn sentences(source: &str) -> impl Iterator<Item = (&str, &str)> {
    let starts: Vec<usize> = source
        .split_inclusive('\n')
        .scan(0, |at, line| {
            let start = *at;
            *at += line.len();
            Some((start, line))
        })
        .filter(|(_, line)| line.starts_with(|first: char| first.is_ascii_alphabetic()))
        .map(|(start, _)| start)
        .collect();
    let ends = starts.iter().copied().skip(1).chain([source.len()]).collect::<Vec<_>>();
    starts.into_iter().zip(ends).filter_map(move |(start, end)| {
        let sentence = &source[start..end];
        Some((sentence.split_once('=')?.0.trim_end(), sentence))
    })
}

/// `message` in words, in `language`. A sentence that is missing is shown as its key: people are told something. Moments are
/// in Discord's notation, which shows them in each reader's zone.
pub fn say(message: &Message, language: Language) -> String {
    put(message, language, None)
}

/// The same for where Discord's notation means nothing, as in a block of code: moments are in `zone`.
pub fn say_in(zone: Tz, message: &Message, language: Language) -> String {
    put(message, language, Some(zone))
}

fn put(message: &Message, language: Language, zone: Option<Tz>) -> String {
    let sentences = match language {
        Language::Ko => &SENTENCES.ko,
        Language::En => &SENTENCES.en,
    };
    let Some(sentence) = sentences.get(&*message.key) else {
        tracing::error!(key = %message.key, language = language.code(), "a sentence is missing in locales/");
        return message.key.clone().into_owned();
    };
    let mut args = FluentArgs::new();
    for (name, arg) in &message.args {
        args.set(name.clone(), value(arg, language, zone));
    }
    words(&message.key, sentence, &args, language)
}

/// What `sentence`, Fluent's source, says with `args`.
fn words(key: &str, sentence: &str, args: &FluentArgs<'_>, language: Language) -> String {
    let resource = FluentResource::try_new(sentence.to_owned()).unwrap_or_else(|(resource, errors)| {
        tracing::error!(key, ?errors, "a sentence of locales/ cannot be read whole");
        resource
    });
    let locale: LanguageIdentifier = language.code().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new(vec![locale]);
    // Invisible marks around every argument would end up in commands that people copy.
    bundle.set_use_isolating(false);
    // It can only be refused for saying something twice, and it says one thing.
    let _ = bundle.add_resource(resource);
    let Some(pattern) = bundle.get_message(key).and_then(|found| found.value()) else {
        return key.to_owned();
    };
    let mut errors = Vec::new();
    let text = bundle.format_pattern(pattern, Some(args), &mut errors);
    if !errors.is_empty() {
        tracing::error!(key, ?errors, "a sentence of locales/ does not fit its arguments");
    }
    text.into_owned()
}

/// The sentence `key`, which has no places, in `language`.
pub fn word(key: &'static str, language: Language) -> String {
    say(&Message::new(key), language)
}

fn value(arg: &Arg, language: Language, zone: Option<Tz>) -> FluentValue<'static> {
    let text = match arg {
        Arg::Text(text) => text.clone(),
        Arg::Quantity(quantity) => self::quantity(*quantity, language),
        Arg::Localised(text) => text.get(language).to_owned(),
        Arg::Time(at) => match zone {
            None => format!("<t:{}:f>", at.timestamp()),
            Some(zone) => at.with_timezone(&zone).format("%Y-%m-%d %H:%M:%S").to_string(),
        },
        Arg::Message(message) => put(message, language, zone),
    };
    // English has another form for one: a sentence can choose by a count, and a count alone is written the same as a number.
    match text.parse::<u32>() {
        Ok(count) if count.to_string() == text => FluentValue::from(count),
        _ => FluentValue::String(Cow::Owned(text)),
    }
}

/// A quantity as a reader of `language` writes it: Korean has words of its own for spans of time, `3일 4시간`. Signs such as `%`, `GB`
/// and `ms` are the same everywhere, and so is what is written in files, as thresholds are.
pub fn quantity(quantity: Quantity, language: Language) -> String {
    let Some(parts) = quantity.span() else { return quantity.to_string() };
    let part = |(number, unit): (String, &'static str)| {
        say(&Message::new("span-part").with("number", number).with("unit", unit), language)
    };
    parts.into_iter().map(part).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// Every sentence of a file with its arguments, as written.
    fn places(source: &str) -> BTreeMap<String, Vec<String>> {
        let place = regex::Regex::new(r"\$([a-z_]+)").unwrap();
        sentences(source)
            .map(|(key, sentence)| {
                let mut names: Vec<_> = place.captures_iter(sentence).map(|found| found[1].to_owned()).collect();
                names.sort();
                names.dedup();
                (key.to_owned(), names)
            })
            .collect()
    }

    fn files(language: &str) -> Vec<std::path::PathBuf> {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("locales").join(language);
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
    }

    fn all(language: &str) -> BTreeMap<String, Vec<String>> {
        let mut all = BTreeMap::new();
        for path in files(language) {
            let source = std::fs::read_to_string(path).unwrap();
            FluentResource::try_new(source.clone()).map_err(|(_, errors)| errors).unwrap();
            for (key, places) in places(&source) {
                assert!(all.insert(key.clone(), places).is_none(), "{key} stands twice in {language}");
            }
        }
        all
    }

    #[test]
    fn both_languages_say_the_same_sentences_with_the_same_places() {
        let (ko, en) = (all("ko"), all("en"));
        let only = |one: &BTreeMap<String, _>, other: &BTreeMap<String, _>| {
            one.keys().filter(|key| !other.contains_key(*key)).cloned().collect::<Vec<_>>()
        };
        assert_eq!(only(&ko, &en), Vec::<String>::new(), "only in Korean");
        assert_eq!(only(&en, &ko), Vec::<String>::new(), "only in English");
        for (key, places) in &ko {
            assert_eq!(places, &en[key], "{key}");
        }
    }

    /// Each is parsed by itself: see [`Sentences`].
    #[test]
    fn every_sentence_is_found_where_fluent_finds_it_and_refers_to_no_other() {
        let reference = regex::Regex::new(r"\{\s*-?[a-zA-Z]").unwrap();
        for path in ["ko", "en"].iter().flat_map(|language| files(language)) {
            let source = std::fs::read_to_string(&path).unwrap();
            let whole = FluentResource::try_new(source.clone()).map_err(|(_, errors)| errors).unwrap();
            let found: Vec<_> = sentences(&source).collect();
            assert_eq!(whole.entries().count(), found.len(), "{}", path.display());
            let mut bundle = FluentBundle::default();
            bundle.add_resource(whole).unwrap();
            for (key, sentence) in found {
                assert!(bundle.has_message(key), "{key}");
                assert!(FluentResource::try_new(sentence.to_owned()).is_ok(), "{key} cannot be read by itself");
                assert!(!reference.is_match(sentence), "{key} refers to another sentence");
            }
        }
    }

    /// Fluent takes the first of two variants of one name, and says nothing.
    #[test]
    fn no_choice_has_a_name_twice() {
        let name = regex::Regex::new(r"^( +)\*?\[([a-z_-]+)\]").unwrap();
        for path in ["ko", "en"].iter().flat_map(|language| files(language)) {
            let mut open: Vec<(usize, Vec<String>)> = Vec::new();
            for line in std::fs::read_to_string(&path).unwrap().lines() {
                let Some(found) = name.captures(line) else {
                    if line.contains("->") {
                        let depth = line.len() - line.trim_start().len();
                        open.retain(|(other, _)| *other <= depth);
                    } else if !line.starts_with(' ') {
                        open.clear();
                    }
                    continue;
                };
                let depth = found[1].len();
                open.retain(|(other, _)| *other <= depth);
                if open.last().is_none_or(|(other, _)| *other < depth) {
                    open.push((depth, Vec::new()));
                }
                let (_, names) = open.last_mut().unwrap();
                assert!(!names.contains(&found[2].to_owned()), "{}: [{}] stands twice", path.display(), &found[2]);
                names.push(found[2].to_owned());
            }
        }
    }

    #[test]
    fn every_measure_of_a_shipped_check_has_a_label() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("commands");
        let loaded = crate::commands::load(&folder).unwrap();
        let checks = loaded.checklists.values().flat_map(crate::domain::command::Checklist::checks);
        let measures: std::collections::BTreeSet<String> = checks
            .filter(|check| !matches!(check.probe, crate::domain::probe::Probe::Settings(_)))
            .flat_map(|check| check.probe.measures())
            .map(|measure| measure.name.to_string())
            .collect();
        assert!(measures.len() > 60, "{measures:?}");
        for language in ["ko", "en"] {
            let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("locales/{language}/report.ftl"));
            let text = std::fs::read_to_string(path).unwrap();
            for measure in &measures {
                assert!(text.contains(&format!("    [{measure}] ")), "{language}: no label for {measure}");
            }
        }
    }

    #[test]
    fn every_sentence_that_the_code_names_is_there_and_none_besides() {
        let mut source = String::new();
        let mut folders = vec![std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|extension| extension == "rs")
                    && !path.to_string_lossy().contains("tests")
                {
                    let text = std::fs::read_to_string(path).unwrap();
                    source.push_str(text.split("#[cfg(test)]\nmod tests {").next().unwrap());
                }
            }
        }
        let ko = all("ko");
        let named = regex::Regex::new(r#"(?:Message::new|word)\(\s*"([a-z-]+)""#).unwrap();
        for found in named.captures_iter(&source) {
            assert!(ko.contains_key(&found[1]), "{} is named in src/ and missing in locales/", &found[1]);
        }
        for key in ko.keys() {
            let whole = source.contains(&format!("\"{key}\""));
            // Some keys end with a name that the code fills in: grade-fail, colour of a grade.
            let filled = ["grade-", "mark-", "source-"].iter().any(|prefix| key.starts_with(prefix));
            assert!(whole || filled, "nobody says {key}");
        }
    }

    #[test]
    fn writes_spans_in_the_words_of_the_language() {
        for (one, korean, english) in [
            (Quantity::seconds(0.25), "250 ms", "250 ms"),
            (Quantity::seconds(0.00042), "0.4 ms", "0.4 ms"),
            (Quantity::seconds(1.72), "1.7초", "1.7 s"),
            (Quantity::seconds(42.0), "42초", "42 s"),
            (Quantity::seconds(60.0), "1분", "1 min"),
            (Quantity::seconds(7200.0), "2시간", "2 h"),
            (Quantity::seconds(5400.0), "1시간 30분", "1 h 30 min"),
            (Quantity::seconds(273_600.0), "3일 4시간", "3 d 4 h"),
            (Quantity::seconds(0.0), "0 ms", "0 ms"),
            // Signs are the same everywhere.
            (Quantity::percent(83.14), "83.1 %", "83.1 %"),
            (Quantity::bytes(16.62e9), "16.6 GB", "16.6 GB"),
            (Quantity::count(3.0), "3", "3"),
        ] {
            assert_eq!(quantity(one, Language::Ko), korean);
            assert_eq!(quantity(one, Language::En), english);
        }
    }

    #[test]
    fn english_counts_one_thing_and_several() {
        let said = |count: &str, language| say(&Message::new("matrix-hosts").with("count", count.to_owned()), language);
        for (count, english) in [("0", "0 hosts"), ("1", "1 host"), ("21", "21 hosts"), ("1234567", "1234567 hosts")] {
            assert_eq!(said(count, Language::En), english);
        }
        // What only looks like a number is shown as it is.
        for odd in ["007", "1.50", "+1", "99999999999999999999"] {
            assert_eq!(said(odd, Language::En), format!("{odd} hosts"));
        }
        assert!(said("1", Language::Ko).contains('1'));
    }

    #[test]
    fn a_sentence_takes_its_arguments_in_the_readers_language() {
        let inner = Message::new("grade-fail");
        let message = Message::new("reason-of").with("subject", "/var").with("reason", inner);
        assert_eq!(say(&message, Language::Ko), "/var: 이상");
        assert_eq!(say(&message, Language::En), "/var: fail");
    }
}
