//! What an organisation holds about a client, and a pseudonym for a client without a local number.

use async_graphql::{Context, Object, Result, SimpleObject};
use pamoja_domain::access::{Permission, Permit};
use pamoja_domain::page::{Page, PageEnd, PageOf};
use pamoja_domain::pseudonym;
use pamoja_domain::referral::{ReferralDirection, ReferralOrder};
use pamoja_persistence::audit;
use pamoja_persistence::error::StoreError;
use pamoja_persistence::referral::{self, ReferralCursor, ReferralFilter};
use pamoja_persistence::transaction::TenantTx;

use crate::graphql::connection::{PageArguments, connection_with, page_by_moment};
use crate::graphql::error::Fault;
use crate::graphql::scalar::Pseudonym;
use crate::graphql::scope::{Scope, nullable};
use crate::keys::random_bytes;
use crate::referral::{Referral, ReferralConnection, ReferralTotals};

/// Everything that your organisation holds about a client. The client may ask to see it.
#[derive(SimpleObject)]
pub(super) struct ClientRecord {
    /// Your organisation's pseudonym for the client.
    client: Pseudonym,
    /// The referrals under the pseudonym, the newest first. A referral to which consent was withdrawn no longer has one, and
    /// isn't listed.
    referrals: ReferralConnection,
}

/// The queries under a client's pseudonym.
#[derive(Default)]
pub(crate) struct ClientRightQuery;

#[Object]
impl ClientRightQuery {
    /// Everything that your organisation holds under a client's pseudonym. A peer educator sees only the referrals that they
    /// sent themself, and those that were assigned to them. Null when nothing is held. The audit records who looked.
    #[graphql(complexity = "crate::graphql::connection::page_cost(first, last) * child_complexity")]
    async fn client_record(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Your organisation's pseudonym for the client.")] client: Pseudonym,
        #[graphql(desc = "How many at most from the beginning, 1 to 100; 20 without first and last.")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many at most from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
    ) -> Option<Result<ClientRecord>> {
        nullable(record(Scope::of(context), client, PageArguments { first, after, last, before })).await
    }

    /// A new pseudonym of 128 random bits, for a client without a local number to derive one from, such as a caller of a
    /// hotline. The server doesn't store it: keep it with what you keep about the client.
    async fn random_pseudonym(&self, context: &Context<'_>) -> Result<Pseudonym> {
        Scope::of(context).read(Permission::SendReferrals).await?;
        Ok(Pseudonym(pseudonym::Pseudonym::from_bits(random_bytes()).as_str().to_owned()))
    }
}

async fn record(scope: &Scope, client: Pseudonym, arguments: PageArguments) -> Result<Option<ClientRecord>> {
    const LIST: &str = "clientRecord";
    let parsed = pseudonym::Pseudonym::parse("client", &client.0);
    let parsed = parsed.map_err(Fault::from)?;
    let page = page_by_moment(LIST, arguments)?;
    let permit = Permit::member(scope.caller(), Permission::SendReferrals);
    // A transaction apart from the request's reads, because the audit entry of the look must be committed.
    let record = scope
        .state()
        .database
        .tenant(&permit, async |tx: &TenantTx| -> Result<Option<ClientRecord>, Fault> {
            audit::record(tx, "clientRecord", None).await?;
            let filter = ReferralFilter { client: Some(parsed.as_str().to_owned()), ..ReferralFilter::default() };
            let Some(found) = held(tx, &filter, &page).await? else {
                return Ok(None);
            };
            let key = |found: &referral::Referral| -> ReferralCursor { (found.state.created_at, found.id.0) };
            let actor = tx.actor()?;
            let totals = ReferralTotals::of(ReferralDirection::Outgoing, filter);
            let referrals = connection_with(LIST, found, key, |found| Referral::seen_by(found, actor, tx.at()), totals)?;
            Ok(Some(ClientRecord { client, referrals }))
        })
        .await?;
    Ok(record)
}

/// The page, or `None` when nothing is held under the pseudonym. An empty page alone doesn't show that: its cursor may lie
/// behind the last referral.
async fn held(
    tx: &TenantTx,
    filter: &ReferralFilter,
    page: &Page<ReferralCursor>,
) -> Result<Option<PageOf<referral::Referral>>, StoreError> {
    let of = async |page: &Page<ReferralCursor>| {
        referral::page(tx, ReferralDirection::Outgoing, filter, Some(ReferralOrder::NewestFirst), page).await
    };
    let found = of(page).await?;
    if found.items.is_empty() {
        let any = of(&Page { size: 1, end: PageEnd::First, after: None, before: None }).await?;
        return Ok((!any.items.is_empty()).then_some(found));
    }
    Ok(Some(found))
}
