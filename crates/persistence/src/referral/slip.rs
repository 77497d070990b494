//! Slips: the sender makes them, and only the addressed organisation can find a referral by one. The database never holds a
//! readable code.

pub mod blank;
pub mod pending;

use diesel::{ExpressionMethods, OptionalExtension, QueryDsl};
use diesel_async::RunQueryDsl;
use pamoja_domain::id::ReferralId;
use pamoja_domain::retention::SLIP_ATTEMPT;
use uuid::Uuid;

use crate::error::StoreError;
use crate::lock::lock;
use crate::schema::{referral_slip, slip_attempt};
use crate::transaction::TenantTx;

/// An account can try this many unknown slip codes within an hour.
pub const ATTEMPTS_AN_HOUR: i64 = 5;

/// What a slip's code is made from, and what the slip is found by.
#[derive(Clone, Debug)]
pub struct Slip {
    /// Random bytes. A key that is kept outside the database makes the code from them again.
    pub nonce: [u8; 16],
    /// The keyed hash of the code, under another key that is kept outside the database.
    pub look_up_hash: [u8; 32],
}

/// Gives a referral of the tenant another slip. The slip that it had no longer works.
///
/// # Errors
/// [`StoreError::Conflict`] when another slip for the same receiver has this code: try again with another nonce.
pub async fn replace(tx: &TenantTx, id: ReferralId, receiver: Option<Uuid>, slip: &Slip) -> Result<(), StoreError> {
    remove(tx, id).await?;
    insert(tx, id, receiver, slip).await
}

/// Takes the slip from a referral of the tenant.
pub async fn remove(tx: &TenantTx, id: ReferralId) -> Result<(), StoreError> {
    tx.execute(diesel::delete(referral_slip::table.find((tx.organisation()?.0, id.0)))).await?;
    Ok(())
}

/// Gives a referral of the tenant its first slip.
pub(crate) async fn insert(tx: &TenantTx, id: ReferralId, receiver: Option<Uuid>, slip: &Slip) -> Result<(), StoreError> {
    let sender = tx.organisation()?.0;
    diesel::insert_into(referral_slip::table)
        .values((
            referral_slip::from_organisation_id.eq(sender),
            referral_slip::referral_id.eq(id.0),
            referral_slip::to_organisation_id.eq(receiver),
            referral_slip::nonce.eq(slip.nonce.as_slice()),
            referral_slip::look_up_hash.eq(slip.look_up_hash.as_slice()),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    Ok(())
}

/// The nonce of the slip of one of the tenant's referrals, to show the slip again.
pub async fn nonce(tx: &TenantTx, id: ReferralId) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(referral_slip::table
        .find((tx.organisation()?.0, id.0))
        .select(referral_slip::nonce)
        .first(&mut tx.connection()?)
        .await
        .optional()?)
}

/// The referral to the tenant that this slip belongs to.
pub async fn find_referral(tx: &TenantTx, look_up_hash: &[u8]) -> Result<Option<ReferralId>, StoreError> {
    let id: Option<Uuid> = referral_slip::table
        .filter(referral_slip::to_organisation_id.eq(tx.organisation()?.0))
        .filter(referral_slip::look_up_hash.eq(look_up_hash))
        .select(referral_slip::referral_id)
        .first(&mut tx.connection()?)
        .await
        .optional()?;
    Ok(id.map(ReferralId))
}

/// Whether the acting user may try a slip code now. It locks their account until the transaction ends, so that many tries at once
/// are counted one after the other.
pub async fn may_attempt(tx: &TenantTx) -> Result<bool, StoreError> {
    let caller = tx.caller()?;
    lock(tx, "slip_attempt").await?;
    let attempts: i64 = slip_attempt::table
        .filter(slip_attempt::organisation_id.eq(caller.organisation.0))
        .filter(slip_attempt::user_id.eq(caller.user.0))
        .filter(slip_attempt::attempted_at.gt(tx.at() - SLIP_ATTEMPT))
        .count()
        .get_result(&mut tx.connection()?)
        .await?;
    Ok(attempts < ATTEMPTS_AN_HOUR)
}

/// Counts one unknown slip code that the acting user tried.
pub async fn count_attempt(tx: &TenantTx) -> Result<(), StoreError> {
    let caller = tx.caller()?;
    diesel::insert_into(slip_attempt::table)
        .values((slip_attempt::organisation_id.eq(caller.organisation.0), slip_attempt::user_id.eq(caller.user.0)))
        .execute(&mut tx.connection()?)
        .await?;
    Ok(())
}
