//! Who signs the certificates of the practice sites: a root that only the bot's overlay trusts, and what lies between.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::sign::CertifiedKey;

use super::model::Certificate;
use crate::core::locked;

/// A certificate with its key.
#[derive(Clone)]
pub(crate) struct Issued {
    /// It alone, in PEM.
    pub(crate) leaf_pem: String,
    /// Its key, in PEM.
    pub(crate) key_pem: String,
    /// For a TLS server.
    pub(crate) certified: Arc<CertifiedKey>,
}

/// The authority.
pub(crate) struct Pki {
    pub(crate) root_pem: String,
    pub(crate) intermediate_pem: String,
    intermediate_der: Vec<u8>,
    issuer: Issuer<'static, KeyPair>,
    issued: Mutex<BTreeMap<(String, Certificate), Issued>>,
}

/// Why a certificate could not be made.
#[derive(Debug, thiserror::Error)]
pub enum PkiError {
    /// It could not be signed.
    #[error("a certificate could not be made: {0}")]
    Certificate(#[from] rcgen::Error),
    /// TLS refused the key.
    #[error("TLS refused a key: {0}")]
    Key(#[from] rustls::Error),
}

impl Pki {
    /// A fresh authority.
    pub(crate) fn new() -> Result<Self, PkiError> {
        let root_key = KeyPair::generate()?;
        let root = authority("Gear Freak practice root")?;
        let root_pem = root.self_signed(&root_key)?.pem();
        let root = Issuer::new(root, root_key);
        let key = KeyPair::generate()?;
        let intermediate = authority("Gear Freak practice R11")?;
        let certificate = intermediate.signed_by(&key, &root)?;
        Ok(Self {
            root_pem,
            intermediate_pem: certificate.pem(),
            intermediate_der: certificate.der().to_vec(),
            issuer: Issuer::new(intermediate, key),
            issued: Mutex::default(),
        })
    }

    /// The certificate of `site` for the given time; the same each time it is asked for.
    pub(crate) fn issue(&self, site: &str, certificate: &Certificate) -> Result<Issued, PkiError> {
        let name = (site.to_owned(), certificate.clone());
        if let Some(issued) = locked(&self.issued).get(&name) {
            return Ok(issued.clone());
        }
        let key = KeyPair::generate()?;
        let mut params = CertificateParams::new(vec![site.to_owned()])?;
        params.distinguished_name.push(DnType::CommonName, site);
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        params.not_before = moment(certificate.from);
        params.not_after = moment(certificate.until);
        let leaf = params.signed_by(&key, &self.issuer)?;
        let secret = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let signing = rustls::crypto::ring::sign::any_supported_type(&secret)?;
        let chain = vec![leaf.der().clone(), self.intermediate_der.clone().into()];
        let issued = Issued {
            leaf_pem: leaf.pem(),
            key_pem: key.serialize_pem(),
            certified: Arc::new(CertifiedKey::new(chain, signing)),
        };
        locked(&self.issued).insert(name, issued.clone());
        Ok(issued)
    }
}

fn authority(name: &str) -> Result<CertificateParams, rcgen::Error> {
    let mut params = CertificateParams::new(Vec::<String>::new())?;
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    Ok(params)
}

fn moment(at: DateTime<Utc>) -> time::OffsetDateTime {
    let seconds = u64::try_from(at.timestamp()).unwrap_or_default();
    rcgen::date_time_ymd(1970, 1, 1) + std::time::Duration::from_secs(seconds)
}
