//! The way to a site: its name, its address, its certificate; each step by itself, so that each fault has its own words.

use std::net::SocketAddr;

use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::{Instant, timeout_at};
use url::{Host, Url};

use super::HttpProber;
use super::fault::{self, Fault, Phase};
use crate::dial::Reach;
use crate::probe::Watch;

/// A connection, encrypted or not.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// How a site is reached.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Way {
    /// Another address for it.
    pub(super) instead: Option<SocketAddr>,
    /// How far the bot may go.
    pub(super) reach: Reach,
}

/// A connection to the site of `url`.
pub(super) async fn connect(url: &Url, prober: &HttpProber, watch: &Watch) -> Result<Box<dyn Stream>, Fault> {
    let trust = match url.scheme() {
        "https" => Some(prober.trust()?),
        "http" => None,
        other => return Err(Fault::BadUrl(format!("unknown scheme {other}"))),
    };
    let stream = tcp(url, prober.way(url), watch).await?;
    let Some(trust) = trust else { return Ok(Box::new(stream)) };
    let name = server_name(url)?;
    match timeout_at(watch.end(), trust.tls.connect(name, stream)).await {
        Ok(Ok(stream)) => Ok(Box::new(stream)),
        Ok(Err(error)) => Err(fault::of_tls(&error)),
        Err(_) => Err(Fault::TooLate { phase: Phase::Tls, after: watch.limit }),
    }
}

/// A bare connection to the site of `url`.
pub(super) async fn tcp(url: &Url, way: Way, watch: &Watch) -> Result<TcpStream, Fault> {
    let addresses = match way.instead {
        Some(address) => vec![address],
        // A name is not even looked up where it may not be followed.
        None => {
            way.reach.allows_url(url.as_str())?;
            addresses(url, watch).await?
        }
    };
    addresses.iter().try_for_each(|address| way.reach.allows(*address))?;
    let stream = reach(&addresses, watch).await?;
    // Small packets at once; where that cannot be set, it is only slower.
    let _ = stream.set_nodelay(true);
    Ok(stream)
}

/// The addresses of the site's name.
async fn addresses(url: &Url, watch: &Watch) -> Result<Vec<SocketAddr>, Fault> {
    let port = url.port_or_known_default().unwrap_or(443);
    let name = match url.host() {
        Some(Host::Ipv4(address)) => return Ok(vec![(address, port).into()]),
        Some(Host::Ipv6(address)) => return Ok(vec![(address, port).into()]),
        Some(Host::Domain(name)) => name,
        None => return Err(Fault::BadUrl("no host".to_owned())),
    };
    let unknown = |cause: String| Fault::NoAddress { name: name.to_owned(), cause };
    match timeout_at(watch.end(), lookup_host((name, port))).await {
        Ok(Ok(addresses)) => {
            let addresses: Vec<_> = addresses.collect();
            if addresses.is_empty() { Err(unknown("no address".to_owned())) } else { Ok(addresses) }
        }
        Ok(Err(error)) => Err(unknown(error.to_string())),
        Err(_) => Err(unknown("timed out".to_owned())),
    }
}

/// A connection to the first address that takes one; each has its share of the time that is left. Where none does, the
/// fault of the site outranks that of the bot's own network (which may have no IPv6 at all).
async fn reach(addresses: &[SocketAddr], watch: &Watch) -> Result<TcpStream, Fault> {
    let mut worst = None;
    for (index, address) in addresses.iter().enumerate() {
        let share = u32::try_from(addresses.len() - index).unwrap_or(u32::MAX);
        let end = Instant::now() + watch.left() / share;
        let fault = match timeout_at(end, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(error)) => fault::of_connecting(*address, &error),
            Err(_) => Fault::TooLate { phase: Phase::Connect, after: watch.limit },
        };
        if worst.as_ref().is_none_or(Fault::is_ours) {
            worst = Some(fault);
        }
    }
    Err(worst.unwrap_or_else(|| Fault::BadUrl("no address".to_owned())))
}

fn server_name(url: &Url) -> Result<ServerName<'static>, Fault> {
    let name = match url.host() {
        Some(Host::Domain(name)) => ServerName::try_from(name.to_owned()).ok(),
        Some(Host::Ipv4(address)) => Some(ServerName::IpAddress(std::net::IpAddr::from(address).into())),
        Some(Host::Ipv6(address)) => Some(ServerName::IpAddress(std::net::IpAddr::from(address).into())),
        None => None,
    };
    name.ok_or_else(|| Fault::BadUrl("not a name that a certificate can be for".to_owned()))
}
