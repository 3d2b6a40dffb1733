//! The program: reads the command line, and leaves the rest to the library.

use std::process::ExitCode;

use clap::Parser;
use signoff::cli::{Cli, Command};
use tracing_subscriber::EnvFilter;

/// What is never told, whatever is asked for: an interaction's token stands in the addresses of serenity's requests and in
/// what comes over the gateway, and the bot's own in the heads of requests.
const QUIET: [&str; 8] = [
    "serenity::http=off",
    "serenity::gateway=info",
    "tungstenite=info",
    "tokio_tungstenite=info",
    "h2=info",
    "hyper=info",
    "hyper_util=info",
    "reqwest=info",
];

fn main() -> ExitCode {
    // Inside of a practice host this program is many small ones.
    #[cfg(feature = "sandbox")]
    if let Some(status) = signoff_sandbox::run_as_leaf() {
        return status;
    }
    start()
}

// The bot waits for others: more threads than these would do nothing but hold memory.
#[tokio::main(worker_threads = 2)]
async fn start() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            // clap's own status, 2, would read as "fail" to whoever watches `signoff check`.
            return ExitCode::from(if error.use_stderr() { signoff::app::COULD_NOT_LOOK } else { 0 });
        }
    };
    // The bot tells of what it does; a command in a terminal has its own output, and only what is wrong besides.
    let usual = if matches!(cli.command, Command::Run(_)) { "warn,signoff=info" } else { "error" };
    let filter = EnvFilter::try_from_env("SIGNOFF_LOG").unwrap_or_else(|_| EnvFilter::new(usual));
    let filter = QUIET.into_iter().filter_map(|quiet| quiet.parse().ok()).fold(filter, EnvFilter::add_directive);
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if std::env::var_os("SIGNOFF_LOG_FORMAT").is_some_and(|format| format == "json") {
        log.json().flatten_event(true).init();
    } else {
        log.with_ansi(signoff::app::colours(&std::io::stderr())).init();
    }
    signoff::app::run(cli).await
}
