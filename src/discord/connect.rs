//! The one way to Discord, or to another server that speaks its API.

use std::path::PathBuf;
use std::time::Duration;

use serenity::all::Http;
use serenity::http::HttpBuilder;

use crate::config::{DiscordConfig, Secret};
use crate::dial::OutOfReach;
use crate::domain::message::{Explain, Message};

/// How long one request to Discord may take, with the limiter's waiting left out.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);

/// Why Discord could not be reached or did not let the bot in.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The certificate authority's file cannot be read.
    #[error("{path}: {cause}", path = path.display())]
    CaFile {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: String,
    },
    /// The bot may not reach so far.
    #[error(transparent)]
    OutOfReach(#[from] OutOfReach),
    /// The HTTP client could not be built.
    #[error("the HTTP client cannot be built: {0}")]
    Client(#[from] reqwest::Error),
    /// The token was not taken.
    #[error("Discord did not take the token")]
    WrongToken,
    /// Discord did not answer as it should.
    #[error("Discord did not answer: {0}")]
    NoAnswer(String),
    /// The gateway is not where Discord said it is: the token would go elsewhere.
    #[error("the gateway moved from {expected} to {found}")]
    GatewayMoved {
        /// Where Discord said it is.
        expected: String,
        /// Where serenity would go.
        found: String,
    },
    /// The gateway closed the connection for good.
    #[error("the gateway closed the connection: {0}")]
    Gateway(String),
}

/// A client for Discord's API. With `connect_to`, discord.com is that address and only that certificate authority is
/// trusted: nothing can reach the real Discord, and serenity's limiter stays on, in practice as in production. (Its
/// `proxy` is silently passed over while the limiter is on, and would send the token to the real Discord.)
///
/// # Errors
/// [`ConnectError::CaFile`] or [`ConnectError::Client`].
pub fn connect(config: &DiscordConfig, token: &Secret) -> Result<Http, ConnectError> {
    match config.connect_to {
        Some(address) => config.reach.allows(address)?,
        None => config.reach.allows_url("https://discord.com/")?,
    }
    let mut client = reqwest::Client::builder().use_rustls_tls().timeout(REQUEST_TIMEOUT);
    if let Some(path) = &config.ca_file {
        let failed = |cause: String| ConnectError::CaFile { path: path.clone(), cause };
        let pem = std::fs::read(path).map_err(|cause| failed(cause.to_string()))?;
        let authorities = reqwest::Certificate::from_pem_bundle(&pem).map_err(|cause| failed(cause.to_string()))?;
        client = client.tls_built_in_root_certs(false);
        for authority in authorities {
            client = client.add_root_certificate(authority);
        }
    }
    if let Some(address) = config.connect_to {
        // discord.com never redirects; whoever does it here would lead the token away.
        client = client.resolve("discord.com", address).redirect(reqwest::redirect::Policy::none());
    }
    Ok(HttpBuilder::new(token.expose()).client(client.build()?).build())
}

impl Explain for ConnectError {
    fn message(&self) -> Message {
        match self {
            Self::CaFile { path, cause } => {
                Message::new("discord-ca-file").with("path", path.display().to_string()).with("cause", cause.as_str())
            }
            Self::OutOfReach(error) => error.message(),
            Self::Client(cause) => Message::new("discord-no-client").with("cause", cause.to_string()),
            Self::WrongToken => Message::new("discord-wrong-token"),
            Self::NoAnswer(cause) => Message::new("discord-no-answer").with("cause", cause.as_str()),
            Self::GatewayMoved { expected, found } => {
                Message::new("discord-gateway-moved").with("expected", expected.as_str()).with("found", found.as_str())
            }
            Self::Gateway(cause) => Message::new("discord-gateway-closed").with("cause", cause.as_str()),
        }
    }

    fn hint(&self) -> Option<Message> {
        match self {
            Self::OutOfReach(error) => error.hint(),
            Self::WrongToken => Some(Message::new("discord-wrong-token-hint")),
            Self::NoAnswer(_) => Some(Message::new("discord-no-answer-hint")),
            _ => None,
        }
    }
}
