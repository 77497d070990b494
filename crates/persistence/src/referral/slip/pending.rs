//! Pending check-ins: a client came with a blank slip before their referral was entered, and the check-in waits for the referral.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::pg::Pg;
use diesel::{ExpressionMethods, Insertable, OptionalExtension, QueryDsl, Queryable, Selectable, SelectableHelper};
use diesel_async::RunQueryDsl;
use pamoja_domain::id::ReferralId;
use pamoja_domain::referral::slip::BLANK_DAYS;
use uuid::Uuid;

use crate::error::StoreError;
use crate::function;
use crate::schema::pending_check_in;
use crate::transaction::TenantTx;

/// A check-in at the tenant that waits for its referral.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = pending_check_in, check_for_backend(Pg))]
pub struct Pending {
    /// Its id, for the audit and for repeated requests.
    pub id: Uuid,
    /// When the client was checked in.
    pub checked_in_at: DateTime<Utc>,
}

#[derive(Insertable)]
#[diesel(table_name = pending_check_in, treat_none_as_default_value = false)]
struct NewPendingRow<'a> {
    organisation_id: Uuid,
    look_up_hash: &'a [u8],
    id: Uuid,
    user_id: Uuid,
    expires_at: DateTime<Utc>,
}

/// The check-in with that slip that waits at the tenant.
pub async fn find(tx: &TenantTx, look_up_hash: &[u8]) -> Result<Option<Pending>, StoreError> {
    Ok(pending_check_in::table
        .find((tx.organisation()?.0, look_up_hash))
        .filter(pending_check_in::expires_at.gt(tx.at()))
        .select(Pending::as_select())
        .first(&mut tx.connection()?)
        .await
        .optional()?)
}

/// Whether another organisation printed that slip in advance and no referral has taken it yet. It locks nothing.
pub async fn is_blank(tx: &TenantTx, look_up_hash: &[u8]) -> Result<bool, StoreError> {
    Ok(diesel::select(function::is_blank_slip(look_up_hash)).get_result(&mut tx.connection()?).await?)
}

/// The same, held: if a referral is just taking it, this waits for it. None can take it before this transaction ends.
pub async fn hold_blank(tx: &TenantTx, look_up_hash: &[u8]) -> Result<bool, StoreError> {
    Ok(diesel::select(function::hold_blank_slip(look_up_hash)).get_result(&mut tx.connection()?).await?)
}

/// How many check-ins of the acting account wait for their referrals.
pub async fn waiting(tx: &TenantTx) -> Result<usize, StoreError> {
    let caller = tx.caller()?;
    let count: i64 = pending_check_in::table
        .filter(pending_check_in::organisation_id.eq(caller.organisation.0))
        .filter(pending_check_in::user_id.eq(caller.user.0))
        .filter(pending_check_in::expires_at.gt(tx.at()))
        .count()
        .get_result(&mut tx.connection()?)
        .await?;
    Ok(usize::try_from(count).unwrap_or(0))
}

/// Stores a check-in with a held blank slip until its referral comes. If a colleague has just stored one, it returns theirs.
pub async fn keep(tx: &TenantTx, look_up_hash: &[u8]) -> Result<Pending, StoreError> {
    // A check-in outlasts the blank slip that it was made with, so a row that conflicts with this one has never expired.
    let caller = tx.caller()?;
    let row = NewPendingRow {
        organisation_id: caller.organisation.0,
        look_up_hash,
        id: Uuid::new_v4(),
        user_id: caller.user.0,
        expires_at: tx.at() + TimeDelta::days(BLANK_DAYS),
    };
    let kept = diesel::insert_into(pending_check_in::table)
        .values(row)
        .on_conflict((pending_check_in::organisation_id, pending_check_in::look_up_hash))
        .do_nothing()
        .returning(Pending::as_returning())
        .get_result(&mut tx.connection()?)
        .await
        .optional()?;
    match kept {
        Some(kept) => Ok(kept),
        None => {
            let found = find(tx, look_up_hash).await?;
            found.ok_or_else(|| StoreError::Inconsistent("a check-in could be neither kept nor found".to_owned()))
        }
    }
}

/// Ends the wait of the check-in that the receiver of one of the tenant's new referrals made with its slip, and records the
/// arrival in the timeline. False when no check-in waits.
pub(crate) async fn meet(tx: &TenantTx, id: ReferralId) -> Result<bool, StoreError> {
    Ok(diesel::select(function::meet_pending_check_in(id.0)).get_result(&mut tx.connection()?).await?)
}
