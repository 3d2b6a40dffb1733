//! Runbooks that were opened, and what happened in them.

use std::collections::BTreeMap;

use sqlx::sqlite::SqliteConnection;

use super::Store;
use super::approved::keep_exercise;
use super::audit::append;
use super::convert::{Reader, column, id, json, millis};
use super::error::{Fault, StoreError};
use super::host_key::trust;
use super::request::one as request;
use crate::domain::audit::Entry;
use crate::domain::exercise::Exercise;
use crate::domain::run::MessagePlace;
use crate::domain::runbook::{Happened, Happening, KeptRunbook};

/// What became of opening a runbook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opened {
    /// It is open now.
    New(i64),
    /// It was open already on that host.
    Already(i64),
}

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    name: String,
    host: String,
    channel: i64,
    shown_in: Option<i64>,
    message: Option<i64>,
    thread: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct HappeningRow {
    id: i64,
    what: String,
    person: i64,
    name: String,
    at: i64,
}

impl Store {
    /// Opens `runbook` on `host`, in `channel`, unless it is open there.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be kept.
    pub async fn open_runbook(
        &self,
        (runbook, host): (&str, &str),
        channel: u64,
        opened: &Happened,
        entry: impl FnOnce(i64) -> Entry + Send,
    ) -> Result<Opened, StoreError> {
        self.named(async {
            let mut db = self.change().await?;
            let open: Option<i64> =
                sqlx::query_scalar("SELECT id FROM runbook WHERE name = ? AND host = ? AND closed = 0")
                    .bind(runbook)
                    .bind(host)
                    .fetch_optional(&mut *db)
                    .await?;
            if let Some(open) = open {
                return Ok(Opened::Already(open));
            }
            let number = sqlx::query_scalar("INSERT INTO runbook (name, host, channel) VALUES (?, ?, ?) RETURNING id")
                .bind(runbook)
                .bind(host)
                .bind(column(channel))
                .fetch_one(&mut *db)
                .await?;
            insert(&mut db, number, opened).await?;
            append(&mut db, &entry(number)).await?;
            db.commit().await?;
            Ok(Opened::New(number))
        })
        .await
    }

    /// Keeps where a runbook is shown, and its thread.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be kept.
    pub async fn runbook_shown_in(
        &self,
        runbook: i64,
        place: MessagePlace,
        thread: Option<u64>,
    ) -> Result<(), StoreError> {
        self.named(async {
            let mut db = self.change().await?;
            sqlx::query("UPDATE runbook SET shown_in = ?, message = ?, thread = ? WHERE id = ?")
                .bind(column(place.channel))
                .bind(column(place.message))
                .bind(thread.map(column))
                .bind(runbook)
                .execute(&mut *db)
                .await?;
            Ok(db.commit().await?)
        })
        .await
    }

    /// Adds what happened to an open runbook that was seen with `seen` happenings; closing closes it, with what the drill
    /// was that it ends, and a key that is trusted is its host's from then on. Gives back whether it did: where somebody was faster, or it is closed, nothing is
    /// changed.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be kept.
    pub async fn happened(
        &self,
        runbook: i64,
        seen: usize,
        happened: &Happened,
        drill: Option<&Exercise>,
        entry: &Entry,
    ) -> Result<bool, StoreError> {
        self.named(async {
            let mut db = self.change().await?;
            let as_seen: Option<String> = sqlx::query_scalar(
                "SELECT host FROM runbook WHERE id = ?1 AND closed = 0
                   AND (SELECT count(*) FROM happening WHERE runbook = ?1) = ?2",
            )
            .bind(runbook)
            .bind(i64::try_from(seen).unwrap_or(i64::MAX))
            .fetch_optional(&mut *db)
            .await?;
            let Some(host) = as_seen else { return Ok(false) };
            insert(&mut db, runbook, happened).await?;
            match &happened.what {
                Happening::Closed { .. } => {
                    sqlx::query("UPDATE runbook SET closed = 1 WHERE id = ?").bind(runbook).execute(&mut *db).await?;
                }
                Happening::Trusted { fingerprint, .. } => {
                    trust(&mut db, runbook, fingerprint, happened).await?;
                }
                _ => {}
            }
            append(&mut db, entry).await?;
            if let Some(drill) = drill {
                keep_exercise(&mut db, &host, drill, &entry.actor).await?;
            }
            db.commit().await?;
            Ok(true)
        })
        .await
    }

    /// A runbook that was opened, with all that happened in it.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn runbook(&self, runbook: i64) -> Result<Option<KeptRunbook>, StoreError> {
        self.named(async { one(&mut *self.view().await?, runbook).await }).await
    }

    /// The runbooks that are open, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn open_runbooks(&self) -> Result<Vec<KeptRunbook>, StoreError> {
        self.runbooks("SELECT id FROM runbook WHERE closed = 0 ORDER BY id").await
    }

    /// The runbook that is open in the thread `channel`, or in that channel where it has no thread: the latest of several.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn runbook_in(&self, channel: u64) -> Result<Option<i64>, StoreError> {
        self.named(async {
            let query = "SELECT id FROM runbook WHERE (thread = ?1 OR thread IS NULL AND channel = ?1) AND closed = 0
                           ORDER BY id DESC LIMIT 1";
            Ok(sqlx::query_scalar(query).bind(column(channel)).fetch_optional(&mut *self.view().await?).await?)
        })
        .await
    }

    async fn runbooks(&self, ids: &'static str) -> Result<Vec<KeptRunbook>, StoreError> {
        self.named(async {
            let mut view = self.view().await?;
            let ids: Vec<i64> = sqlx::query_scalar(ids).fetch_all(&mut *view).await?;
            let mut runbooks = Vec::with_capacity(ids.len());
            for id in ids {
                match one(&mut view, id).await {
                    Ok(runbook) => runbooks.extend(runbook),
                    // The others are wanted all the more.
                    Err(fault @ Fault::Unreadable { .. }) => tracing::error!(%fault, id, "a runbook cannot be read"),
                    Err(fault) => return Err(fault),
                }
            }
            Ok(runbooks)
        })
        .await
    }
}

async fn insert(db: &mut SqliteConnection, runbook: i64, happened: &Happened) -> Result<(), Fault> {
    sqlx::query("INSERT INTO happening (runbook, what, person, name, at) VALUES (?, ?, ?, ?, ?)")
        .bind(runbook)
        .bind(json(&happened.what)?)
        .bind(column(happened.by.0))
        .bind(&happened.by.1)
        .bind(millis(happened.at))
        .execute(db)
        .await?;
    Ok(())
}

async fn one(db: &mut SqliteConnection, runbook: i64) -> Result<Option<KeptRunbook>, Fault> {
    let row: Option<Row> =
        sqlx::query_as("SELECT id, name, host, channel, shown_in, message, thread FROM runbook WHERE id = ?")
            .bind(runbook)
            .fetch_optional(&mut *db)
            .await?;
    let Some(row) = row else { return Ok(None) };
    let happened: Vec<HappeningRow> =
        sqlx::query_as("SELECT id, what, person, name, at FROM happening WHERE runbook = ? ORDER BY id")
            .bind(runbook)
            .fetch_all(&mut *db)
            .await?;
    let happened: Vec<_> = happened
        .into_iter()
        .map(|row| {
            let reader = Reader::new("happening", row.id);
            let what = serde_json::from_str(&row.what).map_err(|error| reader.fault(error))?;
            Ok(Happened { what, by: (id(row.person), row.name), at: reader.time("at", row.at)? })
        })
        .collect::<Result<_, Fault>>()?;
    let mut kept = KeptRunbook {
        id: row.id,
        runbook: row.name,
        host: row.host,
        channel: id(row.channel),
        place: row
            .message
            .map(|message| MessagePlace { channel: id(row.shown_in.unwrap_or(row.channel)), message: id(message) }),
        thread: row.thread.map(id),
        happened,
        acts: BTreeMap::new(),
    };
    for number in kept.requests().collect::<Vec<_>>() {
        kept.acts.extend(request(&mut *db, number).await?.map(|request| (number, request)));
    }
    Ok(Some(kept))
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::domain::audit::{Actor, Deed};

    fn happened(what: Happening, minute: i64) -> Happened {
        let at = DateTime::from_timestamp(1_800_000_000 + minute * 60, 0).unwrap();
        Happened { what, by: (7, "지민".to_owned()), at }
    }

    fn entry(happened: &Happened) -> Entry {
        Entry::new(happened.at, Actor::Discord(7), Deed::Runbook, "runbook:1")
    }

    #[tokio::test]
    async fn two_who_open_it_open_one_and_what_is_closed_takes_no_more() {
        let store = Store::forgetful().await.unwrap();
        let opened = happened(Happening::Opened { note: "502".to_owned() }, 0);
        let open = || store.open_runbook(("emergency-service-down", "here"), 8, &opened, |_| entry(&opened));
        assert_eq!(open().await.unwrap(), Opened::New(1));
        assert_eq!(open().await.unwrap(), Opened::Already(1));
        store.runbook_shown_in(1, MessagePlace { channel: 8, message: 9 }, Some(10)).await.unwrap();
        assert_eq!(store.runbook_in(10).await.unwrap(), Some(1));

        let noted = happened(Happening::Noted { note: "디스크 확인".to_owned() }, 1);
        let closed = happened(Happening::Closed { solved: true, note: String::new() }, 2);
        assert!(store.happened(1, 1, &noted, None, &entry(&noted)).await.unwrap());
        assert!(!store.happened(1, 1, &noted, None, &entry(&noted)).await.unwrap(), "somebody was faster");
        assert!(store.happened(1, 2, &closed, None, &entry(&closed)).await.unwrap());
        assert!(!store.happened(1, 3, &noted, None, &entry(&noted)).await.unwrap(), "closed");
        let kept = store.runbook(1).await.unwrap().unwrap();
        assert_eq!(kept.happened, [opened.clone(), noted, closed]);
        assert_eq!((kept.thread, store.open_runbooks().await.unwrap().len()), (Some(10), 0));
        assert_eq!(open().await.unwrap(), Opened::New(2), "the next emergency is another");
    }
}
