//! Looks up a slip, for the query and for the check-in alike.

use chrono::{DateTime, Utc};
use pamoja_domain::access::Permission;
use pamoja_domain::day::{day_of, hour_of};
use pamoja_domain::id::ReferralId;
use pamoja_domain::message::Message;
use pamoja_domain::referral::slip::SlipCode;
use pamoja_domain::referral::{ReferralAction, ReferralStatus, decide};
use pamoja_domain::refusal::{Refusal, UserErrorCode};
use pamoja_persistence::error::StoreError;
use pamoja_persistence::referral::slip::{self, pending::Pending};
use pamoja_persistence::referral::{self, Referral};
use pamoja_persistence::transaction::TenantTx;

use crate::keys::Keys;

/// The key of the message after too many unknown codes.
pub(super) const LIMIT_MESSAGE: &str = "slip-attempts-exceeded";

/// The result of a look-up.
pub(super) enum LookUp {
    /// The client can be checked in with the slip.
    Found(Box<Referral>),
    /// The client has been checked in with the slip, and the sender hasn't sent its referral yet.
    Pending(Pending),
    /// The slip was printed in advance, and no referral has taken it yet. When it is looked up for a check-in, none can take it before
    /// this transaction ends.
    Blank,
    /// The viewer's organisation has already checked the client in, at that moment.
    CheckedIn(Box<Referral>, DateTime<Utc>),
    /// The slip is unknown, another organisation's, used or expired. The answer is the same for all of these.
    Unknown,
    /// The account has tried too many unknown codes.
    LimitReached,
}

/// What a slip is looked up for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// To read. The sender doesn't notice it, not even by having to wait.
    Read,
    /// To check the client in. Nobody else can use the slip or move the referral before the transaction ends.
    CheckIn,
}

/// Looks up a slip. It is found when it belongs to a referral that the viewer's organisation received or could take, or was
/// printed in advance. A code that is none of these is unknown, and counts against the account's limit.
pub(super) async fn look_up(tx: &TenantTx, keys: &Keys, code: SlipCode, purpose: Purpose) -> Result<LookUp, StoreError> {
    if !slip::may_attempt(tx).await? {
        return Ok(LookUp::LimitReached);
    }
    let hash = keys.slip_look_up_hash(code);
    let mut known = slip::find_referral(tx, &hash).await?;
    // A viewer who may not receive finds only the referrals that they sent themself and go along with.
    if known.is_none() && tx.actor()?.reach(Permission::ReceiveReferrals).is_some() {
        // A check-in that waits stays one, whatever its slip has become elsewhere: only the sender's word moves the referral.
        if let Some(pending) = slip::pending::find(tx, &hash).await? {
            return Ok(LookUp::Pending(pending));
        }
        known = referral::of_slip(tx, &hash).await?;
        if known.is_none() {
            let blank = match purpose {
                Purpose::Read => slip::pending::is_blank(tx, &hash).await?,
                Purpose::CheckIn => slip::pending::hold_blank(tx, &hash).await?,
            };
            if blank {
                return Ok(LookUp::Blank);
            }
            // `hold_blank` has waited for a referral that was just taking the slip: it can be found now.
            known = find_referral(tx, &hash).await?;
        }
    }
    let Some(id) = known else {
        slip::count_attempt(tx).await?;
        return Ok(LookUp::Unknown);
    };
    let found = match purpose {
        Purpose::Read => referral::find(tx, id).await?,
        // When two desks check in with one slip at once, the second must find it used.
        Purpose::CheckIn => referral::find_for_update(tx, id).await?,
    };
    let Some(found) = found else {
        return Ok(LookUp::Unknown);
    };
    let usable = decide(found.state, ReferralAction::CheckIn, found.allowed(tx.actor()?), tx.at()).is_ok();
    if usable {
        return Ok(LookUp::Found(Box::new(found)));
    }
    Ok(match checked_in_at(tx, &found).await? {
        Some(at) => LookUp::CheckedIn(Box::new(found), at),
        None => LookUp::Unknown,
    })
}

/// When the viewer's organisation last checked the client in, if it did. It knows this already: nobody else is told.
async fn checked_in_at(tx: &TenantTx, found: &Referral) -> Result<Option<DateTime<Utc>>, StoreError> {
    let own = Some(tx.organisation()?);
    if found.receiver != own {
        return Ok(None);
    }
    let events = referral::events(tx, &[found.id]).await?;
    // A check-in that was taken back is none, and the taking back of a later move is no check-in.
    let stands = |event: &&referral::Event| !event.taken_back && !event.takes_back;
    let arrival = events.iter().rev().filter(stands).find(|event| event.status == ReferralStatus::Arrived && event.by == own);
    Ok(arrival.map(|event| event.at))
}

async fn find_referral(tx: &TenantTx, hash: &[u8]) -> Result<Option<ReferralId>, StoreError> {
    match slip::find_referral(tx, hash).await? {
        Some(id) => Ok(Some(id)),
        None => referral::of_slip(tx, hash).await,
    }
}

/// The refusal of a slip that can't be used, the same for every reason.
pub(super) fn unknown() -> Refusal {
    Refusal::of_field(UserErrorCode::NotFound, "slipCode", "slip-unknown")
}

/// The refusal of a slip with which the viewer's organisation has already checked the client in.
pub(super) fn checked_in(at: DateTime<Utc>) -> Refusal {
    let message = Message::of("slip-checked-in-already").with("day", day_of(at)).with("hour", hour_of(at));
    Refusal::of_field(UserErrorCode::IllegalTransition, "slipCode", message)
}

/// The refusal of a mutation after too many unknown codes.
pub(super) fn limit_reached() -> Refusal {
    Refusal::of_field(UserErrorCode::LimitReached, "slipCode", LIMIT_MESSAGE)
}
