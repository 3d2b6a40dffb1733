//! What needs no configuration: files are made, or the program tells of itself.

use std::process::ExitCode;

use clap::CommandFactory;

use super::{AppError, COULD_NOT_LOOK, error, import, init, language_of_terminal, print};
use crate::cli::{Cli, SchemaOf, Tool};
use crate::schema;

pub(super) async fn run(tool: &Tool) -> ExitCode {
    let (done, language) = match tool {
        Tool::Import(asked) => (import::run(asked), import::language(asked)),
        Tool::Init(asked) => (init::run(asked).await.map_err(AppError::from), init::language(asked)),
        Tool::Schema(asked) => (schema(asked.of), language_of_terminal()),
        Tool::Completions(asked) => (completions(asked.shell), language_of_terminal()),
        Tool::Man => (man(), language_of_terminal()),
    };
    done.map_or_else(
        |failed| {
            error::print(&failed, language);
            ExitCode::from(COULD_NOT_LOOK)
        },
        |()| ExitCode::SUCCESS,
    )
}

fn schema(of: SchemaOf) -> Result<(), AppError> {
    let schema = match of {
        SchemaOf::Bot => schema::bot(),
        SchemaOf::Command => schema::command(),
    };
    print(&format!("{schema:#}"))
}

fn completions(shell: clap_complete::Shell) -> Result<(), AppError> {
    let mut out = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "signoff", &mut out);
    print(String::from_utf8_lossy(&out).trim_end())
}

/// One page for the whole program, with every subcommand in it.
fn man() -> Result<(), AppError> {
    let mut out = Vec::new();
    let command = Cli::command();
    clap_mangen::Man::new(command.clone()).render(&mut out).map_err(AppError::Output)?;
    for sub in command.get_subcommands() {
        let page = clap_mangen::Man::new(sub.clone().bin_name(format!("signoff {}", sub.get_name())));
        page.render_description_section(&mut out).map_err(AppError::Output)?;
        page.render_synopsis_section(&mut out).map_err(AppError::Output)?;
        page.render_options_section(&mut out).map_err(AppError::Output)?;
    }
    print(String::from_utf8_lossy(&out).trim_end())
}
