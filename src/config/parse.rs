//! Reads `bot.toml`.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use chrono_tz::Tz;

use super::aws::aws;
use super::gate::gate;
use super::health::health;
use super::host::hosts;
use super::people::{people, rotas};
use super::retention::retention;
use super::sampling::sampling;
use super::schedule::{Known, digest, schedules};
use super::several::rota_name;
use super::signing;
use super::{Config, DiscordConfig, HttpConfig, SecretRef, Transport};
use crate::dial::Reach;
use crate::document::{Document, Located, Problems, Table, did_you_mean};
use crate::domain::message::{Language, Message};
use crate::domain::retention::Retention;
use crate::domain::schedule::holidays::Holidays;

/// The folder of command files where nothing is said.
const COMMANDS: &str = "commands";

/// Reads the configuration at `path`.
///
/// # Errors
/// Everything that is wrong with it.
pub fn load(path: &Path) -> Result<Config, Problems> {
    read(Document::open(path)?)
}

/// Reads `text` as the configuration at `path`.
///
/// # Errors
/// Everything that is wrong with it.
pub fn parse(path: &Path, text: String) -> Result<Config, Problems> {
    read(Document::new(path, text))
}

/// The folder of command files that the configuration at `path` names, whatever else is wrong with it; none where that cannot
/// be told, as where there is no such file.
pub fn commands_folder(path: &Path) -> Option<PathBuf> {
    let named = Document::open(path).ok()?.text_despite_faults("commands", COMMANDS)?;
    Some(resolve(path.parent().unwrap_or(Path::new("")), &named))
}

/// Reads the file and the one of holidays that it names; what is wrong with either is told together.
fn read(document: Document) -> Result<Config, Problems> {
    let folder = document.path().parent().unwrap_or(Path::new("")).to_owned();
    let mut days_off = None;
    let config = document.read(|table| {
        days_off = table.text("holidays").map(|text| resolve(&folder, &text.value));
        config(&table, &folder)
    });
    let holidays = days_off.as_ref().map_or_else(|| Ok(Holidays::default()), |path| super::holidays::load(path));
    match (config, holidays) {
        (Ok(config), Ok(holidays)) => Ok(Config { holidays, holidays_file: days_off, ..config }),
        (Err(mut problems), Err(mut more)) => {
            problems.0.append(&mut more.0);
            Err(problems)
        }
        (Err(problems), Ok(_)) | (Ok(_), Err(problems)) => Err(problems),
    }
}

fn config(table: &Table<'_>, folder: &Path) -> Option<Config> {
    let path_at = |key| table.text(key).map(|text| resolve(folder, &text.value));
    let timezone = table.text("timezone").map_or(Some(chrono_tz::Asia::Seoul), |text| zone(table, &text));
    let language = table.text("language").map_or(Some(Language::default()), |text| language(table, &text));
    let database = path_at("database").unwrap_or_else(|| folder.join("signoff.db"));
    let commands = path_at("commands").unwrap_or_else(|| folder.join(COMMANDS));
    let reach = reach(table);
    let discord = table.table("discord").map(|section| discord(&section, folder));
    let roles = table.table("roles").map(|section| roles(&section)).unwrap_or_default();
    let may_run = table.table("may_run").map(|section| may_run(&section, &roles)).unwrap_or_default();
    let people = table.table("people").map(|section| people(&section)).unwrap_or_default();
    let zone = timezone.unwrap_or(chrono_tz::Asia::Seoul);
    let mut rotas = table.table("rota").map(|section| rotas(&section, &people, zone)).unwrap_or_default();
    let may_sign = table.table("may_sign").map(|section| signing::may_sign(&section, &roles)).unwrap_or_default();
    let findings = signing::findings(table.table("findings").as_ref(), folder, zone);
    let health = table.table("health").map(|section| health(&section));
    let http = table.table("http").map(|section| http(&section, folder)).unwrap_or_default();
    let sampling = table.table("sampling").map(|section| sampling(&section, &roles, &rotas, folder));
    let retention = table.table("retention").map_or(Some(Retention::default()), |section| retention(&section));
    let aws = table.table("aws").map(|section| aws(&section, folder));
    let gate = table.table("gate").map(|section| gate(&section, &roles)).unwrap_or_default();
    let known = Known {
        people: &people,
        roles: &roles,
        rotas: rotas.keys().cloned().collect(),
        hosts: None,
        zone,
        of_host: false,
        folder,
    };
    let hosts = table.required_table("hosts").map(|section| hosts(&section, folder, &known));
    let known = Known { hosts: hosts.as_ref(), ..known };
    let schedules = table.table("schedule").map(|section| schedules(&section, &known)).unwrap_or_default();
    let digest = table.table("digest").map(|section| digest(&section, zone));
    let log = table.table("log").and_then(|section| {
        let channel = section.required_text("channel")?;
        id(&section, &channel)
    });
    for host in hosts.iter().flatten().map(|(_, host)| host) {
        let own = host.own.rotas.iter().map(|(checklist, rota)| (rota_name(checklist, &host.name), rota.clone()));
        rotas.extend(own);
    }
    let config = Config {
        reach: Reach::default(),
        timezone: timezone?,
        language: language?,
        database,
        commands,
        discord: given(discord)?,
        roles,
        may_run,
        may_sign,
        findings,
        people,
        rotas,
        schedules,
        holidays: Holidays::default(),
        holidays_file: None,
        digest: given(digest)?,
        log,
        health: given(health)?,
        http,
        aws: given(aws)?,
        sampling: given(sampling)?,
        gate,
        retention: retention?,
        hosts: hosts?,
    };
    Some(within(reach?, config))
}

/// What was written, where anything was; none where it could not be read, which was told already.
pub(super) fn given<T>(written: Option<Option<T>>) -> Option<Option<T>> {
    match written {
        Some(read) => read.map(Some),
        None => Some(None),
    }
}

/// `reach`: how far the bot may go at all; where nothing is said, to wherever the rest of the file says.
fn reach(table: &Table<'_>) -> Option<Reach> {
    let Some(text) = table.text("reach") else { return Some(Reach::default()) };
    let reach = Reach::named(&text.value);
    if reach.is_none() {
        let known = [Reach::Anywhere, Reach::Loopback].map(Reach::name);
        let message = Message::new("config-unknown-reach").with("name", text.value.as_str());
        table.problem_with_hint(text.span, message, did_you_mean(&text.value, known));
    }
    reach
}

/// Tells it to everything that opens a connection.
fn within(reach: Reach, mut config: Config) -> Config {
    config.reach = reach;
    config.http.reach = reach;
    config.discord.iter_mut().for_each(|discord| discord.reach = reach);
    config.aws.iter_mut().for_each(|aws| aws.reach = reach);
    config.sampling.iter_mut().for_each(|sampling| sampling.reach = reach);
    for host in config.hosts.values_mut() {
        if let Transport::Ssh(ssh) = &mut host.transport {
            ssh.reach = reach;
        }
    }
    config
}

/// A path of the file: `~/` is the home folder, a relative one begins at the file's own folder.
pub(super) fn resolve(folder: &Path, text: &str) -> PathBuf {
    match (text.strip_prefix("~/"), std::env::home_dir()) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => folder.join(text),
    }
}

pub(super) fn zone(table: &Table<'_>, text: &Located<String>) -> Option<Tz> {
    let zone = text.value.parse().ok();
    if zone.is_none() {
        table.problem_with_hint(
            text.span.clone(),
            Message::new("config-unknown-timezone").with("name", text.value.as_str()),
            did_you_mean(&text.value, chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name())),
        );
    }
    zone
}

fn language(table: &Table<'_>, text: &Located<String>) -> Option<Language> {
    let language = Language::ALL.into_iter().find(|language| language.code() == text.value);
    if language.is_none() {
        table.problem(text.span.clone(), Message::new("config-unknown-language").with("name", text.value.as_str()));
    }
    language
}

/// A Discord id is written as a text: it does not fit the numbers of many editors and tools.
pub(super) fn id(table: &Table<'_>, text: &Located<String>) -> Option<u64> {
    let id = text.value.parse().ok().filter(|id| *id > 0);
    if id.is_none() {
        table.problem(text.span.clone(), Message::new("config-not-an-id").with("text", text.value.as_str()));
    }
    id
}

pub(super) fn address(table: &Table<'_>, text: &Located<String>) -> Option<SocketAddr> {
    let address = text.value.parse().ok();
    if address.is_none() {
        table.problem(text.span.clone(), Message::new("config-not-an-address").with("text", text.value.as_str()));
    }
    address
}

fn discord(table: &Table<'_>, folder: &Path) -> Option<DiscordConfig> {
    let guild = table.required_text("guild").and_then(|text| id(table, &text));
    let token = table.required_table("token").and_then(|section| secret(&section, folder));
    let connect_to = table.text("connect_to").map(|text| address(table, &text));
    let ca_file = table.text("ca_file").map(|text| resolve(folder, &text.value));
    if connect_to.is_some() && ca_file.is_none() {
        table.problem(table.span(), Message::new("config-discord-needs-ca"));
    }
    let clock = table.text("clock");
    if let Some(clock) = clock.as_ref().filter(|_| connect_to.is_none()) {
        table.problem(clock.span.clone(), Message::new("config-discord-clock"));
    }
    let clock = clock.map(|text| resolve(folder, &text.value));
    let reach = Reach::default();
    Some(DiscordConfig { reach, guild: guild?, token: token?, connect_to: connect_to.flatten(), ca_file, clock })
}

pub(super) fn secret(table: &Table<'_>, folder: &Path) -> Option<SecretRef> {
    match (table.text("env"), table.text("file")) {
        (Some(name), None) => Some(SecretRef::Env(name.value)),
        (None, Some(path)) => Some(SecretRef::File(resolve(folder, &path.value))),
        _ => {
            table.problem(table.span(), Message::new("config-secret-form"));
            None
        }
    }
}

fn roles(table: &Table<'_>) -> BTreeMap<String, u64> {
    let names = table.names();
    names.into_iter().filter_map(|name| Some((name.value.clone(), id(table, &table.text_of(&name.value)?)?))).collect()
}

fn may_run(table: &Table<'_>, roles: &BTreeMap<String, u64>) -> BTreeMap<String, Vec<String>> {
    let names = table.names();
    names
        .into_iter()
        .map(|command| {
            let allowed = table.texts_of(&command.value);
            for role in allowed.iter().filter(|role| !roles.contains_key(&role.value)) {
                table.problem_with_hint(
                    role.span.clone(),
                    Message::new("config-unknown-role").with("name", role.value.as_str()),
                    did_you_mean(&role.value, roles.keys().map(String::as_str)),
                );
            }
            (command.value, allowed.into_iter().map(|role| role.value).collect())
        })
        .collect()
}

fn http(table: &Table<'_>, folder: &Path) -> HttpConfig {
    let ca_file = table.text("ca_file").map(|text| resolve(folder, &text.value));
    let connect_to = table.table("connect_to").map(|section| {
        let names = section.names();
        let pair = |name: Located<String>| {
            let to = section.text_of(&name.value).and_then(|text| address(&section, &text));
            Some((site(&section, &name)?, to?))
        };
        names.into_iter().filter_map(pair).collect()
    });
    HttpConfig { reach: Reach::default(), ca_file, connect_to: connect_to.unwrap_or_default() }
}

/// `name:port` as it is looked for when a URL is asked for: another spelling would never be found, and the real site asked.
fn site(table: &Table<'_>, name: &Located<String>) -> Option<String> {
    let site = name.value.rsplit_once(':').and_then(|(host, port)| {
        let port = port.parse::<u16>().ok().filter(|port| *port > 0)?;
        Some(format!("{}:{port}", url::Host::parse(host).ok()?))
    });
    if site.is_none() {
        table.problem(name.span.clone(), Message::new("config-not-a-site").with("text", name.value.as_str()));
    }
    site
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_address_is_found_however_its_site_is_spelt() {
        let text = "[hosts.one]\ntransport = \"local\"\n[http.connect_to]\n\"API.example.com:443\" = \"127.0.0.1:1\"\n\
                    \"[::1]:80\" = \"127.0.0.1:2\"\n";
        let config = parse(Path::new("bot.toml"), text.to_owned()).unwrap();
        let sites: Vec<_> = config.http.connect_to.keys().map(String::as_str).collect();
        assert_eq!(sites, ["[::1]:80", "api.example.com:443"]);
    }
}
