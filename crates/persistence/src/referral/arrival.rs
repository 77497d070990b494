//! The sender's yes: the client has arrived where somebody was checked in with the slip before the referral was sent.

use diesel_async::RunQueryDsl;
use pamoja_domain::change::ChangeKind;
use pamoja_domain::id::OrganisationId;

use super::{Referral, check_in, open, undo, write};
use crate::error::StoreError;
use crate::transaction::TenantTx;
use crate::{function, outbox};

/// Records that the client of a locked referral of the tenant has arrived at the organisation that has its slip checked in, and
/// announces that to all who saw it. One that is open to all is that organisation's from now on; any other must be so already. False
/// when no check-in waits there any more.
pub async fn confirm(tx: &TenantTx, referral: &Referral, organisation: OrganisationId) -> Result<bool, StoreError> {
    let id = referral.id;
    let mut recipients = vec![tx.organisation()?, organisation];
    let addressed = match referral.receiver {
        Some(receiver) => receiver == organisation,
        None => {
            recipients.extend(open::offered_to(tx, id).await?.into_iter().filter(|offered| *offered != organisation));
            open::close(tx, &[id.0]).await?;
            diesel::select(function::address_to_waiting(id.0, organisation.0)).get_result(&mut tx.connection()?).await?
        }
    };
    if !addressed || !write::arrive_if_awaited(tx, id, referral.state.created_at).await? {
        return Ok(false);
    }
    check_in::forget(tx, &[id.0]).await?;
    undo::forget(tx, &[id]).await?;
    outbox::announce(tx, ChangeKind::Referral, id.0, &recipients).await?;
    Ok(true)
}
