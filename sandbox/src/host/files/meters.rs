//! What the kernel would tell below `/proc` and `/sys`, written from the model: all of it when a command begins, and what moves
//! while one runs.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::core::locked;
use crate::host::core::Host;
use crate::host::model::Model;
use crate::host::model::machine::{CORES, Counters, MEMORY};

/// How often what moves is written while a command runs. The commands read it twice, 250 ms apart.
const EVERY: Duration = Duration::from_millis(20);

/// Ticks of the kernel in a second.
const TICKS: f64 = 100.0;

/// Writes everything.
///
/// # Errors
/// A file could not be written.
pub(crate) fn write(host: &Host) -> io::Result<()> {
    let _writing = locked(&host.meters);
    host.count();
    let (files, pids, logs) = host.look(|model| (still(model), pids(model), logs(model)));
    for (path, text) in files {
        put(&host.root, &path, &text)?;
    }
    let proc = host.root.join("proc");
    for entry in std::fs::read_dir(&proc)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        // A link leads to a process that really runs in the room.
        if entry.file_type()?.is_dir() && name.parse::<u32>().is_ok_and(|pid| !pids.contains(&pid)) {
            std::fs::remove_dir_all(proc.join(name))?;
        }
    }
    for (path, size) in logs {
        let path = host.root.join(path);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        // As large as it says, and empty: it takes no room on the machine.
        std::fs::File::options().create(true).truncate(false).write(true).open(path)?.set_len(size)?;
    }
    moving(host)
}

/// Writes what moves, for as long as commands run.
pub(crate) async fn keep_moving(host: Arc<Host>) {
    loop {
        tokio::time::sleep(EVERY).await;
        if let Some(room) = host.room()
            && let Err(error) = show_processes(&host.root, room.number())
        {
            tracing::debug!(%error, "the processes of the practice host cannot be shown");
        }
        if host.is_busy() {
            let _writing = locked(&host.meters);
            host.count();
            if let Err(error) = moving(&host) {
                tracing::warn!(%error, "the practice host's meters cannot be written");
            }
        }
    }
}

/// Links every process that really runs in the room below the host's own `/proc`, and takes away the links of those that ended.
fn show_processes(root: &Path, room: u32) -> io::Result<()> {
    let run: std::collections::BTreeSet<String> = std::fs::read_dir(format!("/proc/{room}/root/dev/proc"))?
        .filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned()))
        .filter(|name| name.parse::<u32>().is_ok_and(|pid| pid > 1))
        .collect();
    let proc = root.join("proc");
    let mut linked = std::collections::BTreeSet::new();
    for entry in std::fs::read_dir(&proc)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.file_type()?.is_symlink() && name.parse::<u32>().is_ok() {
            if !run.contains(&name) {
                std::fs::remove_file(entry.path())?;
            }
            linked.insert(name);
        }
    }
    for name in run.difference(&linked) {
        std::os::unix::fs::symlink(format!("../dev/proc/{name}"), proc.join(name))?;
    }
    Ok(())
}

fn moving(host: &Host) -> io::Result<()> {
    let files = host.look(|model| moved(model, host.clock.now()));
    files.into_iter().try_for_each(|(path, text)| put(&host.root, &path, &text))
}

fn put(root: &Path, path: &str, text: &str) -> io::Result<()> {
    let path = root.join(path);
    match super::replace(&path, text.as_bytes()) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            path.parent().map_or(Ok(()), std::fs::create_dir_all)?;
            super::replace(&path, text.as_bytes())
        }
        other => other,
    }
}

fn pids(model: &Model) -> Vec<u32> {
    model.processes().into_iter().map(|process| process.pid).collect()
}

/// Where the engine keeps a container's log.
pub(crate) fn log_path(id: &str) -> String {
    format!("var/lib/docker/containers/{id}/{id}-json.log")
}

fn logs(model: &Model) -> Vec<(String, u64)> {
    let size = |service: &str| if service == "serverpod" { model.machine.container_log } else { 2_000_000 };
    model.containers.iter().map(|one| (log_path(&one.id), size(&one.service))).collect()
}

fn still(model: &Model) -> Vec<(String, String)> {
    let kb = |bytes: u64| bytes / 1024;
    let used = model.memory_used();
    let available = MEMORY - used;
    let meminfo = format!(
        "MemTotal:       {} kB\nMemFree:        {} kB\nMemAvailable:   {} kB\nBuffers:        {} kB\nCached:         {} kB\nSwapTotal:      0 kB\nSwapFree:       0 kB\n",
        kb(MEMORY),
        kb(available / 3),
        kb(available),
        2104,
        kb(available / 2)
    );
    let counters = &model.machine.counters;
    let load = model.load(counters.at) * f64::from(CORES);
    let dev = format!(
        "Inter-|   Receive                                                |  Transmit\n face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n    lo: 1000000 9000 0 0 0 0 0 0 1000000 9000 0 0 0 0 0 0\n  ens5: {:.0} 40100200 0 0 0 0 0 0 {:.0} 51200300 0 0 0 0 0 0\n",
        counters.received, counters.sent
    );
    let snmp = "Tcp: RtoAlgorithm RtoMin RtoMax MaxConn ActiveOpens PassiveOpens AttemptFails EstabResets CurrEstab InSegs OutSegs\nTcp: 1 200 120000 -1 40120 90210 31 77 14 4100200 5120030\n";
    vec![
        ("proc/meminfo".to_owned(), meminfo),
        ("proc/loadavg".to_owned(), format!("{load:.2} {:.2} {:.2} 1/214 24117\n", load * 0.9, load * 0.8)),
        ("proc/vmstat".to_owned(), format!("nr_free_pages {}\noom_kill {}\n", available / 3 / 4096, model.machine.oom_kills)),
        ("proc/net/dev".to_owned(), dev),
        ("proc/net/snmp".to_owned(), snmp.to_owned()),
        ("proc/net/unix".to_owned(), "Num       RefCount Protocol Flags    Type St Inode Path\n0000000000000000: 00000002 00000000 00010000 0001 01 21000 /var/run/docker.sock\n".to_owned()),
        ("proc/sys/kernel/random/boot_id".to_owned(), format!("{}\n", model.machine.boot_id)),
        ("proc/sys/kernel/osrelease".to_owned(), format!("{}\n", super::KERNEL)),
    ]
}

fn moved(model: &Model, now: chrono::DateTime<chrono::Utc>) -> Vec<(String, String)> {
    let Counters { user, system, idle, steal, containers, .. } = &model.machine.counters;
    let up = (now - model.machine.booted).as_seconds_f64().max(0.0);
    let line = |name: &str, share: f64| {
        let ticks = |seconds: f64| seconds * TICKS * share;
        format!(
            "{name} {:.0} 0 {:.0} {:.0} 0 0 0 {:.0} 0 0\n",
            ticks(*user),
            ticks(*system),
            ticks(*idle),
            ticks(*steal)
        )
    };
    let mut stat = line("cpu ", 1.0);
    for core in 0..CORES {
        stat.push_str(&line(&format!("cpu{core}"), 1.0 / f64::from(CORES)));
    }
    stat.push_str(&format!("ctxt 91200300\nbtime {}\nprocesses 241170\n", model.machine.booted.timestamp()));
    let mut files = vec![("proc/uptime".to_owned(), format!("{up:.2} {idle:.2}\n")), ("proc/stat".to_owned(), stat)];
    for container in model.containers.iter().filter(|one| one.is_up()) {
        let used = containers.get(&container.id).copied().unwrap_or_default() * 1e6;
        let path = format!("sys/fs/cgroup/system.slice/docker-{}.scope/cpu.stat", container.id);
        files.push((path, format!("usage_usec {used:.0}\nuser_usec {used:.0}\nsystem_usec 0\n")));
    }
    for process in model.processes() {
        let of_container = model.containers.iter().find(|one| one.pid == process.pid);
        let seconds = of_container
            .and_then(|one| containers.get(&one.id).copied())
            .unwrap_or(up * process.load * f64::from(CORES));
        let ticks = seconds * TICKS;
        let text = format!(
            "{} ({}) S 1 {0} {0} 0 -1 4194560 900 0 12 0 {ticks:.0} 0 0 0 20 0 1 0 310 40960000 {} 18446744073709551615 0 0\n",
            process.pid,
            process.name,
            process.memory / 4096
        );
        files.push((format!("proc/{}/stat", process.pid), text));
    }
    files
}
