//! The moves of a referral: one way for all of them, from input to payload.

use async_graphql::{ID, InputType, SimpleObject};
use pamoja_domain::access::Permission;
use pamoja_domain::id::{ReferralId, ServiceId};
use pamoja_domain::referral::{
    CancelReason, DeclineReason, MOVES, MinorStatus, NonCompletionReason, Party, ReferralAction, decide, parse_schedule,
};
use pamoja_domain::refusal::{Refusal, UserErrorCode};
use pamoja_domain::slip::SlipCode;
use pamoja_persistence::referral::{self, Change};
use pamoja_persistence::transaction::TenantTx;
use pamoja_persistence::{audit, service};

use super::object::Referral;
use super::slip::{LookUp, limit_reached, look_up, unknown};
use crate::error::{Failure, Fault, UserError, user_errors};
use crate::idempotency::ClientMutation;
use crate::node_id;
use crate::scope::Scope;

/// What came of it.
#[derive(SimpleObject)]
pub struct ReferralPayload {
    /// The referral as it is now; null when it was refused.
    referral: Option<Referral>,
    /// What to put right; empty when it worked.
    user_errors: Vec<UserError>,
}

/// What is to be done, with what that needs beside the referral.
pub enum Request<'a> {
    /// A move that needs nothing else.
    Plain(ReferralAction),
    /// A check-in that the receiver vouches for.
    CheckInWithoutSlip,
    /// DECLINE.
    Decline(DeclineReason),
    /// SCHEDULE; the day is not yet checked.
    Schedule(&'a str),
    /// MOVE.
    Move(&'a ID),
    /// MARK_NOT_COMPLETED.
    NotCompleted(NonCompletionReason),
    /// CANCEL.
    Cancel(CancelReason),
}

impl Request<'_> {
    fn action(&self) -> ReferralAction {
        match self {
            Self::Plain(action) => *action,
            Self::CheckInWithoutSlip => ReferralAction::CheckIn,
            Self::Decline(_) => ReferralAction::Decline,
            Self::Schedule(_) => ReferralAction::Schedule,
            Self::Move(_) => ReferralAction::Move,
            Self::NotCompleted(_) => ReferralAction::MarkNotCompleted,
            Self::Cancel(_) => ReferralAction::Cancel,
        }
    }
}

/// Makes a move on the referral of that id.
pub async fn make<I: InputType>(
    scope: &Scope,
    operation: &'static str,
    input: &I,
    (referral_id, client_mutation_id): (&ID, Option<&String>),
    request: Request<'_>,
) -> Result<ReferralPayload, Fault> {
    let key = match ClientMutation::read(operation, client_mutation_id, input, &scope.app().keys) {
        Ok(key) => key,
        Err(refusal) => return Ok(payload(Err(vec![refusal]))),
    };
    let moved = scope
        .change(permission(request.action()), async |tx: &TenantTx| {
            let id = match key.claim(tx).await? {
                Some(node) => ReferralId(node),
                None => {
                    let not_found = || Refusal::not_found("referralId");
                    let id: ReferralId = node_id::decode(referral_id).ok_or_else(not_found)?;
                    let found = referral::find_for_update(tx, id).await?.ok_or_else(not_found)?;
                    apply(tx, &found, &request).await?;
                    key.settle(tx, id.0).await?;
                    audit::record(tx, key.operation(), Some(id.0)).await?;
                    id
                }
            };
            as_it_is_now(tx, id).await
        })
        .await?;
    Ok(payload(moved))
}

/// Checks a client in with their slip. An unknown code is counted even though nothing is done, so its transaction is kept.
pub async fn check_in<I: InputType>(
    scope: &Scope,
    input: &I,
    (slip_code, client_mutation_id): (&str, Option<&String>),
) -> Result<ReferralPayload, Fault> {
    let keys = scope.app().keys.clone();
    let read = SlipCode::parse("slipCode", slip_code)
        .and_then(|code| Ok((code, ClientMutation::read("checkInReferral", client_mutation_id, input, &keys)?)));
    let (code, key) = match read {
        Ok(read) => read,
        Err(refusal) => return Ok(payload(Err(vec![refusal]))),
    };
    let checked_in = scope
        .change(Permission::ReceiveReferrals, async |tx: &TenantTx| {
            let id = match key.claim(tx).await? {
                Some(node) => ReferralId(node),
                None => match look_up(tx, &keys, code).await? {
                    LookUp::Found(found) => {
                        apply(tx, &found, &Request::Plain(ReferralAction::CheckIn)).await?;
                        key.settle(tx, found.id.0).await?;
                        audit::record(tx, key.operation(), Some(found.id.0)).await?;
                        found.id
                    }
                    refused => {
                        key.release(tx).await?;
                        audit::record(tx, key.operation(), None).await?;
                        return Ok(Err(if matches!(refused, LookUp::Unknown) { unknown() } else { limit_reached() }));
                    }
                },
            };
            Ok(Ok(as_it_is_now(tx, id).await?))
        })
        .await?;
    Ok(payload(checked_in.and_then(|looked_up| looked_up.map_err(|refusal| vec![refusal]))))
}

/// Whose permission the move needs. Where both parties can make it, the sender's: whoever may receive may send too.
fn permission(action: ReferralAction) -> Permission {
    let by_sender = MOVES.iter().any(|row| row.action == action && row.by.contains(&Party::Sender));
    if by_sender { Permission::SendReferrals } else { Permission::ReceiveReferrals }
}

/// Decides in the domain and writes what it comes to.
async fn apply(tx: &TenantTx, found: &referral::Referral, request: &Request<'_>) -> Result<(), Failure> {
    let found = &referral::record_expiry(tx, found.clone()).await?;
    let allowed = found.allowed(tx.actor()?);
    let action = request.action();
    let status = decide(found.state, action, allowed, tx.at())?;
    let moves_on =
        !matches!(action, ReferralAction::Move) && (status != found.state.status || action == ReferralAction::Schedule);
    let mut change = Change { status: moves_on.then_some(status), ..Change::default() };
    match request {
        Request::Plain(ReferralAction::Reopen) => change.reopens = true,
        Request::Plain(ReferralAction::WithdrawConsent) => {
            change.withdraws_consent = true;
            referral::withdraw(tx, found.id).await?;
            if moves_on {
                referral::set_cancel_reason(tx, found.id, CancelReason::ConsentWithdrawn).await?;
            }
        }
        Request::Plain(_) => {}
        Request::CheckInWithoutSlip => change.without_slip = true,
        Request::Decline(reason) => change.decline_reason = Some(*reason),
        Request::Schedule(day) => change.scheduled_on = Some(parse_schedule("on", day, tx.at())?),
        Request::Move(id) => change.service = Some(own_service(tx, found, id).await?),
        Request::NotCompleted(reason) => {
            if reason.is_of_the_sender_alone() && !allowed.as_sender {
                return Err(Refusal::of_field(
                    UserErrorCode::Forbidden,
                    "reason",
                    "This reason is for the sender alone to record: choose another one.",
                )
                .into());
            }
            referral::non_completion(tx, found, *reason).await?;
        }
        Request::Cancel(reason) => referral::set_cancel_reason(tx, found.id, *reason).await?,
    }
    Ok(referral::update(tx, found, change).await?)
}

/// The service that a referral is moved to.
async fn own_service(tx: &TenantTx, found: &referral::Referral, id: &ID) -> Result<ServiceId, Failure> {
    let not_found = || Refusal::not_found("serviceId");
    let id: ServiceId = node_id::decode(id).ok_or_else(not_found)?;
    let service = service::by_ids(tx, &[id])
        .await?
        .into_iter()
        .find(|service| service.organisation == found.receiver)
        .ok_or_else(not_found)?;
    if service.closed_at.is_some() {
        return Err(Refusal::invalid("serviceId", "This service is closed: choose an open one of yours.").into());
    }
    if found.under_18 == MinorStatus::Yes && !service.accepts_minors {
        return Err(Refusal::invalid("serviceId", "The client is under 18: choose a service with acceptsMinors.").into());
    }
    Ok(id)
}

async fn as_it_is_now(tx: &TenantTx, id: ReferralId) -> Result<Option<Referral>, Failure> {
    Ok(match referral::find(tx, id).await? {
        Some(found) => Some(Referral::new(found, tx)?),
        None => None,
    })
}

fn payload(moved: Result<Option<Referral>, Vec<Refusal>>) -> ReferralPayload {
    match moved {
        Ok(referral) => ReferralPayload { referral, user_errors: Vec::new() },
        Err(refusals) => ReferralPayload { referral: None, user_errors: user_errors(refusals) },
    }
}
