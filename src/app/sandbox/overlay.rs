//! The overlay: the deployment's own `bot.toml` with every address replaced by one of the practice world. What the file says of
//! people, schedules and thresholds stays as it is.

use std::path::Path;

use signoff_sandbox::{Builder, PracticeDiscord, PracticeHost};
use toml::{Table, Value};

use crate::domain::message::Language;
use crate::text::word;

/// The host that is this machine itself.
pub(super) const HERE: &str = "here";

/// Channels of the practice Discord that are there anyway.
const CHANNELS: [u64; 2] = [1_000_000_000_000_000_101, 1_000_000_000_000_000_102];

/// Roles of the practice Discord that are there anyway.
const ROLES: [(u64, &str); 3] = [
    (1_000_000_000_000_000_011, "operations"),
    (1_000_000_000_000_000_012, "devops"),
    (1_000_000_000_000_000_013, "infrastructure"),
];

/// People of the practice Discord that are there anyway.
const PEOPLE: std::ops::RangeInclusive<u64> = 1_000_000_000_000_000_200..=1_000_000_000_000_000_204;

/// A practice Discord with the guild, roles, channels and people that the deployment names.
pub(super) fn world(deployment: &Table) -> Builder {
    let mut builder = PracticeDiscord::builder();
    if let Some(guild) = deployment.get("discord").and_then(|discord| id(discord.get("guild")?)) {
        builder = builder.guild(guild, "Gear Freak", "ko");
    }
    let mut names = Vec::new();
    for (name, role) in table(deployment, "roles") {
        names.push(name.as_str());
        if let Some(role) = id(role).filter(|role| !ROLES.contains(&(*role, name.as_str()))) {
            builder = builder.role_with_id(role, name);
        }
    }
    for (name, person) in table(deployment, "people") {
        let shown = person.get("name").and_then(Value::as_str).unwrap_or(name);
        if let Some(person) = person.get("id").and_then(id).filter(|person| !PEOPLE.contains(person)) {
            builder = builder.member_with_id(person, shown, &names, "ko");
        }
    }
    let mut channels = Vec::new();
    find_channels(&Value::Table(deployment.clone()), "", &mut channels);
    for (channel, name) in channels {
        builder = builder.channel_with_id(channel, &name);
    }
    builder
}

fn id(value: &Value) -> Option<u64> {
    value.as_str()?.parse().ok()
}

fn table<'a>(deployment: &'a Table, name: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    deployment.get(name).and_then(Value::as_table).into_iter().flatten()
}

/// Every channel that something names, once; it is called as what names it first.
fn find_channels(value: &Value, section: &str, found: &mut Vec<(u64, String)>) {
    let Some(table) = value.as_table() else { return };
    for (key, inner) in table {
        let channel = match key.as_str() {
            "channel" => id(inner),
            // `[gate.channels]` names them by its keys.
            _ if section == "channels" => key.parse().ok(),
            _ => None,
        };
        if let Some(channel) = channel
            && !CHANNELS.contains(&channel)
            && found.iter().all(|(known, _)| *known != channel)
        {
            let name = if section == "sampling" { "alerts" } else { section };
            found.push((channel, name.to_owned()));
        }
        find_channels(inner, key, found);
    }
}

/// The overlay for a program whose own files are in `folder`; the deployment's lie in `real`.
pub(super) fn over(
    mut deployment: Table,
    real: &Path,
    folder: &Path,
    discord: &PracticeDiscord,
    host: &PracticeHost,
) -> Table {
    let text = |text: String| Value::String(text);
    let path = |path: &Path| Value::String(path.display().to_string());
    deployment.insert("reach".to_owned(), text("loopback".to_owned()));
    deployment.insert("database".to_owned(), path(&folder.join("signoff.db")));
    for (key, usual) in [("commands", Some("commands")), ("holidays", None)] {
        let said = deployment.get(key).and_then(Value::as_str).or(usual).map(|said| real.join(said));
        if let Some(said) = said {
            deployment.insert(key.to_owned(), path(&said));
        }
    }
    let section = |deployment: &mut Table, name: &str| -> Table {
        match deployment.remove(name) {
            Some(Value::Table(table)) => table,
            _ => Table::new(),
        }
    };
    let file = |file: &Path| Value::Table(Table::from_iter([("file".to_owned(), path(file))]));

    let mut chat = section(&mut deployment, "discord");
    chat.insert("guild".to_owned(), text(discord.guild_id().to_string()));
    chat.insert("token".to_owned(), file(&folder.join("discord_token")));
    chat.insert("connect_to".to_owned(), text(discord.addr().to_string()));
    chat.insert("ca_file".to_owned(), path(&folder.join("discord.pem")));
    chat.insert("clock".to_owned(), path(&folder.join("clock")));
    deployment.insert("discord".to_owned(), Value::Table(chat));

    let sites = host.site_names().iter().map(|site| (format!("{site}:443"), text(host.sites().to_string())));
    let http =
        [("ca_file".to_owned(), path(&host.sites_ca())), ("connect_to".to_owned(), Value::Table(sites.collect()))];
    deployment.insert("http".to_owned(), Value::Table(http.into_iter().collect()));

    let mut aws = section(&mut deployment, "aws");
    let [key_id, secret_key] = host.cloud_keys();
    aws.entry("region").or_insert_with(|| text("ap-northeast-2".to_owned()));
    aws.insert("endpoint".to_owned(), text(format!("http://{}", host.cloud())));
    aws.insert("key_id".to_owned(), file(&key_id));
    aws.insert("secret_key".to_owned(), file(&secret_key));
    aws.remove("session_token");
    deployment.insert("aws".to_owned(), Value::Table(aws));

    // Whoever is called from there is no part of this world.
    without_webhooks(&mut deployment);

    let mut hosts = section(&mut deployment, "hosts");
    hosts.retain(|_, one| one.get("transport").and_then(Value::as_str) == Some("ssh"));
    for one in hosts.iter_mut().filter_map(|(_, one)| one.as_table_mut()) {
        let [instance, group, admin] = host.in_cloud();
        for (key, value) in [
            ("address", text(host.ssh().to_string())),
            ("user", text(host.user().to_owned())),
            ("key", file(&host.key_file())),
            ("host_key", text(host.fingerprint().to_owned())),
            ("instance", text(instance.to_owned())),
            ("security_group", text(group.to_owned())),
            ("admin_cidr", text(admin.to_owned())),
        ] {
            one.insert(key.to_owned(), value);
        }
        one.remove("known_hosts");
        one.remove("docker_socket");
        let door = [("user".to_owned(), text(host.user().to_owned())), ("key".to_owned(), file(&host.key_file()))];
        one.insert("act".to_owned(), Value::Table(door.into_iter().collect()));
    }
    hosts.insert(HERE.to_owned(), here());
    deployment.insert("hosts".to_owned(), Value::Table(hosts));
    deployment
}

/// This machine itself, so that a first real measurement is one choice away. It has no second door: it can be looked at, and
/// never acted on.
fn here() -> Value {
    let title = [Language::Ko, Language::En]
        .map(|language| (language.code().to_owned(), Value::String(word("sandbox-here", language))));
    let entries = [
        ("title".to_owned(), Value::Table(title.into_iter().collect())),
        ("transport".to_owned(), Value::String("local".to_owned())),
        ("disks".to_owned(), Value::Array(vec![Value::String("/".to_owned())])),
        // An alert of what the newcomer's own machine is busy with would be no part of this world.
        ("sampled".to_owned(), Value::Boolean(false)),
    ];
    Value::Table(entries.into_iter().collect())
}

fn without_webhooks(table: &mut Table) {
    table.remove("webhook");
    for inner in table.iter_mut().filter_map(|(_, inner)| inner.as_table_mut()) {
        without_webhooks(inner);
    }
}
