//! The machine: a t3.micro with two cores, 1 GB of memory and 20 GB of disk.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What the kernel's counters count, in seconds of one core.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Counters {
    /// Up to when they were counted.
    pub(crate) at: DateTime<Utc>,
    /// Programs.
    pub(crate) user: f64,
    /// The kernel.
    pub(crate) system: f64,
    /// Nobody.
    pub(crate) idle: f64,
    /// Given to other machines by the hypervisor.
    pub(crate) steal: f64,
    /// Each container's, by its id.
    pub(crate) containers: std::collections::BTreeMap<String, f64>,
    /// Bytes that came in.
    pub(crate) received: f64,
    /// Bytes that went out.
    pub(crate) sent: f64,
}

/// The machine.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Machine {
    /// When it was started.
    pub(crate) booted: DateTime<Utc>,
    /// What is another after each start.
    pub(crate) boot_id: String,
    /// When it will be started anew, where somebody asked for it.
    pub(crate) reboots_at: Option<DateTime<Utc>>,
    /// It is starting until then.
    pub(crate) down_until: Option<DateTime<Utc>>,
    /// The journal, in bytes.
    pub(crate) journal: u64,
    /// The log of serverpod, as the engine keeps it, in bytes.
    pub(crate) container_log: u64,
    /// What lies about on the disk besides, in bytes.
    pub(crate) litter: u64,
    /// What serverpod takes of the memory beyond what it should, in bytes.
    pub(crate) leak: u64,
    /// What a process that has run away takes of all cores, from 0 to 1.
    pub(crate) runaway: f64,
    /// How often the kernel killed a process for its memory.
    pub(crate) oom_kills: u64,
    /// The counters.
    pub(crate) counters: Counters,
    /// What waits to be updated: `name.arch version`, and whether it mends a hole.
    pub(crate) updates: Vec<(String, bool)>,
    /// Whether a reboot is due.
    pub(crate) reboot_due: bool,
}

/// The cores of a t3.micro.
pub(crate) const CORES: u32 = 2;

/// The memory of a t3.micro that Linux sees, in bytes.
pub(crate) const MEMORY: u64 = 974_848 * 1024;

/// The file system of a disk of 20 GB, in bytes.
pub(crate) const DISK: u64 = 21_462_233_088;

/// What the system itself takes of the disk, in bytes.
pub(crate) const SYSTEM: u64 = 5_300_000_000;

/// What the system itself takes of the memory, in bytes.
pub(crate) const SYSTEM_MEMORY: u64 = 190_000_000;
