//! How far the bot may reach: everything that opens a connection asks here first. In a practice world nothing but this machine
//! itself is within reach, so that practice can never touch production.

use std::net::{IpAddr, SocketAddr};

use url::{Host, Url};

use crate::domain::message::{Explain, Message};

/// How far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reach {
    /// To wherever the configuration says.
    #[default]
    Anywhere,
    /// To this machine itself, and no further.
    Loopback,
}

/// It is out of reach.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{to} is out of reach: only this machine itself may be connected to")]
pub struct OutOfReach {
    /// What was to be connected to.
    pub to: String,
}

impl Explain for OutOfReach {
    fn message(&self) -> Message {
        Message::new("dial-out-of-reach").with("to", self.to.as_str())
    }

    fn hint(&self) -> Option<Message> {
        Some(Message::new("dial-out-of-reach-hint"))
    }
}

impl Reach {
    /// As the configuration calls it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Anywhere => "anywhere",
            Self::Loopback => "loopback",
        }
    }

    /// The one called `name`.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Anywhere, Self::Loopback].into_iter().find(|reach| reach.name() == name)
    }

    /// Whether `address` may be connected to.
    ///
    /// # Errors
    /// [`OutOfReach`].
    pub fn allows(self, address: SocketAddr) -> Result<(), OutOfReach> {
        self.allows_ip(address.ip()).map_err(|_| OutOfReach { to: address.to_string() })
    }

    fn allows_ip(self, ip: IpAddr) -> Result<(), OutOfReach> {
        // `::ffff:127.0.0.1` is this machine as well.
        if self == Self::Anywhere || ip.to_canonical().is_loopback() {
            return Ok(());
        }
        Err(OutOfReach { to: ip.to_string() })
    }

    /// Whether a server that is named by an address may be asked at all, before any name is looked up: where only this machine
    /// is within reach, a name could lead anywhere.
    ///
    /// # Errors
    /// [`OutOfReach`].
    pub fn allows_url(self, url: &str) -> Result<(), OutOfReach> {
        if self == Self::Anywhere {
            return Ok(());
        }
        let refused = || OutOfReach { to: Url::parse(url).map_or_else(|_| "?".to_owned(), |url| shown(&url)) };
        match Url::parse(url).ok().and_then(|url| url.host().map(|host| host.to_owned())) {
            Some(Host::Ipv4(ip)) => self.allows_ip(ip.into()).map_err(|_| refused()),
            Some(Host::Ipv6(ip)) => self.allows_ip(ip.into()).map_err(|_| refused()),
            Some(Host::Domain(_)) | None => Err(refused()),
        }
    }
}

/// A URL without its path, which may hold a secret.
fn shown(url: &Url) -> String {
    url.host_str().map_or_else(|| "?".to_owned(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_within_reach_of_loopback() {
        for (address, allowed) in [
            ("127.0.0.1:443", true),
            ("127.9.9.9:1", true),
            ("[::1]:443", true),
            ("[::ffff:127.0.0.1]:443", true),
            ("0.0.0.0:443", false),
            ("3.36.158.97:22", false),
            ("169.254.169.254:80", false),
            ("10.0.0.1:22", false),
            ("[2001:db8::1]:443", false),
        ] {
            let address = address.parse().unwrap();
            assert_eq!(Reach::Loopback.allows(address).is_ok(), allowed, "{address}");
            assert!(Reach::Anywhere.allows(address).is_ok());
        }
    }

    #[test]
    fn a_name_is_never_within_reach_of_loopback() {
        for (url, allowed) in [
            ("http://127.0.0.1:4566", true),
            ("ws://[::1]:1/", true),
            ("http://localhost:4566", false),
            ("https://discord.com/api/webhooks/1/secret", false),
            ("https://ec2.ap-northeast-2.amazonaws.com/", false),
            ("http://0x7f.1/", true),
            ("nonsense", false),
        ] {
            assert_eq!(Reach::Loopback.allows_url(url).is_ok(), allowed, "{url}");
            assert!(Reach::Anywhere.allows_url(url).is_ok());
        }
        let refused = Reach::Loopback.allows_url("https://discord.com/api/webhooks/1/secret").unwrap_err();
        assert!(!refused.to_string().contains("secret"));
    }
}
