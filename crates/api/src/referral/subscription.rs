//! The subscription to changes of referrals.

use async_graphql::{Context, Result, Subscription};
use futures_util::Stream;
use pamoja_domain::access::Permission;
use pamoja_domain::change::ChangeKind;
use pamoja_domain::id::ReferralId;
use pamoja_domain::referral::ReferralDirection;

use super::Referral;
use crate::graphql::enumeration::Enumeration;
use crate::graphql::error::Fault;
use crate::graphql::live::watch;
use crate::graphql::scope::Scope;

/// The subscriptions to referrals.
#[derive(Default)]
pub(crate) struct ReferralSubscription;

#[Subscription]
impl ReferralSubscription {
    /// Every change to a referral that your organisation sent or received. A peer educator gets only the changes to referrals
    /// that they sent themself, and to sent ones that were assigned to them. An assignment is a change for your own organisation,
    /// and so is what you make of your own referrals: another in their stead, another pseudonym. Each event is the referral as it
    /// is when the event is delivered. One that was taken from OPEN and is given back comes on OPEN alone: remove it from what you
    /// received. When the stream ends with UNAVAILABLE, subscribe again and catch up with updatedSince.
    async fn referral_changed(
        &self,
        context: &Context<'_>,
        #[graphql(
            desc = "Only those that you received, only those that you sent, or only those that you could take. Left out, those that you received or sent."
        )]
        direction: Option<Enumeration<ReferralDirection>>,
    ) -> Result<impl Stream<Item = Result<Referral>> + use<>> {
        let direction = direction.map(|direction| direction.0);
        Ok(watch(context, Permission::ReadReferrals, ChangeKind::Referral, move |scope, id| find(scope, id, direction)).await?)
    }
}

async fn find(scope: Scope, id: ReferralId, direction: Option<ReferralDirection>) -> Result<Option<Referral>, Fault> {
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
