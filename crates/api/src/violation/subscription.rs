//! The violations' subscription: changes as they happen, to whoever may read them.

use async_graphql::{Context, Result, Subscription};
use futures_util::Stream;
use pamoja_domain::access::Permission;
use pamoja_domain::change::ChangeKind;
use pamoja_domain::id::ViolationId;

use super::object::Violation;
use crate::graphql::error::Fault;
use crate::graphql::live::watch;
use crate::graphql::scope::Scope;

/// The violations' part of Subscription.
#[derive(Default)]
pub(crate) struct ViolationSubscription;

#[Subscription]
impl ViolationSubscription {
    /// Sends every change to a violation that the viewer may read: nothing on a shared device. Each event carries the violation as it is
    /// when the event is delivered, and the audit records that. When the stream ends with UNAVAILABLE, subscribe again and catch up with
    /// updatedSince.
    async fn violation_changed(&self, context: &Context<'_>) -> Result<impl Stream<Item = Result<Violation>> + use<>> {
        Ok(watch(context, Permission::ReadViolations, ChangeKind::Violation, find).await?)
    }
}

async fn find(scope: Scope, id: ViolationId) -> Result<Option<Violation>, Fault> {
    let reading = scope.read(Permission::ReadViolations).await?;
    let found = reading.load.load_one(id).await?;
    Ok(found.map(|(looked, found)| Violation::new(found, looked, &reading.tx)).transpose()?)
}
