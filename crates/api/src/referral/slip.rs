//! Looking up a slip, for the query and for the check-in alike.

use pamoja_domain::access::Permission;
use pamoja_domain::id::ReferralId;
use pamoja_domain::referral::{ReferralAction, decide};
use pamoja_domain::refusal::{Refusal, UserErrorCode};
use pamoja_domain::slip::SlipCode;
use pamoja_persistence::error::StoreError;
use pamoja_persistence::referral::{self, Referral};
use pamoja_persistence::slip::{self, pending::Pending};
use pamoja_persistence::transaction::TenantTx;

use crate::keys::Keys;

/// What is said after too many unknown codes.
pub(super) const LIMIT_MESSAGE: &str = "slip-attempts-exceeded";

/// What became of a look-up.
pub(super) enum LookUp {
    /// The client can be checked in with it.
    Found(Box<Referral>),
    /// The client has been checked in with it, and its referral hasn't been sent yet.
    Pending(Pending),
    /// It was printed in advance and no referral has taken it yet; none can before this transaction ends.
    Blank,
    /// Unknown, of another organisation, used or expired: one answer for all of them.
    Unknown,
    /// The account has tried too many unknown codes.
    LimitReached,
}

/// Looks up a slip of a referral to the own organisation, or of one that it could take, or that was printed in advance, and counts a
/// code that is nothing of this.
///
/// # Errors
/// When the database fails.
pub(super) async fn look_up(tx: &TenantTx, keys: &Keys, code: SlipCode) -> Result<LookUp, StoreError> {
    if !slip::may_attempt(tx).await? {
        return Ok(LookUp::LimitReached);
    }
    let hash = keys.slip_look_up_hash(code);
    // Who isn't at a desk finds only what they referred themself, and goes along with.
    let receives = tx.actor()?.reach(Permission::ReceiveReferrals).is_some();
    let mut known = if receives { find_referral(tx, &hash).await? } else { slip::find_referral(tx, &hash).await? };
    if known.is_none() && receives {
        if let Some(pending) = slip::pending::find(tx, &hash).await? {
            return Ok(LookUp::Pending(pending));
        }
        if slip::pending::hold_blank(tx, &hash).await? {
            return Ok(LookUp::Blank);
        }
        // A referral that was just taking the slip was waited for.
        known = find_referral(tx, &hash).await?;
    }
    let Some(id) = known else {
        slip::count_attempt(tx).await?;
        return Ok(LookUp::Unknown);
    };
    let Some(found) = lock(tx, id).await? else {
        return Ok(LookUp::Unknown);
    };
    let usable = decide(found.state, ReferralAction::CheckIn, found.allowed(tx.actor()?), tx.at()).is_ok();
    Ok(if usable { LookUp::Found(Box::new(found)) } else { LookUp::Unknown })
}

async fn find_referral(tx: &TenantTx, hash: &[u8]) -> Result<Option<ReferralId>, StoreError> {
    match slip::find_referral(tx, hash).await? {
        Some(id) => Ok(Some(id)),
        None => referral::of_slip(tx, hash).await,
    }
}

/// Locked, so that of two desks who check in with one slip the second finds it used.
async fn lock(tx: &TenantTx, id: ReferralId) -> Result<Option<Referral>, StoreError> {
    referral::find_for_update(tx, id).await
}

/// What is said of a slip that can't be used, whatever the reason.
pub(super) fn unknown() -> Refusal {
    Refusal::of_field(UserErrorCode::NotFound, "slipCode", "slip-unknown")
}

/// What is said after too many unknown codes, in a mutation.
pub(super) fn limit_reached() -> Refusal {
    Refusal::of_field(UserErrorCode::LimitReached, "slipCode", LIMIT_MESSAGE)
}
