//! The three sites, as nginx serves them over TLS in front of serverpod.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use rustls::ServerConfig;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::core::Host;
use super::files::traffic;
use super::model::SITES;

/// Serves until the task is dropped.
pub(crate) async fn serve(host: Arc<Host>, listener: TcpListener, acceptor: TlsAcceptor) {
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        let (host, acceptor) = (Arc::clone(&host), acceptor.clone());
        tokio::spawn(async move {
            let _ = stream.set_nodelay(true);
            if host.travel().await.is_none() {
                return;
            }
            let router = Router::new().fallback(answer).with_state(Arc::clone(&host));
            let talk = async {
                match acceptor.accept(stream).await {
                    Ok(stream) => crate::server::talk_http(stream, router).await,
                    Err(error) => tracing::debug!(%error, "no handshake with a practice site"),
                }
            };
            tokio::select! {
                () = talk => {}
                () = host.gone() => {}
            }
        });
    }
}

/// TLS 1.2 and 1.3, each site by its own certificate.
///
/// # Errors
/// The library refuses its own protocols.
pub(crate) fn acceptor(host: &Arc<Host>) -> Result<TlsAcceptor, rustls::Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(BySite(Arc::clone(host))));
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// The certificate that nginx has loaded for a site; for any other name, the first one's, as nginx does.
struct BySite(Arc<Host>);

impl std::fmt::Debug for BySite {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("BySite")
    }
}

impl ResolvesServerCert for BySite {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let asked = hello.server_name().unwrap_or_default();
        let site = SITES.into_iter().find(|site| *site == asked).unwrap_or(SITES[0]);
        let certificate = self.0.look(|model| model.served.get(site).cloned())?;
        match self.0.pki.issue(site, &certificate) {
            Ok(issued) => Some(issued.certified),
            Err(error) => {
                tracing::warn!(%error, site, "a practice certificate could not be made");
                None
            }
        }
    }
}

async fn answer(State(host): State<Arc<Host>>, request: Request) -> Response {
    let now = host.clock.now();
    let header = |name| request.headers().get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let name = header(header::HOST).or_else(|| request.uri().host()).unwrap_or_default();
    let name = name.split(':').next().unwrap_or_default();
    let site = SITES.into_iter().find(|site| *site == name).unwrap_or(SITES[0]);
    let mut response = if host.look(|model| model.answers("serverpod", now)) {
        match site {
            "api.gear-freaks.com" => format!("OK {}\n", now.format("%Y-%m-%d %H:%M:%S%.3fZ")).into_response(),
            "insights.gear-freaks.com" => Html("<!doctype html><title>Serverpod Insights</title>").into_response(),
            _ => Html("<!doctype html><title>Gear Freak</title>").into_response(),
        }
    } else {
        let page = "<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center><hr><center>nginx</center></body></html>";
        (StatusCode::BAD_GATEWAY, Html(page)).into_response()
    };
    response.headers_mut().insert(header::SERVER, HeaderValue::from_static("nginx"));
    let asked = format!("{} {} {:?}", request.method(), request.uri().path(), request.version());
    let agent = header(header::USER_AGENT).unwrap_or("-").replace('"', "'");
    let line = traffic::line("203.0.113.10", now, &asked, response.status().as_u16(), 60, &agent);
    if let Err(error) = traffic::note(&host, site, &line) {
        tracing::debug!(%error, "a visit could not be noted");
    }
    response
}
