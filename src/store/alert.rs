//! Alerts: begun, posted, ended, told to be over; and silence for a stated time.

use chrono::{DateTime, Utc};

use super::Store;
use super::audit::{append, by_person};
use super::convert::{Reader, column, id, json, millis};
use super::error::{Fault, StoreError};
use super::sample::vital;
use crate::domain::alert::{AlertId, KeptAlert, Owed};
use crate::domain::audit::Deed;
use crate::domain::run::MessagePlace;
use crate::domain::vital::{Series, Vital};
use crate::domain::words::Who;

/// One thing that was told of an alert, or need not be told any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlertTold {
    /// That it began.
    Beginning,
    /// That it ended.
    End,
    /// That it began, by the webhook.
    Hook,
    /// That it ended, by the webhook.
    HookEnd,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    host: String,
    name: String,
    subject: String,
    begun_at: i64,
    seen: String,
    threshold: String,
    ended_at: Option<i64>,
    channel: Option<i64>,
    message: Option<i64>,
    told: bool,
    told_end: bool,
    sent: bool,
    sent_end: bool,
    muted_until: Option<i64>,
}

const ROWS: &str = "SELECT alert.id, host, name, subject, begun_at, seen, threshold, ended_at, channel, message, told,
        told_end, sent, sent_end, (SELECT max(until) FROM mute WHERE mute.vital = alert.vital) AS muted_until
     FROM alert JOIN vital ON vital.id = alert.vital";

impl Row {
    fn read(self) -> Result<KeptAlert, Fault> {
        let reader = Reader::new("alert", self.id);
        let ended = self.ended_at.is_some();
        Ok(KeptAlert {
            id: AlertId(self.id),
            series: Series { vital: reader.named("name", &self.name, Vital::named)?, subject: self.subject },
            host: self.host,
            begun_at: reader.time("begun_at", self.begun_at)?,
            seen: reader.json("seen", &self.seen)?,
            threshold: self.threshold,
            ended_at: self.ended_at.map(|at| reader.time("ended_at", at)).transpose()?,
            place: self
                .channel
                .zip(self.message)
                .map(|(channel, message)| MessagePlace { channel: id(channel), message: id(message) }),
            muted_until: self.muted_until.map(|at| reader.time("until", at)).transpose()?,
            owed: Owed {
                beginning: !self.told,
                end: ended && !self.told_end,
                hook: !self.sent,
                hook_end: ended && !self.sent_end,
            },
        })
    }
}

impl Store {
    /// Keeps that an alert begins. One of the same series that is open already stays the one.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be kept.
    pub async fn begin_alert(
        &self,
        host: &str,
        series: &Series,
        at: DateTime<Utc>,
        seen: &[f64],
        threshold: &str,
    ) -> Result<(), StoreError> {
        self.named(async {
            let mut db = self.change().await?;
            let vital = vital(&mut db, host, series).await?;
            sqlx::query(
                "INSERT INTO alert (vital, begun_at, seen, threshold) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
            )
            .bind(vital)
            .bind(millis(at))
            .bind(json(&seen)?)
            .bind(threshold)
            .execute(&mut *db)
            .await?;
            Ok(db.commit().await?)
        })
        .await
    }

    /// Keeps that the open alert of a series has ended.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be kept.
    pub async fn end_alert(&self, host: &str, series: &Series, at: DateTime<Utc>) -> Result<(), StoreError> {
        self.named(async {
            let mut db = self.change().await?;
            let vital = vital(&mut db, host, series).await?;
            sqlx::query("UPDATE alert SET ended_at = max(?, begun_at) WHERE vital = ? AND ended_at IS NULL")
                .bind(millis(at))
                .bind(vital)
                .execute(&mut *db)
                .await?;
            Ok(db.commit().await?)
        })
        .await
    }

    /// The series of `host` whose alert is open.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn open_alerts(&self, host: &str) -> Result<Vec<KeptAlert>, StoreError> {
        self.named(async {
            let query = format!("{ROWS} WHERE host = ? AND ended_at IS NULL ORDER BY alert.id");
            let rows: Vec<Row> =
                sqlx::query_as(sqlx::AssertSqlSafe(query)).bind(host).fetch_all(&mut *self.view().await?).await?;
            rows.into_iter().map(Row::read).collect()
        })
        .await
    }

    /// The alerts of which something has to be told, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn untold_alerts(&self) -> Result<Vec<KeptAlert>, StoreError> {
        self.named(async {
            let query = format!("{ROWS} WHERE told_end = 0 OR sent_end = 0 ORDER BY alert.id");
            let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(query)).fetch_all(&mut *self.view().await?).await?;
            rows.into_iter().map(Row::read).collect()
        })
        .await
    }

    /// One alert.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn alert(&self, alert: AlertId) -> Result<Option<KeptAlert>, StoreError> {
        self.named(async {
            let query = format!("{ROWS} WHERE alert.id = ?");
            let row: Option<Row> = sqlx::query_as(sqlx::AssertSqlSafe(query))
                .bind(alert.0)
                .fetch_optional(&mut *self.view().await?)
                .await?;
            row.map(Row::read).transpose()
        })
        .await
    }

    /// Keeps that something of an alert was told, and where it stands.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be kept.
    pub async fn alert_told(
        &self,
        alert: AlertId,
        what: AlertTold,
        place: Option<MessagePlace>,
    ) -> Result<(), StoreError> {
        let query = match what {
            AlertTold::Beginning => {
                "UPDATE alert SET told = 1, channel = ifnull(?2, channel), message = ifnull(?3, message) WHERE id = ?1"
            }
            AlertTold::End => "UPDATE alert SET told_end = 1 WHERE id = ?1",
            AlertTold::Hook => "UPDATE alert SET sent = 1 WHERE id = ?1",
            AlertTold::HookEnd => "UPDATE alert SET sent_end = 1 WHERE id = ?1",
        };
        self.named(async {
            let mut db = self.change().await?;
            let mut query = sqlx::query(query).bind(alert.0);
            if what == AlertTold::Beginning {
                query =
                    query.bind(place.map(|place| column(place.channel))).bind(place.map(|place| column(place.message)));
            }
            query.execute(&mut *db).await?;
            Ok(db.commit().await?)
        })
        .await
    }

    /// Keeps that nobody wants to hear of what `alert` is about until `until`.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be kept.
    pub async fn mute(
        &self,
        alert: AlertId,
        by: &Who,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.named(async {
            let mut db = self.change().await?;
            let rows = sqlx::query(
                "INSERT INTO mute (vital, muted_at, until, muted_by) SELECT vital, ?2, ?3, ?4 FROM alert WHERE id = ?1",
            )
            .bind(alert.0)
            .bind(millis(now))
            .bind(millis(until))
            .bind(column(by.id))
            .execute(&mut *db)
            .await?
            .rows_affected();
            if rows == 1 {
                let entry = by_person(by, now, Deed::Mute, format!("alert:{}", alert.0));
                append(&mut db, &entry.with("until", until.to_rfc3339())).await?;
            }
            Ok(db.commit().await?)
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(text).unwrap().to_utc()
    }

    fn cpu() -> Series {
        Series { vital: Vital::Cpu, subject: String::new() }
    }

    #[tokio::test]
    async fn an_alert_is_told_step_by_step() {
        let store = Store::forgetful().await.unwrap();
        let (begun, ended) = (at("2026-11-23T18:00:00Z"), at("2026-11-23T18:30:00Z"));
        for _ in 0..2 {
            store.begin_alert("here", &cpu(), begun, &[90.0, 91.0, 92.0], ">= 80 %").await.unwrap();
        }
        let open = store.open_alerts("here").await.unwrap();
        assert_eq!(open.into_iter().map(|alert| alert.series).collect::<Vec<_>>(), [cpu()]);
        assert_eq!(store.open_alerts("there").await.unwrap(), []);
        let untold = store.untold_alerts().await.unwrap();
        assert_eq!(untold.len(), 1, "one of a kind at a time");
        let alert = &untold[0];
        assert_eq!((alert.seen.as_slice(), alert.threshold.as_str()), (&[90.0, 91.0, 92.0][..], ">= 80 %"));
        assert_eq!(alert.owed, Owed { beginning: true, end: false, hook: true, hook_end: false });

        let place = MessagePlace { channel: 7, message: u64::MAX };
        store.alert_told(alert.id, AlertTold::Beginning, Some(place)).await.unwrap();
        store.mute(alert.id, &Who { id: 5, name: "지민".to_owned() }, begun, ended).await.unwrap();
        let mut muted = Vec::new();
        let each = |row: &crate::domain::audit::Row| {
            muted.push(format!("{} {} {}", row.actor, row.deed, row.subject));
            true
        };
        store.each_audit_row(each).await.unwrap();
        assert_eq!(muted, [format!("discord:5 mute alert:{}", alert.id.0)]);
        store.end_alert("here", &cpu(), ended).await.unwrap();
        let alert = store.alert(alert.id).await.unwrap().unwrap();
        assert_eq!((alert.place, alert.muted_until, alert.ended_at), (Some(place), Some(ended), Some(ended)));
        assert_eq!(alert.owed, Owed { beginning: false, end: true, hook: true, hook_end: true });
        for told in [AlertTold::End, AlertTold::Hook, AlertTold::HookEnd] {
            store.alert_told(alert.id, told, None).await.unwrap();
        }
        assert_eq!(store.untold_alerts().await.unwrap(), []);
        assert_eq!(store.open_alerts("here").await.unwrap(), []);
        store.begin_alert("here", &cpu(), ended, &[99.0], ">= 80 %").await.unwrap();
        assert_eq!(store.untold_alerts().await.unwrap().len(), 1);
    }
}
