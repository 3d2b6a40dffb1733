//! Something that costs an attempt to get and is then kept: a connection, a negotiated client. All who ask while an
//! attempt is under way share it, and an attempt goes on when those who asked for it go away.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::FutureExt;
use futures::future::{BoxFuture, Shared};
use tokio::time::Instant;

use super::HostError;

/// For how long after an attempt failed its error is the answer to all who ask. A dozen probes that find a host gone
/// cost it one login, not a dozen: a host that counts failed logins would lock the bot out.
const HOLD_FAILURE: Duration = Duration::from_millis(300);

type Attempt<T> = Shared<BoxFuture<'static, Result<T, HostError>>>;

/// A value that is got when it is first needed, and kept. Cheap to clone; clones share the value.
pub(super) struct Kept<T> {
    state: Arc<Mutex<State<T>>>,
}

struct State<T> {
    now: Now<T>,
    /// Counts what was begun or forgotten, so that an attempt that was forgotten meanwhile cannot put its result here.
    turn: u64,
}

enum Now<T> {
    Nothing,
    Trying(Attempt<T>),
    Got(T),
    Failed { error: HostError, at: Instant },
}

impl<T> Clone for Kept<T> {
    fn clone(&self) -> Self {
        Self { state: Arc::clone(&self.state) }
    }
}

impl<T: Clone + Send + Sync + 'static> Kept<T> {
    /// Nothing yet.
    pub(super) fn nothing() -> Self {
        Self { state: Arc::new(Mutex::new(State { now: Now::Nothing, turn: 0 })) }
    }

    /// The value, if it is `good`; otherwise a new one by `get`, or what the attempt under way gives. Tells besides
    /// whether the value was there already.
    ///
    /// # Errors
    /// What the attempt failed with.
    pub(super) async fn get<F>(
        &self,
        good: impl FnOnce(&T) -> bool,
        get: impl FnOnce() -> F,
    ) -> Result<(T, bool), HostError>
    where
        F: Future<Output = Result<T, HostError>> + Send + 'static,
    {
        let attempt = {
            let mut state = self.lock();
            match &state.now {
                Now::Got(value) if good(value) => return Ok((value.clone(), true)),
                Now::Failed { error, at } if at.elapsed() < HOLD_FAILURE => return Err(error.clone()),
                Now::Trying(attempt) => attempt.clone(),
                Now::Nothing | Now::Got(_) | Now::Failed { .. } => self.begin(&mut state, get()),
            }
        };
        attempt.await.map(|value| (value, false))
    }

    /// Forgets the value, if it is still the one that `is_it` knows.
    pub(super) fn forget_if(&self, is_it: impl FnOnce(&T) -> bool) {
        let mut state = self.lock();
        if matches!(&state.now, Now::Got(value) if is_it(value)) {
            state.forget();
        }
    }

    /// Forgets whatever there is, and gives back the value, where there was one.
    pub(super) fn forget(&self) -> Option<T> {
        match self.lock().forget() {
            Now::Got(value) => Some(value),
            Now::Nothing | Now::Trying(_) | Now::Failed { .. } => None,
        }
    }

    fn begin<F>(&self, state: &mut State<T>, get: F) -> Attempt<T>
    where
        F: Future<Output = Result<T, HostError>> + Send + 'static,
    {
        state.turn += 1;
        let turn = state.turn;
        let kept = self.clone();
        // A task of its own: the first who asked may go away while others wait.
        let task = tokio::spawn(async move {
            let result = get.await;
            let mut state = kept.lock();
            if state.turn == turn {
                state.now = match &result {
                    Ok(value) => Now::Got(value.clone()),
                    Err(error) => Now::Failed { error: error.clone(), at: Instant::now() },
                };
            }
            drop(state);
            result
        });
        let stopped = |error: tokio::task::JoinError| Err(HostError::Stopped { cause: error.to_string() });
        let attempt = task.map(move |joined| joined.unwrap_or_else(stopped)).boxed().shared();
        state.now = Now::Trying(attempt.clone());
        attempt
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        // Nothing is done under the lock that could leave it half done.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> State<T> {
    fn forget(&mut self) -> Now<T> {
        self.turn += 1;
        std::mem::replace(&mut self.now, Now::Nothing)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    struct Counting {
        kept: Kept<u32>,
        attempts: Arc<AtomicU32>,
    }

    impl Counting {
        fn new() -> Self {
            Self { kept: Kept::nothing(), attempts: Arc::default() }
        }

        /// Gets the number of the attempt; attempts fail while that is at most `failing`.
        async fn get(&self, failing: u32) -> Result<(u32, bool), HostError> {
            let attempts = Arc::clone(&self.attempts);
            let attempt = || async move {
                tokio::time::sleep(Duration::from_millis(50)).await;
                let number = attempts.fetch_add(1, Ordering::Relaxed) + 1;
                if number <= failing { Err(HostError::AgentEmpty) } else { Ok(number) }
            };
            self.kept.get(|_| true, attempt).await
        }
    }

    #[tokio::test]
    async fn all_who_ask_at_once_share_one_attempt() {
        let counting = Counting::new();
        let all = futures::future::join_all((0..20).map(|_| counting.get(0))).await;
        assert!(all.iter().all(|one| matches!(one, Ok((1, false)))), "{all:?}");
        assert!(matches!(counting.get(0).await, Ok((1, true))));
    }

    #[tokio::test]
    async fn a_failure_is_shared_for_a_moment_and_then_tried_again() {
        let counting = Counting::new();
        let all = futures::future::join_all((0..20).map(|_| counting.get(1))).await;
        assert!(all.iter().all(Result::is_err));
        assert!(counting.get(1).await.is_err());
        assert_eq!(counting.attempts.load(Ordering::Relaxed), 1);
        tokio::time::sleep(HOLD_FAILURE).await;
        assert!(matches!(counting.get(1).await, Ok((2, false))));
    }

    #[tokio::test]
    async fn an_attempt_outlives_the_one_who_asked_for_it() {
        let counting = Counting::new();
        let first = tokio::time::timeout(Duration::from_millis(10), counting.get(0)).await;
        assert!(first.is_err());
        assert!(matches!(counting.get(0).await, Ok((1, false))));
    }

    #[tokio::test]
    async fn an_attempt_that_was_forgotten_leaves_nothing_behind() {
        let counting = Counting::new();
        assert!(tokio::time::timeout(Duration::from_millis(10), counting.get(0)).await.is_err());
        assert_eq!(counting.kept.forget(), None);
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert_eq!(counting.attempts.load(Ordering::Relaxed), 1);
        assert!(matches!(counting.get(0).await, Ok((2, false))));
        counting.kept.forget_if(|value| *value == 1);
        assert!(matches!(counting.get(0).await, Ok((2, true))));
        assert_eq!(counting.kept.forget(), Some(2));
    }
}
