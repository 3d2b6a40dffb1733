//! Programs that show the machine: disks, memory, processes, the time.

use chrono::{DateTime, Utc};

use super::{Answer, Call};
use crate::host::core::Host;
use crate::host::files::KERNEL;
use crate::host::model::Model;
use crate::host::model::machine::{DISK, MEMORY};

/// One file system of `df`.
struct FileSystem {
    source: &'static str,
    kind: &'static str,
    target: &'static str,
    size: u64,
    used: u64,
    inodes: (u64, u64),
}

/// `df`: one disk, and what is none.
pub(super) fn df(host: &Host, call: &Call) -> Answer {
    let used = host.look(Model::disk_used);
    let disk = FileSystem {
        source: "/dev/nvme0n1p1",
        kind: "xfs",
        target: "/",
        size: DISK,
        used,
        inodes: (10_484_672, 198_310),
    };
    let run = FileSystem {
        source: "tmpfs",
        kind: "tmpfs",
        target: "/run",
        size: 194_969_600,
        used: 970_752,
        inodes: (237_999, 810),
    };
    let paths: Vec<&str> = {
        let words = call.words();
        let after = words.iter().position(|word| *word == "--").map(|at| at + 1);
        match after {
            Some(at) => words.get(at..).unwrap_or_default().to_vec(),
            None => words.into_iter().filter(|word| !word.starts_with('-')).collect(),
        }
    };
    let mut err = String::new();
    let mut systems: Vec<&FileSystem> = Vec::new();
    for path in &paths {
        let inside = host.root.join(path.trim_start_matches('/'));
        if !path.starts_with('/') || inside.exists() {
            systems.push(if path.starts_with("/run") { &run } else { &disk });
        } else {
            err.push_str(&format!("df: {path}: No such file or directory\n"));
        }
    }
    if paths.is_empty() {
        systems = vec![&disk, &run];
    }
    let code = u8::from(!err.is_empty());
    if systems.is_empty() {
        return Answer { err, code, ..Answer::default() };
    }
    let block = if call.has(&["-B1"]) { 1 } else { 1024 };
    let human = call.has(&["-h", "-hT", "-Th"]);
    let share = |system: &FileSystem| format!("{}%", (system.used * 100).div_ceil(system.size));
    let field = |system: &FileSystem, name: &str| -> String {
        let amount = |bytes: u64| if human { short(bytes) } else { bytes.div_ceil(block).to_string() };
        match name {
            "source" => system.source.to_owned(),
            "fstype" => system.kind.to_owned(),
            "target" => system.target.to_owned(),
            "size" => amount(system.size),
            "used" => amount(system.used),
            "avail" => amount(system.size - system.used),
            "pcent" => share(system),
            "itotal" => system.inodes.0.to_string(),
            "iused" => system.inodes.1.to_string(),
            "iavail" => (system.inodes.0 - system.inodes.1).to_string(),
            _ => "-".to_owned(),
        }
    };
    let columns = call.option(&["--output"]).unwrap_or("source,size,used,avail,pcent,target");
    let columns: Vec<&str> = columns.split(',').collect();
    let title = |name: &&str| match *name {
        "source" => "Filesystem",
        "fstype" => "Type",
        "target" => "Mounted on",
        "size" if human => "Size",
        "size" if block == 1 => "1B-blocks",
        "size" => "1K-blocks",
        "used" => "Used",
        "avail" if human => "Avail",
        "avail" => "Avail",
        "pcent" => "Use%",
        "itotal" => "Inodes",
        "iused" => "IUsed",
        "iavail" => "IFree",
        _ => "-",
    };
    let mut out = columns.iter().map(title).collect::<Vec<_>>().join(" ") + "\n";
    for system in systems {
        out.push_str(&columns.iter().map(|name| field(system, name)).collect::<Vec<_>>().join(" "));
        out.push('\n');
    }
    Answer { out: out.into_bytes(), err, code, run: None }
}

/// `du -s`: what the model says of the folders that grow, and what is there of any other; in KiB, or as `-h`, `-b`, `-B1` and
/// `-c` ask.
pub(super) fn du(host: &Host, call: &Call) -> Answer {
    let (mut out, mut err, mut total) = (String::new(), String::new(), 0);
    let letters: String = call.words().into_iter().filter(|word| word.starts_with('-')).collect();
    let has = |letter: char| letters.contains(letter);
    let in_bytes = has('b') || letters.contains("B1");
    let shown = |size: u64| match (has('h'), in_bytes) {
        (true, _) => short(size),
        (false, true) => size.to_string(),
        (false, false) => size.div_ceil(1024).to_string(),
    };
    for path in call.words().into_iter().filter(|word| word.starts_with('/')) {
        let there = host.root.join(path.trim_start_matches('/'));
        let size =
            match path.trim_end_matches('/') {
                "/var/lib/docker" => Some(host.look(|model| {
                    model.images.iter().map(|image| image.size).sum::<u64>() + model.machine.container_log
                })),
                "/var/log" => Some(host.look(|model| model.machine.journal) + bytes_in(&there)),
                "/var/log/journal" => Some(host.look(|model| model.machine.journal)),
                _ if there.exists() => Some(bytes_in(&there)),
                _ => None,
            };
        match size {
            Some(size) => {
                total += size;
                out.push_str(&format!("{}\t{path}\n", shown(size)));
            }
            None => err.push_str(&format!("du: cannot access '{path}': No such file or directory\n")),
        }
    }
    if has('c') {
        out.push_str(&format!("{}\ttotal\n", shown(total)));
    }
    let code = u8::from(!err.is_empty());
    Answer { out: out.into_bytes(), err, code, run: None }
}

/// The bytes of the files below a folder of the practice host.
fn bytes_in(folder: &std::path::Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return std::fs::symlink_metadata(folder).map(|data| data.len()).unwrap_or_default();
    };
    let of = |entry: std::fs::DirEntry| match entry.file_type() {
        Ok(kind) if kind.is_dir() => bytes_in(&entry.path()),
        _ => entry.metadata().map(|data| data.len()).unwrap_or_default(),
    };
    entries.flatten().map(of).sum()
}

/// A size as `-h` shows it.
#[expect(clippy::cast_precision_loss, reason = "shown to one digit")]
pub(crate) fn short(bytes: u64) -> String {
    let mut value = bytes as f64;
    for unit in ["", "K", "M", "G"] {
        if value < 1024.0 {
            return if value < 10.0 && !unit.is_empty() {
                format!("{value:.1}{unit}")
            } else {
                format!("{value:.0}{unit}")
            };
        }
        value /= 1024.0;
    }
    format!("{value:.1}T")
}

/// `free`.
pub(super) fn free(host: &Host, call: &Call) -> Answer {
    let used = host.look(Model::memory_used);
    let show = |bytes: u64| {
        if call.has(&["-h"]) {
            short(bytes) + "i"
        } else if call.has(&["-b"]) {
            bytes.to_string()
        } else if call.has(&["-m"]) {
            (bytes >> 20).to_string()
        } else {
            (bytes >> 10).to_string()
        }
    };
    let left = MEMORY - used;
    Answer::says(format!(
        "{:>20} {:>11} {:>11} {:>11} {:>11} {:>11}\n{:<8} {:>11} {:>11} {:>11} {:>11} {:>11} {:>11}\n{:<8} {:>11} {:>11} {:>11}\n",
        "total",
        "used",
        "free",
        "shared",
        "buff/cache",
        "available",
        "Mem:",
        show(MEMORY),
        show(used),
        show(left / 3),
        show(1 << 20),
        show(left * 2 / 3),
        show(left),
        "Swap:",
        show(0),
        show(0),
        show(0)
    ))
}

/// `ps`, in the columns that the checks ask for; without, those of `ps aux`.
pub(super) fn ps(host: &Host, call: &Call) -> Answer {
    let processes = host.look(Model::processes);
    let mut out = String::new();
    if call.words().iter().any(|word| word.contains("rss=")) {
        for one in processes {
            out.push_str(&format!("{} {} {} {}\n", one.memory / 1024, one.pid, one.user, one.command));
        }
    } else {
        out.push_str("USER         PID %CPU %MEM   RSS COMMAND\n");
        for one in processes {
            out.push_str(&format!(
                "{:<8} {:>7} {:>4.1} {:>5} {:>6} {}\n",
                one.user,
                one.pid,
                one.load * 200.0,
                one.memory * 100 / MEMORY,
                one.memory / 1024,
                one.command
            ));
        }
    }
    Answer::says(out)
}

/// `pgrep -x 'cron|crond'`.
pub(super) fn pgrep(host: &Host, call: &Call) -> Answer {
    let words = call.words();
    let pattern = words.iter().rev().find(|word| !word.starts_with('-')).copied().unwrap_or_default();
    let names: Vec<&str> = pattern.split('|').collect();
    let found: String = host.look(|model| {
        let processes = model.processes().into_iter().filter(|one| names.contains(&one.name.as_str()));
        processes.map(|one| format!("{}\n", one.pid)).collect()
    });
    Answer::ends(u8::from(found.is_empty()), found)
}

/// `uptime`.
pub(super) fn uptime(host: &Host) -> Answer {
    let now = host.clock.now();
    let (booted, load) = host.look(|model| (model.machine.booted, model.load(now) * 2.0));
    let up = now - booted;
    let local = now.with_timezone(&crate::host::files::backups::zone());
    Answer::says(format!(
        " {} up {} days, {:2}:{:02},  1 user,  load average: {load:.2}, {:.2}, {:.2}\n",
        local.format("%H:%M:%S"),
        up.num_days(),
        up.num_hours() % 24,
        up.num_minutes() % 60,
        load * 0.9,
        load * 0.8
    ))
}

/// `uname`.
pub(super) fn uname(call: &Call) -> Answer {
    Answer::says(match call.words().first().copied() {
        Some("-r") => format!("{KERNEL}\n"),
        Some("-a") => format!("Linux gear-freak {KERNEL} #1 SMP x86_64 GNU/Linux\n"),
        Some("-n") => "gear-freak\n".to_owned(),
        Some("-m") => "x86_64\n".to_owned(),
        _ => "Linux\n".to_owned(),
    })
}

/// `date`: the machine's own program, which is told the time of this world where that is another.
pub(super) fn date(host: &Host, call: &Call) -> Answer {
    let mut words = vec!["/usr/bin/date".to_owned()];
    let asks_for_another =
        |word: &String| word.starts_with("-d") || word.starts_with("--date") || word.starts_with("-r");
    let moved = (host.clock.now() - DateTime::<Utc>::from(std::time::SystemTime::now())).num_milliseconds().abs() > 20;
    if moved && !call.arguments.iter().any(asks_for_another) {
        let now = host.clock.now();
        words.push(format!("--date=@{}.{:09}", now.timestamp(), now.timestamp_subsec_nanos()));
    }
    words.extend(call.arguments.iter().cloned());
    Answer::becomes(words)
}

/// `crontab -l`.
pub(super) fn crontab(call: &Call) -> Answer {
    if call.environment.contains_key("SUDO_USER") {
        return Answer::fails(1, "no crontab for root\n");
    }
    match call.words().as_slice() {
        ["-l"] => Answer::says("0 3 * * * /opt/gear_freak/backup.sh >> /var/log/backup.log 2>&1\n"),
        _ => Answer::fails(1, "crontab: the practice host's crontab can only be listed (-l)\n"),
    }
}
