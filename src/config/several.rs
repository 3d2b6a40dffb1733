//! Which host a schedule, a rota or a word means, where there are several.

use std::collections::BTreeSet;

use super::{Config, HostConfig, ScheduleConfig};
use crate::domain::rota::Rota;
use crate::domain::target::Target;

/// What stands between the checklist and the host in the name of a rota that one host has of its own; no checklist's name
/// can hold it.
const OF: char = '@';

/// The name of the rota that `host` has of its own for `checklist`.
pub fn rota_name(checklist: &str, host: &str) -> String {
    format!("{checklist}{OF}{host}")
}

/// The checklist, and the host where it is one host's own, of the rota `name`.
pub fn checklist_of(name: &str) -> (&str, Option<&str>) {
    match name.split_once(OF) {
        Some((checklist, host)) => (checklist, Some(host)),
        None => (name, None),
    }
}

impl Config {
    /// Every tag that a host has.
    pub fn tags(&self) -> BTreeSet<&str> {
        self.hosts.values().flat_map(|host| &host.own.tags).map(String::as_str).collect()
    }

    /// The hosts that `target` means; none: the first one.
    pub fn hosts_of(&self, target: Option<&Target>) -> Vec<&HostConfig> {
        let hosts = self.hosts.values();
        match target {
            None => hosts.take(1).collect(),
            Some(Target::All) => hosts.collect(),
            Some(Target::One(name)) => hosts.filter(|host| host.name == *name).collect(),
            Some(Target::Tagged(tag)) => hosts.filter(|host| host.own.tags.contains(tag)).collect(),
        }
    }

    /// When `checklist` is due on `host`: by what the host has of its own, or else by what holds for all.
    pub fn schedule_of(&self, checklist: &str, host: &str) -> Option<&ScheduleConfig> {
        let own = self.hosts.get(host).and_then(|host| host.own.schedules.get(checklist));
        own.or_else(|| self.schedules.get(checklist))
    }

    /// Every checklist and host that is due by the clock, with its schedule.
    pub fn planned(&self) -> impl Iterator<Item = (&str, &HostConfig, &ScheduleConfig)> {
        let of_all = self.schedules.iter().flat_map(|(checklist, schedule)| {
            let hosts = self.hosts_of(schedule.hosts.as_ref()).into_iter();
            let without_own = hosts.filter(move |host| !host.own.schedules.contains_key(checklist));
            without_own.map(move |host| (checklist.as_str(), host, schedule))
        });
        let own = self.hosts.values().flat_map(|host| {
            host.own.schedules.iter().map(move |(checklist, schedule)| (checklist.as_str(), host, schedule))
        });
        of_all.chain(own)
    }

    /// Whose turn it is with `checklist` on `host`, and the name of that rota: the host's own, or else that of all.
    pub fn rota_of(&self, checklist: &str, host: &str) -> Option<(&str, &Rota)> {
        let own = self.rotas.get_key_value(&rota_name(checklist, host));
        own.or_else(|| self.rotas.get_key_value(checklist)).map(|(name, rota)| (name.as_str(), rota))
    }
}
