//! `signoff doctor` and `signoff init` against a practice Discord, a real SSH server and this machine: what is right is fine,
//! and each thing that is broken is named with what mends it.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test fails by panicking, its helpers as well"
)]

#[path = "support/sshd.rs"]
mod sshd;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use signoff_sandbox::PracticeDiscord;
use sshd::Sshd;
use tempfile::TempDir;

/// A deployment beside a practice Discord.
struct Deployment {
    discord: PracticeDiscord,
    folder: TempDir,
}

/// Looks at nothing but the machine, so that a trial of it is all that can go wrong.
const DAILY: &str = r#"
kind = "checklist"
title = { ko = "일일", en = "Daily" }
description = { ko = "일일", en = "Daily" }
[[section]]
id = "s"
title = { ko = "일일", en = "Daily" }
[[section.check]]
id = "memory"
title = { ko = "메모리", en = "Memory" }
probe = { kind = "memory" }
rules = [{ measure = "used", fail = ">= 99 %" }]
"#;

impl Deployment {
    async fn new() -> Self {
        let discord = PracticeDiscord::builder().start().await.unwrap();
        let folder = TempDir::new().unwrap();
        discord.write_ca(folder.path().join("ca.pem")).unwrap();
        fs::create_dir(folder.path().join("commands")).unwrap();
        let new = Self { discord, folder };
        new.write("commands/daily.toml", DAILY);
        new.write("bot.toml", &new.config("transport = \"local\""));
        new
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.folder.path().join(name), text).unwrap();
    }

    fn config(&self, host: &str) -> String {
        let channel = self.discord.channel_id("운영").unwrap();
        format!(
            "language = \"en\"\n[discord]\nguild = \"{}\"\ntoken = {{ env = \"DISCORD_TOKEN\" }}\nconnect_to = \"{}\"\nca_file = \"ca.pem\"\n\
             [roles]\noperations = \"1000000000000000011\"\n[log]\nchannel = \"{channel}\"\n[hosts.here]\n{host}\n",
            self.discord.guild_id(),
            self.discord.addr(),
        )
    }

    /// Runs signoff beside Discord, in the deployment's folder.
    async fn signoff(&self, args: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_signoff"));
        command.args(args).current_dir(self.folder.path()).env("DISCORD_TOKEN", self.discord.token());
        command.env("LANG", "en_US.UTF-8").env_remove("LC_ALL");
        // The practice Discord lives in this process: it must go on while the program runs.
        tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
    }

    async fn doctor(&self) -> (Option<i32>, String) {
        let output = self.signoff(&["doctor"]).await;
        let told = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        (output.status.code(), told)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn all_is_well_where_all_is_well() {
    let deployment = Deployment::new().await;
    let (status, told) = deployment.doctor().await;
    assert_eq!(status, Some(0), "{told}");
    for part in ["✅ Discord takes the token", "✅ slash commands", "✅ role operations", "✅ host here", "All is well"]
    {
        assert!(told.contains(part), "{part} is missing in:\n{told}");
    }
    assert!(!told.contains(&deployment.discord.token()), "the token is told");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_thing_that_is_broken_is_named_with_what_mends_it() {
    let deployment = Deployment::new().await;
    let right = deployment.config("transport = \"local\"");
    let guild = deployment.discord.guild_id().to_string();
    let cases = [
        ("no token", right.replace("DISCORD_TOKEN", "NO_SUCH_VARIABLE"), "NO_SUCH_VARIABLE"),
        (
            "another server",
            right.replace(&guild, "1000000000000000999"),
            "https://discord.com/oauth2/authorize?client_id=",
        ),
        (
            "a role that is gone",
            right.replace("1000000000000000011", "1000000000000000998"),
            "no role of the server has the id 1000000000000000998",
        ),
        (
            "a channel that is gone",
            right.split("[log]").next().unwrap().to_owned()
                + "[log]\nchannel = \"1000000000000000997\"\n[hosts.here]\ntransport = \"local\"\n",
            "no such channel",
        ),
        (
            "a disk that is not there",
            right.clone() + "disks = [\"/\", \"/no/such/disk\"]\n",
            "no such path on the host: /no/such/disk",
        ),
    ];
    for (name, config, told) in cases {
        deployment.write("bot.toml", &config);
        let (status, found) = deployment.doctor().await;
        assert_eq!(status, Some(2), "{name}:\n{found}");
        assert!(found.contains(told) && found.contains('❌'), "{name}: {told} is missing in:\n{found}");
    }
    deployment.write("bot.toml", &right);
    // A token that Discord does not take.
    let mut command = Command::new(env!("CARGO_BIN_EXE_signoff"));
    command
        .arg("doctor")
        .current_dir(deployment.folder.path())
        .env("DISCORD_TOKEN", "not.a.token")
        .env("LANG", "en_US");
    let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.code() == Some(2) && told.contains("❌ Discord takes the token"), "{told}");
    // A database that is none, checks that ask Amazon without [aws], an engine that is not there, a right that is missing.
    deployment.write("signoff.db", "this is no database, and nobody may overwrite it");
    let ask = |probe: &str, rule: &str| {
        DAILY.replace("{ kind = \"memory\" }", probe).replace("measure = \"used\", fail = \">= 99 %\"", rule)
    };
    deployment.write(
        "commands/alarms.toml",
        &ask("{ kind = \"security_group_drift\" }", "measure = \"changes\", fail = \">= 1\""),
    );
    deployment.write(
        "commands/box.toml",
        &ask("{ kind = \"container\", service = \"a\" }", "measure = \"state\", fail = \"!= running\""),
    );
    deployment.write("bot.toml", &(right + "docker_socket = \"/no/such/docker.sock\"\n"));
    let (status, told) = deployment.doctor().await;
    assert_eq!(status, Some(2), "{told}");
    for part in ["❌ database", "❌ Amazon: some checks ask Amazon", "❌ Docker engine of here"] {
        assert!(told.contains(part), "{part} is missing in:\n{told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_with_another_key_is_told_with_the_command_that_shows_its_key() {
    let Some(server) = Sshd::start(&[]) else { return };
    let deployment = Deployment::new().await;
    let host = |fingerprint: &str| {
        format!(
            "transport = \"ssh\"\naddress = \"127.0.0.1:{}\"\nuser = \"{}\"\nkey = {{ file = \"{}\" }}\nhost_key = \"{fingerprint}\"",
            server.port(),
            sshd::user(),
            server.key().display(),
        )
    };
    deployment.write("bot.toml", &deployment.config(&host(&server.fingerprint("host_ed25519"))));
    let (status, told) = deployment.doctor().await;
    assert_eq!(status, Some(0), "{told}");
    deployment.write("bot.toml", &deployment.config(&host(&server.fingerprint("id"))));
    let (status, told) = deployment.doctor().await;
    assert_eq!(status, Some(2), "{told}");
    assert!(told.contains("❌ host here") && told.contains("ssh-keyscan -p"), "{told}");
    assert!(told.contains(&server.fingerprint("host_ed25519")), "the key that came is told: {told}");
}

/// The answers of somebody who knows them, for the practice Discord and the SSH server.
fn answers(deployment: &Deployment, server: &Sshd) -> String {
    let channel = deployment.discord.channel_id("운영").unwrap();
    format!(
        "token = \"env:DISCORD_TOKEN\"\nconnect_to = \"{}\"\nca_file = \"ca.pem\"\nguild = \"{}\"\nroles = [\"1000000000000000011\"]\n\
         channel = \"{channel}\"\nhost = \"practice\"\naddress = \"127.0.0.1:{}\"\nuser = \"{}\"\nkey = \"{}\"\nhost_key = \"{}\"\n\
         compose_project = \"gear_freak\"\n",
        deployment.discord.addr(),
        deployment.discord.guild_id(),
        server.port(),
        sshd::user(),
        server.key().display(),
        server.fingerprint("host_ed25519"),
    )
}

async fn init(deployment: &Deployment, more: &[&str]) -> (Option<i32>, String) {
    let args = [&["init", "--answers", "answers.toml", "--config", "new.toml"], more].concat();
    let output = deployment.signoff(&args).await;
    let told = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    (output.status.code(), told)
}

fn exists(deployment: &Deployment, name: &str) -> bool {
    Path::new(&deployment.folder.path().join(name)).exists()
}

#[tokio::test(flavor = "multi_thread")]
async fn init_writes_a_file_with_which_doctor_is_content() {
    let Some(server) = Sshd::start(&[]) else { return };
    let deployment = Deployment::new().await;
    deployment.write("answers.toml", &answers(&deployment, &server));
    let (status, told) = init(&deployment, &[]).await;
    assert_eq!(status, Some(0), "{told}");
    assert!(told.contains("DISCORD_TOKEN") && told.contains(&server.fingerprint("host_ed25519")), "{told}");
    let written = fs::read_to_string(deployment.folder.path().join("new.toml")).unwrap();
    assert!(!written.contains(&deployment.discord.token()), "the token is written");
    let doctor = deployment.signoff(&["doctor", "--config", "new.toml"]).await;
    assert_eq!(doctor.status.code(), Some(0), "{written}\n{}", String::from_utf8_lossy(&doctor.stdout));
    // Nothing is written over unasked.
    let (status, told) = init(&deployment, &[]).await;
    assert!(status == Some(3) && told.contains("--force"), "{told}");
    assert_eq!(init(&deployment, &["--force"]).await.0, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_init_that_is_half_answered_or_answered_wrongly_writes_nothing() {
    let Some(server) = Sshd::start(&[]) else { return };
    let deployment = Deployment::new().await;
    let right = answers(&deployment, &server);
    let without = |key: &str| {
        right.lines().filter(|line| !line.starts_with(key)).map(|line| format!("{line}\n")).collect::<String>()
    };
    for (name, text, told) in [
        ("no address", without("address"), "no answer to “address”"),
        ("no key of the host", without("host_key"), "no answer to “host_key”"),
        (
            "another key",
            right.replace(&server.fingerprint("host_ed25519"), &server.fingerprint("id")),
            "nobody logs in",
        ),
        ("no such role", right.replace("1000000000000000011", "captain"), "captain"),
        (
            "another server",
            right.replace(&deployment.discord.guild_id().to_string(), "1000000000000000999"),
            "oauth2/authorize",
        ),
        ("nobody listens", right.replace(&format!(":{}", server.port()), ":1"), "“address” does not do"),
        ("a key that nobody asks for", format!("{right}regoin = \"x\"\n"), "regoin"),
        ("no TOML", "token = ".to_owned(), "answers.toml"),
    ] {
        deployment.write("answers.toml", &text);
        let (status, found) = init(&deployment, &[]).await;
        assert_eq!(status, Some(3), "{name}:\n{found}");
        assert!(found.contains(told), "{name}: {told} is missing in:\n{found}");
        assert!(!exists(&deployment, "new.toml"), "{name}: something was written");
    }
}
