//! Throttling of sign-ins, before anybody is known.

use chrono::TimeDelta;
use diesel::sql_types::{BigInt, Binary};
use diesel::{ExpressionMethods, QueryDsl};
use diesel_async::RunQueryDsl;

use crate::error::StoreError;
use crate::schema::sign_in_failure;
use crate::statement::Statement;
use crate::transaction::TenantTx;

/// For how many minutes a failure counts.
pub const FAILURE_MINUTES: i64 = 15;

/// Counts an attempt as a failure before its password is looked at, so that many at once can't slip past the limit.
/// Answers false, and counts nothing, when `limit` failures stand against the account already.
///
/// # Errors
/// When the database fails.
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

/// Whoever counts an account's failures waits for those who are at it.
async fn lock(tx: &TenantTx, account_hash: &[u8]) -> Result<(), StoreError> {
    let first = account_hash.first_chunk().ok_or_else(|| StoreError::Inconsistent("a hash is too short".to_owned()))?;
    Statement::new("SELECT pg_advisory_xact_lock($1)").bind::<BigInt, _>(i64::from_be_bytes(*first)).run(tx).await?;
    Ok(())
}

/// Takes one attempt back, whose password nobody looked at.
///
/// # Errors
/// When the database fails.
pub async fn withdraw_attempt(tx: &TenantTx, account_hash: &[u8]) -> Result<(), StoreError> {
    lock(tx, account_hash).await?;
    Statement::new(
        // Two of one microsecond would both go: nothing tells them apart, and nobody can bring that about at will.
        "DELETE FROM sign_in_failure WHERE account_hash = $1
           AND failed_at = (SELECT max(failed_at) FROM sign_in_failure WHERE account_hash = $1)",
    )
    .bind::<Binary, _>(account_hash.to_vec())
    .run(tx)
    .await?;
    Ok(())
}

/// Forgets an account's failures after a success.
///
/// # Errors
/// When the database fails.
pub async fn clear(tx: &TenantTx, account_hash: &[u8]) -> Result<(), StoreError> {
    Statement::new("DELETE FROM sign_in_failure WHERE account_hash = $1")
        .bind::<Binary, _>(account_hash.to_vec())
        .run(tx)
        .await?;
    Ok(())
}

/// Deletes failures that no longer count. For the housekeeping job.
///
/// # Errors
/// When the database fails.
pub async fn delete_old(tx: &TenantTx) -> Result<usize, StoreError> {
    let before = tx.at() - TimeDelta::minutes(FAILURE_MINUTES);
    Ok(diesel::delete(sign_in_failure::table.filter(sign_in_failure::failed_at.lt(before)))
        .execute(&mut tx.connection()?)
        .await?)
}
