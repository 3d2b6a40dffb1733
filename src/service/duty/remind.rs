//! Posts a reminder, exactly once: claimed, posted with a nonce, written down. Whoever is killed in between leaves a claim,
//! and whoever finds one reads the channel before posting.

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::time::timeout;

use super::press::mentions;
use super::{Found, LOOK, Press, TRY};
use crate::config::{Looking, ScheduleConfig};
use crate::domain::duty::{NewNotice, NoticeKind, Occurrence, OccurrenceState};
use crate::domain::message::Message;
use crate::domain::run::{MessagePlace, Origin};
use crate::domain::schedule::Timeliness;
use crate::service::run::End;
use crate::service::{Board, ChatError, Ping, Posted, Service};
use crate::store::StoreError;
use crate::webhook::Signal;

/// For how long a result is still the one that a reminder brings, where it could not be posted at once.
const FRESH: TimeDelta = TimeDelta::minutes(10);

/// Whether a message is in its channel already.
pub(in crate::service) enum Seen {
    /// It is.
    There(MessagePlace),
    /// It is not, or the channel may not be read: then only the nonce keeps it from being posted twice.
    NotThere,
    /// Discord does not say at the moment.
    Unknown,
}

impl Service {
    pub(super) async fn remind(&self, occurrence: Occurrence, board: &impl Board) -> Result<(), StoreError> {
        let Some(scheduled) = self.schedule_of(&occurrence) else { return Ok(()) };
        if occurrence.state == OccurrenceState::Due {
            if !self.0.store.claim_occurrence(occurrence.id, self.0.clock.now()).await? {
                return Ok(());
            }
        } else {
            let is_it = |posted: &Posted| Press::marks_reminder(&posted.ids, occurrence.id);
            match self.look_for(scheduled.channel, occurrence.due.at, board, is_it).await {
                Seen::There(place) => return self.posted(&occurrence, scheduled, place, board).await,
                Seen::NotThere => {}
                Seen::Unknown => {
                    tracing::warn!(occurrence = occurrence.id.0, "a reminder could not be posted yet");
                    return Ok(());
                }
            }
        }
        let occurrence = self.with_people(occurrence, board).await?;
        let found = match scheduled.looking {
            Looking::Before if self.is_runnable(&occurrence.checklist) => self.found_for(&occurrence).await?,
            Looking::Before | Looking::OnDemand => None,
        };
        let late = match Timeliness::of(occurrence.due.at, self.0.clock.now(), scheduled.window) {
            Timeliness::OnTime => false,
            Timeliness::Late => true,
            // The run, or Discord, took too long: the next look records it as missed.
            Timeliness::Missed => return Ok(()),
        };
        let ping = Ping {
            roles: if occurrence.people.is_empty() { scheduled.role.into_iter().collect() } else { Vec::new() },
            people: occurrence.people.clone(),
            quiet: false,
        };
        for role in &ping.roles {
            self.tell_of_lost_role(*role, &occurrence, board).await?;
        }
        let view = self.reminder(occurrence.clone(), found, late);
        let nonce = format!("due-{}", occurrence.id.0);
        match timeout(TRY, board.post(scheduled.channel, &view, &ping, &nonce)).await {
            Ok(Ok(place)) => self.posted(&occurrence, scheduled, place, board).await,
            Ok(Err(error)) if error.permanent => self.reminder_refused(&occurrence, &error).await,
            Ok(Err(error)) => {
                tracing::warn!(%error, occurrence = occurrence.id.0, "a reminder could not be posted yet");
                Ok(())
            }
            Err(_) => {
                tracing::warn!(occurrence = occurrence.id.0, "a reminder could not be posted yet");
                Ok(())
            }
        }
    }

    /// Whether a message that `is_it` knows is in `channel`; it cannot have been posted before `since`.
    pub(in crate::service) async fn look_for(
        &self,
        channel: u64,
        since: DateTime<Utc>,
        board: &impl Board,
        is_it: impl Fn(&Posted) -> bool,
    ) -> Seen {
        match timeout(LOOK, board.recent(channel, since)).await {
            Ok(Ok(messages)) => {
                let found = messages.into_iter().find(|message| is_it(message));
                found.map_or(Seen::NotThere, |message| Seen::There(message.place))
            }
            Ok(Err(error)) if error.permanent => {
                tracing::warn!(%error, channel, "what was posted before cannot be read");
                Seen::NotThere
            }
            Ok(Err(_)) | Err(_) => Seen::Unknown,
        }
    }

    /// The occurrence with who is on, by the rota, by what was changed, and by who is still in the server. It is kept before
    /// anything is posted: whoever is quick to hand it over hands it over from somebody.
    async fn with_people(&self, occurrence: Occurrence, board: &impl Board) -> Result<Occurrence, StoreError> {
        let Some((name, rota)) = self.0.config.rota_of(&occurrence.checklist, &occurrence.host) else {
            return Ok(occurrence);
        };
        let changes = self.0.store.rota_changes().await?;
        let day = rota.day_at(occurrence.due.at);
        let mut gone = BTreeSet::new();
        let people = loop {
            let on = rota.on(name, &changes, day, &gone);
            let left = self.gone(on.people.iter().copied(), board).await;
            if left.is_empty() {
                break on.people;
            }
            for person in &left {
                let says = Message::new("duty-left").with("who", mentions(&[*person]));
                let says = says.with("title", self.title_on(&occurrence.checklist, &occurrence.host));
                self.log(format!("left-{person}-{}", occurrence.checklist), says).await?;
            }
            gone.extend(left);
        };
        let people = self.0.store.assign(occurrence.id, &people, self.0.clock.now()).await?;
        if people.is_empty() {
            let says = Message::new("duty-nobody")
                .with("title", self.title_on(&occurrence.checklist, &occurrence.host))
                .with("day", occurrence.due.day.to_string());
            self.log(format!("nobody-{}", occurrence.id.0), says).await?;
        }
        Ok(Occurrence { people, ..occurrence })
    }

    /// The result that a reminder brings: of a run for it, or of the one that was made for it a moment ago.
    async fn found_for(&self, occurrence: &Occurrence) -> Result<Option<Found>, StoreError> {
        let before = match occurrence.run {
            Some(run) => self.0.store.kept_run(run).await?,
            None => None,
        };
        if let Some((run, report)) = before.and_then(|kept| Some((kept.id, kept.report?)))
            && self.0.clock.now() - report.finished_at < FRESH
        {
            return Ok(self.found(Some(run), report.into(), None).await);
        }
        self.signal(occurrence, Signal::Start);
        let mut ongoing = match self.run(&occurrence.checklist, Some(&occurrence.host), Origin::Schedule) {
            Ok(ongoing) => ongoing,
            Err(error) => {
                tracing::error!(%error, "what is due cannot be run");
                self.signal(occurrence, Signal::Failed);
                return Ok(None);
            }
        };
        let last = ongoing.end().await;
        self.signal(occurrence, if matches!(last.end, Some(End::Kept)) { Signal::Done } else { Signal::Failed });
        if matches!(last.end, None | Some(End::Crashed)) {
            return Ok(None);
        }
        let run = last.run.filter(|_| last.not_kept().is_none());
        if let Some(run) = run {
            self.0.store.occurrence_run(occurrence.id, run).await?;
        }
        let not_kept = last.not_kept().cloned();
        Ok(self.found(run, last.report, not_kept).await)
    }

    /// Tells whoever waits for the runs of its schedule.
    fn signal(&self, occurrence: &Occurrence, signal: Signal) {
        let watchdog = self.schedule_of(occurrence).and_then(|scheduled| scheduled.watchdog.as_ref());
        self.tell_watchdog(watchdog, signal, &occurrence.checklist, &occurrence.host);
    }

    async fn posted(
        &self,
        occurrence: &Occurrence,
        scheduled: &ScheduleConfig,
        place: MessagePlace,
        board: &impl Board,
    ) -> Result<(), StoreError> {
        let now = self.0.clock.now();
        let reminders = reminders(occurrence, scheduled);
        if self.0.store.occurrence_posted(occurrence.id, place, &reminders, now).await? {
            tracing::info!(
                checklist = occurrence.checklist,
                day = %occurrence.due.day,
                people = occurrence.people.len(),
                "reminded"
            );
        }
        // Somebody may have handed it over in the moment between: the message names whom it was posted for.
        let kept = self.0.store.occurrence(occurrence.id).await?;
        if kept.is_some_and(|kept| kept.people != occurrence.people) {
            self.show_reminder_anew(occurrence.id, board).await;
        }
        Ok(())
    }

    /// Discord does not take it, for good: the channel is gone, or closed to the bot. That is told where it can be, and
    /// the others go on.
    async fn reminder_refused(&self, occurrence: &Occurrence, error: &ChatError) -> Result<(), StoreError> {
        self.0.store.occurrence_refused(occurrence.id, self.0.clock.now()).await?;
        // Whoever waits for the run waits for somebody to see it.
        self.signal(occurrence, Signal::Failed);
        let says = Message::new("duty-refused")
            .with("title", self.title_on(&occurrence.checklist, &occurrence.host))
            .with("due", due_at(occurrence.due.at))
            .with("who", mentions(&occurrence.people))
            .with("cause", error.says.clone());
        self.log(format!("refused-{}", occurrence.id.0), says).await
    }

    /// The occurrence with whose it would have been, by the rota and what was changed: a missed day is somebody's as well.
    async fn with_whose(&self, occurrence: Occurrence) -> Result<Occurrence, StoreError> {
        let rota = self.0.config.rota_of(&occurrence.checklist, &occurrence.host);
        let Some((name, rota)) = rota.filter(|_| occurrence.people.is_empty()) else { return Ok(occurrence) };
        let changes = self.0.store.rota_changes().await?;
        let on = rota.on(name, &changes, rota.day_at(occurrence.due.at), &BTreeSet::new());
        let people = self.0.store.assign(occurrence.id, &on.people, self.0.clock.now()).await?;
        Ok(Occurrence { people, ..occurrence })
    }

    /// Records what is too late to be of use, and that it is to be told.
    pub(super) async fn miss(&self, occurrences: Vec<Occurrence>, board: &impl Board) -> Result<(), StoreError> {
        let mut missed = Vec::new();
        for occurrence in occurrences {
            // Killed after it was posted, before that was written down.
            if occurrence.state == OccurrenceState::Claimed
                && let Some(scheduled) = self.schedule_of(&occurrence)
            {
                let is_it = |posted: &Posted| Press::marks_reminder(&posted.ids, occurrence.id);
                match self.look_for(scheduled.channel, occurrence.due.at, board, is_it).await {
                    Seen::There(place) => {
                        self.posted(&occurrence, scheduled, place, board).await?;
                        continue;
                    }
                    Seen::NotThere => {}
                    Seen::Unknown => continue,
                }
            }
            self.signal(&occurrence, Signal::Failed);
            missed.push(self.with_whose(occurrence).await?);
        }
        let (Some(first), Some(last)) = (missed.first(), missed.last()) else { return Ok(()) };
        let (title, now) = (self.title_on(&last.checklist, &last.host), self.0.clock.now());
        let says = if missed.len() == 1 {
            Message::new("duty-missed").with("who", mentions(&last.people))
        } else {
            Message::new("duty-missed-many")
                .with("count", missed.len().to_string())
                .with("from", due_at(first.due.at))
                .with("days", whose(&missed))
        };
        // A schedule that is no longer in the file has no channel, and there may be no log channel either.
        let channel = self.schedule_of(last).map(|scheduled| scheduled.channel).or(self.0.config.log);
        let notice = channel.map(|channel| NewNotice {
            key: format!("missed-{}", last.id.0),
            kind: NoticeKind::Missed,
            occurrence: Some(last.id),
            person: None,
            says: Some(says.with("title", title).with("due", due_at(last.due.at))),
            channel,
            due_at: now,
        });
        tracing::warn!(checklist = last.checklist, count = missed.len(), "missed");
        let ids: Vec<_> = missed.iter().map(|occurrence| occurrence.id).collect();
        self.0.store.occurrences_missed(&ids, notice.as_ref(), now).await
    }
}

/// Whose days they were, the latest of them: `12/03 @jimin`, each on a line of its own.
fn whose(missed: &[Occurrence]) -> String {
    const SHOWN: usize = 10;
    let left_out = missed.len().saturating_sub(SHOWN);
    let line = |one: &Occurrence| format!("• <t:{}:d> {}", one.due.at.timestamp(), mentions(&one.people));
    let lines = missed.iter().skip(left_out).map(line);
    (left_out > 0).then(|| "• …".to_owned()).into_iter().chain(lines).collect::<Vec<_>>().join("\n")
}

/// A moment, as Discord shows it on everybody's own clock.
pub(super) fn due_at(at: DateTime<Utc>) -> String {
    format!("<t:{}:f>", at.timestamp())
}

/// Who is reminded when, as long as nobody has signed.
fn reminders(occurrence: &Occurrence, scheduled: &ScheduleConfig) -> Vec<NewNotice> {
    let overdue = scheduled.overdue;
    let steps =
        [(NoticeKind::Person, overdue.person), (NoticeKind::Deputy, overdue.deputy), (NoticeKind::Role, overdue.role)];
    let notice = |(kind, after): (NoticeKind, Option<Duration>)| {
        let due_at = occurrence.due.at.checked_add_signed(TimeDelta::from_std(after?).ok()?)?;
        Some(NewNotice {
            key: format!("{}-{}", kind.name(), occurrence.id.0),
            kind,
            occurrence: Some(occurrence.id),
            person: None,
            says: None,
            channel: scheduled.channel,
            due_at,
        })
    };
    steps.into_iter().filter_map(notice).collect()
}
