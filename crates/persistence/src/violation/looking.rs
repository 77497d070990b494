//! Whoever looks at violations stands in the audit before they are shown anything.

use pamoja_domain::access::{Caller, Permission, Permit};
use uuid::Uuid;

use crate::audit;
use crate::database::Database;
use crate::error::StoreError;
use crate::transaction::TenantTx;

/// How the audit calls a look at one violation.
pub const LOOK: &str = "violation";
/// How the audit calls a look at a list.
pub const LOOK_AT_LIST: &str = "violations";

/// Proof that the audit says who looks. Nothing reads a violation without one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Looked(());

impl Looked {
    /// For what a mutation shows of its own change, which has an entry of its own in the transaction.
    ///
    /// # Errors
    /// [`StoreError::Inconsistent`] in a transaction that can't have one.
    pub fn by_changing(tx: &TenantTx) -> Result<Self, StoreError> {
        if tx.changes() {
            return Ok(Self(()));
        }
        Err(StoreError::Inconsistent("a violation was to be read without an audit entry".to_owned()))
    }
}

/// Writes into the audit that the caller looks at violations, and commits it: at those that are named under a key outside the database, or
/// at a list. It waits for none of the connections that requests hold, so that a request which holds one can wait for it.
///
/// # Errors
/// [`StoreError::Forbidden`] without READ_VIOLATIONS.
pub async fn look(database: &Database, caller: Caller, operation: &'static str, named: &[Uuid]) -> Result<Looked, StoreError> {
    let permit = Permit::member(caller, Permission::ReadViolations);
    database
        .aside(&permit, async |tx: &TenantTx| -> Result<Looked, StoreError> {
            if named.is_empty() {
                audit::record(tx, operation, None).await?;
            } else {
                audit::record_all(tx, operation, named).await?;
            }
            Ok(Looked(()))
        })
        .await
}
