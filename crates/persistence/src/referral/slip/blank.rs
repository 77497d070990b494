//! Blank slips: printed in advance, for use without a network, and later taken by a referral.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::pg::Pg;
use diesel::sql_types::{Array, Binary, Nullable, Timestamptz, Uuid as SqlUuid};
use diesel::{ExpressionMethods, QueryDsl, Queryable, QueryableByName, Selectable, SelectableHelper};
use diesel_async::RunQueryDsl;
use pamoja_domain::id::OrganisationId;
use pamoja_domain::referral::slip::BLANK_DAYS;
use uuid::Uuid;

use super::Slip;
use crate::error::StoreError;
use crate::lock::lock;
use crate::schema::blank_slip;
use crate::statement::Statement;
use crate::transaction::TenantTx;

/// A blank slip, with what is needed to show it again.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = blank_slip, check_for_backend(Pg))]
pub struct Blank {
    /// Random bytes. A key that is kept outside the database makes the code from them.
    pub nonce: Vec<u8>,
    /// The moment until which a referral can take it.
    pub expires_at: DateTime<Utc>,
}

/// A blank slip that a referral has just taken.
#[derive(Clone, Debug)]
pub struct Bound {
    /// What its code is made from.
    pub nonce: [u8; 16],
    /// Where somebody has already been checked in with it, the first before the others; at most twenty places.
    pub waiting: Vec<Waiting>,
}

/// A check-in with a blank slip that a referral has just taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Where.
    pub organisation: OrganisationId,
    /// When.
    pub checked_in_at: DateTime<Utc>,
}

/// How many valid blank slips the acting account holds. It locks the account until the transaction ends, so that two allocations
/// at once are counted one after the other.
pub async fn held(tx: &TenantTx) -> Result<usize, StoreError> {
    let caller = tx.caller()?;
    lock(tx, "blank_slip").await?;
    let count: i64 = blank_slip::table
        .filter(blank_slip::organisation_id.eq(caller.organisation.0))
        .filter(blank_slip::user_id.eq(caller.user.0))
        .filter(blank_slip::expires_at.gt(tx.at()))
        .count()
        .get_result(&mut tx.connection()?)
        .await?;
    Ok(usize::try_from(count).unwrap_or(0))
}

/// Stores new blank slips as one batch of the acting account.
///
/// # Errors
/// [`StoreError::Conflict`] when the tenant already has a blank slip with one of these codes.
pub async fn allocate(tx: &TenantTx, batch: Uuid, slips: &[Slip]) -> Result<(), StoreError> {
    Statement::new(include_str!("allocate.sql"))
        .bind::<Array<Binary>, _>(slips.iter().map(|slip| slip.look_up_hash.to_vec()).collect::<Vec<_>>())
        .bind::<Array<Binary>, _>(slips.iter().map(|slip| slip.nonce.to_vec()).collect::<Vec<_>>())
        .bind::<SqlUuid, _>(batch)
        .bind::<Timestamptz, _>(tx.at() + TimeDelta::days(BLANK_DAYS))
        .run(tx)
        .await?;
    Ok(())
}

/// The blank slips of one of the tenant's batches that are valid and that no referral has taken, always in the same order.
pub async fn batch(tx: &TenantTx, batch: Uuid) -> Result<Vec<Blank>, StoreError> {
    Ok(blank_slip::table
        .filter(blank_slip::organisation_id.eq(tx.organisation()?.0))
        .filter(blank_slip::batch_id.eq(batch))
        .filter(blank_slip::expires_at.gt(tx.at()))
        .order_by(blank_slip::look_up_hash)
        .select(Blank::as_select())
        .load(&mut tx.connection()?)
        .await?)
}

/// Uses up a blank slip of the tenant, and returns where somebody was checked in with it. None when the tenant has no such slip, or
/// has it no longer.
pub async fn bind(tx: &TenantTx, look_up_hash: &[u8]) -> Result<Option<Bound>, StoreError> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Binary)]
        nonce: Vec<u8>,
        #[diesel(sql_type = Nullable<SqlUuid>)]
        organisation_id: Option<Uuid>,
        #[diesel(sql_type = Nullable<Timestamptz>)]
        checked_in_at: Option<DateTime<Utc>>,
    }
    let rows: Vec<Row> = Statement::new(include_str!("bind.sql")).bind::<Binary, _>(look_up_hash.to_vec()).rows(tx).await?;
    let Some(first) = rows.as_slice().first() else {
        return Ok(None);
    };
    let nonce = first.nonce.as_slice().try_into();
    let nonce = nonce.map_err(|_| StoreError::Inconsistent("a nonce isn't 16 bytes long".to_owned()))?;
    let waiting =
        |row: &Row| Some(Waiting { organisation: OrganisationId(row.organisation_id?), checked_in_at: row.checked_in_at? });
    Ok(Some(Bound { nonce, waiting: rows.iter().filter_map(waiting).collect() }))
}
