//! The backups: real, gzipped dumps in the folder of the host, and their copies in the bucket.

use std::io::{Read, Write};
use std::path::PathBuf;

use chrono::{DateTime, FixedOffset, NaiveDateTime, TimeDelta, Utc};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::host::core::Host;
use crate::host::model::ZONE;
use crate::host::model::cloud::Object;
use crate::host::noise::{bits, digits};

/// Where they lie on the host.
pub(crate) const FOLDER: &str = "opt/gear_freak/backups";

/// When one is made, in hours of the host's day.
pub(crate) const HOUR: i64 = 3;

/// How many there are when all is well.
const DAYS: i64 = 8;

/// How many rows a practice dump has.
const ROWS: u64 = 1200;

/// A dump of the database as it was at `at`, as `pg_dump` writes it.
pub(crate) fn dump(seed: u64, at: DateTime<Utc>) -> String {
    let day = at.timestamp().unsigned_abs() / 86_400;
    let mut text = String::from("--\n-- PostgreSQL database dump\n--\n\nSET statement_timeout = 0;\n\n");
    text.push_str("CREATE TABLE public.\"user\" (\n    id integer NOT NULL,\n    email text NOT NULL\n);\n\n");
    text.push_str("COPY public.\"user\" (id, email, nickname, created_at) FROM stdin;\n");
    for row in 0..ROWS + day % 50 {
        let salt = if row % 16 == 0 { day } else { 0 };
        text.push_str(&format!(
            "{row}\tuser{row}@example.com\t{}\t2026-01-01\n",
            digits(seed, "nickname", 8 + usize::try_from(bits(seed ^ salt, "row", row) % 24).unwrap_or(0))
        ));
    }
    text.push_str(&format!("\\.\n\n-- made {}\n\n--\n-- PostgreSQL database dump complete\n--\n\n", at.to_rfc3339()));
    text
}

fn zipped(text: &str) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes())?;
    encoder.finish()
}

/// The zone of the host.
pub(crate) fn zone() -> FixedOffset {
    FixedOffset::east_opt(ZONE).unwrap_or_else(|| chrono::Offset::fix(&Utc))
}

/// The last moment at which the clock made a backup.
pub(crate) fn last_due(now: DateTime<Utc>) -> DateTime<Utc> {
    let local = now.with_timezone(&zone());
    let midnight = local.date_naive().and_time(chrono::NaiveTime::MIN);
    let due = |midnight: NaiveDateTime| {
        let at = (midnight + TimeDelta::hours(HOUR)).and_local_timezone(zone()).single();
        at.map_or(now, |at| at.to_utc())
    };
    let today = due(midnight);
    if today <= now { today } else { due(midnight - TimeDelta::days(1)) }
}

fn name(at: DateTime<Utc>) -> String {
    at.with_timezone(&zone()).format("postgres_%Y%m%d_%H%M%S.sql.gz").to_string()
}

fn object(host: &Host, name: &str) -> PathBuf {
    host.folder.join("objects").join(name)
}

/// Writes the backups of the last days; those of the last thirty are in the bucket.
///
/// # Errors
/// The files could not be written.
pub(crate) fn write(host: &Host) -> std::io::Result<()> {
    let now = host.clock.now();
    let seed = host.look(|model| model.seed);
    std::fs::create_dir_all(host.root.join(FOLDER))?;
    std::fs::create_dir_all(host.folder.join("objects"))?;
    let last = last_due(now);
    for days in 0..30 {
        let at = last - TimeDelta::days(days) + TimeDelta::seconds(2);
        let (name, size) = (name(at), 24_000 + bits(seed, "size", at.timestamp().unsigned_abs()) % 500);
        let size = if days < DAYS {
            let content = zipped(&dump(seed, at))?;
            let file = host.root.join(FOLDER).join(&name);
            super::replace(&file, &content)?;
            super::touch(&file, at + TimeDelta::seconds(4))?;
            std::fs::write(object(host, &name), &content)?;
            content.len() as u64
        } else {
            size
        };
        host.change(|model| {
            let object = Object { size, modified: at + TimeDelta::seconds(9) };
            model.account.objects.insert(format!("backups/{name}"), object);
        });
    }
    let log = host.root.join("var/log/backup.log");
    let line =
        |days: i64| format!("{} backup done\n", (last - TimeDelta::days(days)).with_timezone(&zone()).to_rfc3339());
    super::replace(&log, (0..DAYS).rev().map(line).collect::<String>().as_bytes())?;
    super::touch(&log, last + TimeDelta::seconds(6))?;
    host.change(|model| model.backed_up = last);
    Ok(())
}

/// How long a backup may still be under way, so that nobody misses it or calls it broken.
const UNDER_WAY: TimeDelta = TimeDelta::hours(2);

/// Last night's backup on the host: the newest. Where that may still be under way, the one before as well, or nobody would
/// notice what became of it before five.
fn last_night(host: &Host) -> std::io::Result<Vec<(String, PathBuf)>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(host.root.join(FOLDER))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name.starts_with("postgres_") && name.ends_with(".sql.gz") {
            names.push(name);
        }
    }
    names.sort();
    let now = host.clock.now();
    let count = if now - last_due(now) < UNDER_WAY { 2 } else { 1 };
    let newest = names.into_iter().rev().take(count);
    Ok(newest.map(|name| (name.clone(), host.root.join(FOLDER).join(name))).collect())
}

/// Last night's backup goes away, on the host and in the bucket; it is kept aside for whoever takes that back.
///
/// # Errors
/// The files could not be moved.
pub(crate) fn lose(host: &Host) -> std::io::Result<()> {
    for (name, path) in last_night(host)? {
        keep_aside(host, &name, &path)?;
        std::fs::remove_file(path)?;
        host.change(|model| model.account.objects.remove(&format!("backups/{name}")));
    }
    Ok(())
}

/// Last night's backup breaks off in the middle.
///
/// # Errors
/// The files could not be changed.
pub(crate) fn cut(host: &Host) -> std::io::Result<()> {
    for (name, path) in last_night(host)? {
        let modified = std::fs::metadata(&path)?.modified()?;
        keep_aside(host, &name, &path)?;
        let file = std::fs::File::options().write(true).open(&path)?;
        file.set_len(file.metadata()?.len() * 6 / 10)?;
        file.set_modified(modified)?;
    }
    Ok(())
}

fn keep_aside(host: &Host, name: &str, path: &PathBuf) -> std::io::Result<()> {
    let aside = host.folder.join("aside");
    std::fs::create_dir_all(&aside)?;
    let kept = aside.join(name);
    if !kept.exists() {
        std::fs::copy(path, &kept)?;
        std::fs::File::options().write(true).open(&kept)?.set_modified(std::fs::metadata(path)?.modified()?)?;
    }
    Ok(())
}

/// What was kept aside comes back.
///
/// # Errors
/// The files could not be moved.
pub(crate) fn bring_back(host: &Host) -> std::io::Result<()> {
    let aside = host.folder.join("aside");
    let Ok(entries) = std::fs::read_dir(&aside) else { return Ok(()) };
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let (content, modified) = (std::fs::read(entry.path())?, entry.metadata()?.modified()?);
        let file = host.root.join(FOLDER).join(&name);
        super::replace(&file, &content)?;
        std::fs::File::options().write(true).open(&file)?.set_modified(modified)?;
        std::fs::write(object(host, &name), &content)?;
        std::fs::remove_file(entry.path())?;
        let size = content.len() as u64;
        host.change(|model| {
            let modified = DateTime::<Utc>::from(modified) + TimeDelta::seconds(5);
            model.account.objects.insert(format!("backups/{name}"), Object { size, modified });
        });
    }
    Ok(())
}

/// What an object of the bucket holds, where it is kept.
pub(crate) fn content(host: &Host, key: &str) -> Option<Vec<u8>> {
    let name = key.strip_prefix("backups/")?;
    if name.contains('/') || name.contains("..") {
        return None;
    }
    let mut content = Vec::new();
    std::fs::File::open(object(host, name)).ok()?.read_to_end(&mut content).ok()?;
    Some(content)
}

/// Puts an object into the bucket.
///
/// # Errors
/// It is no name for an object, or cannot be written.
pub(crate) fn put(host: &Host, key: &str, content: &[u8]) -> std::io::Result<()> {
    let name =
        key.strip_prefix("backups/").filter(|name| !name.contains('/') && !name.contains("..") && !name.is_empty());
    let name = name.ok_or_else(|| std::io::Error::other("only backups/NAME is kept here"))?;
    std::fs::create_dir_all(host.folder.join("objects"))?;
    std::fs::write(object(host, name), content)?;
    let now = host.clock.now();
    host.change(|model| {
        let object = Object { size: content.len() as u64, modified: now };
        model.account.objects.insert(key.to_owned(), object);
    });
    Ok(())
}

/// What was made while the clock of this world shows another time than the machine's gets this world's time.
pub(crate) fn date_new(host: &Host) {
    let (now, machine) = (host.clock.now(), DateTime::<Utc>::from(std::time::SystemTime::now()));
    let apart = now - machine;
    if apart.abs() < TimeDelta::minutes(1) {
        return;
    }
    let Ok(entries) = std::fs::read_dir(host.root.join(FOLDER)) else { return };
    for entry in entries.flatten() {
        let changed = entry.metadata().and_then(|data| data.modified()).map(DateTime::<Utc>::from);
        if let Ok(changed) = changed
            && (machine - changed).abs() < TimeDelta::minutes(5)
            && let Err(error) = super::touch(&entry.path(), changed + apart)
        {
            tracing::debug!(%error, "a new backup could not be dated");
        }
    }
}
