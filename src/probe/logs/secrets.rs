//! What looks like a secret in the host's logs. It is found and counted on the host: where and of which kind travels, the
//! secret itself never does.

use chrono::TimeDelta;

use super::count;
use crate::domain::evidence::{Evidence, Looked, Measurement, Status};
use crate::domain::message::Message;
use crate::domain::probe::LogSecrets;
use crate::probe::script::{mark, part};
use crate::probe::text::{OUTPUT_LENGTH, clip, quoted};
use crate::probe::{Watch, World, could_not, sudo};

/// Kinds of secrets, as extended regular expressions of `grep`. What is masked already (`***`, `<hidden>`) is none.
const KINDS: &[(&str, &str)] = &[
    ("aws-key", "(AKIA|ASIA)[0-9A-Z]{16}"),
    ("private-key", "-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    (
        "password",
        "(password|passwd|passphrase|secret|api[_-]?key|access[_-]?token)[\"']?[[:space:]]*[:=][[:space:]]*[\"']?[^][:space:]\"'*<>{}()$,;&[][^[:space:]\"'*<>,;&]{5,}",
    ),
    ("bearer", "[Bb]earer [A-Za-z0-9._~+/-]{20,}"),
    ("url-password", "[a-z]+://[^/[:space:]:@]+:[^/[:space:]:@*<]{3,}@"),
    ("jwt", "eyJ[A-Za-z0-9_-]{10,}[.]eyJ[A-Za-z0-9_-]{10,}[.]"),
    ("discord-token", "[MN][A-Za-z0-9_-]{23,25}[.][A-Za-z0-9_-]{6}[.][A-Za-z0-9_-]{27,}"),
];

pub(in crate::probe) async fn look(probe: &LogSecrets, world: &World, watch: &Watch) -> Looked {
    let what = format!("grep -Ec 'password=|AKIA|PRIVATE KEY' {}", probe.paths.join(" "));
    let since = world.now - TimeDelta::from_std(probe.since).unwrap_or_default();
    let since = since.format("%Y-%m-%dT%H:%M:%SZ").to_string();
    let output = match world.run(&script(probe, &world.host.config().compose_project, &since), watch).await {
        Ok(output) => output,
        Err(why) => return Err(could_not(what, why)),
    };
    let rights = "/usr/bin/find, /usr/bin/gzip -cdf *";
    if let Some(why) = sudo::refusal(&output.stderr.text, world, rights) {
        return Err(could_not(what, why));
    }
    let text = part(&output.stdout.text, "found");
    if !is_whole(text) {
        let mut failed = could_not(what, Message::new("probe-secrets-unread"));
        failed.output = clip(output.stderr.text.trim(), OUTPUT_LENGTH).into_owned();
        return Err(failed);
    }
    Ok(seen(what, text))
}

/// Whether something was read, all of it, by programs that ended well.
fn is_whole(text: &str) -> bool {
    let said = |word: &'static str| text.lines().filter_map(move |line| line.strip_prefix(word));
    let ended_well = said("status ").all(|status| status == "0");
    ended_well && said("read ").next().is_some() && text.lines().any(|line| line == "end")
}

fn script(probe: &LogSecrets, project: &str, since: &str) -> String {
    // Each program that reads a log tells how it ended: a log that cannot be read holds no secret either. What finds them reads to
    // the end, so that nobody's pipe breaks. One pass over each log counts every kind: the lines that any of them fits, then each kind among those.
    let any = KINDS.iter().map(|(_, pattern)| *pattern).collect::<Vec<_>>().join("|");
    let count = |(kind, pattern): &(&str, &str)| {
        format!(
            "n=$(printf '%s\\n' \"$hits\" | grep -aEic -e {}); [ \"$n\" -gt 0 ] && echo \"= {kind} $1 $n\"",
            quoted(pattern)
        )
    };
    let scan = format!(
        "scan() {{ hits=$(grep -aEi -e {} | cut -c1-4000 | {{ head -n 2000; cat >/dev/null; }}); [ -n \"$hits\" ] || return 0\n{}\n}}",
        quoted(&any),
        KINDS.iter().map(count).collect::<Vec<_>>().join("\n")
    );
    let files = probe.paths.iter().map(|path| {
        let (folder, name) = path.rsplit_once('/').unwrap_or((".", path));
        format!(
            "for file in $(sudo -n find -L {} -maxdepth 1 -type f -name {}); do echo \"read $file\"; \
             {{ sudo -n gzip -cdf \"$file\"; echo \"status $?\" >&4; }} | scan \"$file\"; done",
            quoted(folder),
            quoted(name)
        )
    });
    let services = probe.services.iter().map(|service| {
        format!(
            "ids=$(docker ps -aq --filter label=com.docker.compose.project={} --filter label=com.docker.compose.service={}); \
             echo \"status $?\"; for id in $ids; do echo \"read docker:{service}\"; \
             {{ docker logs --since {since} $id 2>&1; echo \"status $?\" >&4; }} | scan docker:{service}; done",
            quoted(project),
            quoted(service)
        )
    });
    ["export LC_ALL=C; exec 4>&1".to_owned(), scan, mark("found")]
        .into_iter()
        .chain(files)
        .chain(services)
        .chain(["echo end".to_owned()])
        .collect::<Vec<_>>()
        .join("\n")
}

fn seen(what: String, text: &str) -> Evidence {
    let mut evidence = Evidence { what, status: Some(Status::Answered), ..Evidence::default() };
    let mut total = 0.0;
    let mut lines = Vec::new();
    for line in text.lines().filter_map(|line| line.strip_prefix("= ")) {
        let mut words = line.split(' ');
        let (Some(kind), Some(place), Some(number)) = (words.next(), words.next(), words.next()) else { continue };
        let Ok(number) = number.parse::<f64>() else { continue };
        total += number;
        lines.push(format!("{place}: {kind} × {number}"));
    }
    let read = text.lines().filter(|line| line.starts_with("read ")).count();
    let says = Message::new("probe-secrets-found").with("count", count(total)).with("logs", read.to_string());
    evidence.measurements.push(Measurement::quantity("found", count(total)).saying(says).shown_by(lines.clone()));
    let logs = f64::from(u32::try_from(read).unwrap_or(u32::MAX));
    evidence.measurements.push(Measurement::quantity("logs", count(logs)));
    evidence.output = clip(&lines.join("\n"), OUTPUT_LENGTH).into_owned();
    evidence
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    /// The grep of this machine finds what is meant, and passes over what is masked; none of it comes back.
    #[test]
    fn secrets_are_counted_where_they_are_and_never_come_along() {
        let folder = tempfile::TempDir::new().unwrap();
        let log = folder.path().join("app.log");
        std::fs::write(
            &log,
            "connect postgres://app:hunter22@db/app\npassword=hunter22 for bob\npassword=*** hidden\ntoken count: 12345678\n\
             key AKIAIOSFODNN7EXAMPLE\nuser changed password: ok\n",
        )
        .unwrap();
        let probe = LogSecrets {
            paths: vec![log.display().to_string()],
            services: Vec::new(),
            since: std::time::Duration::from_secs(1),
        };
        let script = script(&probe, "p", "2026-01-01T00:00:00Z").replace("sudo -n ", "");
        let output = Command::new("sh").args(["-c", &script]).output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let evidence = seen(String::new(), part(&text, "found"));
        assert!(!text.contains("hunter22") && !text.contains("EXAMPLE"), "{text}");
        let place = log.display();
        assert_eq!(
            evidence.output.lines().collect::<Vec<_>>(),
            [format!("{place}: aws-key × 1"), format!("{place}: password × 1"), format!("{place}: url-password × 1")]
        );
        assert!(is_whole(part(&text, "found")), "{text}");
    }

    /// What the script says on a host whose `docker` is this shell script.
    fn said_with(docker: Option<&str>) -> String {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::TempDir::new().unwrap();
        if let Some(docker) = docker {
            let program = folder.path().join("docker");
            std::fs::write(&program, format!("#!/bin/sh\n{docker}\n")).unwrap();
            std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
        }
        for program in ["grep", "cut", "head", "cat", "seq"] {
            let found = ["/bin", "/usr/bin"].map(|from| std::path::Path::new(from).join(program));
            let found = found.iter().find(|path| path.exists()).unwrap();
            std::os::unix::fs::symlink(found, folder.path().join(program)).unwrap();
        }
        let probe = LogSecrets {
            paths: Vec::new(),
            services: vec!["serverpod".to_owned()],
            since: std::time::Duration::from_secs(1),
        };
        let script = script(&probe, "p", "2026-01-01T00:00:00Z");
        let output = Command::new("/bin/sh").args(["-c", &script]).env("PATH", folder.path()).output().unwrap();
        part(&String::from_utf8_lossy(&output.stdout), "found").to_owned()
    }

    #[test]
    fn a_log_that_docker_does_not_give_is_not_one_without_secrets() {
        let list = "[ $1 = ps ] && echo abc && exit 0";
        let well = said_with(Some(&format!("{list}\necho password=hunter22")));
        assert!(is_whole(&well) && well.contains("= password docker:serverpod 1"), "{well}");
        // More than is looked at closely, read to its end all the same.
        let long = said_with(Some(&format!("{list}\nseq 200000 | while read -r n; do echo password=hunter$n; done")));
        assert!(is_whole(&long) && long.contains("= password docker:serverpod 2000"), "{long}");
        for broken in [
            None,
            Some("echo 'Cannot connect to the Docker daemon' >&2; exit 1"),
            Some("[ $1 = ps ] && echo abc && exit 0; echo 'No such container: abc' >&2; exit 1"),
            Some("exit 0"),
        ] {
            let said = said_with(broken);
            assert!(!is_whole(&said), "{broken:?}: {said}");
        }
    }
}
