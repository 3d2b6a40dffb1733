//! Writes down what is due: a row for each occurrence, before anything is done about it.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc};

use crate::domain::duty::{NewNotice, NoticeKind};
use crate::domain::finding::Finding;
use crate::domain::message::Message;
use crate::domain::schedule::{DayOff, Due, Schedule};
use crate::service::Service;
use crate::store::{FindingsOf, Planned, StoreError};

/// How far back it is looked for what was due while the bot was not there. What is older nobody asks for any more.
const LOOKED_BACK: TimeDelta = TimeDelta::days(35);

/// How long a list that could not be posted in time is still of use.
const LIST_KEEPS: TimeDelta = TimeDelta::days(1);

/// So long before a year begins whose holidays are not known, it is said.
const HOLIDAYS_AHEAD: Days = Days::new(31);

/// The names under which the schedules of lists are kept; no checklist can have them.
const DIGEST: &str = "(digest)";
const FINDINGS: &str = "(findings)";

/// What was planned so far, in this life of the bot.
#[derive(Debug, Default)]
pub(super) struct Planner {
    /// When it was last looked, and when the next thing is due.
    seen: Option<(DateTime<Utc>, Option<DateTime<Utc>>)>,
}

impl Planner {
    /// Whether there may be something new at `now`: the first time, when something is due, and when the clock went back.
    fn has_work(&self, now: DateTime<Utc>) -> bool {
        self.seen.is_none_or(|(seen, next)| now < seen || next.is_some_and(|next| next <= now))
    }
}

impl Service {
    /// Writes down what has become due. What is written down already stays as it is, so that a clock that jumps, a
    /// restart and a second look change nothing.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be kept: then it is looked again the next time.
    pub(super) async fn plan(&self, planner: &mut Planner) -> Result<(), StoreError> {
        let config = &self.0.config;
        let now = self.0.clock.now();
        if !planner.has_work(now) {
            return Ok(());
        }
        if planner.seen.is_none_or(|(seen, _)| now < seen) && self.0.store.not_missed_yet(now).await? > 0 {
            tracing::warn!("a clock that was ahead has recorded as missed what is still to come");
        }
        let mut next: Vec<DateTime<Utc>> = Vec::new();
        for (name, host, scheduled) in config.planned() {
            let host = &host.name;
            let schedule = &scheduled.schedule;
            let since = self.since(name, host, schedule, now).await?;
            let due = schedule.between(since.max(now - LOOKED_BACK), now, &config.holidays);
            if !due.is_empty() {
                self.0.store.plan(name, host, &due).await?;
            }
            next.extend(schedule.next(now, &config.holidays).map(|due| due.at));
        }
        if let Some(digest) = &config.digest {
            if let Some(due) = self.list_due(DIGEST, &digest.schedule, now).await? {
                let key = format!("digest-{}", due.day);
                self.0.store.notify(&[list(key, NoticeKind::Digest, digest.channel, due.at)]).await?;
            }
            next.extend(digest.schedule.next(now, &config.holidays).map(|due| due.at));
        }
        if let Some(overdue) = &config.findings.overdue {
            if let Some(due) = self.list_due(FINDINGS, overdue, now).await? {
                // One message for each channel in which something was filed, however many they are.
                let pressing = self.pressing(due.day).await?;
                let channels: BTreeSet<u64> = pressing.iter().map(|finding| finding.filed.channel).collect();
                let key = |channel| format!("findings-{channel}-{}", due.day);
                let notice = |channel| list(key(channel), NoticeKind::Findings, channel, due.at);
                self.0.store.notify(&channels.into_iter().map(notice).collect::<Vec<_>>()).await?;
            }
            next.extend(overdue.next(now, &config.holidays).map(|due| due.at));
        }
        self.tell_of_unknown_holidays(now).await?;
        if planner.seen.is_none() {
            tracing::info!(schedules = config.planned().count(), "what is due is kept in mind");
        }
        planner.seen = Some((now, next.into_iter().min()));
        Ok(())
    }

    /// When a list was last due, if that was lately: of several that nobody could post, only the latest is.
    async fn list_due(&self, name: &str, schedule: &Schedule, now: DateTime<Utc>) -> Result<Option<Due>, StoreError> {
        let since = self.since(name, "", schedule, now).await?;
        Ok(schedule.between(since.max(now - LIST_KEEPS), now, &self.0.config.holidays).pop())
    }

    /// The findings whose owners are to hear of them once more on `today`.
    pub(super) async fn pressing(&self, today: NaiveDate) -> Result<Vec<Finding>, StoreError> {
        let mut open = self.0.store.findings(&FindingsOf::default()).await?;
        open.retain(|finding| finding.stand.is_pressing(today));
        Ok(open)
    }

    async fn since(
        &self,
        checklist: &str,
        host: &str,
        schedule: &Schedule,
        now: DateTime<Utc>,
    ) -> Result<DateTime<Utc>, StoreError> {
        let says = format!("{} {} {}", schedule.cron, schedule.zone, schedule.day_off.name());
        self.0.store.since(Planned { checklist, host, says: &says }, now).await
    }

    /// A schedule that moves by holidays must not silently know none: the file is a year's, and years end.
    async fn tell_of_unknown_holidays(&self, now: DateTime<Utc>) -> Result<(), StoreError> {
        let config = &self.0.config;
        let asks = config.planned().any(|(.., scheduled)| scheduled.schedule.day_off != DayOff::Run);
        let soon = now.with_timezone(&config.timezone).date_naive() + HOLIDAYS_AHEAD;
        if !asks || config.holidays.years.is_empty() || config.holidays.knows(soon) {
            return Ok(());
        }
        let year = soon.year().to_string();
        let says = Message::new("duty-holidays-unknown").with("year", year.as_str());
        self.log(format!("holidays-{year}"), says).await
    }
}

/// A list that is to be posted: what stands in it is found when it is.
const fn list(key: String, kind: NoticeKind, channel: u64, due_at: DateTime<Utc>) -> NewNotice {
    NewNotice { key, kind, occurrence: None, person: None, says: None, channel, due_at }
}
