//! Reads what is asked of how a host is set up, and of a site's encryption.

use std::time::Duration;

use super::duration;
use crate::document::{Table, did_you_mean};
use crate::domain::message::Message;
use crate::domain::probe::{
    Benchmark, Certificate, Fail2ban, Files, Images, Manager, RateLimit, Settings, Timer, Tls, Trivy, Updates,
};

/// Where certbot keeps its lineages.
const CERTBOT: &str = "/etc/letsencrypt/live";

/// A benchmark of more requests would be a load of its own.
const MOST_REQUESTS: i64 = 50;

/// The list `key`, which must name something.
fn some(table: &Table<'_>, key: &'static str) -> Option<Vec<String>> {
    let texts = table.texts(key);
    if texts.is_empty() {
        table.problem(table.span(), Message::new("file-missing-key").with("key", key));
        return None;
    }
    Some(texts.into_iter().map(|text| text.value).collect())
}

pub(super) fn list(table: &Table<'_>, key: &'static str) -> Vec<String> {
    table.texts(key).into_iter().map(|text| text.value).collect()
}

pub(super) fn certificate(table: &Table<'_>) -> Option<Certificate> {
    let folder = table.text("folder").map_or_else(|| CERTBOT.to_owned(), |folder| folder.value);
    Some(Certificate { sites: some(table, "sites")?, folder })
}

pub(super) fn tls(table: &Table<'_>) -> Option<Tls> {
    Some(Tls { sites: some(table, "sites")? })
}

pub(super) fn rate_limit(table: &Table<'_>) -> Option<RateLimit> {
    Some(RateLimit { site: table.required_text("site")?.value })
}

pub(super) fn settings(table: &Table<'_>) -> Option<Settings> {
    let keys = some(table, "keys");
    Some(Settings { command: table.required_text("command")?.value, keys: keys? })
}

pub(super) fn files(table: &Table<'_>) -> Option<Files> {
    let skip = list(table, "skip");
    Some(Files { paths: paths(table)?, skip })
}

/// The paths of files on the host.
pub(super) fn paths(table: &Table<'_>) -> Option<Vec<String>> {
    let paths = absolute(table, "paths");
    if paths.is_empty() {
        table.problem(table.span(), Message::new("file-missing-key").with("key", "paths"));
        return None;
    }
    Some(paths)
}

/// The paths of the list at `key`, each of which must be from the root on; none where there is no list.
pub(super) fn absolute(table: &Table<'_>, key: &'static str) -> Vec<String> {
    let paths = table.texts(key);
    for path in paths.iter().filter(|path| !path.value.starts_with('/')) {
        table.problem(path.span.clone(), Message::new("commands-relative-path").with("path", path.value.as_str()));
    }
    paths.into_iter().map(|path| path.value).collect()
}

pub(super) fn fail2ban(table: &Table<'_>) -> Option<Fail2ban> {
    Some(Fail2ban { jail: table.required_text("jail")?.value })
}

pub(super) fn timer(table: &Table<'_>) -> Option<Timer> {
    let unit = table.required_text("unit")?;
    if !unit.value.ends_with(".timer") {
        table.problem(unit.span, Message::new("commands-no-timer").with("unit", unit.value.as_str()));
        return None;
    }
    Some(Timer { unit: unit.value })
}

pub(super) fn updates(table: &Table<'_>) -> Option<Updates> {
    let Some(name) = table.text("manager") else { return Some(Updates { manager: None }) };
    let names = || Manager::ALL.into_iter().map(Manager::name);
    let found = Manager::ALL.into_iter().find(|manager| manager.name() == name.value);
    if found.is_none() {
        let known = names().collect::<Vec<_>>().join(", ");
        table.problem_with_hint(
            name.span,
            Message::new("commands-unknown-manager").with("name", name.value.as_str()).with("known", known),
            did_you_mean(&name.value, names()),
        );
        return None;
    }
    Some(Updates { manager: found })
}

pub(super) fn benchmark(table: &Table<'_>) -> Option<Benchmark> {
    let times = table.integer("times");
    let pause = duration(table, "pause").unwrap_or(Duration::from_millis(50));
    let count = times.as_ref().map_or(10, |times| times.value);
    if let Some(times) = times.filter(|times| !(1..=MOST_REQUESTS).contains(&times.value)) {
        table.problem(times.span, Message::new("commands-benchmark-times").with("most", MOST_REQUESTS.to_string()));
        return None;
    }
    Some(Benchmark { url: super::http(table)?.url, times: u32::try_from(count).unwrap_or(10), pause })
}

pub(super) fn images(table: &Table<'_>) -> Images {
    Images { keep: list(table, "keep") }
}

pub(super) fn trivy(table: &Table<'_>) -> Option<Trivy> {
    Some(Trivy { image: table.required_text("image")?.value })
}
