//! The one model of the practice host: every program, interface and file of it tells of this state, and every act changes it.

pub(crate) mod cloud;
pub(crate) mod container;
pub(crate) mod logs;
pub(crate) mod machine;
pub(crate) mod meter;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::noise::digits;
use cloud::Account;
use container::{Container, State};
use machine::{Counters, Machine};

/// The three sites.
pub(crate) const SITES: [&str; 3] = ["api.gear-freaks.com", "insights.gear-freaks.com", "app.gear-freaks.com"];

/// The host's own zone is Seoul's: nine hours before UTC, all year.
pub(crate) const ZONE: i32 = 9 * 3600;

/// How long a certificate is good for, as Let's Encrypt makes them.
const CERTIFICATE: TimeDelta = TimeDelta::days(90);

/// serverpod's image before the last deployment: what one could go back to.
pub(crate) const BEFORE: &str = "pyowonsik/gear-freak-server:rollback";

/// From when until when a certificate is good; `issue` tells two of one time apart.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Certificate {
    pub(crate) from: DateTime<Utc>,
    pub(crate) until: DateTime<Utc>,
    pub(crate) issue: u64,
}

/// An image of the engine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Image {
    /// `sha256:` and 64 digits.
    pub(crate) id: String,
    /// `name:tag`; none: nobody names it any more.
    pub(crate) tag: Option<String>,
    /// In bytes.
    pub(crate) size: u64,
    /// When it was made.
    pub(crate) created: DateTime<Utc>,
}

/// How the host's network is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Network {
    /// As it should be.
    #[default]
    Fine,
    /// Each answer takes so many milliseconds longer.
    Slow(u64),
    /// Nothing gets through.
    Cut,
}

/// Everything.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Model {
    pub(crate) seed: u64,
    /// When this world was made.
    pub(crate) born: DateTime<Utc>,
    pub(crate) machine: Machine,
    pub(crate) containers: Vec<Container>,
    pub(crate) images: Vec<Image>,
    /// As they lie on the disk, by site.
    pub(crate) on_disk: BTreeMap<String, Certificate>,
    /// As nginx serves them, since it was last loaded.
    pub(crate) served: BTreeMap<String, Certificate>,
    pub(crate) account: Account,
    pub(crate) network: Network,
    /// What is broken, and since when.
    pub(crate) faults: BTreeMap<String, DateTime<Utc>>,
    /// What went wrong, and what it left in the logs.
    pub(crate) troubles: Vec<logs::Trouble>,
    /// Addresses that fail2ban keeps out, and since when.
    pub(crate) banned: BTreeMap<String, DateTime<Utc>>,
    /// Units of systemd that do not run.
    pub(crate) stopped_units: BTreeSet<String>,
    /// The databases.
    pub(crate) databases: BTreeSet<String>,
    /// The scene that was taken up last.
    pub(crate) scene: Option<String>,
    /// When the last backup was made by the clock.
    pub(crate) backed_up: DateTime<Utc>,
}

impl Model {
    /// A host on which all is well.
    pub(crate) fn calm(seed: u64, now: DateTime<Utc>) -> Self {
        let born = now;
        let up_since = now - TimeDelta::hours(76);
        let container = |service: &str, image: &str, command: &str, pid, takes, memory, load| Container {
            service: service.to_owned(),
            name: format!("gear_freak_{service}"),
            id: digits(seed, service, 64),
            image: image.to_owned(),
            image_id: format!("sha256:{}", digits(seed, image, 64)),
            command: command.to_owned(),
            pid,
            created: now - TimeDelta::days(18),
            start_takes: takes,
            memory,
            load,
            state: State::Running { since: up_since },
            finished: Some(up_since - TimeDelta::seconds(2)),
        };
        let image = |name: &str, size, days| Image {
            id: format!("sha256:{}", digits(seed, name, 64)),
            tag: Some(name.to_owned()),
            size,
            created: now - TimeDelta::days(days),
        };
        let certificate = |site: &str| {
            let from = now - TimeDelta::days(27);
            (site.to_owned(), Certificate { from, until: from + CERTIFICATE, issue: 1 })
        };
        let certificates: BTreeMap<_, _> = SITES.into_iter().map(certificate).collect();
        Self {
            seed,
            born,
            machine: Machine {
                booted: now - TimeDelta::days(21),
                boot_id: uuid(seed, "boot", 0),
                reboots_at: None,
                down_until: None,
                journal: 386_000_000,
                container_log: 64_000_000,
                litter: 0,
                leak: 0,
                runaway: 0.0,
                oom_kills: 0,
                counters: Counters {
                    at: now,
                    user: 31_000.0,
                    system: 9000.0,
                    idle: 3_580_000.0,
                    received: 41e9,
                    sent: 77e9,
                    ..Counters::default()
                },
                updates: Vec::new(),
                reboot_due: false,
            },
            containers: vec![
                container(
                    "serverpod",
                    "pyowonsik/gear-freak-server:latest",
                    "./bin/main --mode=production",
                    4_002_411,
                    3000,
                    152_000_000,
                    0.03,
                ),
                container("postgres", "postgres:15", "postgres", 4_002_204, 2000, 118_000_000, 0.015),
                container("redis", "redis:7", "redis-server *:6379", 4_002_198, 1000, 14_000_000, 0.004),
            ],
            images: vec![
                image("pyowonsik/gear-freak-server:latest", 412_000_000, 18),
                image(BEFORE, 405_000_000, 41),
                image("postgres:15", 379_000_000, 60),
                image("redis:7", 117_000_000, 60),
            ],
            served: certificates.clone(),
            on_disk: certificates,
            account: Account::calm(),
            network: Network::Fine,
            faults: BTreeMap::new(),
            troubles: Vec::new(),
            banned: BTreeMap::new(),
            stopped_units: BTreeSet::new(),
            databases: ["gear_freak", "postgres"].map(str::to_owned).into(),
            scene: None,
            backed_up: now,
        }
    }

    /// The container of a service, a container's name, or the beginning of its id.
    pub(crate) fn container(&self, called: &str) -> Option<&Container> {
        self.containers.iter().filter(|one| one.exists()).find(|one| is_called(one, called))
    }

    /// The same, to be changed.
    pub(crate) fn container_mut(&mut self, called: &str) -> Option<&mut Container> {
        self.containers.iter_mut().find(|one| is_called(one, called))
    }

    /// Whether a service answers.
    pub(crate) fn answers(&self, service: &str, now: DateTime<Utc>) -> bool {
        self.is_up(now) && self.container(service).is_some_and(|container| container.answers(now))
    }

    /// Whether the machine itself runs.
    pub(crate) fn is_up(&self, now: DateTime<Utc>) -> bool {
        self.machine.down_until.is_none_or(|until| now >= until)
    }

    /// Starts the machine anew: it is away for so long, and comes back with everything that starts by itself.
    pub(crate) fn reboot(&mut self, now: DateTime<Utc>) {
        let back = now + TimeDelta::seconds(6);
        self.machine.reboots_at = None;
        self.machine.down_until = Some(back);
        self.machine.booted = back;
        self.machine.boot_id = uuid(self.seed, "boot", u64::try_from(now.timestamp_millis()).unwrap_or_default());
        self.machine.reboot_due = false;
        self.machine.runaway = 0.0;
        self.machine.leak = 0;
        self.faults.retain(|fault, _| fault != "memory" && fault != "cpu");
        for container in &mut self.containers {
            if container.is_up() {
                container.state = State::Running { since: back };
            }
        }
        self.served.clone_from(&self.on_disk);
    }

    /// Renews the certificates that end within `within`, or all of them. Gives those that were.
    pub(crate) fn renew(&mut self, now: DateTime<Utc>, within: Option<TimeDelta>) -> Vec<String> {
        let mut renewed = Vec::new();
        for (site, certificate) in &mut self.on_disk {
            if within.is_none_or(|within| certificate.until - now < within) {
                let from = now - TimeDelta::hours(1);
                *certificate = Certificate { from, until: from + CERTIFICATE, issue: certificate.issue + 1 };
                renewed.push(site.clone());
            }
        }
        self.faults.retain(|fault, _| !fault.starts_with("certificate"));
        renewed
    }

    /// Brings a service up as its compose file says: from the image that its name stands for now.
    pub(crate) fn bring_up(&mut self, service: &str, now: DateTime<Utc>) {
        let Some(container) = self.containers.iter_mut().find(|one| one.service == service) else { return };
        let named = self.images.iter().find(|image| image.tag.as_deref() == Some(&container.image));
        match named.filter(|image| image.id != container.image_id) {
            Some(image) => {
                let nth = now.timestamp_millis().unsigned_abs();
                container.remake(&image.id, digits(self.seed ^ nth, service, 64), now);
            }
            None => container.start(now),
        }
        self.acted_on(service, now);
    }

    /// The images that no container was made from.
    pub(crate) fn unused_images(&self) -> impl Iterator<Item = &Image> {
        self.images.iter().filter(|image| !self.is_used(image))
    }

    /// A container is started, stopped or started anew because somebody asked for it: what follows of it.
    pub(crate) fn acted_on(&mut self, service: &str, now: DateTime<Utc>) {
        let up = self.container(service).is_some_and(Container::is_up);
        match service {
            "postgres" if up => self.end(logs::Kind::Database, now),
            "postgres" => self.begin(logs::Kind::Database, now),
            "serverpod" => {
                // A process that was started anew has forgotten what it held.
                self.machine.leak = 0;
                self.machine.runaway = 0.0;
                self.faults.retain(|fault, _| fault != "memory" && fault != "cpu");
            }
            _ => {}
        }
        if up {
            self.faults.remove(&format!("stop-{service}"));
        }
        let restarting = self.container(service).is_some_and(|one| matches!(one.state, State::Restarting { .. }));
        if service == "serverpod" && !restarting && self.faults.remove("crash-loop").is_some() {
            self.end(logs::Kind::Crash, now);
        }
    }

    /// Whether a container was made from it.
    pub(crate) fn is_used(&self, image: &Image) -> bool {
        self.containers.iter().any(|one| one.exists() && image.id == one.image_id)
    }

    /// Takes away the images that nobody uses: all of them, or those without a name. Gives them.
    pub(crate) fn prune(&mut self, all: bool) -> Vec<Image> {
        let goes = |model: &Self, image: &Image| !model.is_used(image) && (all || image.tag.is_none());
        let gone: Vec<_> = self.images.iter().filter(|image| goes(self, image)).cloned().collect();
        self.images.retain(|image| !gone.contains(image));
        self.mend_disk();
        gone
    }

    /// A disk on which there is room again is no longer full.
    pub(crate) fn mend_disk(&mut self) {
        if self.disk_share() < 0.8 {
            self.faults.remove("disk");
        }
    }
}

fn is_called(container: &Container, called: &str) -> bool {
    let called = called.trim_start_matches('/');
    container.service == called || container.name == called || (called.len() >= 6 && container.id.starts_with(called))
}

/// A number as the kernel gives one to each start.
fn uuid(seed: u64, what: &str, nth: u64) -> String {
    let text = digits(seed ^ nth, what, 32);
    let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
    format!("{}-{}-4{}-8{}-{}", part(0, 8), part(8, 12), part(13, 16), part(17, 20), part(20, 32))
}
