//! Reads the steps of an action.

use std::time::Duration;

use chrono::format::{Item, StrftimeItems};

use crate::commands::probe;
use crate::document::{Located, Table, did_you_mean};
use crate::domain::action::step::{
    Alarm, ArchiveLogs, Backups, Compose, ComposeAct, Database, DeleteBackups, Name, Prune, PutAlarm, Renew, Renewal,
    Restore, RestoreTest, Rollback, Run,
};
use crate::domain::action::{Parameter, Step, Word};
use crate::domain::message::Message;

/// How long a program may take where the file does not say.
const TIMEOUT: Duration = Duration::from_secs(60);

pub(super) fn read(table: &Table<'_>, parameters: &[Parameter]) -> Option<Step> {
    if !table.has("kind") {
        return run(table, parameters).map(Step::Run);
    }
    let kind = table.required_text("kind")?;
    match kind.value.as_str() {
        "run" => run(table, parameters).map(Step::Run),
        "compose_restart" => compose(table, ComposeAct::Restart, parameters),
        "compose_up" => compose(table, ComposeAct::Up, parameters),
        "compose_down_up" => compose(table, ComposeAct::DownUp, &[]),
        "reboot" => Some(Step::Reboot),
        "rollback" => {
            let (folder, service) = (path(table, "folder"), required_word(table, "service", parameters));
            Some(Step::Rollback(Rollback { folder: folder?, service: service? }))
        }
        "backup" => backups(table).map(Step::Backup),
        "restore" => restore(table, parameters),
        "restore_test" => {
            let (database, backups) = (database(table), backups(table));
            Some(Step::RestoreTest(RestoreTest { database: database?, backups: backups? }))
        }
        "renew" => renew(table),
        "delete_backups" => {
            let (backups, days) = (backups(table), days(table, "older_than_days"));
            Some(Step::DeleteBackups(DeleteBackups { backups: backups?, older_than_days: days? }))
        }
        "prune_images" => prune(table, false),
        "prune_system" => prune(table, true),
        "vacuum_journal" => {
            table.required_text("keep")?;
            Some(Step::VacuumJournal { keep: probe::duration(table, "keep")? })
        }
        "archive_logs" => {
            let folder = path(table, "folder");
            let (compress, delete) = (days(table, "compress_after_days"), days(table, "delete_after_days"));
            let step = ArchiveLogs { folder: folder?, compress_after_days: compress?, delete_after_days: delete? };
            Some(Step::ArchiveLogs(step))
        }
        "update" => Some(Step::Update),
        "put_alarm" => put_alarm(table, parameters),
        "approve_baseline" => Some(Step::ApproveBaseline),
        other => {
            let kinds = || Step::KINDS.iter().copied();
            let known = || Message::new("action-known").with("names", kinds().collect::<Vec<_>>().join(", "));
            table.problem_with_hint(
                kind.span.clone(),
                Message::new("action-unknown-step").with("name", other),
                did_you_mean(other, kinds()).or_else(|| Some(known())),
            );
            table.take_all();
            None
        }
    }
}

fn run(table: &Table<'_>, parameters: &[Parameter]) -> Option<Run> {
    let sudo = table.flag("sudo").is_some_and(|sudo| sudo.value);
    let timeout = if table.has("timeout") { probe::duration(table, "timeout") } else { Some(TIMEOUT) };
    let words = table.texts("run");
    if words.is_empty() {
        table.problem(table.span(), Message::new("file-missing-key").with("key", "run"));
        return None;
    }
    let argv: Vec<_> = words.iter().filter_map(|written| word(table, written, parameters)).collect();
    (argv.len() == words.len()).then_some(Run { argv, sudo, timeout: timeout? })
}

/// A word is a literal, or as a whole `{parameter}`.
fn word(table: &Table<'_>, written: &Located<String>, parameters: &[Parameter]) -> Option<Word> {
    let Some(id) = written.value.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) else {
        return Some(Word::Literal(written.value.clone()));
    };
    if parameters.iter().any(|parameter| parameter.id == id) {
        return Some(Word::Argument(id.to_owned()));
    }
    table.problem_with_hint(
        written.span.clone(),
        Message::new("action-unknown-parameter").with("id", id),
        did_you_mean(id, parameters.iter().map(|parameter| parameter.id.as_str())),
    );
    None
}

fn required_word(table: &Table<'_>, key: &'static str, parameters: &[Parameter]) -> Option<Word> {
    let written = table.required_text(key)?;
    word(table, &written, parameters)
}

/// An absolute path: what is done must not depend on where somebody logs in.
fn path(table: &Table<'_>, key: &'static str) -> Option<String> {
    let written = table.required_text(key)?;
    if written.value.starts_with('/') && !written.value.contains("..") {
        return Some(written.value);
    }
    table.problem(written.span, Message::new("action-bad-path").with("path", written.value));
    None
}

fn days(table: &Table<'_>, key: &'static str) -> Option<u32> {
    let Some(written) = table.integer(key) else {
        if !table.has(key) {
            table.problem(table.span(), Message::new("file-missing-key").with("key", key));
        }
        return None;
    };
    let days = u32::try_from(written.value).ok().filter(|days| (1..=3650).contains(days));
    if days.is_none() {
        table.problem(written.span, Message::new("action-bad-days"));
    }
    days
}

fn compose(table: &Table<'_>, act: ComposeAct, parameters: &[Parameter]) -> Option<Step> {
    let folder = path(table, "folder");
    let service = match act {
        ComposeAct::DownUp => None,
        _ => table.text("service").map(|written| word(table, &written, parameters)),
    };
    let service = match service {
        Some(service) => Some(service?),
        None => None,
    };
    Some(Step::Compose(Compose { act, folder: folder?, service }))
}

/// A name in a database that needs no quotes.
fn name(table: &Table<'_>, key: &'static str) -> Option<Name> {
    let written = table.required_text(key)?;
    let name = Name::try_from(written.value.as_str()).ok();
    if name.is_none() {
        table.problem(written.span, Message::new("action-bad-name").with("name", written.value));
    }
    name
}

fn database(table: &Table<'_>) -> Option<Database> {
    let table = table.required_table("database")?;
    let service = table.required_text("service");
    let (user, called, counted) = (name(&table, "user"), name(&table, "name"), name(&table, "table"));
    Some(Database { service: service?.value, user: user?, name: called?, table: counted? })
}

fn backups(table: &Table<'_>) -> Option<Backups> {
    let table = table.required_table("backups")?;
    let (script, folder) = (path(&table, "script"), path(&table, "folder"));
    let name = table.required_text("name")?;
    // Parts of a time that are always as many digits: only those make a pattern.
    let known = name.value.split('%').skip(1).all(|part| part.starts_with(['Y', 'm', 'd', 'H', 'M', 'S']));
    let stamped = StrftimeItems::new(&name.value).all(|item| !matches!(item, Item::Error));
    if !known || !stamped || !name.value.contains("%d") || name.value.contains(['/', '*', '?', '[', ' ']) {
        table.problem(name.span, Message::new("commands-backup-name").with("name", name.value));
        return None;
    }
    Some(Backups { script: script?, folder: folder?, name: name.value })
}

fn restore(table: &Table<'_>, parameters: &[Parameter]) -> Option<Step> {
    let (database, backups) = (database(table), backups(table));
    let file = required_word(table, "file", parameters);
    let (folder, service) = (path(table, "folder"), table.required_text("service"));
    Some(Step::Restore(Restore {
        database: database?,
        backups: backups?,
        file: file?,
        folder: folder?,
        service: service?.value,
    }))
}

fn renew(table: &Table<'_>) -> Option<Step> {
    const HOW: [(&str, Renewal); 3] =
        [("dry-run", Renewal::DryRun), ("plain", Renewal::Plain), ("force-if-needed", Renewal::Forced)];
    let written = table.required_text("how")?;
    let found = HOW.into_iter().find(|(name, _)| *name == written.value);
    if found.is_none() {
        let names = HOW.map(|(name, _)| name);
        table.problem_with_hint(
            written.span,
            Message::new("action-unknown-renewal").with("name", written.value.as_str()),
            did_you_mean(&written.value, names)
                .or_else(|| Some(Message::new("action-known").with("names", names.join(", ")))),
        );
    }
    found.map(|(_, how)| Step::Renew(Renew { how }))
}

fn prune(table: &Table<'_>, system: bool) -> Option<Step> {
    let folder = path(table, "folder");
    let keep = table.texts("keep").into_iter().map(|name| name.value).collect();
    Some(Step::Prune(Prune { system, folder: folder?, keep }))
}

fn put_alarm(table: &Table<'_>, parameters: &[Parameter]) -> Option<Step> {
    let alarm = required_word(table, "alarm", parameters);
    let alarms: Vec<_> = table.tables("alarms").iter().filter_map(one_alarm).collect();
    if alarms.is_empty() {
        table.problem(table.span(), Message::new("file-missing-key").with("key", "alarms"));
    }
    Some(Step::PutAlarm(PutAlarm { alarm: alarm?, alarms }))
}

fn one_alarm(table: &Table<'_>) -> Option<Alarm> {
    let (name, metric, namespace) =
        (table.required_text("name"), table.required_text("metric"), table.required_text("namespace"));
    let threshold = table.integer("threshold");
    if threshold.is_none() && !table.has("threshold") {
        table.problem(table.span(), Message::new("file-missing-key").with("key", "threshold"));
    }
    let statistic = table.text("statistic").map_or_else(|| "Average".to_owned(), |text| text.value);
    let period = table.integer("period_seconds");
    // Amazon takes 10, 30 and multiples of 60; moto takes anything.
    let period_seconds = period.as_ref().map_or(Some(300), |period| {
        u32::try_from(period.value)
            .ok()
            .filter(|seconds| matches!(seconds, 10 | 30) || (*seconds > 0 && seconds % 60 == 0))
    });
    if let (None, Some(period)) = (period_seconds, period) {
        table.problem(period.span, Message::new("action-bad-period"));
    }
    let periods = table.integer("periods").and_then(|periods| u32::try_from(periods.value).ok()).unwrap_or(2).max(1);
    let of_instance = table.flag("of_instance").is_some_and(|flag| flag.value);
    let tells = table.text("tells").map(|text| text.value);
    #[expect(clippy::cast_precision_loss, reason = "thresholds are small numbers")]
    let threshold = threshold?.value as f64;
    Some(Alarm {
        name: name?.value,
        metric: metric?.value,
        namespace: namespace?.value,
        threshold,
        statistic,
        period_seconds: period_seconds?,
        periods,
        of_instance,
        tells,
    })
}
