//! What a person calls right, and what a person says was rehearsed.

use crate::aws::{AwsError, Rule};
use crate::domain::audit::{Actor, Deed, Entry};
use crate::domain::exercise::Exercise;
use crate::domain::message::{Explain, Message};
use crate::probe::cloud::drift::SUBJECT;
use crate::store::{Baseline, StoreError};

use super::{Service, Unknown};

/// Why no baseline was approved.
#[derive(Debug, thiserror::Error)]
pub enum BaselineError {
    /// There is no such host.
    #[error(transparent)]
    Unknown(#[from] Unknown),
    /// `bot.toml` does not say how Amazon is asked, or of which group.
    #[error("no {0} in the configuration")]
    NotConfigured(&'static str),
    /// Amazon could not be asked.
    #[error(transparent)]
    Aws(#[from] AwsError),
    /// It could not be kept.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Explain for BaselineError {
    fn message(&self) -> Message {
        match self {
            Self::Unknown(error) => error.message(),
            Self::NotConfigured(key) => Message::new("aws-host-without").with("key", *key),
            Self::Aws(error) => error.message(),
            Self::Store(error) => error.message(),
        }
    }

    fn hint(&self) -> Option<Message> {
        match self {
            Self::Unknown(error) => error.hint(),
            Self::NotConfigured(_) => Some(Message::new("aws-not-configured-hint")),
            Self::Aws(error) => error.hint(),
            Self::Store(error) => error.hint(),
        }
    }
}

impl Service {
    /// Approves the security group of `host` (none: the first one), as it is now, as its baseline, for `login` at a terminal.
    /// Gives its rules.
    ///
    /// # Errors
    /// [`BaselineError`]; nothing is approved then.
    pub async fn approve_security_group(&self, host: Option<&str>, login: &str) -> Result<Vec<Rule>, BaselineError> {
        let config = self.host(host)?.config();
        let aws = self.0.aws.as_ref().ok_or(BaselineError::NotConfigured("[aws]"))?;
        let group = config.instance.security_group.as_ref().ok_or(BaselineError::NotConfigured("security_group"))?;
        let rules = aws.security_group(group).await?;
        let content = serde_json::to_string(&rules).map_err(|error| AwsError::Garbled(error.to_string()))?;
        let baseline = Baseline { content, approved_by: login.to_owned(), approved_at: self.0.clock.now() };
        self.0.store.approve_baseline(&config.name, SUBJECT, &baseline, &Actor::Terminal(login.to_owned())).await?;
        tracing::info!(host = config.name, login, rules = rules.len(), "the security group is the new baseline");
        Ok(rules)
    }

    /// Keeps how an exercise on `host` (none: the first one) went, as somebody at a terminal says.
    ///
    /// # Errors
    /// [`BaselineError`]; nothing is kept then.
    pub async fn record_exercise(&self, host: Option<&str>, exercise: &Exercise) -> Result<(), BaselineError> {
        let config = self.host(host)?.config();
        self.0.store.record_exercise(&config.name, exercise, &Actor::Terminal(exercise.told_by.clone())).await?;
        tracing::info!(
            host = config.name,
            by = exercise.told_by,
            kind = exercise.kind.name(),
            exercise.passed,
            "recorded"
        );
        Ok(())
    }

    /// Takes back that `fingerprint` is a key of `host` (none: the first one). Gives back whether it was approved.
    ///
    /// # Errors
    /// [`BaselineError`] when there is no such host, or it could not be kept.
    pub async fn forget_key(
        &self,
        host: Option<&str>,
        fingerprint: &str,
        login: String,
    ) -> Result<bool, BaselineError> {
        let host = &self.host(host)?.config().name;
        let entry = Entry::new(self.0.clock.now(), Actor::Terminal(login), Deed::Baseline, format!("host:{host}"))
            .with("kind", "host key forgotten")
            .with("fingerprint", fingerprint);
        Ok(self.0.store.distrust(host, fingerprint, &entry).await?)
    }
}
