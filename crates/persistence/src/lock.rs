//! Locks that a transaction holds until it ends.

use uuid::Uuid;

use crate::error::StoreError;
use crate::function::{hashtextextended, pg_advisory_xact_lock};
use crate::transaction::TenantTx;

/// Takes the lock for `what` of this user or organisation, after waiting for the transaction that holds it. Others wait until
/// this transaction ends.
pub(crate) async fn lock(tx: &TenantTx, what: &str, whose: Uuid) -> Result<(), StoreError> {
    tx.execute(diesel::select(pg_advisory_xact_lock(hashtextextended(format!("{what} {whose}"), 0)))).await?;
    Ok(())
}
