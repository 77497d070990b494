//! Blank slips, for where there is no line: printed in advance, and taken by referrals later.

use async_graphql::SimpleObject;
use pamoja_domain::access::Permission;
use pamoja_domain::refusal::Refusal;
use pamoja_domain::slip::{check_held, parse_allocation};
use pamoja_persistence::audit;
use pamoja_persistence::error::StoreError;
use pamoja_persistence::slip::blank::{self, Blank};
use pamoja_persistence::transaction::TenantTx;
use uuid::Uuid;

use super::input::AllocateSlipsInput;
use crate::graphql::error::{Failure, Fault, UserError, user_errors};
use crate::graphql::mutation::ClientMutation;
use crate::graphql::scalar::{DateTime, SlipCode};
use crate::graphql::scope::Scope;
use crate::keys::Keys;

/// A slip without a referral yet. It belongs to the organisation: whoever of it refers may use it, so that colleagues can share a pad.
#[derive(SimpleObject)]
pub struct BlankSlip {
    /// What to print. It is shown here alone: the server keeps nothing readable.
    slip_code: SlipCode,
    /// Until when a referral can take it, 60 days after it was made. Once one has, it is good until that referral expires.
    expires_at: DateTime,
}

/// What came of it.
#[derive(SimpleObject)]
pub struct AllocateSlipsPayload {
    /// The slips, in no order; for a repeat those that are still blank. Empty when it was refused.
    slips: Vec<BlankSlip>,
    /// What to put right; empty when it worked.
    user_errors: Vec<UserError>,
}

/// Makes blank slips.
pub async fn allocate(scope: &Scope, input: &AllocateSlipsInput) -> Result<AllocateSlipsPayload, Fault> {
    let keys = scope.state().keys.clone();
    let key = match ClientMutation::read("allocateSlips", input.client_mutation_id.as_ref(), input, &keys) {
        Ok(key) => key,
        Err(refusal) => return Ok(payload(Err(vec![refusal]))),
    };
    let allocated = scope
        .change(Permission::SendReferrals, async |tx: &TenantTx| {
            let batch = match key.claim(tx).await? {
                Some(batch) => batch,
                None => {
                    let count = parse_allocation("count", input.count)?;
                    check_held("count", blank::held(tx).await?, count)?;
                    let batch = Uuid::new_v4();
                    let slips: Vec<_> = (0..count).map(|_| keys.new_slip().1).collect();
                    blank::allocate(tx, batch, &slips).await?;
                    key.settle(tx, batch).await?;
                    audit::record(tx, key.operation(), Some(batch)).await?;
                    batch
                }
            };
            let slips: Result<Vec<BlankSlip>, StoreError> =
                blank::batch(tx, batch).await?.into_iter().map(|blank| shown(&keys, blank)).collect();
            Ok::<_, Failure>(slips?)
        })
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
