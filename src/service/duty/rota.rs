//! `/rota`: who is on, of each rota, or of what is due on one host.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};

use super::arrange::Unclear;
use super::{DutyView, RotaOf};
use crate::config::checklist_of;
use crate::domain::message::{Explain, Localised, Message};
use crate::domain::rota::Rota;
use crate::service::show::told;
use crate::service::{Chat, ChatError, Service, View};

/// How many days are shown after today: four weeks in all.
const SHOWN: TimeDelta = TimeDelta::days(27);

impl Service {
    /// Answers `/rota`: who is on now, and in the next four weeks; of one rota, or of all, or of those by which something is
    /// due on `host`.
    ///
    /// # Errors
    /// [`ChatError`] when the answer did not get through.
    pub async fn answer_rota(
        &self,
        checklist: Option<&str>,
        host: Option<&str>,
        chat: &impl Chat,
    ) -> Result<(), ChatError> {
        let view = match self.may_arrange(chat.person()) {
            Err(refusal) => told(&refusal),
            Ok(()) => self.rotas(checklist, host).await.unwrap_or_else(View::from),
        };
        chat.whisper(&view).await
    }

    async fn rotas(&self, checklist: Option<&str>, host: Option<&str>) -> Result<View, Unclear> {
        let rotas: Vec<(Localised, &str, &Rota)> = match (checklist, host) {
            (None, None) => {
                let all = self.0.config.rotas.iter();
                all.map(|(name, rota)| (self.title_of(name), name.as_str(), rota)).collect()
            }
            (Some(name), None) => {
                let known = self.0.config.rotas.get_key_value(name).ok_or_else(|| self.no_rota(name))?;
                vec![(self.title_of(name), known.0, known.1)]
            }
            (checklist, Some(host)) => self.rotas_on(checklist.map(|name| checklist_of(name).0), host)?,
        };
        if rotas.is_empty() {
            return Err(Unclear(Message::new("duty-no-rotas"), Some(Message::new("duty-no-rota-hint"))));
        }
        let changes = self.0.store.rota_changes().await?;
        let now = self.0.clock.now();
        let one = |(title, name, rota): (Localised, &str, &Rota)| {
            let today = rota.day_at(now);
            RotaOf {
                title,
                now: rota.at(name, &changes, now),
                next: self.next_due(name, host, now),
                spans: rota.spans(name, &changes, today, today + SHOWN),
            }
        };
        Ok(View::Duty(DutyView::Rota(rotas.into_iter().map(one).collect())))
    }

    /// By which rotas `checklist`, or every one that has any, is somebody's on `host`.
    fn rotas_on(&self, checklist: Option<&str>, host: &str) -> Result<Vec<(Localised, &str, &Rota)>, Unclear> {
        let host = match self.host(Some(host)) {
            Ok(host) => &host.config().name,
            Err(unknown) => return Err(Unclear(unknown.message(), unknown.hint())),
        };
        let known: BTreeSet<&str> = match checklist {
            Some(checklist) => [checklist].into(),
            None => self.0.config.rotas.keys().map(|name| checklist_of(name).0).collect(),
        };
        let of = |checklist: &str| {
            self.0.config.rota_of(checklist, host).map(|(name, rota)| (self.title_on(checklist, host), name, rota))
        };
        let found: Vec<_> = known.into_iter().filter_map(of).collect();
        match checklist {
            Some(checklist) if found.is_empty() => Err(self.no_rota(checklist)),
            _ => Ok(found),
        }
    }

    /// When something is due next of which the rota `name` says whose it is: on `host`, or wherever it is first.
    fn next_due(&self, name: &str, host: Option<&str>, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let config = &self.0.config;
        let due = config.planned().filter(|(checklist, on, _)| {
            host.is_none_or(|host| host == on.name)
                && config.rota_of(checklist, &on.name).is_some_and(|(known, _)| known == name)
        });
        due.filter_map(|(.., scheduled)| scheduled.schedule.next(now, &config.holidays)).map(|due| due.at).min()
    }

    pub(super) fn no_rota(&self, checklist: &str) -> Unclear {
        let message = Message::new("duty-no-rota").with("title", self.title_of(checklist));
        Unclear(message, Some(Message::new("duty-no-rota-hint")))
    }
}
