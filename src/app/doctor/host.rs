//! Trials of a host: can it be reached, does its engine answer, are its disks there, may the user do what the probes need.

use std::collections::BTreeSet;
use std::time::Duration;

use super::trial::Trial;
use crate::commands::Commands;
use crate::config::{HostConfig, Transport};
use crate::domain::message::Message;
use crate::host::{Host, HostError};
use crate::probe::rights::{Right, rights};

/// A trial answers at once, or something is wrong.
const DEADLINE: Duration = Duration::from_secs(10);

/// `$1` is a program; behind it stand arguments as they are tried. Without any, what they are is only known when it runs: then
/// it is looked for in the list of what the user may.
const MAY: &str = r#"
PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"
path=$(command -v "$1") || { echo missing; exit 0; }
shift
if [ $# = 0 ]; then sudo -n -l 2>/dev/null | grep -qE "NOPASSWD: ALL|$path( |,|\$)"
else sudo -n -l "$path" "$@" >/dev/null 2>&1
fi && echo "may $path" || echo "refused $path"
"#;

const DISKS: &str = r#"for path; do [ -e "$path" ] || echo "$path"; done"#;

/// Prints a word for each container of the project `$1`.
const CONTAINERS: &str = r#"docker ps -aq --filter "label=com.docker.compose.project=$1" 2>/dev/null | head -n 1"#;

pub(super) async fn trials(config: &HostConfig, commands: &Commands) -> Vec<Trial> {
    let host = Host::new(config.clone());
    let named = |key: &'static str| Message::new(key).with("host", config.name.as_str());
    let mut trials = Vec::new();
    match host.look("true", DEADLINE).await {
        Ok(_) => trials.push(Trial::fine(named("doctor-host"))),
        Err(error) => {
            let reached = Trial::failed(named("doctor-host"), &error).mended_by(mends(&error, config));
            // Nothing else can be tried there.
            return vec![reached];
        }
    }
    let probes: Vec<_> = commands
        .checklists
        .values()
        .flat_map(crate::domain::command::Checklist::checks)
        .map(|check| &check.probe)
        .collect();
    let docker =
        probes.iter().any(|probe| probe.kind().starts_with("container") || matches!(probe.kind(), "cpu" | "images"));
    if docker {
        match host.docker().await {
            Ok(_) => {
                trials.push(Trial::fine(named("doctor-docker")));
                trials.extend(project(&host, config).await);
            }
            // What runs there cannot be seen either: that is no second fault.
            Err(error) => trials.push(Trial::failed(named("doctor-docker"), &error).mended_by(mends(&error, config))),
        }
    }
    trials.push(disks(&host, config).await);
    let needed: BTreeSet<Right> = probes.iter().flat_map(|probe| rights(probe)).collect();
    for right in needed {
        trials.push(may(&host, config, &right).await);
    }
    if config.act.is_some() || !commands.actions.is_empty() {
        trials.extend(door(&host, config).await);
    }
    host.forget().await;
    trials
}

/// What mends a host that is not reached, as far as a command can.
fn mends(error: &HostError, config: &HostConfig) -> Vec<String> {
    let Transport::Ssh(ssh) = &config.transport else { return Vec::new() };
    match error {
        HostError::HostKeyUnknown { .. } | HostError::HostKeyChanged { .. } => {
            vec![format!("ssh-keyscan -p {} {} 2>/dev/null | ssh-keygen -lf -", ssh.port, ssh.host)]
        }
        HostError::DockerForbidden { .. } => vec![format!("sudo usermod -aG docker {}", ssh.user)],
        _ => Vec::new(),
    }
}

async fn project(host: &Host, config: &HostConfig) -> Option<Trial> {
    let what = Message::new("doctor-project").with("project", config.compose_project.as_str());
    let output = host.look_with(CONTAINERS, &[&config.compose_project], DEADLINE).await.ok()?;
    // A host without Docker's own program cannot say it this way; the engine was tried already.
    output.status.as_ref()?;
    if !output.stdout.text.trim().is_empty() {
        return Some(Trial::fine(what));
    }
    let list = "docker ps -a --format '{{.Label \"com.docker.compose.project\"}}' | sort -u".to_owned();
    Some(Trial::wrong(what, Message::new("doctor-project-empty"), vec![list]))
}

/// The door by which acts go: whether it opens, and how a job would be kept alive there.
async fn door(host: &Host, config: &HostConfig) -> Vec<Trial> {
    let user = match (&config.act, &config.transport) {
        (Some(act), _) => act.user.as_str(),
        (None, Transport::Ssh(ssh)) => ssh.user.as_str(),
        (None, Transport::Local) => "",
    };
    let what = |user: &str| Message::new("doctor-act").with("host", config.name.as_str()).with("user", user);
    let door = match host.door().await {
        Ok(door) => door,
        Err(error) => return vec![Trial::failed(what(user), &error).mended_by(mends(&error, config))],
    };
    if !door.has_room || !door.has_timeout {
        let mend = if door.has_room { "command -v timeout" } else { "ls -ld /var/tmp /var/tmp/signoff-*" };
        return vec![Trial::wrong(what(&door.user), Message::new("doctor-act-no-room"), vec![mend.to_owned()])];
    }
    let mut trials = vec![Trial::fine(what(&door.user))];
    if !door.has_systemd {
        let kept = Message::new("doctor-act-systemd").with("host", config.name.as_str());
        trials.push(Trial::not_tried(kept, Message::new("doctor-act-session")));
    }
    trials
}

async fn disks(host: &Host, config: &HostConfig) -> Trial {
    let what = Message::new("doctor-disks").with("paths", config.disks.join(", "));
    let paths: Vec<&str> = config.disks.iter().map(String::as_str).collect();
    match host.look_with(DISKS, &paths, DEADLINE).await {
        Err(error) => Trial::failed(what, &error),
        Ok(output) if output.stdout.text.trim().is_empty() => Trial::fine(what),
        Ok(output) => {
            let missing = output.stdout.text.split_whitespace().collect::<Vec<_>>().join(", ");
            Trial::wrong(what, Message::new("doctor-disks-missing").with("paths", missing), vec!["df -h".to_owned()])
        }
    }
}

/// Whether the user may run `right` as root without being asked for a password.
async fn may(host: &Host, config: &HostConfig, right: &Right) -> Trial {
    let what =
        Message::new("doctor-sudo").with("command", format!("{} {}", right.program, right.arguments).trim().to_owned());
    // What a sudoers file writes with a star is tried with one word in its place.
    let tried = if right.arguments == "*" { String::new() } else { right.arguments.replace('*', "x") };
    let words: Vec<&str> = std::iter::once(right.program.as_str()).chain(tried.split_whitespace()).collect();
    let output = match host.look_with(MAY, &words, DEADLINE).await {
        Ok(output) => output,
        Err(error) => return Trial::failed(what, &error),
    };
    match output.stdout.text.trim().split_once(' ') {
        Some(("may", _)) => Trial::fine(what),
        Some((_, path)) => {
            let user = match &config.transport {
                Transport::Ssh(ssh) => ssh.user.as_str(),
                Transport::Local => "USER",
            };
            let rule = format!("{user} ALL=(root) NOPASSWD: {path} {}", right.arguments);
            let rule = rule.trim_end();
            let mend = format!("echo '{rule}' | sudo EDITOR='tee -a' visudo -f /etc/sudoers.d/signoff");
            Trial::wrong(what, Message::new("doctor-sudo-refused").with("user", user), vec![mend])
        }
        None => Trial::not_tried(what, Message::new("doctor-sudo-missing").with("program", right.program.as_str())),
    }
}
