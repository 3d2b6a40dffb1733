//! Breaking and mending. What is mended by the panel is as if it had never been; what is mended by an act leaves its traces.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Effect, FAULTS, HostFault};
use crate::host::core::Host;
use crate::host::files::{backups, lineage, traffic};
use crate::host::model::cloud::Account;
use crate::host::model::container::State;
use crate::host::model::logs::{ATTACKER, Kind};
use crate::host::model::machine::{DISK, MEMORY};
use crate::host::model::{Image, Model, Network};
use crate::host::noise::digits;

/// Breaks `fault`, or mends it.
///
/// # Errors
/// A file of the practice host could not be written.
pub(crate) fn set(host: &Host, fault: &HostFault, on: bool) -> std::io::Result<()> {
    let is_on = host.look(|model| model.faults.contains_key(fault.id));
    if is_on == on {
        return Ok(());
    }
    let now = host.clock.now();
    host.change(|model| {
        if on {
            model.faults.insert(fault.id.to_owned(), now);
            break_in(model, fault.does, now);
        } else {
            model.faults.remove(fault.id);
            mend_in(model, fault.does, now);
        }
    });
    match fault.does {
        Effect::CertificateLeft(_) => lineage::write(host),
        Effect::LoseBackup if on => backups::lose(host),
        Effect::CutBackup if on => backups::cut(host),
        Effect::LoseBackup | Effect::CutBackup => backups::bring_back(host),
        Effect::Flood if on => traffic::flood(host),
        Effect::Errors if on => traffic::fail(host),
        Effect::Flood | Effect::Errors => traffic::forget(host, fault.does == Effect::Flood),
        _ => Ok(()),
    }
}

/// Mends everything.
///
/// # Errors
/// A file of the practice host could not be written.
pub(crate) fn mend_all(host: &Host) -> std::io::Result<()> {
    FAULTS.iter().try_for_each(|fault| set(host, fault, false))
}

fn break_in(model: &mut Model, effect: Effect, now: DateTime<Utc>) {
    // It broke a minute before anybody looks: what repeats has been repeated by then.
    let began = now - TimeDelta::minutes(1);
    match effect {
        Effect::Stop(service) => {
            if let Some(container) = model.container_mut(service) {
                container.stop(began, if service == "redis" { 0 } else { 137 });
            }
            if service == "postgres" {
                model.begin(Kind::Database, began);
            }
        }
        Effect::CrashLoop => {
            if let Some(container) = model.container_mut("serverpod") {
                container.finished = Some(began);
                container.state = State::Restarting { since: began };
            }
            model.begin(Kind::Crash, began);
        }
        Effect::FillDisk(share) => fill_disk(model, share, now),
        Effect::Leak(share) => {
            model.machine.leak += part(MEMORY, share).saturating_sub(model.memory_used());
        }
        Effect::Runaway(share) => model.machine.runaway = share,
        Effect::CertificateLeft(hours) => {
            let until = now + TimeDelta::hours(hours);
            for shelf in [&mut model.on_disk, &mut model.served] {
                if let Some(certificate) = shelf.get_mut("api.gear-freaks.com") {
                    certificate.from = until - TimeDelta::days(90);
                    certificate.until = until;
                    certificate.issue += 100;
                }
            }
        }
        Effect::Errors => model.begin(Kind::Errors, began),
        Effect::BruteForce => {
            model.begin(Kind::BruteForce, now);
            model.banned.insert(ATTACKER.to_owned(), now);
        }
        Effect::OpenPort(port) => model.account.rules.push(crate::host::model::cloud::Rule {
            port,
            source: "0.0.0.0/0".to_owned(),
            description: "temporary, remove later".to_owned(),
        }),
        Effect::LoseAlarm(name) => model.account.alarms.retain(|alarm| alarm.name != name),
        Effect::Costly(dollars) => {
            model.account.more.insert("Amazon Elastic Compute Cloud - Compute".to_owned(), dollars);
        }
        Effect::Network(network) => model.network = network,
        Effect::Updates => {
            model.machine.updates = vec![
                ("openssl.x86_64 1:3.0.8-1.amzn2023.0.22".to_owned(), true),
                ("tzdata.noarch 2026c-1.amzn2023.0.1".to_owned(), false),
                ("vim-minimal.x86_64 2:9.1.1591-1.amzn2023.0.1".to_owned(), false),
            ];
        }
        Effect::LoseBackup | Effect::CutBackup | Effect::Flood | Effect::Replaced => {}
    }
}

/// Three kinds of litter, as it comes in life: images, the journal, a container's log.
fn fill_disk(model: &mut Model, share: f64, now: DateTime<Utc>) {
    let missing = part(DISK, share).saturating_sub(model.disk_used());
    let images = missing / 2;
    for nth in 0..4_u64 {
        model.images.push(Image {
            id: format!("sha256:{}", digits(model.seed ^ now.timestamp().unsigned_abs(), &format!("litter {nth}"), 64)),
            tag: None,
            size: images / 4,
            created: now - TimeDelta::days(30),
        });
    }
    model.machine.journal += missing / 4;
    model.machine.container_log += missing - images / 4 * 4 - missing / 4;
}

fn mend_in(model: &mut Model, effect: Effect, now: DateTime<Utc>) {
    match effect {
        Effect::Stop(service) => {
            if let Some(container) = model.container_mut(service) {
                container.start(now);
            }
            if service == "postgres" {
                model.forget(Kind::Database);
            }
        }
        Effect::CrashLoop => {
            if let Some(container) = model.container_mut("serverpod") {
                container.state = State::Running { since: now };
            }
            model.forget(Kind::Crash);
        }
        Effect::FillDisk(_) => {
            model.images.retain(|image| image.tag.is_some());
            model.machine.journal = model.machine.journal.min(386_000_000);
            model.machine.container_log = model.machine.container_log.min(64_000_000);
        }
        Effect::Leak(_) => model.machine.leak = 0,
        Effect::Runaway(_) => model.machine.runaway = 0.0,
        Effect::CertificateLeft(_) => {
            model.renew(now, Some(TimeDelta::days(30)));
            model.served.clone_from(&model.on_disk);
        }
        Effect::Errors => model.forget(Kind::Errors),
        Effect::BruteForce => {
            model.forget(Kind::BruteForce);
            model.banned.remove(ATTACKER);
        }
        Effect::OpenPort(port) => {
            model.account.rules.retain(|rule| rule.port != port || rule.source != "0.0.0.0/0");
        }
        Effect::LoseAlarm(name) => {
            let alarms = Account::calm().alarms;
            if model.account.alarms.iter().all(|alarm| alarm.name != name) {
                model.account.alarms.extend(alarms.into_iter().find(|alarm| alarm.name == name));
            }
        }
        Effect::Costly(_) => model.account.more.clear(),
        Effect::Network(_) => model.network = Network::Fine,
        Effect::Updates => model.machine.updates.clear(),
        Effect::LoseBackup | Effect::CutBackup | Effect::Flood | Effect::Replaced => {}
    }
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share of 20 GB, to the byte"
)]
fn part(whole: u64, share: f64) -> u64 {
    (whole as f64 * share) as u64
}
