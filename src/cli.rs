//! The command line: clap types only.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Parser, Subcommand, ValueEnum};

use crate::domain::quantity::{Dimension, Quantity};

/// Runs an operations checklist against a production host, grades it, and keeps the record.
#[derive(Debug, Parser)]
#[command(version, about, max_term_width = 100)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run a checklist now and print its report.
    ///
    /// The exit status is that of monitoring plugins: 0 pass, 1 warn, 2 fail, 3 unknown.
    Check(Check),
    /// Check bot.toml and commands/ and tell everything that is wrong with them.
    Validate(Config),
    /// Try everything that the bot needs, and tell what mends what is wrong.
    ///
    /// The files, the database, the token and what it may do in its server, each host, its Docker engine and what its user may do
    /// as root, the rights at AWS. Nothing is changed on a host, and nothing posted. The exit status is 0, or 2 where something is wrong.
    Doctor(Config),
    /// Copy the database, while the bot runs, into a file that does not exist yet.
    Backup(Backup),
    /// Put a copy of the database in the place of the database, which is kept beside it. The bot must not run.
    Restore(Restore),
    /// Approve a host's security group, as it is now, as what it should be (row W17).
    Baseline(Baseline),
    /// Record that a restore test or a drill was done by hand (rows W5 and M6).
    Record(Record),
    /// List the host keys that people approved in a drill, or take such an approval back.
    Keys(Keys),
    /// Print the team's forms of a checklist, filled in, for an archive or an audit (rows T1-T3).
    Export(Export),
    /// Take one sample of a host and keep it: what the bot does by itself once a minute.
    Sample(SampleOf),
    /// Check or print the audit record: who asked, decided and did what.
    Audit(Audit),
    /// What needs no configuration.
    #[command(flatten)]
    Tool(Tool),
    /// Be the Discord bot.
    Run(Config),
    /// Rehearse: a practice Discord in the browser and a practice server to break, on this machine only.
    ///
    /// No token, no server and no account are needed, and nothing but this machine itself can be reached.
    #[cfg(feature = "sandbox")]
    Sandbox(Sandbox),
}

/// What needs no configuration.
#[derive(Debug, Subcommand)]
pub enum Tool {
    /// Make command files out of a checklist in Markdown, and tell line by line what became of it.
    ///
    /// Known commands become probes, others run as checks only if all they can do is read; whatever changes something is
    /// written into files of actions that are off. Items that no command answers are asked of a person.
    Import(Import),
    /// Ask what bot.toml must say, try each answer at once, and write it.
    ///
    /// Token, server, roles and channel are chosen from what the bot sees; the host's key is shown and pinned. With --answers nobody is
    /// asked.
    Init(Init),
    /// Print the JSON Schema of bot.toml or of command files, by which editors complete and check them.
    ///
    /// A file names its schema in its first line: #:schema bot.schema.json
    Schema(Schema),
    /// Print the script that completes signoff's command line in a shell.
    Completions(Completions),
    /// Print the manual page.
    Man,
}

/// Where the configuration is.
#[derive(Debug, clap::Args)]
pub struct Config {
    /// The configuration file.
    #[arg(long, short, value_name = "FILE", default_value = "bot.toml")]
    pub config: PathBuf,
}

/// How the practice world begins.
#[cfg(feature = "sandbox")]
#[derive(Debug, clap::Args)]
pub struct Sandbox {
    /// The state of the practice server: calm, disk-full, database-down, service-down, certificate-expired, bad-night, ...
    #[arg(long, value_name = "NAME")]
    pub scene: Option<String>,
    /// The same number makes the same noise again.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// The port of the page on this machine; 0 for any that is free.
    #[arg(long, value_name = "PORT", default_value_t = 4710)]
    pub port: u16,
    /// Keep the practice world in this folder, and go on with it next time.
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Open the page in the browser.
    #[arg(long)]
    pub open: bool,
    /// The deployment that is rehearsed.
    #[command(flatten)]
    pub config: Config,
}

/// What to check.
#[derive(Debug, clap::Args)]
pub struct Check {
    /// The checklist: the name of a file in commands/, such as daily.
    #[arg(required_unless_present = "list")]
    pub command: Option<String>,
    /// Look at nothing: print every check with its probe and thresholds, of one checklist or of all.
    #[arg(long)]
    pub list: bool,
    /// The host, by its name in bot.toml; the first one if not given. all: every host; tag:NAME: those of a tag.
    #[arg(long, value_name = "NAME")]
    pub host: Option<String>,
    /// How the report is printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// The language of the report; that of bot.toml if not given.
    #[arg(long, value_enum, value_name = "LANGUAGE")]
    pub language: Option<CliLanguage>,
    /// Where the configuration is.
    #[command(flatten)]
    pub config: Config,
}

/// What is approved.
#[derive(Debug, clap::Args)]
pub struct Baseline {
    /// The host, by its name in bot.toml; the first one if not given.
    #[arg(long, value_name = "NAME")]
    pub host: Option<String>,
    /// Where the configuration is.
    #[command(flatten)]
    pub config: Config,
}

/// Where to.
#[derive(Debug, clap::Args)]
pub struct Backup {
    /// The copy.
    #[arg(value_name = "FILE")]
    pub to: PathBuf,
    /// Where the configuration is.
    #[command(flatten)]
    pub config: Config,
}

/// Where from.
#[derive(Debug, clap::Args)]
pub struct Restore {
    /// The copy.
    #[arg(value_name = "FILE")]
    pub from: PathBuf,
    /// Where the configuration is.
    #[command(flatten)]
    pub config: Config,
}

/// What is exported.
#[derive(Debug, clap::Args)]
pub struct Export {
    /// The checklist: the name of a file in commands/, such as daily.
    pub checklist: String,
    /// The day, week or month: 2026-11-26, 2026-W48 or 2026-11; this month if not given.
    #[arg(long, value_name = "PERIOD")]
    pub period: Option<String>,
    /// How the forms are printed.
    #[arg(long, value_enum, default_value_t = ExportFormat::Markdown)]
    pub format: ExportFormat,
    /// The host, by its name in bot.toml; the first one if not given.
    #[arg(long, value_name = "NAME")]
    pub host: Option<String>,
    /// The language of the forms; that of bot.toml if not given.
    #[arg(long, value_enum, value_name = "LANGUAGE")]
    pub language: Option<CliLanguage>,
    /// Where the configuration is.
    #[command(flatten)]
    pub config: Config,
}

/// How forms are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    /// For a wiki or an archive.
    Markdown,
    /// For a spreadsheet.
    Csv,
    /// For a program.
    Json,
}

/// What is done with the audit record.
#[derive(Debug, clap::Args)]
pub struct Audit {
    /// What.
    #[command(subcommand)]
    pub what: AuditWhat,
}

/// What is done with the audit record.
#[derive(Debug, Subcommand)]
pub enum AuditWhat {
    /// Follow the chain of hashes, and name the first row at which it is broken.
    ///
    /// The exit status is 0 when it is whole, 2 when it is broken, 3 when it could not be read.
    Verify {
        /// A value that a report showed: it must be in the record.
        #[arg(long, value_name = "HASH")]
        hash: Option<String>,
        /// Where the configuration is.
        #[command(flatten)]
        config: Config,
    },
    /// Print every row, as JSON, one a line.
    Export {
        /// Where the configuration is.
        #[command(flatten)]
        config: Config,
    },
}

impl Audit {
    /// Where the configuration is.
    pub const fn config(&self) -> &PathBuf {
        match &self.what {
            AuditWhat::Verify { config, .. } | AuditWhat::Export { config } => &config.config,
        }
    }
}

/// What is sampled.
#[derive(Debug, clap::Args)]
pub struct SampleOf {
    /// The host, by its name in bot.toml; the first one if not given.
    #[arg(long, value_name = "NAME")]
    pub host: Option<String>,
    /// Where the configuration is.
    #[command(flatten)]
    pub config: Config,
}

/// What was rehearsed.
#[derive(Debug, clap::Args)]
pub struct Record {
    /// What.
    #[arg(value_enum)]
    pub exercise: ExerciseName,
    /// How long it took: "40 min".
    #[arg(long, value_name = "TIME", value_parser = span)]
    pub took: Duration,
    /// It did not do what it should.
    #[arg(long)]
    pub failed: bool,
    /// The host, by its name in bot.toml; the first one if not given.
    #[arg(long, value_name = "NAME")]
    pub host: Option<String>,
    /// Where the configuration is.
    #[command(flatten)]
    pub config: Config,
}

/// What becomes of approved host keys.
#[derive(Debug, clap::Args)]
pub struct Keys {
    /// The key whose approval is taken back: "SHA256:…".
    #[arg(long, value_name = "FINGERPRINT")]
    pub forget: Option<String>,
    /// Its host, by the name in the list, whether bot.toml still has it or not; the first one if not given.
    #[arg(long, value_name = "NAME", requires = "forget")]
    pub host: Option<String>,
    /// Where the configuration is.
    #[command(flatten)]
    pub config: Config,
}

/// What is imported.
#[derive(Debug, clap::Args)]
pub struct Import {
    /// The checklist, in Markdown.
    #[arg(value_name = "CHECKLIST.md")]
    pub checklist: PathBuf,
    /// The folder for the command files; it is made where there is none.
    #[arg(long, value_name = "FOLDER", default_value = "commands")]
    pub out: PathBuf,
    /// Write over files that are there already.
    #[arg(long)]
    pub force: bool,
    /// The language of the comments and of what is told; that of the terminal if not given.
    #[arg(long, value_enum, value_name = "LANGUAGE")]
    pub language: Option<CliLanguage>,
}

/// What is written.
#[derive(Debug, clap::Args)]
pub struct Init {
    /// A TOML file of answers: token, guild, roles, channel, host, address, user, key, host_key, compose_project, disks, region,
    /// timezone.
    #[arg(long, value_name = "FILE")]
    pub answers: Option<PathBuf>,
    /// Write over a file that is there already.
    #[arg(long)]
    pub force: bool,
    /// The language in which is asked, and in which the bot posts; that of the terminal if not given.
    #[arg(long, value_enum, value_name = "LANGUAGE")]
    pub language: Option<CliLanguage>,
    /// Where the configuration is written.
    #[command(flatten)]
    pub config: Config,
}

/// Whose schema.
#[derive(Debug, clap::Args)]
pub struct Schema {
    /// The kind of file.
    #[arg(value_enum)]
    pub of: SchemaOf,
}

/// A kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SchemaOf {
    /// bot.toml.
    Bot,
    /// A file of commands/.
    Command,
}

/// Whose completions.
#[derive(Debug, clap::Args)]
pub struct Completions {
    /// The shell.
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}

/// Reads `40 min`.
fn span(text: &str) -> Result<Duration, String> {
    let quantity = Quantity::parse(text).map_err(|error| error.to_string())?;
    let time = Some(quantity.value).filter(|_| quantity.dimension == Dimension::Time);
    time.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()).ok_or_else(|| "a time, as in 40 min".to_owned())
}

/// Something that is rehearsed now and then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ExerciseName {
    /// The newest backup restored into a scratch database, and counted.
    RestoreTest,
    /// The whole host built anew.
    Drill,
}

/// How a report is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For a person at a terminal.
    Text,
    /// For a program.
    Json,
    /// For a wiki or an issue.
    Markdown,
}

/// A language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CliLanguage {
    /// Korean.
    Ko,
    /// English.
    En,
}
