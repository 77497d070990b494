//! Who did what to which id, written in the transaction that did it, and the chain that shows when an entry is missing.

use std::fmt;
use std::io::Write;

use chrono::{DateTime, Utc};
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{Array, BigInt, Record, Text, Uuid as SqlUuid};
use diesel::{ExpressionMethods, Insertable, OptionalExtension, QueryDsl, Queryable, Selectable, SelectableHelper};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::error::StoreError;
use crate::function::{pg_current_snapshot, pg_snapshot_xmin};
use crate::lock::lock;
use crate::schema::sql_types::Xid8;
use crate::schema::{audit_entry, audit_seal};
use crate::statement::Statement;
use crate::transaction::TenantTx;

/// How many entries one seal covers at the most.
pub const SEAL_SIZE: i64 = 5_000;

#[derive(Insertable)]
#[diesel(table_name = audit_entry)]
struct NewEntryRow {
    organisation_id: Uuid,
    user_id: Option<Uuid>,
    action: &'static str,
    node_id: Option<Uuid>,
}

/// Writes the audit entry of what this transaction does: the operation's name and the id it is about, never content.
pub async fn record(tx: &TenantTx, action: &'static str, node: Option<Uuid>) -> Result<(), StoreError> {
    let entry = NewEntryRow {
        organisation_id: tx.organisation()?.0,
        user_id: tx.caller().ok().map(|caller| caller.user.0),
        action,
        node_id: node,
    };
    tx.execute(diesel::insert_into(audit_entry::table).values(entry)).await?;
    tx.note_audited();
    Ok(())
}

/// Writes an audit entry for each of those ids, in one statement.
pub(crate) async fn record_all(tx: &TenantTx, action: &'static str, nodes: &[Uuid]) -> Result<(), StoreError> {
    let entries = Statement::new(include_str!("audit/record_all.sql"));
    entries.bind::<Text, _>(action).bind::<Array<SqlUuid>, _>(nodes.to_vec()).run(tx).await?;
    tx.note_audited();
    Ok(())
}

/// How many entries the own organisation has.
pub async fn count(tx: &TenantTx) -> Result<i64, StoreError> {
    Ok(audit_entry::table
        .filter(audit_entry::organisation_id.eq(tx.organisation()?.0))
        .count()
        .get_result(&mut tx.connection()?)
        .await?)
}

/// The number of the transaction that wrote an entry. They count up as transactions begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, AsExpression, FromSqlRow)]
#[diesel(sql_type = Xid8)]
pub struct TransactionId(u64);

impl fmt::Display for TransactionId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl ToSql<Xid8, Pg> for TransactionId {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        out.write_all(&self.0.to_be_bytes())?;
        Ok(IsNull::No)
    }
}

impl FromSql<Xid8, Pg> for TransactionId {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        Ok(Self(u64::from_be_bytes(value.as_bytes().try_into()?)))
    }
}

/// An entry as the chain sees it.
#[derive(Queryable, Selectable)]
#[diesel(table_name = audit_entry, check_for_backend(Pg))]
pub struct Entry {
    /// The transaction that wrote it.
    pub transaction_id: TransactionId,
    /// Its position among all entries.
    pub position: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// Who, unless it was the clock or an operator.
    pub user_id: Option<Uuid>,
    /// What.
    pub action: String,
    /// To which id.
    pub node_id: Option<Uuid>,
}

/// A link of the chain.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = audit_seal, check_for_backend(Pg))]
pub struct Seal {
    /// 1 for the first.
    pub number: i64,
    /// The last entry that it covers.
    pub last_transaction_id: TransactionId,
    /// The last entry that it covers.
    pub last_position: i64,
    /// How many entries it covers.
    pub entries: i64,
    /// Over the seal before and the entries.
    pub hash: Vec<u8>,
    /// Which key signed.
    pub key_id: String,
    /// Over the hash.
    pub signature: Vec<u8>,
}

impl Seal {
    /// The last entry that it covers, in the order of the chain.
    fn last_entry(&self) -> (TransactionId, i64) {
        (self.last_transaction_id, self.last_position)
    }
}

/// Where an entry stands in the chain, as one value that can be compared.
type Place = Record<(Xid8, BigInt)>;

/// What no entry of the chain stands before.
const BEFORE_ALL: (TransactionId, i64) = (TransactionId(0), 0);

/// The seals, oldest first, after that number.
pub async fn seals(tx: &TenantTx, after: i64, limit: i64) -> Result<Vec<Seal>, StoreError> {
    Ok(audit_seal::table
        .filter(audit_seal::organisation_id.eq(tx.organisation()?.0))
        .filter(audit_seal::number.gt(after))
        .select(Seal::as_select())
        .order(audit_seal::number)
        .limit(limit)
        .load(&mut tx.connection()?)
        .await?)
}

/// The newest seal. The chain is locked, so that two workers don't both add to it.
pub async fn last_seal(tx: &TenantTx) -> Result<Option<Seal>, StoreError> {
    let organisation = tx.organisation()?.0;
    lock(tx, "audit_seal", organisation).await?;
    Ok(audit_seal::table
        .filter(audit_seal::organisation_id.eq(organisation))
        .select(Seal::as_select())
        .order(audit_seal::number.desc())
        .first(&mut tx.connection()?)
        .await
        .optional()?)
}

/// The entries after those that a seal covers, in the order of the chain; only those whose neighbours can no longer change.
pub async fn entries_after(tx: &TenantTx, last: Option<&Seal>, limit: i64) -> Result<Vec<Entry>, StoreError> {
    let place = (audit_entry::transaction_id, audit_entry::position);
    Ok(audit_entry::table
        .filter(audit_entry::organisation_id.eq(tx.organisation()?.0))
        .filter(AsExpression::<Place>::as_expression(place).gt(last.map_or(BEFORE_ALL, Seal::last_entry)))
        .filter(audit_entry::transaction_id.lt(pg_snapshot_xmin(pg_current_snapshot())))
        .select(Entry::as_select())
        .order(place)
        .limit(limit)
        .load(&mut tx.connection()?)
        .await?)
}

/// The entries that a seal covers which follows that one.
pub async fn entries_of(tx: &TenantTx, before: Option<&Seal>, seal: &Seal) -> Result<Vec<Entry>, StoreError> {
    let place = (audit_entry::transaction_id, audit_entry::position);
    Ok(audit_entry::table
        .filter(audit_entry::organisation_id.eq(tx.organisation()?.0))
        .filter(AsExpression::<Place>::as_expression(place).gt(before.map_or(BEFORE_ALL, Seal::last_entry)))
        .filter(AsExpression::<Place>::as_expression(place).le(seal.last_entry()))
        .select(Entry::as_select())
        .order(place)
        // One more than a seal can cover is enough to see that some were added.
        .limit(SEAL_SIZE + 1)
        .load(&mut tx.connection()?)
        .await?)
}

/// Adds a seal.
pub async fn insert_seal(tx: &TenantTx, seal: &Seal) -> Result<(), StoreError> {
    let organisation = audit_seal::organisation_id.eq(tx.organisation()?.0);
    tx.execute(diesel::insert_into(audit_seal::table).values((organisation, seal))).await?;
    Ok(())
}
