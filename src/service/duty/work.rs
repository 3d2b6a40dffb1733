//! Finds what is to be done, and does it side by side: a reminder that takes long, or that Discord does not take, keeps no
//! other waiting.

use std::collections::{BTreeMap, BTreeSet};

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio::time::{Instant, sleep, timeout};

use super::plan::Planner;
use super::{TICK, TRY};
use crate::domain::duty::{Notice, NoticeId, NoticeKind, Occurrence, OccurrenceId, OccurrenceState, Ripe};
use crate::domain::message::{Explain, Message};
use crate::domain::schedule::Timeliness;
use crate::service::{Board, Ping, Service, View};
use crate::store::StoreError;

/// How often it is said again that the database does not do its part.
const SAY_AGAIN: std::time::Duration = std::time::Duration::from_secs(60 * 60);

/// What a job works on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Occurrence(OccurrenceId),
    Notice(NoticeId),
    Waivers,
    Trouble,
}

/// One thing that is to be done.
#[derive(Clone, Debug)]
enum Job {
    /// A reminder is to be posted.
    Remind(Occurrence),
    /// These are too late to be of use; all are of one checklist.
    Miss(Vec<Occurrence>),
    /// A notice is to be posted.
    Tell(Notice),
    /// The end of a waiver is to be announced.
    Waivers,
    /// The database does not do its part.
    Trouble(Message, Option<Message>),
}

impl Job {
    /// What two jobs must not be doing at a time: what was due is never posted and recorded as missed side by side.
    fn keys(&self) -> Vec<Key> {
        match self {
            Self::Remind(occurrence) => vec![Key::Occurrence(occurrence.id)],
            Self::Miss(occurrences) => occurrences.iter().map(|occurrence| Key::Occurrence(occurrence.id)).collect(),
            Self::Tell(notice) => vec![Key::Notice(notice.id)],
            Self::Waivers => vec![Key::Waivers],
            Self::Trouble(..) => vec![Key::Trouble],
        }
    }
}

/// What the database did not do, so that it is not said again every second.
#[derive(Debug, Default)]
struct Trouble(Option<(String, Instant)>);

impl Trouble {
    /// What is to be done about `error`: it is told, once in a while.
    fn with(&mut self, error: &StoreError) -> Option<Job> {
        let what = error.to_string();
        if self.0.as_ref().is_some_and(|(said, when)| *said == what && when.elapsed() < SAY_AGAIN) {
            return None;
        }
        tracing::error!(%error, "what is due cannot be done");
        self.0 = Some((what, Instant::now()));
        Some(Job::Trouble(error.message(), error.hint()))
    }
}

impl Service {
    /// Does what is due, for as long as it is polled.
    pub async fn keep_duty(&self, board: &impl Board) {
        let (mut planner, mut trouble) = (Planner::default(), Trouble::default());
        let mut busy: BTreeSet<Key> = BTreeSet::new();
        let mut working = FuturesUnordered::new();
        loop {
            // What is being done goes on meanwhile: it may hold the database, for which looking waits.
            let found = {
                let looking = async {
                    sleep(TICK).await;
                    self.jobs(&mut planner).await
                };
                tokio::pin!(looking);
                loop {
                    tokio::select! {
                        jobs = &mut looking => break jobs,
                        Some((keys, worked)) = working.next(), if !working.is_empty() => {
                            let done: Vec<Key> = keys;
                            busy.retain(|key| !done.contains(key));
                            if let Err(error) = worked {
                                break Err(error);
                            }
                        }
                    }
                }
            };
            let jobs = found.unwrap_or_else(|error| trouble.with(&error).into_iter().collect());
            for job in jobs {
                let keys = job.keys();
                if keys.iter().all(|key| !busy.contains(key)) {
                    busy.extend(&keys);
                    working.push(async move { (keys, self.work(job, board).await) });
                }
            }
        }
    }

    async fn work(&self, job: Job, board: &impl Board) -> Result<(), StoreError> {
        match job {
            Job::Remind(occurrence) => self.remind(occurrence, board).await,
            Job::Miss(occurrences) => self.miss(occurrences, board).await,
            Job::Tell(notice) => self.tell(notice, board).await,
            Job::Waivers => {
                self.announce_waivers(board).await;
                Ok(())
            }
            Job::Trouble(message, hint) => {
                self.tell_of_trouble(message, hint, board).await;
                Ok(())
            }
        }
    }

    /// What is to be done now.
    async fn jobs(&self, planner: &mut Planner) -> Result<Vec<Job>, StoreError> {
        self.plan(planner).await?;
        let now = self.0.clock.now();
        let mut jobs = Vec::new();
        let mut missed: BTreeMap<(String, String), Vec<Occurrence>> = BTreeMap::new();
        for occurrence in self.0.store.occurrences_to_post().await? {
            // Written down by a clock that was ahead.
            if occurrence.due.at > now && occurrence.state == OccurrenceState::Due {
                continue;
            }
            let window = self.schedule_of(&occurrence).map_or(TICK, |scheduled| scheduled.window);
            match Timeliness::of(occurrence.due.at, now, window) {
                Timeliness::OnTime | Timeliness::Late if self.schedule_of(&occurrence).is_some() => {
                    jobs.push(Job::Remind(occurrence));
                }
                _ => {
                    let of = (occurrence.checklist.clone(), occurrence.host.clone());
                    missed.entry(of).or_default().push(occurrence);
                }
            }
        }
        jobs.extend(missed.into_values().map(Job::Miss));
        if !self.0.store.waivers_to_announce(now).await?.is_empty() {
            jobs.push(Job::Waivers);
        }
        let mut due: BTreeMap<Option<OccurrenceId>, Vec<Notice>> = BTreeMap::new();
        for notice in self.0.store.notices_to_post(now).await? {
            due.entry(notice.what.occurrence).or_default().push(notice);
        }
        for (occurrence, notices) in due {
            jobs.extend(self.ripe(occurrence, notices).await?.into_iter().map(Job::Tell));
        }
        Ok(jobs)
    }

    /// Those of the `notices` about one occurrence that are to be posted. The others are dropped; but what was claimed may be
    /// posted already, and is looked for first.
    async fn ripe(&self, occurrence: Option<OccurrenceId>, notices: Vec<Notice>) -> Result<Vec<Notice>, StoreError> {
        let Some(id) = occurrence else { return Ok(notices) };
        let Some(occurrence) = self.0.store.occurrence(id).await? else { return Ok(Vec::new()) };
        let judge = self.judge_of(&occurrence).await?;
        let kinds: Vec<NoticeKind> = notices.iter().map(|notice| notice.what.kind).collect();
        let mut posted = Vec::new();
        for notice in notices {
            if notice.claimed || judge.ripe(notice.what.kind, &kinds) == Ripe::Post {
                posted.push(notice);
            } else {
                self.0.store.notice_dropped(notice.id, self.0.clock.now()).await?;
            }
        }
        Ok(posted)
    }

    /// Without its database the bot cannot know what was posted, and posts no reminder. That must not look like a quiet day.
    async fn tell_of_trouble(&self, message: Message, hint: Option<Message>, board: &impl Board) {
        let Some(channel) = self.0.config.log else { return };
        let nonce = format!("trouble-{}", self.0.clock.now().timestamp().div_euclid(60));
        match timeout(TRY, board.post(channel, &View::Told(message, hint), &Ping::default(), &nonce)).await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => tracing::error!(%error, "nor can it be told"),
            Err(_) => tracing::error!("nor can it be told"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::schedule::Due;

    fn occurrence(id: i64, state: OccurrenceState) -> Occurrence {
        let day = "2026-12-03".parse().unwrap();
        Occurrence {
            id: OccurrenceId(id),
            checklist: "daily".to_owned(),
            host: "here".to_owned(),
            due: Due { at: "2026-12-03T00:00:00Z".parse().unwrap(), day, named: day },
            state,
            run: None,
            place: None,
            posted_at: None,
            done_at: None,
            people: Vec::new(),
        }
    }

    #[test]
    fn what_is_being_posted_is_not_recorded_as_missed_meanwhile() {
        let posting = Job::Remind(occurrence(2, OccurrenceState::Due));
        let missed = |ids: &[i64]| Job::Miss(ids.iter().map(|id| occurrence(*id, OccurrenceState::Claimed)).collect());
        let meets = |one: &Job, other: &Job| one.keys().iter().any(|key| other.keys().contains(key));
        assert!(meets(&posting, &missed(&[1, 2])) && meets(&missed(&[2, 3]), &missed(&[1, 2])));
        assert!(!meets(&posting, &missed(&[1, 3])));
    }
}
