//! Taking what is open to all, in the same way for every kind. A move first asks the domain, as a taker, whether it is allowed.
//! Then it takes the thing, and finds it again as the receiver. By then a colleague may have taken it for the same organisation,
//! or another organisation may have it: then the move doesn't find it any more.

use pamoja_domain::open_to_all::Openable;
use pamoja_persistence::error::StoreError;
use pamoja_persistence::open_to_all;
use pamoja_persistence::transaction::TenantTx;

use crate::graphql::error::Failure;

/// Makes the viewer's organisation the receiver of what is open to it, unless another organisation was first.
pub(crate) async fn take(tx: &TenantTx, what: impl Into<Openable>) -> Result<(), StoreError> {
    open_to_all::take(tx, what.into()).await.map(drop)
}

/// The refusal for a viewer who doesn't find the thing: CONFLICT if they could have taken it while it was open, NOT_FOUND
/// otherwise.
pub(crate) async fn not_there(tx: &TenantTx, what: impl Into<Openable>) -> Failure {
    let what = what.into();
    match open_to_all::was_offered(tx, what).await {
        Ok(true) => what.no_longer_open().into(),
        Ok(false) => what.not_found().into(),
        Err(error) => error.into(),
    }
}
