//! The model with its surroundings: the lock around it, its clock, its folder, and where its commands are run.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use tokio::sync::watch;

use super::fault::REPLACED;
use super::model::{Model, Network};
use super::pki::Pki;
use super::room::Room;
use crate::clock::Clock;
use crate::core::locked;

/// Shared by everything that tells of the host.
pub(crate) struct Host {
    pub(crate) clock: Clock,
    /// The root of the host's own files.
    pub(crate) root: PathBuf,
    /// What lies beside it: keys, objects of the bucket, the state.
    pub(crate) folder: PathBuf,
    pub(crate) pki: Pki,
    /// The fingerprints of its host keys: of the machine that was there first, and of the one in its place.
    pub(crate) fingerprints: [String; 2],
    /// Where commands are run; none: the machine allows no namespaces.
    room: RwLock<Option<Arc<Room>>>,
    model: Mutex<Model>,
    changes: watch::Sender<u64>,
    /// How many commands are running.
    running: AtomicUsize,
    /// Held by whoever writes the meters.
    pub(crate) meters: Mutex<()>,
}

impl Host {
    pub(crate) fn new(model: Model, clock: Clock, folder: PathBuf, pki: Pki, fingerprints: [String; 2]) -> Self {
        Self {
            clock,
            root: folder.join("root"),
            folder,
            pki,
            fingerprints,
            room: RwLock::new(None),
            model: Mutex::new(model),
            changes: watch::Sender::new(0),
            running: AtomicUsize::new(0),
            meters: Mutex::new(()),
        }
    }

    /// Where commands are run.
    pub(crate) fn room(&self) -> Option<Arc<Room>> {
        self.room.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Commands are run there from now on; those of before end.
    pub(crate) fn set_room(&self, room: Option<Arc<Room>>) {
        *self.room.write().unwrap_or_else(PoisonError::into_inner) = room;
    }

    /// Looks at the model.
    pub(crate) fn look<T>(&self, look: impl FnOnce(&Model) -> T) -> T {
        look(&locked(&self.model))
    }

    /// Changes the model, and tells whoever watches it.
    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut Model) -> T) -> T {
        let outcome = change(&mut locked(&self.model));
        self.changes.send_modify(|count| *count += 1);
        outcome
    }

    /// Counts the meters on to now, which is no change that anybody must hear of.
    pub(crate) fn count(&self) {
        locked(&self.model).count(self.clock.now());
    }

    /// Counts up whenever the model changes.
    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// Waits for as long as the network makes one wait; none: nothing gets through.
    pub(crate) async fn travel(&self) -> Option<()> {
        let now = self.clock.now();
        match self.look(|model| if model.is_up(now) { model.network } else { Network::Cut }) {
            Network::Fine => {}
            Network::Slow(millis) => tokio::time::sleep(std::time::Duration::from_millis(millis)).await,
            Network::Cut => return None,
        }
        Some(())
    }

    /// Whether another machine stands in the place of the first.
    pub(crate) fn is_replaced(&self) -> bool {
        self.look(|model| model.faults.contains_key(REPLACED))
    }

    /// Comes when the machine that was there, which is the first or not, is there no more.
    pub(crate) async fn replaced(&self, was: bool) {
        let mut changes = self.changes();
        while self.is_replaced() == was {
            let _ = changes.changed().await;
        }
    }

    /// Comes when nothing gets through any more.
    pub(crate) async fn gone(&self) {
        let mut changes = self.changes();
        loop {
            let now = self.clock.now();
            if self.look(|model| model.network == Network::Cut || !model.is_up(now)) {
                return;
            }
            // The machine goes down when its time comes, which is no change.
            let _ = tokio::time::timeout(std::time::Duration::from_millis(200), changes.changed()).await;
        }
    }

    /// A command runs for as long as this is held.
    pub(crate) fn run(&self) -> Running<'_> {
        self.running.fetch_add(1, Ordering::SeqCst);
        Running(&self.running)
    }

    /// Whether any command runs.
    pub(crate) fn is_busy(&self) -> bool {
        self.running.load(Ordering::SeqCst) > 0
    }
}

/// A command that runs.
pub(crate) struct Running<'a>(&'a AtomicUsize);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}
