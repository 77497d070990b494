//! Reads that many resolvers leave to be done together, and the loop that does them.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use tokio::task::unconstrained;

/// Work that is done once an execution can't go on without it. Cheap to clone.
///
/// A task of its own would begin the work on another thread while resolvers still ask for more, and would do it in many small
/// parts.
#[derive(Clone, Default)]
pub(crate) struct Batch(Arc<Mutex<Vec<BoxFuture<'static, ()>>>>);

impl Batch {
    /// Leaves work to be done later.
    pub(crate) fn leave(&self, work: BoxFuture<'static, ()>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(work);
    }

    fn take(&self) -> Vec<BoxFuture<'static, ()>> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Runs an execution until all of its resolvers wait, then does all the work that it has left, and repeats this until it is
    /// done.
    pub(crate) async fn alongside<E: Future>(&self, execution: E) -> E::Output {
        // `unconstrained`, because tokio's budget would stop the execution in the middle of its resolvers, before all of them
        // wait.
        let mut execution = pin!(unconstrained(execution));
        let mut running = FuturesUnordered::new();
        poll_fn(|context| {
            loop {
                // The execution is polled also while work is running: a statement of its own may be ahead of the work in the
                // database.
                if let Poll::Ready(output) = poll_to_rest(execution.as_mut(), context) {
                    // Nobody waits for the work that is left.
                    drop(self.take());
                    return Poll::Ready(output);
                }
                // New work waits until all running work is done. Then all that depends on the running work has been asked for,
                // and is read together.
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

/// How often an execution may wake itself before other tasks have their turn.
const BREATHS: usize = 1_000;

/// Polls the execution until nothing in it can go on. A future that has woken itself can go on at once, so it is polled again.
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
    // The execution has already woken its task, which therefore polls it again later.
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
