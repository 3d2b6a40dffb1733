//! Certificates, as sites serve them and as they lie on the host's disk: the two differ until nginx is reloaded.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use tokio::time::timeout_at;
use tokio_rustls::TlsConnector;

use super::chain::{self, Leaf};
use super::url;
use crate::domain::evidence::{Evidence, Looked, Measurement, Status};
use crate::domain::message::Message;
use crate::domain::probe::Certificate;
use crate::domain::quantity::Quantity;
use crate::probe::http::fault::{self, Fault, Phase};
use crate::probe::script::{mark, parts};
use crate::probe::text::quoted;
use crate::probe::{Watch, Why, World, sudo};

/// What a site showed.
struct Served {
    leaf: Leaf,
    chain: chain::Chain,
}

pub(in crate::probe) async fn look(probe: &Certificate, world: &World, watch: &Watch) -> Looked {
    let on_disk = on_disk(&probe.folder, world, watch);
    let served = futures::future::join_all(probe.sites.iter().map(|site| served(site, world, watch)));
    let (on_disk, served) = tokio::join!(on_disk, served);
    let mut evidence = Evidence { what: what(probe), status: Some(Status::Answered), ..Evidence::default() };
    let mut shown = Vec::new();
    for (site, served) in probe.sites.iter().zip(served) {
        let file = on_disk.as_ref().ok().and_then(|leaves| newest_for(site, leaves));
        match &served {
            Ok(served) => take_served(&mut evidence, &mut shown, site, served, file, world),
            Err(fault) => {
                let why = Message::new("reason-of").with("subject", site.as_str());
                let why = why.with("reason", fault.message(world.now));
                for measure in ["left", "chain", "names", "match"] {
                    evidence.unread.push((measure.to_owned(), why.clone()));
                }
            }
        }
        match (&on_disk, file) {
            (Ok(_), Some(leaf)) => {
                let says = left_says("probe-certificate-on-disk", site, leaf, world);
                let left = Measurement::quantity("left", left(leaf.not_after, world.now));
                evidence.measurements.push(left.of(format!("{site} (disk)")).saying(says));
                shown.push(line(site, "disk", leaf, world));
            }
            (Ok(_), None) => {
                let message = Message::new("probe-certificate-no-file").with("site", site.as_str());
                evidence.unread.push(("left".to_owned(), message.with("folder", probe.folder.as_str())));
            }
            // Told once below, not for each site.
            (Err(_), _) => {}
        }
    }
    if let Err(why) = on_disk {
        for measure in ["left", "match"] {
            evidence.unread.push((measure.to_owned(), why.reason.clone()));
        }
        evidence.notes.extend(why.hint);
    }
    evidence.output = shown.join("\n");
    Ok(evidence)
}

fn take_served(
    evidence: &mut Evidence,
    shown: &mut Vec<String>,
    site: &str,
    served: &Served,
    file: Option<&Leaf>,
    world: &World,
) {
    let leaf = &served.leaf;
    let says = left_says("probe-certificate-served", site, leaf, world);
    let left = Measurement::quantity("left", left(leaf.not_after, world.now));
    evidence.measurements.push(left.of(format!("{site} (served)")).saying(says));
    let chain = served.chain.name();
    evidence.measurements.push(Measurement::text("chain", chain).of(site));
    let names = if leaf.covers(site) { "covered" } else { "other" };
    let says = Message::new("probe-certificate-names").with("site", site).with("names", leaf.names.join(", "));
    evidence.measurements.push(Measurement::text("names", names).of(site).saying(says));
    if let Some(file) = file {
        let same = if file.der == leaf.der { "same" } else { "different" };
        let says = Message::new("probe-certificate-not-reloaded").with("site", site);
        evidence.measurements.push(Measurement::text("match", same).of(site).saying(says));
    }
    shown.push(format!("{} · {chain}", line(site, "served", leaf, world)));
}

/// What a person would run.
fn what(probe: &Certificate) -> String {
    let site = probe.sites.first().map_or("", String::as_str);
    format!("openssl s_client -connect {site}:443 -servername {site}; sudo certbot certificates")
}

fn left(until: DateTime<Utc>, now: DateTime<Utc>) -> Quantity {
    Quantity::seconds((until - now).as_seconds_f64())
}

/// `… until 2026-12-03, 10 d left`; of one that has run out, since when.
fn left_says(key: &'static str, site: &str, leaf: &Leaf, world: &World) -> Message {
    let rest = left(leaf.not_after, world.now);
    let left = if rest.value >= 0.0 {
        Message::new("probe-certificate-left").with("left", rest)
    } else {
        Message::new("probe-certificate-ended").with("ago", Quantity::seconds(-rest.value))
    };
    Message::new(key).with("site", site).with("until", date(leaf.not_after, world)).with("left", left)
}

fn date(at: DateTime<Utc>, world: &World) -> String {
    at.with_timezone(&world.zone).format("%Y-%m-%d %H:%M").to_string()
}

fn line(site: &str, place: &str, leaf: &Leaf, world: &World) -> String {
    format!("{site} {place}: until {} · {}", date(leaf.not_after, world), leaf.issuer)
}

/// Of the certificates for `site` the one that lasts longest: certbot may keep older lineages beside it.
fn newest_for<'a>(site: &str, leaves: &'a [Leaf]) -> Option<&'a Leaf> {
    leaves.iter().filter(|leaf| leaf.covers(site)).max_by_key(|leaf| leaf.not_after)
}

/// Whether a connection as a browser makes it comes about at all, whoever signed the certificate.
///
/// # Errors
/// Why not.
pub(super) async fn shakes_hands(site: &str, world: &World, watch: &Watch) -> Result<(), Fault> {
    served(site, world, watch).await.map(drop)
}

async fn served(site: &str, world: &World, watch: &Watch) -> Result<Served, Fault> {
    let stream = world.http.tcp(&url(site)?, watch).await?;
    let config = chain::any_certificate().map_err(|error| Fault::BadUrl(error.to_string()))?;
    let name = ServerName::try_from(site.to_owned()).map_err(|error| Fault::BadUrl(error.to_string()))?;
    let shaking = TlsConnector::from(Arc::new(config)).connect(name, stream);
    let stream = match timeout_at(watch.end(), shaking).await {
        Ok(Ok(stream)) => stream,
        Ok(Err(error)) => return Err(fault::of_tls(&error)),
        Err(_) => return Err(Fault::TooLate { phase: Phase::Tls, after: watch.limit }),
    };
    let shown = stream.get_ref().1.peer_certificates().unwrap_or_default();
    let (first, others) = shown.split_first().ok_or_else(|| Fault::BadUrl("no certificate".to_owned()))?;
    let leaf = Leaf::read(first).map_err(Fault::BadUrl)?;
    let chain = chain::judge(&leaf, others, site, world.http.roots()?);
    Ok(Served { leaf, chain })
}

/// The first certificate of every lineage on the host's disk.
async fn on_disk(folder: &str, world: &World, watch: &Watch) -> Result<Vec<Leaf>, Why> {
    let folder = quoted(folder);
    let script = [
        "export LC_ALL=C".to_owned(),
        // Names only: certbot gives no names with blanks.
        format!("files=$(sudo -n find -L {folder} -mindepth 2 -maxdepth 2 -name fullchain.pem) || exit 9"),
        format!("for file in $files; do {}; sudo -n cat \"$file\"; done", mark("file")),
        "true".to_owned(),
    ];
    let output = world.run(&script.join("\n"), watch).await?;
    let rights = format!("/usr/bin/find -L {folder} -mindepth 2 *, /usr/bin/cat {folder}/*/fullchain.pem");
    if let Some(why) = sudo::refusal(&output.stderr.text, world, &rights) {
        return Err(why);
    }
    if output.status != Some(Status::Exit(0)) {
        let message = Message::new("probe-certificate-no-folder").with("folder", folder.as_ref());
        return Err(message.with("cause", output.stderr.text.lines().next().unwrap_or_default()).into());
    }
    let first = |(_, pem): (&str, &str)| {
        let certificate = CertificateDer::from_pem_slice(pem.as_bytes()).ok()?;
        Leaf::read(&certificate).ok()
    };
    Ok(parts(&output.stdout.text).filter_map(first).collect())
}
