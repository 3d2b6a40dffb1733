//! One sample of a host: one small script and one request, nothing that the host would feel.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::cpu::reading::Ticks;
use super::memory::field_of;
use super::script::{mark, part};
use super::text::percent;
use super::{HttpProber, Watch, disk, http};
use crate::domain::vital::{Sample, Vital};
use crate::host::Host;

/// How long one sample may take.
const DEADLINE: Duration = Duration::from_secs(10);

/// Network interfaces whose traffic does not leave the host.
const INNER: &[&str] = &["lo", "docker", "br-", "veth", "virbr", "cni", "flannel"];

/// Counters that only say something beside those of the sample before.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Counters {
    ticks: Option<Ticks>,
    /// Bytes in and out.
    traffic: Option<(f64, f64)>,
}

/// Samples `host` at `now`; `before` are the counters of the sample before. A host that cannot be looked at is a sample as
/// well, and so is a site that does not answer; what the bot itself could not do leaves a gap.
pub async fn sample(host: &Host, http: &HttpProber, before: &Counters, now: DateTime<Utc>) -> (Sample, Counters) {
    let config = host.config();
    let script = script(&config.disks);
    let site = async {
        match &config.site {
            Some(url) => Some(http::probe(url, http, &Watch::start(DEADLINE)).await),
            None => None,
        }
    };
    let (output, site) = tokio::join!(host.look(&script, DEADLINE), site);
    let mut sample = Sample::new(now);
    let mut counters = Counters::default();
    match output {
        Ok(output) => {
            sample.add(Vital::Host, "", 1.0);
            counters = read(&output.stdout.text, &config.disks, before, &mut sample);
        }
        Err(error) => {
            tracing::debug!(host = config.name, %error, "could not be sampled");
            sample.add(Vital::Host, "", 0.0);
        }
    }
    match site {
        Some(Ok((status, time))) => {
            let up = (200..400).contains(&status);
            sample.add(Vital::Site, "", f64::from(u8::from(up)));
            if up {
                sample.add(Vital::Response, "", time.as_secs_f64());
            }
        }
        Some(Err(fault)) if !fault.is_ours() => sample.add(Vital::Site, "", 0.0),
        Some(Err(_)) | None => {}
    }
    (sample, counters)
}

fn script(disks: &[String]) -> String {
    [
        mark("stat"),
        "head -n 1 /proc/stat".to_owned(),
        mark("meminfo"),
        "head -n 3 /proc/meminfo".to_owned(),
        mark("traffic"),
        "cat /proc/net/dev".to_owned(),
        mark("tcp"),
        "grep ^Tcp: /proc/net/snmp".to_owned(),
        disk::script(disks),
    ]
    .join("\n")
}

/// Reads the output of [`script`]; what cannot be read is left out.
fn read(text: &str, disks: &[String], before: &Counters, sample: &mut Sample) -> Counters {
    let ticks = part(text, "stat").strip_prefix("cpu ").and_then(Ticks::parse);
    if let (Some(ticks), Some(earlier)) = (&ticks, &before.ticks) {
        let passed = ticks.since(earlier);
        if passed.all > 0.0 {
            sample.add(Vital::Cpu, "", percent(passed.all - passed.idle, passed.all));
        }
    }
    let meminfo = part(text, "meminfo");
    if let (Some(total), Some(available)) = (field_of(meminfo, "MemTotal"), field_of(meminfo, "MemAvailable")) {
        sample.add(Vital::Memory, "", percent(total - available, total));
    }
    for (mount, share) in disk::fullness(text, disks) {
        sample.add(Vital::Disk, &mount, share);
    }
    if let Some(established) = established(part(text, "tcp")) {
        sample.add(Vital::Connections, "", established);
    }
    let traffic = traffic(part(text, "traffic"));
    if let (Some((received, sent)), Some(earlier)) = (traffic, before.traffic) {
        // Counters that began again: the host was started anew.
        if received >= earlier.0 && sent >= earlier.1 {
            sample.add(Vital::Received, "", received - earlier.0);
            sample.add(Vital::Sent, "", sent - earlier.1);
        }
    }
    Counters { ticks, traffic }
}

/// `CurrEstab` of the second line, by its place in the first.
fn established(snmp: &str) -> Option<f64> {
    let mut lines = snmp.lines();
    let place = lines.next()?.split_whitespace().position(|name| name == "CurrEstab")?;
    lines.next()?.split_whitespace().nth(place)?.parse().ok()
}

/// The bytes in and out of all interfaces that lead out of the host.
fn traffic(dev: &str) -> Option<(f64, f64)> {
    let mut found = None;
    for line in dev.lines() {
        let Some((name, counters)) = line.split_once(':') else { continue };
        if INNER.iter().any(|inner| name.trim().starts_with(inner)) {
            continue;
        }
        let counters: Vec<f64> = counters.split_whitespace().filter_map(|counter| counter.parse().ok()).collect();
        let (Some(received), Some(sent)) = (counters.first(), counters.get(8)) else { continue };
        let (all_received, all_sent) = found.unwrap_or((0.0, 0.0));
        found = Some((all_received + received, all_sent + sent));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn output(ticks: &str, received: u64) -> String {
        format!(
            "\n==signoff stat\ncpu  {ticks}\n\n==signoff meminfo\nMemTotal:  1000 kB\nMemFree:  10 kB\nMemAvailable:  400 kB\n
==signoff traffic\nInter-|   Receive  |  Transmit\n face |bytes packets\n    lo: 999 1 0 0 0 0 0 0 999 1 0 0 0 0 0 0
  eth0: {received} 1 0 0 0 0 0 0 500 1 0 0 0 0 0 0\n docker0: 7 1 0 0 0 0 0 0 7 1 0 0 0 0 0 0\n
==signoff tcp\nTcp: RtoAlgorithm CurrEstab InSegs\nTcp: 1 12 9\n
==signoff /\n1B-blocks Used Avail Use% Inodes IUsed Type Filesystem Mounted on\n100 40 60 40% 10 1 ext4 /dev/sda /\n"
        )
    }

    fn sampled(before: &Counters, text: &str) -> (Vec<(&'static str, f64)>, Counters) {
        let mut sample = Sample::new(DateTime::UNIX_EPOCH);
        let counters = read(text, &["/".to_owned()], before, &mut sample);
        (sample.values.iter().map(|(series, value)| (series.vital.name(), *value)).collect(), counters)
    }

    #[test]
    fn counters_say_something_from_the_second_sample_on() {
        let (first, counters) = sampled(&Counters::default(), &output("100 0 0 900 0 0 0 0", 1000));
        assert_eq!(first, [("memory", 60.0), ("disk", 40.0), ("connections", 12.0)]);
        let (second, counters) = sampled(&counters, &output("125 0 0 975 0 0 0 0", 1600));
        assert_eq!(
            second,
            [
                ("cpu", 25.0),
                ("memory", 60.0),
                ("disk", 40.0),
                ("connections", 12.0),
                ("received", 600.0),
                ("sent", 0.0)
            ]
        );
        // After a reboot the counters begin again.
        let (third, _) = sampled(&counters, &output("5 0 0 5 0 0 0 0", 10));
        assert!(third.iter().all(|(name, _)| *name != "received"), "{third:?}");
    }

    #[test]
    fn what_cannot_be_read_is_a_gap() {
        assert_eq!(sampled(&Counters::default(), "sh: head: not found").0, []);
    }
}
