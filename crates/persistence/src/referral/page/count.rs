//! How many referrals a list has.

use diesel::QueryableByName;
use diesel::sql_types::BigInt;
use pamoja_domain::access::Permission;
use pamoja_domain::page::{Count, MAXIMUM_COUNT};
use pamoja_domain::referral::ReferralDirection;

use super::filter::{ReferralFilter, Sought, push_conditions};
use crate::error::StoreError;
use crate::statement::Statement;
use crate::transaction::TenantTx;

/// How many referrals of the tenant's own lists the filter selects. None for those that it could take: how many others are still
/// open is nobody's business.
pub async fn count(tx: &TenantTx, direction: ReferralDirection, filter: &ReferralFilter) -> Result<Option<Count>, StoreError> {
    #[derive(QueryableByName)]
    struct Found {
        #[diesel(sql_type = BigInt)]
        found: i64,
    }
    let reach = tx.actor()?.reach(Permission::ReadReferrals).ok_or(StoreError::Forbidden)?;
    if direction == ReferralDirection::Open {
        return Ok(None);
    }
    let Some(sought) = Sought::new(direction, reach, filter, tx.at()) else {
        return Ok(Some(Count::of_read(0)));
    };
    let rows: Vec<Found> = statement(sought).rows(tx).await?;
    Ok(rows.first().map(|row| Count::of_read(usize::try_from(row.found).unwrap_or_default())))
}

/// It reads one row more than are counted at most, and no more.
fn statement(sought: Sought<'_>) -> Statement {
    let mut query = Statement::built("SELECT count(*) AS found FROM (".to_owned());
    query.push_sql(include_str!("../as_party.sql"));
    push_conditions(&mut query, "referral", sought);
    query.push_sql(&format!(" LIMIT {}) AS counted", MAXIMUM_COUNT + 1));
    query
}

/// Every text that it can have.
pub(super) fn statements() -> Vec<Statement> {
    let filter = ReferralFilter::default();
    let counted = Sought::every(&filter).into_iter().filter(|sought| sought.direction != ReferralDirection::Open);
    counted.map(statement).collect()
}
