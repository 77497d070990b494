//! The scope of a request: who asks, one snapshot for all reads, and the only way to change something.

use std::sync::{Arc, PoisonError};

use async_graphql::{Context, Result};
use pamoja_domain::access::{Caller, Permission, Permit};
use pamoja_domain::refusal::{Refusal, UserErrorCode};
use pamoja_persistence::database::Body;
use pamoja_persistence::error::StoreError;
use pamoja_persistence::places::Effort;
use pamoja_persistence::transaction::TenantTx;
use tokio::sync::Mutex;

use crate::graphql::batch::Batch;
use crate::graphql::error::{Failure, Fault};
use crate::graphql::reading::Reading;
use crate::graphql::session_activity::Initiative;
use crate::graphql::state::State;

/// The answer of a nullable field. When the field fails, only the field becomes null. A `Result` of an `Option` would instead
/// make async-graphql set the field's parent to null.
///
/// Boxed, as everything is that a field may have to wait for: the library makes the future of each field as large as that of the type's
/// largest, and a list has hundreds of fields.
pub(crate) async fn nullable<T>(found: impl Future<Output = Result<Option<T>>>) -> Option<Result<T>> {
    Box::pin(found).await.transpose()
}

/// The refusal of a mutation when the viewer's roles lack the permission that it needs.
pub(crate) fn forbidden() -> Refusal {
    Refusal::new(UserErrorCode::Forbidden, "forbidden")
}

/// The scope of one request. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Scope(Arc<Inner>);

struct Inner {
    state: State,
    caller: Caller,
    effort: Effort,
    initiative: Initiative,
    reading: std::sync::Mutex<Option<Arc<Reading>>>,
    /// Held by whoever opens the transaction of the reads.
    opening: Mutex<()>,
    batch: Batch,
}

impl Scope {
    /// The scope of a request by that caller, begun by a person or by their client, whose reads take that effort.
    pub(crate) fn new(state: State, caller: Caller, initiative: Initiative, effort: Effort) -> Self {
        let (reading, opening, batch) = (std::sync::Mutex::default(), Mutex::default(), Batch::default());
        Self(Arc::new(Inner { state, caller, effort, initiative, reading, opening, batch }))
    }

    /// The scope of the request that a resolver works for.
    pub(crate) fn of<'c>(context: &'c Context<'_>) -> &'c Self {
        context.data_unchecked()
    }

    /// What the whole process shares.
    pub(crate) fn state(&self) -> &State {
        &self.0.state
    }

    /// The reads by id that the resolvers wait for.
    pub(crate) fn batch(&self) -> Batch {
        self.0.batch.clone()
    }

    /// Who asks.
    pub(crate) fn caller(&self) -> Caller {
        self.0.caller
    }

    /// The request's reads. The first call opens their transaction.
    ///
    /// # Errors
    /// [`Fault::Store`] when the session has ended.
    pub(crate) async fn reading(&self) -> Result<Arc<Reading>, Fault> {
        match self.begun() {
            Some(reading) => Ok(reading),
            // Boxed: see `nullable`.
            None => Box::pin(self.begin()).await,
        }
    }

    fn begun(&self) -> Option<Arc<Reading>> {
        self.0.reading.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn begin(&self) -> Result<Arc<Reading>, Fault> {
        let _alone = self.0.opening.lock().await;
        if let Some(reading) = self.begun() {
            return Ok(reading);
        }
        let tx = self.0.state.database.read(Permit::reader(self.0.caller), self.0.effort).await?;
        let reading = Arc::new(Reading::new(tx, self.batch(), self.0.state.clone()));
        *self.0.reading.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&reading));
        self.note_use();
        Ok(reading)
    }

    /// Notes that a person uses the session: a session on a shared device ends after some minutes without that. The request
    /// doesn't wait for the note.
    #[expect(clippy::disallowed_methods, reason = "what is lost with the process is noted by the next request")]
    fn note_use(&self) {
        if self.0.initiative == Initiative::Client {
            return;
        }
        let scope = self.clone();
        tokio::spawn(async move {
            let state = scope.state();
            if let Err(error) = state.session_activity.touch(&state.gate, state.database.now(), scope.caller()).await {
                tracing::warn!(%error, "the use of a session could not be noted");
            }
        });
    }

    /// The request's reads, for a field that needs a permission.
    ///
    /// # Errors
    /// [`Fault::Forbidden`] when the viewer's roles lack the permission; otherwise as [`Scope::reading`].
    pub(crate) async fn read(&self, permission: Permission) -> Result<Arc<Reading>, Fault> {
        let reading = self.reading().await?;
        match reading.tx.actor()?.reach(permission) {
            Some(_) => Ok(reading),
            None => Err(Fault::Forbidden),
        }
    }

    /// Runs the body in one transaction: all of it, or nothing. Reads that follow see the change. Only [`Scope::mutate`] calls
    /// this.
    ///
    /// # Errors
    /// The outer error is a [`Fault`]; the inner error is what the viewer can put right.
    pub(super) async fn change<T, F>(&self, permission: Permission, body: F) -> Result<Result<T, Vec<Refusal>>, Fault>
    where
        F: for<'t> Body<&'t TenantTx, Result<T, Failure>> + for<'t> AsyncFnOnce(&'t TenantTx) -> Result<T, Failure>,
    {
        self.end().await;
        let changed = self.0.state.database.tenant(&Permit::member(self.0.caller, permission), body).await;
        // Whoever is told what to put right has done something, too.
        if !matches!(changed, Err(Failure::Store(ref error)) if !matches!(error, StoreError::Forbidden)) {
            self.note_use();
        }
        match changed {
            Ok(changed) => Ok(Ok(changed)),
            Err(Failure::Refused(refusals) | Failure::Counted(refusals)) => Ok(Err(refusals)),
            Err(Failure::Store(StoreError::Forbidden)) => Ok(Err(vec![forbidden()])),
            Err(Failure::Store(error)) => Err(error.into()),
        }
    }

    /// Ends the request's reads. A later read begins a new snapshot.
    pub(crate) async fn end(&self) {
        let reading = self.0.reading.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(reading) = reading {
            reading.tx.end().await;
        }
    }
}
