//! The certificates that a site shows, whoever signed them, and whether a browser could follow them to a root.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use x509_parser::prelude::{FromDer, X509Certificate};

/// What matters of a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Leaf {
    pub(super) der: Vec<u8>,
    pub(super) issuer: String,
    pub(super) not_before: DateTime<Utc>,
    pub(super) not_after: DateTime<Utc>,
    pub(super) names: Vec<String>,
    self_signed: bool,
}

impl Leaf {
    /// Reads a certificate.
    pub(super) fn read(der: &[u8]) -> Result<Self, String> {
        let (_, parsed) = X509Certificate::from_der(der).map_err(|error| error.to_string())?;
        let time = |seconds| DateTime::from_timestamp(seconds, 0).ok_or_else(|| "a time out of range".to_owned());
        let names = match parsed.subject_alternative_name() {
            Ok(Some(names)) => names
                .value
                .general_names
                .iter()
                .filter_map(|name| match name {
                    x509_parser::extensions::GeneralName::DNSName(name) => Some((*name).to_owned()),
                    _ => None,
                })
                .collect(),
            _ => Vec::new(),
        };
        Ok(Self {
            der: der.to_vec(),
            issuer: parsed.issuer().to_string(),
            not_before: time(parsed.validity().not_before.timestamp())?,
            not_after: time(parsed.validity().not_after.timestamp())?,
            names,
            self_signed: parsed.issuer() == parsed.subject(),
        })
    }

    /// Whether it is for `site`; a star stands for one part of a name.
    pub(super) fn covers(&self, site: &str) -> bool {
        let site = site.to_ascii_lowercase();
        self.names.iter().map(|name| name.to_ascii_lowercase()).any(|name| match name.strip_prefix("*.") {
            Some(domain) => site.split_once('.').is_some_and(|(_, rest)| rest == domain),
            None => name == site,
        })
    }
}

/// How far a chain reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Chain {
    /// To a root that is trusted.
    Complete,
    /// The site leaves out what lies between: a browser that has it from elsewhere may pass, others fail.
    Incomplete,
    /// To nobody who is trusted.
    Untrusted,
}

impl Chain {
    /// As a rule names it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Incomplete => "incomplete",
            Self::Untrusted => "untrusted",
        }
    }
}

/// How far the chain of `leaf` reaches at a time when the leaf itself was good: that it has run out is told apart.
pub(super) fn judge(leaf: &Leaf, others: &[CertificateDer<'_>], site: &str, roots: &Arc<RootCertStore>) -> Chain {
    let untrusted = if others.is_empty() && !leaf.self_signed { Chain::Incomplete } else { Chain::Untrusted };
    let Ok(verifier) = WebPkiServerVerifier::builder_with_provider(Arc::clone(roots), provider()).build() else {
        return untrusted;
    };
    let middle = leaf.not_before + (leaf.not_after - leaf.not_before) / 2;
    let at = UnixTime::since_unix_epoch(std::time::Duration::from_secs(
        u64::try_from(middle.timestamp()).unwrap_or_default(),
    ));
    let Ok(name) = ServerName::try_from(site.to_owned()) else { return untrusted };
    let end = CertificateDer::from(leaf.der.as_slice());
    match verifier.verify_server_cert(&end, others, &name, &[], at) {
        Ok(_) => Chain::Complete,
        // Its names are a question of their own.
        Err(rustls::Error::InvalidCertificate(
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
        )) => Chain::Complete,
        Err(_) => untrusted,
    }
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

/// A configuration that shakes hands with whoever holds the key of the certificate that is shown, whoever signed it:
/// nothing is sent, so that there is nothing to be betrayed.
pub(super) fn any_certificate() -> Result<ClientConfig, rustls::Error> {
    let config = ClientConfig::builder_with_provider(provider()).with_safe_default_protocol_versions()?;
    let mut config =
        config.dangerous().with_custom_certificate_verifier(Arc::new(Anybody(provider()))).with_no_client_auth();
    config.resumption = rustls::client::Resumption::disabled();
    Ok(config)
}

#[derive(Debug)]
struct Anybody(Arc<CryptoProvider>);

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _end: &CertificateDer<'_>,
        _others: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        _ocsp: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signature, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signature, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};

    use super::*;

    fn authority(name: &str) -> CertificateParams {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        params
    }

    #[test]
    fn a_chain_reaches_a_root_or_lacks_its_middle_or_ends_nowhere() {
        let root = CertifiedIssuer::self_signed(authority("root"), KeyPair::generate().unwrap()).unwrap();
        let middle = CertifiedIssuer::signed_by(authority("middle"), KeyPair::generate().unwrap(), &root).unwrap();
        let mut params = CertificateParams::new(vec!["api.example.com".to_owned()]).unwrap();
        // It ran out long ago, which says nothing of its chain.
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(2020, 3, 31);
        let key = KeyPair::generate().unwrap();
        let leaf = params.clone().signed_by(&key, &middle).unwrap();
        let leaf = Leaf::read(leaf.der()).unwrap();
        let mut roots = RootCertStore::empty();
        roots.add(root.der().clone()).unwrap();
        let roots = Arc::new(roots);
        let between = [middle.der().clone()];
        assert_eq!(judge(&leaf, &between, "api.example.com", &roots), Chain::Complete);
        assert_eq!(judge(&leaf, &[], "api.example.com", &roots), Chain::Incomplete);
        assert_eq!(judge(&leaf, &between, "other.example.com", &roots), Chain::Complete);
        let alone = Leaf::read(params.self_signed(&key).unwrap().der()).unwrap();
        assert_eq!(judge(&alone, &[], "api.example.com", &roots), Chain::Untrusted);
        assert_eq!(leaf.not_after.to_rfc3339(), "2020-03-31T00:00:00+00:00");
    }

    #[test]
    fn a_star_covers_one_part_of_a_name() {
        let mut leaf = Leaf {
            der: Vec::new(),
            issuer: String::new(),
            not_before: DateTime::UNIX_EPOCH,
            not_after: DateTime::UNIX_EPOCH,
            names: vec!["*.gear-freaks.com".to_owned()],
            self_signed: false,
        };
        assert!(leaf.covers("API.gear-freaks.com"));
        assert!(!leaf.covers("gear-freaks.com") && !leaf.covers("a.b.gear-freaks.com"));
        leaf.names = vec!["gear-freaks.com".to_owned()];
        assert!(leaf.covers("gear-freaks.com") && !leaf.covers("api.gear-freaks.com"));
    }
}
