//! The file systems that matter: how full they are, and how many inodes are taken. What lies in memory or on top of
//! another file system is left out, and so is a second path on the same one.

mod folders;

use std::collections::BTreeMap;

use chrono::TimeDelta;

use super::script::{mark, part, parts};
use super::shell::dropped_note;
use super::text::{OUTPUT_LENGTH, clip, fit, percent, quoted};
use super::{Watch, World, could_not};
use crate::domain::evidence::{Evidence, Looked, Measurement, Value};
use crate::domain::forecast::full_in;
use crate::domain::mask::Masker;
use crate::domain::message::Message;
use crate::domain::probe::Disk;
use crate::domain::quantity::Quantity;
use crate::domain::vital::Vital;
use crate::host::Output;

/// Sizes in bytes, and the texts last: a mount's name may have blanks.
const COLUMNS: &str = "size,used,avail,pcent,itotal,iused,fstype,source,target";

/// Types of file systems that are no disk.
const NO_DISK: &[&str] = &[
    "tmpfs", "devtmpfs", "ramfs", "overlay", "aufs", "squashfs", "iso9660", "proc", "sysfs", "devpts", "mqueue",
    "udev", "efivarfs", "cgroup", "cgroup2", "none", "shm", "rootfs",
];

/// What is measured of each file system.
const MEASURES: [&str; 3] = ["used", "free", "inodes"];

pub(super) async fn look(probe: &Disk, world: &World, watch: &Watch) -> Looked {
    let paths = if probe.paths.is_empty() { &world.host.config().disks } else { &probe.paths };
    let what = command(paths);
    if paths.is_empty() {
        return Err(could_not(what, Message::new("probe-disk-no-paths")));
    }
    let sizes =
        async { if probe.folders.is_empty() { None } else { Some(folders::look(&probe.folders, world, watch).await) } };
    let script = script(paths);
    let (output, sizes) = tokio::join!(world.run(&script, watch), sizes);
    let output = output.map_err(|reason| could_not(what.clone(), reason))?;
    let mut evidence = seen(what, paths, &output, &world.masker)?;
    forecast(&mut evidence, world).await;
    match sizes {
        None => {}
        Some(Ok(sizes)) => sizes.add_to(&mut evidence, world.zone, &world.masker),
        // How full it is stands all the same.
        Some(Err(why)) => {
            let failure = Message::new("probe-disk-folders-unread").with("why", why.reason);
            evidence.unread.push((folders::MEASURE.to_owned(), failure.clone()));
            evidence.notes.push(failure);
        }
    }
    if !probe.folders.is_empty() {
        evidence.what = format!("{}\n{}", evidence.what, folders::command(&probe.folders));
    }
    Ok(evidence)
}

/// How far back growth is looked at.
const GROWTH: TimeDelta = TimeDelta::days(28);

/// Adds when each file system will be full, where the bot has sampled it for long enough. Without that nothing is said:
/// most runs have none.
async fn forecast(evidence: &mut Evidence, world: &World) {
    let since = world.now - GROWTH;
    let hours = match world.store.hours(&world.host.config().name, Vital::Disk, since).await {
        Ok(hours) => hours,
        Err(error) => {
            tracing::warn!(%error, "the growth of the disks cannot be read");
            return;
        }
    };
    for (mount, hours) in hours {
        let mut points: Vec<_> = hours.iter().map(|hour| (hour.begins, hour.sum / f64::from(hour.count))).collect();
        let used = evidence.of("used").find(|used| used.subject.as_deref() == Some(mount.as_str()));
        let Some(Value::Quantity(used)) = used.map(|used| &used.value) else { continue };
        points.push((world.now, used.value));
        if let Some(left) = full_in(&points) {
            let left = Quantity::duration(left);
            let says = Message::new("probe-disk-full-in").with("mount", mount.as_str()).with("left", left);
            evidence.measurements.push(Measurement::quantity("full_in", left).of(mount).saying(says));
        }
    }
}

/// What a person would run.
fn command(paths: &[String]) -> String {
    let paths: Vec<_> = paths.iter().map(|path| quoted(path)).collect();
    format!("LC_ALL=C df -B1 --output={COLUMNS} -- {}", paths.join(" "))
}

/// Each path by itself, so that it is known which one failed. BusyBox knows no `--output`: it gets another `df`, which
/// also says in words what is wrong with a path.
pub(super) fn script(paths: &[String]) -> String {
    let look = |path: &String| {
        let path = quoted(path);
        [mark(&path), format!("df -B1 --output={COLUMNS} -- {path} 2>/dev/null || df -Pk -- {path} 2>&1")]
    };
    let lines = paths.iter().flat_map(look);
    std::iter::once("export LC_ALL=C".to_owned()).chain(lines).chain(["true".to_owned()]).collect::<Vec<_>>().join("\n")
}

/// One file system, in bytes.
#[derive(Clone, Debug, PartialEq)]
struct FileSystem {
    source: String,
    /// Not known of every `df`.
    kind: Option<String>,
    target: String,
    used: f64,
    available: f64,
    /// How many are taken of how many; none where the file system makes them as it needs them.
    inodes: Option<(f64, f64)>,
}

impl FileSystem {
    fn is_disk(&self) -> bool {
        !NO_DISK.contains(&self.kind.as_deref().unwrap_or(&self.source)) && self.usable() > 0.0
    }

    /// What can be used at all: `df` counts its percentage of this, without the blocks that are kept for root.
    fn usable(&self) -> f64 {
        self.used + self.available
    }

    fn measurements(&self) -> Vec<Measurement> {
        let share = Quantity::percent(percent(self.used, self.usable()));
        let says = Message::new("probe-disk-used")
            .with("mount", self.target.as_str())
            .with("share", share)
            .with("used", Quantity::bytes(self.used))
            .with("total", Quantity::bytes(self.usable()));
        let mut measurements = vec![
            Measurement::quantity("used", share).of(&self.target).saying(says),
            Measurement::quantity("free", Quantity::bytes(self.available)).of(&self.target),
        ];
        if let Some((taken, all)) = self.inodes {
            let share = Quantity::percent(percent(taken, all));
            measurements.push(Measurement::quantity("inodes", share).of(&self.target));
        }
        measurements
    }

    fn row(&self) -> [String; 7] {
        let bytes = |value| Quantity::bytes(value).to_string();
        let share = |part, whole| Quantity::percent(percent(part, whole)).to_string();
        [
            self.source.clone(),
            self.kind.clone().unwrap_or_else(|| "-".to_owned()),
            bytes(self.used),
            bytes(self.available),
            share(self.used, self.usable()),
            self.inodes.map_or_else(|| "-".to_owned(), |(taken, all)| share(taken, all)),
            self.target.clone(),
        ]
    }
}

fn seen(what: String, paths: &[String], output: &Output, masker: &Masker) -> Looked {
    let mut evidence = Evidence { what, status: output.status.clone(), ..Evidence::default() };
    let mut systems: Vec<FileSystem> = Vec::new();
    let mut failures: Vec<Message> = Vec::new();
    let mut answers = parts(&output.stdout.text).map(|(_, answer)| answer);
    for path in paths {
        match read(answers.next().unwrap_or_default()) {
            Ok(system) if !system.is_disk() => {
                let kind = system.kind.unwrap_or(system.source);
                evidence.notes.push(Message::new("probe-disk-left-out").with("path", path.as_str()).with("kind", kind));
            }
            Ok(system) => {
                if systems.iter().all(|known| known.target != system.target) {
                    systems.push(system);
                }
            }
            Err(said) => {
                let said = clip(&masker.mask(said), super::text::LINE_LENGTH).into_owned();
                let failure = Message::new("probe-disk-unreadable").with("path", path.as_str()).with("said", said);
                evidence.unread.extend(MEASURES.map(|measure| (measure.to_owned(), failure.clone())));
                failures.push(failure);
            }
        }
    }
    if output.stdout.dropped > 0 {
        evidence.notes.push(dropped_note(output.stdout.dropped));
    }
    if systems.is_empty() {
        let reason = failures.into_iter().next().unwrap_or_else(|| Message::new("probe-disk-none-left"));
        let mut failed = could_not(evidence.what, reason);
        failed.output = fit(&[output.stdout.text.trim(), output.stderr.text.trim()].join("\n"), masker, OUTPUT_LENGTH);
        return Err(failed);
    }
    if systems.iter().any(|system| system.inodes.is_none()) {
        evidence.unread.push(("inodes".to_owned(), Message::new("probe-disk-no-inodes")));
    }
    evidence.measurements = systems.iter().flat_map(FileSystem::measurements).collect();
    evidence.output = fit(&table(&systems), masker, OUTPUT_LENGTH);
    // A path that could not be read must be seen beside those that could.
    evidence.notes.extend(failures);
    Ok(evidence)
}

/// How full the file systems of `paths` are, in per cent, by mount, from the output of [`script`]; those that could not be
/// read, or are no disk, are not there.
pub(super) fn fullness(output: &str, paths: &[String]) -> BTreeMap<String, f64> {
    let read = |path: &String| read(part(output, &quoted(path))).ok().filter(FileSystem::is_disk);
    let share = |system: FileSystem| (system.target.clone(), percent(system.used, system.usable()));
    paths.iter().filter_map(read).map(share).collect()
}

/// The file system of one answer of `df`.
///
/// # Errors
/// What `df` said instead.
fn read(answer: &str) -> Result<FileSystem, &str> {
    let mut lines = answer.lines().map(str::trim).filter(|line| !line.is_empty());
    let header = lines.next().unwrap_or_default();
    // Some say what is wrong before they say what is right.
    let row = lines.next_back().unwrap_or_default();
    let system = if header.contains("1B-blocks") { read_gnu(row) } else { read_posix(row) };
    system.ok_or(if row.is_empty() { header } else { row })
}

/// A row of `df --output`: `20G 16G 3G 84% 1000 200 xfs /dev/xvda1 /`, in bytes.
fn read_gnu(row: &str) -> Option<FileSystem> {
    let mut words = row.split_whitespace();
    let mut word = || words.next();
    let (_size, used, available) = (number(word()?)?, number(word()?)?, number(word()?)?);
    let _share = word()?;
    let (inodes, taken) = (number(word()?), number(word()?));
    let (kind, source) = (word()?.to_owned(), word()?.to_owned());
    let target = words.collect::<Vec<_>>().join(" ");
    let inodes = taken.zip(inodes).filter(|(_, all)| *all > 0.0);
    (!target.is_empty()).then_some(FileSystem { source, kind: Some(kind), target, used, available, inodes })
}

/// A row of `df -Pk`: `/dev/xvda1 20960000 16000000 4960000 77% /`, in KiB.
fn read_posix(row: &str) -> Option<FileSystem> {
    let words: Vec<&str> = row.split_whitespace().collect();
    // The device's name may have blanks too: the numbers are found by the percentage behind them.
    let share = words.iter().position(|word| word.ends_with('%') && number(word.trim_end_matches('%')).is_some())?;
    let kib = |back: usize| Some(number(words.get(share.checked_sub(back)?)?)? * 1024.0);
    let (_size, used, available) = (kib(3)?, kib(2)?, kib(1)?);
    let source = words.get(..share - 3)?.join(" ");
    let target = words.get(share + 1..)?.join(" ");
    (!source.is_empty() && !target.is_empty()).then_some(FileSystem {
        source,
        kind: None,
        target,
        used,
        available,
        inodes: None,
    })
}

/// A number of `df`; `-` is its word for not known.
fn number(word: &str) -> Option<f64> {
    word.parse::<u64>().ok()?;
    word.parse().ok()
}

/// The file systems as a table, as `df -h` would show them.
fn table(systems: &[FileSystem]) -> String {
    let header = ["Filesystem", "Type", "Used", "Avail", "Use%", "IUse%", "Mounted on"].map(ToOwned::to_owned);
    let rows: Vec<[String; 7]> = std::iter::once(header).chain(systems.iter().map(FileSystem::row)).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
    let widths: Vec<usize> = (0..7).map(width).collect();
    let line = |row: &[String; 7]| {
        let cells: Vec<String> =
            row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}", width = *width)).collect();
        cells.join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::evidence::Status;
    use crate::host::Captured;

    const HEADER: &str = "    1B-blocks        Used       Avail Use% Inodes  IUsed Type Filesystem Mounted on\n";

    fn look_at(answers: &[(&str, &str)]) -> Looked {
        let text: String = answers.iter().map(|(path, answer)| format!("\n==signoff {path}\n{answer}\n")).collect();
        let paths: Vec<String> = answers.iter().map(|(path, _)| (*path).to_owned()).collect();
        let stdout = Captured { text, dropped: 0 };
        let stderr = Captured::default();
        let output = Output { status: Some(Status::Exit(0)), stdout, stderr, elapsed: std::time::Duration::ZERO };
        seen(command(&paths), &paths, &output, &Masker::default())
    }

    fn gnu(row: &str) -> String {
        format!("{HEADER}{row}\n")
    }

    #[test]
    fn a_file_system_is_measured_once() {
        let row = gnu("21462233088 16620000000 3380000000  84% 10484672 198310 xfs /dev/xvda1 /");
        let evidence = look_at(&[("/", &row), ("/var/lib/docker", &row)]).unwrap();
        let values: Vec<String> = evidence.measurements.iter().map(|one| one.value.to_string()).collect();
        assert_eq!(values, ["83.1 %", "3.4 GB", "1.9 %"]);
        assert!(evidence.measurements.iter().all(|one| one.subject.as_deref() == Some("/")));
        let says = evidence.measurements[0].says.as_ref().unwrap();
        assert_eq!(says.args["total"], Quantity::bytes(20e9).into());
        assert_eq!(
            evidence.output,
            "Filesystem  Type  Used     Avail   Use%    IUse%  Mounted on\n\
             /dev/xvda1  xfs   16.6 GB  3.4 GB  83.1 %  1.9 %  /"
        );
        assert!(evidence.what.ends_with("-- / /var/lib/docker"), "{}", evidence.what);
    }

    #[test]
    fn what_is_no_disk_is_left_out_and_said() {
        let overlay = gnu("1000 500 500 50% 10 5 overlay overlay /");
        let disk = gnu("1000 500 500 50% 10 5 ext4 /dev/loop0 /var/lib/docker");
        let evidence = look_at(&[("/", &overlay), ("/var/lib/docker", &disk)]).unwrap();
        assert_eq!(evidence.of("used").count(), 1);
        assert_eq!(evidence.notes[0].key, "probe-disk-left-out");
        assert_eq!(look_at(&[("/", &overlay)]).unwrap_err().reason.key, "probe-disk-none-left");
    }

    #[test]
    fn a_path_that_is_not_there_costs_the_others_nothing() {
        let disk = gnu("1000 500 500 50% 10 5 ext4 /dev/sda1 /");
        let gone = "df: /nope: No such file or directory";
        let evidence = look_at(&[("/nope", gone), ("/", &disk)]).unwrap();
        assert_eq!(evidence.of("used").count(), 1);
        assert_eq!(evidence.unread.len(), 3);
        assert_eq!(evidence.notes[0].args["said"], gone.into());
        assert_eq!(look_at(&[("/nope", gone)]).unwrap_err().reason.key, "probe-disk-unreadable");
    }

    #[test]
    fn busybox_is_understood() {
        let answer = "Filesystem           1024-blocks    Used Available Capacity Mounted on\n\
                      /dev/my disk          20480000  16000000   4000000  80% /mnt/two words\n";
        let evidence = look_at(&[("/", answer)]).unwrap();
        assert_eq!(evidence.of("used").next().unwrap().value.to_string(), "80.0 %");
        assert_eq!(evidence.measurements[0].subject.as_deref(), Some("/mnt/two words"));
        assert_eq!(evidence.unread[0].0, "inodes");
    }

    #[test]
    fn a_file_system_without_inodes_says_so() {
        for row in ["1000 500 500 50% 0 0 btrfs /dev/sda1 /", "1000 500 500 50% - - vfat /dev/sda1 /boot/efi"] {
            let evidence = look_at(&[("/", &gnu(row))]).unwrap();
            assert_eq!(evidence.of("inodes").count(), 0);
            assert_eq!(evidence.unread[0].1.key, "probe-disk-no-inodes");
        }
    }

    #[test]
    fn what_is_broken_was_not_looked_at() {
        for answer in [
            "",
            HEADER,
            "    1B-blocks        Used",
            &gnu("21462233088 16620000000"),
            &gnu("eins zwei drei 84% 1 1 xfs /dev/xvda1 /"),
            "Dateisystem 1K-Blöcke Benutzt Verfügbar Verw% Eingehängt auf\n/dev/sda1 1.000.000 1 1 1%\n",
            "\u{fffd}\u{fffd}\n\u{fffd}",
            "sh: df: not found",
        ] {
            assert_eq!(look_at(&[("/", answer)]).unwrap_err().reason.key, "probe-disk-unreadable", "{answer}");
        }
    }

    #[test]
    fn paths_are_quoted_for_the_shell() {
        let paths = ["/a b".to_owned(), "/$(reboot)".to_owned()];
        let script = script(&paths);
        assert!(script.contains("-- '/a b' ") && script.contains("-- '/$(reboot)' "), "{script}");
    }
}
