//! Docker's API over a connection to the host.

use std::error::Error as StdError;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bollard::errors::Error;
use bollard::{API_DEFAULT_VERSION, BollardRequest, ClientVersion, Docker};
use futures::FutureExt;
use futures::future::BoxFuture;
use hyper::Uri;
use hyper::http::uri::PathAndQuery;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::{Connected, Connection as Connecting};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tower_service::Service;
use tracing::debug;

use super::HostError;
use super::connection::{Connection, SocketError, Stream};
use super::socket_fault::diagnose;

/// How long the engine may take to begin an answer. Whoever reads the rest of it sets a limit of their own.
const ANSWER: Duration = Duration::from_secs(30);

/// How long a stream to the engine is kept for the next request: for the rest of a run, not until the next one. Each holds
/// the buffers that its largest answer needed.
const IDLE: Duration = Duration::from_secs(2);

/// How many bytes of an answer are held before they are taken; hyper's own limit is six times as much.
const BUFFER: usize = 64 << 10;

/// A version of Docker's API: 1.41.
type Version = (usize, usize);

/// The type of a request's body, which bollard does not name.
type Body = <BollardRequest as Bodied>::Body;

trait Bodied {
    type Body;
}

impl<B> Bodied for hyper::Request<B> {
    type Body = B;
}

/// A client for the engine behind `socket`, which speaks the newest version that both know. bollard does negotiate one,
/// and then names none in its requests: so the transport does.
///
/// # Errors
/// [`HostError`].
pub(super) async fn connect(connection: Connection, socket: String) -> Result<Docker, HostError> {
    let http = Client::builder(TokioExecutor::new())
        .pool_idle_timeout(IDLE)
        .http1_max_buf_size(BUFFER)
        .pool_timer(TokioTimer::new())
        .build(Connector { connection, socket: socket.into() });
    let engine = client(&http, None)?.version().await.map_err(docker_error)?;
    let newest = (API_DEFAULT_VERSION.major_version, API_DEFAULT_VERSION.minor_version);
    let version = engine.api_version.as_deref().and_then(parse).map_or(newest, |knows| knows.min(newest));
    debug!(engine = engine.version, api = ?version, "docker");
    client(&http, Some(version))
}

/// What a call of Docker's API failed with, as an error of the host.
#[must_use]
pub fn docker_error(error: Error) -> HostError {
    match error {
        Error::DockerResponseServerError { status_code, message } => {
            HostError::DockerRefused { status: status_code, says: message }
        }
        Error::RequestTimeoutError => HostError::DockerTimedOut(ANSWER),
        error => in_chain(&error).unwrap_or_else(|| HostError::DockerBroken { cause: last_cause(&error) }),
    }
}

/// The host's own error, which lies deep in what hyper and bollard made of it.
fn in_chain(error: &(dyn StdError + 'static)) -> Option<HostError> {
    error.downcast_ref::<HostError>().cloned().or_else(|| in_chain(error.source()?))
}

fn last_cause(error: &dyn StdError) -> String {
    error.source().map_or_else(|| error.to_string(), last_cause)
}

fn client(http: &Client<Connector, Body>, version: Option<Version>) -> Result<Docker, HostError> {
    let http = http.clone();
    let transport = move |mut request: BollardRequest| {
        if let Some(version) = version {
            name_version(request.uri_mut(), version);
        }
        let http = http.clone();
        async move { http.request(request).await.map_err(Error::from) }
    };
    let (major_version, minor_version) = version.unwrap_or_default();
    let version = ClientVersion { major_version, minor_version };
    // The name goes into the header `Host`, where the engine does not look.
    let client = Docker::connect_with_custom_transport(transport, Some("http://docker"), ANSWER.as_secs(), &version);
    client.map_err(docker_error)
}

/// Puts the version before the path, unless there is one already: `/v1.41/containers/json`.
fn name_version(uri: &mut Uri, (major, minor): Version) {
    let first = uri.path().split('/').nth(1).and_then(|segment| segment.strip_prefix('v'));
    if first.and_then(parse).is_some() {
        return;
    }
    let mut parts = uri.clone().into_parts();
    let path = parts.path_and_query.as_ref().map_or("/", PathAndQuery::as_str);
    parts.path_and_query = PathAndQuery::try_from(format!("/v{major}.{minor}{path}")).ok();
    if let Ok(versioned) = Uri::from_parts(parts) {
        *uri = versioned;
    }
}

fn parse(version: &str) -> Option<Version> {
    let (major, minor) = version.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

/// Opens streams to the engine's socket.
#[derive(Clone)]
struct Connector {
    connection: Connection,
    socket: Arc<str>,
}

impl Service<Uri> for Connector {
    type Response = TokioIo<Box<dyn Stream>>;
    type Error = HostError;
    type Future = BoxFuture<'static, Result<Self::Response, HostError>>;

    fn poll_ready(&mut self, _cx: &mut Context<'_>) -> Poll<Result<(), HostError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _uri: Uri) -> Self::Future {
        let Self { connection, socket } = self.clone();
        let open = async move {
            match connection.open_socket(&socket).await {
                Ok(stream) => Ok(TokioIo::new(stream)),
                Err(SocketError::Host(error)) => Err(error),
                Err(SocketError::Refused) => Err(diagnose(&connection, &socket).await),
            }
        };
        open.boxed()
    }
}

impl Connecting for Box<dyn Stream> {
    fn connected(&self) -> Connected {
        Connected::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_stands_before_the_path_once() {
        for (given, expected) in [
            ("http://docker/containers/json?all=true", "http://docker/v1.41/containers/json?all=true"),
            ("http://docker/v1.44/containers/json", "http://docker/v1.44/containers/json"),
            ("http://docker/volumes", "http://docker/v1.41/volumes"),
            ("http://docker/version", "http://docker/v1.41/version"),
        ] {
            let mut uri = given.parse().unwrap();
            name_version(&mut uri, (1, 41));
            assert_eq!(uri.to_string(), expected);
        }
    }

    #[test]
    fn versions_are_compared_by_number() {
        assert!(parse("1.41") > parse("1.9"));
        assert_eq!(parse("1"), None);
        assert_eq!(parse("olumes"), None);
    }
}
