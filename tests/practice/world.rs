//! The harness: a practice world, and the program that looks at it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::Value;
use signoff::app::sandbox::Practice;
use signoff::cli::{Config, Sandbox};
use signoff::host::{Host, Output};
use signoff_sandbox::Clock;
use tempfile::TempDir;
use tokio::process::Command;

/// The checklists that ship.
pub(crate) const CHECKLISTS: [&str; 6] = ["daily", "weekly", "monthly", "security", "backup", "monitoring"];

/// A check as it came out: its grade, and why.
pub(crate) type Grades = BTreeMap<String, (String, String)>;

/// How `signoff sandbox` is asked for a world in `data`.
pub(crate) fn asked(data: &Path) -> Sandbox {
    Sandbox {
        scene: None,
        seed: 7,
        port: 0,
        data: Some(data.to_owned()),
        open: false,
        config: Config { config: Path::new(env!("CARGO_MANIFEST_DIR")).join("bot.toml") },
    }
}

/// A practice world without a bot in it.
pub(crate) struct World {
    pub(crate) practice: Practice,
    _folder: TempDir,
}

impl World {
    /// A calm world with a past; none, and a word on it, where commands cannot be run for real.
    pub(crate) async fn calm() -> Option<Self> {
        let folder = TempDir::new().unwrap();
        let practice = start(&asked(folder.path())).await;
        if let Some(why) = practice.host.no_room() {
            assert!(std::env::var_os("CI").is_none(), "{why}");
            println!("{why}: the tests that need it are left out");
            return None;
        }
        practice.give_past().await.unwrap();
        Some(Self { practice, _folder: folder })
    }

    /// Runs `line` on the host, as the bot's looks are.
    pub(crate) async fn run(&self, line: &str) -> Output {
        let host = Host::new(self.practice.config.hosts["gear-freak"].clone());
        host.look(line, Duration::from_secs(20)).await.unwrap()
    }

    /// What `line` prints.
    pub(crate) async fn says(&self, line: &str) -> String {
        self.run(line).await.stdout.text
    }

    /// Breaks or mends something.
    pub(crate) fn set(&self, fault: &str, on: bool) {
        self.practice.host.set_fault(fault, on).unwrap();
    }

    /// Waits until nothing on the host is just starting.
    pub(crate) async fn settle(&self) {
        let patience = Instant::now() + Duration::from_secs(20);
        while !self.practice.host.settled() {
            assert!(Instant::now() < patience, "it does not settle");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// How the checks of `commands` come out for a bot that knows the world's past and has not looked yet.
    pub(crate) async fn grades(&self, commands: &[&str]) -> Grades {
        let mut grades = Grades::new();
        // One after the other: on a busy machine they would slow each other's answers.
        for command in commands {
            grades.extend(self.look(command, "gear-freak").await);
        }
        grades
    }

    /// How the checks of one checklist come out on `host`.
    pub(crate) async fn look(&self, command: &str, host: &str) -> Grades {
        let fresh = TempDir::new().unwrap();
        let config = self.fresh_config(fresh.path(), |text| text);
        report(command, host, &config).await
    }

    /// The overlay with a database of its own in `folder`, changed by `change`.
    pub(crate) fn fresh_config(&self, folder: &Path, change: impl FnOnce(String) -> String) -> PathBuf {
        let database = &self.practice.config.database;
        std::fs::copy(database, folder.join("signoff.db")).unwrap();
        let text = std::fs::read_to_string(&self.practice.file).unwrap();
        let text = text.replace(&database.display().to_string(), &folder.join("signoff.db").display().to_string());
        let config = folder.join("bot.toml");
        std::fs::write(&config, change(text)).unwrap();
        config
    }
}

/// A world on a machine that allows no namespaces: what would answer in them is nowhere.
pub(crate) async fn without_commands(folder: &Path) -> Practice {
    let practice = Practice::start(&asked(folder), Some(PathBuf::from("/nowhere")), Clock::default()).await.unwrap();
    assert!(practice.host.no_room().is_some());
    practice.give_past().await.unwrap();
    practice
}

/// Starts a world as it is asked for.
pub(crate) async fn start(asked: &Sandbox) -> Practice {
    let program = PathBuf::from(env!("CARGO_BIN_EXE_signoff"));
    Practice::start(asked, Some(program), Clock::default()).await.unwrap()
}

/// `signoff check` as its own process: its report.
pub(crate) async fn report_json(command: &str, host: &str, config: &Path) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_signoff"))
        .args(["check", command, "--host", host, "--format", "json", "--language", "en", "--config"])
        .arg(config)
        .kill_on_drop(true)
        .output()
        .await
        .unwrap();
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{command}: {error}: {}", String::from_utf8_lossy(&output.stderr)))
}

/// `signoff check` as its own process: how each check came out.
pub(crate) async fn report(command: &str, host: &str, config: &Path) -> Grades {
    let report = report_json(command, host, config).await;
    let grade = |check: &Value| {
        let text = |name: &str| check[name].as_str().unwrap_or_default().to_owned();
        (format!("{command}/{}", text("id")), (text("grade"), text("reason")))
    };
    report["checks"].as_array().unwrap().iter().map(grade).collect()
}
