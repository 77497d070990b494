//! Taking what is open to all: the same for the moves of every kind. Whoever moves it decides first, as a taker, then takes it, and then
//! finds it as a receiver: their own organisation's, taken by a colleague perhaps, or not there any more.

use pamoja_domain::open_to_all::Openable;
use pamoja_persistence::error::StoreError;
use pamoja_persistence::open_to_all;
use pamoja_persistence::transaction::TenantTx;

use crate::graphql::error::Failure;

/// Makes the own organisation the receiver of what is open to it, unless another was first.
pub(crate) async fn take(tx: &TenantTx, what: impl Into<Openable>) -> Result<(), StoreError> {
    open_to_all::take(tx, what.into()).await.map(drop)
}

/// What whoever doesn't find it is told: CONFLICT if they could have taken it, NOT_FOUND otherwise.
pub(crate) async fn not_there(tx: &TenantTx, what: impl Into<Openable>) -> Failure {
    let what = what.into();
    match open_to_all::was_offered(tx, what).await {
        Ok(true) => what.no_longer_open().into(),
        Ok(false) => what.not_found().into(),
        Err(error) => error.into(),
    }
}
