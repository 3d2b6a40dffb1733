//! Between the runs: a sample a minute, and an alert when three in a row are bad.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep};

use super::duty::Seen;
use super::sign::who;
use super::{Board, Chat, ChatError, Parts, Ping, Posted, Service, View};
use crate::domain::action::Step;
use crate::domain::alert::{AlertId, KeptAlert, Listener, Turn};
use crate::domain::message::{Explain, Message};
use crate::domain::run::MessagePlace;
use crate::domain::vital::{Sample, Thresholds};
use crate::host::Host;
use crate::probe::vitals::{self, Counters};
use crate::render::alert_card;
use crate::store::{AlertTold, StoreError};

/// For how long it is asked whether an alert is posted already, and the pause between two questions.
const PATIENCE: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_secs(2);

/// For how long an act may be the cause of what is seen: a reboot, the longest interruption, takes five minutes.
const INTERRUPTION: TimeDelta = TimeDelta::minutes(10);

impl Service {
    /// Samples the hosts until it is dropped, where `bot.toml` says that anything is sampled.
    pub async fn watch(&self) {
        let Some(sampling) = &self.0.config.sampling else { return };
        let sampled = self.0.hosts.values().filter(|host| !host.config().own.unsampled);
        let watching = sampled.map(|host| async {
            let (mut listener, mut counters) = (None, Counters::default());
            let mut ticks = interval(sampling.every);
            // A machine that slept owes no samples: what was not watched is a gap.
            ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
            loop {
                ticks.tick().await;
                if listener.is_none() {
                    listener = self.listener(host).await;
                }
                counters = self.watch_once(host, listener.as_mut(), &counters, &sampling.thresholds).await;
            }
        });
        futures::future::join_all(watching).await;
    }

    /// Listens on where the alerts of `host` stand; none while the record does not say: without knowing them it would end none,
    /// and begin none again.
    async fn listener(&self, host: &Host) -> Option<Listener> {
        match self.0.store.open_alerts(&host.config().name).await {
            Ok(open) => Some(Listener::new(open.into_iter().map(|alert| alert.series))),
            Err(error) => {
                tracing::error!(%error, "the open alerts cannot be read; samples are kept, and nothing is told");
                None
            }
        }
    }

    /// Takes one sample of `host` (none: the first one) and keeps it: for who starts the program by the clock.
    ///
    /// # Errors
    /// [`super::Unknown`] when there is no such host.
    pub async fn sample(&self, host: Option<&str>) -> Result<Sample, super::Unknown> {
        let host = self.host(host)?;
        let (_, counters) = vitals::sample(host, &self.0.http, &Counters::default(), self.0.clock.now()).await;
        // What is counted says something only beside what was counted before.
        sleep(Duration::from_millis(500)).await;
        let (sample, _) = vitals::sample(host, &self.0.http, &counters, self.0.clock.now()).await;
        self.keep(host, &sample).await;
        Ok(sample)
    }

    async fn keep(&self, host: &Host, sample: &Sample) {
        match self.0.store.keep_sample(&host.config().name, sample).await {
            Ok(()) => self.sampled(&host.config().name),
            Err(error) => tracing::error!(%error, host = host.config().name, "a sample could not be kept"),
        }
    }

    async fn watch_once(
        &self,
        host: &Host,
        listener: Option<&mut Listener>,
        before: &Counters,
        thresholds: &Thresholds,
    ) -> Counters {
        let Parts { http, store, clock, .. } = &*self.0;
        let name = &host.config().name;
        let expected = self.is_interrupted(name).await;
        let (sample, counters) = vitals::sample(host, http, before, clock.now()).await;
        self.keep(host, &sample).await;
        let Some(listener) = listener else { return counters };
        // What an act interrupts is no alert; what is still bad when it has ended is judged anew.
        if expected || self.is_interrupted(name).await {
            listener.let_pass();
            return counters;
        }
        for turn in listener.hear(&sample, thresholds) {
            let kept = match &turn {
                Turn::Begins(series, seen) => {
                    tracing::warn!(
                        host = name,
                        vital = series.vital.name(),
                        subject = series.subject,
                        "an alert begins"
                    );
                    let threshold = thresholds.0.get(&series.vital).map(ToString::to_string).unwrap_or_default();
                    store.begin_alert(name, series, sample.at, seen, &threshold).await
                }
                Turn::Ends(series) => {
                    tracing::info!(host = name, vital = series.vital.name(), subject = series.subject, "an alert ends");
                    store.end_alert(name, series, sample.at).await
                }
            };
            if let Err(error) = kept {
                tracing::error!(%error, "an alert could not be kept");
                listener.unhear(&turn);
            }
            self.tell_of_alerts_again();
        }
        counters
    }

    /// Whether an act that interrupts something began on `host` a while ago at most, and runs still. Where that cannot be
    /// read nothing is kept quiet.
    async fn is_interrupted(&self, host: &str) -> bool {
        let running = self.0.store.running_on(host).await.unwrap_or_else(|error| {
            tracing::error!(%error, host, "whether an act runs cannot be read");
            None
        });
        running.is_some_and(|act| {
            let steps = self.commands().actions.get(&act.action).map(|action| &action.steps);
            let interrupts = steps.is_none_or(|steps| steps.iter().any(Step::interrupts));
            interrupts && self.0.clock.now() - act.begun_at < INTERRUPTION
        })
    }

    /// Lets it be looked what has to be told of alerts.
    pub fn tell_of_alerts_again(&self) {
        self.0.alerts.notify_one();
        self.0.hooked.notify_one();
    }

    /// Comes when there is something to be posted of an alert.
    pub async fn alerted(&self) {
        self.0.alerts.notified().await;
    }

    /// Comes when the webhook has something to hear of an alert.
    pub async fn alerted_by_hook(&self) {
        self.0.hooked.notified().await;
    }

    /// Tells in the channel what has to be told of alerts. What does not get through is tried again the next time.
    pub async fn tell_alerts(&self, board: &impl Board) {
        for alert in self.untold_alerts().await {
            if let Err(error) = self.post_alert(&alert, board).await {
                tracing::error!(%error, alert = alert.id.0, "what was told of an alert could not be kept");
            }
        }
    }

    /// The same by the webhook.
    pub async fn send_alerts(&self) {
        for alert in self.untold_alerts().await {
            if let Err(error) = self.send_alert(&alert).await {
                tracing::error!(%error, alert = alert.id.0, "what was told of an alert could not be kept");
            }
        }
    }

    async fn untold_alerts(&self) -> Vec<KeptAlert> {
        self.0.store.untold_alerts().await.unwrap_or_else(|error| {
            tracing::error!(%error, "the alerts that must be told cannot be read");
            Vec::new()
        })
    }

    /// Posts what is to be said of `alert`, unless it stands there already: killed after it was posted, before that was
    /// written down, the nonce is forgotten within minutes. Where Discord cannot say that now, it is asked again for a while.
    async fn post_once(
        &self,
        alert: &KeptAlert,
        at: (u64, DateTime<Utc>),
        ping: &Ping,
        nonce: &str,
        board: &impl Board,
    ) -> Result<MessagePlace, ChatError> {
        let until = Instant::now() + PATIENCE;
        // What began it stands above what ends it.
        let unknown = |posted: &Posted| alert.place.is_none_or(|known| posted.place.message > known.message);
        let is_it = |posted: &Posted| posted.foot == alert.id.mark() && unknown(posted);
        loop {
            match self.look_for(at.0, at.1, board, is_it).await {
                Seen::There(place) => return Ok(place),
                Seen::NotThere => return board.post(at.0, &self.alert_view(alert).await, ping, nonce).await,
                Seen::Unknown if Instant::now() < until => sleep(PAUSE).await,
                Seen::Unknown => {
                    return Err(ChatError {
                        what: "the channel cannot be read".to_owned(),
                        says: Message::new("chat-no-answer"),
                        permanent: false,
                    });
                }
            }
        }
    }

    async fn post_alert(&self, alert: &KeptAlert, board: &impl Board) -> Result<(), StoreError> {
        let Parts { store, config, clock, .. } = &*self.0;
        let channel = config.sampling.as_ref().and_then(|sampling| sampling.channel);
        let muted = alert.muted_until.is_some_and(|until| until > clock.now());
        if alert.owed.beginning {
            let Some(channel) = channel else {
                return store.alert_told(alert.id, AlertTold::Beginning, None).await;
            };
            // Muted while it goes on: it is posted when the silence ends, if it goes on then.
            if muted {
                if alert.ended_at.is_some() {
                    store.alert_told(alert.id, AlertTold::Beginning, None).await?;
                    store.alert_told(alert.id, AlertTold::End, None).await?;
                }
                return Ok(());
            }
            let roles = config.sampling.as_ref().map(|sampling| sampling.ping.clone()).unwrap_or_default();
            let people = match config.sampling.as_ref().and_then(|sampling| sampling.on_duty.as_ref()) {
                Some(checklist) => self.assignees(checklist, &alert.host).await,
                None => Vec::new(),
            };
            let ping = Ping { roles, people, quiet: false };
            let nonce = format!("alert-{}", alert.id.0);
            match self.post_once(alert, (channel, alert.begun_at), &ping, &nonce, board).await {
                Ok(place) => {
                    store.alert_told(alert.id, AlertTold::Beginning, Some(place)).await?;
                    // It began and ended while nobody could be told: one message says both.
                    if alert.owed.end {
                        store.alert_told(alert.id, AlertTold::End, None).await?;
                    }
                    return Ok(());
                }
                Err(error) => {
                    tracing::error!(%error, alert = alert.id.0, "an alert could not be posted");
                    return self.give_up(alert, &error).await;
                }
            }
        }
        if !alert.owed.end {
            return Ok(());
        }
        let view = self.alert_view(alert).await;
        if let Some(place) = alert.place {
            if let Err(error) = board.edit(place, &view).await {
                tracing::error!(%error, alert = alert.id.0, "an alert that is over still says that it goes on");
                if !error.permanent {
                    return Ok(());
                }
            }
            if let (Some(channel), false) = (channel, muted) {
                let (nonce, ended) = (format!("alert-{}-end", alert.id.0), alert.ended_at.unwrap_or(alert.begun_at));
                if let Err(error) = self.post_once(alert, (channel, ended), &Ping::default(), &nonce, board).await {
                    tracing::error!(%error, alert = alert.id.0, "that an alert is over could not be posted");
                    if !error.permanent {
                        return Ok(());
                    }
                    self.log(format!("alert-end-refused-{}", alert.id.0), self.alert_refused(alert, &error)).await?;
                }
            }
        }
        store.alert_told(alert.id, AlertTold::End, None).await
    }

    /// A channel that is gone, or refuses for good, is not asked again and again: the log channel has it.
    async fn give_up(&self, alert: &KeptAlert, error: &ChatError) -> Result<(), StoreError> {
        if error.permanent {
            self.0.store.alert_told(alert.id, AlertTold::Beginning, None).await?;
            self.log(format!("alert-refused-{}", alert.id.0), self.alert_refused(alert, error)).await?;
        }
        Ok(())
    }

    fn alert_refused(&self, alert: &KeptAlert, error: &ChatError) -> Message {
        Message::new("log-alert-refused")
            .with("host", self.0.config.hosts.get(&alert.host).map(|host| host.title.clone()).unwrap_or_default())
            .with("cause", error.says.clone())
    }

    async fn send_alert(&self, alert: &KeptAlert) -> Result<(), StoreError> {
        let Parts { store, config, webhook, .. } = &*self.0;
        let language = config.language;
        for (owed, ended, told) in
            [(alert.owed.hook, false, AlertTold::Hook), (alert.owed.hook_end, true, AlertTold::HookEnd)]
        {
            if !owed {
                continue;
            }
            if let Some(webhook) = webhook {
                let said = KeptAlert { ended_at: alert.ended_at.filter(|_| ended), ..alert.clone() };
                let host = config.hosts.get(&alert.host).map(|host| host.title.clone()).unwrap_or_default();
                let body = json!({
                    "text": alert_card::title(&said, &host, language),
                    "alert": alert.id.0,
                    "state": if ended { "ended" } else { "begun" },
                    "host": alert.host,
                    "vital": alert.series.vital.name(),
                    "subject": alert.series.subject,
                    "values": alert.seen,
                    "threshold": alert.threshold,
                    "begun_at": alert.begun_at,
                    "ended_at": said.ended_at,
                });
                if let Err(error) = webhook.tell(&body).await {
                    tracing::error!(%error, alert = alert.id.0, "the webhook did not hear of an alert");
                    return Ok(());
                }
            }
            store.alert_told(alert.id, told, None).await?;
        }
        Ok(())
    }

    /// Answers the button: nobody hears of what `alert` is about for so many hours.
    ///
    /// # Errors
    /// [`ChatError`] when not even the first answer got through.
    pub async fn answer_mute(
        &self,
        alert: AlertId,
        hours: u32,
        chat: &impl Chat,
        board: &impl Board,
    ) -> Result<(), ChatError> {
        let person = chat.person();
        if let Err(refusal) = self.may_run(person, "monitoring") {
            return chat.whisper(&View::Told(refusal.message(), refusal.hint())).await;
        }
        let now = self.0.clock.now();
        let until = now + TimeDelta::hours(i64::from(hours));
        let muted = async {
            self.0.store.mute(alert, &who(person), now, until).await?;
            self.0.store.alert(alert).await
        };
        match muted.await {
            Ok(Some(kept)) => {
                tracing::info!(person = person.id, alert = alert.0, hours, "muted");
                let told = Message::new("alert-muted").with("until", format!("<t:{}:f>", until.timestamp()));
                chat.whisper(&View::Told(told, None)).await?;
                if let Some(place) = kept.place
                    && let Err(error) = board.edit(place, &self.alert_view(&kept).await).await
                {
                    tracing::warn!(%error, alert = alert.0, "an alert does not say that it is muted");
                }
                Ok(())
            }
            Ok(None) => chat.whisper(&View::Told(Message::new("button-dead"), None)).await,
            Err(error) => chat.whisper(&View::Told(error.message(), error.hint())).await,
        }
    }

    async fn alert_view(&self, alert: &KeptAlert) -> View {
        let title = self.0.config.hosts.get(&alert.host).map(|host| host.title.clone()).unwrap_or_default();
        let runbook = self.offers_runbook(alert).await;
        View::Alert { alert: Arc::new(alert.clone()), host_title: title, runbook, now: self.0.clock.now() }
    }
}
