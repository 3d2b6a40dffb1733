//! The settings that a program says it runs with, such as `sshd -T`: lines of a name and a value.

use crate::domain::evidence::{Evidence, Looked, Measurement, Status};
use crate::domain::message::Message;
use crate::domain::probe::Settings;
use crate::probe::text::{LINE_LENGTH, OUTPUT_LENGTH, fit};
use crate::probe::{Watch, World, could_not, sudo};

pub(in crate::probe) async fn look(probe: &Settings, world: &World, watch: &Watch) -> Looked {
    let what = &probe.command;
    let output = match world.run(what, watch).await {
        Ok(output) => output,
        Err(why) => return Err(could_not(what, why)),
    };
    let rights = what.trim_start_matches("sudo").trim_start().trim_start_matches("-n").trim_start();
    if let Some(why) = sudo::refusal(&output.stderr.text, world, &by_path(rights)) {
        return Err(could_not(what, why));
    }
    if output.status != Some(Status::Exit(0)) {
        let mut failed = could_not(what, Message::new("probe-settings-failed"));
        failed.output = fit(&output.stderr.text, &world.masker, OUTPUT_LENGTH);
        return Err(failed);
    }
    let mut evidence = Evidence { what: what.clone(), status: output.status, ..Evidence::default() };
    let mut shown = Vec::new();
    for key in &probe.keys {
        match value_of(&output.stdout.text, key) {
            Some(value) => {
                let value = fit(&value, &world.masker, LINE_LENGTH);
                shown.push(format!("{key} {value}"));
                evidence.measurements.push(Measurement::text(key.as_str(), value));
            }
            None => {
                evidence.unread.push((key.clone(), Message::new("probe-settings-missing").with("key", key.as_str())));
            }
        }
    }
    evidence.output = shown.join("\n");
    Ok(evidence)
}

/// A command as a sudoers file names it, which takes no program without its path: what serves or sets the system lies with
/// the system's own.
fn by_path(command: &str) -> String {
    match command.split(' ').next().unwrap_or_default() {
        name if name.starts_with('/') => command.to_owned(),
        "sshd" | "nginx" | "sysctl" | "auditctl" | "iptables" | "ip6tables" | "nft" | "ufw" | "getcap" => {
            format!("/usr/sbin/{command}")
        }
        _ => format!("/usr/bin/{command}"),
    }
}

/// The values of `key`, one after the other where it stands on several lines; names are compared without their case.
fn value_of(text: &str, key: &str) -> Option<String> {
    let values: Vec<_> = text
        .lines()
        .filter_map(|line| line.trim().split_once([' ', '=', ':', '\t']))
        .filter(|(name, _)| name.eq_ignore_ascii_case(key))
        .map(|(_, value)| value.trim())
        .collect();
    if values.is_empty() { None } else { Some(values.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_to_be_allowed_has_its_path() {
        for (command, named) in [
            ("sshd -T", "/usr/sbin/sshd -T"),
            ("/opt/sshd -T", "/opt/sshd -T"),
            ("docker info", "/usr/bin/docker info"),
        ] {
            assert_eq!(by_path(command), named);
        }
    }

    #[test]
    fn a_setting_is_found_by_its_whole_name() {
        let sshd = "port 22\nport 2222\nPasswordAuthentication no\npermitrootlogin without-password\n";
        assert_eq!(value_of(sshd, "port").as_deref(), Some("22, 2222"));
        assert_eq!(value_of(sshd, "passwordauthentication").as_deref(), Some("no"));
        assert_eq!(value_of(sshd, "permitroot"), None);
        assert_eq!(value_of("a = b", "a").as_deref(), Some("= b"));
    }
}
