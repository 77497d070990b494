//! Gives new pseudonyms to many clients at once.

use async_graphql::SimpleObject;
use pamoja_domain::client_right::{check_rotations, parse_rotations};
use pamoja_domain::refusal::Refusal;
use pamoja_persistence::client_right;
use pamoja_persistence::transaction::TenantTx;

use super::count::Rotated;
use super::input::RotateClientPseudonymsInput;
use crate::graphql::error::{Failure, UserError, user_errors};

/// How many clients have their new pseudonym, or why the mutation was refused.
#[derive(SimpleObject)]
pub(super) struct RotateClientPseudonymsPayload {
    /// How many clients have their new pseudonym: all that you named, or 0 when the mutation was refused.
    rotated: i32,
    /// What to put right, item by item; empty when it worked. A `field` is for example ["rotations", "3", "to"], and counts
    /// items from 0.
    user_errors: Vec<UserError>,
}

/// Replaces all of the pseudonyms or none.
///
/// # Errors
/// What [`parse_rotations`] and [`check_rotations`] refuse, item by item.
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
