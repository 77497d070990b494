//! The lists of referrals, page by page.

mod count;
mod filter;
mod received;

use chrono::{DateTime, Utc};
use diesel::sql_types::{Timestamptz, Uuid as SqlUuid};
use pamoja_domain::access::{Permission, Reach};
use pamoja_domain::page::{Page, PageOf};
use pamoja_domain::referral::{ReferralDirection, ReferralOrder};
use pamoja_domain::vocabulary::Vocabulary;
use uuid::Uuid;

pub use self::count::count;
pub(crate) use self::filter::CATCH_UP_OVERLAP;
pub use self::filter::ReferralFilter;
use self::filter::{Sought, filters, push_conditions};
pub use self::received::received;
use super::read::ReferralRow;
use super::{Referral, open};
use crate::error::StoreError;
use crate::paging::{SortColumn, every_page, push_page};
use crate::statement::Statement;
use crate::transaction::TenantTx;

/// The cursor of a list of referrals: the moment that the list is sorted by, and the id.
pub type ReferralCursor = (DateTime<Utc>, Uuid);

/// A page of the referrals that the tenant sent, received or could take. A peer educator sees only those they
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
) -> Result<PageOf<Referral>, StoreError> {
    let reach = tx.actor()?.reach(Permission::ReadReferrals).ok_or(StoreError::Forbidden)?;
    let sought = Sought { direction, reach, filter, at: tx.at() };
    let rows: Vec<ReferralRow> = statement(sought, order, page).rows(tx).await?;
    Ok(PageOf::from_read(page, rows.into_iter().map(Referral::try_from).collect::<Result<Vec<_>, _>>()?))
}

fn statement(sought: Sought<'_>, order: Option<ReferralOrder>, page: &Page<ReferralCursor>) -> Statement {
    let (table, moment, id, descending) = match order {
        None if sought.direction == ReferralDirection::Open => ("referral", open::BY_URGENCY.as_str(), "referral.id", true),
        None | Some(ReferralOrder::NewestFirst) => ("referral", "referral.created_at", "referral.id", true),
        Some(ReferralOrder::OldestFirst) => ("referral", "referral.created_at", "referral.id", false),
        Some(ReferralOrder::RecentlyUpdatedFirst) => ("progress", "progress.updated_at", "progress.referral_id", true),
        Some(ReferralOrder::ExpiringFirst) => ("progress", "progress.expires_at", "progress.referral_id", false),
    };
    let mut query = sought.begin();
    push_conditions(&mut query, table, sought);
    let key = [moment, id].map(|expression| SortColumn { expression, descending });
    push_page(&mut query, &key, page, |query, (at, id)| vec![query.add::<Timestamptz, _>(*at), query.add::<SqlUuid, _>(*id)]);
    query
}

/// A set of variants in which each part of the statement occurs.
pub(crate) fn statements() -> Vec<Statement> {
    let at = DateTime::UNIX_EPOCH;
    let filters = filters();
    let all = &filters[1];
    let orders = || std::iter::once(None).chain(ReferralOrder::ALL.iter().copied().map(Some));
    let pages = every_page(&(at, Uuid::nil()));
    let mut statements = received::statements();
    statements.extend(count::statements());
    for direction in ReferralDirection::ALL.iter().copied() {
        for reach in [Reach::Organisation, Reach::OwnOnly] {
            for filter in &filters {
                statements.push(statement(Sought { direction, reach, filter, at }, None, &pages[0]));
            }
            for order in orders() {
                for page in &pages {
                    statements.push(statement(Sought { direction, reach, filter: all, at }, order, page));
                }
            }
        }
    }
    statements
}
