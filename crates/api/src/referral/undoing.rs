//! Takes back the viewer's last move.

use async_graphql::ID;
use pamoja_domain::id::ReferralId;
use pamoja_domain::referral::{ReferralAction, decide};
use pamoja_domain::refusal::Refusal;
use pamoja_persistence::referral::undo;
use pamoja_persistence::transaction::TenantTx;

use super::moving::locked;
use crate::graphql::error::Failure;
use crate::graphql::global_id;

/// Takes back the viewer's last move on the referral with that id.
///
/// # Errors
/// NOT_FOUND when the viewer can't see the referral, CONFLICT when another organisation has taken it, and the refusals of the rules.
pub(super) async fn take_back(tx: &TenantTx, referral_id: &ID) -> Result<ReferralId, Failure> {
    let id: ReferralId = global_id::decode(referral_id).ok_or_else(|| Refusal::not_found("referralId"))?;
    let found = locked(tx, id).await?;
    decide(found.state, ReferralAction::Undo, found.allowed(tx.actor()?), tx.at())?;
    undo::take_back(tx, &found).await?;
    Ok(id)
}
