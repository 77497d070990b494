//! A client has come with a slip.

use async_graphql::InputType;
use pamoja_domain::access::Permission;
use pamoja_domain::id::ReferralId;
use pamoja_domain::referral::ReferralAction;
use pamoja_domain::slip::SlipCode;
use pamoja_persistence::slip::pending::Pending;
use pamoja_persistence::transaction::TenantTx;
use pamoja_persistence::{audit, slip};
use uuid::Uuid;

use super::moving::{ReferralPayload, Request, apply, as_it_is_now, payload, taken};
use super::slip::{LookUp, limit_reached, look_up, unknown};
use crate::graphql::error::{Failure, Fault};
use crate::graphql::mutation::ClientMutation;
use crate::graphql::scope::Scope;

/// Checks a client in with their slip. An unknown code is counted even though nothing is done, so its transaction is kept.
pub async fn check_in<I: InputType>(
    scope: &Scope,
    input: &I,
    (slip_code, client_mutation_id): (&str, Option<&String>),
) -> Result<ReferralPayload, Fault> {
    let keys = scope.state().keys.clone();
    let read = SlipCode::parse("slipCode", slip_code)
        .and_then(|code| Ok((code, ClientMutation::read("checkInReferral", client_mutation_id, input, &keys)?)));
    let (code, key) = match read {
        Ok(read) => read,
        Err(refusal) => return Ok(payload(Err(vec![refusal]))),
    };
    let hash = keys.slip_look_up_hash(code);
    let checked_in = scope
        // A peer educator who goes along checks their own client in; whose slip it is, is decided at the look-up.
        .change(Permission::SendReferrals, async |tx: &TenantTx| {
            if let Some(node) = key.claim(tx).await? {
                return Ok(Ok(repeated(tx, node, &hash).await?));
            }
            let (node, waits) = match look_up(tx, &keys, code).await? {
                LookUp::Found(found) => {
                    let found = taken(tx, *found, ReferralAction::CheckIn).await?;
                    apply(tx, &found, &Request::Plain(ReferralAction::CheckIn)).await?;
                    (found.id.0, None)
                }
                LookUp::Pending(pending) => (pending.id, Some(pending)),
                LookUp::Blank => {
                    let pending = slip::pending::keep(tx, &hash).await?;
                    (pending.id, Some(pending))
                }
                refused @ (LookUp::Unknown | LookUp::LimitReached) => {
                    key.release(tx).await?;
                    audit::record(tx, key.operation(), None).await?;
                    return Ok(Err(if matches!(refused, LookUp::Unknown) { unknown() } else { limit_reached() }));
                }
            };
            key.settle(tx, node).await?;
            audit::record(tx, key.operation(), Some(node)).await?;
            Ok(Ok(match waits {
                Some(pending) => waiting(pending),
                None => payload(Ok(as_it_is_now(tx, ReferralId(node)).await?)),
            }))
        })
        .await?;
    Ok(match checked_in {
        Ok(Ok(payload)) => payload,
        Ok(Err(refusal)) => payload(Err(vec![refusal])),
        Err(refusals) => payload(Err(refusals)),
    })
}

/// What came of the first time, as it is now: what waited then may have met its referral since.
async fn repeated(tx: &TenantTx, node: Uuid, hash: &[u8]) -> Result<ReferralPayload, Failure> {
    if let Some(referral) = as_it_is_now(tx, ReferralId(node)).await? {
        return Ok(payload(Ok(Some(referral))));
    }
    if let Some(pending) = slip::pending::find(tx, hash).await? {
        return Ok(waiting(pending));
    }
    Ok(payload(Ok(match slip::find_referral(tx, hash).await? {
        Some(id) => as_it_is_now(tx, id).await?,
        None => None,
    })))
}

fn waiting(pending: Pending) -> ReferralPayload {
    ReferralPayload { referral: None, pending_since: Some(pending.checked_in_at.into()), user_errors: Vec::new() }
}
