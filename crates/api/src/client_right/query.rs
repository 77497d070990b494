//! What an organisation holds about a client, and a pseudonym for a client without a local number.

use async_graphql::connection::Connection;
use async_graphql::{Context, Object, Result};
use pamoja_domain::access::{Permission, Permit};
use pamoja_domain::client_right::sees_all;
use pamoja_domain::message::Message;
use pamoja_domain::page::{DEFAULT_PAGE, Page, PageEnd};
use pamoja_domain::pseudonym;
use pamoja_domain::referral::{ReferralDirection, ReferralOrder};
use pamoja_domain::violation::ViolationOrder;
use pamoja_persistence::audit;
use pamoja_persistence::referral::{self, Extent};
use pamoja_persistence::transaction::TenantTx;
use pamoja_persistence::violation::{self, Looked};

use crate::graphql::connection::{PageArguments, page_cost};
use crate::graphql::enumeration::Enumeration;
use crate::graphql::error::Fault;
use crate::graphql::scalar::Pseudonym;
use crate::graphql::scope::{Scope, nullable};
use crate::keys::random_bytes;
use crate::referral::{ReferralConnection, ReferralFilter, list};
use crate::violation::{Violation, list as list_violations};

/// Everything that your organisation holds about a client.
pub(super) struct ClientRecord {
    client: pseudonym::Pseudonym,
    page: PageArguments,
    /// Whether the viewer may read all referrals and all violations.
    complete: bool,
}

/// Everything that your organisation holds about a client. The client may ask to see it.
#[Object]
impl ClientRecord {
    /// Your organisation's pseudonym for the client.
    async fn client(&self) -> Pseudonym {
        Pseudonym(self.client.as_str().to_owned())
    }

    /// The referrals under the pseudonym, the newest first. A referral to which consent was withdrawn no longer has one, and
    /// isn't listed. Ask for a page here or at clientRecord, not at both.
    // clientRecord costs as much as a page of the usual size. A larger page here costs as many of these.
    #[graphql(complexity = "page_cost(first, last).div_ceil(DEFAULT_PAGE) * child_complexity")]
    #[expect(clippy::too_many_arguments, reason = "the arguments of a Relay connection")]
    async fn referrals(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Selects among the client's referrals; leave it out for all.")] filter: Option<ReferralFilter>,
        #[graphql(desc = "How to sort. Left out, the newest come first.")] order_by: Option<Enumeration<ReferralOrder>>,
        #[graphql(desc = "How many at most from the beginning, 1 to 100; 20 without first and last.")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many at most from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
    ) -> Result<ReferralConnection> {
        let mut filter = filter.unwrap_or_default().parse()?;
        let client = self.client.as_str();
        if filter.client.as_deref().is_some_and(|other| other != client) {
            return Err(Fault::Invalid(Message::of("client-right-other-client")).into());
        }
        filter.client = Some(client.to_owned());
        let here = PageArguments { first, after, last, before };
        let page = match (here.is_empty(), self.page.is_empty()) {
            (true, _) => self.page.clone(),
            (_, true) => here,
            _ => {
                return Err(
                    Fault::BadRequest("Ask for a page at clientRecord or at its referrals, not at both.".to_owned()).into()
                );
            }
        };
        let order = order_by.map_or(ReferralOrder::NewestFirst, |order| order.0);
        Ok(list(Scope::of(context), ReferralDirection::Outgoing, filter, Some(order), page, Extent::Whole).await?)
    }

    /// The violations under the pseudonym, the newest first. Null for whoever may not read all violations, whether there is anything or
    /// not: a paralegal finds them by the pseudonym (violations(filter: { client })), and whoever is both sees all here.
    #[graphql(complexity = "page_cost(first, None).div_ceil(DEFAULT_PAGE) * child_complexity")]
    async fn violations(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "How many at most, 1 to 100; 20 when left out.")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
    ) -> Option<Result<Connection<String, Violation>>> {
        let found = async {
            if !self.complete {
                return Ok(None);
            }
            let filter = violation::ViolationFilter { client: Some(self.client.clone()), ..Default::default() };
            let page = PageArguments { first, after, ..PageArguments::default() };
            let order = ViolationOrder::DocumentedNewestFirst;
            Ok(Some(list_violations(Scope::of(context), &filter, order, page).await?))
        };
        nullable(found).await
    }

    /// Whether the viewer's roles show all that could be held. Where not, a paralegal must look too (violations(filter: { client })), whether
    /// there is anything or not: about violations only they are told.
    async fn complete(&self) -> bool {
        self.complete
    }
}

/// The queries under a client's pseudonym.
#[derive(Default)]
pub(crate) struct ClientRightQuery;

#[Object]
impl ClientRightQuery {
    /// Everything that your organisation holds under a client's pseudonym. A peer educator sees only the referrals that they
    /// sent themself, and those that were assigned to them; only who is a paralegal too sees violations. Null when nothing is held that
    /// the viewer may read. The audit records who looked.
    #[graphql(complexity = "page_cost(first, last) * child_complexity")]
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

async fn record(scope: &Scope, client: Pseudonym, page: PageArguments) -> Result<Option<ClientRecord>> {
    let client = pseudonym::Pseudonym::parse("client", &client.0).map_err(Fault::from)?;
    // Before anything is noted in the audit: a page of no such size is no look.
    Page::new(page.first, page.after.as_ref(), page.last, page.before.as_ref()).map_err(Fault::from)?;
    let permit = Permit::member(scope.caller(), Permission::SendReferrals);
    // A transaction apart from the request's reads, because the audit entry of the look must be committed.
    let (is_held, complete) = scope
        .state()
        .database
        .tenant(&permit, async |tx: &TenantTx| -> Result<(bool, bool), Fault> {
            audit::record(tx, "clientRecord", None).await?;
            let filter = referral::ReferralFilter { client: Some(client.as_str().to_owned()), ..Default::default() };
            let one = Page { size: 1, end: PageEnd::First, after: None, before: None };
            let order = Some(ReferralOrder::NewestFirst);
            let referred = referral::page(tx, ReferralDirection::Outgoing, &filter, order, &one, Extent::Whole).await?;
            let known = violation::is_client(tx, Looked::by_changing(tx)?, &client).await?;
            Ok((!referred.items.is_empty() || known, sees_all(tx.actor()?)))
        })
        .await?;
    Ok(is_held.then_some(ClientRecord { client, page, complete }))
}
