//! A check-in elsewhere that the sender is asked about.

use async_graphql::{ComplexObject, Context, Result, SimpleObject};
use pamoja_domain::id::OrganisationId;
use pamoja_persistence::referral::check_in;

use crate::graphql::scalar::DateTime;
use crate::graphql::scope::Scope;
use crate::service::Organisation;

/// A check-in that waits for your answer: somebody came with the referral's slip to an organisation that you didn't name, before you
/// sent the referral. Perhaps your client; perhaps somebody who had seen the slip.
#[derive(Clone, SimpleObject)]
#[graphql(complex)]
pub(crate) struct CheckInElsewhere {
    /// When they came.
    checked_in_at: DateTime,
    #[graphql(skip)]
    organisation: OrganisationId,
}

#[ComplexObject]
impl CheckInElsewhere {
    /// Where they came. This organisation doesn't see the referral, and learns nothing before you say yes.
    async fn organisation(&self, context: &Context<'_>) -> Result<Organisation> {
        let reading = Scope::of(context).reading().await?;
        Ok(Organisation::new(reading.organisation(self.organisation).await?))
    }
}

impl From<check_in::Asked> for CheckInElsewhere {
    fn from(asked: check_in::Asked) -> Self {
        Self { checked_in_at: asked.checked_in_at.into(), organisation: asked.organisation }
    }
}
