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
#[path = "support/terminal.rs"]
mod terminal;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use signoff_sandbox::{Fault, Permissions, PracticeDiscord};
use sshd::Sshd;
use tempfile::TempDir;
use terminal::Terminal;

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
    for part in ["❌ database", "❌ AWS: some checks ask AWS", "❌ Docker engine of here"] {
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

/// A login that runs nothing is no connection: nothing could be looked at there.
#[tokio::test(flavor = "multi_thread")]
async fn an_init_takes_no_host_that_runs_nothing() {
    let Some(server) = Sshd::start(&["ForceCommand /bin/false"]) else { return };
    let deployment = Deployment::new().await;
    deployment.write("answers.toml", &answers(&deployment, &server));
    let (status, told) = init(&deployment, &[]).await;
    assert!(
        status == Some(3) && told.contains("runs no command (the login shell ended without running the command)"),
        "{told}"
    );
    assert!(!exists(&deployment, "new.toml"), "{told}");
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

impl Deployment {
    /// `signoff init` with a person before it.
    fn person(&self) -> Terminal {
        let line = format!("{} init --config new.toml", env!("CARGO_BIN_EXE_signoff"));
        let token = self.discord.token();
        Terminal::start(&line, self.folder.path(), &[("DISCORD_TOKEN", &token), ("WRONG_TOKEN", "not.a.token")])
    }
}

/// Answers the questions from the zone to the server, as somebody who knows them.
fn as_far_as_the_server(person: &mut Terminal, deployment: &Deployment) {
    person.answer("The time zone", "");
    person.answer("Where is the bot's token", "");
    person.answer("Discord's API", &deployment.discord.addr().to_string());
    person.answer("certificate authority", "ca.pem");
    person.answer("The Discord server's id", "");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_at_a_terminal_is_told_at_once_what_does_not_do_and_asked_again() {
    let Some(server) = Sshd::start(&[]) else { return };
    let deployment = Deployment::new().await;
    deployment.discord.deny("signoff", "운영", Permissions::SEND_MESSAGES).unwrap();
    let (address, fingerprint) = (format!("127.0.0.1:{}", server.port()), server.fingerprint("host_ed25519"));
    let channels = deployment.discord.channel_id("운영").unwrap();
    let (discord, guild) = (deployment.discord.addr().to_string(), deployment.discord.guild_id().to_string());
    let mut person = deployment.person();
    let (token, key, user) = (deployment.discord.token(), server.key(), sshd::user());
    let told = tokio::task::spawn_blocking(move || {
        person.answer("The time zone", "Asia/Seol");
        person.wait_for("Asia/Seoul");
        person.answer("The time zone", "");
        // The token: in no form, nowhere, one that Discord does not take.
        person.answer("Where is the bot's token", "MTIz.abc.def");
        person.answer("Where is the bot's token", "env:NO_SUCH_VARIABLE");
        person.answer("Discord's API", &discord);
        person.answer("certificate authority", "ca.pem");
        person.wait_for("NO_SUCH_VARIABLE");
        person.answer("Where is the bot's token", "env:WRONG_TOKEN");
        person.answer("Discord's API", "");
        person.answer("certificate authority", "");
        person.wait_for("token");
        person.answer("Where is the bot's token", "env:DISCORD_TOKEN");
        person.answer("Discord's API", "");
        person.answer("certificate authority", "");
        // The server: no id, one that the bot is not in.
        person.answer("The Discord server's id", "gear freak");
        person.answer("The Discord server's id", "1000000000000000999");
        person.wait_for("oauth2/authorize?client_id=");
        person.answer("The Discord server's id", &guild);
        person.answer("Which roles", "captain");
        person.wait_for("captain");
        person.answer("Which roles", "Operations, devops");
        // A channel that the bot may not write to, and none.
        person.answer("In which channel", "운영");
        person.wait_for("Send Messages");
        person.answer("In which channel", "#nowhere");
        person.wait_for("nowhere");
        person.answer("In which channel", "");
        // The host: nobody listens, a key that is not the right one.
        person.answer("A name for the host", "");
        person.answer("Its address", "127.0.0.1:1");
        person.answer("Which user does the bot log in as", &user);
        person.answer("private key", &key.display().to_string());
        person.answer("Its address", &address);
        person.answer("Which user does the bot log in as", "");
        person.answer("private key", "");
        person.wait_for(&fingerprint);
        person.answer("Is it the one", "no");
        person.wait_for("nobody logs in");
        person.answer("Its address", "");
        person.answer("Which user does the bot log in as", "");
        person.answer("private key", "");
        person.answer("Is it the one", "yes");
        person.answer("compose project", "gear_freak");
        person.answer("Paths on the disks", "");
        person.answer("The AWS region", "");
        person.end()
    });
    let (status, told) = told.await.unwrap();
    assert_eq!(status, Some(0), "{told}");
    assert!(!told.contains(&token), "the token is told");
    let written = fs::read_to_string(deployment.folder.path().join("new.toml")).unwrap();
    for part in
        ["Asia/Seoul", "operations = \"1000000000000000011\"", "devops = ", &format!("127.0.0.1:{}", server.port())]
    {
        assert!(written.contains(part), "{part} is missing in:\n{written}");
    }
    assert!(!written.contains(&channels.to_string()) && !written.contains(&token), "{written}");
    assert!(!exists(&deployment, "new.toml.answers") && !exists(&deployment, "new.toml.new"));
    let doctor = deployment.signoff(&["doctor", "--config", "new.toml"]).await;
    assert_eq!(doctor.status.code(), Some(0), "{}", String::from_utf8_lossy(&doctor.stdout));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_called_away_leaves_nothing_half_written_and_goes_on_where_they_were() {
    let Some(server) = Sshd::start(&[]) else { return };
    let deployment = Deployment::new().await;
    // Ctrl-D is the end of the input; Ctrl-C ends the program.
    for (keys, status) in [(b"\x04", 3), (b"\x03", 130)] {
        let mut person = deployment.person();
        as_far_as_the_server(&mut person, &deployment);
        let (found, told) = tokio::task::block_in_place(move || {
            person.answer("Which roles", "operations");
            person.wait_for("In which channel");
            person.type_in(keys);
            person.end()
        });
        assert_eq!(found, Some(status), "{told}");
        assert!(!exists(&deployment, "new.toml") && exists(&deployment, "new.toml.answers"), "{told}");
        if status == 3 {
            assert!(told.contains("new.toml.answers") && told.contains("signoff init"), "{told}");
        }
    }
    let mut person = deployment.person();
    let (user, key, address) = (sshd::user(), server.key(), format!("127.0.0.1:{}", server.port()));
    let (status, told) = tokio::task::block_in_place(move || {
        person.wait_for("Going on");
        // Enter keeps each answer of before: Discord's address as well, which nothing else would know.
        for question in [
            "The time zone",
            "Where is the bot's token",
            "Discord's API",
            "certificate authority",
            "The Discord server's id",
            "Which roles",
        ] {
            person.answer(question, "");
        }
        person.answer("In which channel", "운영");
        person.answer("A name for the host", "practice");
        person.answer("Its address", &address);
        person.answer("Which user does the bot log in as", &user);
        person.answer("private key", &key.display().to_string());
        person.answer("Is it the one", "y");
        person.answer("compose project", "");
        person.answer("Paths on the disks", "/");
        // Keys that are nowhere: asked again, and left out for today.
        person.answer("The AWS region", "ap-northeast-2");
        person.answer("id of the AWS access key", "env:NO_SUCH_KEY");
        person.answer("secret access key of AWS", "env:NO_SUCH_KEY");
        person.wait_for("NO_SUCH_KEY");
        person.answer("The AWS region", "");
        person.end()
    });
    assert_eq!(status, Some(0), "{told}");
    assert!(exists(&deployment, "new.toml") && !exists(&deployment, "new.toml.answers"));
    let written = fs::read_to_string(deployment.folder.path().join("new.toml")).unwrap();
    assert!(written.contains("[hosts.practice]") && !written.contains("[aws]"), "{written}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_scope_and_a_channel_that_cannot_be_written_to_are_named() {
    let deployment = Deployment::new().await;
    deployment.discord.deny("signoff", "운영", Permissions::SEND_MESSAGES).unwrap();
    let (status, told) = deployment.doctor().await;
    assert_eq!(status, Some(2), "{told}");
    assert!(told.contains("in #운영 the bot may not: Send Messages") && told.contains("oauth2/authorize"), "{told}");
    deployment.discord.allow_again("signoff", "운영").unwrap();
    // Invited as a bot only: Discord refuses to show it its commands.
    deployment.discord.faults().always("GET /applications/*/guilds/*/commands", Fault::Status(403));
    let (status, told) = deployment.doctor().await;
    assert_eq!(status, Some(2), "{told}");
    assert!(told.contains("❌ slash commands") && told.contains("scope=bot+applications.commands"), "{told}");
    let mut person = deployment.person();
    as_far_as_the_server(&mut person, &deployment);
    let (_, told) = tokio::task::block_in_place(move || {
        person.wait_for("applications.commands");
        person.wait_for("The Discord server's id");
        person.type_in(b"\x03");
        person.end()
    });
    assert!(told.contains("without the scope applications.commands"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_opens_only_one_of_two_doors_is_named() {
    let Some(server) = Sshd::start(&[]) else { return };
    let deployment = Deployment::new().await;
    let other = server.make_key("other", "ed25519", "");
    let host = |key: &Path| {
        format!(
            "transport = \"ssh\"\naddress = \"127.0.0.1:{}\"\nuser = \"{user}\"\nkey = {{ file = \"{}\" }}\nhost_key = \"{}\"\n\
             [hosts.here.act]\nuser = \"{user}\"\nkey = {{ file = \"{}\" }}",
            server.port(),
            server.key().display(),
            server.fingerprint("host_ed25519"),
            key.display(),
            user = sshd::user(),
        )
    };
    deployment.write("bot.toml", &deployment.config(&host(&server.key())));
    let (status, told) = deployment.doctor().await;
    assert!(status == Some(0) && told.contains("access to here for acts"), "{told}");
    deployment.write("bot.toml", &deployment.config(&host(&other)));
    let (status, told) = deployment.doctor().await;
    assert_eq!(status, Some(2), "{told}");
    assert!(told.contains("✅ host here") && told.contains("❌") && told.contains("access to here for acts"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_right_at_amazon_that_is_missing_is_told_with_the_least_policy() {
    // What Amazon answers to whoever may not.
    let address = amazon("403 Forbidden", DENIED);
    let deployment = Deployment::new().await;
    deployment.write("id", "AKIATEST");
    deployment.write("secret", "s3cr3t-of-amazon");
    let aws = format!(
        "\n[aws]\nregion = \"ap-northeast-2\"\nendpoint = \"http://{address}\"\nkey_id = {{ file = \"id\" }}\nsecret_key = {{ file = \"secret\" }}\n"
    );
    deployment.write("bot.toml", &(deployment.config("transport = \"local\"") + &aws));
    let copies = r#"{ kind = "s3_backups", bucket = "backups-of-ours", prefix = "", folder = "/b", name = "p_%Y%m%d.gz", at = "03:00" }"#;
    let daily = DAILY.replace("{ kind = \"memory\" }", copies);
    deployment.write(
        "commands/daily.toml",
        &daily.replace("measure = \"used\", fail = \">= 99 %\"", "measure = \"missing\", fail = \">= 1\""),
    );
    let (status, told) = deployment.doctor().await;
    assert_eq!(status, Some(2), "{told}");
    for part in ["❌ AWS: s3:ListBucket", "\"arn:aws:s3:::backups-of-ours\"", "\"2012-10-17\""] {
        assert!(told.contains(part), "{part} is missing in:\n{told}");
    }
    assert!(!told.contains("s3cr3t-of-amazon"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_below_the_database_is_named() {
    let deployment = Deployment::new().await;
    let here =
        deployment.config("transport = \"local\"").replace("language", "database = \"small/signoff.db\"\nlanguage");
    deployment.write("bot.toml", &here);
    fs::create_dir(deployment.folder.path().join("small")).unwrap();
    // A disk of its own, in a view of the file systems that only this command has.
    let script = "mount -t tmpfs -o size=2m tmpfs small || exit 77; \"$0\" doctor; head -c 2m /dev/zero > small/fill; exec \"$0\" doctor";
    let (folder, token) = (deployment.folder.path().to_owned(), deployment.discord.token());
    let output = tokio::task::spawn_blocking(move || {
        let mut command = Command::new("unshare");
        command.args(["--map-root-user", "--mount", "sh", "-c", script, env!("CARGO_BIN_EXE_signoff")]);
        command.current_dir(folder).env("DISCORD_TOKEN", token).env("LANG", "en_US.UTF-8").env_remove("LC_ALL");
        command.output().unwrap()
    });
    let output = output.await.unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    if output.status.code() == Some(77) || told.is_empty() {
        let why = String::from_utf8_lossy(&output.stderr);
        assert!(std::env::var_os("CI").is_none(), "{why}");
        println!("no disk of its own can be had ({why}): the test is left out");
        return;
    }
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(told.contains("✅ database small/signoff.db"), "it was well before: {told}");
    assert!(told.contains("❌ database small/signoff.db") && told.contains("disk"), "{told}");
}

/// Small programs that come before the machine's own.
struct Programs(TempDir);

impl Programs {
    fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    fn put(&self, name: &str, body: &str) {
        use std::os::unix::fs::PermissionsExt;
        let path = self.0.path().join(name);
        fs::write(&path, format!("#!/bin/sh\n{body}\n")).unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// A sudo that knows the rules whose ends these are, as `sudo -l` tells them, and would tell of it if it ran anything.
    fn put_sudo(&self, allowed: &[&str]) {
        let cases: String = allowed.iter().map(|end| format!("*'{end}') exit 0;; ")).collect();
        let ran = self.0.path().join("ran");
        self.put(
            "sudo",
            &format!(
                "case \"$*\" in '-n -l '*) ;; *) echo \"$*\" >>'{}';; esac\ncase \"$*\" in {cases}*) exit 1;; esac",
                ran.display()
            ),
        );
    }

    async fn signoff(&self, deployment: &Deployment, args: &[&str]) -> (Option<i32>, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_signoff"));
        command.args(args).current_dir(deployment.folder.path()).env("DISCORD_TOKEN", deployment.discord.token());
        command.env("LANG", "en_US.UTF-8").env_remove("LC_ALL");
        command.env("PATH", format!("{}:{}", self.0.path().display(), std::env::var("PATH").unwrap()));
        let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
        let ran = fs::read_to_string(self.0.path().join("ran")).unwrap_or_default();
        assert_eq!(ran, "", "nothing is run by sudo, only asked for");
        (output.status.code(), String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
    }
}

/// A check that needs root to look.
fn looks_as_root() -> String {
    DAILY
        .replace("{ kind = \"memory\" }", "{ kind = \"fail2ban\", jail = \"sshd\" }")
        .replace("measure = \"used\", fail = \">= 99 %\"", "measure = \"state\", fail = \"!= running\"")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_right_that_sudo_does_not_give_is_told_with_the_line_that_gives_it() {
    let deployment = Deployment::new().await;
    deployment.write("commands/daily.toml", &looks_as_root());
    let programs = Programs::new();
    programs.put("fail2ban-client", "exit 0");
    for (allowed, wanted) in [("get sshd banip --with-time", 0), ("get nginx banip --with-time", 2)] {
        programs.put_sudo(&[allowed]);
        let (status, told) = programs.signoff(&deployment, &["doctor"]).await;
        assert_eq!(status, Some(wanted), "{told}");
        if wanted == 2 {
            let path = programs.0.path().display();
            let rule = format!("USER ALL=(root) NOPASSWD: {path}/fail2ban-client get sshd banip --with-time");
            assert!(told.contains("❌ as root: fail2ban-client get sshd banip --with-time"), "{told}");
            assert!(told.contains(&rule) && told.contains("visudo -f /etc/sudoers.d/signoff"), "{told}");
        }
    }
}

const RENEWAL: &str = r#"
kind = "action"
title = { ko = "갱신", en = "Renew" }
description = { ko = "갱신", en = "Renew" }
risk = "low"
interrupts = { ko = "없음", en = "Nothing" }
ask = ["operations"]
approve = ["operations"]
[[step]]
kind = "renew"
how = "dry-run"
"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_right_that_an_action_needs_and_whoever_acts_has_not_is_told() {
    let Some(server) = Sshd::start(&[]) else { return };
    let deployment = Deployment::new().await;
    let programs = Programs::new();
    for name in ["certbot", "nginx"] {
        programs.put(name, "exit 1");
    }
    // Whoever acts comes by a door of their own, and meets the programs of this machine there.
    let host = format!(
        "transport = \"ssh\"\naddress = \"127.0.0.1:{}\"\nuser = \"{user}\"\nkey = {{ file = \"{key}\" }}\nhost_key = \"{}\"\n\
         [hosts.here.act]\nuser = \"{user}\"\nkey = {{ file = \"{key}\" }}",
        server.port(),
        server.fingerprint("host_ed25519"),
        user = sshd::user(),
        key = server.key().display(),
    );
    deployment.write("commands/renewal.toml", RENEWAL);
    for (host, user, act) in [("transport = \"local\"", "USER", "USER"), (host.as_str(), "", &*sshd::user())] {
        deployment.write("bot.toml", &deployment.config(host));
        programs.put_sudo(&["certificates", "-mtime -7"]);
        let (status, told) = programs.signoff(&deployment, &["doctor"]).await;
        if user.is_empty() {
            // Behind the door the real sudo answers, or there is none: whatever it says, it is told of each right.
            assert!(told.contains(&format!("as root, for acts, as {act}:")), "{told}");
            continue;
        }
        assert_eq!(status, Some(2), "{told}");
        assert!(told.contains("✅ as root, for acts, as USER: certbot certificates"), "{told}");
        let dry = "certbot renew --non-interactive --no-random-sleep-on-renew --dry-run";
        assert!(told.contains(&format!("❌ as root, for acts, as USER: {dry}")), "{told}");
        let rule = format!("USER ALL=(root) NOPASSWD: {}/{dry}", programs.0.path().display());
        assert!(told.contains(&rule) && told.contains("visudo -f /etc/sudoers.d/signoff-act"), "{told}");
        programs.put_sudo(&["certificates", "-mtime -7", "--dry-run"]);
        let (status, told) = programs.signoff(&deployment, &["doctor"]).await;
        assert_eq!(status, Some(0), "{told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_that_are_secrets_and_channels_of_one_host_are_tried() {
    let deployment = Deployment::new().await;
    let channel = deployment.discord.channel_id("운영").unwrap();
    let more = format!(
        "[hosts.here.schedule.daily]\ncron = \"0 10 * * *\"\nchannel = \"1000000000000000996\"\nrole = \"operations\"\nwatchdog = {{ env = \"NO_WATCHDOG\" }}\n\
         [findings]\nwebhook = {{ file = \"tracker\" }}\n\
         [sampling]\nevery = \"1 min\"\nchannel = \"{channel}\"\nwebhook = {{ file = \"pager\" }}\n"
    );
    deployment.write("tracker", "https://tracker.example.com/s3cr3t-path\n");
    deployment.write("pager", "not an address, s3cr3t all the same\n");
    deployment.write("bot.toml", &(deployment.config("transport = \"local\"") + &more));
    let (status, told) = deployment.doctor().await;
    assert_eq!(status, Some(2), "{told}");
    for part in [
        "✅ address at findings.webhook",
        "❌ address at sampling.webhook: what is there is no address",
        "❌ address at hosts.here.schedule.daily.watchdog",
        "NO_WATCHDOG",
        "❌ channel 1000000000000000996",
    ] {
        assert!(told.contains(part), "{part} is missing in:\n{told}");
    }
    assert!(!told.contains("s3cr3t"), "{told}");
}

/// Answers every request as Amazon would answer with this status and body.
fn amazon(status: &'static str, body: &'static str) -> std::net::SocketAddr {
    use std::io::{Read, Write};
    let amazon = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = amazon.local_addr().unwrap();
    std::thread::spawn(move || {
        for mut stream in amazon.incoming().map_while(Result::ok) {
            let _ = stream.read(&mut [0; 8192]);
            let length = body.len();
            let _ = write!(
                stream,
                "HTTP/1.1 {status}\r\ncontent-type: application/xml\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
            );
        }
    });
    address
}

const DENIED: &str =
    "<Error><Code>AccessDenied</Code><Message>not authorized</Message><RequestId>1</RequestId></Error>";

#[tokio::test(flavor = "multi_thread")]
async fn the_least_policy_holds_what_the_actions_need_as_well() {
    let address = amazon("403 Forbidden", DENIED);
    let deployment = Deployment::new().await;
    deployment.write("id", "AKIATEST");
    deployment.write("secret", "s3cr3t-of-amazon");
    let aws = format!(
        "instance = \"i-0123456789abcdef0\"\n[aws]\nregion = \"ap-northeast-2\"\nendpoint = \"http://{address}\"\n\
         key_id = {{ file = \"id\" }}\nsecret_key = {{ file = \"secret\" }}\n"
    );
    deployment.write("bot.toml", &(deployment.config("transport = \"local\"") + &aws));
    let cpu = DAILY.replace("{ kind = \"memory\" }", "{ kind = \"cpu\" }").replace("\"used\"", "\"host\"");
    deployment.write("commands/daily.toml", &cpu);
    let step = "kind = \"put_alarm\"\nalarm = \"high-cpu\"\nalarms = [{ name = \"high-cpu\", namespace = \"AWS/EC2\", metric = \"CPUUtilization\", threshold = 80 }]\n";
    deployment.write("commands/alarm.toml", &RENEWAL.replace("kind = \"renew\"\nhow = \"dry-run\"\n", step));
    let (status, told) = deployment.doctor().await;
    assert_eq!(status, Some(2), "{told}");
    for part in [
        "❌ AWS: cloudwatch:DescribeAlarms",
        "❌ AWS: cloudwatch:GetMetricStatistics",
        "➖ AWS: cloudwatch:PutMetricAlarm",
        "\"cloudwatch:PutMetricAlarm\"",
        "\"cloudwatch:GetMetricStatistics\"",
    ] {
        assert!(told.contains(part), "{part} is missing in:\n{told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn init_tries_amazon_and_what_sudo_gives_at_once() {
    let Some(server) = Sshd::start(&[]) else { return };
    let deployment = Deployment::new().await;
    let right = answers(&deployment, &server);
    let with = |address: std::net::SocketAddr, id: &str| {
        format!(
            "{right}region = \"ap-northeast-2\"\naws_endpoint = \"http://{address}\"\naws_key_id = \"{id}\"\naws_secret_key = \"file:secret\"\n"
        )
    };
    deployment.write("id", "AKIATEST");
    deployment.write("secret", "s3cr3t-of-amazon");
    let wrong =
        "<Error><Code>InvalidClientTokenId</Code><Message>no such key</Message><RequestId>1</RequestId></Error>";
    for (name, text, told) in [
        ("keys that are none", with(amazon("403 Forbidden", wrong), "file:id"), "InvalidClientTokenId"),
        ("keys that are nowhere", with(amazon("403 Forbidden", wrong), "env:NO_SUCH_KEY"), "NO_SUCH_KEY"),
        ("no form", with(amazon("403 Forbidden", wrong), "AKIATEST"), "env:NAME or file:PATH"),
        ("nobody there", with("127.0.0.1:1".parse().unwrap(), "file:id"), "“region” does not do"),
    ] {
        deployment.write("answers.toml", &text);
        let (status, found) = init(&deployment, &[]).await;
        assert!(status == Some(3) && found.contains(told), "{name}: {told} is missing in:\n{found}");
        assert!(!exists(&deployment, "new.toml") && !found.contains("s3cr3t"), "{name}: {found}");
    }
    // Right keys that may not do everything are right keys.
    deployment.write("answers.toml", &with(amazon("403 Forbidden", DENIED), "file:id"));
    let (status, told) = init(&deployment, &[]).await;
    assert!(status == Some(0) && told.contains("AWS takes the keys"), "{told}");
    let written = fs::read_to_string(deployment.folder.path().join("new.toml")).unwrap();
    assert!(written.contains("key_id     = { file = \"id\" }") && !written.contains("AKIATEST"), "{written}");

    // What the checks beside the new file need root for is asked for while somebody is there to mend it.
    deployment.write("commands/daily.toml", &looks_as_root());
    deployment.write(
        "answers.toml",
        &right
            .lines()
            .filter(|line| {
                !["address", "user", "key", "host_key"].iter().any(|key| line.starts_with(&format!("{key} =")))
            })
            .chain(["address = \"local\""])
            .map(|line| format!("{line}\n"))
            .collect::<String>(),
    );
    let programs = Programs::new();
    programs.put("fail2ban-client", "exit 0");
    programs.put_sudo(&[]);
    let args = ["init", "--answers", "answers.toml", "--config", "new.toml", "--force"];
    let (status, told) = programs.signoff(&deployment, &args).await;
    assert_eq!(status, Some(0), "{told}");
    assert!(
        told.contains("❌ as root: fail2ban-client get sshd banip --with-time") && told.contains("visudo"),
        "{told}"
    );
}

/// Each database that cannot be used is told for what it is, with what to do, and is left as it is.
#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_newer_older_under_a_bot_anothers_or_damaged_is_named() {
    use sqlx::ConnectOptions;
    let sql = async |path: &Path, sql: &'static str| {
        let mut db = sqlx::sqlite::SqliteConnectOptions::new().filename(path).connect().await.unwrap();
        sqlx::raw_sql(sql).execute(&mut db).await.unwrap();
        sqlx::Connection::close(db).await.unwrap();
    };
    let latest = "DELETE FROM _sqlx_migrations WHERE version = (SELECT max(version) FROM _sqlx_migrations)";
    for (name, broken_by, told, hint) in [
        (
            "newer",
            "INSERT INTO _sqlx_migrations VALUES (9999, 'later', 0, TRUE, x'00', 0)",
            "a later signoff",
            "Update signoff",
        ),
        ("older", latest, "an earlier signoff", "Restart the bot with this signoff"),
        ("another's", "PRAGMA application_id = 7", "another program", "Check the path"),
        (
            "built otherwise",
            "UPDATE _sqlx_migrations SET checksum = x'00' WHERE version = 2",
            "schema 2 differs",
            "never released",
        ),
    ] {
        let deployment = Deployment::new().await;
        let (status, found) = deployment.doctor().await;
        assert_eq!(status, Some(0), "{name}:\n{found}");
        let path = deployment.folder.path().join("signoff.db");
        sql(&path, broken_by).await;
        let before = fs::read(&path).unwrap();
        // A bot is there: what it would not understand is not done to its database.
        let seat = fs::File::create(deployment.folder.path().join("signoff.db-bot")).unwrap();
        seat.lock().unwrap();
        let (status, found) = deployment.doctor().await;
        assert_eq!(status, Some(2), "{name}:\n{found}");
        assert!(found.contains("❌ database") && found.contains(told) && found.contains(hint), "{name}:\n{found}");
        assert!(fs::read(&path).unwrap() == before, "{name}: it was changed");
    }
    let deployment = Deployment::new().await;
    deployment.doctor().await;
    let path = deployment.folder.path().join("signoff.db");
    let mut bytes = fs::read(&path).unwrap();
    bytes[4096..].fill(0xa5);
    fs::write(&path, &bytes).unwrap();
    let (status, found) = deployment.doctor().await;
    assert_eq!(status, Some(2), "{found}");
    assert!(
        found.contains("❌ database") && found.contains("is damaged") && found.contains("restore a backup"),
        "{found}"
    );
}
