//! Blank slips, for work without a connection: printed in advance, and taken by referrals later.

use async_graphql::SimpleObject;
use pamoja_domain::access::Permission;
use pamoja_domain::referral::slip::{check_held, parse_allocation};
use pamoja_domain::refusal::Refusal;
use pamoja_persistence::error::StoreError;
use pamoja_persistence::referral::slip::blank::{self, Blank};
use pamoja_persistence::transaction::TenantTx;
use uuid::Uuid;

use super::input::AllocateSlipsInput;
use crate::graphql::error::{Fault, UserError, user_errors};
use crate::graphql::scalar::{DateTime, SlipCode};
use crate::graphql::scope::Scope;
use crate::keys::Keys;

/// A slip without a referral yet. It belongs to your organisation: everyone there who refers clients may use it, so that
/// colleagues can share a pad.
#[derive(SimpleObject)]
pub(super) struct BlankSlip {
    /// The code to print. Only this payload shows it: the server keeps nothing readable.
    slip_code: SlipCode,
    /// Until when a referral can take the slip: 60 days after it was made. Once a referral has taken it, it is valid until that
    /// referral expires.
    expires_at: DateTime,
}

/// The blank slips that were made, or why the mutation was refused.
#[derive(SimpleObject)]
pub(super) struct AllocateSlipsPayload {
    /// The slips, in no particular order; for a repeat, those that are still blank. Empty when the mutation was refused.
    slips: Vec<BlankSlip>,
    /// What to put right; empty when it worked.
    user_errors: Vec<UserError>,
}

/// Makes blank slips.
pub(super) async fn allocate(scope: &Scope, input: &AllocateSlipsInput) -> Result<AllocateSlipsPayload, Fault> {
    let keys = scope.state().keys.clone();
    let allocated = scope
        .mutate(
            "allocateSlips",
            input,
            Permission::SendReferrals,
            async |tx: &TenantTx| {
                let count = parse_allocation("count", input.count)?;
                check_held("count", blank::held(tx).await?, count)?;
                // The slips that are made together.
                let batch = Uuid::new_v4();
                let slips: Vec<_> = (0..count).map(|_| keys.new_slip().1).collect();
                blank::allocate(tx, batch, &slips).await?;
                Ok(batch)
            },
            async |tx: &TenantTx, batch: Uuid| {
                let blanks = blank::batch(tx, batch).await?;
                let slips: Result<Vec<BlankSlip>, StoreError> = blanks.into_iter().map(|blank| shown(&keys, blank)).collect();
                Ok(slips?)
            },
        )
        .await?;
    Ok(payload(allocated))
}

fn shown(keys: &Keys, blank: Blank) -> Result<BlankSlip, StoreError> {
    let nonce = blank.nonce.try_into().map_err(|_| StoreError::Inconsistent("a nonce isn't 16 bytes long".to_owned()))?;
    Ok(BlankSlip { slip_code: SlipCode(keys.slip_code(&nonce).to_string()), expires_at: blank.expires_at.into() })
}

fn payload(allocated: Result<Vec<BlankSlip>, Vec<Refusal>>) -> AllocateSlipsPayload {
    match allocated {
        Ok(slips) => AllocateSlipsPayload { slips, user_errors: Vec::new() },
        Err(refusals) => AllocateSlipsPayload { slips: Vec::new(), user_errors: user_errors(refusals) },
    }
}
