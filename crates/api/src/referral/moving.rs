//! The moves of a referral. [`make`] makes all of them but the check-in with a slip, which calls [`taken`] and [`apply`] itself.

use async_graphql::ID;
use pamoja_domain::id::{ReferralId, ServiceId};
use pamoja_domain::referral::{
    CancelReason, DeclineReason, MinorStatus, NonCompletionReason, ReferralAction, decide, parse_schedule,
};
use pamoja_domain::refusal::{Refusal, UserErrorCode};
use pamoja_persistence::referral::undo::{self, Made};
use pamoja_persistence::referral::{self, Change};
use pamoja_persistence::transaction::TenantTx;
use pamoja_persistence::{client_report, service};

use super::better_place::named_instead;
use super::object::Referral;
use crate::graphql::error::Failure;
use crate::graphql::global_id;
use crate::graphql::open_to_all;

/// A move, with the input that it needs beside the referral.
pub(super) enum Request<'a> {
    /// A move that needs no other input.
    Plain(ReferralAction),
    /// CHECK_IN without a slip: the receiver vouches for it.
    CheckInWithoutSlip,
    /// DECLINE, with a better place that is not yet checked.
    Decline(DeclineReason, Option<&'a ID>),
    /// SCHEDULE, for a day that is not yet checked.
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
            Self::Decline(..) => ReferralAction::Decline,
            Self::Schedule(_) => ReferralAction::Schedule,
            Self::Move(_) => ReferralAction::Move,
            Self::NotCompleted(_) => ReferralAction::MarkNotCompleted,
            Self::Cancel(_) => ReferralAction::Cancel,
        }
    }
}

/// Makes a move on the referral with that id.
///
/// # Errors
/// NOT_FOUND when the viewer can't see the referral; CONFLICT when another organisation has taken it; and the refusals of the
/// move's rules.
pub(super) async fn make(tx: &TenantTx, referral_id: &ID, request: &Request<'_>) -> Result<ReferralId, Failure> {
    let id: ReferralId = global_id::decode(referral_id).ok_or_else(|| Refusal::not_found("referralId"))?;
    let found = locked(tx, id).await?;
    let (found, took) = taken(tx, found, request.action()).await?;
    apply(tx, &found, request, took).await?;
    Ok(id)
}

/// Reads the referral, and locks it unless it is only open to the viewer's organisation.
pub(super) async fn locked(tx: &TenantTx, id: ReferralId) -> Result<referral::Referral, Failure> {
    match referral::find_for_update(tx, id).await? {
        Some(found) => Ok(found),
        None => Err(open_to_all::not_there(tx, id).await),
    }
}

/// Takes the referral for the viewer's organisation if it is open to that one and the move may take it, and reads it again.
/// Returns any other referral as it is. The flag says whether it was taken.
pub(super) async fn taken(
    tx: &TenantTx,
    found: referral::Referral,
    action: ReferralAction,
) -> Result<(referral::Referral, bool), Failure> {
    if !found.sides().is_open_to(tx.organisation()?) {
        return Ok((found, false));
    }
    decide(found.state, action, found.allowed(tx.actor()?), tx.at())?;
    open_to_all::take(tx, found.id).await?;
    Ok((locked(tx, found.id).await?, true))
}

/// Asks the domain whether the move is allowed, and writes its result and what is needed to take it back. `took` says whether the
/// referral was taken for this move.
pub(super) async fn apply(tx: &TenantTx, found: &referral::Referral, request: &Request<'_>, took: bool) -> Result<(), Failure> {
    let found = &referral::record_expiry(tx, found.clone()).await?;
    let allowed = found.allowed(tx.actor()?);
    let action = request.action();
    let status = decide(found.state, action, allowed, tx.at())?;
    let moves_on =
        !matches!(action, ReferralAction::Move) && (status != found.state.status || action == ReferralAction::Schedule);
    let mut change = Change { status: moves_on.then_some(status), ..Change::default() };
    let mut for_good = false;
    match request {
        Request::Plain(ReferralAction::Reopen) => change.reopens = true,
        Request::Plain(ReferralAction::WithdrawConsent) => {
            change.withdraws_consent = true;
            referral::withdraw(tx, found.id).await?;
            if moves_on {
                referral::set_cancel_reason(tx, found.id, CancelReason::ConsentWithdrawn).await?;
            }
        }
        Request::Plain(ReferralAction::MarkEnteredInError) => for_good = client_report::forget_rating(tx, found.id).await?,
        Request::Plain(_) => {}
        Request::CheckInWithoutSlip => change.without_slip = true,
        Request::Decline(reason, instead) => {
            change.decline_reason = Some(*reason);
            if let Some(id) = instead {
                change.instead_service = Some(named_instead(tx, found, id).await?);
            }
        }
        Request::Schedule(day) => change.scheduled_on = Some(parse_schedule("on", day, tx.at())?),
        Request::Move(id) => change.service = Some(own_service(tx, found, id).await?),
        Request::NotCompleted(reason) => {
            if reason.is_of_the_sender_alone() && !allowed.as_sender {
                return Err(Refusal::of_field(UserErrorCode::Forbidden, "reason", "referral-reason-of-sender").into());
            }
            referral::non_completion(tx, found, *reason).await?;
        }
        Request::Cancel(reason) => referral::set_cancel_reason(tx, found.id, *reason).await?,
    }
    let event = referral::update(tx, found, change).await?;
    if action != ReferralAction::WithdrawConsent {
        let made = Made { led_to: change.status.unwrap_or(found.state.status), event, took, for_good };
        undo::keep(tx, found, made).await?;
    }
    Ok(())
}

/// Checks the service that a referral moves to: it must be the receiver's, not closed, not paused, and able to take the client.
async fn own_service(tx: &TenantTx, found: &referral::Referral, id: &ID) -> Result<ServiceId, Failure> {
    let not_found = || Refusal::not_found("serviceId");
    let id: ServiceId = global_id::decode(id).ok_or_else(not_found)?;
    let service = service::by_ids(tx, &[id])
        .await?
        .into_iter()
        .find(|service| Some(service.organisation) == found.receiver)
        .ok_or_else(not_found)?;
    if service.closed_at.is_some() {
        return Err(Refusal::invalid("serviceId", "referral-move-service-closed").into());
    }
    if service.paused {
        return Err(Refusal::invalid("serviceId", "referral-move-service-paused").into());
    }
    if found.under_18 == MinorStatus::Yes && !service.accepts_minors {
        return Err(Refusal::invalid("serviceId", "referral-move-minor").into());
    }
    if found.is_accompanied() && service.facility.is_none() {
        return Err(Refusal::invalid("serviceId", "sending-no-facility").into());
    }
    Ok(id)
}

/// Reads the referral after the change, for the payload.
pub(crate) async fn as_it_is_now(tx: &TenantTx, id: ReferralId) -> Result<Option<Referral>, Failure> {
    Ok(match referral::find(tx, id).await? {
        Some(found) => Some(Referral::new(found, tx)?),
        None => None,
    })
}
