//! Reads what a check looks at: a table of its own, or the name of one that several checks share.

mod backup;
mod cloud;
mod logs;
mod setting;

use std::collections::BTreeMap;
use std::time::Duration;

use regex::Regex;

use crate::document::{Located, Table, did_you_mean};
use crate::domain::message::Message;
use crate::domain::probe::{Container, ContainerLog, Cpu, Disk, Http, Manual, Probe, Shell};
use crate::domain::quantity::{Dimension, Quantity};

/// The probes of `[probes.NAME]`; none where one could not be read, which was told already.
pub(super) type Shared = BTreeMap<String, Option<Probe>>;

/// Two processor readings closer than this measure the reading itself.
const SHORTEST_CPU_READING: Duration = Duration::from_millis(100);

pub(super) fn shared(table: &Table<'_>) -> Shared {
    let names = table.names();
    names
        .into_iter()
        .map(|name| (name.value.clone(), table.table_of(&name.value).and_then(|probe| read(&probe))))
        .collect()
}

pub(super) fn of_check(table: &Table<'_>, shared: &Shared) -> Option<Probe> {
    if !table.is_text("probe") {
        return read(&table.required_table("probe")?);
    }
    let name = table.text("probe")?;
    if let Some(probe) = shared.get(&name.value) {
        return probe.clone();
    }
    table.problem_with_hint(
        name.span,
        Message::new("commands-unknown-shared-probe").with("name", name.value.as_str()),
        did_you_mean(&name.value, shared.keys().map(String::as_str)),
    );
    None
}

fn read(table: &Table<'_>) -> Option<Probe> {
    let kind = table.required_text("kind")?;
    match kind.value.as_str() {
        "http" => http(table).map(Probe::Http),
        "shell" => shell(table).map(Probe::Shell),
        "container" => Some(Probe::Container(Container { service: service(table)? })),
        "container_log" => container_log(table).map(Probe::ContainerLog),
        "cpu" => cpu(table).map(Probe::Cpu),
        "memory" => Some(Probe::Memory),
        "certificate" => setting::certificate(table).map(Probe::Certificate),
        "tls" => setting::tls(table).map(Probe::Tls),
        "rate_limit" => setting::rate_limit(table).map(Probe::RateLimit),
        "settings" => setting::settings(table).map(Probe::Settings),
        "files" => setting::files(table).map(Probe::Files),
        "fail2ban" => setting::fail2ban(table).map(Probe::Fail2ban),
        "timer" => setting::timer(table).map(Probe::Timer),
        "updates" => setting::updates(table).map(Probe::Updates),
        "benchmark" => setting::benchmark(table).map(Probe::Benchmark),
        "images" => Some(Probe::Images(setting::images(table))),
        "trivy" => setting::trivy(table).map(Probe::Trivy),
        "log_errors" => logs::errors(table).map(Probe::LogErrors),
        "access_log" => logs::access(table).map(Probe::AccessLog),
        "logins" => Some(Probe::Logins(logs::logins(table))),
        "log_secrets" => logs::secrets(table).map(Probe::LogSecrets),
        "backups" => backup::backups(table).map(Probe::Backups),
        "schedule" => backup::schedule(table).map(Probe::Schedule),
        "database_size" => backup::database(table).map(Probe::DatabaseSize),
        "statements" => backup::database(table).map(Probe::Statements),
        "explain" => backup::explain(table).map(Probe::Explain),
        "rehearsed" => cloud::rehearsed(table).map(Probe::Rehearsed),
        "s3_backups" => cloud::s3_backups(table).map(Probe::S3Backups),
        "security_group" => Some(Probe::SecurityGroup(cloud::security_group(table))),
        "security_group_drift" => Some(Probe::SecurityGroupDrift),
        "aws_cost" => cloud::cost(table).map(Probe::Cost),
        "aws_alarms" => cloud::alarms(table).map(Probe::Alarms),
        "samples" => logs::samples(table).map(Probe::Samples),
        "manual" => Some(Probe::Manual(Manual { ask: table.required_localised("ask")?.value })),
        "disk" => {
            let (paths, folders) = (setting::absolute(table, "paths"), setting::absolute(table, "folders"));
            Some(Probe::Disk(Disk { paths, folders }))
        }
        unknown => {
            table.problem_with_hint(
                kind.span,
                Message::new("commands-unknown-probe").with("name", unknown),
                did_you_mean(unknown, Probe::KINDS.iter().copied())
                    .or_else(|| Some(Message::new("commands-known-probes").with("names", Probe::KINDS.join(", ")))),
            );
            table.take_all();
            None
        }
    }
}

fn http(table: &Table<'_>) -> Option<Http> {
    let url = table.required_text("url")?;
    let parsed = reqwest::Url::parse(&url.value).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    if parsed.is_none() {
        table.problem(url.span, Message::new("commands-bad-url").with("url", url.value));
        return None;
    }
    Some(Http { url: url.value })
}

fn shell(table: &Table<'_>) -> Option<Shell> {
    let number = table.text("number").and_then(|unit| match Dimension::from_base_unit(&unit.value) {
        Some(dimension) => Some(dimension),
        None => {
            let hint = Message::new("commands-shell-units");
            let message = Message::new("condition-unknown-unit").with("unit", unit.value.as_str());
            table.problem_with_hint(unit.span, message, Some(hint));
            None
        }
    });
    let command = table.required_text("command")?;
    if command.value.trim().is_empty() {
        table.problem(command.span, Message::new("commands-empty-text"));
        return None;
    }
    Some(Shell { command: command.value, number: number.unwrap_or(Dimension::Count) })
}

fn container_log(table: &Table<'_>) -> Option<ContainerLog> {
    let service = service(table);
    let since = duration(table, "since");
    let patterns = table.table("patterns").map(|section| {
        let names = section.names();
        for name in names.iter().filter(|name| is_taken(&name.value)) {
            let message = Message::new("commands-taken-measure").with("name", name.value.as_str());
            section.problem(name.span.clone(), message);
        }
        names
            .into_iter()
            .filter_map(|name| Some((name.value.clone(), pattern(&section, &section.text_of(&name.value)?)?)))
            .collect()
    });
    if since.is_none() && !table.has("since") {
        table.problem(table.span(), Message::new("file-missing-key").with("key", "since"));
    }
    Some(ContainerLog { service: service?, since: since?, patterns: patterns.unwrap_or_default() })
}

/// Whether a log is measured by this name without any pattern: the two could not be told apart.
fn is_taken(name: &str) -> bool {
    let bare = ContainerLog { service: String::new(), since: Duration::ZERO, patterns: BTreeMap::new() };
    Probe::ContainerLog(bare).measures().iter().any(|measure| measure.name == name)
}

/// The service of the compose project whose containers are meant.
fn service(table: &Table<'_>) -> Option<String> {
    let service = table.required_text("service")?;
    if service.value.trim().is_empty() {
        table.problem(service.span, Message::new("commands-empty-text"));
        return None;
    }
    Some(service.value)
}

fn pattern(table: &Table<'_>, text: &Located<String>) -> Option<Regex> {
    match Regex::new(&text.value) {
        Ok(regex) => Some(regex),
        Err(error) => {
            table.problem(
                text.span.clone(),
                Message::new("condition-bad-pattern").with("cause", crate::document::last_line(&error.to_string())),
            );
            None
        }
    }
}

fn cpu(table: &Table<'_>) -> Option<Cpu> {
    let over = if table.has("over") { duration(table, "over")? } else { Duration::from_millis(250) };
    if over < SHORTEST_CPU_READING {
        let least = Quantity::duration(SHORTEST_CPU_READING).to_string();
        table.problem(table.span(), Message::new("commands-cpu-too-short").with("least", least));
        return None;
    }
    Some(Cpu { over })
}

/// A span of time above zero, written with its unit.
pub(super) fn duration(table: &Table<'_>, key: &'static str) -> Option<Duration> {
    let text = table.text(key)?;
    let span = Quantity::parse(&text.value)
        .ok()
        .filter(|quantity| quantity.dimension == Dimension::Time && quantity.value > 0.0)
        .and_then(|quantity| Duration::try_from_secs_f64(quantity.value).ok());
    if span.is_none() {
        table.problem(text.span, Message::new("commands-bad-duration").with("text", text.value));
    }
    span
}
