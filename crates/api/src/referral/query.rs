//! The queries of referrals: the lists, and the look-up by slip.

use async_graphql::connection::Connection;
use async_graphql::{Context, ID, InputObject, Object, Result};
use pamoja_domain::access::{Permission, Permit};
use pamoja_domain::pseudonym;
use pamoja_domain::referral::slip::SlipCode as Slip;
use pamoja_domain::referral::{ReferralDirection, ReferralOrder, ReferralStatus, Urgency, open_listed_at};
use pamoja_domain::service::ServiceType;
use pamoja_domain::vocabulary::Vocabulary;
use pamoja_persistence::{audit, referral};

use super::Referral;
use super::slip::{LookUp, look_up};
use crate::graphql::connection::{PageArguments, connection, page_by_moment};
use crate::graphql::enumeration::{Enumeration, decoded};
use crate::graphql::error::Fault;
use crate::graphql::filters;
use crate::graphql::scalar::{DateTime, Pseudonym, SlipCode};
use crate::graphql::scope::{Scope, nullable};

/// Selects referrals. A referral must meet all conditions; a list is met by any one of its members, and an empty list is no
/// condition.
#[derive(InputObject, Default)]
pub(super) struct ReferralFilter {
    /// The referral is in one of these states now.
    statuses: Option<Vec<Enumeration<ReferralStatus>>>,
    /// It asks for one of these types of service.
    service_types: Option<Vec<Enumeration<ServiceType>>>,
    /// Its client is in one of these counties.
    county_codes: Option<Vec<String>>,
    /// It has one of these urgencies.
    urgencies: Option<Vec<Enumeration<Urgency>>>,
    /// It was created then or later.
    created_from: Option<DateTime>,
    /// It was created before then.
    created_before: Option<DateTime>,
    /// It changed then or later. Use this to catch up: send the latest updatedAt that your last complete catch-up returned.
    /// Don't send the updatedAt of an event, because the event may have overtaken others. You miss nothing; a few referrals that
    /// you know may come again.
    updated_since: Option<DateTime>,
    /// Its client is the one for whom your organisation has this pseudonym.
    client: Option<Pseudonym>,
    /// It is meant for one of these services. An id that no service has matches nothing.
    service_ids: Option<Vec<ID>>,
}

/// The queries of referrals.
#[derive(Default)]
pub(crate) struct ReferralQuery;

#[Object]
impl ReferralQuery {
    /// The referrals that your organisation sent, received or could take. A peer educator sees only those that they sent
    /// themself.
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
            desc = "How to sort. Left out, the newest come first, with two exceptions: of those that you received, unanswered ones that can't wait come before all others; those that you could take are sorted by urgency first."
        )]
        order_by: Option<Enumeration<ReferralOrder>>,
        #[graphql(desc = "How many at most from the beginning, 1 to 100; 20 without first and last.")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many at most from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
    ) -> Result<Connection<String, Referral>> {
        let filter = filter.unwrap_or_default().parse()?;
        let order = order_by.map(|order| order.0);
        let list = format!("referrals {} {}", direction.0.code(), order.map_or("", Vocabulary::code));
        let page = page_by_moment(&list, PageArguments { first, after, last, before })?;
        let reading = Scope::of(context).read(Permission::ReadReferrals).await?;
        let found = referral::page(&reading.tx, direction.0, &filter, order, &page).await.map_err(Fault::from)?;
        let actor = reading.tx.actor().map_err(Fault::from)?;
        let key = |found: &referral::Referral| {
            let at = match order {
                None if direction.0 == ReferralDirection::Incoming => found.listed_at(),
                None if direction.0 == ReferralDirection::Open => open_listed_at(found.state.created_at, found.urgency),
                None | Some(ReferralOrder::NewestFirst | ReferralOrder::OldestFirst) => found.state.created_at,
                Some(ReferralOrder::RecentlyUpdatedFirst) => found.updated_at,
                Some(ReferralOrder::ExpiringFirst) => found.state.expires_at,
            };
            (at, found.id.0)
        };
        Ok(connection(&list, found, key, |found| Referral::seen_by(found, actor, reading.tx.at()))?)
    }

    /// The referral that a slip belongs to, while the client can still be checked in with it. Only the receiver finds it; while
    /// the referral is open to all, an organisation that could take it does. Null in every other case, also when the slip's
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
            Ok(match look_up(tx, &keys, code).await? {
                LookUp::Found(found) => {
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

impl ReferralFilter {
    fn parse(self) -> Result<referral::ReferralFilter, Fault> {
        let client = self.client.map(|client| pseudonym::Pseudonym::parse("client", &client.0)).transpose();
        Ok(referral::ReferralFilter {
            statuses: decoded(self.statuses.as_ref()),
            service_types: decoded(self.service_types.as_ref()),
            counties: filters::counties(self.county_codes.as_ref())?,
            urgencies: decoded(self.urgencies.as_ref()),
            created_from: filters::moment(self.created_from.as_ref())?,
            created_before: filters::moment(self.created_before.as_ref())?,
            updated_since: filters::moment(self.updated_since.as_ref())?,
            client: client?.map(|client| client.as_str().to_owned()),
            services: filters::ids(self.service_ids.as_ref()),
        })
    }
}
