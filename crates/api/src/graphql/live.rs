//! Changes as they happen. Every subscription goes through [`watch`].

use async_graphql::Result;
use futures_util::Stream;
use pamoja_domain::access::Permission;
use pamoja_domain::change::ChangeKind;
use pamoja_persistence::error::StoreError;
use pamoja_persistence::outbox;

use crate::graphql::change_feed::Ended;
use crate::graphql::error::Fault;
use crate::graphql::global_id::Identified;
use crate::graphql::scope::Scope;

/// The stream of changes of one kind that the viewer's organisation is notified of. For each change, `find` reads the thing that
/// changed; it returns nothing when the viewer may not see it or doesn't want it. An error of `find` ends the stream: `find` must
/// check the permission too, so that the stream ends when the viewer loses it.
///
/// # Errors
/// [`Fault::Forbidden`] when the viewer's roles lack the permission.
pub(crate) async fn watch<Id, Seen, Find, Finding>(
    scope: Scope,
    permission: Permission,
    kind: ChangeKind,
    find: Find,
) -> Result<impl Stream<Item = Result<Seen>> + use<Id, Seen, Find, Finding>, Fault>
where
    Id: Identified,
    Find: Fn(Scope, Id) -> Finding,
    Finding: Future<Output = Result<Option<Seen>, Fault>>,
{
    let position = outbox::now(&scope.read(permission).await?.tx).await?;
    scope.end().await;
    let mut changes = scope.state().change_feed.subscribe(scope.caller(), position).await;
    Ok(async_stream::stream! {
        loop {
            let id = match changes.next().await {
                Ok(change) if change.kind == kind => Id::from_uuid(change.id),
                Ok(_) => continue,
                Err(Ended::Behind) => {
                    yield Err(Fault::too_slow().into());
                    return;
                }
                Err(Ended::Session) => {
                    yield Err(Fault::from(StoreError::SessionEnded).into());
                    return;
                }
            };
            // Each change is read in a new snapshot, in which session, membership and roles are checked again.
            scope.end().await;
            match find(scope.clone(), id).await {
                Ok(Some(seen)) => yield Ok(seen),
                Ok(None) => scope.end().await,
                Err(fault) => {
                    yield Err(fault.into());
                    return;
                }
            }
        }
    })
}
