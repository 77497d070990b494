//! Changes as they happen: one way for all that can be watched.

use async_graphql::Result;
use futures_util::Stream;
use pamoja_domain::access::Permission;
use pamoja_persistence::outbox::Changed;
use tokio::sync::broadcast::error::RecvError;

use crate::graphql::error::Fault;
use crate::graphql::scope::Scope;

/// What the viewer is told of the changes of their organisation, for as long as their roles have that permission. `pick` tells which
/// changes are wanted, `find` reads anew what changed; nothing where the viewer doesn't see it, or doesn't want it.
///
/// # Errors
/// When the viewer's roles lack the permission, or the database fails.
pub async fn watch<Id, Seen, Pick, Find, Finding>(
    scope: Scope,
    permission: Permission,
    pick: Pick,
    find: Find,
) -> Result<impl Stream<Item = Result<Seen>> + use<Id, Seen, Pick, Find, Finding>, Fault>
where
    Pick: Fn(Changed) -> Option<Id>,
    Find: Fn(Scope, Id) -> Finding,
    Finding: Future<Output = Result<Option<Seen>, Fault>>,
{
    scope.read(permission).await?;
    scope.end().await;
    let mut changes = scope.state().change_feed.subscribe(scope.caller().organisation).await?;
    Ok(async_stream::stream! {
        loop {
            let id = match changes.recv().await {
                Ok(change) => match pick(change) {
                    Some(id) => id,
                    None => continue,
                },
                Err(RecvError::Lagged(_) | RecvError::Closed) => {
                    yield Err(Fault::too_slow().into());
                    return;
                }
            };
            // A new snapshot each time, in which session, membership and roles are checked again.
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
