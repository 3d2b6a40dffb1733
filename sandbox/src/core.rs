//! The world with its surroundings: the lock around it, who waits for changes, and what is noted about requests.

use std::sync::atomic::AtomicUsize;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

use crate::clock::Clock;
use crate::faults::FaultPlan;
use crate::journal::Journal;
use crate::judge::Judge;
use crate::limiter::Limiter;
use crate::world::World;

/// Shared by the REST server, the gateway and the test API.
#[derive(Debug)]
pub(crate) struct Core {
    pub(crate) clock: Clock,
    world: Mutex<World>,
    changes: watch::Sender<u64>,
    pub(crate) limiter: Mutex<Limiter>,
    pub(crate) faults: Mutex<FaultPlan>,
    /// How many requests a fault has made wait.
    pub(crate) held: AtomicUsize,
    pub(crate) journal: Journal,
    pub(crate) judge: Judge,
    pub(crate) heartbeat_ms: u64,
    /// Where the gateway listens.
    pub(crate) gateway_url: String,
    /// How long waiting functions wait, in real time.
    pub(crate) patience: Duration,
}

impl Core {
    pub(crate) fn new(
        world: World,
        limiter: Limiter,
        judge: Judge,
        heartbeat_ms: u64,
        gateway_url: String,
        patience: Duration,
    ) -> Self {
        Self {
            clock: world.clock.clone(),
            world: Mutex::new(world),
            changes: watch::Sender::new(0),
            limiter: Mutex::new(limiter),
            faults: Mutex::new(FaultPlan::default()),
            held: AtomicUsize::new(0),
            journal: Journal::default(),
            judge,
            heartbeat_ms,
            gateway_url,
            patience,
        }
    }

    /// Looks at the world.
    pub(crate) fn look<T>(&self, look: impl FnOnce(&World) -> T) -> T {
        look(&locked(&self.world))
    }

    /// Changes the world and wakes everybody who waits for something in it.
    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut World) -> T) -> T {
        let outcome = change(&mut locked(&self.world));
        self.nudge();
        outcome
    }

    /// Wakes everybody who waits, after something outside of the world changed (a request was noted).
    pub(crate) fn nudge(&self) {
        self.changes.send_modify(|count| *count += 1);
    }

    /// Ticks whenever something changed, or may have.
    pub(crate) fn ticks(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// Waits until the look finds something, or until patience ends.
    pub(crate) async fn wait<T>(&self, patience: Duration, mut look: impl FnMut() -> Option<T>) -> Option<T> {
        let mut changes = self.changes.subscribe();
        let deadline = tokio::time::Instant::now() + patience;
        loop {
            changes.borrow_and_update();
            if let Some(found) = look() {
                return Some(found);
            }
            if tokio::time::timeout_at(deadline, changes.changed()).await.is_err() {
                return look();
            }
        }
    }
}

/// Locks; a test that panicked with the lock held does not spoil what others see.
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
