//! What can go wrong on the way to a site's answer, and whose fault it is.

use std::error::Error;
use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::time::Duration;

use chrono::{DateTime, Utc};
use rustls::CertificateError;
use rustls::pki_types::UnixTime;

use crate::dial::OutOfReach;
use crate::domain::message::{Explain, Message};
use crate::domain::quantity::Quantity;
use crate::probe::text::clip;

/// The most characters of somebody else's words.
const CAUSE_LENGTH: usize = 200;

/// How the library calls an authority's own certificate that a site shows for its own. `openssl req -x509` makes one such: what
/// people call self-signed.
const AUTHORITY_AS_SITE: &str = "CaUsedAsEndEntity";

/// How many of a certificate's names are shown.
const SHOWN_NAMES: usize = 5;

/// Why there is no answer.
#[derive(Debug)]
pub(in crate::probe) enum Fault {
    /// The URL cannot be asked for.
    BadUrl(String),
    /// The bot could not find out where the site is.
    NoAddress { name: String, cause: String },
    /// The bot's own network does not lead there, or its machine has no socket left.
    NoWay { address: SocketAddr, cause: String },
    /// The bot may not reach so far.
    OutOfReach(OutOfReach),
    /// The bot does not know whom to trust.
    NoTrust(Message),
    /// Nobody listens there.
    Refused(SocketAddr),
    /// It did not go on within the time.
    TooLate { phase: Phase, after: Duration },
    /// The connection was cut in the middle.
    Reset,
    /// The connection was closed without an answer.
    Closed,
    /// The connection was closed before the answer was whole.
    CutOff,
    /// The certificate is not to be trusted.
    Certificate(CertificateError),
    /// No encrypted connection came about for another reason.
    Tls(String),
    /// Something answered, but not in HTTP.
    NotHttp(String),
    /// Something else.
    Other(String),
}

impl From<OutOfReach> for Fault {
    fn from(error: OutOfReach) -> Self {
        Self::OutOfReach(error)
    }
}

/// What was being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::probe) enum Phase {
    /// Connecting.
    Connect,
    /// Agreeing on encryption.
    Tls,
    /// Waiting for the answer.
    Answer,
    /// Reading the body.
    Body,
}

impl Fault {
    /// Whether the bot could not look. All else is what a visitor would meet as well.
    pub(in crate::probe) const fn is_ours(&self) -> bool {
        matches!(
            self,
            Self::BadUrl(_) | Self::NoAddress { .. } | Self::NoWay { .. } | Self::OutOfReach(_) | Self::NoTrust(_)
        )
    }

    pub(in crate::probe) fn message(&self, now: DateTime<Utc>) -> Message {
        let caused = |key, cause: &str| Message::new(key).with("cause", clip(cause, CAUSE_LENGTH).into_owned());
        match self {
            Self::BadUrl(cause) => caused("probe-http-bad-url", cause),
            Self::NoAddress { name, cause } => caused("probe-http-no-address", cause).with("name", name.as_str()),
            Self::NoWay { address, cause } => caused("probe-http-no-way", cause).with("address", address.to_string()),
            Self::OutOfReach(error) => error.message(),
            Self::NoTrust(why) => why.clone(),
            Self::Refused(address) => Message::new("probe-http-refused").with("address", address.to_string()),
            Self::TooLate { phase, after } => {
                let key = match phase {
                    Phase::Connect => "probe-http-no-connection",
                    Phase::Tls => "probe-http-no-handshake",
                    Phase::Answer => "probe-http-silent",
                    Phase::Body => "probe-http-body-late",
                };
                Message::new(key).with("after", Quantity::duration(*after))
            }
            Self::Reset => Message::new("probe-http-reset"),
            Self::Closed => Message::new("probe-http-closed"),
            Self::CutOff => Message::new("probe-http-cut-off"),
            Self::Certificate(error) => certificate(error, now),
            Self::Tls(cause) => caused("probe-http-tls", cause),
            Self::NotHttp(cause) => caused("probe-http-not-http", cause),
            Self::Other(cause) => caused("probe-http-failed", cause),
        }
    }
}

/// What is wrong with a certificate.
fn certificate(error: &CertificateError, now: DateTime<Utc>) -> Message {
    let span = |time: &UnixTime| {
        let now = u64::try_from(now.timestamp()).unwrap_or_default();
        Quantity::duration(Duration::from_secs(now.abs_diff(time.as_secs())))
    };
    let bad = |cause: &str| Message::new("probe-http-cert-bad").with("cause", clip(cause, CAUSE_LENGTH).into_owned());
    match error {
        CertificateError::ExpiredContext { not_after, .. } => {
            Message::new("probe-http-cert-expired-since").with("ago", span(not_after))
        }
        CertificateError::Expired => Message::new("probe-http-cert-expired"),
        CertificateError::NotValidYetContext { not_before, .. } => {
            Message::new("probe-http-cert-not-yet-for").with("left", span(not_before))
        }
        CertificateError::NotValidYet => Message::new("probe-http-cert-not-yet"),
        CertificateError::NotValidForNameContext { expected, presented } => {
            // `DnsName("a.b")` is how the library writes a name of the certificate.
            let bare = |name: &String| {
                let inner = name.split_once('(').map_or(name.as_str(), |(_, inner)| inner.trim_end_matches(')'));
                inner.trim_matches('"').to_owned()
            };
            let names: Vec<String> = presented.iter().take(SHOWN_NAMES).map(bare).collect();
            Message::new("probe-http-cert-other-name")
                .with("name", expected.to_str().into_owned())
                .with("names", clip(&names.join(", "), CAUSE_LENGTH).into_owned())
        }
        CertificateError::NotValidForName => Message::new("probe-http-cert-other"),
        CertificateError::UnknownIssuer => Message::new("probe-http-cert-unknown-issuer"),
        CertificateError::Revoked => Message::new("probe-http-cert-revoked"),
        CertificateError::Other(other) => match other.to_string() {
            cause if cause == AUTHORITY_AS_SITE => Message::new("probe-http-cert-self-signed"),
            cause => bad(&cause),
        },
        other => bad(&other.to_string()),
    }
}

/// A failure to connect to `address`.
pub(super) fn of_connecting(address: SocketAddr, error: &io::Error) -> Fault {
    match error.kind() {
        ErrorKind::ConnectionRefused => Fault::Refused(address),
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted => Fault::Reset,
        ErrorKind::TimedOut => Fault::TooLate { phase: Phase::Connect, after: Duration::ZERO },
        // No route, no permission, no socket left: the site may well be up.
        _ => Fault::NoWay { address, cause: error.to_string() },
    }
}

/// A failure of the TLS handshake.
pub(in crate::probe) fn of_tls(error: &io::Error) -> Fault {
    match error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
        Some(rustls::Error::InvalidCertificate(certificate)) => Fault::Certificate(certificate.clone()),
        Some(other) => Fault::Tls(other.to_string()),
        None => of_io(error),
    }
}

fn of_io(error: &io::Error) -> Fault {
    match error.kind() {
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe => Fault::Reset,
        ErrorKind::UnexpectedEof => Fault::Closed,
        _ => Fault::Other(error.to_string()),
    }
}

/// A failure of the request or of its answer.
pub(super) fn of_http(error: &hyper::Error) -> Fault {
    let mut cause = error.source();
    while let Some(inner) = cause {
        if let Some(io) = inner.downcast_ref::<io::Error>() {
            // A server that wants a certificate of the client's says so only after the handshake.
            return of_tls(io);
        }
        cause = inner.source();
    }
    if error.is_incomplete_message() || error.is_canceled() || error.is_closed() {
        Fault::Closed
    } else if error.is_parse() {
        Fault::NotHttp(error.to_string())
    } else {
        Fault::Other(error.to_string())
    }
}
