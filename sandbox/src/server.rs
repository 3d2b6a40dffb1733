//! Two listeners on loopback, REST over TLS and the gateway in plain: up, down, and up again on the same ports.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, watch};
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

/// Lets a handler end its connection without an answer.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hangup(pub(crate) Arc<Notify>);

/// Binds a port of loopback; 0 lets the system choose.
pub(crate) async fn bind(port: u16) -> std::io::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

/// Serves until told to stop; then every connection ends at once, as with a machine that lost power.
pub(crate) async fn serve(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    router: Router,
    mut stop: watch::Receiver<bool>,
) {
    loop {
        let stream = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(error) => {
                    tracing::warn!(%error, "the practice Discord could not accept a connection");
                    continue;
                }
            },
            _ = stop.wait_for(|stop| *stop) => return,
        };
        let (tls, router, mut stop) = (tls.clone(), router.clone(), stop.clone());
        tokio::spawn(async move {
            tokio::select! {
                () = talk(stream, tls, router) => {}
                _ = stop.wait_for(|stop| *stop) => {}
            }
        });
    }
}

async fn talk(stream: TcpStream, tls: Option<TlsAcceptor>, router: Router) {
    // Without it every small answer and event waits some 40 ms for the other side's acknowledgement.
    let _ = stream.set_nodelay(true);
    match tls {
        None => talk_http(stream, router).await,
        Some(tls) => match tls.accept(stream).await {
            Ok(stream) => talk_http(stream, router).await,
            Err(error) => tracing::debug!(%error, "a client did not finish the TLS handshake"),
        },
    }
}

/// Talks HTTP over a connection until it ends.
pub(crate) async fn talk_http<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(stream: S, router: Router) {
    let hangup = Hangup::default();
    let ended = Arc::clone(&hangup.0);
    let service = hyper::service::service_fn(move |mut request: hyper::Request<hyper::body::Incoming>| {
        request.extensions_mut().insert(hangup.clone());
        router.clone().oneshot(request.map(Body::new))
    });
    let builder = auto::Builder::new(TokioExecutor::new());
    let connection = builder.serve_connection_with_upgrades(TokioIo::new(stream), service);
    tokio::select! {
        outcome = connection => if let Err(error) = outcome {
            tracing::debug!(%error, "a connection to the practice Discord ended badly");
        },
        () = ended.notified() => {}
    }
}
