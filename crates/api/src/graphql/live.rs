//! Changes as they happen. Every subscription goes through [`watch`].
//!
//! A subscription's document is executed once when it begins: it says then what is watched. After that it is executed for changes, a few
//! together, in a scope that ends with them. So a subscription that waits holds nothing but its place in the feed.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use async_graphql::{Context, Result};
use futures_util::{Stream, stream};
use pamoja_domain::access::{Caller, Permission, Sight};
use pamoja_domain::change::ChangeKind;
use pamoja_persistence::error::StoreError;
use pamoja_persistence::outbox;
use tokio::task::JoinError;
use tokio::time::timeout;
use uuid::Uuid;

use crate::graphql::change_feed::Changes;
use crate::graphql::error::Fault;
use crate::graphql::global_id::Identified;
use crate::graphql::news::{Ended, Executed, News, Over, Proved, Told, View};
use crate::graphql::scope::Scope;

/// What a subscription's document is executed for. The engine gives it to each execution, as request data.
pub(crate) enum Occasion {
    /// The subscription begins. [`watch`] puts here what it watches.
    Beginning(Mutex<Option<Watched>>),
    /// Something changed.
    Changed(Changed),
    /// No more changes come.
    Over(Ended),
}

/// Something that changed, and what is found out about it by executing a document for it.
pub(crate) struct Changed {
    id: Uuid,
    /// What the user could see a moment ago. Somebody whose roles are others by now is told what these let them see, and nobody else is.
    sight: Option<Sight>,
    failed: OnceLock<Failed>,
    personal: AtomicBool,
}

/// Why a change could not be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failed {
    /// The session of the caller, in whose name it was read, is over.
    Session,
    /// Something else that ends the subscription.
    Other,
}

/// What a subscription watches.
pub(crate) struct Watched {
    kind: ChangeKind,
    changes: Changes,
}

/// What a subscriber is to be told next.
pub(crate) enum Next {
    /// These answers.
    Told(Vec<Told>),
    /// That no more changes come, and why.
    Over(Ended),
}

impl Occasion {
    /// That a subscription begins.
    pub(crate) fn beginning() -> Arc<Self> {
        Arc::new(Self::Beginning(Mutex::default()))
    }

    /// That this thing changed, for all who have that sight, or for the caller alone.
    pub(crate) fn changed(id: Uuid, sight: Option<Sight>) -> Arc<Self> {
        Arc::new(Self::Changed(Changed { id, sight, failed: OnceLock::new(), personal: AtomicBool::new(false) }))
    }

    /// What the document watches, after it was executed for the beginning. Nothing when its beginning failed.
    pub(crate) fn watched(&self) -> Option<Watched> {
        match self {
            Self::Beginning(watched) => watched.lock().unwrap_or_else(PoisonError::into_inner).take(),
            Self::Changed(_) | Self::Over(_) => None,
        }
    }

    /// Why the change could not be told, after the document was executed for it.
    pub(crate) fn failed(&self) -> Option<Failed> {
        match self {
            Self::Changed(changed) => changed.failed.get().copied(),
            Self::Beginning(_) => None,
            Self::Over(_) => Some(Failed::Other),
        }
    }

    /// Whether something of the answer is about the user's own doing.
    pub(crate) fn is_personal(&self) -> bool {
        matches!(self, Self::Changed(changed) if changed.personal.load(Ordering::Relaxed))
    }
}

/// Notes that a field's answer depends on who the user is, beyond their sight: what colleagues are told is then read for each of them.
pub(crate) fn note_personal(context: &Context<'_>) {
    if let Some(Occasion::Changed(changed)) = context.data_opt::<Arc<Occasion>>().map(|occasion| &**occasion) {
        changed.personal.store(true, Ordering::Relaxed);
    }
}

/// Watches changes of one kind that the viewer's organisation is notified of. For each change, `find` reads the thing that
/// changed; it returns nothing when the viewer may not see it or doesn't want it. An error of `find` ends the subscription: `find` must
/// check the permission too, so that the subscription ends when the viewer loses it.
///
/// All whose [`Sight`] is the same are told the same, unless a field says [`note_personal`]. A test compares what colleagues are told with
/// what each of them reads.
///
/// # Errors
/// [`Fault::Forbidden`] when the viewer's roles lack the permission.
pub(crate) async fn watch<Id, Seen, Find, Finding>(
    context: &Context<'_>,
    permission: Permission,
    kind: ChangeKind,
    find: Find,
) -> Result<impl Stream<Item = Result<Seen>> + use<Id, Seen, Find, Finding>, Fault>
where
    Id: Identified,
    Find: FnOnce(Scope, Id) -> Finding,
    Finding: Future<Output = Result<Option<Seen>, Fault>>,
{
    let scope = Scope::of(context);
    let found = match &**context.data_unchecked::<Arc<Occasion>>() {
        Occasion::Beginning(watched) => {
            let changes = begun(scope, permission, kind).await?;
            *watched.lock().unwrap_or_else(PoisonError::into_inner) = Some(Watched { kind, changes });
            None
        }
        Occasion::Changed(changed) => found(scope, changed, find).await.transpose().map(|found| {
            found.map_err(|fault| {
                let session = matches!(fault, Fault::Store(StoreError::SessionEnded));
                changed.failed.get_or_init(|| if session { Failed::Session } else { Failed::Other });
                fault.into()
            })
        }),
        Occasion::Over(Ended::Behind) => Some(Err(Fault::too_slow().into())),
        Occasion::Over(Ended::Session) => Some(Err(Fault::from(StoreError::SessionEnded).into())),
    };
    Ok(stream::iter(found))
}

/// How long a subscription waits for others of its user to begin: longer than a beginning takes.
const PATIENCE: Duration = Duration::from_secs(10);

/// The changes from now on. Few subscriptions of a user begin at once.
///
/// # Errors
/// [`StoreError::Unavailable`] when it isn't its turn in time.
async fn begun(scope: &Scope, permission: Permission, kind: ChangeKind) -> Result<Changes, Fault> {
    let queued = scope.state().beginnings.join(scope.caller().user);
    let turn = timeout(PATIENCE, queued.slot()).await;
    let turn = turn.map_err(|_| StoreError::Unavailable("a subscription could not begin in time".to_owned()))?;
    let scope = scope.clone();
    to_its_end(async move {
        let _held = (turn, queued);
        let position = outbox::now(&scope.read(permission).await?.tx).await?;
        scope.end().await;
        Ok(scope.state().change_feed.subscribe(scope.caller(), kind, position).await)
    })
    .await
}

/// Does a piece of work to its end, also when nobody waits for it any more. A transaction that is dropped midway costs its connection, and a
/// client can begin and end subscriptions as fast as it likes.
#[expect(
    clippy::disallowed_methods,
    reason = "it reads, for no longer than a statement may take; at the end of the process nobody needs it"
)]
pub(crate) async fn to_its_end<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> T {
    match tokio::spawn(work).await.map_err(JoinError::try_into_panic) {
        Ok(done) => done,
        Err(Ok(panic)) => std::panic::resume_unwind(panic),
        // The process is ending.
        Err(Err(_)) => std::future::pending().await,
    }
}

/// Finds what changed, in a transaction whose user is looked at once more.
async fn found<Id, Seen, Finding>(
    scope: &Scope,
    changed: &Changed,
    find: impl FnOnce(Scope, Id) -> Finding,
) -> Result<Option<Seen>, Fault>
where
    Id: Identified,
    Finding: Future<Output = Result<Option<Seen>, Fault>>,
{
    let reading = scope.reading().await?;
    if changed.sight.as_ref().is_some_and(|sight| !reading.tx.actor().is_ok_and(|actor| sight.has_roles(&actor.roles))) {
        changed.personal.store(true, Ordering::Relaxed);
    }
    find(scope.clone(), Id::from_uuid(changed.id)).await
}

impl Watched {
    /// What the subscriber is told next. `execute` executes their document in their name for the things with those ids,
    /// for all who have that sight or for them alone.
    pub(crate) async fn next<Executing>(
        &mut self,
        view: &View,
        execute: impl Fn(Caller, Vec<Uuid>, Option<Sight>) -> Executing,
    ) -> Next
    where
        Executing: Future<Output = Result<Executed, Over>>,
    {
        loop {
            let told = match self.changes.next().await {
                // Boxed, so that a subscriber who waits keeps no room for it.
                Ok(news) => Box::pin(self.told(&news, view, &execute)).await,
                Err(ended) => return Next::Over(ended),
            };
            match told {
                Ok(told) if told.is_empty() => {}
                Ok(told) => return Next::Told(told),
                Err(Over) => return Next::Over(Ended::Session),
            }
        }
    }

    async fn told<Executing>(
        &self,
        news: &News,
        view: &View,
        execute: impl Fn(Caller, Vec<Uuid>, Option<Sight>) -> Executing,
    ) -> Result<Vec<Told>, Over>
    where
        Executing: Future<Output = Result<Executed, Over>>,
    {
        let ids = news.ids(self.kind);
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let caller = self.changes.caller();
        match news.proved(&caller) {
            Proved::Sight(sight) => {
                news.answer(&caller, &sight, view, || execute(caller, ids.clone(), Some(sight.clone()))).await
            }
            Proved::Over => Err(Over),
            // The transaction in which it is executed proves the session.
            Proved::Nothing => Ok(execute(caller, ids, None).await?.told),
        }
    }
}
