//! Other pseudonyms for many clients at once.

use async_graphql::SimpleObject;
use pamoja_domain::access::Permission;
use pamoja_domain::client_right::{check_reach, check_rotations, parse_rotations};
use pamoja_domain::refusal::Refusal;
use pamoja_persistence::transaction::TenantTx;
use pamoja_persistence::{audit, client_right};

use super::input::RotateClientPseudonymsInput;
use crate::graphql::error::{Failure, Fault, UserError, user_errors};
use crate::graphql::mutation::ClientMutation;
use crate::graphql::scope::Scope;

/// What came of it.
#[derive(SimpleObject)]
pub struct RotateClientPseudonymsPayload {
    /// How many clients have their new pseudonym: all that were named, or 0 when it was refused.
    rotated: i32,
    /// What to put right, item by item; empty when it worked. `field` is like ["rotations", "3", "to"], counted from 0.
    user_errors: Vec<UserError>,
}

/// Replaces all of them or none.
pub async fn rotate(scope: &Scope, input: &RotateClientPseudonymsInput) -> Result<RotateClientPseudonymsPayload, Fault> {
    let id = input.client_mutation_id.as_ref();
    let key = match ClientMutation::read("rotateClientPseudonyms", id, input, &scope.state().keys) {
        Ok(key) => key,
        Err(refusal) => return Ok(payload(Err(vec![refusal]))),
    };
    let rotated = scope
        .change(Permission::SendReferrals, async |tx: &TenantTx| -> Result<u64, Failure> {
            check_reach(tx.actor()?)?;
            let pairs: Vec<_> = input.rotations.iter().map(|item| (item.from.0.as_str(), item.to.0.as_str())).collect();
            let rotations = parse_rotations(&pairs)?;
            if let Some(rotated) = key.claim_number(tx).await? {
                return Ok(rotated);
            }
            client_right::lock_pseudonyms(tx).await?;
            check_rotations(&rotations, &client_right::known(tx, &rotations).await?)?;
            client_right::rotate(tx, &rotations).await?;
            let rotated = rotations.len() as u64;
            key.settle_number(tx, rotated).await?;
            audit::record(tx, key.operation(), None).await?;
            Ok(rotated)
        })
        .await?;
    Ok(payload(rotated))
}

fn payload(rotated: Result<u64, Vec<Refusal>>) -> RotateClientPseudonymsPayload {
    match rotated {
        Ok(rotated) => {
            RotateClientPseudonymsPayload { rotated: i32::try_from(rotated).unwrap_or(i32::MAX), user_errors: Vec::new() }
        }
        Err(refusals) => RotateClientPseudonymsPayload { rotated: 0, user_errors: user_errors(refusals) },
    }
}
