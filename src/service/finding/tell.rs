//! Who hears of findings: the owner of an urgent one, and the team's issue tracker. What is owed is kept with the step that
//! owes it; what does not get through is tried again.

use chrono::TimeDelta;
use futures::StreamExt;
use serde_json::{Value as Json, json};

use super::FindingView;
use crate::domain::finding::{Change, Finding, Step};
use crate::domain::message::Message;
use crate::service::duty::Seen;
use crate::service::{Board, Ping, Posted, Service, View};
use crate::store::{OwedHook, OwedPing};
use crate::webhook::Webhook;

/// The pause before the tracker is asked again: each time twice as long, and never longer than an hour.
const FIRST_PAUSE: TimeDelta = TimeDelta::seconds(5);
const LONGEST_PAUSE: TimeDelta = TimeDelta::hours(1);

/// So many findings are told to the tracker at a time.
const AT_ONCE: usize = 4;

impl Service {
    /// Pings the owners of urgent findings who were not pinged yet, each once.
    pub async fn tell_findings(&self, board: &impl Board) {
        let owed = match self.0.store.owed_pings().await {
            Ok(owed) => owed,
            Err(error) => {
                tracing::error!(%error, "who must hear of findings cannot be read");
                return;
            }
        };
        for ping in owed {
            self.ping_owner(&ping, board).await;
        }
    }

    async fn ping_owner(&self, owed: &OwedPing, board: &impl Board) {
        let finding = &owed.finding;
        // Closed or handed on before anybody could hear: there is nothing to be woken for.
        let moot = finding.stand.closed.is_some() || finding.stand.owner.id != owed.person;
        // Killed after it was posted, before that was written down: the nonce is forgotten within minutes. What was posted
        // of an earlier step is known.
        let id = finding.id.to_string();
        let unknown = |posted: &Posted| finding.place.is_none_or(|known| posted.place.message > known.message);
        let is_it = |posted: &Posted| posted.foot == id && unknown(posted);
        let step = usize::try_from(owed.step - 1).ok().and_then(|index| finding.steps.get(index));
        let since = step.map_or(finding.filed.at, |step| step.at);
        let seen = if moot { Seen::NotThere } else { self.look_for(finding.filed.channel, since, board, is_it).await };
        let place = if moot {
            None
        } else if let Seen::There(place) = seen {
            Some(place)
        } else if matches!(seen, Seen::Unknown) {
            return;
        } else {
            // Who left the server cannot be pinged: the message stands there all the same, and says so.
            let gone = matches!(board.member(owed.person).await, Ok(None));
            let ping = if gone { Ping::default() } else { Ping { people: vec![owed.person], ..Ping::default() } };
            let view = FindingView::Posted { finding: finding.clone().into(), today: self.today(), gone };
            let nonce = format!("finding-{}-{}", finding.id.0, owed.step);
            match board.post(finding.filed.channel, &View::Finding(view), &ping, &nonce).await {
                Ok(place) => Some(place),
                Err(error) => {
                    tracing::error!(%error, finding = %finding.id, "who has something urgent could not be pinged");
                    if !error.permanent {
                        return;
                    }
                    let says = Message::new("log-finding-refused")
                        .with("finding", finding.id.to_string())
                        .with("title", finding.filed.source.title.clone())
                        .with("who", format!("<@{}>", owed.person))
                        .with("cause", error.says);
                    if let Err(error) = self.log(format!("finding-refused-{}-{}", finding.id.0, owed.step), says).await
                    {
                        tracing::error!(%error, finding = %finding.id, "that somebody was not pinged could not be told");
                    }
                    None
                }
            }
        };
        if let Err(error) = self.0.store.pinged(finding.id, owed.step, place).await {
            tracing::error!(%error, finding = %finding.id, "that somebody was pinged could not be kept");
        }
    }

    /// Comes when the issue tracker has something to hear.
    pub async fn filed(&self) {
        self.0.filed.notified().await;
    }

    /// Sends the tracker what it has not accepted yet, of some findings at a time: one that is slow keeps nobody waiting but
    /// those who wait for the tracker. Each step carries a key that stays the same, so that a tracker that accepted one whose
    /// answer was lost can know it again.
    pub async fn send_findings(&self) {
        let Some(tracker) = &self.0.tracker else { return };
        // Whoever sends does so alone: nobody hears a step twice.
        let _alone = self.0.sending.lock().await;
        match self.0.store.owed_hooks(self.0.clock.now()).await {
            Ok(owed) => {
                futures::stream::iter(owed).for_each_concurrent(AT_ONCE, |hook| self.send(tracker, hook)).await;
            }
            Err(error) => tracing::error!(%error, "what the issue tracker must hear cannot be read"),
        }
    }

    async fn send(&self, tracker: &Webhook, hook: OwedHook) {
        let key = format!("finding-{}-{}", hook.finding.id.0, hook.step);
        let again = match tracker.tell_once(&self.said_to_tracker(&hook), &key).await {
            Ok(()) => {
                tracing::info!(finding = %hook.finding.id, step = hook.step, "the issue tracker accepted");
                None
            }
            Err(error) => {
                tracing::error!(%error, finding = %hook.finding.id, tries = hook.tries, "the issue tracker did not accept");
                let doubled = i32::try_from(hook.tries.clamp(0, 10)).map_or(1, |tries| 1 << tries);
                Some(self.0.clock.now() + (FIRST_PAUSE * doubled).min(LONGEST_PAUSE))
            }
        };
        // A kill before this is kept sends it once more, under the same key.
        if let Err(error) = self.0.store.hook_told(hook.finding.id, hook.step, again).await {
            tracing::error!(%error, finding = %hook.finding.id, "what the issue tracker said could not be kept");
        }
    }

    fn said_to_tracker(&self, hook: &OwedHook) -> Json {
        let Finding { id, filed, steps, stand, .. } = &hook.finding;
        let step = usize::try_from(hook.step - 1).ok().and_then(|index| steps.get(index));
        let (event, by, at, text) = match step {
            Some(Step { change, by, at }) => {
                let text = match change {
                    Change::Said(words) | Change::Closed(words) | Change::Reopened(words) => Some(words.as_str()),
                    Change::Urgency(_) | Change::Owner(_) | Change::Due(_) => None,
                };
                (change.name(), by, at, text)
            }
            None => ("filed", &filed.by, &filed.at, None),
        };
        let language = self.config().language;
        json!({
            "finding": id.to_string(),
            "event": event,
            "by": by.name,
            "at": at,
            "text": text,
            "command": filed.source.command,
            "host": filed.source.host,
            "check": filed.source.check,
            "title": filed.source.title.get(language),
            "grade": filed.source.grade,
            "run": filed.source.run.0,
            "message": filed.message.as_str(),
            "urgency": stand.urgency.name(),
            "owner": stand.owner.name,
            "due": stand.due,
            "closed": stand.closed.as_ref().map(crate::domain::words::Words::as_str),
        })
    }
}
