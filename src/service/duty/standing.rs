//! How an occurrence stands, and what the configuration says of it.

use std::sync::Arc;

use super::{DigestLine, DutyView, Found};
use crate::config::{HostConfig, ScheduleConfig, checklist_of};
use crate::domain::duty::{Judge, Occurrence, OccurrenceId, OccurrenceState};
use crate::domain::message::{Localised, Message};
use crate::domain::period::Period;
use crate::domain::report::Report;
use crate::domain::run::RunId;
use crate::domain::schedule::Timeliness;
use crate::domain::signoff::{Case, Standing};
use crate::service::{Board, Service, View};
use crate::store::StoreError;

/// How far back the digest looks, in days: what is older is history.
const DIGEST: i64 = 60;

impl Service {
    pub(super) fn schedule_of(&self, occurrence: &Occurrence) -> Option<&ScheduleConfig> {
        self.0.config.schedule_of(&occurrence.checklist, &occurrence.host)
    }

    /// Whether it is a checklist, and can be run.
    pub(super) fn is_runnable(&self, checklist: &str) -> bool {
        self.0.commands.checklists.contains_key(checklist)
    }

    /// Whether nobody signs it: it is done when somebody says so.
    pub(super) fn is_simple(&self, checklist: &str) -> bool {
        self.signed(checklist).is_none()
    }

    /// Where it is posted. Where it was posted counts before what the file says today.
    pub(super) fn channel_of(&self, occurrence: &Occurrence) -> Option<u64> {
        let posted = occurrence.place.map(|place| place.channel);
        posted.or_else(|| self.schedule_of(occurrence).map(|schedule| schedule.channel))
    }

    /// What a checklist, or something else that is due, is called; or the rota of one that a host has of its own.
    pub fn title_of(&self, name: &str) -> Localised {
        let (checklist, host) = checklist_of(name);
        if let Some(host) = host {
            return self.title_on(checklist, host);
        }
        let titled = self.0.config.schedules.get(checklist).and_then(|schedule| schedule.title.clone());
        let known = || self.0.commands.checklists.get(checklist).map(|checklist| checklist.title.clone());
        let name = || Localised { ko: checklist.to_owned(), en: checklist.to_owned() };
        titled.or_else(known).unwrap_or_else(name)
    }

    /// The same with the host, where there are several.
    pub(super) fn title_on(&self, checklist: &str, host: &str) -> Localised {
        let (title, hosts) = (self.title_of(checklist), &self.0.config.hosts);
        match hosts.get(host).filter(|_| hosts.len() > 1) {
            Some(HostConfig { title: Localised { ko, en }, .. }) => {
                Localised { ko: format!("{} · {ko}", title.ko), en: format!("{} · {en}", title.en) }
            }
            None => title,
        }
    }

    /// Whether an occurrence is done: its checklist is signed for its day, week or month, or somebody said so.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn is_done(&self, occurrence: &Occurrence) -> Result<bool, StoreError> {
        if occurrence.done_at.is_some() {
            return Ok(true);
        }
        let Some(every) = self.signed(&occurrence.checklist) else { return Ok(false) };
        let case = Case {
            command: occurrence.checklist.clone(),
            host: occurrence.host.clone(),
            period: Period::of(every, occurrence.due.named),
        };
        Ok(matches!(self.0.store.standing(&case).await?, Standing::Signed(_)))
    }

    /// What decides which notices of `occurrence` are still told.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub(super) async fn judge_of(&self, occurrence: &Occurrence) -> Result<Judge, StoreError> {
        let now = self.0.clock.now();
        let next = self
            .schedule_of(occurrence)
            .and_then(|scheduled| scheduled.schedule.next(occurrence.due.at, &self.0.config.holidays));
        Ok(Judge {
            done: self.is_done(occurrence).await?,
            stale: next.is_some_and(|next| next.at <= now),
            snoozed: self.0.store.snoozed_until(occurrence.id).await?.is_some_and(|until| until > now),
        })
    }

    /// What nobody has signed, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn digest_lines(&self) -> Result<Vec<DigestLine>, StoreError> {
        let now = self.0.clock.now();
        let mut lines = Vec::new();
        for occurrence in self.0.store.occurrences_after(now - chrono::TimeDelta::days(DIGEST)).await? {
            let over = matches!(
                occurrence.state,
                OccurrenceState::Posted | OccurrenceState::Missed | OccurrenceState::Refused
            );
            if over && occurrence.due.at <= now && !self.is_done(&occurrence).await? {
                lines.push(DigestLine { title: self.title_on(&occurrence.checklist, &occurrence.host), occurrence });
            }
        }
        Ok(lines)
    }

    /// The reminder of `occurrence` as it is to be shown, with `result`.
    pub(super) fn reminder(&self, occurrence: Occurrence, result: Option<Found>, late: bool) -> View {
        View::Duty(DutyView::Reminder {
            title: self.title_on(&occurrence.checklist, &occurrence.host),
            simple: self.is_simple(&occurrence.checklist),
            runnable: self.is_runnable(&occurrence.checklist),
            occurrence,
            result,
            late,
        })
    }

    /// Changes the message of a reminder to what holds now.
    pub async fn show_reminder_anew(&self, occurrence: OccurrenceId, board: &impl Board) {
        // Read anew: whoever was quick may have clicked before it was written down where the message is.
        let occurrence = match self.0.store.occurrence(occurrence).await {
            Ok(Some(occurrence)) => occurrence,
            Ok(None) => return,
            Err(error) => {
                tracing::error!(%error, "a reminder cannot be shown anew");
                return;
            }
        };
        let Some(place) = occurrence.place else { return };
        match self.reminder_of(occurrence).await {
            Ok(view) => {
                if let Err(error) = board.edit(place, &view).await {
                    tracing::warn!(%error, message = place.message, "a reminder does not say yet how it stands");
                }
            }
            Err(error) => tracing::error!(%error, "the run of a reminder cannot be read"),
        }
    }

    /// The reminder of `occurrence` as it was posted and now stands.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub(in crate::service) async fn reminder_of(&self, occurrence: Occurrence) -> Result<View, StoreError> {
        let kept = match occurrence.run {
            Some(run) => self.0.store.kept_run(run).await?,
            None => None,
        };
        let result = match kept.and_then(|kept| Some((kept.id, kept.report?))) {
            Some((run, report)) => self.found(Some(run), report.into(), None).await,
            None => None,
        };
        let posted = occurrence.posted_at.unwrap_or(occurrence.due.at);
        let late = posted - occurrence.due.at > Timeliness::PUNCTUAL;
        Ok(self.reminder(occurrence, result, late))
    }

    /// A result with what the record says beside it.
    pub(super) async fn found(
        &self,
        run: Option<RunId>,
        report: Arc<Report>,
        not_kept: Option<Message>,
    ) -> Option<Found> {
        match self.finished(run, report, None, not_kept).await {
            View::Finished { run, report, not_kept, beside, .. } => Some(Found { run, report, not_kept, beside }),
            _ => None,
        }
    }
}
