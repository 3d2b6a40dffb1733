//! The command line: clap types only.

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

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
