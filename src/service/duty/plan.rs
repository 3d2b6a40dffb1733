//! Writes down what is due: a row for each occurrence, before anything is done about it.

use chrono::{DateTime, Datelike, Days, TimeDelta, Utc};

use crate::domain::duty::{NewNotice, NoticeKind};
use crate::domain::message::Message;
use crate::domain::schedule::{DayOff, Schedule};
use crate::service::Service;
use crate::store::{Planned, StoreError};

/// How far back it is looked for what was due while the bot was not there. What is older nobody asks for any more.
const LOOKED_BACK: TimeDelta = TimeDelta::days(35);

/// How long a digest that could not be posted in time is still of use.
const DIGEST_KEEPS: TimeDelta = TimeDelta::days(1);

/// So long before a year begins whose holidays are not known, it is said.
const HOLIDAYS_AHEAD: Days = Days::new(31);

/// The name under which the digest's schedule is kept; no checklist can have it.
const DIGEST: &str = "(digest)";

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
            let since = self.since(DIGEST, "", &digest.schedule, now).await?;
            let due = digest.schedule.between(since.max(now - DIGEST_KEEPS), now, &config.holidays);
            if let Some(due) = due.last() {
                let notice = NewNotice {
                    key: format!("digest-{}", due.day),
                    kind: NoticeKind::Digest,
                    occurrence: None,
                    person: None,
                    says: None,
                    channel: digest.channel,
                    due_at: due.at,
                };
                self.0.store.notify(&[notice]).await?;
            }
            next.extend(digest.schedule.next(now, &config.holidays).map(|due| due.at));
        }
        self.tell_of_unknown_holidays(now).await?;
        if planner.seen.is_none() {
            tracing::info!(schedules = config.planned().count(), "what is due is kept in mind");
        }
        planner.seen = Some((now, next.into_iter().min()));
        Ok(())
    }

    async fn since(
        &self,
        checklist: &str,
        host: &str,
        schedule: &Schedule,
        now: DateTime<Utc>,
    ) -> Result<DateTime<Utc>, StoreError> {
        let says = format!("{} {} {:?}", schedule.cron, schedule.zone, schedule.day_off);
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
