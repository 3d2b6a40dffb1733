//! The files of the page, in the program itself.

/// One file.
#[derive(Debug)]
pub(super) struct Asset {
    pub(super) name: &'static str,
    pub(super) kind: &'static str,
    pub(super) bytes: &'static [u8],
}

const HTML: &str = "text/html; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";
const JSON: &str = "application/json";

macro_rules! asset {
    ($name:literal, $kind:expr) => {
        Asset { name: $name, kind: $kind, bytes: include_bytes!($name) }
    };
}

/// The page.
pub(super) static FRONT: Asset = asset!("index.html", HTML);
/// What stands there for somebody without the key.
pub(super) static NO_KEY: Asset = asset!("no-key.html", HTML);

static PARTS: &[Asset] = &[
    asset!("style.css", STYLE),
    asset!("messages.css", STYLE),
    asset!("parts.css", STYLE),
    asset!("icon.svg", "image/svg+xml"),
    asset!("app.js", SCRIPT),
    asset!("channels.js", SCRIPT),
    asset!("commands.js", SCRIPT),
    asset!("components.js", SCRIPT),
    asset!("composer.js", SCRIPT),
    asset!("dom.js", SCRIPT),
    asset!("embeds.js", SCRIPT),
    asset!("list.js", SCRIPT),
    asset!("live.js", SCRIPT),
    asset!("markdown.js", SCRIPT),
    asset!("menu.js", SCRIPT),
    asset!("message.js", SCRIPT),
    asset!("modal.js", SCRIPT),
    asset!("panel.js", SCRIPT),
    asset!("people.js", SCRIPT),
    asset!("text.js", SCRIPT),
    asset!("ko.json", JSON),
    asset!("en.json", JSON),
];

/// The file of a name.
pub(super) fn asset(name: &str) -> Option<&'static Asset> {
    PARTS.iter().find(|asset| asset.name == name)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn text(name: &str) -> &'static str {
        std::str::from_utf8(asset(name).unwrap().bytes).unwrap()
    }

    fn keys(name: &str) -> BTreeSet<String> {
        let words: serde_json::Map<String, serde_json::Value> = serde_json::from_str(text(name)).unwrap();
        assert!(words.values().all(|value| value.as_str().is_some_and(|words| !words.trim().is_empty())), "{name}");
        words.keys().cloned().collect()
    }

    #[test]
    fn both_languages_say_everything_and_everything_that_is_said_exists() {
        let (ko, en) = (keys("ko.json"), keys("en.json"));
        assert_eq!(ko, en);
        for part in PARTS.iter().filter(|part| part.kind == SCRIPT) {
            for word in text(part.name).split("say('").skip(1) {
                let key = word.split('\'').next().unwrap();
                assert!(ko.contains(key), "{}: say('{key}') has no words", part.name);
            }
        }
    }

    /// The policy forbids all of it anyway; this says where.
    #[test]
    fn no_script_makes_markup_of_text_and_nothing_is_inline() {
        for part in PARTS.iter().filter(|part| part.kind == SCRIPT) {
            for word in [
                "innerHTML",
                "outerHTML",
                "insertAdjacentHTML",
                "document.write",
                "eval(",
                "new Function",
                "http://",
                "https://cdn",
            ] {
                assert!(!text(part.name).contains(word), "{} says {word}", part.name);
            }
        }
        for page in [&FRONT, &NO_KEY] {
            let markup = std::str::from_utf8(page.bytes).unwrap();
            assert!(!markup.contains(" on") || !markup.contains("onclick"), "{} has an inline handler", page.name);
            assert!(!markup.contains("<style") && !markup.contains("style="), "{} has inline style", page.name);
            assert!(!markup.contains("<script>"), "{} has inline script", page.name);
            assert!(!markup.contains("https://") && !markup.contains("http://"), "{} loads from elsewhere", page.name);
        }
    }
}
