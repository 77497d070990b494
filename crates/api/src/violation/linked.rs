//! The referrals that a violation is linked to.

use async_graphql::{Context, Result};
use pamoja_domain::id::ReferralId;

use crate::graphql::node::NodeObject;
use crate::graphql::scope::Scope;
use crate::graphql::selected::Selected;
use crate::referral::Referral;

/// A referral that a violation is linked to, if the viewer may read it.
pub(super) async fn referral(context: &Context<'_>, id: ReferralId) -> Result<Option<Referral>> {
    let reading = Scope::of(context).reading().await?;
    Ok(Referral::find(&reading, id, &Selected::of(context.field())).await?)
}
