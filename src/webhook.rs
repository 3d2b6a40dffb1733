//! A URL of the team's own that hears of things as well: a pager, an issue tracker. It gets JSON, and answers with any 2xx.

use std::time::Duration;

use serde_json::Value as Json;

use crate::config::secret::{SecretError, SecretRef};
use crate::dial::{OutOfReach, Reach};

/// How long it may take to answer.
const ANSWER: Duration = Duration::from_secs(10);

/// What somebody who waits for the bot is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// It begins.
    Start,
    /// It was done.
    Done,
    /// It could not be done.
    Failed,
}

impl Signal {
    /// Its name in the log.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }

    /// What is added to the URL's path: healthchecks.io's documentation, "Pinging API".
    const fn step(self) -> Option<&'static str> {
        match self {
            Self::Start => Some("start"),
            Self::Done => None,
            Self::Failed => Some("fail"),
        }
    }
}

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
    /// What is there is no URL.
    #[error("it is no URL")]
    NotAUrl,
    /// Nobody answered.
    #[error("no answer: {0}")]
    NoAnswer(String),
    /// It did not take it.
    #[error("HTTP {0}")]
    Refused(u16),
}

/// Whether `text` is an address that can be called.
pub fn is_url(text: &str) -> bool {
    reqwest::Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
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

    /// Lets it hear `signal`: a step of its own below the URL, as healthchecks.io and those who do as it does have it.
    ///
    /// # Errors
    /// [`WebhookError`] when it did not hear, or may not have heard.
    pub async fn signal(&self, signal: Signal, what: &Json) -> Result<(), WebhookError> {
        let written = self.url.read()?;
        let mut url = reqwest::Url::parse(written.expose()).map_err(|_| WebhookError::NotAUrl)?;
        if let (Some(step), Ok(mut path)) = (signal.step(), url.path_segments_mut()) {
            path.pop_if_empty().push(step);
        }
        self.post(url.as_str(), what, None).await
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
        self.post(url.expose(), what, key).await
    }

    async fn post(&self, url: &str, what: &Json, key: Option<&str>) -> Result<(), WebhookError> {
        self.reach.allows_url(url)?;
        let no_answer = |error: reqwest::Error| WebhookError::NoAnswer(error.without_url().to_string());
        let mut request = self.http.post(url).header("content-type", "application/json").body(what.to_string());
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        let status = request.send().await.map_err(no_answer)?.status();
        if status.is_success() { Ok(()) } else { Err(WebhookError::Refused(status.as_u16())) }
    }
}
