//! The audit record: added to, followed, taken out. See [`crate::domain::audit`].

use chrono::{DateTime, Utc};
use futures::TryStreamExt;
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{FromRow, Row as _};

use super::Store;
use super::convert::{json, millis};
use super::error::{Fault, StoreError};
use crate::domain::audit::{Actor, Break, Broken, Chain, Deed, Entry, Head, NOTHING, Row};
use crate::domain::digest::Digest;
use crate::domain::words::Who;

/// What following the whole chain gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is whole, up to here.
    Whole(Head),
    /// It is broken.
    Broken(Broken),
}

impl FromRow<'_, SqliteRow> for Row {
    fn from_row(row: &SqliteRow) -> sqlx::Result<Self> {
        Ok(Self {
            seq: row.try_get("seq")?,
            at: row.try_get("at")?,
            actor: row.try_get("actor")?,
            deed: row.try_get("deed")?,
            subject: row.try_get("subject")?,
            details: row.try_get("details")?,
            prev: row.try_get("prev")?,
            hash: row.try_get("hash")?,
        })
    }
}

impl Store {
    /// Adds `entry` to the record. What belongs to a change of its own is added by `append` in that change's
    /// transaction.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be kept.
    pub async fn audit(&self, entry: &Entry) -> Result<Head, StoreError> {
        self.named(async {
            let mut db = self.change().await?;
            let head = append(&mut db, entry).await?;
            db.commit().await?;
            Ok(head)
        })
        .await
    }

    /// The end of the record.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn audit_head(&self) -> Result<Head, StoreError> {
        self.named(async { head(&mut *self.view().await?).await }).await
    }

    /// Follows the whole record, and names the first row at which it is broken.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn verify_audit(&self) -> Result<Verdict, StoreError> {
        self.named(async {
            let mut chain = Chain::default();
            let mut broken = None;
            // One view for the rows and their counter: what is added meanwhile belongs to neither.
            let mut view = self.view().await?;
            each_row(&mut view, |row| {
                broken = chain.follow(row).err();
                broken.is_none()
            })
            .await?;
            if let Some(broken) = broken {
                return Ok(Verdict::Broken(broken));
            }
            // Rows that were cut off the end leave a whole chain behind; the counter of numbers still knows of them.
            let counter = "SELECT seq FROM sqlite_sequence WHERE name = 'audit'";
            let last: Option<i64> = sqlx::query_scalar(counter).fetch_optional(&mut *view).await?;
            Ok(match last {
                Some(last) if last > chain.head().seq => {
                    Verdict::Broken(Broken { seq: chain.head().seq + 1, how: Break::Missing })
                }
                _ => Verdict::Whole(chain.head()),
            })
        })
        .await
    }

    /// Gives each row to `each`, the oldest first, for as long as it says so; the record may be longer than memory.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn each_audit_row(&self, each: impl FnMut(&Row) -> bool) -> Result<(), StoreError> {
        self.named(async { each_row(&mut *self.view().await?, each).await }).await
    }

    /// The number of the row whose hash begins with these hexadecimal digits, as a report shows it.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn audit_row_of(&self, beginning: &str) -> Result<Option<i64>, StoreError> {
        self.named(async {
            Ok(sqlx::query_scalar("SELECT seq FROM audit WHERE substr(lower(hex(hash)), 1, length(?1)) = lower(?1)")
                .bind(beginning)
                .fetch_optional(&mut *self.view().await?)
                .await?)
        })
        .await
    }
}

async fn each_row(view: &mut SqliteConnection, mut each: impl FnMut(&Row) -> bool) -> Result<(), Fault> {
    let mut rows = sqlx::query_as::<_, Row>("SELECT * FROM audit ORDER BY seq").fetch(view);
    while let Some(row) = rows.try_next().await? {
        if !each(&row) {
            break;
        }
    }
    Ok(())
}

/// What `who` did to a check, or to a whole checklist, as an entry.
pub(super) fn by_person(who: &Who, at: DateTime<Utc>, deed: Deed, subject: impl Into<String>) -> Entry {
    Entry::new(at, Actor::Discord(who.id), deed, subject).with("name", who.name.as_str())
}

/// Adds `entry` to the record within a change that has the write lock already: both are kept, or neither.
pub(super) async fn append(db: &mut SqliteConnection, entry: &Entry) -> Result<Head, Fault> {
    let before = head(db).await?;
    let mut row = Row {
        seq: before.seq + 1,
        at: millis(entry.at),
        actor: entry.actor.written(),
        deed: entry.deed.name().to_owned(),
        subject: entry.subject.clone(),
        details: json(&entry.details)?,
        prev: before.hash.0.to_vec(),
        hash: Vec::new(),
    };
    let digest = row.digest();
    row.hash = digest.0.to_vec();
    sqlx::query(
        "INSERT INTO audit (seq, at, actor, deed, subject, details, prev, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(row.seq)
    .bind(row.at)
    .bind(&row.actor)
    .bind(&row.deed)
    .bind(&row.subject)
    .bind(&row.details)
    .bind(&row.prev)
    .bind(&row.hash)
    .execute(db)
    .await?;
    Ok(Head { seq: row.seq, hash: digest })
}

async fn head(db: &mut SqliteConnection) -> Result<Head, Fault> {
    let last: Option<(i64, Vec<u8>)> =
        sqlx::query_as("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1").fetch_optional(db).await?;
    let Some((seq, hash)) = last else { return Ok(Head { seq: 0, hash: NOTHING }) };
    let hash = <[u8; 32]>::try_from(hash.as_slice())
        .map_err(|_| Fault::unreadable("audit", seq, "the hash has another length"))?;
    Ok(Head { seq, hash: Digest(hash) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(number: u32) -> Entry {
        let at = DateTime::<Utc>::from_timestamp(1_795_392_000 + i64::from(number), 0).unwrap();
        Entry::new(at, Actor::Discord(7), Deed::Request, format!("request:{number}")).with("reason", "느립니다; `rm`")
    }

    async fn filled() -> Store {
        let store = Store::forgetful().await.unwrap();
        for number in 1..=5 {
            assert_eq!(store.audit(&entry(number)).await.unwrap().seq, i64::from(number));
        }
        store
    }

    async fn sql(store: &Store, sql: &'static str) -> Result<(), String> {
        sqlx::raw_sql(sql).execute(&store.writer).await.map(drop).map_err(|error| error.to_string())
    }

    #[tokio::test]
    async fn what_is_added_is_whole_and_its_head_is_found() {
        let store = filled().await;
        let head = store.audit_head().await.unwrap();
        assert_eq!(store.verify_audit().await.unwrap(), Verdict::Whole(head));
        assert_eq!(store.audit_row_of(&head.hash.short()).await.unwrap(), Some(5));
        assert_eq!(store.audit_row_of("ffffffffffff").await.unwrap(), None);
    }

    /// Whoever verifies while somebody acts must not be told of a row that somebody cut off.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn what_is_added_while_it_is_verified_is_no_break() {
        let home = tempfile::TempDir::new().unwrap();
        let store = Store::open(&home.path().join("signoff.db")).await.unwrap();
        let adding = tokio::spawn({
            let store = store.clone();
            async move {
                for number in 0..400 {
                    store.audit(&entry(number)).await.unwrap();
                }
            }
        });
        let (mut looked, mut grown) = (0, 0);
        while !adding.is_finished() {
            match store.verify_audit().await.unwrap() {
                Verdict::Whole(head) => {
                    grown += usize::from(head.seq > 0);
                    looked += 1;
                }
                broken @ Verdict::Broken(_) => panic!("after {looked} looks: {broken:?}"),
            }
        }
        adding.await.unwrap();
        assert!(grown > 10, "it was looked at {grown} times only while it grew");
    }

    #[tokio::test]
    async fn sql_cannot_change_clear_replace_or_slip_in_a_row() {
        let store = filled().await;
        let head = store.audit_head().await.unwrap();
        for attack in [
            "UPDATE audit SET subject = 'request:9' WHERE seq = 3",
            "DELETE FROM audit WHERE seq = 5",
            "DELETE FROM audit",
            "INSERT OR REPLACE INTO audit SELECT 3, at, actor, deed, 'request:9', details, prev, hash FROM audit WHERE seq = 3",
            "INSERT INTO audit SELECT 6, at, actor, deed, subject, details, zeroblob(32), randomblob(32) FROM audit WHERE seq = 5",
            "INSERT INTO audit SELECT 9, at, actor, deed, subject, details, hash, randomblob(32) FROM audit WHERE seq = 5",
        ] {
            assert!(sql(&store, attack).await.unwrap_err().contains("audit"), "{attack}");
        }
        assert_eq!(store.verify_audit().await.unwrap(), Verdict::Whole(head));
    }

    #[tokio::test]
    async fn whoever_drops_the_triggers_is_found_out() {
        let open = "DROP TRIGGER audit_is_not_changed; DROP TRIGGER audit_is_not_cleared;";
        for (attack, seq, how) in [
            ("UPDATE audit SET details = replace(details, 'rm', 'rn') WHERE seq = 2", 2, Break::Changed),
            ("UPDATE audit SET at = at + 1 WHERE seq = 4", 4, Break::Changed),
            ("DELETE FROM audit WHERE seq = 3", 3, Break::Missing),
            ("DELETE FROM audit WHERE seq >= 4", 4, Break::Missing),
        ] {
            let store = filled().await;
            sql(&store, open).await.unwrap();
            sql(&store, attack).await.unwrap();
            assert_eq!(store.verify_audit().await.unwrap(), Verdict::Broken(Broken { seq, how }), "{attack}");
        }
    }
}
