//! Shows what lies behind a report: a tap on a message of any age.

use std::sync::Arc;

use super::{Chat, ChatError, Service, View};
use crate::domain::message::{Explain, Message};
use crate::domain::report::Report;
use crate::domain::run::{KeptRun, RunId};

impl Service {
    /// Answers with what lies behind the grades of `run`, or of one `check` of it.
    ///
    /// # Errors
    /// [`ChatError`] when the answer did not get through.
    pub async fn answer_details(&self, run: RunId, check: Option<&str>, chat: &impl Chat) -> Result<(), ChatError> {
        let view = match self.kept_report(run).await {
            Err((message, hint)) => View::Told(message, hint),
            Ok(report) => match self.may_run(chat.person(), &report.command) {
                Err(refusal) => super::show::told(&refusal),
                Ok(()) => match check {
                    Some(check) => {
                        let remedies = self.remedies(run, &report, check);
                        View::Check { run, report, check: check.to_owned(), remedies }
                    }
                    None => View::Details { run, report },
                },
            },
        };
        chat.whisper(&view).await
    }

    /// The report of `run`, or what to say instead.
    pub(super) async fn kept_report(&self, run: RunId) -> Result<Arc<Report>, (Message, Option<Message>)> {
        let missing = || (Message::new("run-has-no-report").with("run", run.to_string()), None);
        self.kept(run).await?.report.map(Arc::new).ok_or_else(missing)
    }

    /// `run` as it is kept, or what to say instead.
    pub(super) async fn kept(&self, run: RunId) -> Result<KeptRun, (Message, Option<Message>)> {
        match self.0.store.kept_run(run).await {
            Ok(Some(kept)) => Ok(kept),
            Ok(None) => {
                let message = Message::new("run-unknown").with("run", run.to_string());
                Err((message, Some(Message::new("run-unknown-hint"))))
            }
            Err(error) => Err((error.message(), error.hint())),
        }
    }
}
