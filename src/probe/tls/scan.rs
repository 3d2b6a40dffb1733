//! Which protocols and cipher suites a site accepts, found out by asking for them.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::{Duration, Instant, timeout_at};

use super::hello::{self, Reply, Version};
use super::suite::{STRONG, WEAK};
use super::{certificate, url};
use crate::domain::evidence::{Evidence, Looked, Measurement, Status};
use crate::domain::message::Message;
use crate::domain::probe::Tls;
use crate::domain::quantity::Quantity;
use crate::probe::http::fault::{self, Fault};
use crate::probe::{Watch, World};

/// How long a server may think about a hello.
const PATIENCE: Duration = Duration::from_secs(3);

/// What a site accepts.
struct Accepted {
    /// From the oldest on.
    versions: Vec<&'static str>,
    weak: Vec<&'static str>,
}

pub(in crate::probe) async fn look(probe: &Tls, world: &World, watch: &Watch) -> Looked {
    let scans = futures::future::join_all(probe.sites.iter().map(|site| scan(site, world, watch))).await;
    let site = probe.sites.first().map_or("", String::as_str);
    let what = format!("nmap --script ssl-enum-ciphers -p 443 {site}");
    let mut evidence = Evidence { what, status: Some(Status::Answered), ..Evidence::default() };
    let mut shown = Vec::new();
    for (site, scan) in probe.sites.iter().zip(scans) {
        let accepted = match scan {
            Ok(accepted) => accepted,
            Err(fault) => {
                let why = Message::new("reason-of").with("subject", site.as_str());
                let why = why.with("reason", fault.message(world.now));
                for measure in ["oldest", "weak_suites"] {
                    evidence.unread.push((measure.to_owned(), why.clone()));
                }
                continue;
            }
        };
        let versions = accepted.versions.join(", ");
        let oldest = Measurement::text("oldest", accepted.versions.first().copied().unwrap_or("TLS 1.3"));
        evidence.measurements.push(oldest.of(site.as_str()));
        let count = u32::try_from(accepted.weak.len()).unwrap_or(u32::MAX);
        let weak = Measurement::quantity("weak_suites", Quantity::count(f64::from(count)));
        let lines = accepted.weak.iter().map(|suite| format!("{site}: {suite}")).collect();
        evidence.measurements.push(weak.of(site.as_str()).shown_by(lines));
        shown.push(format!("{site}: {versions}; {} weak suites", accepted.weak.len()));
    }
    evidence.output = shown.join("\n");
    Ok(evidence)
}

async fn scan(site: &str, world: &World, watch: &Watch) -> Result<Accepted, Fault> {
    let weak: Vec<u16> = WEAK.iter().map(|(number, _)| *number).collect();
    let all: Vec<u16> = STRONG.iter().chain(&weak).copied().collect();
    let mut versions = Vec::new();
    for version in [Version::Tls10, Version::Tls11, Version::Tls12] {
        match ask(version, &all, site, world, watch).await? {
            Reply::Chosen { version: chosen, .. } if hello::is(version, chosen) => versions.push(version.name()),
            Reply::Chosen { .. } | Reply::Refused => {}
        }
    }
    // Who refuses all of them may speak nothing older than TLS 1.3, or may not be there at all: that is no good grade.
    if versions.is_empty() {
        certificate::shakes_hands(site, world, watch).await?;
    }
    let mut accepted = Vec::new();
    // Each answer names one suite, which is not offered again: at most as many hellos as there are suites.
    let mut offered = weak;
    while !offered.is_empty() {
        let Reply::Chosen { suite, .. } = ask(Version::Tls12, &offered, site, world, watch).await? else { break };
        let before = offered.len();
        offered.retain(|number| *number != suite);
        if offered.len() == before {
            break;
        }
        accepted.extend(WEAK.iter().find(|(number, _)| *number == suite).map(|(_, name)| *name));
    }
    Ok(Accepted { versions, weak: accepted })
}

async fn ask(version: Version, suites: &[u16], site: &str, world: &World, watch: &Watch) -> Result<Reply, Fault> {
    let mut stream = world.http.tcp(&url(site)?, watch).await?;
    let end = watch.end().min(Instant::now() + PATIENCE);
    let words = hello::write(version, suites, site.split(':').next().unwrap_or(site));
    let talk = async {
        stream.write_all(&words).await?;
        let mut answer = Vec::new();
        let mut buffer = [0; 512];
        while answer.len() < hello::ENOUGH {
            match stream.read(&mut buffer).await {
                Ok(0) => break,
                Ok(read) => answer.extend_from_slice(buffer.get(..read).unwrap_or_default()),
                // Some servers refuse by hanging up.
                Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => break,
                Err(error) => return Err(error),
            }
            if hello::read(&answer) == Some(Reply::Refused) {
                break;
            }
        }
        Ok(answer)
    };
    match timeout_at(end, talk).await {
        Ok(Ok(answer)) => Ok(hello::read(&answer).unwrap_or(Reply::Refused)),
        Ok(Err(error)) => Err(fault::of_tls(&error)),
        Err(_) => Err(Fault::TooLate { phase: fault::Phase::Tls, after: PATIENCE }),
    }
}
