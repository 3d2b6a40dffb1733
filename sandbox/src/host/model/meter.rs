//! What the machine's meters show: processors, memory, disk.

use chrono::{DateTime, Utc};

use super::Model;
use super::machine::{CORES, DISK, MEMORY, SYSTEM, SYSTEM_MEMORY};
use crate::host::noise::noise;

/// One process, as `ps` and `/proc` show it.
#[derive(Clone, Debug)]
pub(crate) struct Process {
    pub(crate) pid: u32,
    pub(crate) user: &'static str,
    pub(crate) name: String,
    pub(crate) command: String,
    /// In bytes.
    pub(crate) memory: u64,
    /// Of all cores, from 0 to 1.
    pub(crate) load: f64,
}

impl Model {
    /// What a container takes of all cores now.
    pub(crate) fn load_of(&self, service: &str) -> f64 {
        let base = self.containers.iter().find(|one| one.service == service && one.is_up()).map_or(0.0, |one| one.load);
        if service == "serverpod" && base > 0.0 { base + self.machine.runaway } else { base }
    }

    /// What is taken of all cores now.
    pub(crate) fn load(&self, now: DateTime<Utc>) -> f64 {
        let minute = u64::try_from(now.timestamp() / 60).unwrap_or_default();
        let system = 0.02 + 0.03 * noise(self.seed, "cpu", minute);
        let containers: f64 = self.containers.iter().map(|one| self.load_of(&one.service)).sum();
        (system + containers).min(0.995)
    }

    /// Counts on to `now`.
    pub(crate) fn count(&mut self, now: DateTime<Utc>) {
        let passed = (now - self.machine.counters.at).as_seconds_f64();
        if passed <= 0.0 {
            // The clock was set back: the counters go on from there.
            self.machine.counters.at = now;
            return;
        }
        // A clock that was set forward by hours says nothing of the work in between.
        let passed = passed.min(3600.0);
        let cores = f64::from(CORES);
        let load = self.load(now);
        let shares: Vec<_> = self.containers.iter().map(|one| (one.id.clone(), self.load_of(&one.service))).collect();
        let flood = if self.faults.contains_key("flood") { 40.0 } else { 1.0 };
        let counters = &mut self.machine.counters;
        counters.at = now;
        counters.user += passed * cores * load * 0.8;
        counters.system += passed * cores * load * 0.2;
        counters.idle += passed * cores * (1.0 - load);
        counters.steal += passed * cores * 0.001;
        counters.received += passed * 5200.0 * flood;
        counters.sent += passed * 21_000.0 * flood;
        for (id, share) in shares {
            *counters.containers.entry(id).or_default() += passed * cores * share;
        }
    }

    /// What a container takes of the memory, in bytes.
    pub(crate) fn memory_of(&self, service: &str) -> u64 {
        let base = self.containers.iter().find(|one| one.service == service && one.is_up()).map_or(0, |one| one.memory);
        if service == "serverpod" && base > 0 { base + self.machine.leak } else { base }
    }

    /// What is taken of the memory, in bytes.
    pub(crate) fn memory_used(&self) -> u64 {
        let containers: u64 = self.containers.iter().map(|one| self.memory_of(&one.service)).sum();
        (SYSTEM_MEMORY + containers).min(MEMORY)
    }

    /// What is taken of the disk, in bytes.
    pub(crate) fn disk_used(&self) -> u64 {
        let images: u64 = self.images.iter().map(|image| image.size).sum();
        let machine = &self.machine;
        (SYSTEM + images + machine.journal + machine.container_log + machine.litter).min(DISK)
    }

    /// How full the disk is, from 0 to 1.
    pub(crate) fn disk_share(&self) -> f64 {
        share(self.disk_used(), DISK)
    }

    /// How full the memory is, from 0 to 1.
    pub(crate) fn memory_share(&self) -> f64 {
        share(self.memory_used(), MEMORY)
    }

    /// The processes that are worth showing, by what they take of the memory.
    pub(crate) fn processes(&self) -> Vec<Process> {
        let process = |pid, user, name: &str, command: &str, memory, load| Process {
            pid,
            user,
            name: name.to_owned(),
            command: command.to_owned(),
            memory,
            load,
        };
        let mut processes = vec![
            process(1, "root", "systemd", "/usr/lib/systemd/systemd --switched-root --system", 17_000_000, 0.0005),
            process(4_000_812, "root", "systemd-journal", "/usr/lib/systemd/systemd-journald", 21_000_000, 0.001),
            process(4_001_203, "root", "dockerd", "/usr/bin/dockerd -H fd://", 62_000_000, 0.004),
            process(4_001_190, "root", "containerd", "/usr/bin/containerd", 31_000_000, 0.002),
            process(4_001_322, "root", "nginx", "nginx: master process /usr/sbin/nginx", 4_000_000, 0.0),
            process(4_001_323, "nginx", "nginx", "nginx: worker process", 9_000_000, 0.003),
            process(
                4_001_280,
                "root",
                "fail2ban-server",
                "/usr/bin/python3 -s /usr/bin/fail2ban-server -xf start",
                24_000_000,
                0.001,
            ),
            process(4_001_101, "root", "sshd", "sshd: /usr/sbin/sshd -D [listener]", 8_000_000, 0.0),
            process(4_001_115, "root", "crond", "/usr/sbin/crond -n", 2_000_000, 0.0),
        ];
        for container in self.containers.iter().filter(|one| one.is_up()) {
            let name = match container.service.as_str() {
                "serverpod" => "main",
                "redis" => "redis-server",
                other => other,
            };
            let (memory, load) = (self.memory_of(&container.service), self.load_of(&container.service));
            processes.push(process(container.pid, "root", name, &container.command, memory, load));
        }
        processes.sort_by_key(|process| std::cmp::Reverse(process.memory));
        processes
    }
}

#[expect(clippy::cast_precision_loss, reason = "shares of 20 GB, shown in per cent")]
fn share(part: u64, whole: u64) -> f64 {
    part as f64 / whole as f64
}
