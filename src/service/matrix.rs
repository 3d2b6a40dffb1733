//! One checklist on many hosts at once: each host's run is a run of its own, shared with whoever asks for it alone; one
//! message shows them side by side.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;

use super::run::End;
use super::show::told;
use super::{Board, Chat, ChatError, Ongoing, Progress, Service, Unknown, View};
use crate::domain::matrix::{Column, Matrix, Stage};
use crate::domain::message::Localised;
use crate::domain::run::{KeptRun, MessagePlace, NewRun, Origin, RunId, RunState};
use crate::domain::target::Target;
use crate::store::{StoreError, Untold};

/// The least time between two changes of a message that goes on, as for a single run.
const BETWEEN_UPDATES: Duration = Duration::from_millis(1500);

impl Service {
    /// The names of the hosts that `target` means.
    ///
    /// # Errors
    /// [`Unknown`] when there is no such host, or none with such a tag.
    pub fn hosts_of(&self, target: &Target) -> Result<Vec<String>, Unknown> {
        let hosts = &self.config().hosts;
        match target {
            Target::One(name) => self.host(Some(name)).map(|host| vec![host.config().name.clone()]),
            Target::All => Ok(hosts.keys().cloned().collect()),
            Target::Tagged(tag) => {
                let tagged = hosts.values().filter(|host| host.own.tags.contains(tag));
                let names: Vec<_> = tagged.map(|host| host.name.clone()).collect();
                if names.is_empty() {
                    let known = self.config().tags().into_iter().map(str::to_owned).collect();
                    return Err(Unknown::Tag { name: tag.clone(), known });
                }
                Ok(names)
            }
        }
    }

    /// Answers the slash command for many hosts: runs `command` on each that `target` means, and shows them side by side.
    pub(super) async fn answer_side_by_side(
        &self,
        command: &str,
        target: &Target,
        chat: &impl Chat,
    ) -> Result<(), ChatError> {
        let person = chat.person();
        let origin = || Origin::Discord { user: person.id, channel: person.channel };
        let begun = self.hosts_of(target).and_then(|hosts| {
            hosts.iter().map(|host| self.run(command, Some(host), origin())).collect::<Result<Vec<_>, _>>()
        });
        let ongoing = match begun {
            Ok(ongoing) => ongoing,
            Err(unknown) => return chat.whisper(&told(&unknown)).await,
        };
        let matrix = || self.matrix(command, target, &ongoing);
        if let Err(error) = chat.post(&View::Matrix { matrix: matrix(), head: None }).await
            && (error.permanent || chat.place().await.is_err())
        {
            return Err(error);
        }
        let keeping = self.keep_places(&ongoing, target, chat);
        let showing = async {
            let mut seen = 0;
            while !matrix().is_over() {
                let mut waiting = ongoing.clone();
                tokio::select! {
                    () = sleep(BETWEEN_UPDATES) => {}
                    () = all_ended(&mut waiting) => break,
                }
                let now = matrix();
                let came_in = came_in(&now);
                if came_in == seen || now.is_over() {
                    continue;
                }
                seen = came_in;
                if let Err(error) = chat.update(&View::Matrix { matrix: now, head: None }).await {
                    tracing::warn!(%error, "the progress of several runs could not be shown");
                }
            }
            chat.update(&self.side_by_side(matrix()).await).await
        };
        let (place, shown) = tokio::join!(keeping, showing);
        match (shown, place) {
            (Ok(()), Some(place)) => self.told_all(&ongoing, place).await,
            (Ok(()), None) => {}
            // It stays untold, and is tried again from time to time.
            (Err(error), _) => tracing::warn!(%error, command, "several reports could not be shown yet"),
        }
        Ok(())
    }

    fn matrix(&self, command: &str, target: &Target, ongoing: &[Ongoing]) -> Arc<Matrix> {
        let columns = ongoing.iter().map(|ongoing| column(&ongoing.progress.borrow())).collect();
        let title = self.title_of(command);
        Arc::new(Matrix { command: command.to_owned(), title, target: target.clone(), columns })
    }

    /// What came of it, with the end of the audit record below: what is posted bears witness outside of the database.
    async fn side_by_side(&self, matrix: Arc<Matrix>) -> View {
        let head = match self.0.store.audit_head().await {
            Ok(head) => Some(head).filter(|head| head.seq > 0),
            Err(error) => {
                tracing::error!(%error, "the end of the audit record cannot be read");
                None
            }
        };
        View::Matrix { matrix, head }
    }

    /// Notes which runs the message shows, so that it can be changed even after a restart.
    async fn keep_places(&self, ongoing: &[Ongoing], target: &Target, chat: &impl Chat) -> Option<MessagePlace> {
        let place = match chat.place().await {
            Ok(place) => place,
            Err(error) => {
                tracing::warn!(%error, "where several runs are shown is not known");
                return None;
            }
        };
        for one in ongoing {
            let mut progress = one.progress.clone();
            let numbered = progress.wait_for(|progress| progress.run.is_some() || progress.end.is_some()).await;
            let run = numbered.ok().and_then(|progress| progress.run);
            if let Some(run) = run
                && let Err(error) = self.0.store.show_beside(run, place, &target.to_string()).await
            {
                tracing::error!(%error, %run, "where a run is shown could not be kept");
            }
        }
        Some(place)
    }

    async fn told_all(&self, ongoing: &[Ongoing], place: MessagePlace) {
        for run in ongoing.iter().filter_map(|one| one.progress.borrow().run) {
            if let Err(error) = self.0.store.told(run, place).await {
                tracing::error!(%error, %run, "that a message says how its run ended could not be kept");
            }
        }
    }

    /// Changes a message that shows several hosts and does not say yet how their runs ended. While one of them goes on,
    /// whoever began it will say so.
    pub(super) async fn tell_ends_side_by_side(
        &self,
        untold: &Untold,
        target: &str,
        board: &impl Board,
    ) -> Result<(), String> {
        let all = self.kept_side_by_side(untold.place).await.map_err(|error| error.to_string())?;
        let Some(kept) = all.iter().find(|kept| kept.id == untold.run) else { return Ok(()) };
        if all.iter().any(|kept| kept.state == RunState::Running) {
            return Ok(());
        }
        let command = kept.begun.command.clone();
        let mut columns: Vec<_> = all.iter().map(column_of).collect();
        // Of a host whose run nobody wrote down here nothing is known: that must not look like a host that was not asked.
        let (target, hosts) = (Target::of(target), &self.config().hosts);
        let missing = self.hosts_of(&target).unwrap_or_default().into_iter();
        for host in missing.filter(|host| !all.iter().any(|kept| kept.begun.host == *host)) {
            let host_title = hosts.get(&host).map(|host| host.title.clone()).unwrap_or_default();
            let begun = NewRun { host, host_title, ..kept.begun.clone() };
            columns.push(Column { run: None, report: Arc::new(begun.nothing_found()), stage: Stage::CutOff });
        }
        let title: Localised = kept.begun.title.clone();
        let matrix = Arc::new(Matrix { command, title, target, columns });
        let told = board.edit(untold.place, &self.side_by_side(matrix).await).await;
        if told.as_ref().err().is_none_or(|error| error.permanent) {
            for kept in &all {
                self.0.store.told(kept.id, untold.place).await.map_err(|error| error.to_string())?;
            }
        }
        told.map_err(|error| error.to_string())
    }

    async fn kept_side_by_side(&self, place: MessagePlace) -> Result<Vec<KeptRun>, StoreError> {
        let mut all = Vec::new();
        for run in self.0.store.shown_in(place).await? {
            all.extend(self.0.store.kept_run(run).await?);
        }
        Ok(all)
    }

    /// Answers the choice of one host below several: its report, for the person alone, with all that can be done about it.
    ///
    /// # Errors
    /// [`ChatError`] when the answer did not get through.
    pub async fn answer_one_of(&self, run: RunId, chat: &impl Chat) -> Result<(), ChatError> {
        let kept = match self.kept(run).await {
            Ok(kept) => kept,
            Err((message, hint)) => return chat.whisper(&View::Told(message, hint)).await,
        };
        if let Err(refusal) = self.may_run(chat.person(), &kept.begun.command) {
            return chat.whisper(&told(&refusal)).await;
        }
        let view = match kept.report {
            Some(report) => self.finished(Some(run), Arc::new(report), None, None).await,
            None => View::Interrupted { run, begun: kept.begun },
        };
        chat.whisper(&view).await
    }
}

/// Comes when all of them have ended.
async fn all_ended(ongoing: &mut [Ongoing]) {
    for one in ongoing {
        one.end().await;
    }
}

/// How much came in so far.
fn came_in(matrix: &Matrix) -> usize {
    let of = |column: &Column| match &column.stage {
        Stage::Running(came_in) => came_in.len(),
        Stage::Kept | Stage::NotKept(_) | Stage::CutOff => 1 + column.report.checks().count(),
    };
    matrix.columns.iter().map(of).sum()
}

fn column(progress: &Progress) -> Column {
    let stage = match &progress.end {
        None => Stage::Running(Arc::clone(&progress.came_in)),
        Some(End::Kept) => Stage::Kept,
        Some(End::NotKept(why)) => Stage::NotKept(why.clone()),
        Some(End::Crashed) => Stage::CutOff,
    };
    Column { run: progress.run, report: Arc::clone(&progress.report), stage }
}

/// A run as it is kept. Of one that was cut off nothing but its beginning is.
fn column_of(kept: &KeptRun) -> Column {
    let (report, stage) = match &kept.report {
        Some(report) => (report.clone(), Stage::Kept),
        None => (kept.begun.nothing_found(), Stage::CutOff),
    };
    Column { run: Some(kept.id), report: Arc::new(report), stage }
}
