//! Looking up a slip, for the query and for the check-in alike.

use pamoja_domain::access::Permission;
use pamoja_domain::id::ReferralId;
use pamoja_domain::referral::{ReferralAction, decide};
use pamoja_domain::refusal::{Refusal, UserErrorCode};
use pamoja_domain::slip::SlipCode;
use pamoja_persistence::error::StoreError;
use pamoja_persistence::referral::{self, Referral};
use pamoja_persistence::slip;
use pamoja_persistence::transaction::TenantTx;

use crate::keys::Keys;

/// What is said after too many unknown codes.
pub const LIMIT_MESSAGE: &str = "Five unknown slip codes within an hour: wait an hour, or check the client in without the slip. Serve the client in any case.";

/// What became of a look-up.
pub enum LookUp {
    /// The client can be checked in with it.
    Found(Box<Referral>),
    /// Unknown, of another organisation, used or expired: one answer for all of them.
    Unknown,
    /// The account has tried too many unknown codes.
    LimitReached,
}

/// Looks up a slip of the own organisation and counts a code that nobody issued to it.
///
/// # Errors
/// When the database fails.
pub async fn look_up(tx: &TenantTx, keys: &Keys, code: SlipCode) -> Result<LookUp, StoreError> {
    if !slip::may_attempt(tx).await? {
        return Ok(LookUp::LimitReached);
    }
    let Some(id) = slip::find_referral(tx, &keys.slip_look_up_hash(code)).await? else {
        slip::count_attempt(tx).await?;
        return Ok(LookUp::Unknown);
    };
    let Some(found) = lock(tx, id).await? else {
        return Ok(LookUp::Unknown);
    };
    let usable = decide(found.state, ReferralAction::CheckIn, found.allowed(tx.actor()?), tx.at()).is_ok();
    Ok(if usable { LookUp::Found(Box::new(found)) } else { LookUp::Unknown })
}

/// Locked, so that of two desks who check in with one slip the second finds it used.
async fn lock(tx: &TenantTx, id: ReferralId) -> Result<Option<Referral>, StoreError> {
    debug_assert!(tx.actor()?.reach(Permission::ReceiveReferrals).is_some(), "only receivers look up slips");
    referral::find_for_update(tx, id).await
}

/// What is said of a slip that can't be used, whatever the reason.
pub fn unknown() -> Refusal {
    Refusal::of_field(
        UserErrorCode::NotFound,
        "slipCode",
        "No referral can be checked in with this slip. Serve the client, and ask the organisation that sent them.",
    )
}

/// What is said after too many unknown codes, in a mutation.
pub fn limit_reached() -> Refusal {
    Refusal::of_field(UserErrorCode::LimitReached, "slipCode", LIMIT_MESSAGE)
}
