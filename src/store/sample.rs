//! Samples: by the minute for two weeks, by the hour for a year and a month.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::sqlite::SqliteConnection;

use super::Store;
use super::convert::{Reader, millis};
use super::error::{Fault, StoreError};
use crate::domain::vital::{Sample, Series, Vital};
use crate::domain::watched::{Hour, hour_of};

/// How long a sample stays by itself.
const MINUTES: TimeDelta = TimeDelta::days(14);

/// How long its hour stays: thirteen months.
const HOURS: TimeDelta = TimeDelta::days(396);

#[derive(sqlx::FromRow)]
struct HourRow {
    subject: String,
    begins: i64,
    count: i64,
    sum: f64,
    least: f64,
    most: f64,
}

impl Store {
    /// Keeps a sample of `host`, and lets go of those that are old.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be kept.
    pub async fn keep_sample(&self, host: &str, sample: &Sample) -> Result<(), StoreError> {
        self.named(async {
            let mut db = self.change().await?;
            let (at, hour) = (millis(sample.at), millis(hour_of(sample.at)));
            for (series, value) in &sample.values {
                let vital = vital(&mut db, host, series).await?;
                sqlx::query("INSERT OR REPLACE INTO sample (vital, at, value) VALUES (?, ?, ?)")
                    .bind(vital)
                    .bind(at)
                    .bind(value)
                    .execute(&mut *db)
                    .await?;
                sqlx::query(
                    "INSERT INTO sample_hour (vital, begins, count, sum, least, most) VALUES (?1, ?2, 1, ?3, ?3, ?3)
                     ON CONFLICT (vital, begins) DO UPDATE SET count = count + 1, sum = sum + ?3,
                         least = min(least, ?3), most = max(most, ?3)",
                )
                .bind(vital)
                .bind(hour)
                .bind(value)
                .execute(&mut *db)
                .await?;
            }
            // Few rows at a time, at every sample: nothing ever piles up. Of what is no longer sampled as well.
            for (query, before) in [
                ("DELETE FROM sample WHERE vital IN (SELECT id FROM vital) AND at < ?", sample.at - MINUTES),
                ("DELETE FROM sample_hour WHERE vital IN (SELECT id FROM vital) AND begins < ?", sample.at - HOURS),
            ] {
                sqlx::query(query).bind(millis(before)).execute(&mut *db).await?;
            }
            Ok(db.commit().await?)
        })
        .await
    }

    /// Keeps hours of `host` that were rolled up elsewhere; those that are there stay as they are.
    ///
    /// # Errors
    /// [`StoreError`] when they could not be kept.
    pub async fn keep_hours(&self, host: &str, series: &[(Series, Vec<Hour>)]) -> Result<(), StoreError> {
        self.named(async {
            let mut db = self.change().await?;
            for (series, hours) in series {
                let vital = vital(&mut db, host, series).await?;
                for hour in hours {
                    sqlx::query(
                        "INSERT OR IGNORE INTO sample_hour (vital, begins, count, sum, least, most) VALUES (?, ?, ?, ?, ?, ?)",
                    )
                    .bind(vital)
                    .bind(millis(hour.begins))
                    .bind(hour.count)
                    .bind(hour.sum)
                    .bind(hour.least)
                    .bind(hour.most)
                    .execute(&mut *db)
                    .await?;
                }
            }
            Ok(db.commit().await?)
        })
        .await
    }

    /// The hours of `vital` on `host` since `since`, by subject, in order.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn hours(
        &self,
        host: &str,
        vital: Vital,
        since: DateTime<Utc>,
    ) -> Result<BTreeMap<String, Vec<Hour>>, StoreError> {
        self.named(async {
            let mut db = self.view().await?;
            let rows: Vec<HourRow> = sqlx::query_as(
                "SELECT subject, begins, count, sum, least, most FROM vital
                 CROSS JOIN sample_hour ON sample_hour.vital = vital.id AND begins >= ?3
                 WHERE host = ?1 AND name = ?2 ORDER BY subject, begins",
            )
            .bind(host)
            .bind(vital.name())
            .bind(millis(hour_of(since)))
            .fetch_all(&mut *db)
            .await?;
            let mut hours: BTreeMap<String, Vec<Hour>> = BTreeMap::new();
            for row in rows {
                let begins = Reader::new("sample_hour", row.begins).time("begins", row.begins)?;
                let count = u32::try_from(row.count).unwrap_or(u32::MAX);
                let hour = Hour { begins, count, sum: row.sum, least: row.least, most: row.most };
                hours.entry(row.subject).or_default().push(hour);
            }
            Ok(hours)
        })
        .await
    }
}

/// The number of a series; it gets one where it has none.
pub(super) async fn vital(db: &mut SqliteConnection, host: &str, series: &Series) -> Result<i64, Fault> {
    let known: Option<i64> = sqlx::query_scalar("SELECT id FROM vital WHERE host = ? AND name = ? AND subject = ?")
        .bind(host)
        .bind(series.vital.name())
        .bind(&series.subject)
        .fetch_optional(&mut *db)
        .await?;
    if let Some(known) = known {
        return Ok(known);
    }
    let made = sqlx::query("INSERT INTO vital (host, name, subject) VALUES (?, ?, ?)")
        .bind(host)
        .bind(series.vital.name())
        .bind(&series.subject)
        .execute(db)
        .await?;
    Ok(made.last_insert_rowid())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(text).unwrap().to_utc()
    }

    async fn keep(store: &Store, at: DateTime<Utc>, cpu: f64) {
        let mut sample = Sample::new(at);
        sample.add(Vital::Cpu, "", cpu);
        sample.add(Vital::Disk, "/", 40.0);
        store.keep_sample("here", &sample).await.unwrap();
    }

    async fn minutes(store: &Store) -> i64 {
        sqlx::query_scalar("SELECT count(*) FROM sample").fetch_one(&store.readers).await.unwrap()
    }

    #[tokio::test]
    async fn minutes_become_hours_and_go_after_two_weeks() {
        let store = Store::forgetful().await.unwrap();
        for (time, cpu) in
            [("2026-11-01T00:58:00Z", 10.0), ("2026-11-01T00:59:00Z", 30.0), ("2026-11-01T01:00:00Z", 50.0)]
        {
            keep(&store, at(time), cpu).await;
        }
        let hours = &store.hours("here", Vital::Cpu, at("2026-11-01T00:30:00Z")).await.unwrap()[""];
        let hour = |begins, count, sum, least, most| Hour { begins: at(begins), count, sum, least, most };
        assert_eq!(
            hours[..],
            [hour("2026-11-01T00:00:00Z", 2, 40.0, 10.0, 30.0), hour("2026-11-01T01:00:00Z", 1, 50.0, 50.0, 50.0)]
        );
        assert_eq!(store.hours("here", Vital::Disk, at("2026-11-01T00:00:00Z")).await.unwrap()["/"].len(), 2);
        assert!(store.hours("there", Vital::Cpu, at("2026-11-01T00:00:00Z")).await.unwrap().is_empty());
        assert_eq!(minutes(&store).await, 6);
        keep(&store, at("2026-11-15T01:00:00Z"), 5.0).await;
        assert_eq!(minutes(&store).await, 4, "those of 01:00 stay just so long");
        keep(&store, at("2027-12-17T00:00:00Z"), 5.0).await;
        let hours = &store.hours("here", Vital::Cpu, DateTime::UNIX_EPOCH).await.unwrap()[""];
        assert_eq!(hours.len(), 1, "after thirteen months the hours go as well");
    }
}
