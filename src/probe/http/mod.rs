//! One GET request, made from the bot as a visitor's browser would make it: a new connection each time, no redirect
//! followed, the certificate judged from scratch.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt, Empty};
use hyper::body::{Bytes, Incoming};
use hyper::header::{ACCEPT, CONNECTION, HOST, HeaderMap, USER_AGENT};
use hyper::{Request, Response, StatusCode, Version};
use hyper_util::rt::TokioIo;
use rustls::RootCertStore;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::timeout_at;
use url::Url;

use super::text::{OUTPUT_LENGTH, fit, quoted};
use super::{Watch, World, could_not};
use crate::config::HttpConfig;
use crate::dial::Reach;
use crate::domain::evidence::{Evidence, Instead, Looked, Measurement, Status};
use crate::domain::mask::Masker;
use crate::domain::message::{Explain, Message};
use crate::domain::probe::Http;
use crate::domain::quantity::Quantity;

mod connect;
pub(super) mod fault;
mod trust;

use connect::Way;
use fault::{Fault, Phase};
pub use trust::HttpSetupError;
use trust::Trust;

/// How the bot names itself to sites, so that its requests can be left out of every count of visitors.
pub const AGENT: &str = concat!("signoff/", env!("CARGO_PKG_VERSION"));

/// The most bytes of a body that are read: an endless one must not hold a run up.
const MOST_BYTES: usize = 1 << 20;

/// The headers that are shown. Cookies are not among them.
const SHOWN_HEADERS: [&str; 6] = ["server", "date", "location", "content-type", "content-length", "retry-after"];

/// Makes requests to sites. Cheap to clone; it holds no connection.
#[derive(Clone)]
pub struct HttpProber {
    /// Or why nothing that is encrypted can be looked at.
    trust: Result<Trust, Message>,
    connect_to: Arc<BTreeMap<String, SocketAddr>>,
    ca_file: Option<PathBuf>,
    reach: Reach,
}

impl HttpProber {
    /// Reaches sites as `config` says; the public certificate authorities are trusted, and the configured one besides.
    ///
    /// # Errors
    /// [`HttpSetupError`] when the configured authority cannot be read.
    pub fn new(config: &HttpConfig) -> Result<Self, HttpSetupError> {
        Ok(Self::trusting(config, Ok(Trust::of(config.ca_file.as_deref())?)))
    }

    /// The same for who looks at more than sites: where the configured authority cannot be read, whatever is encrypted could
    /// not be looked at, for that reason, and all else can.
    pub fn despite_faults(config: &HttpConfig) -> Self {
        let trust = Trust::of(config.ca_file.as_deref());
        let why = |error: HttpSetupError| {
            tracing::error!(%error, "no site can be looked at by https");
            error.message()
        };
        Self::trusting(config, trust.map_err(why))
    }

    fn trusting(config: &HttpConfig, trust: Result<Trust, Message>) -> Self {
        Self {
            trust,
            connect_to: Arc::new(config.connect_to.clone()),
            ca_file: config.ca_file.clone(),
            reach: config.reach,
        }
    }

    /// Another address for this one, where one is configured.
    fn connect_to(&self, url: &Url) -> Option<SocketAddr> {
        self.connect_to.get(&format!("{}:{}", url.host_str()?, url.port_or_known_default()?)).copied()
    }

    fn way(&self, url: &Url) -> Way {
        Way { instead: self.connect_to(url), reach: self.reach }
    }

    fn trust(&self) -> Result<&Trust, Fault> {
        self.trust.as_ref().map_err(|why| Fault::NoTrust(why.clone()))
    }

    /// Whom the bot trusts.
    pub(super) fn roots(&self) -> Result<&Arc<RootCertStore>, Fault> {
        Ok(&self.trust()?.roots)
    }

    /// A bare connection to the site of `url`, by the same way as a request.
    pub(super) async fn tcp(&self, url: &Url, watch: &Watch) -> Result<TcpStream, Fault> {
        connect::tcp(url, self.way(url), watch).await
    }

    /// What a person would run.
    fn command(&self, url: &str) -> String {
        let mut command = "curl -si".to_owned();
        if let Some(file) = &self.ca_file {
            command.push_str(&format!(" --cacert {}", quoted(&file.display().to_string())));
        }
        if let Ok(parsed) = Url::parse(url)
            && let Some(address) = self.connect_to(&parsed)
        {
            let host = parsed.host_str().unwrap_or_default();
            let port = parsed.port_or_known_default().unwrap_or_default();
            command.push_str(&format!(" --connect-to {}", quoted(&format!("{host}:{port}:{address}"))));
        }
        format!("{command} {}", quoted(url))
    }
}

pub(super) async fn look(probe: &Http, world: &World, watch: &Watch) -> Looked {
    let what = world.http.command(&probe.url);
    match ask(&probe.url, &world.http, watch).await {
        Ok(answer) => Ok(seen(what, &answer, &world.masker)),
        Err(fault) if fault.is_ours() => Err(could_not(what, fault.message(world.now))),
        Err(fault) => {
            Ok(Evidence { what, instead: Some(Instead::NoAnswer(fault.message(world.now))), ..Evidence::default() })
        }
    }
}

/// What a site answered.
#[derive(Debug)]
struct Answer {
    status: StatusCode,
    version: Version,
    headers: HeaderMap,
    first_byte: Duration,
    body: Vec<u8>,
    ended: Ended,
}

/// How the body came to its end.
#[derive(Debug)]
enum Ended {
    /// All of it was read, by then.
    Whole(Duration),
    /// There is more than is read; that much was, by then.
    Bounded(Duration),
    /// It broke off.
    Broken(Fault),
}

/// Asks for `url`. Times are counted from here, with the look-up of the name, as curl's `time_total` is.
async fn ask(url: &str, prober: &HttpProber, watch: &Watch) -> Result<Answer, Fault> {
    let url = Url::parse(url).map_err(|error| Fault::BadUrl(error.to_string()))?;
    let request = request(&url)?;
    let stream = connect::connect(&url, prober, watch).await?;
    let in_time = |phase| move |_| Fault::TooLate { phase, after: watch.limit };
    let (mut sender, connection) = timeout_at(watch.end(), hyper::client::conn::http1::handshake(TokioIo::new(stream)))
        .await
        .map_err(in_time(Phase::Answer))?
        .map_err(|error| fault::of_http(&error))?;
    // The connection ends with this set, whatever happens.
    let mut driver = JoinSet::new();
    driver.spawn(connection);
    let response = timeout_at(watch.end(), sender.send_request(request))
        .await
        .map_err(in_time(Phase::Answer))?
        .map_err(|error| fault::of_http(&error))?;
    let first_byte = watch.elapsed();
    let (parts, body) = Response::into_parts(response);
    let mut kept = Vec::new();
    let ended = match timeout_at(watch.end(), read(body, &mut kept, watch)).await {
        Ok(Ok(ended)) => ended,
        Ok(Err(error)) => Ended::Broken(match fault::of_http(&error) {
            // There was an answer, and a part of it.
            Fault::Closed => Fault::CutOff,
            other => other,
        }),
        Err(elapsed) => Ended::Broken(in_time(Phase::Body)(elapsed)),
    };
    Ok(Answer { status: parts.status, version: parts.version, headers: parts.headers, first_byte, body: kept, ended })
}

/// The status that `url` answers with, and how long it takes to answer whole.
pub(super) async fn probe(url: &str, prober: &HttpProber, watch: &Watch) -> Result<(u16, Duration), Fault> {
    let answer = ask(url, prober, watch).await?;
    match answer.ended {
        Ended::Whole(time) | Ended::Bounded(time) => Ok((answer.status.as_u16(), time)),
        Ended::Broken(fault) => Err(fault),
    }
}

/// How long `url` takes to answer whole.
pub(super) async fn time(url: &str, prober: &HttpProber, watch: &Watch) -> Result<Duration, Fault> {
    Ok(probe(url, prober, watch).await?.1)
}

fn request(url: &Url) -> Result<Request<Empty<Bytes>>, Fault> {
    let host = url.host_str().ok_or_else(|| Fault::BadUrl("no host".to_owned()))?;
    let host = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
    let path = &url[url::Position::BeforePath..url::Position::AfterQuery];
    Request::get(path)
        .header(HOST, host)
        .header(USER_AGENT, AGENT)
        .header(ACCEPT, "*/*")
        .header(CONNECTION, "close")
        .body(Empty::new())
        .map_err(|error| Fault::BadUrl(error.to_string()))
}

async fn read(mut body: Incoming, kept: &mut Vec<u8>, watch: &Watch) -> Result<Ended, hyper::Error> {
    let mut length = 0;
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame?.into_data() else { continue };
        length += data.len();
        let room = MOST_BYTES.saturating_sub(kept.len());
        kept.extend_from_slice(&data[..data.len().min(room)]);
        if length > MOST_BYTES {
            return Ok(Ended::Bounded(watch.elapsed()));
        }
    }
    Ok(Ended::Whole(watch.elapsed()))
}

fn seen(what: String, answer: &Answer, masker: &Masker) -> Evidence {
    let status = answer.status.as_u16();
    let body = String::from_utf8_lossy(&answer.body);
    let mut evidence = Evidence {
        what,
        status: Some(Status::Http(status)),
        output: fit(&format!("{}\n\n{}", head(answer), body.trim_end()), masker, OUTPUT_LENGTH),
        measurements: vec![
            Measurement {
                says: status_says(answer),
                ..Measurement::quantity("status", Quantity::count(f64::from(status)))
            },
            // Judged whole, and cut when it is kept.
            Measurement::text("body", fit(&body, masker, usize::MAX)),
            Measurement::quantity("first_byte", Quantity::duration(answer.first_byte)),
        ],
        ..Evidence::default()
    };
    match &answer.ended {
        Ended::Whole(time) => evidence.measurements.push(Measurement::quantity("time", Quantity::duration(*time))),
        Ended::Bounded(time) => {
            evidence.measurements.push(Measurement::quantity("time", Quantity::duration(*time)));
            let reason = Message::new("probe-http-bounded").with("size", Quantity::bytes(1_048_576.0));
            evidence.measurements.retain(|measurement| measurement.measure != "body");
            evidence.unread.push(("body".to_owned(), reason.clone()));
            evidence.notes.push(reason);
        }
        Ended::Broken(fault) => {
            let reason = Message::new("probe-http-broken").with("reason", fault.message(chrono::DateTime::UNIX_EPOCH));
            // A body that broke off is no body: whatever is asked of it, it was not read.
            evidence.measurements.retain(|measurement| measurement.measure != "body");
            evidence.unread.extend(["body", "time"].map(|measure| (measure.to_owned(), reason.clone())));
            evidence.notes.push(reason);
        }
    }
    evidence
}

/// What a status means, where the number says too little.
fn status_says(answer: &Answer) -> Option<Message> {
    let status = answer.status;
    let code = status.as_str();
    let location = answer.headers.get("location").and_then(|location| location.to_str().ok());
    if status.is_redirection()
        && let Some(location) = location
    {
        return Some(Message::new("probe-http-redirect").with("status", code).with("location", location));
    }
    let phrase = status.canonical_reason().filter(|_| !status.is_success())?;
    Some(Message::new("probe-http-status").with("status", code).with("phrase", phrase))
}

/// The first line of the answer, and the headers that matter.
fn head(answer: &Answer) -> String {
    let phrase = answer.status.canonical_reason().unwrap_or_default();
    let mut lines = vec![format!("{:?} {} {phrase}", answer.version, answer.status.as_str()).trim_end().to_owned()];
    for name in SHOWN_HEADERS {
        let values = answer.headers.get_all(name).into_iter();
        lines.extend(values.map(|value| format!("{name}: {}", String::from_utf8_lossy(value.as_bytes()))));
    }
    lines.join("\n")
}
