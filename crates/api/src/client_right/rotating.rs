//! Other pseudonyms for many clients at once.

use async_graphql::SimpleObject;
use pamoja_domain::client_right::{check_rotations, parse_rotations};
use pamoja_domain::refusal::Refusal;
use pamoja_persistence::client_right;
use pamoja_persistence::transaction::TenantTx;

use super::count::Rotated;
use super::input::RotateClientPseudonymsInput;
use crate::graphql::error::{Failure, UserError, user_errors};

/// What came of it.
#[derive(SimpleObject)]
pub(super) struct RotateClientPseudonymsPayload {
    /// How many clients have their new pseudonym: all that were named, or 0 when it was refused.
    rotated: i32,
    /// What to put right, item by item; empty when it worked. `field` is like ["rotations", "3", "to"], counted from 0.
    user_errors: Vec<UserError>,
}

/// Replaces all of them or none.
///
/// # Errors
/// Item by item, what is wrong with it.
pub(super) async fn rotate(tx: &TenantTx, input: &RotateClientPseudonymsInput) -> Result<Rotated, Failure> {
    let pairs: Vec<_> = input.rotations.iter().map(|item| (item.from.0.as_str(), item.to.0.as_str())).collect();
    let rotations = parse_rotations(&pairs)?;
    client_right::lock_pseudonyms(tx).await?;
    check_rotations(&rotations, &client_right::known(tx, &rotations).await?)?;
    client_right::rotate(tx, &rotations).await?;
    Ok(Rotated(rotations.len() as u64))
}

impl From<Result<Rotated, Vec<Refusal>>> for RotateClientPseudonymsPayload {
    fn from(done: Result<Rotated, Vec<Refusal>>) -> Self {
        match done {
            Ok(Rotated(rotated)) => Self { rotated: i32::try_from(rotated).unwrap_or(i32::MAX), user_errors: Vec::new() },
            Err(refusals) => Self { rotated: 0, user_errors: user_errors(refusals) },
        }
    }
}
