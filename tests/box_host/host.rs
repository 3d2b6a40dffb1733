//! The host of the box as the tests use it: one at a time, put back to healthy before and after.

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use crate::deployment;

/// The host, put back to healthy; nobody else uses it while this lives.
pub(crate) struct Host {
    _turn: File,
    pub(crate) folder: TempDir,
}

pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

impl Host {
    pub(crate) fn healthy() -> Self {
        let turn = File::options().create(true).append(true).open(root().join("target/box/turn")).expect("a turn");
        turn.lock().expect("a turn");
        let reset = Command::new(root().join("tests/box/reset")).output().expect("tests/box/reset runs");
        assert!(reset.status.success(), "{}", String::from_utf8_lossy(&reset.stderr));
        let host = Self { _turn: turn, folder: TempDir::new().expect("a folder") };
        // The same deployment with a database and commands of its own.
        let commands = host.folder.path().join("commands");
        let config = deployment::of_box(&root(), host.folder.path(), &commands, None).expect("tests/box/up was run");
        host.write("bot.toml", &config);
        fs::create_dir(host.folder.path().join("commands")).expect("a folder of commands");
        for command in fs::read_dir(root().join("commands")).expect("commands").map(|entry| entry.expect("commands")) {
            fs::copy(command.path(), commands.join(command.file_name())).expect("commands can be copied");
        }
        host.people_did_theirs()
    }

    /// The same without the check of the processors, which are the machine's, and busy with tests.
    pub(crate) fn healthy_without_cpu() -> Self {
        let host = Self::healthy();
        let daily = fs::read_to_string(root().join("commands/daily.toml")).expect("daily.toml");
        let checks: Vec<_> = daily.split("  [[section.check]]\n").collect();
        let kept: Vec<_> = checks.into_iter().filter(|check| !check.contains("kind = \"cpu\"")).collect();
        // The team's form does not name it either then.
        let daily = kept.join("  [[section.check]]\n").replace("\"cpu\", ", "");
        host.write("commands/daily.toml", &daily);
        host
    }

    /// The same host put back to healthy, without giving the turn away.
    pub(crate) fn renewed(self) -> Self {
        let reset = Command::new(root().join("tests/box/reset")).output().expect("tests/box/reset runs");
        assert!(reset.status.success(), "{}", String::from_utf8_lossy(&reset.stdout));
        let _ = fs::remove_file(self.folder.path().join("signoff.db"));
        self.people_did_theirs()
    }

    /// Puts numbers of earlier weeks into the record: of a check of the weekly checklist, so many days ago.
    pub(crate) fn pretend_weeks_ago(&self, check: &str, measure: &str, values: &[(i64, f64)]) {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("a clock").as_millis();
        let now = i64::try_from(now).expect("a clock");
        let rows: Vec<_> = values
            .iter()
            .map(|(days, value)| {
                format!(
                    "INSERT INTO measurement SELECT id, {}, -{days}, {value} FROM series WHERE command = 'weekly'
                     AND check_id = '{check}' AND measure = '{measure}';",
                    now - days * 86_400_000
                )
            })
            .collect();
        self.sql(&rows.join("\n"));
    }

    /// Pretends that the bot sampled each hour of the last days: so much of `vital`, from its mean, least and most.
    pub(crate) fn pretend_watched(&self, vital: &str, subject: &str, hours: impl Iterator<Item = (i64, [f64; 3])>) {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("a clock").as_secs();
        let this = i64::try_from(now / 3600 * 3600).expect("a clock");
        let mut rows = vec![format!(
            "INSERT OR IGNORE INTO vital (host, name, subject) VALUES ('gear-freak', '{vital}', '{subject}');"
        )];
        rows.extend(hours.map(|(ago, [mean, least, most])| {
            format!(
                "INSERT OR REPLACE INTO sample_hour SELECT id, {}, 60, {}, {least}, {most} FROM vital
                 WHERE name = '{vital}' AND subject = '{subject}';",
                (this - ago * 3600) * 1000,
                mean * 60.0
            )
        }));
        self.sql(&rows.join("\n"));
    }

    /// Puts one large file on the engine's disk, so that this share of it is used, in per cent.
    pub(crate) fn fill_disk_to(&self, share: u32) {
        let fill = format!(
            "used=$(df -B1 --output=used /var/lib/docker | tail -1)
             avail=$(df -B1 --output=avail /var/lib/docker | tail -1)
             fallocate -l $(((used + avail) * {share} / 100 - used)) /var/lib/docker/box-fill"
        );
        self.root(&["sh", "-ec", &fill]);
    }

    /// Runs a script against the bot's own database.
    pub(crate) fn sql(&self, sql: &str) {
        let path = self.folder.path().join("signoff.db");
        let done = Command::new("python3")
            .args([
                "-c",
                "import sqlite3, sys; db = sqlite3.connect(sys.argv[1]); db.executescript(sys.argv[2]); db.commit()",
            ])
            .arg(path)
            .arg(sql)
            .status()
            .expect("python3 runs");
        assert!(done.success());
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::write(self.folder.path().join(name), text).expect("the folder can be written");
    }

    pub(crate) fn edit(&self, name: &str, from: &str, to: &str) {
        let path = self.folder.path().join(name);
        let text = fs::read_to_string(&path).expect("the file is there");
        assert!(text.contains(from), "{name} has no {from}");
        fs::write(path, text.replace(from, to)).expect("the file can be written");
    }

    /// Runs a command on the host as root.
    pub(crate) fn root(&self, command: &[&str]) -> String {
        let output = Command::new(root().join("tests/box/sh")).args(command).output().expect("tests/box/sh runs");
        assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Puts one thing wrong in the account at Amazon.
    pub(crate) fn cloud(&self, wrong: &str) {
        let output = Command::new(root().join("tests/box/cloud/wrong")).arg(wrong).output().expect("it runs");
        assert!(output.status.success(), "{wrong}: {}", String::from_utf8_lossy(&output.stderr));
    }

    /// Runs the program for something that is no check, which must work.
    pub(crate) fn signoff(&self, args: &[&str]) -> String {
        let config = self.folder.path().join("bot.toml");
        let output = Command::new(env!("CARGO_BIN_EXE_signoff")).args(args).arg("--config").arg(config).output();
        let output = output.expect("the program runs");
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// What people did: a restore test and a drill that passed, the security group approved.
    fn people_did_theirs(self) -> Self {
        self.signoff(&["record", "restore-test", "--took", "4 min"]);
        self.signoff(&["record", "drill", "--took", "40 min"]);
        self.signoff(&["baseline"]);
        self
    }

    /// `signoff check daily`: the report and the exit status.
    pub(crate) fn check(&self) -> (Value, i32) {
        self.check_command("daily")
    }

    /// `signoff check` of any command: the report and the exit status.
    pub(crate) fn check_command(&self, command: &str) -> (Value, i32) {
        let output = Command::new(env!("CARGO_BIN_EXE_signoff"))
            .args(["check", command, "--format", "json", "--language", "en", "--config"])
            .arg(self.folder.path().join("bot.toml"))
            .output()
            .expect("the program runs");
        let text = String::from_utf8_lossy(&output.stdout);
        let report = serde_json::from_str(&text)
            .unwrap_or_else(|error| panic!("{error}: {text}{}", String::from_utf8_lossy(&output.stderr)));
        (report, output.status.code().expect("an exit status"))
    }

    /// The same once the machine itself is calm: its processors are the host's as well, and other tests use them.
    pub(crate) fn check_calmly(&self) -> (Value, i32) {
        for _ in 0..30 {
            let (report, status) = self.check();
            if grade(&report, "cpu") == "pass" {
                return (report, status);
            }
            std::thread::sleep(std::time::Duration::from_secs(1));
        }
        panic!("the machine never came to rest");
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        let _ = Command::new(root().join("tests/box/reset")).output();
    }
}

pub(crate) fn check<'a>(report: &'a Value, id: &str) -> &'a Value {
    let checks = report["checks"].as_array().expect("checks");
    checks.iter().find(|check| check["id"] == id).unwrap_or_else(|| panic!("no {id} in {report:#}"))
}

pub(crate) fn grade<'a>(report: &'a Value, id: &str) -> &'a str {
    check(report, id)["grade"].as_str().expect("a grade")
}

/// The ids of the checks with that grade.
pub(crate) fn graded<'a>(report: &'a Value, grade: &str) -> Vec<&'a str> {
    let checks = report["checks"].as_array().expect("checks");
    let ids = checks.iter().filter(|check| check["grade"] == grade);
    ids.filter_map(|check| check["id"].as_str()).collect()
}
