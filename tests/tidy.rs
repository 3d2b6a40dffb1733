//! The absences: what must not be anywhere in the code, each as a test.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test fails by panicking, its helpers as well"
)]

use std::fs;
use std::path::{Path, PathBuf};

/// Every source file of the program with its path below `src/`, tests in it left out.
fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(&root).unwrap().display().to_string();
                if !name.contains("tests/") && !name.ends_with("tests.rs") {
                    let text = fs::read_to_string(&path).unwrap();
                    found.push((name, text.split("#[cfg(test)]\nmod tests").next().unwrap().to_owned()));
                }
            }
        }
    }
    assert!(found.len() > 40, "the sources were not found");
    found
}

/// The code of a file, without what stands in comments.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .enumerate()
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
        .map(|(index, line)| (index + 1, line))
}

/// The places outside of `allowed` where one of `words` is named.
fn named(words: &[&str], allowed: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for (name, text) in sources() {
        if allowed.iter().any(|room| name.starts_with(room)) {
            continue;
        }
        for (line, text) in code(&text) {
            if words.iter().any(|word| text.contains(word)) {
                found.push(format!("{name}:{line}: {}", text.trim()));
            }
        }
    }
    found
}

const NOWHERE: &[String] = &[];

#[test]
fn the_domain_knows_no_world() {
    let world = [
        "tokio",
        "serenity",
        "sqlx",
        "reqwest",
        "russh",
        "bollard",
        "Utc::now",
        "Local::now",
        "Instant::now",
        "SystemTime::now",
        "std::fs",
        "std::env",
        "async fn",
        "std::net",
    ];
    let outside: Vec<_> =
        sources().into_iter().map(|(name, _)| name).filter(|name| !name.starts_with("domain/")).collect();
    let allowed: Vec<_> = outside.iter().map(String::as_str).collect();
    assert_eq!(named(&world, &allowed), NOWHERE);
}

#[test]
fn each_library_has_one_room() {
    assert_eq!(named(&["sqlx::", "INSERT INTO"], &["store/"]), NOWHERE);
    // The bot's own database is asked in one room, the host's where it is looked at and where it is restored.
    assert_eq!(named(&["SELECT "], &["store/", "probe/postgres/", "act/database.rs"]), NOWHERE);
    assert_eq!(named(&["aws_sdk_s3", "aws_sigv4"], &["aws/"]), NOWHERE);
    assert_eq!(named(&["use serenity::", "serenity::all", "serenity::Error"], &["discord/"]), NOWHERE);
    assert_eq!(named(&["russh::"], &["host/"]), NOWHERE);
    assert_eq!(named(&["axum::", "prometheus_client"], &["app/health.rs"]), NOWHERE);
    assert_eq!(named(&["pulldown_cmark", "brush_parser"], &["import/"]), NOWHERE);
    assert_eq!(named(&["bollard::"], &["host/", "probe/"]), NOWHERE);
    assert_eq!(
        named(&["indicatif::", "clap::", "clap_complete", "clap_mangen"], &["app/", "cli.rs", "main.rs"]),
        NOWHERE
    );
}

#[test]
fn the_time_is_asked_of_the_clock() {
    assert_eq!(named(&["Utc::now", "Local::now", "SystemTime::now"], &["clock.rs"]), NOWHERE);
}

#[test]
fn discord_has_one_way_and_no_proxy() {
    assert_eq!(named(&[".proxy(", "ratelimiter_disabled"], &[]), NOWHERE);
}

#[test]
fn whatever_opens_a_connection_asks_how_far_it_may_reach() {
    let openers =
        ["TcpStream::connect", "lookup_host(", "reqwest::Client::builder", "reqwest::Client::new", "build_https()"];
    let diallers =
        ["aws/mod.rs", "aws/s3.rs", "discord/connect.rs", "host/ssh/connect.rs", "probe/http/connect.rs", "webhook.rs"];
    assert_eq!(named(&openers, &diallers), NOWHERE);
    for dialler in diallers {
        let room = dialler.split('/').next().unwrap();
        let asks = sources().into_iter().any(|(name, text)| name.starts_with(room) && text.contains("reach.allows"));
        assert!(asks, "{dialler} does not ask crate::dial");
    }
}

#[test]
fn no_text_for_people_stands_in_the_code() {
    let hangul = |c: char| ('\u{ac00}'..='\u{d7a3}').contains(&c);
    for (name, text) in sources() {
        for (line, text) in code(&text) {
            assert!(!text.contains(hangul), "{name}:{line} speaks Korean: {text}");
        }
    }
}

#[test]
fn nothing_panics_and_nothing_is_left_open() {
    let words =
        [".unwrap()", ".expect(", "panic!(", "todo!(", "unimplemented!(", "unreachable!(", "unsafe ", "TODO", "FIXME"];
    assert_eq!(named(&words, &[]), NOWHERE);
}

/// The rooms from the ground up; a room imports only from rooms before it. Rooms in one row do not import each other.
const LAYERS: &[&[&str]] = &[
    &["domain"],
    &["cli", "dial", "document"],
    &["clock", "commands", "config", "schema", "text"],
    &["aws", "host", "import", "render", "store", "webhook"],
    &["probe", "act"],
    &["runner"],
    &["service"],
    &["discord"],
    &["app"],
];

#[test]
fn a_room_imports_only_from_below() {
    let layer = |room: &str| LAYERS.iter().position(|row| row.contains(&room));
    for (name, text) in sources() {
        let room = name.split(['/', '.']).next().unwrap().to_owned();
        if matches!(room.as_str(), "lib" | "main") {
            continue;
        }
        let own =
            layer(&room).unwrap_or_else(|| panic!("{room} is in no layer: put it into LAYERS and into src/lib.rs"));
        for (line, text) in code(&text) {
            for used in text.split("crate::").skip(1) {
                let used: String = used.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                let Some(other) = layer(&used) else { continue };
                assert!(used == room || other < own, "{name}:{line}: {room} imports {used}");
            }
        }
    }
}

#[test]
fn files_stay_small() {
    for (name, text) in sources() {
        let lines = text.lines().count();
        assert!(lines <= 420, "{name} has {lines} lines: split it by use case");
    }
}
