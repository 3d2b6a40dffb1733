//! The memory of the host. What the page cache holds can be had back: only what is not available counts as used.

use super::script::{mark, part};
use super::text::{LINE_LENGTH, OUTPUT_LENGTH, fit, percent};
use super::{Watch, World, could_not};
use crate::domain::evidence::{Evidence, Looked, Measurement};
use crate::domain::mask::Masker;
use crate::domain::message::Message;
use crate::domain::quantity::Quantity;
use crate::host::Output;

/// What a person would run.
const WHAT: &str =
    "grep -E '^(MemTotal|MemAvailable|SwapTotal|SwapFree):' /proc/meminfo; ps -eo rss,pid,user,args --sort=-rss";

/// How many processes are shown.
const PROCESSES: usize = 8;

/// How much of a process's line comes over: more than is shown, so that a secret is masked before it is cut.
const CUT: usize = 1000;

/// Memory, kills, and who takes the most, in one go. BusyBox has another `ps`: then nobody is named.
fn script() -> String {
    [
        mark("meminfo"),
        "cat /proc/meminfo".to_owned(),
        mark("vmstat"),
        "grep -E '^oom_kill ' /proc/vmstat".to_owned(),
        mark("processes"),
        format!("LC_ALL=C ps -eo rss=,pid=,user=,args= --sort=-rss 2>/dev/null | head -n {PROCESSES} | cut -c1-{CUT}"),
        "true".to_owned(),
    ]
    .join("\n")
}

pub(super) async fn look(world: &World, watch: &Watch) -> Looked {
    match world.run(&script(), watch).await {
        Ok(output) => seen(&output, &world.masker),
        Err(reason) => Err(could_not(WHAT, reason)),
    }
}

fn seen(output: &Output, masker: &Masker) -> Looked {
    let text = &output.stdout.text;
    let meminfo = part(text, "meminfo");
    let bytes = |field: &str| field_of(meminfo, field);
    let Some(total) = bytes("MemTotal").filter(|total| *total > 0.0) else {
        let mut failed = could_not(WHAT, Message::new("probe-memory-unreadable"));
        failed.output = fit(&[text.trim(), output.stderr.text.trim()].join("\n"), masker, OUTPUT_LENGTH);
        return Err(failed);
    };
    let mut evidence = Evidence {
        what: WHAT.to_owned(),
        status: output.status.clone(),
        output: fit(&shown(meminfo, part(text, "processes"), masker), masker, OUTPUT_LENGTH),
        ..Evidence::default()
    };
    match bytes("MemAvailable") {
        Some(available) => {
            let used = (total - available).max(0.0);
            let says = amount("probe-memory-used", used, total);
            let share = Quantity::percent(percent(used, total));
            evidence.measurements.push(Measurement::quantity("used", share).saying(says));
            evidence.measurements.push(Measurement::quantity("available", Quantity::bytes(available)));
        }
        // Kernels before 3.14: what is free says nothing of what is available.
        None => {
            for measure in ["used", "available"] {
                evidence.unread.push((measure.to_owned(), Message::new("probe-memory-no-available")));
            }
        }
    }
    match (bytes("SwapTotal"), bytes("SwapFree")) {
        (Some(total), Some(free)) => {
            let used = (total - free).max(0.0);
            let says = if total > 0.0 {
                amount("probe-memory-swap", used, total)
            } else {
                Message::new("probe-memory-no-swap")
            };
            let share = Quantity::percent(percent(used, total));
            evidence.measurements.push(Measurement::quantity("swap", share).saying(says));
        }
        _ => evidence.unread.push(("swap".to_owned(), Message::new("probe-memory-unreadable"))),
    }
    match part(text, "vmstat").strip_prefix("oom_kill ").and_then(|kills| kills.trim().parse().ok()) {
        Some(kills) => evidence.measurements.push(Measurement::quantity("oom_kills", Quantity::count(kills))),
        None => evidence.unread.push(("oom_kills".to_owned(), Message::new("probe-memory-no-oom-kills"))),
    }
    Ok(evidence)
}

/// `used` of `total`.
fn amount(key: &'static str, used: f64, total: f64) -> Message {
    Message::new(key)
        .with("share", Quantity::percent(percent(used, total)))
        .with("used", Quantity::bytes(used))
        .with("total", Quantity::bytes(total))
}

/// A field of `/proc/meminfo` in bytes; it is written in KiB, which the kernel calls `kB`.
pub(super) fn field_of(meminfo: &str, field: &str) -> Option<f64> {
    let value = meminfo.lines().find_map(|line| line.strip_prefix(field)?.strip_prefix(':'))?;
    let mut words = value.split_whitespace();
    let number: f64 = words.next()?.parse().ok()?;
    (words.next() == Some("kB")).then_some(number * 1024.0)
}

/// The fields that matter, and the processes that take the most.
fn shown(meminfo: &str, processes: &str, masker: &Masker) -> String {
    let fields = ["MemTotal:", "MemFree:", "MemAvailable:", "SwapTotal:", "SwapFree:"];
    let mut lines: Vec<String> = meminfo
        .lines()
        .filter(|line| fields.iter().any(|field| line.starts_with(field)))
        .map(ToOwned::to_owned)
        .collect();
    let processes = processes.lines().filter_map(process);
    lines.extend(processes.map(|line| fit(&line, masker, LINE_LENGTH)));
    lines.join("\n")
}

/// `1234 56 user command` as `1.3 MB user[56] command`.
fn process(line: &str) -> Option<String> {
    let mut words = line.split_whitespace();
    let resident: f64 = words.next()?.parse().ok()?;
    let (pid, user) = (words.next()?, words.next()?);
    let command = words.collect::<Vec<_>>().join(" ");
    let resident = Quantity::bytes(resident * 1024.0).to_string();
    Some(format!("{resident:>9} {user}[{pid}] {command}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::evidence::Status;
    use crate::host::Captured;

    const T3_MICRO: &str = "\n==signoff meminfo
MemTotal:         970528 kB
MemFree:           64212 kB
MemAvailable:     230404 kB
Buffers:            2088 kB
SwapTotal:             0 kB
SwapFree:              0 kB

==signoff vmstat
oom_kill 2

==signoff processes
 312000  1201 999      /app/server --mode production --password=hunter2
  98304   880 postgres postgres: writer
";

    fn look_at(stdout: &str) -> Looked {
        let stdout = Captured { text: stdout.to_owned(), dropped: 0 };
        let output = Output {
            status: Some(Status::Exit(0)),
            stdout,
            stderr: Captured::default(),
            elapsed: std::time::Duration::ZERO,
        };
        seen(&output, &Masker::default())
    }

    fn values(evidence: &Evidence) -> Vec<(String, String)> {
        evidence.measurements.iter().map(|one| (one.measure.clone(), one.value.to_string())).collect()
    }

    #[test]
    fn the_cache_is_not_used_memory() {
        let evidence = look_at(T3_MICRO).unwrap();
        let expected = [("used", "76.3 %"), ("available", "235.9 MB"), ("swap", "0.0 %"), ("oom_kills", "2")];
        let expected: Vec<_> = expected.iter().map(|(one, other)| ((*one).to_owned(), (*other).to_owned())).collect();
        assert_eq!(values(&evidence), expected);
        let says = evidence.measurements[0].says.as_ref().unwrap();
        assert_eq!(says.args["used"], Quantity::bytes(757_886_976.0).into());
        assert_eq!(says.args["total"], Quantity::bytes(993_820_672.0).into());
        assert!(evidence.output.contains(" 319.5 MB 999[1201] /app/server"), "{}", evidence.output);
        assert!(!evidence.output.contains("hunter2"), "{}", evidence.output);
    }

    #[test]
    fn what_an_old_or_small_host_lacks_is_unread() {
        let evidence = look_at("\n==signoff meminfo\nMemTotal: 1000 kB\nMemFree: 10 kB\n\n==signoff vmstat\n").unwrap();
        let unread: Vec<_> = evidence.unread.iter().map(|(measure, _)| measure.as_str()).collect();
        assert_eq!(unread, ["used", "available", "swap", "oom_kills"]);
        assert!(evidence.measurements.is_empty());
    }

    #[test]
    fn swap_in_use_is_measured() {
        let text = T3_MICRO
            .replace("SwapTotal:             0", "SwapTotal: 1000")
            .replace("SwapFree:              0", "SwapFree: 250");
        let evidence = look_at(&text).unwrap();
        assert_eq!(evidence.of("swap").next().unwrap().value.to_string(), "75.0 %");
    }

    #[test]
    fn what_is_no_meminfo_was_not_looked_at() {
        for text in [
            "",
            "garbage",
            "\n==signoff meminfo\ncat: /proc/meminfo: No such file",
            "\n==signoff meminfo\nMemTotal: 0 kB",
            "\n==signoff meminfo\nMemTotal: \u{fffd} kB",
            "\n==signoff meminfo\nMemTo",
        ] {
            assert_eq!(look_at(text).unwrap_err().reason, Message::new("probe-memory-unreadable"), "{text}");
        }
    }
}
