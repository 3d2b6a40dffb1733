//! Asks how the host is reached: its key is shown and pinned, then it is tried.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::super::doctor;
use super::answers::{Answers, InitError};
use crate::config::{HostConfig, HostKey, Instance, Login, Own, SshConfig, Transport};
use crate::dial::Reach;
use crate::domain::message::{Explain, Language, Localised, Message};
use crate::host::{Host, HostError};
use crate::text::word;

/// What is written of the host.
pub(super) struct Server {
    /// Its name in the file.
    pub(super) name: String,
    /// Address, user, key file and fingerprint; none: the bot's own machine.
    pub(super) ssh: Option<Ssh>,
    /// The compose project.
    pub(super) project: String,
    /// The file systems that matter.
    pub(super) disks: Vec<String>,
}

/// How it is reached.
pub(super) struct Ssh {
    pub(super) address: String,
    pub(super) user: String,
    pub(super) key: String,
    pub(super) fingerprint: String,
}

/// A fingerprint that no key has: whoever is asked with it answers with its own.
const NOBODY: &str = "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

const PROJECTS: &str = r#"docker ps -a --format '{{.Label "com.docker.compose.project"}}' 2>/dev/null | sort -u"#;

/// Asks for the host. What the command files in `commands`, where there are any, need root for is tried there.
pub(super) async fn ask(answers: &mut Answers, commands: &Path) -> Result<Server, InitError> {
    let name = answers.ask("host", &Message::new("init-host"), Some("server"))?;
    loop {
        let address = answers.ask("address", &Message::new("init-address"), None)?;
        let (host, ssh) = if address == "local" {
            (Host::new(config(&name, Transport::Local)), None)
        } else {
            let user = answers.ask("user", &Message::new("init-user"), None)?;
            let key = answers.ask("key", &Message::new("init-key"), Some("~/.ssh/id_ed25519"))?;
            let mut ssh = Ssh { address, user, key, fingerprint: NOBODY.to_owned() };
            let shown = match Host::new(config(&name, transport(&ssh))).look("true", Duration::from_secs(10)).await {
                Err(HostError::HostKeyChanged { came, .. }) => came,
                Err(error) => {
                    answers.again("address", error.message(), error.hint())?;
                    continue;
                }
                // Only a key with that very fingerprint comes here.
                Ok(_) => NOBODY.to_owned(),
            };
            answers.tell(&Message::new("init-host-key").with("fingerprint", shown.as_str()));
            let answer = answers.ask("host_key", &Message::new("init-host-key-right"), None)?;
            if answer != shown && !is_yes(&answer) {
                answers.again("host_key", Message::new("init-host-key-refused").with("fingerprint", shown), None)?;
                continue;
            }
            ssh.fingerprint = shown;
            (Host::new(config(&name, transport(&ssh))), Some(ssh))
        };
        match host.look("true", Duration::from_secs(10)).await.map(|output| doctor::no_commands(&output)) {
            Ok(None) => {}
            // It lets the user in, and nothing could ever be looked at there.
            Ok(Some(cannot)) => {
                answers.again("address", cannot, None)?;
                continue;
            }
            Err(error) => {
                answers.again("address", error.message(), error.hint())?;
                continue;
            }
        }
        answers.tell(&Message::new("init-host-reached"));
        if let Err(error) = host.docker().await {
            // The checks of containers will be unknown; everything else works.
            answers.tell(&error.message());
            if let Some(hint) = error.hint() {
                answers.tell(&hint);
            }
        }
        if let Ok(commands) = crate::commands::load(commands) {
            // Nothing of it is in the way: such a check is unknown until somebody lets the user look.
            for trial in doctor::looks(&host, &commands).await.iter().filter(|trial| trial.is_wrong()) {
                doctor::lines(trial, answers.language()).iter().for_each(|line| answers.show(line));
            }
        }
        let projects =
            host.look(PROJECTS, Duration::from_secs(10)).await.map(|output| output.stdout.text).unwrap_or_default();
        let first = projects.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or(&name).to_owned();
        let project = answers.ask("compose_project", &Message::new("init-project"), Some(&first))?;
        let disks = answers.ask("disks", &Message::new("init-disks"), Some("/"))?;
        let disks = disks.split(',').map(|path| path.trim().to_owned()).filter(|path| !path.is_empty()).collect();
        host.forget().await;
        return Ok(Server { name, ssh, project, disks });
    }
}

/// Whether `answer` is yes, or the beginning of it, in one of the languages; each has its words for it, with commas between.
fn is_yes(answer: &str) -> bool {
    let said = answer.to_lowercase();
    let yes = Language::ALL.map(|language| word("init-yes", language)).join(", ");
    !said.is_empty() && yes.split(", ").any(|yes| yes.starts_with(&said))
}

fn transport(ssh: &Ssh) -> Transport {
    let (host, port) = ssh
        .address
        .rsplit_once(':')
        .and_then(|(host, port)| Some((host, port.parse().ok()?)))
        .unwrap_or((&ssh.address, 22));
    let file = match (ssh.key.strip_prefix("~/"), std::env::home_dir()) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => PathBuf::from(&ssh.key),
    };
    Transport::Ssh(SshConfig {
        reach: Reach::default(),
        host: host.to_owned(),
        port,
        user: ssh.user.clone(),
        login: Login::Key { file, passphrase: None },
        host_key: HostKey::Fingerprint(ssh.fingerprint.clone()),
        max_channels: 6,
        connect_timeout: SshConfig::CONNECT_TIMEOUT,
        keepalive: Duration::from_secs(15),
    })
}

fn config(name: &str, transport: Transport) -> HostConfig {
    HostConfig {
        name: name.to_owned(),
        title: Localised { ko: name.to_owned(), en: name.to_owned() },
        transport,
        act: None,
        disks: vec!["/".into()],
        compose_project: String::new(),
        docker_socket: "/var/run/docker.sock".into(),
        site: None,
        instance: Instance::default(),
        own: Own::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::is_yes;

    #[test]
    fn yes_is_said_in_each_language() {
        for yes in ["yes", "Y", "예", "네"] {
            assert!(is_yes(yes), "{yes}");
        }
        for no in ["", "no", "아니요", ",", " ", "yes, 예", "SHA256:AAAA"] {
            assert!(!is_yes(no), "{no}");
        }
    }
}
