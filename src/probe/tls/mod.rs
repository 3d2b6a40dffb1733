//! The encryption of sites: their certificates, and what else they accept.

pub(super) mod certificate;
mod chain;
mod hello;
pub(super) mod rate_limit;
pub(super) mod scan;
mod suite;

use url::Url;

use super::http::fault::Fault;

/// The address of a site that is given by its name.
fn url(site: &str) -> Result<Url, Fault> {
    Url::parse(&format!("https://{site}")).map_err(|error| Fault::BadUrl(error.to_string()))
}
