//! Two readings of the kernel's counters in one script, and the shares that follow from them. Pure.

use std::time::Duration;

use super::Counters;
use crate::domain::message::Message;
use crate::probe::script::{mark, part};
use crate::probe::text::percent;

/// Where the containers' counters lie: cgroup v2 under systemd and without it, rootless, v1 of either driver under the
/// names that its controllers are mounted by, and an engine inside a container.
const COUNTERS: &[&str] = &[
    "/sys/fs/cgroup/system.slice/docker-*.scope/cpu.stat",
    "/sys/fs/cgroup/docker/*/cpu.stat",
    "/sys/fs/cgroup/user.slice/*/*/*/docker-*.scope/cpu.stat",
    "/sys/fs/cgroup/*.slice/*.slice/docker-*.scope/cpu.stat",
    "/sys/fs/cgroup/cpu*acct/docker/*/cpuacct.usage",
    "/sys/fs/cgroup/cpu*acct/docker/*/docker/*/cpuacct.usage",
    "/sys/fs/cgroup/cpu*acct/system.slice/docker-*.scope/cpuacct.usage",
    "/sys/fs/cgroup/cpu*acct/docker/*/system.slice/docker-*.scope/cpuacct.usage",
];

/// How far the host's wall clock may go from its uptime between two readings before it is not believed.
const CLOCK_SLACK: f64 = 0.05;

/// Reads everything, sleeps, reads it again. The processes are read outside of the two readings, so that reading them is
/// not measured; they come last, so that output that is cut short loses them first.
pub(super) fn script(over: Duration) -> String {
    let counters = COUNTERS.join(" ");
    let processes = r"s/^([0-9]+) \((.*)\) [A-Za-z] (-?[0-9]+ ){10}([0-9]+) ([0-9]+) .*/\1 \4 \5 \2/p";
    [
        "export LC_ALL=C".to_owned(),
        // One program for all files: its lines are `FILE:LINE`.
        format!("counters() {{ date +%s%N; grep -HE '^(cpu|usage_usec|[0-9])' /proc/uptime /proc/stat {counters} 2>/dev/null; }}"),
        format!("processes() {{ cat /proc/[0-9]*/stat 2>/dev/null | sed -nE '{processes}'; }}"),
        // The processes are read while the time passes: what is read once more at the end would only come on top.
        format!("a=$(counters); (sleep {:.3} || sleep 1) & p=$(processes); wait; b=$(counters); q=$(processes)", over.as_secs_f64()),
        mark("load"),
        "cat /proc/loadavg".to_owned(),
        mark("first"),
        "printf '%s\\n' \"$a\"".to_owned(),
        mark("second"),
        "printf '%s\\n' \"$b\"".to_owned(),
        mark("processes-first"),
        "printf '%s\\n' \"$p\"".to_owned(),
        mark("processes-second"),
        "printf '%s\\n' \"$q\"".to_owned(),
    ]
    .join("\n")
}

/// Shares in per cent of all cores.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Shares {
    pub(super) cores: usize,
    /// The load averages, as the kernel writes them.
    pub(super) load: String,
    /// All that is not idle and not waiting for a disk; what the hypervisor gave to others is not to be had either.
    pub(super) busy: f64,
    pub(super) steal: f64,
    /// Of each container, by its id.
    pub(super) containers: std::collections::BTreeMap<String, f64>,
    /// Of each process that took any, the most first: its number, its name, its share.
    pub(super) processes: Vec<(u32, String, f64)>,
}

/// What follows from the output of [`script`].
///
/// # Errors
/// Why nothing follows.
pub(super) fn shares(output: &str, over: Duration) -> Result<Shares, Message> {
    let unreadable = || Message::new("probe-cpu-unreadable");
    let first = Reading::parse(part(output, "first")).ok_or_else(unreadable)?;
    let second = Reading::parse(part(output, "second")).ok_or_else(unreadable)?;
    let ticks = second.ticks.since(&first.ticks);
    let elapsed = second.time_since(&first).ok_or_else(unreadable)?;
    if ticks.all <= 0.0 || elapsed * 2.0 < over.as_secs_f64() {
        return Err(Message::new("probe-cpu-too-close"));
    }
    let all_cores = elapsed * f64::from(u32::try_from(second.cores).unwrap_or(u32::MAX));
    let container = |(id, after): (&String, &Duration)| {
        // A counter that began again: the container was restarted between the readings.
        let taken = after.checked_sub(*first.containers.get(id)?)?;
        Some((id.clone(), percent(taken.as_secs_f64(), all_cores)))
    };
    Ok(Shares {
        cores: second.cores,
        load: part(output, "load").split_whitespace().take(3).collect::<Vec<_>>().join(" "),
        busy: percent(ticks.all - ticks.idle, ticks.all),
        steal: percent(ticks.steal, ticks.all),
        containers: second.containers.iter().filter_map(container).collect(),
        processes: processes(part(output, "processes-first"), part(output, "processes-second"), ticks.all),
    })
}

/// Everything that was counted at one moment.
#[derive(Clone, Debug, Default, PartialEq)]
struct Reading {
    /// The wall clock in seconds; not every `date` knows fractions.
    clock: Option<f64>,
    /// The time since the host started, in seconds, to a hundredth.
    uptime: f64,
    cores: usize,
    ticks: Ticks,
    containers: Counters,
}

/// The kernel's ticks over all cores.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(in crate::probe) struct Ticks {
    pub(in crate::probe) all: f64,
    /// With what was waited for disks.
    pub(in crate::probe) idle: f64,
    steal: f64,
}

impl Ticks {
    /// `user nice system idle iowait irq softirq steal guest guest_nice`; the guests' time is in the user's already.
    pub(in crate::probe) fn parse(fields: &str) -> Option<Self> {
        let ticks: Vec<f64> = fields.split_whitespace().take(8).map(str::parse).collect::<Result<_, _>>().ok()?;
        let at = |index: usize| ticks.get(index).copied().unwrap_or_default();
        (ticks.len() >= 4).then(|| Self { all: ticks.iter().sum(), idle: at(3) + at(4), steal: at(7) })
    }

    /// What was counted since `before`. Waiting for disks may be counted down again: never less than nothing.
    pub(in crate::probe) fn since(&self, before: &Self) -> Self {
        let less = |after: f64, before: f64| (after - before).max(0.0);
        Self {
            all: less(self.all, before.all),
            idle: less(self.idle, before.idle),
            steal: less(self.steal, before.steal),
        }
    }
}

impl Reading {
    fn parse(text: &str) -> Option<Self> {
        let mut reading = Self::default();
        let mut found = (false, false);
        for line in text.lines() {
            let Some((file, line)) = line.split_once(':') else {
                reading.clock = nanoseconds(line).or(reading.clock);
                continue;
            };
            match file {
                "/proc/uptime" => {
                    reading.uptime = line.split_whitespace().next()?.parse().ok()?;
                    found.0 = true;
                }
                "/proc/stat" => match line.strip_prefix("cpu ") {
                    Some(fields) => {
                        reading.ticks = Ticks::parse(fields)?;
                        found.1 = true;
                    }
                    None if line.starts_with("cpu") => reading.cores += 1,
                    None => {}
                },
                _ => {
                    if let Some((id, counted)) = id_of(file).zip(counted(line)) {
                        reading.containers.insert(id.to_owned(), counted);
                    }
                }
            }
        }
        (found == (true, true) && reading.cores > 0).then_some(reading)
    }

    /// The time since `before` in seconds: by the wall clock, which is finer, unless somebody set it in between.
    fn time_since(&self, before: &Self) -> Option<f64> {
        let uptime = self.uptime - before.uptime;
        let clock = self.clock.zip(before.clock).map(|(after, before)| after - before);
        let time = clock.filter(|clock| (clock - uptime).abs() < CLOCK_SLACK).unwrap_or(uptime);
        (time > 0.0).then_some(time)
    }
}

/// `date +%s%N`, in seconds; a `date` without fractions gives something shorter, which is not believed.
#[expect(clippy::cast_precision_loss, reason = "to a fraction of a microsecond, differences of milliseconds")]
fn nanoseconds(text: &str) -> Option<f64> {
    let text = text.trim();
    (text.len() >= 19).then(|| text.parse::<u64>().ok()).flatten().map(|nanoseconds| nanoseconds as f64 / 1e9)
}

/// The last id of 64 hexadecimal digits in a path: of an engine inside a container, the inner one's.
fn id_of(file: &str) -> Option<&str> {
    let mut ids = file.split(|c: char| !c.is_ascii_hexdigit()).filter(|word| word.len() == 64);
    ids.next_back()
}

/// `usage_usec 123` of cgroup v2, or the bare nanoseconds of v1.
fn counted(line: &str) -> Option<Duration> {
    match line.strip_prefix("usage_usec ") {
        Some(microseconds) => microseconds.trim().parse().ok().map(Duration::from_micros),
        None => line.trim().parse().ok().map(Duration::from_nanos),
    }
}

/// The share of each process in all ticks: lines of `pid user system name`.
fn processes(first: &str, second: &str, all: f64) -> Vec<(u32, String, f64)> {
    fn read(text: &str) -> impl Iterator<Item = (u32, f64, &str)> {
        text.lines().filter_map(|line| {
            let mut words = line.splitn(4, ' ');
            let pid = words.next()?.parse().ok()?;
            let (user, system): (f64, f64) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
            Some((pid, user + system, words.next()?))
        })
    }
    let before: std::collections::BTreeMap<u32, f64> = read(first).map(|(pid, ticks, _)| (pid, ticks)).collect();
    let share = |(pid, ticks, name): (u32, f64, &str)| {
        // A process that began in between took all of its ticks in between.
        let taken = ticks - before.get(&pid).copied().unwrap_or_default();
        (taken > 0.0).then(|| (pid, name.to_owned(), percent(taken, all)))
    };
    let mut shares: Vec<_> = read(second).filter_map(share).collect();
    shares.sort_by(|one, other| other.2.total_cmp(&one.2).then_with(|| one.0.cmp(&other.0)));
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    const OUTER: &str = "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff";
    const OVER: Duration = Duration::from_millis(250);

    fn reading(clock: &str, uptime: &str, cpu: &str, file: &str, counter: &str) -> String {
        format!(
            "{clock}\n/proc/uptime:{uptime} 99.9\n/proc/stat:cpu  {cpu}\n/proc/stat:cpu0 1 1\n/proc/stat:cpu1 1 1\n{file}:{counter}\n"
        )
    }

    fn output(first: &str, second: &str) -> String {
        format!(
            "\n==signoff load\n0.52 0.58 0.59 1/467 12345\n\n==signoff first\n{first}\n\n==signoff second\n{second}\n\
             \n==signoff processes-first\n7 10 5 dart\n8 1 1 tmux: server\n\n==signoff processes-second\n7 20 10 dart\n8 1 1 tmux: server\n9 3 2 new one\n"
        )
    }

    fn look_at(file: &str, counters: (&str, &str)) -> Shares {
        let first = reading("1700000000000000000", "1000.00", "100 0 50 800 50 0 0 0 0 0", file, counters.0);
        let second = reading("1700000000250000000", "1000.25", "115 0 60 815 60 0 0 0 0 0", file, counters.1);
        shares(&output(&first, &second), OVER).unwrap()
    }

    #[test]
    fn counters_of_every_kind_of_cgroup_are_understood() {
        for (file, counters) in [
            (
                format!("/sys/fs/cgroup/system.slice/docker-{ID}.scope/cpu.stat"),
                ("usage_usec 1000", "usage_usec 126000"),
            ),
            (format!("/sys/fs/cgroup/cpuacct/docker/{ID}/cpuacct.usage"), ("1000000", "126000000")),
            (format!("/sys/fs/cgroup/cpu,cpuacct/docker/{ID}/cpuacct.usage"), ("1000000", "126000000")),
            (format!("/sys/fs/cgroup/cpu,cpuacct/docker/{OUTER}/docker/{ID}/cpuacct.usage"), ("1000000", "126000000")),
        ] {
            let shares = look_at(&file, counters);
            // 125 ms of 250 ms on one of two cores.
            assert!((shares.containers[ID] - 25.0).abs() < 1e-3, "{file}: {shares:?}");
        }
    }

    #[test]
    fn waiting_for_disks_is_not_busy() {
        let shares = look_at("/x", ("", ""));
        assert!((shares.busy - 50.0).abs() < 1e-6, "{shares:?}");
        assert_eq!((shares.cores, shares.load.as_str()), (2, "0.52 0.58 0.59"));
        let processes: Vec<_> =
            shares.processes.iter().map(|(pid, name, share)| (*pid, name.as_str(), *share)).collect();
        assert_eq!(processes, [(7, "dart", 30.0), (9, "new one", 10.0)]);
    }

    #[test]
    fn what_the_hypervisor_took_is_not_to_be_had() {
        let first = reading("x", "10.00", "0 0 0 0 0 0 0 0 0 0", "/x", "");
        let second = reading("x", "10.25", "10 0 0 60 0 0 0 30 0 0", "/x", "");
        let shares = shares(&output(&first, &second), OVER).unwrap();
        assert!((shares.busy - 40.0).abs() < 1e-6 && (shares.steal - 30.0).abs() < 1e-6, "{shares:?}");
    }

    #[test]
    fn a_clock_that_was_set_in_between_is_not_believed() {
        let file = format!("/sys/fs/cgroup/docker/{ID}/cpu.stat");
        let first = reading("1700000000000000000", "10.00", "0 0 0 0", &file, "usage_usec 0");
        let second = reading("1700003600000000000", "10.25", "10 0 0 40", &file, "usage_usec 125000");
        let shares = shares(&output(&first, &second), OVER).unwrap();
        assert!((shares.containers[ID] - 25.0).abs() < 1e-6, "{shares:?}");
    }

    #[test]
    fn a_container_that_began_again_is_left_out() {
        let file = format!("/sys/fs/cgroup/docker/{ID}/cpu.stat");
        assert!(look_at(&file, ("usage_usec 125000", "usage_usec 10")).containers.is_empty());
    }

    #[test]
    fn a_share_is_never_more_than_all() {
        let file = format!("/sys/fs/cgroup/docker/{ID}/cpu.stat");
        assert!((look_at(&file, ("usage_usec 0", "usage_usec 900000")).containers[ID] - 100.0).abs() < 1e-6);
    }

    #[test]
    fn readings_too_close_say_nothing() {
        let first = reading("1700000000000000000", "1000.00", "100 0 50 800", "/x", "");
        let second = reading("1700000000010000000", "1000.01", "100 0 50 801", "/x", "");
        assert_eq!(shares(&output(&first, &second), OVER), Err(Message::new("probe-cpu-too-close")));
        assert_eq!(shares(&output(&first, &first), OVER), Err(Message::new("probe-cpu-unreadable")));
    }

    #[test]
    fn what_is_broken_was_not_read() {
        let good = reading("1700000000000000000", "1000.00", "100 0 50 800", "/x", "");
        for text in [
            String::new(),
            "sh: grep: not found".to_owned(),
            output(&good, ""),
            output(&good, "/proc/uptime:ten\n/proc/stat:cpu  1 2 3 4\n/proc/stat:cpu0 1"),
            output(&good, "/proc/uptime:1001.0\n/proc/stat:cpu  1 2\n/proc/stat:cpu0 1"),
            output(&good, "/proc/uptime:1001.0\n/proc/stat:cpu  1 \u{fffd} 3 4"),
        ] {
            assert_eq!(shares(&text, OVER), Err(Message::new("probe-cpu-unreadable")), "{text}");
        }
    }
}
