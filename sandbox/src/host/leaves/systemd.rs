//! systemd's programs: units, the journal, the end of the machine's day.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Answer, Call, docker};
use crate::host::core::Host;
use crate::host::files::backups::zone;

/// The services that run.
const SERVICES: [&str; 7] = ["sshd", "crond", "nginx", "docker", "fail2ban", "systemd-journald", "containerd"];

/// The timers that run.
const TIMERS: [&str; 2] = ["certbot-renew.timer", "logrotate.timer"];

fn bare(unit: &str) -> &str {
    unit.strip_suffix(".service").unwrap_or(unit)
}

fn is_known(unit: &str) -> bool {
    SERVICES.contains(&bare(unit)) || TIMERS.contains(&unit)
}

fn is_active(host: &Host, unit: &str) -> bool {
    is_known(unit) && !host.look(|model| model.stopped_units.contains(bare(unit)))
}

pub(super) fn systemctl(host: &Host, call: &Call) -> Answer {
    let words: Vec<&str> = call.words().into_iter().filter(|word| !word.starts_with('-')).collect();
    if call.has(&["--version"]) {
        return Answer::says("systemd 252 (252.23-3.amzn2023)\n");
    }
    match words.as_slice() {
        ["is-active", unit, ..] => {
            let active = is_active(host, unit);
            let word = if active { "active\n" } else { "inactive\n" };
            Answer::ends(if active { 0 } else { 3 }, if call.has(&["--quiet", "-q"]) { "" } else { word })
        }
        ["is-enabled", unit, ..] => match is_known(unit) {
            true => Answer::says("enabled\n"),
            false => Answer::fails(1, format!("Failed to get unit file state for {unit}: No such file or directory\n")),
        },
        ["is-system-running"] => Answer::says("running\n"),
        ["show", unit, ..] => show(host, call, unit),
        ["status", unit, ..] => status(host, unit),
        ["list-timers", ..] => Answer::says(format!(
            "NEXT                        LEFT LAST UNIT\n{}     certbot-renew.timer\n",
            stamp(next(host.clock.now()))
        )),
        [act @ ("reload" | "restart" | "start" | "stop" | "enable" | "disable" | "reload-or-restart"), units @ ..] => {
            for unit in units.iter().map(|unit| bare(unit)) {
                if !is_known(unit) {
                    return Answer::fails(
                        5,
                        format!("Failed to {act} {unit}.service: Unit {unit}.service not found.\n"),
                    );
                }
                host.change(|model| match *act {
                    "stop" => {
                        model.stopped_units.insert(unit.to_owned());
                    }
                    "start" | "restart" => {
                        model.stopped_units.remove(unit);
                    }
                    _ => {}
                });
                if unit == "nginx" && *act != "stop" {
                    host.change(|model| model.served.clone_from(&model.on_disk));
                }
            }
            Answer::default()
        }
        ["reboot"] => reboot(host, call),
        ["daemon-reload"] => Answer::default(),
        _ => Answer::fails(1, format!("systemctl: the practice host does not know `{}`\n", words.join(" "))),
    }
}

/// When certbot's timer comes next: at 00:00 and 12:00.
fn next(now: DateTime<Utc>) -> DateTime<Utc> {
    let half = 12 * 3600;
    DateTime::from_timestamp((now.timestamp().div_euclid(half) + 1) * half, 0).unwrap_or(now)
}

fn stamp(at: DateTime<Utc>) -> String {
    at.format("%a %Y-%m-%d %H:%M:%S UTC").to_string()
}

fn show(host: &Host, call: &Call, unit: &str) -> Answer {
    let now = host.clock.now();
    let (known, active) = (is_known(unit), is_active(host, unit));
    let is_timer = TIMERS.contains(&unit);
    let value = |name: &str| match name {
        "LoadState" => if known { "loaded" } else { "not-found" }.to_owned(),
        "ActiveState" => if active { "active" } else { "inactive" }.to_owned(),
        "SubState" => if !active {
            "dead"
        } else if is_timer {
            "waiting"
        } else {
            "running"
        }
        .to_owned(),
        "UnitFileState" if known => "enabled".to_owned(),
        "NextElapseUSecRealtime" if is_timer && active => stamp(next(now)),
        "LastTriggerUSec" if is_timer => stamp(next(now) - TimeDelta::hours(12)),
        "Result" => "success".to_owned(),
        "ExecMainStatus" => "0".to_owned(),
        _ => String::new(),
    };
    let asked = call.options(&["--property", "-p"]).join(",");
    let names = if asked.is_empty() { "LoadState,ActiveState,SubState,UnitFileState,Result".to_owned() } else { asked };
    let bare_values = call.has(&["--value"]);
    let line =
        |name: &str| if bare_values { format!("{}\n", value(name)) } else { format!("{name}={}\n", value(name)) };
    Answer::says(names.split(',').map(line).collect::<String>())
}

fn status(host: &Host, unit: &str) -> Answer {
    if !is_known(unit) {
        return Answer::fails(4, format!("Unit {unit} could not be found.\n"));
    }
    let active = is_active(host, unit);
    let word = if active { "active (running)" } else { "inactive (dead)" };
    Answer::ends(if active { 0 } else { 3 }, format!("● {unit}\n     Loaded: loaded\n     Active: {word}\n"))
}

/// `systemd-run --on-active=3 systemctl reboot`, `systemd-run --unit=… sh …`: a process that is nobody's child, begun at once or
/// when its time has come. It is seen below `/proc`, as every process of the host is.
pub(super) fn run(call: &Call) -> Answer {
    const DETACHED: &str = "wait=$1; shift; { sleep \"$wait\"; exec setsid sh -c 'ln -sfn ../dev/proc/$$ /proc/$$; exec \"$@\"' sh \"$@\"; } >/dev/null 2>&1 </dev/null &";
    let unit = call.option(&["--unit", "-u"]).unwrap_or("run-practice");
    let mut words = call.arguments.iter().peekable();
    while let Some(option) = words.next_if(|word| word.starts_with('-')) {
        if matches!(
            option.as_str(),
            "-u" | "-p" | "--unit" | "--property" | "--on-active" | "--uid" | "--gid" | "-E" | "--setenv"
        ) {
            words.next();
        }
    }
    let program: Vec<String> = words.cloned().collect();
    if program.is_empty() {
        return Answer::fails(1, "Command line to execute required.\n");
    }
    let wait = call.option(&["--on-active"]).map(|text| text.trim_end_matches(['s', 'e', 'c']).to_owned());
    let wait = wait.filter(|text| text.parse::<f64>().is_ok()).unwrap_or_else(|| "0".to_owned());
    let said = if call.has(&["--quiet", "-q"]) {
        String::new()
    } else {
        format!("echo 'Running as unit: {}.service' >&2", unit.replace('\'', ""))
    };
    let script = format!("{DETACHED}\n{said}");
    let head = ["/bin/sh", "-c", &script, "sh", &wait].map(str::to_owned);
    Answer::becomes(head.into_iter().chain(program))
}

/// The machine starts anew, a second from now: whoever asked still gets an answer.
pub(super) fn reboot(host: &Host, call: &Call) -> Answer {
    let words = call.words();
    if call.name == "shutdown" && !call.has(&["-r", "--reboot"]) {
        return Answer::fails(1, format!("shutdown: the practice host would not come back: {}\n", words.join(" ")));
    }
    let at = host.clock.now() + TimeDelta::seconds(1);
    host.change(|model| model.machine.reboots_at = Some(at));
    Answer::default()
}

/// `journalctl`: sshd's lines, or the journal's size.
pub(super) fn journalctl(host: &Host, call: &Call) -> Answer {
    let now = host.clock.now();
    if call.has(&["--disk-usage"]) {
        let size = host.look(|model| model.machine.journal);
        return Answer::says(format!(
            "Archived and active journals take up {} in the file system.\n",
            super::machine::short(size)
        ));
    }
    if call.option(&["--vacuum-time", "--vacuum-size"]).is_some() {
        let freed = host.change(|model| {
            let before = model.machine.journal;
            model.machine.journal = before.min(180_000_000);
            model.mend_disk();
            before - model.machine.journal
        });
        return Answer::fails(
            0,
            format!(
                "Vacuuming done, freed {} of archived journals from /var/log/journal.\n",
                super::machine::short(freed)
            ),
        );
    }
    let from = match call.option(&["--since", "-S"]) {
        Some(text) => docker::since(text, now).or_else(|| spoken(text, now)),
        None => Some(now - TimeDelta::days(1)),
    };
    let Some(from) = from else { return Answer::fails(1, "Failed to parse timestamp.\n") };
    let of: Vec<&str> = call.options(&["-t", "--identifier", "-u", "--unit"]);
    if !of.is_empty() && !of.iter().any(|name| name.starts_with("ssh")) {
        return Answer::says("-- No entries --\n");
    }
    let lines = host.look(|model| model.logins(from, now));
    let mut lines: Vec<String> = lines
        .into_iter()
        .map(|line| {
            format!("{} gear-freak {}\n", line.at.with_timezone(&zone()).format("%Y-%m-%dT%H:%M:%S%z"), line.text)
        })
        .collect();
    if let Some(most) = call.option(&["-n", "--lines"]).and_then(|number| number.parse::<usize>().ok()) {
        lines.drain(..lines.len().saturating_sub(most));
    }
    Answer::says(lines.concat())
}

/// `7 days ago`, `yesterday`.
fn spoken(text: &str, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let mut words = text.split_whitespace();
    let number: i64 = match words.next()? {
        "yesterday" => return Some(now - TimeDelta::days(1)),
        "today" => return Some(now - TimeDelta::hours(12)),
        number => number.parse().ok()?,
    };
    Some(
        now - match words.next()?.trim_end_matches('s') {
            "minute" | "min" => TimeDelta::minutes(number),
            "hour" => TimeDelta::hours(number),
            "day" => TimeDelta::days(number),
            "week" => TimeDelta::weeks(number),
            _ => return None,
        },
    )
}
