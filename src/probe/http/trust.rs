//! Whom the bot trusts when it asks a site.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::client::Resumption;
use rustls::crypto::ring;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use tokio_rustls::TlsConnector;

use crate::domain::message::{Explain, Message};

/// Why no request can be made at all.
#[derive(Debug, thiserror::Error)]
pub enum HttpSetupError {
    /// The file of the configured authority cannot be read.
    #[error("{path}: {cause}", path = path.display())]
    UnreadableCa {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: String,
    },
    /// The file holds no certificate.
    #[error("{path} holds no certificate", path = .0.display())]
    NoCertificate(PathBuf),
    /// The TLS library refuses its own settings.
    #[error(transparent)]
    Tls(#[from] rustls::Error),
}

impl Explain for HttpSetupError {
    fn message(&self) -> Message {
        let about = |key, path: &Path| Message::new(key).with("path", path.display().to_string());
        match self {
            Self::UnreadableCa { path, cause } => about("probe-http-ca-unreadable", path).with("cause", cause.as_str()),
            Self::NoCertificate(path) => about("probe-http-ca-empty", path),
            Self::Tls(cause) => Message::new("probe-http-tls").with("cause", cause.to_string()),
        }
    }
}

/// Whom the bot trusts, and what makes connections that are encrypted for them.
#[derive(Clone)]
pub(super) struct Trust {
    pub(super) tls: TlsConnector,
    pub(super) roots: Arc<RootCertStore>,
}

impl Trust {
    /// The public authorities are trusted, and those of `ca_file` besides.
    pub(super) fn of(ca_file: Option<&Path>) -> Result<Self, HttpSetupError> {
        let roots = Arc::new(roots(ca_file)?);
        let tls = TlsConnector::from(Arc::new(client_config(Arc::clone(&roots))?));
        Ok(Self { tls, roots })
    }
}

/// The public authorities, and those of `ca_file`.
fn roots(ca_file: Option<&Path>) -> Result<RootCertStore, HttpSetupError> {
    let mut roots = RootCertStore::from_iter(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    if let Some(path) = ca_file {
        let unreadable = |error: rustls::pki_types::pem::Error| HttpSetupError::UnreadableCa {
            path: path.to_owned(),
            cause: error.to_string(),
        };
        let certificates = CertificateDer::pem_file_iter(path).map_err(unreadable)?;
        let certificates = certificates.collect::<Result<Vec<_>, _>>().map_err(unreadable)?;
        if certificates.is_empty() {
            return Err(HttpSetupError::NoCertificate(path.to_owned()));
        }
        for certificate in certificates {
            roots.add(certificate)?;
        }
    }
    Ok(roots)
}

/// Trusts `roots`.
fn client_config(roots: Arc<RootCertStore>) -> Result<ClientConfig, HttpSetupError> {
    let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    // A resumed session shows no certificate: one that expired since would not be noticed.
    config.resumption = Resumption::disabled();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}
