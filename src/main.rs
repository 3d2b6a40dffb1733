//! The program: reads the command line, and leaves the rest to the library.

use std::process::ExitCode;

use clap::Parser;
use signoff::cli::Cli;
use tracing_subscriber::EnvFilter;

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    let filter = EnvFilter::try_from_env("SIGNOFF_LOG").unwrap_or_else(|_| EnvFilter::new("warn,signoff=info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    signoff::app::run(cli).await
}
