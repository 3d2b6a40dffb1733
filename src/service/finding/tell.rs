//! Who hears of findings: the owner of an urgent one, and the team's issue tracker. What is owed is kept with the step that
//! owes it; what does not get through is tried again.

use chrono::TimeDelta;
use serde_json::{Value as Json, json};

use super::FindingView;
use crate::domain::finding::{Change, Finding, Step};
use crate::service::duty::Seen;
use crate::service::{Board, Ping, Posted, Service, View};
use crate::store::{OwedHook, OwedPing};

/// The pause before the tracker is asked again: each time twice as long, and never longer than an hour.
const FIRST_PAUSE: TimeDelta = TimeDelta::seconds(5);
const LONGEST_PAUSE: TimeDelta = TimeDelta::hours(1);

impl Service {
    /// Tells what has to be told of findings, in channels and to the issue tracker.
    pub async fn tell_of_signing(&self, board: &impl Board) {
        self.tell_findings(board).await;
        self.send_findings().await;
    }

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
        let seen = if moot { Seen::NotThere } else { self.look_for(finding.filed.channel, board, is_it).await };
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
                    None
                }
            }
        };
        if let Err(error) = self.0.store.pinged(finding.id, owed.step, place).await {
            tracing::error!(%error, finding = %finding.id, "that somebody was pinged could not be kept");
        }
    }

    /// Sends the tracker what it has not accepted yet. Each step carries a key that stays the same, so that a tracker that
    /// accepted one whose answer was lost can know it again.
    pub async fn send_findings(&self) {
        let Some(tracker) = &self.0.tracker else { return };
        let now = self.0.clock.now();
        let owed = match self.0.store.owed_hooks(now).await {
            Ok(owed) => owed,
            Err(error) => {
                tracing::error!(%error, "what the issue tracker must hear cannot be read");
                return;
            }
        };
        for hook in owed {
            let key = format!("finding-{}-{}", hook.finding.id.0, hook.step);
            let again = match tracker.tell_once(&self.said_to_tracker(&hook), &key).await {
                Ok(()) => {
                    tracing::info!(finding = %hook.finding.id, step = hook.step, "the issue tracker accepted");
                    None
                }
                Err(error) => {
                    tracing::error!(%error, finding = %hook.finding.id, tries = hook.tries, "the issue tracker did not accept");
                    let doubled = i32::try_from(hook.tries.clamp(0, 10)).map_or(1, |tries| 1 << tries);
                    Some(now + (FIRST_PAUSE * doubled).min(LONGEST_PAUSE))
                }
            };
            // A kill before this is kept sends it once more, under the same key.
            if let Err(error) = self.0.store.hook_told(hook.finding.id, hook.step, again).await {
                tracing::error!(%error, finding = %hook.finding.id, "what the issue tracker said could not be kept");
            }
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
