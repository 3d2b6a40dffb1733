//! Where the machine allows no namespaces, nothing is run for real: the model itself answers the commands that the checks send,
//! part by part, and every single program of its own. Whatever else is sent is told that it was not run.

use std::fmt::Write;
use std::io::{Read, Write as _};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;

use super::core::Host;
use super::files::{backups, meters};
use super::leaves::{self, Answer, Call, Input};

/// What stands before the name of a part, in a script and in its output.
const MARK: &str = "==signoff ";

/// How far apart the two readings of the meters are.
const BETWEEN: Duration = Duration::from_millis(250);

/// Answers `line`, as the SSH server got it.
pub(crate) async fn answer(host: &Arc<Host>, line: &str) -> Answer {
    let (marker, command) = unwrapped(line);
    let mut answer = match parts_of(&command) {
        parts if parts.is_empty() => single(host, &command).await,
        parts => Answer::says(several(host, &command, &parts).await),
    };
    if let Some(marker) = marker {
        answer.out.splice(0..0, format!("{marker}\n").into_bytes());
        answer.err.insert_str(0, &format!("{marker}\n"));
    }
    answer
}

/// What says where the output begins, on both streams, and the script that a line runs: `sh -c '… echo MARKER; …' sh 'SCRIPT'`,
/// where the script is written for `printf %b`. Any other line is its own script.
fn unwrapped(line: &str) -> (Option<String>, String) {
    let Some((_, inner)) = line.split_once("sh -c '") else { return (None, line.to_owned()) };
    let inner = inner.strip_suffix('\'').unwrap_or(inner);
    let Some((begins, script)) = inner.split_once("' sh '") else { return (None, inner.replace(r"'\''", "'")) };
    let marker = begins.split("echo ").nth(1).and_then(|rest| rest.split([' ', ';']).next());
    (marker.map(|marker| marker.replace("$PPID", "1")), unescaped(script))
}

/// What `printf %b` makes of `text`: `\0` with three octal digits behind it is a character.
fn unescaped(text: &str) -> String {
    let mut pieces = text.split(r"\0");
    let mut plain = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let code = piece.get(..3).and_then(|digits| u8::from_str_radix(digits, 8).ok());
        if let Some((code, rest)) = code.zip(piece.get(3..)) {
            plain.push(char::from(code));
            plain.push_str(rest);
        } else {
            plain.push_str(r"\0");
            plain.push_str(piece);
        }
    }
    plain
}

/// The parts of a script: their names, and what is run in each.
fn parts_of(script: &str) -> Vec<(String, String)> {
    let part = |text: &str| {
        let name = text.split(['\n', ';']).next().unwrap_or_default();
        let body = text.split_once('\n').map_or("", |(_, body)| body);
        (name.trim().trim_matches('\'').to_owned(), body.to_owned())
    };
    script.split("%s\\n' ").skip(1).map(part).collect()
}

/// One program of the model, with variables and `sudo` before it.
async fn single(host: &Arc<Host>, command: &str) -> Answer {
    let words: Vec<String> = command.split_whitespace().map(|word| word.trim_matches('\'').to_owned()).collect();
    let skipped = |word: &str| word == "sudo" || word == "-n" || (word.contains('=') && !word.starts_with('-'));
    let rest: Vec<String> = words.iter().skip_while(|word| skipped(word)).cloned().collect();
    // Everybody is root here.
    if let Some(rest) = command.strip_prefix("set -- ").filter(|rest| rest.contains("\n# may.sh ")) {
        let program = rest.split_whitespace().next().unwrap_or_default().trim_matches('\'');
        return Answer::says(format!("may /usr/bin/{program}\n"));
    }
    if command.contains("{{.LogPath}}") {
        return Answer::says(format!("{}\n", host.look(|model| model.machine.container_log)));
    }
    if let Some(found) = find(host, command) {
        return Answer::says(found);
    }
    if let Some((sql, _)) = command.split_once("<<'SQL'\n").and_then(|(_, rest)| rest.split_once("\nSQL")) {
        return database(host, sql).await;
    }
    let is_plain = !command.contains(['|', '&', '>', '<', '`', '$']) || command.contains("nginx -v");
    match rest.split_first() {
        Some((program, arguments)) if is_plain || program.starts_with("PATH") => {
            let (program, arguments) = if command.contains("nginx -v") {
                ("nginx", vec!["-v".to_owned()])
            } else {
                (program.as_str(), arguments.to_vec())
            };
            let call = Call { name: program.to_owned(), arguments, ..Call::default() };
            let mut answer = leaves::answer(host, &call, &mut Input::none())
                .await
                .unwrap_or_else(|error| Answer::fails(1, error.to_string()));
            if command.contains("2>&1") {
                answer.out.extend(std::mem::take(&mut answer.err).into_bytes());
            }
            // What would become another program is not run.
            if answer.run.is_some() { not_run(command) } else { answer }
        }
        _ => not_run(command),
    }
}

fn not_run(command: &str) -> Answer {
    let first: String = command.lines().next().unwrap_or_default().chars().take(60).collect();
    Answer::fails(126, format!("sh: the practice host runs no commands on this machine: {first}\n"))
}

/// The files that a check measures: mode, owner, size, time and path of each.
fn find(host: &Host, command: &str) -> Option<String> {
    let mut out = String::new();
    let mut any = false;
    for line in command.lines().filter(|line| line.contains("find -L ") && line.contains("%m %U:%u")) {
        any = true;
        let word =
            |after: &str| line.split(after).nth(1)?.split_whitespace().next().map(|word| word.trim_matches('\''));
        let (Some(folder), Some(name)) = (word("find -L "), word(" -name ")) else { continue };
        let skips = line.contains("! -name");
        for (file, data) in entries(&host.root.join(folder.trim_start_matches('/'))) {
            let fits = match name.split_once('*') {
                Some((before, after)) => file.starts_with(before) && file.ends_with(after),
                None => file == name,
            };
            if fits && !(skips && file.ends_with(".gz")) {
                use std::os::unix::fs::PermissionsExt;
                let _ = writeln!(
                    out,
                    "{:o} 0:root {} {} {folder}/{file}",
                    data.permissions().mode() & 0o777,
                    data.len(),
                    changed(&data)
                );
            }
        }
    }
    any.then_some(out)
}

fn entries(folder: &Path) -> Vec<(String, std::fs::Metadata)> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut found: Vec<_> = entries
        .filter_map(|entry| Some((entry.file_name().to_string_lossy().into_owned(), entry.metadata().ok()?)))
        .filter(|(_, data)| data.is_file())
        .collect();
    found.sort_by(|one, other| one.0.cmp(&other.0));
    found
}

fn changed(data: &std::fs::Metadata) -> i64 {
    data.modified().map(chrono::DateTime::<chrono::Utc>::from).map(|at| at.timestamp()).unwrap_or_default()
}

/// A file of the host.
fn file(host: &Host, path: &str) -> String {
    std::fs::read_to_string(host.root.join(path)).unwrap_or_default()
}

/// What a program of the model prints.
async fn program(host: &Arc<Host>, line: &str) -> Answer {
    let mut words = line.split_whitespace().map(str::to_owned);
    let call = Call { name: words.next().unwrap_or_default(), arguments: words.collect(), ..Call::default() };
    leaves::answer(host, &call, &mut Input::none()).await.unwrap_or_default()
}

async fn printed(host: &Arc<Host>, line: &str) -> String {
    String::from_utf8_lossy(&program(host, line).await.out).into_owned()
}

/// The output of a script in parts.
async fn several(host: &Arc<Host>, script: &str, parts: &[(String, String)]) -> String {
    let has = |name: &str| parts.iter().any(|(part, _)| part == name);
    let readings = if script.contains("counters()") {
        let first = reading(host);
        tokio::time::sleep(BETWEEN).await;
        Some((first, reading(host)))
    } else {
        None
    };
    let mut out = String::new();
    for (name, body) in parts {
        if name == "file" {
            for site in super::model::SITES {
                let _ =
                    write!(out, "\n{MARK}file\n{}", file(host, &format!("etc/letsencrypt/live/{site}/fullchain.pem")));
            }
            continue;
        }
        let text = match (name.as_str(), &readings) {
            ("first", Some((first, _))) => first.clone(),
            ("second", Some((_, second))) => second.clone(),
            ("processes-first" | "processes-second", _) => String::new(),
            ("load", _) => file(host, "proc/loadavg"),
            ("meminfo", _) => file(host, "proc/meminfo"),
            ("vmstat", _) => file(host, "proc/vmstat").lines().filter(|line| line.starts_with("oom_kill")).collect(),
            ("processes", _) => printed(host, "ps -eo rss=,pid=,user=,args=")
                .await
                .lines()
                .take(8)
                .map(|line| format!("{line}\n"))
                .collect(),
            ("stat", _) => file(host, "proc/stat").lines().next().unwrap_or_default().to_owned(),
            ("traffic", _) => file(host, "proc/net/dev"),
            ("tcp", _) => file(host, "proc/net/snmp"),
            ("zone", _) => "+0900".to_owned(),
            ("folder", _) => "yes".to_owned(),
            ("files", _) => backup_files(host, body.contains("sha256sum")),
            ("end", _) => "yes".to_owned(),
            ("crontabs", _) => printed(host, "crontab -l").await,
            ("daemon", _) => "active".to_owned(),
            ("script", _) => "executable".to_owned(),
            ("log", _) => "writable".to_owned(),
            ("last", _) => {
                let data = std::fs::metadata(host.root.join("var/log/backup.log"));
                data.map(|data| (host.clock.now().timestamp() - changed(&data)).to_string()).unwrap_or_default()
            }
            ("keep", _) => "7".to_owned(),
            ("tail", _) => {
                file(host, "var/log/backup.log").lines().rev().take(5).map(|line| format!("{line}\n")).collect()
            }
            ("installed", _) => "/usr/bin/fail2ban-client".to_owned(),
            ("banned", _) => {
                let answer = program(host, "fail2ban-client get sshd banip --with-time").await;
                String::from_utf8_lossy(&answer.out).into_owned() + &answer.err
            }
            ("manager", _) => "dnf".to_owned(),
            ("list", _) => printed(host, "dnf check-update").await,
            ("ended", _) if has("severities") => "0".to_owned(),
            ("ended", _) => program(host, "dnf check-update").await.code.to_string(),
            ("security", _) => printed(host, "dnf updateinfo list --security").await,
            ("age", _) => "60".to_owned(),
            ("reboot", _) => {
                if host.look(|model| model.machine.reboot_due) { "yes\nopenssl-libs" } else { "no" }.to_owned()
            }
            ("severities", _) => "      2 LOW\n      1 MEDIUM".to_owned(),
            ("counted", _) if body.contains("journalctl") => logins(host),
            ("counted", _) => visits(host, script),
            ("found", _) => "read /var/log/nginx\nread docker:serverpod\nend".to_owned(),
            ("errors", _) => errors(host, script).0,
            ("counts", _) => errors(host, script).1,
            (size, _) if size.starts_with("size:") => printed(host, &format!("du -skx -- {}", &size[5..])).await,
            (path, _) if path.starts_with('/') => printed(host, &disk(body, path)).await,
            _ => String::new(),
        };
        let _ = write!(out, "\n{MARK}{name}\n{text}\n");
    }
    out
}

/// The `df` of one path.
fn disk(body: &str, path: &str) -> String {
    let options = body.split("df ").nth(1).and_then(|rest| rest.split(" -- ").next()).unwrap_or("-B1");
    format!("df {options} -- {path}")
}

fn reading(host: &Host) -> String {
    if let Err(error) = meters::write(host) {
        tracing::warn!(%error, "the practice host's meters cannot be written");
    }
    let now = host.clock.now();
    let mut text = format!("{}\n", now.timestamp_nanos_opt().unwrap_or_default());
    for path in ["proc/uptime", "proc/stat"] {
        for line in file(host, path)
            .lines()
            .filter(|line| line.starts_with("cpu") || line.starts_with(|c: char| c.is_ascii_digit()))
        {
            let _ = writeln!(text, "/{path}:{line}");
        }
    }
    for id in host
        .look(|model| model.containers.iter().filter(|one| one.is_up()).map(|one| one.id.clone()).collect::<Vec<_>>())
    {
        let path = format!("sys/fs/cgroup/system.slice/docker-{id}.scope/cpu.stat");
        for line in file(host, &path).lines().filter(|line| line.starts_with("usage_usec")) {
            let _ = writeln!(text, "/{path}:{line}");
        }
    }
    text
}

fn backup_files(host: &Host, unpacked: bool) -> String {
    let mut out = String::new();
    for (name, data) in entries(&host.root.join(backups::FOLDER)) {
        if !unpacked {
            let _ = writeln!(out, "{} {name}", data.len());
            continue;
        }
        let content = std::fs::read(host.root.join(backups::FOLDER).join(&name)).unwrap_or_default();
        let mut text = String::new();
        let whole = GzDecoder::new(content.as_slice()).read_to_string(&mut text).is_ok()
            && text.contains("PostgreSQL database dump complete");
        let digest = super::noise::digits(content.len() as u64, &text, 64);
        let _ = writeln!(out, "{} {} {} {digest} {name}", data.len(), changed(&data), if whole { "yes" } else { "no" });
    }
    out
}

/// What `psql` says to a statement that it is given as it stands.
async fn database(host: &Arc<Host>, sql: &str) -> Answer {
    let arguments = ["exec", "gear_freak_postgres", "psql", "-At", "-U", "postgres", "-d", "gear_freak", "-c", sql];
    let call = Call { name: "docker".to_owned(), arguments: arguments.map(str::to_owned).to_vec(), ..Call::default() };
    leaves::answer(host, &call, &mut Input::none()).await.unwrap_or_default()
}

fn logins(host: &Host) -> String {
    let now = host.clock.now();
    let lines = host.look(|model| model.logins(now - chrono::TimeDelta::days(7), now));
    let mut tries: std::collections::BTreeMap<&str, u32> = std::collections::BTreeMap::new();
    for line in lines.iter().filter(|line| line.text.contains("nvalid user")) {
        if let Some(address) = line.text.split(" from ").nth(1).and_then(|rest| rest.split(' ').next()) {
            *tries.entry(address).or_default() += 1;
        }
    }
    let mut out = format!("lines {}\ntotal {}\n", lines.len(), tries.values().sum::<u32>());
    for (address, count) in tries {
        let _ = writeln!(out, "top {address} {count}");
    }
    out
}

/// The visits of the API since the script's own `@SECONDS`.
fn visits(host: &Host, script: &str) -> String {
    let since = script
        .split("-newermt @")
        .nth(1)
        .and_then(|rest| rest.split_whitespace().next()?.parse::<i64>().ok())
        .unwrap_or_default();
    let folder = host.root.join("var/log/nginx");
    let (mut total, mut limited, mut failed, mut own, mut sent, mut files) = (0_u64, 0_u64, 0_u64, 0_u64, 0_u64, 0_u64);
    let (mut by, mut days) =
        (std::collections::BTreeMap::<String, u64>::new(), std::collections::BTreeMap::<String, u64>::new());
    for (name, data) in
        entries(&folder).into_iter().filter(|(name, _)| name.starts_with("api.gear-freaks.com.access.log"))
    {
        if changed(&data) < since {
            continue;
        }
        files += 1;
        let content = std::fs::read(folder.join(&name)).unwrap_or_default();
        let mut text = String::new();
        let unpacked = GzDecoder::new(content.as_slice()).read_to_string(&mut text);
        let text = if unpacked.is_ok() { text } else { String::from_utf8_lossy(&content).into_owned() };
        for line in text.lines() {
            let when = line
                .split(['[', ']'])
                .nth(1)
                .and_then(|when| chrono::DateTime::parse_from_str(when, "%d/%b/%Y:%H:%M:%S %z").ok());
            let Some(when) = when.filter(|when| when.timestamp() >= since) else { continue };
            if line.contains("\"signoff/") {
                own += 1;
                continue;
            }
            let mut answer = line.split("\" ").nth(1).unwrap_or_default().split(' ');
            let status: u16 = answer.next().and_then(|status| status.parse().ok()).unwrap_or_default();
            total += 1;
            sent += answer.next().and_then(|bytes| bytes.parse::<u64>().ok()).unwrap_or_default();
            limited += u64::from(status == 429);
            failed += u64::from(status >= 500);
            *by.entry(line.split(' ').next().unwrap_or_default().to_owned()).or_default() += 1;
            *days.entry(when.format("%Y%m%d").to_string()).or_default() += 1;
        }
    }
    let mut out = format!(
        "files {files}\ntotal {total}\nmalformed 0\nown {own}\nlimited {limited}\nfailed {failed}\nsent {sent}\nknown {}\nothers 0\npeak 9\n",
        by.len()
    );
    for (day, count) in days {
        let _ = writeln!(out, "day {day} {count}");
    }
    for (address, count) in by {
        let _ = writeln!(out, "top {address} {count}");
    }
    out
}

/// What of serverpod's log may be errors (packed); when it begins, and how many lines and bytes it has.
fn errors(host: &Host, script: &str) -> (String, String) {
    let now = host.clock.now();
    let since = script.split("--since ").nth(1).and_then(|rest| rest.split_whitespace().next());
    let since = since.and_then(|text| chrono::DateTime::parse_from_rfc3339(text).ok()).map_or(now, |at| at.to_utc());
    let lines = host.look(|model| model.container_log("serverpod", since, now));
    let mut kinds: std::collections::BTreeMap<String, (u32, &str)> = std::collections::BTreeMap::new();
    for line in lines.iter().filter(|line| line.text.contains("ERROR") || line.text.contains("FATAL")) {
        let key = line.text.chars().map(|c| if c.is_ascii_digit() { '#' } else { c }).collect();
        kinds.entry(key).or_insert((0, &line.text)).0 += 1;
    }
    let mut report = String::from("lost 0\n");
    for (count, sample) in kinds.values() {
        let _ = writeln!(report, "= {count} {sample}");
    }
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    let packed = packer.write_all(report.as_bytes()).and_then(|()| packer.finish()).unwrap_or_default();
    let bytes: usize = lines.iter().map(|line| line.text.len() + 32).sum();
    let at = |at: chrono::DateTime<chrono::Utc>| at.to_rfc3339_opts(chrono::SecondsFormat::Nanos, true);
    let first = lines.first().map_or_else(String::new, |line| format!("first {}\n", at(line.at)));
    // One for the log, one for each program that it goes through.
    let ended = "status 0\n".repeat(3);
    let counts = format!("{first}{ended}{} {bytes}", lines.len());
    (base64::engine::general_purpose::STANDARD.encode(packed), counts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_taken_apart_as_a_shell_would() {
        let line = r#"exec timeout -k 1 5 sh -c 'export LC_ALL=C; echo --M:$PPID; echo --M:$PPID >&2; eval "…"' sh 'echo \0047a\0041\0047\0012b\0134n'"#;
        assert_eq!(unwrapped(line), (Some("--M:1".to_owned()), "echo 'a!'\nb\\n".to_owned()));
        assert_eq!(unwrapped("sh -c 'echo it'\\''s'"), (None, "echo it's".to_owned()));
        assert_eq!(unwrapped("kill -TERM 12"), (None, "kill -TERM 12".to_owned()));
    }
}
