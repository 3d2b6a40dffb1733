//! Posts what is told unasked besides the reminders: that nobody has signed, that somebody was handed something, what was
//! missed, the digest, and what the bot itself could not do.

use std::collections::BTreeSet;

use tokio::time::timeout;

use super::press::mentions;
use super::remind::{Seen, due_at};
use super::{DutyView, Press, TRY};
use crate::domain::duty::{Notice, NoticeKind, Occurrence, Ripe};
use crate::domain::message::{Localised, Message};
use crate::service::{Board, Ping, Posted, Service, View};
use crate::store::StoreError;

impl Service {
    pub(super) async fn tell(&self, notice: Notice, board: &impl Board) -> Result<(), StoreError> {
        let store = &self.0.store;
        let occurrence = match notice.what.occurrence {
            Some(id) => store.occurrence(id).await?,
            None => None,
        };
        if notice.claimed {
            let is_it =
                |posted: &Posted| Press::marks_notice(&posted.ids, notice.id) || posted.foot == notice.id.mark();
            match self.look_for(notice.what.channel, notice.what.due_at, board, is_it).await {
                Seen::There(place) => {
                    store.notice_posted(notice.id, place.message, self.0.clock.now()).await?;
                    tracing::info!(kind = notice.what.kind.name(), key = notice.what.key, "was told already");
                    return Ok(());
                }
                Seen::NotThere => {}
                Seen::Unknown => return Ok(()),
            }
            // While nothing got through, the next step may have become due, or somebody may have signed.
            if let Some(occurrence) = &occurrence {
                let told = store.kinds_due(occurrence.id, self.0.clock.now()).await?;
                if self.judge_of(occurrence).await?.ripe(notice.what.kind, &told) == Ripe::Drop {
                    store.notice_dropped(notice.id, self.0.clock.now()).await?;
                    tracing::info!(key = notice.what.key, "what could not be told says nothing any more");
                    return Ok(());
                }
            }
        }
        let Some((view, ping)) = self.worded(&notice, occurrence.as_ref(), board).await? else {
            store.notice_dropped(notice.id, self.0.clock.now()).await?;
            return Ok(());
        };
        if !notice.claimed && !store.claim_notice(notice.id, self.0.clock.now()).await? {
            return Ok(());
        }
        let nonce = format!("notice-{}", notice.id.0);
        match timeout(TRY, board.post(notice.what.channel, &view, &ping, &nonce)).await {
            Ok(Ok(place)) => {
                store.notice_posted(notice.id, place.message, self.0.clock.now()).await?;
                tracing::info!(kind = notice.what.kind.name(), key = notice.what.key, "told");
                Ok(())
            }
            Ok(Err(error)) if error.permanent => {
                store.notice_refused(notice.id, self.0.clock.now()).await?;
                tracing::error!(%error, key = notice.what.key, "what was to be told is not taken");
                if notice.what.kind == NoticeKind::Log {
                    return Ok(());
                }
                let says = Message::new("duty-notice-refused")
                    .with("what", notice.what.kind.name())
                    .with(
                        "title",
                        occurrence
                            .as_ref()
                            .map_or_else(Localised::default, |of| self.title_on(&of.checklist, &of.host)),
                    )
                    .with("cause", error.says.clone());
                self.log(format!("refused-notice-{}", notice.id.0), says).await
            }
            Ok(Err(_)) | Err(_) => {
                tracing::warn!(key = notice.what.key, "what was to be told could not be posted yet");
                Ok(())
            }
        }
    }

    /// What a notice shows and who hears of it; nothing where there is nothing to be said, or nobody to say it to.
    async fn worded(
        &self,
        notice: &Notice,
        occurrence: Option<&Occurrence>,
        board: &impl Board,
    ) -> Result<Option<(View, Ping)>, StoreError> {
        let what = &notice.what;
        let nobody = Ping::default();
        let nudge = |occurrence: &Occurrence, says: Message| {
            View::Duty(DutyView::Nudge {
                notice: notice.id,
                title: self.title_on(&occurrence.checklist, &occurrence.host),
                simple: self.is_simple(&occurrence.checklist),
                occurrence: occurrence.clone(),
                says,
            })
        };
        let note = |says| View::Duty(DutyView::Note { notice: notice.id, says });
        let person = |id: Option<u64>| Ping { people: id.into_iter().collect(), ..Ping::default() };
        Ok(match (what.kind, occurrence) {
            (NoticeKind::Digest, _) => {
                let lines = self.digest_lines().await?;
                let view = DutyView::Digest { notice: Some(notice.id), lines };
                matches!(&view, DutyView::Digest { lines, .. } if !lines.is_empty())
                    .then(|| (View::Duty(view), Ping::quiet()))
            }
            (NoticeKind::Findings, _) => {
                let today = self.today();
                let mut findings = self.pressing(today).await?;
                findings.retain(|finding| finding.filed.channel == what.channel);
                findings.sort_by_key(|finding| (finding.stand.due, finding.id));
                let owners: BTreeSet<u64> = findings.iter().map(|finding| finding.stand.owner.id).collect();
                let gone = self.gone(owners.iter().copied(), board).await;
                let ping = Ping { people: owners.difference(&gone).copied().collect(), ..Ping::default() };
                let view = DutyView::Findings { notice: notice.id, findings, today };
                (!owners.is_empty()).then_some((View::Duty(view), ping))
            }
            (NoticeKind::Missed, last) => {
                let can_be_run = last.filter(|last| self.is_runnable(&last.checklist)).map(|last| last.id);
                let says = what.says.clone().unwrap_or(Message::new("duty-missed"));
                Some((View::Duty(DutyView::Missed { notice: notice.id, occurrence: can_be_run, says }), nobody))
            }
            (NoticeKind::Log, _) => what.says.clone().map(|says| (note(says), nobody)),
            (NoticeKind::Arranged, _) => what.says.clone().map(|says| (note(says), person(what.person))),
            (NoticeKind::Handover, Some(occurrence)) => {
                let says = what.says.clone().unwrap_or(Message::new("duty-overdue-person"));
                Some((nudge(occurrence, says), person(what.person)))
            }
            (NoticeKind::Snooze, Some(occurrence)) => {
                let says = self.overdue("duty-snooze-over", occurrence);
                Some((nudge(occurrence, says), person(what.person)))
            }
            (NoticeKind::Person, Some(occurrence)) => {
                let people = occurrence.people.clone();
                let ping = Ping { people, ..Ping::default() };
                (!ping.people.is_empty())
                    .then(|| (nudge(occurrence, self.overdue("duty-overdue-person", occurrence)), ping))
            }
            (NoticeKind::Deputy, Some(occurrence)) => {
                let deputy = self.deputy(occurrence, board).await?;
                let says = self.overdue("duty-overdue-deputy", occurrence);
                deputy.map(|deputy| (nudge(occurrence, says), person(Some(deputy))))
            }
            (NoticeKind::Role, Some(occurrence)) => {
                let role = self.schedule_of(occurrence).and_then(|scheduled| scheduled.role);
                let says = self.overdue("duty-overdue-role", occurrence);
                let Some(role) = role else { return Ok(None) };
                self.tell_of_lost_role(role, occurrence, board).await?;
                Some((nudge(occurrence, says), Ping { roles: vec![role], ..Ping::default() }))
            }
            (
                NoticeKind::Handover | NoticeKind::Snooze | NoticeKind::Person | NoticeKind::Deputy | NoticeKind::Role,
                None,
            ) => None,
        })
    }

    fn overdue(&self, key: &'static str, occurrence: &Occurrence) -> Message {
        Message::new(key)
            .with("title", self.title_on(&occurrence.checklist, &occurrence.host))
            .with("due", due_at(occurrence.due.at))
            .with("who", mentions(&occurrence.people))
    }

    /// Who is reminded in place of the assignee: whom the file names, or the next of the rota; somebody who is there.
    async fn deputy(&self, occurrence: &Occurrence, board: &impl Board) -> Result<Option<u64>, StoreError> {
        let named = self.schedule_of(occurrence).and_then(|scheduled| scheduled.deputy);
        let mut passed_over = occurrence.people.clone();
        if let Some(named) = named.filter(|named| !passed_over.contains(named)) {
            if self.gone([named], board).await.is_empty() {
                return Ok(Some(named));
            }
            passed_over.push(named);
        }
        let Some((name, rota)) = self.0.config.rota_of(&occurrence.checklist, &occurrence.host) else {
            return Ok(None);
        };
        let changes = self.0.store.rota_changes().await?;
        let day = rota.day_at(occurrence.due.at);
        while let Some(next) = rota.next_after(&passed_over, name, &changes, day) {
            if self.gone([next], board).await.is_empty() {
                return Ok(Some(next));
            }
            passed_over.push(next);
        }
        Ok(None)
    }

    /// A role that was deleted wakes nobody, and Discord says nothing of it.
    pub(super) async fn tell_of_lost_role(
        &self,
        role: u64,
        occurrence: &Occurrence,
        board: &impl Board,
    ) -> Result<(), StoreError> {
        let there = match timeout(TRY, board.roles()).await {
            Ok(Ok(roles)) => roles.contains(&role),
            Ok(Err(_)) | Err(_) => {
                tracing::warn!("which roles there are could not be asked");
                true
            }
        };
        if there {
            return Ok(());
        }
        let name = self.0.config.roles.iter().find(|(_, id)| **id == role).map_or("?", |(name, _)| name.as_str());
        let says = Message::new("duty-role-gone")
            .with("role", name)
            .with("title", self.title_on(&occurrence.checklist, &occurrence.host));
        self.log(format!("role-{role}-{}", occurrence.id.0), says).await
    }
}
