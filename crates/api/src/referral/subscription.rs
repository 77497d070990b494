//! Changes of referrals, as they happen.

use async_graphql::{Context, Result, Subscription};
use futures_util::Stream;
use pamoja_domain::access::Permission;
use pamoja_domain::referral::ReferralDirection;
use pamoja_persistence::outbox::Changed;
use tokio::sync::broadcast::error::RecvError;

use super::Referral;
use crate::coded::Coded;
use crate::error::Fault;
use crate::scope::Scope;

/// The referrals' part of Subscription.
#[derive(Default)]
pub struct ReferralSubscription;

#[Subscription]
impl ReferralSubscription {
    /// Every change to a referral that your organisation sent or received; a peer educator's are those they sent themself. Each
    /// event is the referral as it is when the event is delivered. When the stream ends with UNAVAILABLE, subscribe again and
    /// catch up with updatedSince.
    async fn referral_changed(
        &self,
        context: &Context<'_>,
        #[graphql(
            desc = "Only those that you received, only those that you sent, or only those that you could take; left out, the first two."
        )]
        direction: Option<Coded<ReferralDirection>>,
    ) -> Result<impl Stream<Item = Result<Referral>> + use<>> {
        let scope = Scope::of(context).clone();
        scope.read(Permission::ReadReferrals).await?;
        scope.end().await;
        let mut changes = scope.app().hub.subscribe(scope.caller().organisation).await.map_err(Fault::from)?;
        Ok(async_stream::stream! {
            loop {
                let id = match changes.recv().await {
                    Ok(Changed::Referral(id)) => id,
                    Err(RecvError::Lagged(_) | RecvError::Closed) => {
                        yield Err(Fault::too_slow().into());
                        return;
                    }
                };
                // A new snapshot each time, in which session, membership and roles are checked again.
                scope.end().await;
                match find(&scope, id, direction.map(|direction| direction.0)).await {
                    Ok(Some(referral)) => yield Ok(referral),
                    Ok(None) => scope.end().await,
                    Err(fault) => {
                        yield Err(fault.into());
                        return;
                    }
                }
            }
        })
    }
}

async fn find(
    scope: &Scope,
    id: pamoja_domain::id::ReferralId,
    direction: Option<ReferralDirection>,
) -> Result<Option<Referral>, Fault> {
    let reading = scope.read(Permission::ReadReferrals).await?;
    let Some(found) = reading.load.load_one(id).await? else {
        return Ok(None);
    };
    let referral = Referral::new(found, &reading.tx)?;
    let organisation = scope.caller().organisation;
    Ok(Some(referral).filter(|referral| match direction {
        Some(direction) => referral.runs(direction, organisation),
        None => !referral.runs(ReferralDirection::Open, organisation),
    }))
}
