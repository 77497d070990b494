//! Throttling of sign-ins, while the program doesn't know yet who is asking.

use chrono::TimeDelta;
use diesel::dsl::max;
use diesel::{ExpressionMethods, NullableExpressionMethods, QueryDsl};
use diesel_async::RunQueryDsl;
use pamoja_domain::retention::SIGN_IN_FAILURE;

use crate::error::StoreError;
use crate::function::pg_advisory_xact_lock;
use crate::schema::sign_in_failure;
use crate::transaction::TenantTx;

/// A failure counts for this many minutes.
pub const FAILURE_MINUTES: i64 = SIGN_IN_FAILURE.num_minutes();

/// Counts an attempt as a failure before its password is checked, so that many attempts at once can't exceed the limit. False,
/// with nothing counted, when `limit` failures already stand against the account.
pub async fn begin_attempt(tx: &TenantTx, account_hash: &[u8], limit: i64) -> Result<bool, StoreError> {
    lock(tx, account_hash).await?;
    let since = tx.at() - TimeDelta::minutes(FAILURE_MINUTES);
    let failures: i64 = sign_in_failure::table
        .filter(sign_in_failure::account_hash.eq(account_hash))
        .filter(sign_in_failure::failed_at.gt(since))
        .count()
        .get_result(&mut tx.connection()?)
        .await?;
    if failures >= limit {
        return Ok(false);
    }
    diesel::insert_into(sign_in_failure::table)
        .values(sign_in_failure::account_hash.eq(account_hash))
        .execute(&mut tx.connection()?)
        .await?;
    Ok(true)
}

/// Locks an account's failures until the transaction ends, so that attempts are counted one after the other.
async fn lock(tx: &TenantTx, account_hash: &[u8]) -> Result<(), StoreError> {
    let first = account_hash.first_chunk().ok_or_else(|| StoreError::Inconsistent("a hash is too short".to_owned()))?;
    tx.execute(diesel::select(pg_advisory_xact_lock(i64::from_be_bytes(*first)))).await?;
    Ok(())
}

/// Removes an attempt whose password was never checked.
pub async fn withdraw_attempt(tx: &TenantTx, account_hash: &[u8]) -> Result<(), StoreError> {
    lock(tx, account_hash).await?;
    // Two attempts in the same microsecond would both be removed: nothing distinguishes them, and nobody can bring that about at
    // will.
    let counted = diesel::alias!(sign_in_failure as counted);
    let last = counted
        .filter(counted.field(sign_in_failure::account_hash).eq(account_hash))
        .select(max(counted.field(sign_in_failure::failed_at)))
        .single_value();
    let attempt = sign_in_failure::table
        .filter(sign_in_failure::account_hash.eq(account_hash))
        .filter(sign_in_failure::failed_at.nullable().eq(last));
    tx.execute(diesel::delete(attempt)).await?;
    Ok(())
}

/// Deletes an account's failures after a successful sign-in.
pub async fn clear(tx: &TenantTx, account_hash: &[u8]) -> Result<(), StoreError> {
    tx.execute(diesel::delete(sign_in_failure::table.filter(sign_in_failure::account_hash.eq(account_hash)))).await?;
    Ok(())
}
