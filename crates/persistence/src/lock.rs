//! Locks that a transaction holds until it ends.

use crate::error::StoreError;
use crate::function::take_lock;
use crate::transaction::TenantTx;

/// Takes the lock of that name of the acting user or organisation, after waiting for the transaction that holds it. Others wait until
/// this transaction ends. Whose lock it is the database looks up, and it knows only the names that `take_lock` lists.
pub(crate) async fn lock(tx: &TenantTx, what: &'static str) -> Result<(), StoreError> {
    tx.execute(diesel::select(take_lock(what))).await?;
    Ok(())
}
