//! Taking a bad check on for a while, and telling a day before that the while is over.

use std::sync::Arc;

use chrono::TimeDelta;

use super::say::{ask, no_such_check, wrong_words};
use super::{SignForm, SignView, failed, who};
use crate::domain::message::{Explain, Message};
use crate::domain::run::RunId;
use crate::domain::waiver::{NewWaiver, Scope, Waiver, parse_end};
use crate::domain::words::Words;
use crate::service::{Board, Chat, ChatError, Person, Ping, Service, View};

/// The end that is suggested: nine o'clock, so many days ahead.
const SUGGESTED: TimeDelta = TimeDelta::days(7);

impl Service {
    pub(super) async fn ask_waiver(&self, run: RunId, check: &str, chat: &impl Chat) -> Result<(), ChatError> {
        let zone = self.config().timezone;
        let form = async {
            let signable = self.speaking_of(run, chat.person()).await?;
            let found = signable.check(check).filter(|check| check.grade.needs_attention());
            let found = found.ok_or_else(no_such_check)?;
            let end = (self.0.clock.now() + SUGGESTED).with_timezone(&zone).date_naive();
            let until = format!("{end} 09:00");
            let (run, title) = (signable.run, found.title.clone());
            Ok::<_, View>(SignForm::Waiver { run, check: check.to_owned(), title, until, zone: zone.name().to_owned() })
        };
        ask(form, chat).await
    }

    pub(super) async fn waive(
        &self,
        run: RunId,
        check: &str,
        reason: &str,
        until: &str,
        person: &Person,
    ) -> Result<View, View> {
        let signable = self.speaking_of(run, person).await?;
        let found = signable.check(check).filter(|check| check.grade.needs_attention()).ok_or_else(no_such_check)?;
        let now = self.0.clock.now();
        let made = match (Words::new(&self.0.masker.mask(reason)), parse_end(until, self.config().timezone, now)) {
            (Ok(reason), Ok(until)) => NewWaiver {
                scope: Scope {
                    command: signable.case.command.clone(),
                    host: signable.case.host.clone(),
                    check: check.to_owned(),
                },
                title: found.title.clone(),
                covers: found.grade,
                reason,
                by: who(person),
                from: now,
                until,
                channel: Some(person.channel),
            },
            (Err(error), _) => {
                return self.walk(&signable, person, Some(check.to_owned()), Some(wrong_words(error))).await;
            }
            (_, Err(error)) => {
                let hint = error.hint().unwrap_or_else(|| error.message());
                let note = Message::new("sign-hinted").with("what", error.message()).with("hint", hint);
                return self.walk(&signable, person, Some(check.to_owned()), Some(note)).await;
            }
        };
        let waiver = self.0.store.make_waiver(&made, signable.run).await.map_err(|error| failed(&error))?;
        tracing::info!(person = person.id, waiver = waiver.0, check, until = %made.until, "waived");
        self.walk(&signable, person, None, None).await
    }

    /// Announces the waivers that end within a day, each once, to who took it on. What does not get through is tried again.
    pub async fn announce_waivers(&self, board: &impl Board) {
        let now = self.0.clock.now();
        let waivers = match self.0.store.waivers_to_announce(now).await {
            Ok(waivers) => waivers,
            Err(error) => {
                tracing::error!(%error, "the waivers that end cannot be read");
                return;
            }
        };
        for waiver in waivers {
            if let Some(channel) = waiver.made.channel.or(self.config().log) {
                let ping = Ping { people: vec![waiver.made.by.id], ..Ping::default() };
                let nonce = format!("waiver-{}", waiver.id.0);
                if let Err(error) = board.post(channel, &self.waiver_ends(&waiver), &ping, &nonce).await {
                    tracing::error!(%error, waiver = waiver.id.0, "the end of a waiver could not be announced");
                    if !error.permanent {
                        continue;
                    }
                }
            }
            if let Err(error) = self.0.store.waiver_announced(waiver.id, now).await {
                tracing::error!(%error, waiver = waiver.id.0, "that the end of a waiver was announced could not be kept");
            }
        }
    }

    fn waiver_ends(&self, waiver: &Waiver) -> View {
        let Scope { command, host, .. } = &waiver.made.scope;
        let title = self.commands().checklists.get(command).map(|checklist| checklist.title.clone());
        let host_title = self.config().hosts.get(host).map(|host| host.title.clone());
        View::Sign(SignView::WaiverEnds {
            waiver: Arc::new(waiver.clone()),
            title: title.unwrap_or_default(),
            host_title: host_title.unwrap_or_default(),
        })
    }
}
