//! Reads that many resolvers leave to be done together, and the one who does them.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use tokio::task::unconstrained;

/// What is to be done once an execution can't go on without it. Cheap to clone.
///
/// In a task of its own the work would begin on another thread while resolvers still ask for more, and be done in many small parts.
#[derive(Clone, Default)]
pub(crate) struct Batch(Arc<Mutex<Vec<BoxFuture<'static, ()>>>>);

impl Batch {
    /// Leaves something to be done.
    pub(crate) fn leave(&self, work: BoxFuture<'static, ()>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(work);
    }

    fn take(&self) -> Vec<BoxFuture<'static, ()>> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Runs an execution as far as it gets, then all of the work that it has left, and so on until it is done.
    pub(crate) async fn alongside<E: Future>(&self, execution: E) -> E::Output {
        // Without tokio's budget, which would stop it among its resolvers and not where all of them wait.
        let mut execution = pin!(unconstrained(execution));
        let mut running = FuturesUnordered::new();
        poll_fn(|context| {
            loop {
                // Also while work is under way: what it does itself in the database may stand before the work.
                if let Poll::Ready(output) = poll_to_rest(execution.as_mut(), context) {
                    // Nobody waits for what is left.
                    drop(self.take());
                    return Poll::Ready(output);
                }
                // What is left meanwhile waits for the whole of it, so that all that depends on it is asked for together.
                if running.is_empty() {
                    running.extend(self.take());
                }
                if running.is_empty() {
                    return Poll::Pending;
                }
                while let Poll::Ready(Some(())) = running.poll_next_unpin(context) {}
                if !running.is_empty() {
                    return Poll::Pending;
                }
            }
        })
        .await
    }
}

/// How often an execution may catch its breath before others have their turn.
const BREATHS: usize = 1_000;

/// Polls until nothing in it can go on: a future that wakes itself is only catching its breath.
fn poll_to_rest<E: Future>(mut execution: std::pin::Pin<&mut E>, context: &Context<'_>) -> Poll<E::Output> {
    let breath = Arc::new(Breath { caught: AtomicBool::new(false), outer: context.waker().clone() });
    let waker = Waker::from(Arc::clone(&breath));
    for _ in 0..BREATHS {
        if let Poll::Ready(output) = execution.as_mut().poll(&mut Context::from_waker(&waker)) {
            return Poll::Ready(output);
        }
        if !breath.caught.swap(false, Ordering::AcqRel) {
            return Poll::Pending;
        }
    }
    // It has woken its task already.
    Poll::Pending
}

struct Breath {
    caught: AtomicBool,
    outer: Waker,
}

impl Wake for Breath {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.caught.store(true, Ordering::Release);
        self.outer.wake_by_ref();
    }
}
