//! Forgetting: by when something had to happen, a week after that; and what is personal, some months after the ending.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::sql_types::{Date, Integer, Timestamptz};
use diesel::{OptionalExtension, QueryDsl};
use diesel_async::RunQueryDsl;
use pamoja_domain::month::Month;
use pamoja_domain::violation::{FORGET_DAYS, forgotten_at};

use crate::batch::{Batch, DELETION_BATCH};
use crate::error::StoreError;
use crate::schema::violation_retention;
use crate::statement::Statement;
use crate::transaction::TenantTx;

/// Forgets by when something had to happen, where that was before this moment.
pub(crate) async fn forget_act_before(tx: &TenantTx, before: DateTime<Utc>) -> Result<Batch, StoreError> {
    let rows = Statement::new(include_str!("forget_act_before.sql")).bind::<Timestamptz, _>(before).run(tx).await?;
    Ok(Batch { rows, more: rows >= DELETION_BATCH })
}

/// Forgets author, pseudonym, note and links of what ended long enough ago, and to whom it was done. Codes, county and months stay. How long
/// they are kept the organisation chooses.
pub(crate) async fn forget_personal(tx: &TenantTx) -> Result<Batch, StoreError> {
    let chosen: Option<i32> = violation_retention::table
        .find(tx.organisation()?.0)
        .select(violation_retention::days)
        .first(&mut tx.connection()?)
        .await
        .optional()?;
    let days = chosen.map_or(FORGET_DAYS, i64::from);
    let rows = Statement::new(include_str!("forget_personal.sql"))
        .bind::<Date, _>(latest_forgotten(tx.at(), days).first_day())
        .run(tx)
        .await?;
    Ok(Batch { rows, more: rows >= DELETION_BATCH })
}

/// Sets for how many days after the month of its ending the tenant keeps what is personal of a violation. The domain has checked them. The
/// operator's command calls it.
pub async fn keep_for(tx: &TenantTx, days: i64) -> Result<(), StoreError> {
    let statement = Statement::new(include_str!("keep_for.sql"));
    statement.bind::<Integer, _>(i32::try_from(days).unwrap_or(i32::MAX)).run(tx).await?;
    Ok(())
}

/// The latest month whose endings are forgotten at that moment.
fn latest_forgotten(at: DateTime<Utc>, days: i64) -> Month {
    let mut month = Month::at(at - TimeDelta::days(days));
    while forgotten_at(month, days) > at {
        month = month.before();
    }
    month
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// It is the latest: its endings are forgotten, and those of the next month are not.
        #[test]
        fn the_latest_month_that_is_forgotten_is_found(hours in 0..400_000_i64, days in 30..=730_i64) {
            let at = DateTime::UNIX_EPOCH + TimeDelta::days(20_000) + TimeDelta::hours(hours);
            let month = latest_forgotten(at, days);
            prop_assert!(forgotten_at(month, days) <= at, "{} {}", month, at);
            prop_assert!(forgotten_at(month.plus(1), days) > at, "{} {}", month, at);
        }
    }
}
