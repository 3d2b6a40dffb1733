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
    /// Approve a host's security group, as it is now, as what it should be (row W17).
    Baseline(Baseline),
    /// Record that a restore test or a drill was done by hand (rows W5 and M6).
    Record(Record),
    /// Take one sample of a host and keep it: what the bot does by itself once a minute.
    Sample(SampleOf),
    /// Be the Discord bot.
    Run(Config),
}

/// Where the configuration is.
#[derive(Debug, clap::Args)]
pub struct Config {
    /// The configuration file.
    #[arg(long, short, value_name = "FILE", default_value = "bot.toml")]
    pub config: PathBuf,
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
    /// The host, by its name in bot.toml; the first one if not given.
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
