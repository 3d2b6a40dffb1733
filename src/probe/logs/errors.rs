//! The errors of a container's log over days. The host keeps only the lines that may be errors, groups those that differ
//! in nothing but digits, and sends one of each with how many there were, compressed; what an error is, and which are the
//! same, is judged here, by the same rules as for the last half hour.

use std::collections::HashMap;
use std::io::Read;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, TimeDelta, Utc};
use flate2::read::GzDecoder;

use super::count;
use crate::domain::evidence::{Evidence, Looked, Measurement, Status};
use crate::domain::log_line::{Severity, normalise, severity};
use crate::domain::mask::Masker;
use crate::domain::message::Message;
use crate::domain::probe::LogErrors;
use crate::domain::quantity::Quantity;
use crate::host::Output;
use crate::probe::docker::names_of;
use crate::probe::script::{mark, part};
use crate::probe::text::{LINE_LENGTH, OUTPUT_LENGTH, clip, fit, quoted};
use crate::probe::{Watch, World, could_not};

/// How many of the most frequent patterns are told.
const TOP: usize = 10;

/// How many kinds of lines the host tells apart; the rest is counted and not shown.
const KINDS: usize = 5000;

/// The most that is unpacked of what the host sends, in bytes.
const MOST: u64 = 32 << 20;

/// How much later than asked a log may begin before it is said, in seconds.
const SLACK: i64 = 60;

pub(in crate::probe) async fn look(probe: &LogErrors, world: &World, watch: &Watch) -> Looked {
    let days = Quantity::duration(probe.since);
    let what = |names: &str| format!("docker logs --since {days} {names} | grep -i error");
    let containers = names_of(&probe.service, world, watch).await;
    let containers = containers.map_err(|why| could_not(what(&probe.service), why))?;
    let what = what(&containers.join(" "));
    let since = world.now - TimeDelta::from_std(probe.since).unwrap_or_default();
    let output = match world.run(&script(&containers, since), watch).await {
        Ok(output) => output,
        Err(why) => return Err(could_not(what, why)),
    };
    read(what, &output, containers.len(), since, &world.masker)
}

/// What the host sent of `logs` logs, where each of them was read to its end.
fn read(what: String, output: &Output, logs: usize, since: DateTime<Utc>, masker: &Masker) -> Looked {
    let counts = part(&output.stdout.text, "counts");
    let sent = part(&output.stdout.text, "errors");
    let whole = output.stdout.dropped == 0 && all_ran(counts, logs);
    let report = unpacked(sent).filter(|_| whole);
    if let Some(read) = report.and_then(|report| Digest::of(&report, counts, masker)) {
        return Ok(seen(what, &read, since, sent.len()));
    }
    // Docker says it in the place of the log, the others beside it.
    let said = counts.lines().filter_map(|line| line.strip_prefix("said ")).chain([output.stderr.text.trim()]);
    let said = said.filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n");
    let reason = if said.contains("permission denied") { "probe-logs-no-docker" } else { "probe-logs-garbled" };
    let mut failed = could_not(what, Message::new(reason));
    failed.output = fit(&said, masker, OUTPUT_LENGTH);
    Err(failed)
}

/// Whether `docker logs` ended well for each of the logs, and `tee` and `grep` did: where one of them cannot run, a log holds
/// no error either.
fn all_ran(counts: &str, logs: usize) -> bool {
    let statuses: Vec<_> = counts.lines().filter_map(|line| line.strip_prefix("status ")).collect();
    statuses.len() == logs + 2 && statuses.iter().all(|status| *status == "0")
}

/// What marks a line that may be an error: `grep` looks for it, which is quicker than `awk` by far. In front of each line
/// stands its time. The classes stand for both cases: with `-i` it is slower. The last four are Korean: error (in two
/// words), exception, fatal.
const SUSPECT: &str = "[Ee][Rr][Rr]|[Cc][Rr][Ii][Tt]|[Ff][Aa][Tt][Aa][Ll]|[Pp][Aa][Nn][Ii][Cc]|[Ee][Mm][Ee][Rr][Gg]|\
    [Ee]xception|EXCEPTION|[Tt]raceback|[Ss][Ee][Vv][Ee][Rr][Ee]|[Ss][Hh][Oo][Uu][Tt]|[Aa][Ll][Ee][Rr][Tt]|\
    ([Ll]evel|[Ss]everity|[Pp]riority)\"?[:=] *\"?[0-9]|^[^ ]+ *<[0-9]|^[^ ]+ [EFef][0-9][0-9][0-9][0-9] |\
    \u{c624}\u{b958}|\u{c5d0}\u{b7ec}|\u{c608}\u{c678}|\u{ce58}\u{ba85}";

fn script(containers: &[String], since: DateTime<Utc>) -> String {
    let since = since.format("%Y-%m-%dT%H:%M:%SZ");
    // Of lines that differ in nothing but digits one is kept, and how many there were.
    let program = format!(
        "{{ line = substr($0, index($0, \" \") + 1, 1000); key = substr(line, 1, 300); gsub(/[0-9]+/, \"#\", key)
  if (key in seen) seen[key]++
  else if (kinds < {KINDS}) {{ kinds++; seen[key] = 1; sample[key] = line }}
  else lost++ }}
END {{ printf \"lost %.0f\\n\", lost; for (key in seen) printf \"= %d %s\\n\", seen[key], sample[key] }}"
    );
    // 3 is what is sent, 4 the counts, 5 a copy of the log. The log is read once: of its first line the time is taken on the
    // way, the whole of it goes to `wc`, the copy to `grep`. A line without a time is not the container's but Docker's. A
    // pipe ends as its last program does, so that each of the others tells how it ended; all read to the end, so that
    // nobody's pipe breaks.
    let read = |container: &String| {
        format!(
            "{{ nice docker logs --timestamps --since {since} {} 2>&1; echo \"status $?\" >&4; }} \
| {{ {{ IFS= read -r line || [ -n \"$line\" ]; }} \
&& case $line in [0-9]*) echo \"first ${{line%% *}}\" ;; *) printf 'said %.300s\\n' \"$line\" ;; esac >&4 \
&& printf '%s\\n' \"$line\" && cat; }}",
            quoted(container)
        )
    };
    let logs = containers.iter().map(read).collect::<Vec<_>>().join("\n");
    [
        "export LC_ALL=C".to_owned(),
        mark("errors"),
        "exec 3>&1".to_owned(),
        format!(
            "counts=$({{ {{ {{\n{logs}\n}} | {{ tee /dev/fd/5; echo \"status $?\" >&4; }} | wc -lc >&4; }} 5>&1 \
| {{ nice grep -aE '{SUSPECT}'; [ $? -le 1 ]; echo \"status $?\" >&4; }} | nice awk '{program}' | gzip -6 | base64 >&3; }} 4>&1)"
        ),
        mark("counts"),
        "echo \"$counts\"".to_owned(),
    ]
    .join("\n")
}

/// What the host sent, as text.
fn unpacked(sent: &str) -> Option<String> {
    let packed: String = sent.split_whitespace().collect();
    let bytes = STANDARD.decode(packed).ok()?;
    let mut text = Vec::new();
    GzDecoder::new(bytes.as_slice()).take(MOST).read_to_end(&mut text).ok()?;
    Some(String::from_utf8_lossy(&text).into_owned())
}

/// What a log holds.
#[derive(Debug, Default)]
struct Digest {
    lines: f64,
    bytes: f64,
    lost: f64,
    first: Option<DateTime<Utc>>,
    errors: f64,
    critical: f64,
    /// By what is left when all that changes is left out: how many, and one of them.
    patterns: Vec<(String, f64, String)>,
}

impl Digest {
    /// `counts` has when the first line of each log was written, and lines and bytes of all, as `wc` gives them.
    fn of(report: &str, counts: &str, masker: &Masker) -> Option<Self> {
        let first = counts.lines().filter_map(|line| line.strip_prefix("first "));
        let first = first.filter_map(|time| DateTime::parse_from_rfc3339(time).ok());
        let numbers = counts.lines().map(str::trim_start).find(|line| line.starts_with(|c: char| c.is_ascii_digit()));
        let mut counts = numbers.unwrap_or_default().split_whitespace().map_while(|number| number.parse().ok());
        let mut read = Self {
            lines: counts.next()?,
            bytes: counts.next()?,
            lost: super::field(report, "lost")?,
            first: first.map(|time| time.to_utc()).min(),
            ..Self::default()
        };
        let mut patterns: HashMap<String, (f64, String)> = HashMap::new();
        for line in report.lines().filter_map(|line| line.strip_prefix("= ")) {
            let Some((number, line)) = line.split_once(' ') else { continue };
            let Ok(number) = number.parse::<f64>() else { continue };
            match severity(line) {
                Severity::Other => continue,
                Severity::Critical => read.critical += number,
                Severity::Error => {}
            }
            read.errors += number;
            let entry = patterns.entry(normalise(&masker.mask(line))).or_default();
            entry.0 += number;
            if entry.1.is_empty() {
                entry.1 = fit(line.trim_end(), masker, LINE_LENGTH);
            }
        }
        read.patterns = patterns.into_iter().map(|(pattern, (number, sample))| (pattern, number, sample)).collect();
        read.patterns.sort_by(|one, other| other.1.total_cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
        Some(read)
    }
}

fn seen(what: String, read: &Digest, since: DateTime<Utc>, sent: usize) -> Evidence {
    let mut evidence = Evidence { what, status: Some(Status::Answered), ..Evidence::default() };
    let lines: Vec<String> =
        read.patterns.iter().take(TOP).map(|(_, number, sample)| format!("{number:>6} × {sample}")).collect();
    let errors = Measurement::quantity("errors", count(read.errors));
    evidence.measurements = vec![
        errors.shown_by(lines.clone()),
        Measurement::quantity("critical", count(read.critical)),
        Measurement::quantity("lines", count(read.lines)),
    ];
    for (pattern, number, sample) in read.patterns.iter().take(TOP) {
        let measurement = Measurement::quantity("pattern", count(*number)).of(clip(pattern, 120));
        evidence.measurements.push(measurement.shown_by(vec![format!("{number:>6} × {sample}")]));
    }
    // Nothing is wrong with a log that holds no error: there is a number to compare all the same.
    if read.patterns.is_empty() {
        evidence.measurements.push(Measurement::quantity("pattern", count(0.0)));
    }
    match read.first {
        Some(first) if (first - since).num_seconds() > SLACK => {
            let late = Quantity::seconds((first - since).as_seconds_f64());
            evidence.notes.push(Message::new("probe-logs-begins-later").with("late", late));
        }
        Some(_) => {}
        None => evidence.notes.push(Message::new("probe-logs-empty")),
    }
    if read.lost > 0.0 {
        evidence.notes.push(Message::new("probe-logs-lost").with("count", count(read.lost)));
    }
    let sent = Quantity::bytes(f64::from(u32::try_from(sent).unwrap_or(u32::MAX)));
    let message = Message::new("probe-logs-read").with("lines", count(read.lines));
    evidence.notes.push(message.with("bytes", Quantity::bytes(read.bytes)).with("sent", sent));
    evidence.output = clip(&lines.join("\n"), OUTPUT_LENGTH).into_owned();
    evidence
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::process::Command;
    use std::time::Duration;

    use super::*;
    use crate::domain::evidence::Value;
    use crate::host::Captured;

    /// Reads the logs of `a` and `b` by the script itself, on a machine that has these programs, and a `docker` that is this.
    fn looked(programs: &[&str], docker: Option<&str>) -> Looked {
        let folder = tempfile::TempDir::new().unwrap();
        let path = std::env::var("PATH").unwrap();
        for name in programs {
            let program = std::env::split_paths(&path).map(|place| place.join(name)).find(|path| path.exists());
            symlink(program.unwrap(), folder.path().join(name)).unwrap();
        }
        if let Some(body) = docker {
            let file = folder.path().join("docker");
            fs::write(&file, format!("#!/bin/sh\n{body}\n")).unwrap();
            fs::set_permissions(file, fs::Permissions::from_mode(0o755)).unwrap();
        }
        let since = DateTime::parse_from_rfc3339("2026-11-15T00:00:00Z").unwrap().to_utc();
        let script = script(&["a".to_owned(), "b".to_owned()], since);
        let output = Command::new("/bin/sh").args(["-c", &script]).env("PATH", folder.path()).output().unwrap();
        let captured = |bytes: &[u8]| Captured { text: String::from_utf8_lossy(bytes).into_owned(), dropped: 0 };
        let (stdout, stderr) = (captured(&output.stdout), captured(&output.stderr));
        let output = Output { status: Some(Status::Exit(0)), stdout, stderr, elapsed: Duration::ZERO };
        read(String::new(), &output, 2, since, &Masker::default())
    }

    const PROGRAMS: &[&str] = &["nice", "grep", "awk", "gzip", "base64", "tee", "wc", "cat"];

    #[test]
    fn a_log_that_docker_does_not_give_to_its_end_is_no_log_without_errors() {
        let line = "echo 2026-11-15T00:00:01.5Z INFO fine";
        let gone = "echo Error response from daemon: No such container: b >&2; exit 1";
        let forbidden = "echo permission denied while trying to connect to the Docker daemon socket >&2; exit 1";
        for (docker, reason, said) in [
            (None, "probe-logs-garbled", "docker"),
            (Some(forbidden.to_owned()), "probe-logs-no-docker", "daemon socket"),
            (Some(format!("case \"$*\" in *b) {gone};; esac; {line}")), "probe-logs-garbled", "No such container: b"),
            (Some(format!("{line}; {gone}")), "probe-logs-garbled", ""),
        ] {
            let failed = looked(PROGRAMS, docker.as_deref()).unwrap_err();
            assert!(failed.reason.key == reason && failed.output.contains(said), "{docker:?}: {failed:?}");
        }
        for missing in ["grep", "tee", "wc", "awk"] {
            let programs: Vec<_> = PROGRAMS.iter().copied().filter(|name| *name != missing).collect();
            assert!(looked(&programs, Some(line)).is_err(), "without {missing}");
        }
    }

    #[test]
    fn a_log_is_counted_whatever_its_length_and_wherever_the_container_wrote() {
        let of = |docker: &str| {
            let evidence = looked(PROGRAMS, Some(docker)).unwrap();
            let number = |name: &str| {
                let found = evidence.measurements.iter().find(|measurement| measurement.measure == name);
                found.map(|measurement| measurement.value.clone()).unwrap()
            };
            (number("lines"), number("errors"))
        };
        let counted = |lines, errors| (Value::Quantity(count(lines)), Value::Quantity(count(errors)));
        assert_eq!(of("exit 0"), counted(0.0, 0.0));
        let both = "echo 2026-11-15T00:00:01.5Z INFO fine; echo 2026-11-15T00:00:02Z ERROR order 7 is lost >&2";
        assert_eq!(of(both), counted(4.0, 2.0));
        // Longer than any pipe holds, with nothing in it that `grep` would pass on.
        let long = "awk 'BEGIN { for (n = 0; n < 50000; n++) print \"2026-11-15T00:00:01.5Z INFO fine\" }'";
        assert_eq!(of(long), counted(100_000.0, 0.0));
    }

    #[test]
    fn what_an_error_is_is_judged_here_and_equal_ones_are_one_pattern() {
        let report = "lost 0
= 40 ERROR order 17 could not be saved: duplicate key
= 2 ERROR order 17 of user 4 could not be saved: duplicate key
= 3 FATAL out of memory
= 900 INFO finished with 0 errors, error=null
= x broken";
        let first = "first 2026-11-16T00:00:00.000000001Z\nfirst 2026-11-17T00:00:00Z\n";
        let read = Digest::of(report, &format!("{first}   1000   90000"), &Masker::default()).unwrap();
        assert_eq!((read.errors, read.critical, read.lines), (45.0, 3.0, 1000.0));
        assert_eq!(read.patterns.iter().map(|(_, number, _)| *number).collect::<Vec<_>>(), [40.0, 3.0, 2.0]);
        let since = DateTime::parse_from_rfc3339("2026-11-15T00:00:00Z").unwrap().to_utc();
        let evidence = seen(String::new(), &read, since, 1234);
        assert_eq!(evidence.notes[0].key, "probe-logs-begins-later");
        assert!(Digest::of("", "", &Masker::default()).is_none());
        assert!(Digest::of(report, first, &Masker::default()).is_none(), "a log that was not read to its end");
    }

    #[test]
    fn what_was_sent_comes_out_as_it_went_in_or_not_at_all() {
        assert_eq!(unpacked("not base64!"), None);
        assert_eq!(unpacked("aGVsbG8="), None, "no gzip");
        let packed = {
            use std::io::Write;
            let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            writer.write_all("lines 1\n한국어".as_bytes()).unwrap();
            STANDARD.encode(writer.finish().unwrap())
        };
        assert_eq!(unpacked(&format!("{}\n{}", &packed[..10], &packed[10..])).as_deref(), Some("lines 1\n한국어"));
    }
}
