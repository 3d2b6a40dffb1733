//! `signoff audit verify` and `signoff audit export`: the audit record, from a terminal.

use std::collections::BTreeMap;
use std::process::ExitCode;

use super::{AppError, login, print};
use crate::cli::{Audit, AuditWhat};
use crate::clock::Clock;
use crate::config::Config;
use crate::domain::audit::{Actor, Deed, Entry, Row};
use crate::domain::digest::Digest;
use crate::domain::message::Message;
use crate::service::{audit_broken, audit_signed, audit_whole};
use crate::store::{Signed, Store, Verdict};
use crate::text::say;

/// The exit status when the record is not what it was.
const BROKEN: u8 = 2;

pub(super) async fn run(asked: &Audit, config: Config) -> Result<ExitCode, AppError> {
    let store = Store::open(&config.database).await?;
    match &asked.what {
        AuditWhat::Verify { hash, .. } => verify(&store, hash.as_deref(), &config).await,
        AuditWhat::Export { .. } => {
            let entry = Entry::new(Clock::system().now(), Actor::Terminal(login()), Deed::Export, "audit");
            store.audit(&entry).await?;
            export(&store).await
        }
    }
}

async fn verify(store: &Store, hash: Option<&str>, config: &Config) -> Result<ExitCode, AppError> {
    let language = config.language;
    let whole = match store.verify_audit().await? {
        Verdict::Whole(head) => {
            print(&say(&audit_whole(head), language))?;
            true
        }
        Verdict::Broken(broken) => {
            print(&say(&audit_broken(broken), language))?;
            false
        }
    };
    let signed = store.verify_sign_offs().await?;
    print(&say(&audit_signed(&signed), language))?;
    let whole = whole && matches!(signed, Signed::Whole(_));
    let Some(hash) = hash else { return Ok(status(whole)) };
    let found = store.audit_row_of(hash.trim()).await?;
    print(&say(
        &match found {
            Some(row) => Message::new("audit-hash-found").with("hash", hash).with("row", row.to_string()),
            None => Message::new("audit-hash-missing").with("hash", hash),
        },
        language,
    ))?;
    Ok(status(whole && found.is_some()))
}

fn status(fine: bool) -> ExitCode {
    if fine { ExitCode::SUCCESS } else { ExitCode::from(BROKEN) }
}

/// Prints each row as a line of JSON, the one that says who takes them out included. Hashes are hexadecimal; times are milliseconds, as they are hashed.
async fn export(store: &Store) -> Result<ExitCode, AppError> {
    let mut printed = Ok(());
    store
        .each_audit_row(|row| {
            printed = print(&line(row));
            printed.is_ok()
        })
        .await?;
    printed.map(|()| ExitCode::SUCCESS)
}

fn line(row: &Row) -> String {
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let details: serde_json::Value = serde_json::from_str(&row.details).unwrap_or_default();
    serde_json::json!({
        "seq": row.seq,
        "at": row.at,
        "actor": row.actor,
        "deed": row.deed,
        "subject": row.subject,
        "details": details,
        "prev": hex(&row.prev),
        "hash": hex(&row.hash),
    })
    .to_string()
}

/// The digests of the files that say who may do what, and when: `bot.toml` at `path`, the command files, and the holidays.
pub(super) fn files(path: &std::path::Path, config: &Config) -> BTreeMap<String, Digest> {
    let commands = std::fs::read_dir(&config.commands).into_iter().flatten().flatten().map(|entry| entry.path());
    let toml = commands.filter(|path| path.extension().is_some_and(|extension| extension == "toml"));
    let name = |path: &std::path::Path| path.file_name().map(|name| name.to_string_lossy().into_owned());
    let digest = |path: &std::path::Path| std::fs::read(path).ok().map(|bytes| Digest::of(&bytes));
    let own = name(path).zip(digest(path));
    let holidays = config.holidays_file.as_deref().and_then(digest).map(|digest| ("holidays".to_owned(), digest));
    own.into_iter()
        .chain(holidays)
        .chain(toml.filter_map(|path| Some((format!("commands/{}", name(&path)?), digest(&path)?))))
        .collect()
}
