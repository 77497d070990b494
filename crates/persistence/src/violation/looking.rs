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

/// How the audit calls a look at the funnel.
pub const LOOK_AT_FUNNEL: &str = "violationFunnel";

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
    note(database, Permit::member(caller, Permission::ReadViolations), operation, named).await
}

/// Writes into the audit that the caller looks at figures of violations, as [`look`] does: a 1 in a filtered count is a violation.
///
/// # Errors
/// [`StoreError::Forbidden`] without READ_VIOLATION_FIGURES.
pub async fn look_at_figures(database: &Database, caller: Caller, operation: &'static str) -> Result<Looked, StoreError> {
    note(database, Permit::member(caller, Permission::ReadViolationFigures), operation, &[]).await
}

async fn note(database: &Database, permit: Permit, operation: &'static str, named: &[Uuid]) -> Result<Looked, StoreError> {
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
