//! Reads how each host is reached: `[hosts.NAME]`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use super::aws::instance;
use super::own::{is_host_name, own};
use super::parse::{given, resolve, secret};
use super::schedule::Known;
use super::{Door, HostConfig, HostKey, Login, SshConfig, Transport};
use crate::dial::Reach;
use crate::document::{Located, Table, did_you_mean};
use crate::domain::message::{Localised, Message};

/// `[hosts]`.
pub(super) fn hosts(table: &Table<'_>, folder: &Path, known: &Known<'_>) -> BTreeMap<String, HostConfig> {
    let names = table.names();
    if names.is_empty() {
        table.problem(table.span(), Message::new("config-no-host"));
    }
    let mut seen = BTreeSet::new();
    names
        .into_iter()
        .filter(|name| seen.insert(name.value.clone()) && is_host_name(table, name))
        .filter_map(|name| Some((name.value.clone(), host(&table.table_of(&name.value)?, name.value, folder, known)?)))
        .collect()
}

fn host(table: &Table<'_>, name: String, folder: &Path, known: &Known<'_>) -> Option<HostConfig> {
    let title = table.localised("title").map(|text| text.value);
    let transport = match table.required_text("transport") {
        Some(kind) if kind.value == "ssh" => ssh(table, folder).map(Transport::Ssh),
        Some(kind) if kind.value == "local" => Some(Transport::Local),
        Some(kind) => {
            table.problem_with_hint(
                kind.span,
                Message::new("config-unknown-transport").with("name", kind.value.as_str()),
                did_you_mean(&kind.value, ["ssh", "local"]),
            );
            // The rest is read as SSH, which knows every key: else each of them would be told as unknown too.
            let _ = ssh(table, folder);
            None
        }
        None => {
            // Its key may be misspelt, and the others are right: what knows them all reads them, where any is there.
            let of_ssh = ["address", "user", "key", "host_key", "known_hosts", "max_channels"];
            if of_ssh.into_iter().any(|key| table.has(key)) {
                let _ = ssh(table, folder);
            }
            None
        }
    };
    let act = table.table("act").map(|section| door(&section, transport.as_ref(), folder));
    let disks = table.texts("disks");
    for path in disks.iter().filter(|path| !path.value.starts_with('/')) {
        table.problem(path.span.clone(), Message::new("commands-relative-path").with("path", path.value.as_str()));
    }
    let disks: Vec<_> = disks.into_iter().map(|path| path.value).collect();
    let compose_project = table.text("compose_project").map_or_else(|| name.replace('-', "_"), |text| text.value);
    let docker_socket = table.text("docker_socket").map_or_else(|| "/var/run/docker.sock".into(), |text| text.value);
    let site = table.text("site").filter(|text| {
        let good = reqwest::Url::parse(&text.value).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
        if !good {
            table.problem(text.span.clone(), Message::new("commands-bad-url").with("url", text.value.as_str()));
        }
        good
    });
    let instance = instance(table);
    let own = own(table, known);
    Some(HostConfig {
        title: title.unwrap_or_else(|| Localised { ko: name.clone(), en: name.clone() }),
        name,
        transport: transport?,
        act: given(act)?,
        disks: if disks.is_empty() { vec!["/".into()] } else { disks },
        compose_project,
        docker_socket,
        site: site.map(|site| site.value),
        instance,
        own,
    })
}

impl SshConfig {
    /// How long connecting and logging in may take: less than a check may, which would else tell only that it had to stop
    /// waiting, and not that the host cannot be reached.
    pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(8);
}

/// OpenSSH allows 10 sessions a connection.
const MOST_CHANNELS: i64 = 10;

fn ssh(table: &Table<'_>, folder: &Path) -> Option<SshConfig> {
    let address = table.required_text("address").and_then(|text| ssh_address(table, &text));
    let user = user(table);
    let login = table.required_table("key").and_then(|section| login(&section, folder));
    let host_key = host_key(table, folder);
    let channels = table.integer("max_channels");
    if let Some(channels) = channels.as_ref().filter(|channels| !(1..=MOST_CHANNELS).contains(&channels.value)) {
        let message = Message::new("config-max-channels").with("most", MOST_CHANNELS.to_string());
        table.problem(channels.span.clone(), message);
    }
    let (host, port) = address?;
    Some(SshConfig {
        reach: Reach::default(),
        host,
        port,
        user: user?,
        login: login?,
        host_key: host_key?,
        max_channels: channels.and_then(|channels| usize::try_from(channels.value).ok()).unwrap_or(6),
        connect_timeout: SshConfig::CONNECT_TIMEOUT,
        keepalive: Duration::from_secs(15),
    })
}

/// The second door of a host: who acts on it.
fn door(table: &Table<'_>, transport: Option<&Transport>, folder: &Path) -> Option<Door> {
    let user = user(table);
    let login = table.required_table("key").and_then(|section| login(&section, folder));
    if matches!(transport, Some(Transport::Local)) {
        table.problem(table.span(), Message::new("config-act-needs-ssh"));
        return None;
    }
    Some(Door { user: user?, login: login? })
}

/// Who logs in.
fn user(table: &Table<'_>) -> Option<String> {
    let user = table.required_text("user")?;
    if user.value.trim().is_empty() {
        table.problem(user.span, Message::new("commands-empty-text"));
        return None;
    }
    Some(user.value)
}

/// `host`, `host:port`, `[::1]:port`; the port is 22 where none is written.
fn ssh_address(table: &Table<'_>, text: &Located<String>) -> Option<(String, u16)> {
    let written = text.value.as_str();
    let split = match written.rsplit_once(':') {
        Some((host, port)) if !host.contains(':') || host.ends_with(']') => port.parse().ok().map(|port| (host, port)),
        _ => Some((written, 22)),
    };
    let found = split.and_then(|(host, port)| Some((bare(host)?.to_owned(), port))).filter(|(_, port)| *port > 0);
    if found.is_none() {
        let message = Message::new("config-not-an-ssh-address").with("text", written);
        let hint = written.contains('@').then(|| Message::new("config-ssh-address-user"));
        table.problem_with_hint(text.span.clone(), message, hint);
    }
    found
}

/// A name, or an address without the brackets that set one of IPv6 off from the port.
fn bare(host: &str) -> Option<&str> {
    let bare = match host.strip_prefix('[') {
        Some(rest) => rest.strip_suffix(']')?,
        None => host,
    };
    let odd = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '@' | '/' | '[' | ']');
    (!bare.is_empty() && !bare.contains(odd)).then_some(bare)
}

fn login(table: &Table<'_>, folder: &Path) -> Option<Login> {
    let agent = table.flag("agent").is_some_and(|agent| agent.value);
    let file = table.text("file").map(|text| resolve(folder, &text.value));
    let passphrase = table.table("passphrase").map(|section| secret(&section, folder));
    match (file, agent) {
        (Some(file), false) => Some(Login::Key { file, passphrase: given(passphrase)? }),
        (None, true) => Some(Login::Agent),
        _ => {
            table.problem(table.span(), Message::new("config-key-form"));
            None
        }
    }
}

fn host_key(table: &Table<'_>, folder: &Path) -> Option<HostKey> {
    match (table.text("host_key"), table.text("known_hosts")) {
        (Some(text), None) if is_fingerprint(&text.value) => Some(HostKey::Fingerprint(text.value)),
        (Some(text), None) => {
            let message = Message::new("config-not-a-fingerprint").with("text", text.value.as_str());
            table.problem_with_hint(text.span, message, Some(Message::new("config-fingerprint-hint")));
            None
        }
        (None, Some(path)) => Some(HostKey::KnownHosts(resolve(folder, &path.value))),
        _ => {
            let hint = Some(Message::new("config-fingerprint-hint"));
            table.problem_with_hint(table.span(), Message::new("config-host-key-form"), hint);
            None
        }
    }
}

/// `SHA256:` and the 43 characters of unpadded base64 that 32 bytes take.
fn is_fingerprint(text: &str) -> bool {
    text.strip_prefix("SHA256:").is_some_and(|digest| {
        digest.len() == 43 && digest.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '/'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::parse;
    use crate::domain::command::Check;

    const SSH: &str = "[hosts.one]\ntransport = \"ssh\"\naddress = \"198.51.100.7\"\nuser = \"ec2-user\"\n\
                       key = { agent = true }\nknown_hosts = \"known\"\n";

    #[test]
    fn that_a_host_cannot_be_reached_is_known_before_a_check_must_end() {
        let config = parse(Path::new("bot.toml"), SSH.to_owned()).unwrap();
        let Some(Transport::Ssh(ssh)) = config.hosts.get("one").map(|host| &host.transport) else { panic!("no host") };
        assert!(ssh.connect_timeout + Duration::from_secs(1) < Check::DEADLINE);
    }

    #[test]
    fn a_name_or_an_address_is_taken_and_nothing_about_it() {
        for (written, host) in
            [("web.example.com", "web.example.com"), ("[::1]", "::1"), ("fe80::1%eth0", "fe80::1%eth0")]
        {
            assert_eq!(bare(written), Some(host));
        }
        for odd in ["", "[]", "[::1", "::1]", "ec2-user@web", " web", "web\n", "ssh://web"] {
            assert_eq!(bare(odd), None, "{odd:?}");
        }
    }
}
