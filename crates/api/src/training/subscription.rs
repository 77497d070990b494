//! The trainings' subscription: changes to requests for trainings, as they happen.

use async_graphql::{Context, Result, Subscription};
use futures_util::Stream;
use pamoja_domain::access::Permission;
use pamoja_domain::change::ChangeKind;
use pamoja_domain::id::TrainingRequestId;
use pamoja_domain::training::TrainingDirection;

use super::TrainingRequest;
use crate::graphql::enumeration::Enumeration;
use crate::graphql::error::Fault;
use crate::graphql::live::watch;
use crate::graphql::scope::Scope;

/// The trainings' part of Subscription.
#[derive(Default)]
pub(crate) struct TrainingSubscription;

#[Subscription]
impl TrainingSubscription {
    /// Sends every change to a request for a training that your organisation sent or received. Each event carries the request as
    /// it is when the event is delivered. When the stream ends with UNAVAILABLE, subscribe again and catch up with updatedSince.
    async fn training_request_changed(
        &self,
        context: &Context<'_>,
        #[graphql(
            desc = "Only requests that your organisation received, sent, or could take; left out, those that it received or sent."
        )]
        direction: Option<Enumeration<TrainingDirection>>,
    ) -> Result<impl Stream<Item = Result<TrainingRequest>> + use<>> {
        let direction = direction.map(|direction| direction.0);
        Ok(watch(context, Permission::ReadTraining, ChangeKind::TrainingRequest, move |scope, id| find(scope, id, direction))
            .await?)
    }
}

async fn find(
    scope: Scope,
    id: TrainingRequestId,
    direction: Option<TrainingDirection>,
) -> Result<Option<TrainingRequest>, Fault> {
    let reading = scope.read(Permission::ReadTraining).await?;
    let Some(found) = reading.load.load_one(id).await? else {
        return Ok(None);
    };
    let request = TrainingRequest::new(found, &reading.tx)?;
    let organisation = scope.caller().organisation;
    Ok(Some(request).filter(|request| match direction {
        Some(direction) => request.runs(direction, organisation),
        None => !request.runs(TrainingDirection::Open, organisation),
    }))
}
