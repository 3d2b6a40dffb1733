//! What went wrong, told once, with what to do about it.

use std::io::Write;

use super::import::ImportFailure;
use super::init::InitError;
use crate::aws::AwsError;
use crate::config::secret::SecretError;
use crate::discord::ConnectError;
use crate::document::Problems;
use crate::domain::message::{Explain, Language, Message};
use crate::render::markdown::visible;
use crate::service::{BaselineError, NoRecord, Unknown};
use crate::store::StoreError;
use crate::text::say;
use crate::webhook::WebhookError;

/// Why the program could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The configuration or the commands are wrong.
    #[error("{0}")]
    Files(Problems),
    /// There is no such command or host.
    #[error(transparent)]
    Unknown(#[from] Unknown),
    /// Nothing was approved or recorded.
    #[error(transparent)]
    Baseline(#[from] BaselineError),
    /// Nothing was exported.
    #[error(transparent)]
    Record(#[from] NoRecord),
    /// Amazon could not be asked.
    #[error(transparent)]
    Aws(#[from] AwsError),
    /// The webhook cannot be used.
    #[error(transparent)]
    Webhook(#[from] WebhookError),
    /// The database cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A secret is not where it should be.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// Discord could not be reached.
    #[error(transparent)]
    Discord(#[from] ConnectError),
    /// No configuration was written.
    #[error(transparent)]
    Init(#[from] InitError),
    /// Nothing was made of a checklist.
    #[error(transparent)]
    Import(#[from] ImportFailure),
    /// There is no practice world.
    #[cfg(feature = "sandbox")]
    #[error(transparent)]
    Sandbox(#[from] super::sandbox::SandboxError),
    /// Standard output does not take what is printed.
    #[error("standard output: {0}")]
    Output(std::io::Error),
    /// `bot.toml` does not say where Discord is.
    #[error("no [discord] in the configuration")]
    NoDiscord,
}

impl AppError {
    fn explained(&self) -> Option<&dyn Explain> {
        match self {
            Self::Files(_) | Self::NoDiscord | Self::Output(_) | Self::Webhook(_) => None,
            Self::Unknown(error) => Some(error),
            Self::Baseline(error) => Some(error),
            Self::Record(error) => Some(error),
            Self::Aws(error) => Some(error),
            Self::Store(error) => Some(error),
            Self::Secret(error) => Some(error),
            Self::Discord(error) => Some(error),
            Self::Import(error) => Some(error),
            Self::Init(error) => Some(error),
            #[cfg(feature = "sandbox")]
            Self::Sandbox(error) => Some(error),
        }
    }

    /// What went wrong as one sentence, and what to do about it. What is wrong with files is told line by line elsewhere.
    pub(super) fn told(&self) -> (Message, Option<Message>) {
        match (self, self.explained()) {
            (Self::Files(problems), _) => {
                (Message::new("files-problems").with("count", problems.0.len().to_string()), None)
            }
            (_, Some(explained)) => (explained.message(), explained.hint()),
            (Self::Output(cause), _) => (Message::new("output-failed").with("cause", cause.to_string()), None),
            (Self::Webhook(cause), _) => (Message::new("webhook-failed").with("cause", cause.to_string()), None),
            (_, None) => (Message::new("no-discord"), None),
        }
    }
}

/// Prints why what is found will not be kept, and the hint.
pub(super) fn print_unkept(error: &StoreError, language: Language) {
    let mut out = std::io::stderr().lock();
    let told = Message::new("run-not-kept").with("why", error.message());
    let _ = writeln!(out, "signoff: {}", visible(&say(&told, language)));
    if let Some(hint) = error.hint() {
        let _ = writeln!(out, "    💡 {}", visible(&say(&hint, language)));
    }
}

/// Prints what went wrong, and the hint, in `language`.
pub(super) fn print(error: &AppError, language: Language) {
    let mut out = std::io::stderr().lock();
    let mut line = |text: &str| {
        // Nobody is left to tell when standard error is gone.
        let _ = writeln!(out, "{}", visible(text));
    };
    let (told, hint) = error.told();
    if let AppError::Files(problems) = error {
        for problem in &problems.0 {
            let place = match problem.line {
                0 => problem.path.display().to_string(),
                number => format!("{}:{number}:{}", problem.path.display(), problem.column),
            };
            line(&format!("{place}: {}", say(&problem.message, language)));
            if let Some(hint) = &problem.hint {
                line(&format!("    💡 {}", say(hint, language)));
            }
        }
        return line(&say(&told, language));
    }
    line(&format!("signoff: {}", say(&told, language)));
    if let Some(hint) = hint {
        line(&format!("    💡 {}", say(&hint, language)));
    }
}
