//! The lists of referrals, page by page.

mod count;
mod filter;
mod received;

use chrono::{DateTime, Utc};
use diesel::sql_types::{Nullable, Timestamptz, Uuid as SqlUuid};
use pamoja_domain::access::Permission;
use pamoja_domain::page::{Page, PageOf};
use pamoja_domain::referral::{ReferralDirection, ReferralOrder};
use pamoja_domain::vocabulary::Vocabulary;
use uuid::Uuid;

pub use self::count::count;
pub(crate) use self::filter::CATCH_UP_OVERLAP;
pub use self::filter::ReferralFilter;
use self::filter::{Sought, push_conditions};
pub use self::received::received;
use super::open;
use super::outline::{Extent, Outline, outlines};
use crate::error::StoreError;
use crate::paging::{SortColumn, SortKind, every_page, push_page};
use crate::statement::Statement;
use crate::transaction::TenantTx;

/// The cursor of a list of referrals: the moment that the list is sorted by, and the id.
pub type ReferralCursor = (DateTime<Utc>, Uuid);

/// A page of the referrals that the tenant sent, received or could take, read to that extent or further. A peer educator sees only those they
/// sent themself, and sent ones that were assigned to them.
///
/// Without an order, open referrals come in the order of their urgency, and all others newest first. [`received()`] has the order in
/// which the receiver sees them.
pub async fn page(
    tx: &TenantTx,
    direction: ReferralDirection,
    filter: &ReferralFilter,
    order: Option<ReferralOrder>,
    page: &Page<ReferralCursor>,
    extent: Extent,
) -> Result<PageOf<Outline>, StoreError> {
    let reach = tx.actor()?.reach(Permission::ReadReferrals).ok_or(StoreError::Forbidden)?;
    let Some(sought) = Sought::new(direction, reach, filter, tx.at()) else {
        return Ok(PageOf::from_read(page, Vec::new()));
    };
    let extent = sought.extent(extent);
    let rows = statement(sought, order, page, extent).rows(tx).await?;
    Ok(PageOf::from_read(page, outlines(rows, extent)?))
}

fn statement(sought: Sought<'_>, order: Option<ReferralOrder>, page: &Page<ReferralCursor>, extent: Extent) -> Statement {
    let is_open = sought.direction == ReferralDirection::Open;
    let (table, moment, id, descending) = match order {
        None if is_open => ("referral", open::BY_URGENCY.as_str(), "referral.id", true),
        None | Some(ReferralOrder::NewestFirst) => ("referral", "referral.created_at", "referral.id", true),
        Some(ReferralOrder::OldestFirst) => ("referral", "referral.created_at", "referral.id", false),
        Some(ReferralOrder::RecentlyUpdatedFirst) => ("progress", "progress.updated_at", "progress.referral_id", true),
        Some(ReferralOrder::ExpiringFirst) => ("progress", "progress.expires_at", "progress.referral_id", false),
    };
    let mut query = Statement::built(if is_open { include_str!("as_taker.sql") } else { extent.as_party() }.to_owned());
    push_conditions(&mut query, table, sought);
    let key =
        [(moment, SortKind::Moment), (id, SortKind::Id)].map(|(expression, kind)| SortColumn { expression, descending, kind });
    push_page(&mut query, &key, page, |query, cursor| {
        let (at, id) = cursor.copied().unzip();
        vec![query.add::<Nullable<Timestamptz>, _>(at), query.add::<Nullable<SqlUuid>, _>(id)]
    });
    query
}

/// Every text that these lists can have.
pub(crate) fn statements() -> Vec<Statement> {
    let filter = &ReferralFilter::default();
    let mut statements = received::statements();
    statements.extend(count::statements());
    for sought in Sought::every(filter) {
        // Without an order, the other directions have the newest first.
        let by_urgency = (sought.direction == ReferralDirection::Open).then_some(None);
        for order in by_urgency.into_iter().chain(ReferralOrder::ALL.iter().copied().map(Some)) {
            for extent in sought.extents() {
                statements.extend(every_page().map(|page| statement(sought, order, &page, *extent)));
            }
        }
    }
    statements
}
