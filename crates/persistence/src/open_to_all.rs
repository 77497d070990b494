//! Taking what is open to all. Two SQL functions do it for every kind of thing. They run as the owner role, because the tenant's
//! own policies don't let it change these rows.

use diesel_async::RunQueryDsl;
use pamoja_domain::open_to_all::Openable;

use crate::error::StoreError;
use crate::function;
use crate::transaction::TenantTx;

/// Addresses it to the tenant. False when another organisation was first, or when it isn't open to the tenant.
pub async fn take(tx: &TenantTx, what: Openable) -> Result<bool, StoreError> {
    Ok(diesel::select(function::take_open(what.kind(), what.id())).get_result(&mut tx.connection()?).await?)
}

/// Whether the actor could have taken it while it was open.
pub async fn was_offered(tx: &TenantTx, what: Openable) -> Result<bool, StoreError> {
    if tx.actor()?.reach(what.permission()).is_none() {
        return Ok(false);
    }
    Ok(diesel::select(function::was_offered(what.kind(), what.id())).get_result(&mut tx.connection()?).await?)
}
