//! Trials of a host: can it be reached, does its engine answer, are its disks there, may the users do what looking and acting needs.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::trial::Trial;
use crate::act::{self, rights::Needed};
use crate::commands::Commands;
use crate::config::{HostConfig, Transport};
use crate::domain::evidence::Status;
use crate::domain::message::Message;
use crate::domain::sudo::{May, Right};
use crate::host::{Host, HostError, Output};
use crate::probe;

/// A trial answers at once, or something is wrong.
const DEADLINE: Duration = Duration::from_secs(10);

/// Where the rights of a user stand.
struct File {
    /// Its path on the host.
    path: &'static str,
    /// What it means that a program is not there.
    missing: &'static str,
}

const LOOKS: &File = &File { path: "/etc/sudoers.d/signoff", missing: "doctor-sudo-missing" };

/// Who looks at an act before anybody approves it is who looks.
const OUTLOOKS: &File = &File { path: LOOKS.path, missing: "doctor-act-sudo-missing" };

const ACTS: &File = &File { path: "/etc/sudoers.d/signoff-act", missing: "doctor-act-sudo-missing" };

const DISKS: &str = r#"for path; do [ -e "$path" ] || echo "$path"; done"#;

/// Prints a word for each container of the project `$1`.
const CONTAINERS: &str = r#"docker ps -aq --filter "label=com.docker.compose.project=$1" 2>/dev/null | head -n 1"#;

pub(super) async fn trials(config: &HostConfig, commands: &Commands) -> Vec<Trial> {
    let host = Host::new(config.clone());
    let named = |key: &'static str| Message::new(key).with("host", config.name.as_str());
    let mut trials = Vec::new();
    match host.look("true", DEADLINE).await {
        Ok(output) => match no_commands(&output) {
            None => trials.push(Trial::fine(named("doctor-host"))),
            // Every look goes this way: what the others came to would say nothing of what they look for.
            Some(cannot) => {
                return vec![Trial::wrong(named("doctor-host"), cannot, vec!["command -v timeout sh".to_owned()])];
            }
        },
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
    trials.extend(looks(&host, commands).await);
    if config.act.is_some() || !commands.actions.is_empty() {
        trials.extend(door(&host, config).await);
        // Behind a door that does not open nothing can be tried.
        if trials.last().is_some_and(|trial| !trial.is_wrong()) {
            trials.extend(acts(&host, config, commands).await);
        }
    }
    host.forget().await;
    trials
}

/// What is wrong with a host that is reached, where what it was asked to run did not end well.
pub(in crate::app) fn no_commands(output: &Output) -> Option<Message> {
    let said = output.stderr.text.trim().chars().take(200).collect::<String>();
    (output.status != Some(Status::Exit(0))).then(|| Message::new("doctor-no-commands").with("said", said))
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
    let user = config.act.as_ref().map_or_else(|| looker(config), |act| act.user.as_str());
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

/// Whether who looks may run as root what the probes need, and what the steps of the actions need to be looked at.
pub(in crate::app) async fn looks(host: &Host, commands: &Commands) -> Vec<Trial> {
    let steps = commands.actions.values().flat_map(|action| &action.steps);
    let of_step = |needed: Needed| (needed.right, (needed.where_installed, OUTLOOKS));
    let mut needed: BTreeMap<Right, (bool, &File)> = steps.flat_map(act::rights::looks).map(of_step).collect();
    let checks = commands.checklists.values().flat_map(crate::domain::command::Checklist::checks);
    needed.extend(checks.flat_map(|check| probe::rights::rights(&check.probe)).map(|right| (right, (false, LOOKS))));
    let mut trials = Vec::new();
    for (right, (where_installed, file)) in needed {
        let found = host.may_look(&right).await;
        if where_installed && matches!(found, Ok(May::Missing)) {
            continue;
        }
        let what = Message::new("doctor-sudo").with("command", right.to_string());
        trials.push(may(what, found, &right, looker(host.config()), file));
    }
    trials
}

/// Whether who acts may run as root what the steps of the actions need.
async fn acts(host: &Host, config: &HostConfig, commands: &Commands) -> Vec<Trial> {
    let steps = commands.actions.values().flat_map(|action| &action.steps);
    let needed: BTreeSet<Needed> = steps.flat_map(act::rights::rights).collect();
    let user = config.act.as_ref().map_or_else(|| looker(config), |act| act.user.as_str());
    let mut trials = Vec::new();
    for Needed { right, where_installed } in needed {
        let found = host.may_act(&right).await;
        if where_installed && matches!(found, Ok(May::Missing)) {
            continue;
        }
        let what = Message::new("doctor-act-sudo").with("command", right.to_string()).with("user", user);
        trials.push(may(what, found, &right, user, ACTS));
    }
    trials
}

/// Who looks there.
fn looker(config: &HostConfig) -> &str {
    match &config.transport {
        Transport::Ssh(ssh) => &ssh.user,
        Transport::Local => "USER",
    }
}

/// What came of asking whether `user` may run `right` as root without being asked for a password; `file` is where the line
/// belongs that lets them.
fn may(what: Message, found: Result<May, HostError>, right: &Right, user: &str, file: &File) -> Trial {
    match found {
        Err(error) => Trial::failed(what, &error),
        Ok(May::Yes) => Trial::fine(what),
        Ok(May::No(path)) => {
            let rule = format!("{user} ALL=(root) NOPASSWD: {path} {}", right.arguments);
            let mend = format!("echo '{}' | sudo EDITOR='tee -a' visudo -f {}", rule.trim_end(), file.path);
            Trial::wrong(what, Message::new("doctor-sudo-refused").with("user", user), vec![mend])
        }
        Ok(May::Missing) => Trial::not_tried(what, Message::new(file.missing).with("program", right.program.as_str())),
    }
}
