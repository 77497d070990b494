//! What the rest of the program gives the edge. The edge knows nothing of the database, nor of how tokens are made.

use std::collections::HashMap;
use std::ops::Deref;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::BoxFuture;
use pamoja_domain::access::Caller;
use pamoja_domain::device::Device;
use pamoja_domain::id::UserId;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::graphql::queue::{Queued, Queues};
use crate::http::graphql::engine::Engine;
use crate::http::limit;
use crate::http::settings::Settings;

/// How many WebSockets the process holds at once.
const SOCKETS: usize = limit::SOCKETS.allowed;
/// How many WebSockets one user may hold at once.
const SOCKETS_PER_USER: usize = limit::SOCKETS_OF_USER.allowed;
/// How many documents of one user are executed at once. Further ones wait. The database gives its connections to organisations in
/// turn; this keeps one user from the connections of their colleagues.
const EXECUTIONS_PER_USER: usize = limit::EXECUTIONS_OF_USER.allowed;

/// A caller with a valid token.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Admitted {
    /// The caller.
    pub caller: Caller,
    /// How long the token remains valid.
    pub remaining: Duration,
}

type Verify = dyn Fn(&str) -> Option<Admitted> + Send + Sync;
type UntilOver = dyn Fn(Caller) -> BoxFuture<'static, Device> + Send + Sync;
type ExpectedWait = dyn Fn(Caller, bool, u32) -> Duration + Send + Sync;
type Ping = dyn Fn() -> BoxFuture<'static, bool> + Send + Sync;

/// What the edge needs to serve every request. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Edge(Arc<Parts>);

/// The parts of an [`Edge`].
pub(crate) struct Parts {
    /// Executes documents.
    pub engine: Engine,
    /// How requests are served.
    pub settings: Settings,
    /// Everything that a graceful shutdown waits for: connections, executions, sockets.
    pub tasks: TaskTracker,
    /// Cancelled when the process begins to shut down.
    pub closing: CancellationToken,
    verify: Box<Verify>,
    until_over: Box<UntilOver>,
    expected_wait: Box<ExpectedWait>,
    ping: Box<Ping>,
    sockets: Arc<Semaphore>,
    sockets_of: Arc<Mutex<HashMap<UserId, usize>>>,
    executions: Queues<UserId>,
}

impl Edge {
    /// `verify` returns the caller of an access token, or nothing when the token isn't valid. `until_over` waits until a caller's session is
    /// over. `expected_wait` says how long a document of that caller, which counts an organisation's records or doesn't, would wait for the
    /// database if its user's slots must become free so many times before. `ping` says whether the database answers.
    pub(crate) fn new(
        engine: Engine,
        settings: Settings,
        verify: impl Fn(&str) -> Option<Admitted> + Send + Sync + 'static,
        until_over: impl Fn(Caller) -> BoxFuture<'static, Device> + Send + Sync + 'static,
        expected_wait: impl Fn(Caller, bool, u32) -> Duration + Send + Sync + 'static,
        ping: impl Fn() -> BoxFuture<'static, bool> + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(Parts {
            engine,
            settings,
            tasks: TaskTracker::new(),
            closing: CancellationToken::new(),
            verify: Box::new(verify),
            until_over: Box::new(until_over),
            expected_wait: Box::new(expected_wait),
            ping: Box::new(ping),
            sockets: Arc::new(Semaphore::new(SOCKETS)),
            sockets_of: Arc::default(),
            executions: Queues::of(EXECUTIONS_PER_USER),
        }))
    }
}

impl Deref for Edge {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl Parts {
    /// The caller of that access token, or nothing when the token isn't valid.
    pub(crate) fn verify(&self, token: &str) -> Option<Admitted> {
        (self.verify)(token)
    }

    /// Waits until the caller's session is over; says on which kind of device it was.
    pub(crate) fn until_over(&self, caller: Caller) -> BoxFuture<'static, Device> {
        (self.until_over)(caller)
    }

    /// Whether the database answers.
    pub(crate) async fn ping(&self) -> bool {
        (self.ping)().await
    }

    /// Puts one more document of that caller into their queue; nothing if it would wait too long there, or for the database. `counts` says
    /// whether it counts an organisation's records.
    pub(crate) fn queued(&self, caller: Caller, counts: bool) -> Option<Queued> {
        let queued = self.executions.join(caller.user);
        ((self.expected_wait)(caller, counts, queued.rounds()) <= self.settings.wait).then_some(queued)
    }

    /// A slot for one more WebSocket in this process, if one is free.
    pub(crate) fn socket_slot(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.sockets).try_acquire_owned().ok()
    }

    /// A slot for one more WebSocket of that user, if one is free.
    pub(crate) fn socket_slot_of(&self, user: UserId) -> Option<UserSlot> {
        let mut counts = self.sockets_of.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(user).or_insert(0);
        if *count >= SOCKETS_PER_USER {
            return None;
        }
        *count += 1;
        Some(UserSlot { user, counts: Arc::clone(&self.sockets_of) })
    }
}

/// A user's slot for one WebSocket; dropping it frees the slot.
pub(crate) struct UserSlot {
    user: UserId,
    counts: Arc<Mutex<HashMap<UserId, usize>>>,
}

impl Drop for UserSlot {
    fn drop(&mut self) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.user) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.user);
            }
        }
    }
}
