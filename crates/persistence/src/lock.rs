//! Locks that a transaction holds until it ends.

use uuid::Uuid;

use crate::error::StoreError;
use crate::function::{hashtextextended, pg_advisory_xact_lock};
use crate::transaction::TenantTx;

/// Waits for whoever does the same for the same user or organisation, and keeps others waiting until the transaction ends.
pub(crate) async fn lock(tx: &TenantTx, what: &str, whose: Uuid) -> Result<(), StoreError> {
    tx.execute(diesel::select(pg_advisory_xact_lock(hashtextextended(format!("{what} {whose}"), 0)))).await?;
    Ok(())
}
