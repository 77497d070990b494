//! The queries of referrals: the lists, and the look-up by slip.

use async_graphql::{Context, Object, Result};
use pamoja_domain::access::{Permission, Permit};
use pamoja_domain::referral::slip::SlipCode as Slip;
use pamoja_domain::referral::{ReferralDirection, ReferralOrder};
use pamoja_persistence::audit;

use super::Referral;
use super::filter::ReferralFilter;
use super::listing::{self, ReferralConnection};
use super::slip::{LookUp, Purpose, look_up};
use crate::graphql::connection::PageArguments;
use crate::graphql::enumeration::Enumeration;
use crate::graphql::error::Fault;
use crate::graphql::scalar::SlipCode;
use crate::graphql::scope::{Scope, nullable};

/// The queries of referrals.
#[derive(Default)]
pub(crate) struct ReferralQuery;

#[Object]
impl ReferralQuery {
    /// The referrals that your organisation sent, received or could take. A peer educator sees only those that they sent
    /// themself, and sent ones that were assigned to them.
    #[graphql(complexity = "crate::graphql::connection::page_cost(first, last) * child_complexity")]
    #[expect(clippy::too_many_arguments, reason = "the arguments of a Relay connection")]
    async fn referrals(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Those that you received, those that you sent, or those that you could take.")] direction: Enumeration<
            ReferralDirection,
        >,
        #[graphql(desc = "Selects referrals; leave it out for all.")] filter: Option<ReferralFilter>,
        #[graphql(
            desc = "How to sort. Left out, the newest come first, with two exceptions. Of those that you received, the clients come first who can still be seen before actBefore, the least time left first; then those who are overdue, the latest first; then all others. It is the order at the moment of the first page. Those that you could take are sorted by urgency first."
        )]
        order_by: Option<Enumeration<ReferralOrder>>,
        #[graphql(desc = "How many at most from the beginning, 1 to 100; 20 without first and last.")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many at most from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
    ) -> Result<ReferralConnection> {
        let filter = filter.unwrap_or_default().parse()?;
        let page = PageArguments { first, after, last, before };
        let (order, extent) = (order_by.map(|order| order.0), listing::extent_for(context.field()));
        Ok(listing::list(Scope::of(context), direction.0, filter, order, page, extent).await?)
    }

    /// The referral that a slip belongs to, while the client can still be checked in with it. Only the receiver finds it; while
    /// the referral is open to all, an organisation that could take it does. A receiver that has checked the client in finds it
    /// for as long as the slip is kept, and sees by the status that they have arrived. Null in every other case, also when the slip's
    /// referral hasn't been sent yet: then serve the client and ask the sender. After five unknown codes within an hour the answer is
    /// RATE_LIMITED.
    async fn referral_by_slip(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The code as printed; case and dashes do not matter.")] slip_code: SlipCode,
    ) -> Option<Result<Referral>> {
        nullable(by_slip(Scope::of(context), &slip_code)).await
    }
}

async fn by_slip(scope: &Scope, slip_code: &SlipCode) -> Result<Option<Referral>> {
    let code = Slip::parse("slipCode", &slip_code.0).map_err(Fault::from)?;
    let keys = scope.state().keys.clone();
    let permit = Permit::member(scope.caller(), Permission::ReceiveReferrals);
    // A transaction apart from the request's reads, because the count of an unknown code must be committed.
    let found = scope
        .state()
        .database
        .tenant(&permit, async |tx| -> Result<Result<Option<Referral>, Fault>, pamoja_persistence::error::StoreError> {
            Ok(match look_up(tx, &keys, code, Purpose::Read).await? {
                LookUp::Found(found) | LookUp::CheckedIn(found, _) => {
                    audit::record(tx, "referralBySlip", Some(found.id.0)).await?;
                    Ok(Some(Referral::new(*found, tx)?))
                }
                LookUp::Pending(_) | LookUp::Blank | LookUp::Unknown => {
                    audit::record(tx, "referralBySlip", None).await?;
                    Ok(None)
                }
                LookUp::LimitReached => {
                    audit::record(tx, "referralBySlip", None).await?;
                    Err(Fault::RateLimited(super::slip::LIMIT_MESSAGE.into()))
                }
            })
        })
        .await
        .map_err(Fault::from)?;
    Ok(found?)
}
