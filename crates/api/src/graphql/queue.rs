//! Queues: some at a time of what one user, or one session, asks for.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How many queues are kept before the empty ones are dropped.
const QUEUES: usize = 1_000;

/// A queue for each key.
pub(crate) struct Queues<Key> {
    /// How many at once.
    slots: usize,
    queues: Mutex<HashMap<Key, Weak<Queue>>>,
}

struct Queue {
    slots: Arc<Semaphore>,
    /// How many at once.
    at_once: usize,
    /// How many there are, those that have a slot and others.
    all: AtomicUsize,
}

/// One in a queue.
pub(crate) struct Queued(Arc<Queue>);

impl Queued {
    /// How often all slots must become free before it is this one's turn, if it came last.
    pub(crate) fn rounds(&self) -> u32 {
        let ahead = self.0.all.load(Ordering::Relaxed).saturating_sub(1);
        u32::try_from(ahead / self.0.at_once).unwrap_or(u32::MAX)
    }

    /// Waits for a slot.
    pub(crate) async fn slot(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.0.slots).acquire_owned().await.ok()
    }
}

impl Drop for Queued {
    fn drop(&mut self) {
        self.0.all.fetch_sub(1, Ordering::Relaxed);
    }
}

impl<Key: Eq + Hash> Queues<Key> {
    /// Queues that let so many through at once.
    pub(crate) fn of(slots: usize) -> Self {
        Self { slots, queues: Mutex::default() }
    }

    /// Joins the queue of that key.
    pub(crate) fn join(&self, of: Key) -> Queued {
        let mut queues = self.queues.lock().unwrap_or_else(PoisonError::into_inner);
        if queues.len() >= QUEUES {
            queues.retain(|_, queue| queue.strong_count() > 0);
        }
        let known = queues.get(&of).and_then(Weak::upgrade);
        // Those who stand in the queue keep it alive; an empty queue is dropped.
        let queue = known.unwrap_or_else(|| {
            let slots = Arc::new(Semaphore::new(self.slots));
            let queue = Arc::new(Queue { slots, at_once: self.slots.max(1), all: AtomicUsize::new(0) });
            queues.insert(of, Arc::downgrade(&queue));
            queue
        });
        queue.all.fetch_add(1, Ordering::Relaxed);
        Queued(queue)
    }
}
