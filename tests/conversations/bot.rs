//! The harness: the program as a process, its deployment in a temporary folder, and a practice Discord.

use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

use chrono::{DateTime, TimeDelta, Utc};
use signoff_sandbox::{Message, PracticeDiscord, Seat};
use sqlx::ConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use tempfile::TempDir;

/// A checklist that reads what a test writes.
pub const SMALL: &str = include_str!("../data/small.toml");

/// Up to two seconds. What the bot does on this machine is named by the moment at which it was claimed: two tests of the same
/// moment, or the same test an hour ago, would find that the other one had begun it already.
fn a_little() -> TimeDelta {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("a clock");
    TimeDelta::milliseconds(i64::from(now.subsec_micros() % 2000))
}

/// The bot, with all that is around it.
pub struct Bot {
    pub discord: PracticeDiscord,
    pub folder: TempDir,
    child: Option<Child>,
}

impl Bot {
    /// A bot with the small checklist as its `/daily`, registered and online.
    pub async fn small() -> Self {
        let bot = Self::prepare(&[("daily", SMALL)]).await;
        bot.write("calm", "12\n");
        bot.started().await
    }

    /// A deployment with these commands, not started yet. `FOLDER` in them becomes the deployment's folder.
    pub async fn prepare(commands: &[(&str, &str)]) -> Self {
        let discord = PracticeDiscord::builder().start().await.expect("the practice Discord starts");
        let folder = TempDir::new().expect("a folder");
        discord.write_ca(folder.path().join("ca.pem")).expect("its authority is written");
        for inner in ["commands", "bin"] {
            fs::create_dir(folder.path().join(inner)).expect("a folder in it");
        }
        let bot = Self { discord, folder, child: None };
        for (name, text) in commands {
            bot.write_command(name, text);
        }
        bot.write(
            "bot.toml",
            format!(
                r#"
                [discord]
                guild = "1000000000000000001"
                token = {{ env = "DISCORD_TOKEN" }}
                connect_to = "{}"
                ca_file = "ca.pem"
                [roles]
                operations = "1000000000000000011"
                devops = "1000000000000000012"
                [hosts.here]
                title = {{ ko = "여기", en = "Here" }}
                transport = "local"
                "#,
                bot.discord.addr()
            ),
        );
        bot
    }

    /// A deployment whose clock the test moves, with `more` in its configuration. It is `moment`.
    pub async fn prepare_at(moment: &str, commands: &[(&str, &str)], more: &str) -> Self {
        let bot = Self::prepare(commands).await;
        let config = fs::read_to_string(bot.path("bot.toml")).expect("its configuration");
        let config = config.replace("ca_file = \"ca.pem\"", "ca_file = \"ca.pem\"\nclock = \"clock\"");
        bot.write("bot.toml", format!("{config}\n{more}"));
        let moment: DateTime<Utc> = moment.parse().expect("a moment");
        bot.it_is(&(moment + a_little()).to_rfc3339());
        bot
    }

    /// Moves the clocks of Discord and of the bot to `moment`.
    pub fn it_is(&self, moment: &str) {
        let moment: DateTime<Utc> = moment.parse().expect("a moment");
        self.discord.clock().set(moment);
        let ahead = (moment - DateTime::<Utc>::from(SystemTime::now())).num_milliseconds();
        // Never half a file: the bot may read it at any time.
        self.write("clock.new", ahead.to_string());
        fs::rename(self.path("clock.new"), self.path("clock")).expect("the clock is moved");
    }

    /// Waits until just these rights were refused to `person`, as the audit record has it.
    pub async fn until_refused(&self, person: &str, rights: &[&str]) {
        let mut db =
            SqliteConnectOptions::new().filename(self.path("signoff.db")).connect().await.expect("its database");
        let query = "SELECT details ->> 'right' FROM audit
                     WHERE deed = 'refusal' AND details LIKE '%' || ? || '%' ORDER BY seq";
        let until = Instant::now() + Duration::from_secs(10);
        loop {
            let refused: Vec<String> =
                sqlx::query_scalar(query).bind(person).fetch_all(&mut db).await.expect("its audit record");
            if refused == rights {
                return;
            }
            assert!(Instant::now() < until && refused.len() <= rights.len(), "{person}: {refused:?}, not {rights:?}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Starts it and waits until its commands are there.
    pub async fn started(mut self) -> Self {
        self.start();
        self.ready().await;
        self
    }

    /// Starts the program.
    pub fn start(&mut self) {
        self.start_by(Command::new(env!("CARGO_BIN_EXE_signoff")), &[]);
    }

    /// Starts it with more in its environment.
    pub fn start_with(&mut self, environment: &[(&str, &str)]) {
        self.start_by(Command::new(env!("CARGO_BIN_EXE_signoff")), environment);
    }

    /// Starts the program with a disk of its own at `folder`, of so many bytes; gone when it ends. Gives where it is to be
    /// found from outside, or nothing where this machine gives nobody a disk of their own.
    pub fn start_with_disk(&mut self, folder: &str, bytes: usize) -> Option<PathBuf> {
        let own = |script: &str| {
            let mut command = Command::new("unshare");
            command.args(["--user", "--map-root-user", "--mount", "sh", "-c", script]);
            command
        };
        if !own("true").stderr(Stdio::null()).status().is_ok_and(|status| status.success()) {
            eprintln!("left out: unshare gives no namespace here");
            return None;
        }
        let path = self.path(folder);
        fs::create_dir_all(&path).expect("a place for it");
        let mut command =
            own(&format!("mount -t tmpfs -o size={bytes} none '{}' && exec \"$0\" \"$@\"", path.display()));
        command.arg(env!("CARGO_BIN_EXE_signoff"));
        self.start_by(command, &[]);
        let child = self.child.as_ref().expect("it runs").id();
        Some(PathBuf::from(format!("/proc/{child}/root{}", path.display())))
    }

    fn start_by(&mut self, mut command: Command, environment: &[(&str, &str)]) {
        let log = fs::File::options().create(true).append(true).open(self.path("log")).expect("a log");
        let path = std::env::var("PATH").expect("a PATH");
        let child = command
            .args(["run", "--config"])
            .arg(self.path("bot.toml"))
            // What a test puts there comes before the host's own programs.
            .env("PATH", format!("{}:{path}", self.path("bin").display()))
            .env("DISCORD_TOKEN", self.discord.token())
            // serenity tells of an event that it cannot parse at this level only.
            .env("SIGNOFF_LOG", "warn,signoff=debug,serenity::client::dispatch=debug")
            .env("NO_COLOR", "1")
            .envs(environment.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("the program starts");
        self.child = Some(child);
    }

    /// Waits until it is in Discord with its commands.
    pub async fn ready(&self) {
        if let Err(error) = self.discord.wait_for_bot().await {
            panic!("{error}\n{}", self.log());
        }
        if let Err(error) = self.discord.wait_for_command("daily").await {
            panic!("{error}\n{}", self.log());
        }
    }

    /// Ends it at once, as `kill -9` does.
    pub fn kill(&mut self) {
        let mut child = self.child.take().expect("it runs");
        child.kill().expect("it can be killed");
        child.wait().expect("it ends");
    }

    /// Sends it a signal: `-HUP`.
    pub fn signal(&self, signal: &str) {
        let child = self.child.as_ref().expect("it runs");
        let told = Command::new("kill").args([signal, &child.id().to_string()]).status().expect("kill runs");
        assert!(told.success());
    }

    /// Asks it to stop, and waits until it has. Gives its exit status.
    pub async fn stop(&mut self) -> i32 {
        self.signal("-TERM");
        self.ended().await
    }

    /// Waits until it has ended. Gives its exit status.
    pub async fn ended(&mut self) -> i32 {
        let mut child = self.child.take().expect("it runs");
        let patience = Instant::now() + Duration::from_secs(20);
        loop {
            if let Some(status) = child.try_wait().expect("it can be waited for") {
                return status.code().unwrap_or(-1);
            }
            assert!(Instant::now() < patience, "it does not stop:\n{}", self.log());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Somebody in the team's channel.
    pub fn seat(&self, name: &str) -> Seat {
        self.discord.as_user(name).in_channel("운영")
    }

    /// `name` in the deployment's folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file of the deployment.
    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        fs::write(self.path(name), text).expect("the folder can be written");
    }

    /// Writes a command file.
    pub fn write_command(&self, name: &str, text: &str) {
        let text = text.replace("FOLDER", &self.folder.path().display().to_string());
        self.write(&format!("commands/{name}.toml"), text);
    }

    /// How many runs of the small checklist came to their end.
    pub fn runs(&self) -> usize {
        fs::read_to_string(self.path("runs")).unwrap_or_default().lines().count()
    }

    /// What it logged.
    pub fn log(&self) -> String {
        fs::read_to_string(self.path("log")).unwrap_or_default()
    }

    /// Waits until it has logged `words`.
    pub async fn until_logged(&self, words: &str) {
        self.until_logged_times(words, 1).await;
    }

    /// Waits until it has logged `words` so often.
    pub async fn until_logged_times(&self, words: &str, times: usize) {
        let patience = Instant::now() + Duration::from_secs(20);
        while self.log().matches(words).count() < times {
            assert!(Instant::now() < patience, "it never said `{words}`:\n{}", self.log());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// The end of the test: it stops in order, Discord has nothing to complain of, and its log neither.
    pub async fn finish(self) {
        self.finish_with(&[]).await;
    }

    /// The same where the test itself made errors: those that say one of `expected`.
    pub async fn finish_with(mut self, expected: &[&str]) {
        self.stops().await;
        self.discord.assert_clean().await;
        self.assert_quiet(expected);
    }

    /// The same where the test killed it: what somebody asked in that moment has no answer.
    pub async fn finish_killed(mut self) {
        self.stops().await;
        assert!(self.discord.violations().await.is_empty() && self.discord.unknown_routes().is_empty());
        self.assert_quiet(&[]);
    }

    async fn stops(&mut self) {
        if self.child.is_some() {
            assert_eq!(self.stop().await, 0, "it does not stop in order:\n{}", self.log());
        }
    }

    fn assert_quiet(&self, expected: &[&str]) {
        let log = self.log();
        assert!(!log.contains("An unknown event was received"), "an event was not understood:\n{log}");
        assert!(!log.contains("panicked"), "it panicked:\n{log}");
        assert!(!log.contains(&self.discord.token()), "the token is in the log");
        let is_error = |line: &&str| line.contains(" ERROR ") && !expected.iter().any(|words| line.contains(words));
        let errors: Vec<_> = log.lines().filter(is_error).collect();
        assert!(errors.is_empty(), "errors that the test did not expect: {errors:#?}");
    }
}

impl Drop for Bot {
    /// A test that failed leaves no process behind, and shows why.
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
        if std::thread::panicking() {
            eprintln!("{}\n{}", self.discord.channel("운영").transcript(), self.log());
        }
    }
}

/// Whether a message shows a run's end.
pub fn is_report(message: &Message) -> bool {
    message.buttons().iter().any(|button| button == "다시 점검")
}
