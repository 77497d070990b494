//! Whoever looks at violations stands in the audit before they are shown anything.

use pamoja_domain::id::ViolationId;
use pamoja_persistence::error::StoreError;
use pamoja_persistence::transaction::TenantTx;
use pamoja_persistence::violation::{self, LOOK, LOOK_AT_LIST, Looked};
use uuid::Uuid;

use crate::graphql::error::Fault;
use crate::graphql::scope::Scope;
use crate::graphql::state::State;

/// Notes that the viewer looks at a list of violations.
///
/// # Errors
/// [`Fault::Forbidden`] without READ_VIOLATIONS.
pub(super) async fn look_at_list(scope: &Scope) -> Result<Looked, Fault> {
    Ok(violation::look(&scope.state().database, scope.caller(), LOOK_AT_LIST, &[]).await?)
}

/// Notes that the viewer looks at these violations, each under a key outside the database.
///
/// # Errors
/// [`StoreError::Forbidden`] without READ_VIOLATIONS.
pub(super) async fn look_at(state: &State, tx: &TenantTx, ids: &[ViolationId]) -> Result<Looked, StoreError> {
    let named: Vec<Uuid> = ids.iter().map(|id| state.keys.audit_name(id.0)).collect();
    violation::look(&state.database, tx.caller()?, LOOK, &named).await
}
