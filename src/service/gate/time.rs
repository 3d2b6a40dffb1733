//! What the clock does to requests.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{sleep, timeout};

use super::super::{Board, Service};
use crate::domain::approval::{Event, Needed, RequestId};
use std::collections::BTreeSet;

/// How often the clock is looked at. What is asked of the database is two indexes that are all but empty.
const TICK: Duration = Duration::from_secs(1);
/// How often the messages are tried again that lag behind.
const RETELL: u32 = 20;

impl Service {
    /// Ends what nobody decided on in time, shows when a waiting time is over, and brings messages up to date; until it is
    /// dropped. First of all it looks for what an earlier life of the bot began.
    pub async fn keep_gate<B: Board>(&self, board: &Arc<B>) {
        self.supersede_left(&**board).await;
        let mut ready = BTreeSet::new();
        for tick in 0_u32.. {
            self.pass_time(&mut ready, &**board).await;
            if tick.is_multiple_of(RETELL) {
                // Somebody at a terminal may have taken one back.
                self.trust_approved_keys().await;
                self.find_left(board).await;
                self.tell_requests(&**board).await;
            }
            // Whatever changes is told by whoever changed it; this is for what lags behind.
            let _ = timeout(TICK, self.0.gate.changed.notified()).await;
        }
    }

    async fn pass_time(&self, ready: &mut BTreeSet<RequestId>, board: &impl Board) {
        let waiting = match self.0.store.waiting_requests().await {
            Ok(waiting) => waiting,
            Err(error) => {
                tracing::error!(%error, "the requests that wait cannot be read");
                return sleep(TICK).await;
            }
        };
        let now = self.0.clock.now();
        ready.retain(|id| waiting.iter().any(|kept| kept.id == *id));
        for kept in waiting {
            if now >= kept.asked.terms.expires_at {
                self.end_waiting(kept, Event::Expire, None, board).await;
            } else if let Needed::BreakGlass { from } = kept.asked.terms.needed
                && now >= from
                && ready.insert(kept.id)
            {
                // Its button comes alive.
                self.tell_request(kept.id, board).await;
            }
        }
    }
}
