//! Taking a bad check on for a while, and telling a day before that the while is over.

use std::sync::Arc;

use chrono::TimeDelta;

use super::say::{ask, no_such_check, wrong_words};
use super::{SignForm, SignView, Signable, failed, who};
use crate::domain::message::{Explain, Message};
use crate::domain::report::{Report, ReportedCheck};
use crate::domain::run::RunId;
use crate::domain::waiver::{Ended, NOTICE, NewWaiver, Scope, Waiver, WaiverId, parse_end};
use crate::domain::words::Words;
use crate::service::duty::Seen;
use crate::service::show::told;
use crate::service::{Board, Chat, ChatError, Person, Ping, Service, View};

/// The end that is suggested: nine o'clock, so many days ahead.
const SUGGESTED: TimeDelta = TimeDelta::days(7);

/// A result whose checks somebody may take on.
struct Waivable {
    run: RunId,
    report: Arc<Report>,
    /// They sign it, and go on with that.
    signing: Option<Signable>,
}

impl Waivable {
    fn check(&self, id: &str) -> Result<&ReportedCheck, View> {
        self.report.check(id).filter(|check| check.grade.needs_attention()).ok_or_else(no_such_check)
    }
}

impl Service {
    /// The result of `run` as something whose checks `person` may take on: of a checklist that is signed who may sign it, of
    /// another who may run it.
    async fn waivable(&self, run: RunId, person: &Person) -> Result<Waivable, View> {
        let report = self.report_of(run).await?;
        if self.signed(&report.command).is_some() {
            let signable = self.speaking_of(run, person).await?;
            return Ok(Waivable { run: signable.run, report: Arc::clone(&signable.report), signing: Some(signable) });
        }
        self.may_run(person, &report.command).map_err(|refusal| told(&refusal))?;
        Ok(Waivable { run, report, signing: None })
    }

    pub(super) async fn ask_waiver(&self, run: RunId, check: &str, chat: &impl Chat) -> Result<(), ChatError> {
        let zone = self.config().timezone;
        let form = async {
            let waivable = self.waivable(run, chat.person()).await?;
            let title = waivable.check(check)?.title.clone();
            let end = (self.0.clock.now() + SUGGESTED).with_timezone(&zone).date_naive();
            let (run, until) = (waivable.run, format!("{end} 09:00"));
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
        let waivable = self.waivable(run, person).await?;
        let found = waivable.check(check)?;
        let now = self.0.clock.now();
        let (reason, until) =
            match (Words::new(&self.0.masker.mask(reason)), parse_end(until, self.config().timezone, now)) {
                (Ok(reason), Ok(until)) => (reason, until),
                (Err(error), _) => return self.not_waived(&waivable, check, person, wrong_words(error), None).await,
                (_, Err(error)) => {
                    return self.not_waived(&waivable, check, person, error.message(), error.hint()).await;
                }
            };
        let Report { command, host, .. } = &*waivable.report;
        let made = NewWaiver {
            scope: Scope { command: command.clone(), host: host.clone(), check: check.to_owned() },
            title: found.title.clone(),
            covers: found.grade,
            reason,
            by: who(person),
            from: now,
            until,
            channel: Some(person.channel),
        };
        let waiver = self.0.store.make_waiver(&made, waivable.run).await.map_err(|error| failed(&error))?;
        tracing::info!(person = person.id, waiver = waiver.0, check, until = %made.until, "waived");
        match &waivable.signing {
            Some(signable) => self.walk(signable, person, None, None).await,
            None => {
                let at = format!("<t:{}:f>", made.until.timestamp());
                let made = Message::new("waiver-made").with("check", made.title).with("until", at);
                Ok(View::Told(made, Some(Message::new("waiver-made-hint"))))
            }
        }
    }

    /// Tells what was wrong with a waiver: above the walk, where there is one.
    async fn not_waived(
        &self,
        waivable: &Waivable,
        check: &str,
        person: &Person,
        what: Message,
        hint: Option<Message>,
    ) -> Result<View, View> {
        let Some(signable) = &waivable.signing else { return Err(View::Told(what, hint)) };
        let note = match hint {
            Some(hint) => Message::new("sign-hinted").with("what", what).with("hint", hint),
            None => what,
        };
        self.walk(signable, person, Some(check.to_owned()), Some(note)).await
    }

    pub(super) async fn ask_waiver_end(&self, waiver: WaiverId, chat: &impl Chat) -> Result<(), ChatError> {
        let form = async {
            let title = self.endable(waiver, chat.person()).await?.made.title;
            Ok::<_, View>(SignForm::WaiverEnd { waiver, title })
        };
        ask(form, chat).await
    }

    /// Ends a waiver before its time.
    pub(super) async fn end_waiver(&self, id: WaiverId, reason: &str, person: &Person) -> Result<View, View> {
        let waiver = self.endable(id, person).await?;
        let reason = Words::new(&self.0.masker.mask(reason)).map_err(|error| View::Told(wrong_words(error), None))?;
        let ended = Ended { by: who(person), at: self.0.clock.now(), reason };
        if !self.0.store.end_waiver(id, &ended).await.map_err(|error| failed(&error))? {
            return Err(View::Told(Message::new("waiver-over"), None));
        }
        tracing::info!(person = person.id, waiver = id.0, "a waiver is ended");
        Ok(View::Told(
            Message::new("waiver-ended").with("check", waiver.made.title),
            Some(Message::new("waiver-ends-do")),
        ))
    }

    /// The waiver `id`, if it runs and `person` may end it: who made it, and whoever may run the command.
    async fn endable(&self, id: WaiverId, person: &Person) -> Result<Waiver, View> {
        let found = self.0.store.waiver(id).await.map_err(|error| failed(&error))?;
        let waiver = found.filter(|waiver| waiver.runs_at(self.0.clock.now()));
        let waiver = waiver.ok_or_else(|| View::Told(Message::new("waiver-over"), None))?;
        if waiver.made.by.id != person.id {
            self.may_run(person, &waiver.made.scope.command).map_err(|refusal| told(&refusal))?;
        }
        Ok(waiver)
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
                // Killed after it was posted, before that was written down: the nonce is forgotten within minutes.
                match self
                    .look_for(channel, waiver.over_at() - NOTICE, board, |posted| posted.foot == waiver.mark())
                    .await
                {
                    Seen::There(_) => {}
                    Seen::Unknown => continue,
                    Seen::NotThere => {
                        if let Err(error) = board.post(channel, &self.waiver_ends(&waiver), &ping, &nonce).await {
                            tracing::error!(%error, waiver = waiver.id.0, "the end of a waiver could not be announced");
                            if !error.permanent {
                                continue;
                            }
                            let says = Message::new("log-waiver-refused")
                                .with("title", waiver.made.title.clone())
                                .with("who", format!("<@{}>", waiver.made.by.id))
                                .with("cause", error.says);
                            if let Err(error) = self.log(format!("waiver-refused-{}", waiver.id.0), says).await {
                                tracing::error!(%error, waiver = waiver.id.0, "what Discord refused could not be told");
                            }
                        }
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
            over: waiver.made.until <= self.0.clock.now(),
        })
    }
}
