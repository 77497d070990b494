//! Blank slips: printed in advance where there is no line, and taken by a referral later.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Array, BigInt, Binary, Nullable, Timestamptz, Uuid as SqlUuid};
use pamoja_domain::id::OrganisationId;
use pamoja_domain::slip::BLANK_DAYS;
use uuid::Uuid;

use super::Slip;
use crate::error::StoreError;
use crate::statement::Statement;
use crate::transaction::TenantTx;

/// A blank slip as it is shown again.
#[derive(Clone, Debug, QueryableByName)]
pub struct Blank {
    /// With a key that is kept elsewhere it gives the code.
    #[diesel(sql_type = Binary)]
    pub nonce: Vec<u8>,
    /// Until when a referral can take it.
    #[diesel(sql_type = Timestamptz)]
    pub expires_at: DateTime<Utc>,
}

/// A blank slip that a referral takes.
#[derive(Clone, Debug)]
pub struct Bound {
    /// What its code is made of.
    pub nonce: [u8; 16],
    /// Where its bearer has been checked in already.
    pub waiting: Option<OrganisationId>,
}

/// How many good blank slips the acting account holds. It is locked until the transaction ends, so that two allocations at once are
/// counted one after the other.
///
/// # Errors
/// When the database fails.
pub async fn held(tx: &TenantTx) -> Result<usize, StoreError> {
    #[derive(QueryableByName)]
    struct Count {
        #[diesel(sql_type = BigInt)]
        count: i64,
    }
    Statement::new("SELECT pg_advisory_xact_lock(hashtextextended('blank_slip ' || acting_user(), 0))").run(tx).await?;
    let rows: Vec<Count> = Statement::new(
        "SELECT count(*) AS count FROM blank_slip
         WHERE organisation_id = tenant() AND user_id = acting_user() AND expires_at > moment()",
    )
    .rows(tx)
    .await?;
    Ok(rows.first().map_or(0, |row| usize::try_from(row.count).unwrap_or(0)))
}

/// Keeps new blank slips as one batch of the acting account.
///
/// # Errors
/// [`StoreError::Conflict`] when the organisation has a blank slip of one of these codes.
pub async fn allocate(tx: &TenantTx, batch: Uuid, slips: &[Slip]) -> Result<(), StoreError> {
    Statement::new(
        "INSERT INTO blank_slip (organisation_id, look_up_hash, nonce, batch_id, user_id, expires_at)
         SELECT tenant(), made.look_up_hash, made.nonce, $3, acting_user(), $4
         FROM unnest($1::bytea[], $2::bytea[]) AS made (look_up_hash, nonce)",
    )
    .bind::<Array<Binary>, _>(slips.iter().map(|slip| slip.look_up_hash.to_vec()).collect::<Vec<_>>())
    .bind::<Array<Binary>, _>(slips.iter().map(|slip| slip.nonce.to_vec()).collect::<Vec<_>>())
    .bind::<SqlUuid, _>(batch)
    .bind::<Timestamptz, _>(tx.at() + TimeDelta::days(BLANK_DAYS))
    .run(tx)
    .await?;
    Ok(())
}

/// The blank slips of a batch of the own organisation that no referral has taken yet, always in the same order.
///
/// # Errors
/// When the database fails.
pub async fn batch(tx: &TenantTx, batch: Uuid) -> Result<Vec<Blank>, StoreError> {
    Statement::new(
        "SELECT nonce, expires_at FROM blank_slip
         WHERE organisation_id = tenant() AND batch_id = $1 AND expires_at > moment() ORDER BY look_up_hash",
    )
    .bind::<SqlUuid, _>(batch)
    .rows(tx)
    .await
}

/// Uses up a blank slip of the own organisation, and tells which of the candidates its bearer was first checked in at. Nothing when
/// there is no such slip, or no longer.
///
/// # Errors
/// When the database fails.
pub async fn bind(tx: &TenantTx, look_up_hash: &[u8], candidates: &[OrganisationId]) -> Result<Option<Bound>, StoreError> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Binary)]
        nonce: Vec<u8>,
        #[diesel(sql_type = Nullable<SqlUuid>)]
        waiting: Option<Uuid>,
    }
    let rows: Vec<Row> = Statement::new("SELECT nonce, waiting FROM bind_blank_slip($1, $2)")
        .bind::<Binary, _>(look_up_hash.to_vec())
        .bind::<Array<SqlUuid>, _>(candidates.iter().map(|candidate| candidate.0).collect::<Vec<_>>())
        .rows(tx)
        .await?;
    let Some(row) = rows.into_iter().next() else {
        return Ok(None);
    };
    let nonce = row.nonce.try_into().map_err(|_| StoreError::Inconsistent("a nonce isn't 16 bytes long".to_owned()))?;
    Ok(Some(Bound { nonce, waiting: row.waiting.map(OrganisationId) }))
}

/// Deletes blank slips and waiting check-ins of the own organisation that are no longer good. For the job.
///
/// # Errors
/// When the database fails.
pub async fn delete_old(tx: &TenantTx) -> Result<usize, StoreError> {
    let mut deleted = 0;
    for table in ["blank_slip", "pending_check_in"] {
        deleted += Statement::new(format!("DELETE FROM {table} WHERE organisation_id = tenant() AND expires_at <= moment()"))
            .run(tx)
            .await?;
    }
    Ok(deleted)
}
