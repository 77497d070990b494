//! How many referrals a list has.

use async_graphql::{Context, Object, Result};
use pamoja_domain::access::Permission;
use pamoja_domain::page::Count;
use pamoja_domain::referral::ReferralDirection;
use pamoja_persistence::referral::{self, ReferralFilter};
use tokio::sync::OnceCell;

use crate::graphql::error::Fault;
use crate::graphql::scope::{Scope, nullable};

/// The totals of a list of referrals. They are counted only if somebody asks for them, and then once.
pub(crate) struct ReferralTotals {
    direction: ReferralDirection,
    filter: ReferralFilter,
    counted: OnceCell<Option<Count>>,
}

impl ReferralTotals {
    /// The totals of that list.
    pub(crate) fn of(direction: ReferralDirection, filter: ReferralFilter) -> Self {
        Self { direction, filter, counted: OnceCell::new() }
    }

    async fn count(&self, context: &Context<'_>) -> Result<Option<Count>> {
        let counting = async || -> Result<Option<Count>, Fault> {
            let reading = Scope::of(context).read(Permission::ReadReferrals).await?;
            Ok(referral::count(&reading.tx, self.direction, &self.filter).await?)
        };
        Ok(*self.counted.get_or_try_init(counting).await?)
    }
}

/// The totals of a list of referrals.
#[Object]
impl ReferralTotals {
    /// How many referrals the filter selects on all pages together, at most 1,000. Null for those that you could take.
    #[graphql(complexity = "20")]
    async fn total_count(&self, context: &Context<'_>) -> Option<Result<i32>> {
        nullable(async { Ok(self.count(context).await?.map(|count| i32::try_from(count.items).unwrap_or(i32::MAX))) }).await
    }

    /// Whether totalCount is the exact number; false when there are more than 1,000. Null where totalCount is null.
    #[graphql(complexity = "20")]
    async fn total_count_is_exact(&self, context: &Context<'_>) -> Option<Result<bool>> {
        nullable(async { Ok(self.count(context).await?.map(|count| count.is_exact)) }).await
    }
}
