//! Check-ins with a slip whose referral isn't there yet: they wait for it.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Binary, Bool, Timestamptz, Uuid as SqlUuid};
use pamoja_domain::id::ReferralId;
use pamoja_domain::slip::BLANK_DAYS;
use uuid::Uuid;

use crate::error::StoreError;
use crate::statement::Statement;
use crate::transaction::TenantTx;

/// A check-in at the own organisation that waits for its referral.
#[derive(Clone, Copy, Debug, PartialEq, Eq, QueryableByName)]
pub struct Pending {
    /// Its id, for the audit and for a repeat.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// When the client came.
    #[diesel(sql_type = Timestamptz)]
    pub checked_in_at: DateTime<Utc>,
}

#[derive(QueryableByName)]
struct Answer {
    #[diesel(sql_type = Bool)]
    yes: bool,
}

/// The check-in with that slip that waits at the own organisation.
///
/// # Errors
/// When the database fails.
pub async fn find(tx: &TenantTx, look_up_hash: &[u8]) -> Result<Option<Pending>, StoreError> {
    let rows: Vec<Pending> = Statement::new(
        "SELECT id, checked_in_at FROM pending_check_in
         WHERE organisation_id = tenant() AND look_up_hash = $1 AND expires_at > moment()",
    )
    .bind::<Binary, _>(look_up_hash.to_vec())
    .rows(tx)
    .await?;
    Ok(rows.into_iter().next())
}

/// Whether another organisation printed that slip in advance and no referral has taken it yet; none can take it before this transaction
/// ends, and one that is just taking it is waited for.
///
/// # Errors
/// When the database fails.
pub async fn hold_blank(tx: &TenantTx, look_up_hash: &[u8]) -> Result<bool, StoreError> {
    let rows: Vec<Answer> =
        Statement::new("SELECT hold_blank_slip($1) AS yes").bind::<Binary, _>(look_up_hash.to_vec()).rows(tx).await?;
    Ok(rows.first().is_some_and(|answer| answer.yes))
}

/// Keeps a check-in with a held blank slip until its referral comes; the one that a colleague has just kept is as good.
///
/// # Errors
/// When the database fails.
pub async fn keep(tx: &TenantTx, look_up_hash: &[u8]) -> Result<Pending, StoreError> {
    // A check-in outlasts the blank slip that it was made with: what stands against this is never one that has expired.
    let rows: Vec<Pending> = Statement::new(
        "INSERT INTO pending_check_in (organisation_id, look_up_hash, id, user_id, expires_at)
         VALUES (tenant(), $1, $2, acting_user(), $3)
         ON CONFLICT (organisation_id, look_up_hash) DO NOTHING RETURNING id, checked_in_at",
    )
    .bind::<Binary, _>(look_up_hash.to_vec())
    .bind::<SqlUuid, _>(Uuid::new_v4())
    .bind::<Timestamptz, _>(tx.at() + TimeDelta::days(BLANK_DAYS))
    .rows(tx)
    .await?;
    match rows.into_iter().next() {
        Some(kept) => Ok(kept),
        None => {
            let found = find(tx, look_up_hash).await?;
            found.ok_or_else(|| StoreError::Inconsistent("a check-in could be neither kept nor found".to_owned()))
        }
    }
}

/// Ends the wait of the check-in that the receiver of a new referral of the own organisation has made with its slip, and records the
/// arrival in the timeline. False when none waits.
///
/// # Errors
/// When the database fails.
pub(crate) async fn meet(tx: &TenantTx, id: ReferralId) -> Result<bool, StoreError> {
    let rows: Vec<Answer> = Statement::new("SELECT meet_pending_check_in($1) AS yes").bind::<SqlUuid, _>(id.0).rows(tx).await?;
    Ok(rows.first().is_some_and(|answer| answer.yes))
}
