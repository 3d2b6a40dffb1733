//! nginx's access logs: a month of visits, a file a day as logrotate leaves them, the older ones compressed.

use std::fs::File;
use std::io::Write;
use std::path::PathBuf;

use chrono::{DateTime, TimeDelta, Utc};
use flate2::Compression;
use flate2::write::GzEncoder;

use super::backups::zone;
use crate::host::core::Host;
use crate::host::model::SITES;
use crate::host::model::logs::FLOODER;
use crate::host::noise::{bits, choose};

/// How many days of visits there are.
const DAYS: i64 = 30;

/// How many visits a day has.
const VISITS: u64 = 400;

/// How many requests a flood is when somebody notices.
const FLOOD: u64 = 3200;

/// How many of the requests failed when somebody notices a raised error rate.
const FAILED: u64 = 60;

fn log(host: &Host, site: &str) -> PathBuf {
    host.root.join("var/log/nginx").join(format!("{site}.access.log"))
}

/// A line as nginx writes it.
pub(crate) fn line(address: &str, at: DateTime<Utc>, request: &str, status: u16, bytes: usize, agent: &str) -> String {
    let at = at.with_timezone(&zone()).format("%d/%b/%Y:%H:%M:%S %z");
    format!("{address} - - [{at}] \"{request}\" {status} {bytes} \"-\" \"{agent}\"\n")
}

/// Writes a request down.
///
/// # Errors
/// The log cannot be written.
pub(crate) fn note(host: &Host, site: &str, line: &str) -> std::io::Result<()> {
    File::options().append(true).create(true).open(log(host, site))?.write_all(line.as_bytes())
}

/// Writes the logs of the last days.
///
/// # Errors
/// The files could not be written.
pub(crate) fn write(host: &Host) -> std::io::Result<()> {
    let now = host.clock.now();
    let seed = host.look(|model| model.seed);
    std::fs::create_dir_all(host.root.join("var/log/nginx"))?;
    let local = now.with_timezone(&zone());
    let into_day = TimeDelta::seconds(i64::from(chrono::Timelike::num_seconds_from_midnight(&local)));
    let midnight = now - into_day;
    for (nth, site) in SITES.into_iter().enumerate() {
        // The API is visited most.
        let (days, visits) = if nth == 0 { (DAYS, VISITS) } else { (1, VISITS / 8) };
        for day in 0..days {
            let begins = midnight - TimeDelta::days(day);
            let text = visits_of(seed, site, begins, visits, now);
            if day == 0 {
                super::replace(&log(host, site), text.as_bytes())?;
                continue;
            }
            let ended = begins + TimeDelta::days(1);
            let stamp = ended.with_timezone(&zone()).format("%Y%m%d");
            let name = format!("{site}.access.log-{stamp}");
            let file = host.root.join("var/log/nginx").join(if day == 1 { name } else { format!("{name}.gz") });
            if day == 1 {
                super::replace(&file, text.as_bytes())?;
            } else {
                let mut encoder = GzEncoder::new(File::create(&file)?, Compression::fast());
                encoder.write_all(text.as_bytes())?;
                encoder.finish()?;
            }
            super::touch(&file, ended)?;
        }
        super::replace(&host.root.join("var/log/nginx").join(format!("{site}.error.log")), b"")?;
    }
    Ok(())
}

fn visits_of(seed: u64, site: &str, begins: DateTime<Utc>, visits: u64, now: DateTime<Utc>) -> String {
    const PAGES: [&str; 6] = ["/product?page=1", "/product?page=2", "/product/search", "/user/me", "/chat/rooms", "/"];
    let day = begins.timestamp().unsigned_abs() / 86_400;
    let mut text = String::new();
    for visit in 0..visits {
        let nth = day * VISITS + visit;
        let at = begins + TimeDelta::seconds(i64::try_from(visit * 86_400 / visits).unwrap_or_default());
        if at > now {
            break;
        }
        let address = format!("198.51.100.{}", 1 + bits(seed, "visitor", nth) % 40);
        let status = match nth % 1000 {
            7 => 429,
            rest if rest % 97 == 5 => 404,
            _ => 200,
        };
        let page = choose(seed, site, nth, &PAGES).unwrap_or("/");
        let bytes = 900 + usize::try_from(bits(seed, "bytes", nth) % 4000).unwrap_or_default();
        text.push_str(&line(&address, at, &format!("GET {page} HTTP/2.0"), status, bytes, "GearFreak/2.1 (iPhone)"));
    }
    text
}

/// One address has asked without end.
///
/// # Errors
/// The log cannot be written.
pub(crate) fn flood(host: &Host) -> std::io::Result<()> {
    let now = host.clock.now();
    let of = |nth: u64| {
        let at = now - TimeDelta::milliseconds(i64::try_from((FLOOD - nth) * 60).unwrap_or_default());
        let status = if nth.is_multiple_of(5) { 200 } else { 429 };
        line(FLOODER, at, "GET /product/search?q=a HTTP/1.1", status, 600, "python-requests/2.32")
    };
    note(host, SITES[0], &(0..FLOOD).map(of).collect::<String>())
}

/// The API has failed now and then.
///
/// # Errors
/// The log cannot be written.
pub(crate) fn fail(host: &Host) -> std::io::Result<()> {
    let now = host.clock.now();
    let of = |nth: u64| {
        let at = now - TimeDelta::seconds(i64::try_from((FAILED - nth) * 20).unwrap_or_default());
        line(
            &format!("198.51.100.{}", 1 + nth % 40),
            at,
            "GET /product/search HTTP/2.0",
            500,
            180,
            "GearFreak/2.1 (iPhone)",
        )
    };
    note(host, SITES[0], &(0..FAILED).map(of).collect::<String>())
}

/// A flood never was, or the failures never were.
///
/// # Errors
/// The log cannot be written.
pub(crate) fn forget(host: &Host, flood: bool) -> std::io::Result<()> {
    let path = log(host, SITES[0]);
    let text = std::fs::read_to_string(&path)?;
    let goes = |line: &str| {
        if flood { line.starts_with(FLOODER) } else { line.contains("\" 500 180 ") }
    };
    let kept: String = text.split_inclusive('\n').filter(|line| !goes(line)).collect();
    super::replace(&path, kept.as_bytes())
}
