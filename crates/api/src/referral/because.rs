//! A referral that is made because of a violation: who made it knows that, and nobody else.

use async_graphql::ID;
use pamoja_domain::id::ViolationId;
use pamoja_domain::refusal::{Refusal, UserErrorCode};
use pamoja_domain::violation::ViolationStatus;
use pamoja_persistence::transaction::TenantTx;
use pamoja_persistence::violation::{self, LOOK, Looked};
use uuid::Uuid;

use crate::graphql::error::Failure;
use crate::graphql::global_id::{self, Identified};

/// Here, because a referral's input is the first that names one.
impl Identified for ViolationId {
    const KIND: u8 = b'V';
    const LOOK: Option<&'static str> = Some(LOOK);

    fn from_uuid(uuid: Uuid) -> Self {
        Self(uuid)
    }

    fn uuid(self) -> Uuid {
        self.0
    }
}

/// The violation that a referral is made because of.
///
/// # Errors
/// NOT_FOUND when the viewer may not read it, which nobody may on a shared device; ILLEGAL_TRANSITION when it isn't open.
pub(super) async fn violation_of(tx: &TenantTx, violation_id: Option<&ID>) -> Result<Option<ViolationId>, Failure> {
    let Some(id) = violation_id else { return Ok(None) };
    let not_found = || Refusal::not_found("violationId");
    let id: ViolationId = global_id::decode(id).ok_or_else(not_found)?;
    let found = violation::find_for_update(tx, Looked::by_changing(tx)?, id).await?.ok_or_else(not_found)?;
    if found.status != ViolationStatus::Open {
        return Err(Refusal::of_field(UserErrorCode::IllegalTransition, "violationId", "violation-referral-ended").into());
    }
    Ok(Some(id))
}
