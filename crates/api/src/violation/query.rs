//! The violations' queries.

use async_graphql::connection::Connection;
use async_graphql::{Context, ID, Object, Result};
use pamoja_domain::access::Permission;
use pamoja_domain::violation::ViolationOrder;
use pamoja_persistence::violation::{self, ViolationFilter as Filter};

use super::draft::{ViolationDraft, draft};
use super::filter::ViolationFilter;
use super::funnel::{ViolationFunnel, ViolationFunnelFilter, funnel};
use super::looking::look_at_list;
use super::object::Violation;
use crate::graphql::connection::{PageArguments, connection, page_by_moment};
use crate::graphql::enumeration::Enumeration;
use crate::graphql::error::Fault;
use crate::graphql::scalar::Month;
use crate::graphql::scope::{Scope, nullable};

/// The fields of Query that count the organisation's own violations.
pub(crate) const COUNTING: [&str; 1] = ["violationFunnel"];
/// What it costs to count the organisation's violations. The estimate of a document's cost uses it.
const COUNTED: usize = 200;
/// How many rows a funnel has, about. The estimate of a document's cost uses it.
const ROWS: usize = 40;

/// The violations' part of Query.
#[derive(Default)]
pub(crate) struct ViolationQuery;

#[Object]
impl ViolationQuery {
    /// The violations that the viewer may read: a paralegal all of the organisation's, a caseworker and a peer educator those that they
    /// documented, and on a shared device nobody any. Null without READ_VIOLATIONS. The audit records who looked.
    #[graphql(complexity = "crate::graphql::connection::page_cost(first, last) * child_complexity")]
    #[expect(clippy::too_many_arguments, reason = "the arguments of a Relay connection")]
    async fn violations(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Selects violations; leave it out for all.")] filter: Option<ViolationFilter>,
        #[graphql(desc = "How to sort.", default_with = "Enumeration(ViolationOrder::DocumentedNewestFirst)")]
        order_by: Enumeration<ViolationOrder>,
        #[graphql(desc = "How many at most from the beginning, 1 to 100; 20 without first and last.")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many at most from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
    ) -> Option<Result<Connection<String, Violation>>> {
        let arguments = PageArguments { first, after, last, before };
        let found = async {
            let filter = filter.unwrap_or_default().parse()?;
            Ok(Some(list(Scope::of(context), &filter, order_by.0, arguments).await?))
        };
        nullable(found).await
    }

    /// What a form for a violation begins with: from a referral of your organisation whose client was turned away, mistreated or
    /// detained, or from a received one for help with the law or care. Null where there is nothing to begin with, and on a shared
    /// device. Nothing is stored.
    async fn violation_draft(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the referral.")] referral_id: ID,
    ) -> Option<Result<ViolationDraft>> {
        nullable(async { Ok(draft(Scope::of(context), &referral_id).await?) }).await
    }

    /// The justice funnel: of what your organisation documented in these months, how far it came. Exact and live, and for paralegals and
    /// analysts alone, from a device of one's own: a 1 in it is a violation. Null without READ_VIOLATION_FIGURES, whether there is anything
    /// or not. The audit records who looked.
    #[graphql(complexity = "COUNTED + ROWS * child_complexity")]
    async fn violation_funnel(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The first month in which they were documented.")] from: Month,
        #[graphql(desc = "The last month in which they were documented; 60 months at most.")] through: Month,
        #[graphql(desc = "Selects violations; leave it out for all.")] filter: Option<ViolationFunnelFilter>,
    ) -> Option<Result<ViolationFunnel>> {
        let counted = async { Ok(Some(funnel(Scope::of(context), &from, &through, filter.unwrap_or_default()).await?)) };
        nullable(counted).await
    }
}

/// A page of the violations that the viewer may read.
///
/// # Errors
/// [`Fault::Forbidden`] without READ_VIOLATIONS; [`Fault::BadRequest`] for a page that can't be.
pub(crate) async fn list(
    scope: &Scope,
    filter: &Filter,
    order: ViolationOrder,
    arguments: PageArguments,
) -> Result<Connection<String, Violation>, Fault> {
    let list = format!("violations {order}");
    // Before anything is noted in the audit: a page of no such size is no look.
    let page = page_by_moment(&list, arguments)?;
    let looked = look_at_list(scope).await?;
    let reading = scope.read(Permission::ReadViolations).await?;
    let found = violation::page(&reading.tx, looked, filter, order, &page).await?;
    let (actor, at) = (reading.tx.actor()?, reading.tx.at());
    connection(&list, found, |found| violation::cursor(order, found), |found| Violation::seen_by(found, looked, actor, at))
}
