//! What is asked of a site's encryption.

/// The certificates of sites, as they are served and as they lie on the host's disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// The names of the sites: `api.gear-freaks.com`, on port 443 where none is given.
    pub sites: Vec<String>,
    /// Where certbot keeps its lineages on the host.
    pub folder: String,
}

/// The protocols and cipher suites that sites accept, found out by asking for them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tls {
    /// The names of the sites.
    pub sites: Vec<String>,
}

/// Whether a site limits how often one address may ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RateLimit {
    /// The name of the site.
    pub site: String,
}
