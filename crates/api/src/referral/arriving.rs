//! Checks a client in with their slip.

use pamoja_domain::access::Permission;
use pamoja_domain::id::ReferralId;
use pamoja_domain::referral::ReferralAction;
use pamoja_domain::referral::slip::{SlipCode, check_waiting};
use pamoja_persistence::referral::slip;
use pamoja_persistence::transaction::TenantTx;
use uuid::Uuid;

use super::input::CheckInReferralInput;
use super::moving::{Request, apply, as_it_is_now, taken};
use super::payload::{CheckedIn, ReferralPayload};
use super::slip::{LookUp, Purpose, checked_in, limit_reached, look_up, unknown};
use crate::graphql::error::{Failure, Fault};
use crate::graphql::scope::Scope;
use crate::keys::Keys;

/// Checks a client in with their slip.
pub(super) async fn check_in(scope: &Scope, input: &CheckInReferralInput) -> Result<ReferralPayload, Fault> {
    let keys = scope.state().keys.clone();
    let code = match SlipCode::parse("slipCode", &input.slip_code.0) {
        Ok(code) => code,
        Err(refusal) => return Ok(Err(vec![refusal]).into()),
    };
    let checked_in = scope
        .mutate(
            "checkInReferral",
            input,
            // Sending is permission enough, because a peer educator who goes along checks their own client in. The look-up
            // decides whose slip it is.
            Permission::SendReferrals,
            async |tx: &TenantTx| arrive(tx, &keys, code).await,
            async |tx: &TenantTx, node: Uuid| stands(tx, &keys, code, node).await,
        )
        .await?;
    Ok(match checked_in {
        Ok(checked_in) => checked_in.into(),
        Err(refusals) => Err(refusals).into(),
    })
}

/// Makes the check-in, and returns the id of the referral, or of the check-in that waits for it. An unknown code counts against the account's
/// limit, although nothing else is written.
async fn arrive(tx: &TenantTx, keys: &Keys, code: SlipCode) -> Result<Uuid, Failure> {
    match look_up(tx, keys, code, Purpose::CheckIn).await? {
        LookUp::Found(found) => {
            let (found, took) = taken(tx, *found, ReferralAction::CheckIn).await?;
            apply(tx, &found, &Request::Plain(ReferralAction::CheckIn), took).await?;
            Ok(found.id.0)
        }
        LookUp::Pending(pending) => Ok(pending.id),
        LookUp::Blank => {
            // The look-up has locked the account, so that two check-ins at once are counted one after the other.
            check_waiting("slipCode", slip::pending::waiting(tx).await?)?;
            Ok(slip::pending::keep(tx, &keys.slip_look_up_hash(code)).await?.id)
        }
        LookUp::CheckedIn(_, at) => Err(checked_in(at).into()),
        LookUp::Unknown => Err(Failure::Counted(vec![unknown()])),
        LookUp::LimitReached => Err(Failure::Counted(vec![limit_reached()])),
    }
}

/// Reads how the check-in stands now. For a repeat that may have changed: a check-in that waited may have met its referral
/// since.
async fn stands(tx: &TenantTx, keys: &Keys, code: SlipCode, node: Uuid) -> Result<CheckedIn, Failure> {
    if let Some(referral) = as_it_is_now(tx, ReferralId(node)).await? {
        return Ok(CheckedIn::Arrived(Some(Box::new(referral))));
    }
    let hash = keys.slip_look_up_hash(code);
    if let Some(pending) = slip::pending::find(tx, &hash).await? {
        return Ok(CheckedIn::Waiting(pending.checked_in_at));
    }
    Ok(CheckedIn::Arrived(match slip::find_referral(tx, &hash).await? {
        Some(id) => as_it_is_now(tx, id).await?.map(Box::new),
        None => None,
    }))
}
