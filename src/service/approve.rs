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

    /// Takes back that `fingerprint` is a key of `host` (none: the first one). Gives back whether it was approved. A host that
    /// `bot.toml` does not name any more may have one all the same.
    ///
    /// # Errors
    /// [`BaselineError`] when there is neither such a host nor such a key, or it could not be kept.
    pub async fn forget_key(
        &self,
        host: Option<&str>,
        fingerprint: &str,
        login: String,
    ) -> Result<bool, BaselineError> {
        let named = match host {
            Some(name) => name,
            None => &self.host(None)?.config().name,
        };
        let entry = Entry::new(self.0.clock.now(), Actor::Terminal(login), Deed::Baseline, format!("host:{named}"))
            .with("kind", "host key forgotten")
            .with("fingerprint", fingerprint);
        let gone = self.0.store.distrust(named, fingerprint, &entry).await?;
        if !gone {
            // A name that is mistyped is told as that.
            self.host(Some(named))?;
        }
        Ok(gone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use crate::commands::Commands;
    use crate::config::{self, HttpConfig};
    use crate::domain::audit::Row;
    use crate::domain::mask::Masker;
    use crate::domain::runbook::{Happened, Happening};
    use crate::probe::HttpProber;
    use crate::service::Outside;
    use crate::store::Store;

    #[tokio::test]
    async fn a_key_of_a_host_that_is_gone_from_the_file_can_be_taken_back() {
        let folder = tempfile::TempDir::new().unwrap();
        let here = "[hosts.here]\ntitle = { ko = \"여기\", en = \"Here\" }\ntransport = \"local\"";
        let store = Store::open(&folder.path().join("signoff.db")).await.unwrap();
        let service = Service::new(
            config::parse(&folder.path().join("bot.toml"), here.to_owned()).unwrap(),
            Commands::default(),
            Outside { http: HttpProber::new(&HttpConfig::default()).unwrap(), aws: None, webhook: None, tracker: None },
            Store::open(&folder.path().join("signoff.db")).await.unwrap(),
            Clock::system(),
            Masker::new([""]),
        );
        let happened = |what| Happened { what, by: (7, "지민".to_owned()), at: Clock::system().now() };
        let entry = |one: &Happened| Entry::new(one.at, Actor::Discord(7), Deed::Runbook, "runbook:1");
        let opened = happened(Happening::Opened { note: String::new() });
        store.open_runbook(("drill", "gone"), 8, &opened, |_| entry(&opened)).await.unwrap();
        let trusted = happened(Happening::Trusted {
            step: "key".to_owned(),
            address: "10.0.0.9:22".to_owned(),
            fingerprint: "SHA256:new".to_owned(),
        });
        assert!(store.happened(1, 1, &trusted, None, &entry(&trusted)).await.unwrap());

        let forget = |host, key| service.forget_key(host, key, "jimin".to_owned());
        assert!(!forget(None, "SHA256:new").await.unwrap(), "of the first one there is none");
        assert!(forget(Some("gone"), "SHA256:new").await.unwrap());
        assert_eq!(store.approved_keys().await.unwrap(), []);
        let again = forget(Some("gone"), "SHA256:new").await.unwrap_err();
        assert!(matches!(again, BaselineError::Unknown(Unknown::Host { .. })), "{again:?}");
        let mut record = Vec::new();
        let keep = |row: &Row| {
            record.push((row.actor.clone(), row.deed.clone(), row.subject.clone(), row.details.clone()));
            true
        };
        store.each_audit_row(keep).await.unwrap();
        let forgotten = r#"{"fingerprint":"SHA256:new","kind":"host key forgotten"}"#;
        let expected = ["terminal:jimin", "baseline", "host:gone", forgotten].map(str::to_owned);
        let [actor, deed, subject, details] = expected;
        assert_eq!(record.split_off(2), [(actor, deed, subject, details)], "once, beside the runbook's two rows");
    }
}
