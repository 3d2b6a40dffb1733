//! A URL of the team's own that hears of things as well: a pager, an issue tracker. It gets JSON, and answers with any 2xx.

use std::time::Duration;

use serde_json::Value as Json;

use crate::config::secret::{SecretError, SecretRef};
use crate::dial::{OutOfReach, Reach};

/// How long it may take to answer.
const ANSWER: Duration = Duration::from_secs(10);

/// The URL, read anew each time it is needed.
#[derive(Clone, Debug)]
pub struct Webhook {
    url: SecretRef,
    reach: Reach,
    http: reqwest::Client,
}

/// Why it did not hear. The URL is a secret, and in none of it.
#[derive(Debug, thiserror::Error)]
pub enum WebhookError {
    /// There is no URL where it should be.
    #[error(transparent)]
    NoUrl(#[from] SecretError),
    /// The bot may not reach so far.
    #[error(transparent)]
    OutOfReach(#[from] OutOfReach),
    /// Nobody answered.
    #[error("no answer: {0}")]
    NoAnswer(String),
    /// It did not take it.
    #[error("HTTP {0}")]
    Refused(u16),
}

impl Webhook {
    /// Tells `url`.
    ///
    /// # Errors
    /// [`WebhookError::NoAnswer`] when not even a client can be made.
    pub fn new(url: SecretRef, reach: Reach) -> Result<Self, WebhookError> {
        let http = reqwest::Client::builder()
            .timeout(ANSWER)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("signoff/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| WebhookError::NoAnswer(error.to_string()))?;
        Ok(Self { url, reach, http })
    }

    /// Tells it `what`.
    ///
    /// # Errors
    /// [`WebhookError`] when it did not hear, or may not have heard.
    pub async fn tell(&self, what: &Json) -> Result<(), WebhookError> {
        self.send(what, None).await
    }

    /// Tells it `what` under a `key` by which it can know the same again, as the header `Idempotency-Key`.
    ///
    /// # Errors
    /// [`WebhookError`] when it did not hear, or may not have heard.
    pub async fn tell_once(&self, what: &Json, key: &str) -> Result<(), WebhookError> {
        self.send(what, Some(key)).await
    }

    async fn send(&self, what: &Json, key: Option<&str>) -> Result<(), WebhookError> {
        let url = self.url.read()?;
        self.reach.allows_url(url.expose())?;
        let no_answer = |error: reqwest::Error| WebhookError::NoAnswer(error.without_url().to_string());
        let mut request =
            self.http.post(url.expose()).header("content-type", "application/json").body(what.to_string());
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        let status = request.send().await.map_err(no_answer)?.status();
        if status.is_success() { Ok(()) } else { Err(WebhookError::Refused(status.as_u16())) }
    }
}
