//! The commands of the documentation, run as somebody would who copies them.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test fails by panicking, its helpers as well"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Parser;
use signoff::cli::Cli;
use signoff::domain::probe::{Manager, Probe, Updates};
use signoff::domain::sudo::Right;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every page of the documentation.
fn pages() -> Vec<(String, String)> {
    let mut paths: Vec<_> = fs::read_dir(root().join("docs")).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.extend(["README.md", "README.ko.md", "CONTRIBUTING.md"].map(|name| root().join(name)));
    paths.sort();
    let pages = paths.into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "md"));
    pages.map(|path| (path.display().to_string(), fs::read_to_string(path).unwrap())).collect()
}

/// The lines of shell blocks that start signoff, in the order of the page.
fn commands(page: &str) -> Vec<String> {
    let mut inside = false;
    let mut found = Vec::new();
    for line in page.lines() {
        if line.trim_start().starts_with("```") {
            inside = line.trim_start().starts_with("```sh");
        } else if inside && line.trim_start().starts_with("signoff ") {
            found.push(line.trim().split(" #").next().unwrap().trim().to_owned());
        }
    }
    found
}

fn words(line: &str) -> Vec<String> {
    let line = line.split(" > ").next().unwrap();
    line.split_whitespace().map(|word| word.trim_matches(['"', '\'']).to_owned()).collect()
}

#[test]
fn every_command_that_is_shown_is_one() {
    let mut seen = 0;
    for (name, page) in pages() {
        for line in commands(&page) {
            seen += 1;
            Cli::try_parse_from(words(&line)).unwrap_or_else(|error| panic!("{name}: {line}\n{error}"));
        }
    }
    assert!(seen > 10, "the documentation shows {seen} commands");
}

/// A checklist whose checks need nothing but the machine itself.
const CHECKLIST: &str = "## Daily\n\n```sh\nuptime\n```\n\n- [ ] Disk below 100 percent\n- [ ] Somebody looked\n";

#[test]
fn the_commands_of_each_page_can_be_run_in_their_order() {
    for (name, page) in pages() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("commands")).unwrap();
        fs::write(folder.path().join("bot.toml"), "[hosts.here]\ntransport = \"local\"\n").unwrap();
        fs::write(folder.path().join("checklist.md"), CHECKLIST).unwrap();
        let run = |args: &[String]| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_signoff"));
            command
                .args(args)
                .current_dir(folder.path())
                .env("LANG", "en_US.UTF-8")
                .env_remove("LC_ALL")
                .output()
                .unwrap()
        };
        let import = ["import", "checklist.md", "--force"].map(str::to_owned);
        assert_eq!(run(&import).status.code(), Some(0));
        for line in commands(&page) {
            let args = words(&line).split_off(1);
            // The bot needs a Discord, and asking needs somebody who answers: each has tests of its own.
            if matches!(args[0].as_str(), "run" | "init" | "sandbox" | "baseline" | "record" | "sample") {
                continue;
            }
            let again = args[0] == "import" && !args.iter().any(|arg| arg == "--force");
            let args = if again { [args, vec!["--force".to_owned()]].concat() } else { args };
            let output = run(&args);
            // 1 and 2 are grades; 3 is a command that could not be carried out.
            let told = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.code().is_some_and(|code| code < 3), "{name}: {line}\n{told}");
        }
    }
}

/// The least `bot.toml` that the README shows does, with the shipped commands.
#[test]
fn the_example_of_the_readme_is_all_that_must_be_there() {
    let page = fs::read_to_string(root().join("README.md")).unwrap();
    let block = page.split("```toml").find(|block| block.contains("[discord]")).unwrap().split("```").next().unwrap();
    let fingerprint = format!("SHA256:{}", "A".repeat(43));
    assert!(block.contains("SHA256:…"), "{block}");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bot.toml");
    let commands = format!("commands = {:?}\n", root().join("commands"));
    fs::write(&path, commands + &block.replace("SHA256:…", &fingerprint)).unwrap();
    let mut validate = Command::new(env!("CARGO_BIN_EXE_signoff"));
    let output = validate.args(["validate", "--config"]).arg(&path).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn every_file_that_a_page_points_to_is_there() {
    for (name, page) in pages() {
        for link in page.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let path = link.split('#').next().unwrap();
            if path.is_empty() || path.contains("://") {
                continue;
            }
            let from = Path::new(&name).parent().unwrap().join(path);
            assert!(from.exists(), "{name} points to {link}");
        }
    }
}

/// What the shipped checks run as root, and the looks at what the shipped actions would do, is what the shipped sudoers file
/// allows: each line is in it as `signoff doctor` tells it.
#[test]
fn the_sudoers_file_for_looking_allows_what_the_shipped_checks_and_actions_need() {
    let allowed = allowed("docs/sudoers-look", "SIGNOFF_LOOK");
    let loaded = signoff::commands::load(&root().join("commands")).unwrap_or_else(|problems| panic!("{problems}"));
    let checks = loaded.checklists.values().flat_map(signoff::domain::command::Checklist::checks);
    let rights: Vec<_> = checks.flat_map(|check| signoff::probe::rights::rights(&check.probe)).collect();
    assert!(rights.len() > 8, "{rights:?}");
    // A checklist may name the package manager, which the shipped one leaves to the host.
    let dnf = Probe::Updates(Updates { manager: Some(Manager::Dnf) });
    let steps = loaded.actions.values().flat_map(|action| &action.steps);
    let outlooks: BTreeSet<_> = steps.flat_map(signoff::act::rights::looks).map(|needed| needed.right).collect();
    assert!(outlooks.len() > 7, "{outlooks:?}");
    for right in rights.into_iter().chain(signoff::probe::rights::rights(&dnf)).chain(outlooks) {
        assert!(allowed.iter().any(|entry| fits(entry, &right)), "{right:?} is missing in docs/sudoers-look");
    }
    // As root, what may be given anything may do anything.
    for entry in &allowed {
        assert!(!entry.ends_with("/find *") && !entry.ends_with("/cat *") && entry != "ALL", "{entry}");
    }
}

/// The same for acting: what the steps of the shipped actions run as root is in the shipped file.
#[test]
fn the_sudoers_file_for_acting_allows_what_the_shipped_actions_need() {
    let allowed = allowed("docs/sudoers-act", "SIGNOFF_ACT");
    let loaded = signoff::commands::load(&root().join("commands")).unwrap_or_else(|problems| panic!("{problems}"));
    let steps = loaded.actions.values().flat_map(|action| &action.steps);
    let rights: BTreeSet<_> = steps.flat_map(signoff::act::rights::rights).collect();
    assert!(rights.len() > 12, "{rights:?}");
    // The shipped file is for Amazon Linux, which has no apt-get.
    for needed in rights.iter().filter(|needed| needed.right.program != "apt-get") {
        assert!(allowed.iter().any(|entry| fits(entry, &needed.right)), "{needed:?} is missing in docs/sudoers-act");
    }
}

/// The commands of the alias `name` in the sudoers file at `path`.
fn allowed(path: &str, name: &str) -> Vec<String> {
    let joined = fs::read_to_string(root().join(path)).unwrap().replace("\\\n", " ");
    let alias = joined.lines().find_map(|line| line.strip_prefix(&format!("Cmnd_Alias {name} = "))).unwrap();
    alias.split(", ").map(|entry| entry.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

/// Whether a command of a sudoers file is the one that `right` names.
fn fits(entry: &str, right: &Right) -> bool {
    let (path, arguments) = entry.split_once(' ').unwrap_or((entry, ""));
    path.rsplit('/').next() == Some(&right.program) && (right.arguments == "*" || arguments == right.arguments)
}

/// Whoever searches the page for what they read finds it: each message is said somewhere.
#[test]
fn every_message_of_the_troubleshooting_page_is_one() {
    let page = fs::read_to_string(root().join("docs/troubleshooting.md")).unwrap();
    for (column, language) in ["en", "ko"].into_iter().enumerate() {
        let texts: String = fs::read_dir(root().join("locales").join(language))
            .unwrap()
            .map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap())
            .collect();
        let cells = page.lines().filter_map(|line| line.strip_prefix("| ")?.split(" | ").nth(column));
        let messages: Vec<&str> = cells.flat_map(|cell| cell.split('`').skip(1).step_by(2)).collect();
        assert!(messages.len() > 20, "{language}: {messages:?}");
        for message in messages {
            assert!(texts.contains(message), "nothing in {language} says “{message}”");
        }
    }
}
